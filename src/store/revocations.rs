//! Tokens that were logged out before they expired.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{IntervalDsl, now};
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::store::StoreError;
use crate::store::schema::revoked_tokens;

/// Remembers that a token is revoked, until it would have expired anyway; tells whether
/// it was not revoked before.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn insert(
    connection: &mut PgConnection,
    token_key: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let inserted = diesel::insert_into(revoked_tokens::table)
        .values((
            revoked_tokens::token_key.eq(token_key),
            revoked_tokens::expires_at.eq(expires_at),
        ))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(inserted > 0)
}

/// How long a revocation outlives its token: more than the leeway with which
/// expiry is judged, and than the clocks of two machines may differ.
pub const KEPT_FOR: TimeDelta = TimeDelta::minutes(5);

/// A revoked token's key, and when the token expires.
type Revocation = (Vec<u8>, DateTime<Utc>);

/// Lists all revocations.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list(connection: &mut PgConnection) -> Result<Vec<Revocation>, StoreError> {
    let columns = (revoked_tokens::token_key, revoked_tokens::expires_at);
    Ok(revoked_tokens::table.select(columns).load(connection)?)
}

/// Lists the revocations of the last minute by the database's clock.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list_recent(connection: &mut PgConnection) -> Result<Vec<Revocation>, StoreError> {
    Ok(revoked_tokens::table
        .filter(revoked_tokens::revoked_at.gt(now.into_sql::<Timestamptz>() - 1.minute()))
        .select((revoked_tokens::token_key, revoked_tokens::expires_at))
        .load(connection)?)
}

/// Forgets revocations of tokens that have expired, and returns how many.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn delete_expired(connection: &mut PgConnection) -> Result<usize, StoreError> {
    let expired = revoked_tokens::expires_at.lt(now.into_sql::<Timestamptz>() - 5.minutes());
    Ok(diesel::delete(revoked_tokens::table.filter(expired)).execute(connection)?)
}
