//! What the rows of every kind can do.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;
use diesel::prelude::Queryable;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub mod attachments;
pub mod browse;
mod column;
pub(crate) mod flat;
mod implement;
pub mod review;
pub mod search;

use attachments::Cause;
pub use column::{Column, Form};
use review::Corrections;

use crate::documents::answer::is_settled;
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
    /// How it stands.
    #[serde(flatten)]
    pub standing: Standing,
    /// The whole answer of the machine with the evidence of every value; none for rows of
    /// the application before.
    pub reading: Option<Value>,
    /// What people corrected, by column.
    pub corrections: Option<Corrections>,
}

/// How a record stands: what is known of it beside what the card says.
#[derive(Debug, Clone, PartialEq, Serialize, Queryable)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Standing {
    /// Whether a person should look at it, or what one decided.
    #[diesel(deserialize_as = String)]
    pub status: Status,
    /// The mean confidence of the values given, 0 to 1.
    pub confidence: Option<f64>,
    /// How urgently a person should look at it: the greater, the sooner.
    pub need: f64,
    /// Counts its states.
    pub revision: i32,
    /// When it was first recorded; unknown for rows of the application before.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed by a card or a person.
    pub updated_at: Option<DateTime<Utc>>,
    /// Who recorded it first.
    pub created_by: Option<UserId>,
}

/// What was erased with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Earlier states.
    pub versions: usize,
    /// Kept pictures.
    pub images: usize,
}

/// Whether a person should look at a record, or what one decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every field that the card prints was read with confidence, or corrected.
    Complete,
    /// At least one field is missing or doubtful.
    NeedsReview,
    /// A person found it right.
    Approved,
    /// A person found that it is not to be relied on.
    Rejected,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Complete, Self::NeedsReview, Self::Approved, Self::Rejected];

    /// The spelling in answers and in the column.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NeedsReview => "needs_review",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

impl From<String> for Status {
    /// What no version knows is looked at by a person.
    fn from(name: String) -> Self {
        let known = Self::ALL.into_iter().find(|status| status.as_str() == name);
        known.unwrap_or(Self::NeedsReview)
    }
}

/// The outcome of recording a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The row's id.
    pub id: i32,
    /// Whether the number was known and its earlier state was kept aside.
    pub updated: bool,
    /// Whether it had been read from the same pictures, and nothing was changed.
    pub repeated: bool,
}

/// SHA-256 over the pictures of a card.
pub type PicturesDigest = [u8; 32];

/// A row of a kind's table, as the legacy list shows it.
pub trait DocumentRecord: Serialize + DeserializeOwned + Send + Sized + 'static {
    /// What the row is made from.
    type Fields: Fields;

    /// The slug of the kind.
    const SLUG: &'static str;

    /// The columns that a person may correct: all but the id.
    const COLUMNS: &'static [Column];

    /// Inserts the card, or updates the record of the same number in the
    /// caller's organisation and keeps its earlier state in `document_versions`.
    /// `reading` is the whole answer with its evidence, `digest` of the pictures that it
    /// rests on: a record that was last read from the same stays as it is. What people
    /// corrected stays corrected; a number that they corrected is still known by what the
    /// machine reads. All happens or nothing: to be called within a transaction, as
    /// [`crate::store::Store::write`] does.
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
        digest: &PicturesDigest,
    ) -> Result<Stored, StoreError>;

    /// Finds the record that was last read from these pictures.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn find_by_pictures(
        connection: &mut PgConnection,
        scope: Scope,
        digest: &PicturesDigest,
    ) -> Result<Option<Found<Self>>, StoreError>;

    /// Finds a row and lets nobody else change it until the transaction ends.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn lock(
        connection: &mut PgConnection,
        scope: Scope,
        id: i32,
    ) -> Result<Option<Found<Self>>, StoreError>;

    /// Replaces the row of that id with its status, need and corrections.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when another record has the number.
    fn replace(
        connection: &mut PgConnection,
        scope: Scope,
        found: &Found<Self>,
    ) -> Result<(), StoreError>;

    /// Finds the rows of these ids, in no order, without their readings.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn find_several(
        connection: &mut PgConnection,
        scope: Scope,
        ids: &[i32],
    ) -> Result<Vec<(Self, Standing)>, StoreError>;

    /// The last day on which the card is valid; none when it says none.
    fn expires_on(&self) -> Option<NaiveDate>;

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

    /// Tells when a card of the organisation was last recorded.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    fn last_activity(
        connection: &mut PgConnection,
        scope: Scope,
    ) -> Result<Option<DateTime<Utc>>, StoreError>;
}

/// What a reading is worth: its mean confidence, and how much a person should look at it.
pub(crate) fn judged(leaves: &[Leaf]) -> (Option<f64>, f64) {
    let confidence = mean_confidence(leaves);
    let doubts = leaves.iter().filter(|leaf| !leaf.additional && !is_settled(leaf)).count();
    (confidence, review::need(doubts, 0, confidence))
}

/// Records a card again: keeps the earlier state, writes the new one, and lets what people
/// did to the record stand.
pub(crate) fn again<R: DocumentRecord>(
    connection: &mut PgConnection,
    scope: Scope,
    id: i32,
    earlier: Found<R>,
    write: impl FnOnce(&mut PgConnection) -> Result<usize, diesel::result::Error>,
) -> Result<(), StoreError> {
    let state = serde_json::to_value(&earlier).map_err(review::unserialisable)?;
    attachments::keep_version(connection, scope, R::SLUG, id, &state, Cause::Processed)?;
    write(connection)?;
    let untouched = matches!(earlier.standing.status, Status::Complete | Status::NeedsReview);
    if earlier.corrections.is_none() && untouched {
        return Ok(());
    }
    let row = review::object(&earlier.row)?;
    review::settle::<R>(connection, scope, id, (row, earlier.standing, earlier.corrections))
}

/// The mean confidence of the values that were given, additional ones left
/// out: what share of them is expected to be right. None without a value.
pub(crate) fn mean_confidence(leaves: &[Leaf]) -> Option<f64> {
    let given = leaves.iter().filter(|leaf| !leaf.additional && leaf.reason.is_none());
    let confidences: Vec<f64> = given.map(|leaf| f64::from(leaf.confidence)).collect();
    let count = confidences.len();
    (count > 0).then(|| confidences.iter().sum::<f64>() / count as f64)
}

/// The text of a field, for a column.
pub(crate) fn text(field: &Field<String>) -> Option<&str> {
    field.value().map(String::as_str)
}

pub use flat::ListPage;
pub(crate) use flat::flat_row;
pub(crate) use implement::document_record;
