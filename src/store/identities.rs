//! Accounts at providers of identity, and the users that they sign in as.

use diesel::prelude::*;

use crate::store::schema::{external_identities, users};
use crate::store::users::Membership;
use crate::store::{StoreError, UserId};

/// Finds the user that an account elsewhere signs in as.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find(
    connection: &mut PgConnection,
    issuer: &str,
    subject: &str,
) -> Result<Option<Membership>, StoreError> {
    Ok(external_identities::table
        .inner_join(users::table)
        .filter(external_identities::issuer.eq(issuer))
        .filter(external_identities::subject.eq(subject))
        .select(Membership::as_select())
        .first(connection)
        .optional()?)
}

/// Lets an account elsewhere sign in as a user.
///
/// # Errors
///
/// [`StoreError::Conflict`] when it signs in as a user already.
pub fn link(
    connection: &mut PgConnection,
    issuer: &str,
    subject: &str,
    user: UserId,
) -> Result<(), StoreError> {
    diesel::insert_into(external_identities::table)
        .values((
            external_identities::issuer.eq(issuer),
            external_identities::subject.eq(subject),
            external_identities::user_id.eq(user),
        ))
        .execute(connection)?;
    Ok(())
}
