//! The queries of a kind's rows, written once.

/// Implements [`crate::documents::DocumentRecord`] for a kind's row. The three tables differ in
/// their values alone; diesel's types of tables do not let a function say so.
///
/// `$values` makes the values of a row, insertable and a changeset, from fields.
macro_rules! document_record {
    (
        $record:ident, $fields:ty, $slug:literal, $table:ident.$number:ident until $expiry:ident,
        $values:path, $columns:expr
    ) => {
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

            /// The record of a card: of its number, else of a number that people corrected
            /// and the machine reads so.
            fn lock_earlier(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                number: &str,
            ) -> Result<Option<$crate::documents::Found<Self>>, $crate::store::StoreError> {
                let misread = sql::<diesel::sql_types::Bool>(concat!(
                    "corrections -> '",
                    stringify!($number),
                    "' ->> 'machine' = "
                ))
                .bind::<diesel::sql_types::Text, _>(number);
                let row = Self::rows(scope)
                    .filter($table::$number.eq(number).or(misread).assume_not_null())
                    .order($table::$number.eq(number).desc())
                    .select(Self::whole())
                    .for_update();
                row.first(connection).optional()?.map(Self::found).transpose()
            }

            /// The columns of a [`$crate::documents::Standing`].
            const fn standing() -> (
                $table::status,
                $table::confidence,
                $table::need,
                $table::revision,
                $table::created_at,
                $table::updated_at,
                $table::created_by,
            ) {
                (
                    $table::status,
                    $table::confidence,
                    $table::need,
                    $table::revision,
                    $table::created_at,
                    $table::updated_at,
                    $table::created_by,
                )
            }

            /// The columns of a [`$crate::documents::Found`].
            fn whole() -> (
                diesel::dsl::AsSelect<Self, diesel::pg::Pg>,
                (
                    $table::status,
                    $table::confidence,
                    $table::need,
                    $table::revision,
                    $table::created_at,
                    $table::updated_at,
                    $table::created_by,
                ),
                $table::reading,
                $table::corrections,
            ) {
                (Self::as_select(), Self::standing(), $table::reading, $table::corrections)
            }

            fn found(
                (row, standing, reading, corrections): (
                    Self,
                    $crate::documents::Standing,
                    Option<serde_json::Value>,
                    Option<serde_json::Value>,
                ),
            ) -> Result<$crate::documents::Found<Self>, $crate::store::StoreError> {
                let corrections = corrections
                    .map(serde_json::from_value)
                    .transpose()
                    .map_err($crate::documents::record::review::unserialisable)?;
                Ok($crate::documents::Found { row, standing, reading, corrections })
            }
        }

        impl $crate::documents::DocumentRecord for $record {
            type Fields = $fields;

            const SLUG: &'static str = $slug;
            const COLUMNS: &'static [$crate::documents::Column] = $columns;

            fn record(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                fields: &$fields,
                status: $crate::documents::Status,
                reading: &serde_json::Value,
                digest: &$crate::documents::PicturesDigest,
            ) -> Result<$crate::documents::Stored, $crate::store::StoreError> {
                use $crate::documents::record::{again, judged};
                use $crate::documents::{Fields as _, Stored};
                $crate::store::record_turns::take(connection, scope.organisation)?;
                let number = fields.number().ok_or(diesel::result::Error::NotFound)?;
                let leaves = fields.leaves();
                let (confidence, need) = judged(&leaves);
                let read = (
                    $table::status.eq(status.as_str()),
                    $table::confidence.eq(confidence),
                    $table::need.eq(need),
                    $table::reading.eq(reading),
                    $table::pictures_digest.eq(digest.as_slice()),
                );
                // A row that appears or goes between the two statements is
                // seen the other way round in the next turn.
                for _ in 0..3 {
                    if let Some(earlier) = Self::lock_earlier(connection, scope, number)? {
                        let id = earlier.row.id;
                        let row = Self::rows(scope).filter($table::id.eq(id));
                        let same = row.filter($table::pictures_digest.eq(digest.as_slice()));
                        if same.count().get_result::<i64>(connection)? > 0 {
                            return Ok(Stored { id, updated: false, repeated: true });
                        }
                        again(connection, scope, id, earlier, |connection| {
                            diesel::update(row)
                                .set(($values(fields), read, $table::updated_at.eq(now)))
                                .execute(connection)
                        })?;
                        return Ok(Stored { id, updated: true, repeated: false });
                    }
                    let inserted = diesel::insert_into($table::table)
                        .values((
                            $values(fields),
                            read,
                            $table::organisation_id.eq(scope.organisation),
                            $table::created_by.eq(scope.user),
                        ))
                        .on_conflict(($table::organisation_id, $table::$number))
                        .do_nothing()
                        .returning($table::id)
                        .get_result(connection)
                        .optional()?;
                    if let Some(id) = inserted {
                        return Ok(Stored { id, updated: false, repeated: false });
                    }
                }
                Err($crate::store::StoreError::Unavailable)
            }

            fn find_by_pictures(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                digest: &$crate::documents::PicturesDigest,
            ) -> Result<Option<$crate::documents::Found<Self>>, $crate::store::StoreError> {
                let row = Self::rows(scope)
                    .filter($table::pictures_digest.eq(digest.as_slice()))
                    .order($table::id.desc())
                    .select(Self::whole());
                row.first(connection).optional()?.map(Self::found).transpose()
            }

            fn lock(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                id: i32,
            ) -> Result<Option<$crate::documents::Found<Self>>, $crate::store::StoreError> {
                let row =
                    Self::rows(scope).filter($table::id.eq(id)).select(Self::whole()).for_update();
                row.first(connection).optional()?.map(Self::found).transpose()
            }

            fn replace(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                found: &$crate::documents::Found<Self>,
            ) -> Result<(), $crate::store::StoreError> {
                let corrections = found
                    .corrections
                    .as_ref()
                    .map(serde_json::to_value)
                    .transpose()
                    .map_err($crate::documents::record::review::unserialisable)?;
                diesel::update(Self::rows(scope).filter($table::id.eq(found.row.id)))
                    .set((
                        &found.row,
                        $table::status.eq(found.standing.status.as_str()),
                        $table::need.eq(found.standing.need),
                        $table::corrections.eq(corrections),
                        $table::updated_at.eq(now),
                    ))
                    .execute(connection)?;
                Ok(())
            }

            fn find_several(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                ids: &[i32],
            ) -> Result<Vec<(Self, $crate::documents::Standing)>, $crate::store::StoreError> {
                Ok(Self::rows(scope)
                    .filter($table::id.eq_any(ids))
                    .select((Self::as_select(), Self::standing()))
                    .load(connection)?)
            }

            fn expires_on(&self) -> Option<chrono::NaiveDate> {
                self.$expiry.and_then($crate::store::StoredDay::day)
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
                let (columns, limit) = (Self::FLAT, limit.into());
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
                row.first(connection).optional()?.map(Self::found).transpose()
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
                rows.load(connection)?.into_iter().map(Self::found).collect()
            }

            fn erase(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                id: i32,
            ) -> Result<Option<$crate::documents::Erased>, $crate::store::StoreError> {
                $crate::store::record_turns::take(connection, scope.organisation)?;
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

            fn last_activity(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
            ) -> Result<Option<chrono::DateTime<chrono::Utc>>, $crate::store::StoreError> {
                Ok(Self::rows(scope).select(max($table::updated_at)).first(connection)?)
            }
        }
    };
}
pub(crate) use document_record;
