//! What the rows of every kind can do.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Africa::Casablanca;
use diesel::PgConnection;
use serde::Serialize;
use serde_json::Value;

pub mod attachments;
pub(crate) mod flat;
mod implement;

use crate::documents::{Field, Fields, Leaf};
use crate::store::{OrganisationId, StoreError, UserId};

/// Whose rows a query may see and touch. Every query on documents takes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The caller's organisation.
    pub(crate) organisation: OrganisationId,
    /// The caller, where that is a person.
    pub(crate) user: Option<UserId>,
}

impl Scope {
    /// The rows of an organisation, on behalf of a person or of a server.
    pub const fn of(organisation: OrganisationId, user: Option<UserId>) -> Self {
        Self { organisation, user }
    }

    /// Whose rows.
    pub const fn organisation(self) -> OrganisationId {
        self.organisation
    }
}

/// A record with what is known of it.
#[derive(Serialize)]
pub struct Found<R> {
    /// The row, flat.
    pub row: R,
    /// Whether a person should look at it: `complete` or `needs_review`.
    pub status: String,
    /// The whole answer of the machine with the evidence of every value; none for rows of
    /// the application before.
    pub reading: Option<Value>,
    /// When it was first recorded; unknown for rows of the application before.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last recorded.
    pub updated_at: Option<DateTime<Utc>>,
}

/// What was erased with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Earlier states.
    pub versions: usize,
    /// Kept pictures.
    pub images: usize,
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

    /// Writes at most `limit` rows of the caller's organisation as JSON, by id: those after
    /// the id `after`, or the first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn write_page(
        connection: &mut PgConnection,
        scope: Scope,
        after: Option<i32>,
        limit: u16,
    ) -> Result<ListPage, StoreError>;

    /// Finds a row of the caller's organisation.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn find(
        connection: &mut PgConnection,
        scope: Scope,
        id: i32,
    ) -> Result<Option<Found<Self>>, StoreError>;

    /// Finds the rows of the caller's organisation on whose card the national number of a
    /// person was read, whatever the kind's own number is.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn find_of_person(
        connection: &mut PgConnection,
        scope: Scope,
        cin: &str,
    ) -> Result<Vec<Found<Self>>, StoreError>;

    /// The id of a row.
    fn id(&self) -> i32;

    /// Erases a row of the caller's organisation with its earlier states and pictures;
    /// none when there is no such row. To be called within a transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses or cannot be reached.
    fn erase(
        connection: &mut PgConnection,
        scope: Scope,
        id: i32,
    ) -> Result<Option<Erased>, StoreError>;

    /// Lists the ids of at most `limit` rows of the organisation that were last recorded
    /// before `moment`, or have no date and `undated` is true.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn list_outdated(
        connection: &mut PgConnection,
        scope: Scope,
        moment: DateTime<Utc>,
        undated: bool,
        limit: i64,
    ) -> Result<Vec<i32>, StoreError>;

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

pub use flat::ListPage;
pub(crate) use flat::flat_row;
pub(crate) use implement::document_record;
