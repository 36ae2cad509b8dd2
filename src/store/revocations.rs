//! Tokens that were logged out before they expired.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::store::StoreError;
use crate::store::schema::revoked_tokens;

/// Remembers that a token is revoked, until it would have expired anyway.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn insert(
    connection: &mut PgConnection,
    token_key: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(revoked_tokens::table)
        .values((
            revoked_tokens::token_key.eq(token_key),
            revoked_tokens::expires_at.eq(expires_at),
        ))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

/// Lists the unexpired revocations; with `since`, those made from then on.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list(
    connection: &mut PgConnection,
    since: Option<DateTime<Utc>>,
) -> Result<Vec<(Vec<u8>, DateTime<Utc>)>, StoreError> {
    let mut query = revoked_tokens::table
        .filter(revoked_tokens::expires_at.gt(diesel::dsl::now))
        .select((revoked_tokens::token_key, revoked_tokens::expires_at))
        .into_boxed();
    if let Some(since) = since {
        query = query.filter(revoked_tokens::revoked_at.ge(since));
    }
    Ok(query.load(connection)?)
}

/// Forgets revocations of tokens that have expired, and returns how many.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn delete_expired(connection: &mut PgConnection) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        revoked_tokens::table.filter(revoked_tokens::expires_at.lt(diesel::dsl::now)),
    )
    .execute(connection)?)
}
