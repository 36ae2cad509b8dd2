//! What belongs to a record beside its row: earlier states and kept pictures.

use chrono::{DateTime, Utc};
use diesel::dsl::{delete, insert_into};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::documents::{Erased, Scope, Side};
use crate::store::schema::{document_images, document_versions};
use crate::store::{OrganisationId, StoreError, UserId, idempotency};
use crate::vault::Sealed;

/// Why a state of a record was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::documents) enum Cause {
    /// A card of the same number was processed.
    Processed,
    /// A person corrected it.
    Corrected,
    /// A person approved it.
    Approved,
    /// A person rejected it.
    Rejected,
}

impl Cause {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Corrected => "corrected",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// An earlier state of a record.
#[derive(Serialize, Queryable, Selectable)]
#[diesel(table_name = document_versions, check_for_backend(diesel::pg::Pg))]
pub struct Version {
    /// The row as it was, with its reading.
    pub state: Value,
    /// Up to when it was so.
    pub replaced_at: DateTime<Utc>,
    /// Who replaced it.
    pub replaced_by: Option<UserId>,
    /// What replaced it: `processed`, `corrected`, `approved` or `rejected`.
    pub cause: String,
}

/// A kept picture as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = document_images, check_for_backend(diesel::pg::Pg))]
pub struct StoredImage {
    /// The side of the card: `recto` or `verso`.
    pub side: String,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
    key_id: String,
    wrapped_key: Vec<u8>,
    sealed: Vec<u8>,
}

impl StoredImage {
    /// The picture, encrypted.
    pub fn into_sealed(self) -> Sealed {
        Sealed { key_id: self.key_id, wrapped_key: self.wrapped_key, sealed: self.sealed }
    }
}

/// What belongs to a record of the caller's organisation: every query begins here.
macro_rules! of_record {
    ($table:ident, $scope:ident, $kind:ident, $record:ident) => {
        $table::table
            .filter($table::organisation_id.eq($scope.organisation))
            .filter($table::kind.eq($kind))
            .filter($table::record_id.eq($record))
    };
}

/// Where a picture lies: it decrypts nowhere else.
pub fn place(organisation: OrganisationId, kind: &str, record: i32, side: &str) -> String {
    format!("document_images/{organisation}/{kind}/{record}/{side}")
}

pub(in crate::documents) fn keep_version(
    connection: &mut PgConnection,
    scope: Scope,
    kind: &str,
    record: i32,
    state: &Value,
    cause: Cause,
) -> Result<(), StoreError> {
    insert_into(document_versions::table)
        .values((
            document_versions::kind.eq(kind),
            document_versions::record_id.eq(record),
            document_versions::organisation_id.eq(scope.organisation),
            document_versions::state.eq(state),
            document_versions::replaced_by.eq(scope.user),
            document_versions::cause.eq(cause.as_str()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Lists the earlier states of a record, the earliest first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list_versions(
    connection: &mut PgConnection,
    scope: Scope,
    kind: &str,
    record: i32,
) -> Result<Vec<Version>, StoreError> {
    Ok(of_record!(document_versions, scope, kind, record)
        .order(document_versions::id)
        .select(Version::as_select())
        .load(connection)?)
}

/// Stores an encrypted picture of a record.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn keep_image(
    connection: &mut PgConnection,
    scope: Scope,
    kind: &str,
    record: i32,
    side: Side,
    image: &Sealed,
) -> Result<(), StoreError> {
    insert_into(document_images::table)
        .values((
            document_images::organisation_id.eq(scope.organisation),
            document_images::kind.eq(kind),
            document_images::record_id.eq(record),
            document_images::side.eq(side.name()),
            document_images::key_id.eq(&image.key_id),
            document_images::wrapped_key.eq(&image.wrapped_key),
            document_images::sealed.eq(&image.sealed),
        ))
        .execute(connection)?;
    Ok(())
}

/// Finds the latest picture of a side of a record.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find_image(
    connection: &mut PgConnection,
    scope: Scope,
    kind: &str,
    record: i32,
    side: Side,
) -> Result<Option<StoredImage>, StoreError> {
    Ok(of_record!(document_images, scope, kind, record)
        .filter(document_images::side.eq(side.name()))
        .order(document_images::id.desc())
        .select(StoredImage::as_select())
        .first(connection)
        .optional()?)
}

/// Erases the pictures of all organisations that were stored before `moment`, and returns
/// how many.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn erase_images_before(
    connection: &mut PgConnection,
    moment: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let old = document_images::table.filter(document_images::created_at.lt(moment));
    Ok(delete(old).execute(connection)?)
}

/// A picture's key, encrypted with a master key that is not the current one.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = document_images, check_for_backend(diesel::pg::Pg))]
pub struct WrappedKey {
    /// The row.
    pub id: i64,
    /// Which master key.
    pub key_id: String,
    /// The key, encrypted.
    pub wrapped_key: Vec<u8>,
    organisation_id: OrganisationId,
    kind: String,
    record_id: i32,
    side: String,
}

impl WrappedKey {
    /// Where its picture lies.
    pub fn place(&self) -> String {
        place(self.organisation_id, &self.kind, self.record_id, &self.side)
    }
}

/// Lists at most `limit` keys that are not encrypted with the master key `current`, of all
/// organisations, and locks them.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list_wrapped_otherwise(
    connection: &mut PgConnection,
    current: &str,
    limit: i64,
) -> Result<Vec<WrappedKey>, StoreError> {
    Ok(document_images::table
        .filter(document_images::key_id.ne(current))
        .order(document_images::id)
        .limit(limit)
        .select(WrappedKey::as_select())
        .for_update()
        .load(connection)?)
}

/// Stores a picture's key as encrypted anew.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn rewrap(
    connection: &mut PgConnection,
    id: i64,
    current: &str,
    wrapped_key: &[u8],
) -> Result<(), StoreError> {
    diesel::update(document_images::table.find(id))
        .set((document_images::key_id.eq(current), document_images::wrapped_key.eq(wrapped_key)))
        .execute(connection)?;
    Ok(())
}

/// Erases what belongs to a record.
pub(in crate::documents) fn erase(
    connection: &mut PgConnection,
    scope: Scope,
    kind: &str,
    record: i32,
) -> Result<Erased, StoreError> {
    let versions = of_record!(document_versions, scope, kind, record);
    let images = of_record!(document_images, scope, kind, record);
    idempotency::erase(connection, scope.organisation, kind, record)?;
    Ok(Erased {
        versions: delete(versions).execute(connection)?,
        images: delete(images).execute(connection)?,
    })
}
