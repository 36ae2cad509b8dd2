//! What the rows of every kind can do.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Africa::Casablanca;
use diesel::PgConnection;
use serde::Serialize;
use serde_json::Value;

use crate::documents::{Field, Fields, Leaf};
use crate::store::{OrganisationId, StoreError, UserId};

/// Whose rows a query may see and touch. Every query on documents takes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The caller's organisation.
    pub organisation: OrganisationId,
    /// The caller.
    pub user: UserId,
}

/// Whether a person should look at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every field that the card prints was read with confidence.
    Complete,
    /// At least one field is missing or doubtful.
    NeedsReview,
}

impl Status {
    /// The spelling in answers and in the column.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NeedsReview => "needs_review",
        }
    }
}

/// The records made in one month of Africa/Casablanca.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthCount {
    /// The first day of the month.
    pub month: NaiveDate,
    /// How many records.
    pub records: i64,
    /// How many of them have a confidence: all but those of the application before.
    pub judged: i64,
    /// The sum of those confidences.
    pub confidence: f64,
}

/// The outcome of recording a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The row's id.
    pub id: i32,
    /// Whether the number was known and its earlier state was kept aside.
    pub updated: bool,
}

/// A row of a kind's table, as the legacy list shows it.
pub trait DocumentRecord: Serialize + Send + Sized + 'static {
    /// What the row is made from.
    type Fields: Fields;

    /// Inserts the card, or updates the record of the same number in the
    /// caller's organisation and keeps its earlier state in `document_versions`.
    /// `reading` is the whole answer with its evidence. Both happen or neither: to be
    /// called within a transaction, as [`crate::store::Store::write`] does.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses or cannot be reached.
    fn record(
        connection: &mut PgConnection,
        scope: Scope,
        fields: &Self::Fields,
        status: Status,
        reading: &serde_json::Value,
    ) -> Result<Stored, StoreError>;

    /// Lists all rows of the caller's organisation, by id.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn list(connection: &mut PgConnection, scope: Scope) -> Result<Vec<Self>, StoreError>;

    /// Counts the organisation's rows, and when a card was last recorded.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn activity(
        connection: &mut PgConnection,
        scope: Scope,
    ) -> Result<(i64, Option<DateTime<Utc>>), StoreError>;

    /// Counts the organisation's rows made on each day of Africa/Casablanca
    /// from `since` on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn count_by_day(
        connection: &mut PgConnection,
        scope: Scope,
        since: NaiveDate,
    ) -> Result<Vec<(NaiveDate, i64)>, StoreError>;

    /// Counts the organisation's rows made in each month of Africa/Casablanca
    /// from that of `since` on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn count_by_month(
        connection: &mut PgConnection,
        scope: Scope,
        since: NaiveDate,
    ) -> Result<Vec<MonthCount>, StoreError>;
}

/// The mean confidence of the values that were given, additional ones left
/// out: what share of them is expected to be right. None without a value.
pub(crate) fn mean_confidence(leaves: &[Leaf]) -> Option<f64> {
    let given = leaves.iter().filter(|leaf| !leaf.additional && leaf.reason.is_none());
    let confidences: Vec<f64> = given.map(|leaf| f64::from(leaf.confidence)).collect();
    let count = confidences.len();
    (count > 0).then(|| confidences.iter().sum::<f64>() / count as f64)
}

/// The moment at which a day begins in Africa/Casablanca. Where a change of
/// the clock skips midnight, it begins when the clock goes on.
pub(crate) fn beginning_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    Casablanca
        .from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |begins| begins.to_utc())
}

/// The text of a field, for a column.
pub(crate) fn text(field: &Field<String>) -> Option<&str> {
    field.value().map(String::as_str)
}

/// What surrounds the card's values in its row, for the version that is kept.
#[derive(Serialize)]
pub(crate) struct Earlier<R> {
    pub(crate) row: R,
    pub(crate) status: String,
    pub(crate) reading: Option<Value>,
    pub(crate) created_at: Option<DateTime<Utc>>,
    pub(crate) updated_at: Option<DateTime<Utc>>,
}

/// Implements [`DocumentRecord`] for a kind's row. The three tables differ in
/// their values alone; diesel's types of tables do not let a function say so.
///
/// `$values` makes the values of a row, insertable and a changeset, from fields.
macro_rules! document_record {
    ($record:ident, $fields:ty, $slug:literal, $table:ident.$number:ident, $values:path) => {
        impl $record {
            fn keep_earlier(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                earlier: Earlier<Self>,
            ) -> Result<i32, $crate::store::StoreError> {
                use $crate::store::schema::document_versions as versions;
                let id = earlier.row.id;
                let state = serde_json::to_value(earlier)
                    .map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
                diesel::insert_into(versions::table)
                    .values((
                        versions::kind.eq($slug),
                        versions::record_id.eq(id),
                        versions::organisation_id.eq(scope.organisation),
                        versions::state.eq(state),
                        versions::replaced_by.eq(scope.user),
                    ))
                    .execute(connection)?;
                Ok(id)
            }

            fn lock_earlier(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
                number: &str,
            ) -> Result<Option<Earlier<Self>>, $crate::store::StoreError> {
                let found = $table::table
                    .filter($table::organisation_id.eq(scope.organisation))
                    .filter($table::$number.eq(number))
                    .select((
                        Self::as_select(),
                        $table::status,
                        $table::reading,
                        $table::created_at,
                        $table::updated_at,
                    ))
                    .for_update()
                    .first::<(Self, _, _, _, _)>(connection)
                    .optional()?;
                Ok(found.map(|(row, status, reading, created_at, updated_at)| Earlier {
                    row,
                    status,
                    reading,
                    created_at,
                    updated_at,
                }))
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
                        diesel::update($table::table.find(id))
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

            fn list(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
            ) -> Result<Vec<Self>, $crate::store::StoreError> {
                Ok($table::table
                    .filter($table::organisation_id.eq(scope.organisation))
                    .order($table::id)
                    .select(Self::as_select())
                    .load(connection)?)
            }

            fn activity(
                connection: &mut diesel::PgConnection,
                scope: $crate::documents::Scope,
            ) -> Result<(i64, Option<chrono::DateTime<chrono::Utc>>), $crate::store::StoreError>
            {
                Ok($table::table
                    .filter($table::organisation_id.eq(scope.organisation))
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
                Ok($table::table
                    .filter($table::organisation_id.eq(scope.organisation))
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
                let counts = $table::table
                    .filter($table::organisation_id.eq(scope.organisation))
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
