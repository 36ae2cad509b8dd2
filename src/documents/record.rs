//! What the rows of every kind can do.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;
use serde::Serialize;

use crate::documents::Fields;
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
    /// `reading` is the whole answer with its evidence.
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

    /// Counts the organisation's rows, and when the latest was made.
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
}
