//! Invitations into an organisation, each good for one account.

use chrono::{DateTime, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use serde::Serialize;

use crate::store::schema::invitations;
use crate::store::users::{self, lower};
use crate::store::{InvitationId, OrganisationId, Role, StoreError, UserId};

/// An invitation that is open, as admins see it.
#[derive(Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = invitations, check_for_backend(diesel::pg::Pg))]
pub struct Invitation {
    /// Its key.
    pub id: InvitationId,
    /// The address that has to register.
    pub email: String,
    /// The role that the person gets.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// An invitation that is not stored yet.
#[derive(Clone, Insertable)]
#[diesel(table_name = invitations)]
pub struct NewInvitation {
    /// Which organisation the person joins.
    pub organisation_id: OrganisationId,
    /// The address that has to register.
    pub email: String,
    /// The role that the person gets.
    pub role: Role,
    /// SHA-256 of what the link carries.
    pub token_hash: Vec<u8>,
    /// Who invites; none for the operator.
    pub created_by: Option<UserId>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// Stores an invitation, and takes back earlier ones of the same address into the same
/// organisation; to be called within a transaction.
///
/// # Errors
///
/// [`StoreError::Conflict`] when the address has an account.
pub fn insert(
    connection: &mut PgConnection,
    invitation: &NewInvitation,
) -> Result<Invitation, StoreError> {
    if users::find_by_email(connection, &invitation.email)?.is_some() {
        return Err(StoreError::Conflict { constraint: Some("users_email_folded_key".into()) });
    }
    let earlier = invitations::table
        .filter(invitations::organisation_id.eq(invitation.organisation_id))
        .filter(lower(invitations::email).eq(lower(&invitation.email)));
    diesel::delete(earlier).execute(connection)?;
    let expired = invitations::expires_at.lt(now.into_sql::<Timestamptz>());
    diesel::delete(invitations::table.filter(expired)).execute(connection)?;
    Ok(diesel::insert_into(invitations::table)
        .values(invitation)
        .returning(Invitation::as_returning())
        .get_result(connection)?)
}

/// Lists the open invitations of an organisation, by id.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<Invitation>, StoreError> {
    Ok(invitations::table
        .filter(invitations::organisation_id.eq(organisation))
        .filter(invitations::expires_at.gt(now.into_sql::<Timestamptz>()))
        .order(invitations::id)
        .select(Invitation::as_select())
        .load(connection)?)
}

/// Withdraws an invitation; tells whether the organisation had it.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn withdraw(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    invitation: InvitationId,
) -> Result<bool, StoreError> {
    let found = invitations::table
        .filter(invitations::organisation_id.eq(organisation))
        .filter(invitations::id.eq(invitation));
    Ok(diesel::delete(found).execute(connection)? > 0)
}

/// Uses an invitation up: none when it does not exist, has expired or is for another
/// address. To be called in the transaction that makes the account.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn take(
    connection: &mut PgConnection,
    token_hash: &[u8],
    email: &str,
) -> Result<Option<(OrganisationId, Role)>, StoreError> {
    let found = invitations::table
        .filter(invitations::token_hash.eq(token_hash))
        .filter(invitations::expires_at.gt(now.into_sql::<Timestamptz>()))
        .filter(lower(invitations::email).eq(lower(email)));
    Ok(diesel::delete(found)
        .returning((invitations::organisation_id, invitations::role))
        .get_result(connection)
        .optional()?)
}
