//! The queries of a kind's rows, written once.

/// Implements [`crate::documents::DocumentRecord`] for a kind's row. The three tables differ in
/// their values alone; diesel's types of tables do not let a function say so.
///
/// `$values` makes the values of a row, insertable and a changeset, from fields.
macro_rules! document_record {
    ($record:ident, $fields:ty, $slug:literal, $table:ident.$number:ident, $values:path) => {
        impl $record {
            /// The rows that a caller may see and touch. Every query begins here: a row of
            /// another organisation does not exist.
            fn rows(
                scope: $crate::documents::Scope,
            ) -> diesel::dsl::Filter<
                $table::table,
                diesel::dsl::Eq<$table::organisation_id, $crate::store::OrganisationId>,
            > {
                $table::table.filter($table::organisation_id.eq(scope.organisation))
            }

            fn keep_earlier(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                earlier: $crate::documents::Found<Self>,
            ) -> Result<i32, $crate::store::StoreError> {
                let id = earlier.row.id;
                let state = serde_json::to_value(earlier)
                    .map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
                $crate::documents::record::attachments::keep_version(
                    connection, scope, $slug, id, &state,
                )?;
                Ok(id)
            }

            fn lock_earlier(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                number: &str,
            ) -> Result<Option<$crate::documents::Found<Self>>, $crate::store::StoreError> {
                let row = Self::rows(scope)
                    .filter($table::$number.eq(number))
                    .select(Self::whole())
                    .for_update();
                Ok(row.first(connection).optional()?.map(Self::found))
            }

            /// The columns of a [`$crate::documents::Found`].
            fn whole() -> (
                diesel::dsl::AsSelect<Self, diesel::pg::Pg>,
                $table::status,
                $table::reading,
                $table::created_at,
                $table::updated_at,
            ) {
                (
                    Self::as_select(),
                    $table::status,
                    $table::reading,
                    $table::created_at,
                    $table::updated_at,
                )
            }

            fn found(
                (row, status, reading, created_at, updated_at): (
                    Self,
                    String,
                    Option<serde_json::Value>,
                    Option<chrono::DateTime<chrono::Utc>>,
                    Option<chrono::DateTime<chrono::Utc>>,
                ),
            ) -> $crate::documents::Found<Self> {
                $crate::documents::Found { row, status, reading, created_at, updated_at }
            }
        }

        impl $crate::documents::DocumentRecord for $record {
            type Fields = $fields;

            fn record(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                fields: &$fields,
                status: $crate::documents::Status,
                reading: &serde_json::Value,
            ) -> Result<$crate::documents::Stored, $crate::store::StoreError> {
                use $crate::documents::{Fields as _, Stored};
                let number = fields.number().ok_or(diesel::result::Error::NotFound)?;
                let judged = (
                    $table::status.eq(status.as_str()),
                    $table::confidence.eq(mean_confidence(&fields.leaves())),
                    $table::reading.eq(reading),
                );
                // A row that appears or goes between the two statements is
                // seen the other way round in the next turn.
                for _ in 0..3 {
                    if let Some(earlier) = Self::lock_earlier(connection, scope, number)? {
                        let id = Self::keep_earlier(connection, scope, earlier)?;
                        diesel::update(Self::rows(scope).filter($table::id.eq(id)))
                            .set(($values(fields), judged, $table::updated_at.eq(now)))
                            .execute(connection)?;
                        return Ok(Stored { id, updated: true });
                    }
                    let inserted = diesel::insert_into($table::table)
                        .values((
                            $values(fields),
                            judged,
                            $table::organisation_id.eq(scope.organisation),
                            $table::created_by.eq(scope.user),
                        ))
                        .on_conflict(($table::organisation_id, $table::$number))
                        .do_nothing()
                        .returning($table::id)
                        .get_result(connection)
                        .optional()?;
                    if let Some(id) = inserted {
                        return Ok(Stored { id, updated: false });
                    }
                }
                Err($crate::store::StoreError::Unavailable)
            }

            fn write_page(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                after: Option<i32>,
                limit: u16,
            ) -> Result<$crate::documents::ListPage, $crate::store::StoreError> {
                let rows = Self::rows(scope)
                    .filter($table::id.gt(after.unwrap_or(i32::MIN)))
                    .order($table::id)
                    .limit(limit.into())
                    .select(Self::as_select());
                let (columns, limit) = (Self::COLUMNS, limit.into());
                $crate::documents::record::flat::write_page(
                    connection,
                    rows,
                    columns,
                    after.is_none(),
                    limit,
                )
            }

            fn id(&self) -> i32 {
                self.id
            }

            fn find(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                id: i32,
            ) -> Result<Option<$crate::documents::Found<Self>>, $crate::store::StoreError> {
                let row = Self::rows(scope).filter($table::id.eq(id)).select(Self::whole());
                Ok(row.first(connection).optional()?.map(Self::found))
            }

            fn find_of_person(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                cin: &str,
            ) -> Result<Vec<$crate::documents::Found<Self>>, $crate::store::StoreError> {
                // Where another kind of card prints the holder's number; see `Leaf`.
                let printed = sql::<diesel::sql_types::Bool>(
                    "reading -> 'fields' -> 'identite.cin' ->> 'value' = ",
                )
                .bind::<diesel::sql_types::Text, _>(cin);
                let rows = Self::rows(scope)
                    .filter($table::$number.eq(cin).or(printed).assume_not_null())
                    .order($table::id)
                    .select(Self::whole());
                Ok(rows.load(connection)?.into_iter().map(Self::found).collect())
            }

            fn erase(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                id: i32,
            ) -> Result<Option<$crate::documents::Erased>, $crate::store::StoreError> {
                let row = Self::rows(scope).filter($table::id.eq(id));
                if diesel::delete(row).execute(connection)? == 0 {
                    return Ok(None);
                }
                $crate::documents::record::attachments::erase(connection, scope, $slug, id)
                    .map(Some)
            }

            fn list_outdated(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                moment: chrono::DateTime<chrono::Utc>,
                undated: bool,
                limit: i64,
            ) -> Result<Vec<i32>, $crate::store::StoreError> {
                let rows = Self::rows(scope).order($table::id).limit(limit).select($table::id);
                Ok(if undated {
                    rows.filter($table::updated_at.is_null()).load(connection)?
                } else {
                    rows.filter($table::updated_at.lt(moment)).load(connection)?
                })
            }

            fn activity(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
            ) -> Result<(i64, Option<chrono::DateTime<chrono::Utc>>), $crate::store::StoreError>
            {
                Ok(Self::rows(scope)
                    .select((count_star(), max($table::updated_at)))
                    .first(connection)?)
            }

            fn count_by_day(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                since: chrono::NaiveDate,
            ) -> Result<Vec<(chrono::NaiveDate, i64)>, $crate::store::StoreError> {
                // The query builder cannot group by an expression.
                let day = || sql::<Date>("date(created_at AT TIME ZONE 'Africa/Casablanca')");
                Ok(Self::rows(scope)
                    .filter($table::created_at.ge(beginning_of(since)))
                    .group_by(day())
                    .order(day())
                    .select((day(), count_star()))
                    .load(connection)?)
            }

            fn count_by_month(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                since: chrono::NaiveDate,
            ) -> Result<Vec<$crate::documents::MonthCount>, $crate::store::StoreError> {
                use chrono::Datelike as _;
                let since = since.with_day(1).unwrap_or(since);
                let month = || {
                    sql::<Date>(
                        "date(date_trunc('month', created_at AT TIME ZONE 'Africa/Casablanca'))",
                    )
                };
                let counts = Self::rows(scope)
                    .filter($table::created_at.ge(beginning_of(since)))
                    .group_by(month())
                    .order(month())
                    .select((
                        month(),
                        count_star(),
                        count($table::confidence),
                        sum($table::confidence),
                    ))
                    .load::<(chrono::NaiveDate, i64, i64, Option<f64>)>(connection)?;
                let month = |(month, records, judged, confidence): (_, _, _, Option<f64>)| {
                    let confidence = confidence.unwrap_or_default();
                    $crate::documents::MonthCount { month, records, judged, confidence }
                };
                Ok(counts.into_iter().map(month).collect())
            }
        }
    };
}
pub(crate) use document_record;
