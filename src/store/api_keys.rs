//! Keys with which servers call in the name of an organisation.

use chrono::{DateTime, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::store::schema::api_keys;
use crate::store::{KeyId, OrganisationId, StoreError, UserId};

/// A key as admins see it; what it opens with was shown once.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
pub struct ApiKey {
    /// The key of the row.
    pub id: KeyId,
    /// What its maker calls it.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// What it may do, with blanks between.
    pub scopes: String,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A key that is not stored yet.
#[derive(Clone, Insertable)]
#[diesel(table_name = api_keys)]
pub struct NewApiKey {
    /// Whose records it opens.
    pub organisation_id: OrganisationId,
    /// What its maker calls it.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// SHA-256 of the key.
    pub key_hash: Vec<u8>,
    /// What it may do, with blanks between.
    pub scopes: String,
    /// Who makes it.
    pub created_by: Option<UserId>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// What a key opens.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
pub struct KeyGrant {
    /// The key of the row.
    pub id: KeyId,
    /// Whose records it opens.
    #[diesel(column_name = organisation_id)]
    pub organisation: OrganisationId,
    /// What it may do, with blanks between.
    pub scopes: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// Stores a key.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn insert(connection: &mut PgConnection, key: &NewApiKey) -> Result<ApiKey, StoreError> {
    Ok(diesel::insert_into(api_keys::table)
        .values(key)
        .returning(ApiKey::as_returning())
        .get_result(connection)?)
}

/// Lists the keys of an organisation, by id, those revoked and expired among them.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<ApiKey>, StoreError> {
    Ok(api_keys::table
        .filter(api_keys::organisation_id.eq(organisation))
        .order(api_keys::id)
        .select(ApiKey::as_select())
        .load(connection)?)
}

/// Revokes a key; tells whether the organisation had it, and not revoked.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn revoke(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    key: KeyId,
) -> Result<bool, StoreError> {
    let found = api_keys::table
        .filter(api_keys::organisation_id.eq(organisation))
        .filter(api_keys::id.eq(key))
        .filter(api_keys::revoked_at.is_null());
    Ok(diesel::update(found).set(api_keys::revoked_at.eq(now)).execute(connection)? > 0)
}

/// Finds what a key opens: none when it is unknown, revoked or expired.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find_grant(
    connection: &mut PgConnection,
    key_hash: &[u8],
) -> Result<Option<KeyGrant>, StoreError> {
    Ok(api_keys::table
        .filter(api_keys::key_hash.eq(key_hash))
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.gt(now.into_sql::<Timestamptz>()))
        .select(KeyGrant::as_select())
        .first(connection)
        .optional()?)
}

/// Notes that a key is in use.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn note_use(connection: &mut PgConnection, key: KeyId) -> Result<(), StoreError> {
    diesel::update(api_keys::table.find(key))
        .set(api_keys::last_used_at.eq(now))
        .execute(connection)?;
    Ok(())
}
