//! Refresh tokens: each is used once and replaced by the next of its family.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use uuid::Uuid;

use crate::store::schema::refresh_tokens;
use crate::store::{StoreError, UserId};

/// For so long after its use a token gives the same successor again: to a client that
/// lost the answer, or sent the request twice.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// A refresh token that is not stored yet.
#[derive(Clone, Insertable)]
#[diesel(table_name = refresh_tokens)]
pub struct NewRefreshToken {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// The session.
    pub family: Uuid,
    /// Whom it speaks for.
    pub user_id: UserId,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// When the session ends.
    pub family_expires_at: DateTime<Utc>,
}

/// What using a refresh token came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It was fresh, or used a moment ago: the salt makes its successor.
    Accepted {
        /// Whom it speaks for.
        user: UserId,
        /// The session.
        family: Uuid,
        /// When the session ends.
        family_expires_at: DateTime<Utc>,
        /// What the successor is made with.
        salt: Vec<u8>,
        /// Whether the successor has to be stored still.
        is_first: bool,
    },
    /// There is no such token, or it has expired.
    Unknown,
    /// It was used before: somebody has a copy. The family has to end.
    Reused {
        /// Whom it speaks for.
        user: UserId,
        /// The session.
        family: Uuid,
    },
}

/// Stores a token.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn insert(connection: &mut PgConnection, token: &NewRefreshToken) -> Result<(), StoreError> {
    diesel::insert_into(refresh_tokens::table).values(token).execute(connection)?;
    Ok(())
}

/// Uses a token. Of those who use it at once one is the first, by one statement; the
/// others are told the same salt. To be called within a transaction.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn take(
    connection: &mut PgConnection,
    token_hash: &[u8],
    salt: &[u8],
) -> Result<Use, StoreError> {
    use refresh_tokens as tokens;
    let fresh = tokens::table
        .find(token_hash)
        .filter(tokens::used_at.is_null())
        .filter(tokens::expires_at.gt(now.into_sql::<Timestamptz>()));
    let taken = diesel::update(fresh)
        .set((tokens::used_at.eq(now), tokens::successor_salt.eq(salt)))
        .returning((tokens::user_id, tokens::family, tokens::family_expires_at))
        .get_result::<(UserId, Uuid, DateTime<Utc>)>(connection)
        .optional()?;
    if let Some((user, family, family_expires_at)) = taken {
        let salt = salt.to_vec();
        return Ok(Use::Accepted { user, family, family_expires_at, salt, is_first: true });
    }
    let earlier = tokens::table
        .find(token_hash)
        .select((
            tokens::user_id,
            tokens::family,
            tokens::family_expires_at,
            tokens::used_at,
            tokens::successor_salt,
        ))
        .first::<(UserId, Uuid, DateTime<Utc>, Option<DateTime<Utc>>, Option<Vec<u8>>)>(connection)
        .optional()?;
    Ok(match earlier {
        Some((user, family, family_expires_at, Some(used_at), Some(salt))) => {
            if Utc::now() - used_at < GRACE {
                Use::Accepted { user, family, family_expires_at, salt, is_first: false }
            } else {
                Use::Reused { user, family }
            }
        }
        _ => Use::Unknown,
    })
}

/// Ends a session.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn end_family(connection: &mut PgConnection, family: Uuid) -> Result<(), StoreError> {
    let tokens = refresh_tokens::table.filter(refresh_tokens::family.eq(family));
    diesel::delete(tokens).execute(connection)?;
    Ok(())
}

/// Ends all sessions of a user.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn end_all(connection: &mut PgConnection, user: UserId) -> Result<(), StoreError> {
    let tokens = refresh_tokens::table.filter(refresh_tokens::user_id.eq(user));
    diesel::delete(tokens).execute(connection)?;
    Ok(())
}

/// Forgets sessions that are over.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn delete_expired(connection: &mut PgConnection) -> Result<usize, StoreError> {
    let over = refresh_tokens::family_expires_at.lt(now.into_sql::<Timestamptz>());
    Ok(diesel::delete(refresh_tokens::table.filter(over)).execute(connection)?)
}
