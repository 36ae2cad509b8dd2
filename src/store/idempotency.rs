//! Requests that a client may send again without doing anything twice.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{delete, insert_into};
use diesel::prelude::*;
use serde_json::Value;

use crate::store::schema::idempotency_keys as keys;
use crate::store::{OrganisationId, StoreError};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// After this a request that is still under way has died with its process. Longer than
/// any document is read for.
const ABANDONED: TimeDelta = TimeDelta::minutes(3);

/// A request as its client marked it.
#[derive(Clone)]
pub struct Marked {
    /// Whose request it is.
    pub organisation: OrganisationId,
    /// Who sent it.
    pub caller: String,
    /// SHA-256 of the key that the client chose.
    pub key_hash: [u8; 32],
    /// SHA-256 of what is asked.
    pub request_hash: [u8; 32],
}

/// What is known of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// It is the first: the caller carries it out, then finishes or releases it.
    First,
    /// It was answered so.
    Answered(Value),
    /// It is under way.
    UnderWay,
    /// The key was used for something else.
    Reused,
}

/// The row of a request.
macro_rules! row {
    ($marked:ident) => {
        keys::table
            .filter(keys::organisation_id.eq($marked.organisation))
            .filter(keys::caller.eq(&$marked.caller))
            .filter(keys::key_hash.eq($marked.key_hash.as_slice()))
    };
}

/// Claims a request. Of several at once one is the first.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn claim(connection: &mut PgConnection, marked: &Marked) -> Result<Claim, StoreError> {
    let (outdated, abandoned) = (Utc::now() - KEPT, Utc::now() - ABANDONED);
    let dead = keys::answer.is_null().and(keys::claimed_at.lt(abandoned));
    // A row may go between the two statements.
    for _ in 0..3 {
        delete(row!(marked).filter(keys::claimed_at.lt(outdated).or(dead))).execute(connection)?;
        let claimed = insert_into(keys::table)
            .values((
                keys::organisation_id.eq(marked.organisation),
                keys::caller.eq(&marked.caller),
                keys::key_hash.eq(marked.key_hash.as_slice()),
                keys::request_hash.eq(marked.request_hash.as_slice()),
            ))
            .on_conflict_do_nothing()
            .execute(connection)?;
        if claimed > 0 {
            return Ok(Claim::First);
        }
        let known: Option<(Vec<u8>, Option<Value>)> =
            row!(marked).select((keys::request_hash, keys::answer)).first(connection).optional()?;
        match known {
            Some((hash, _)) if hash != marked.request_hash => return Ok(Claim::Reused),
            Some((_, Some(answer))) => return Ok(Claim::Answered(answer)),
            Some((_, None)) => return Ok(Claim::UnderWay),
            None => {}
        }
    }
    Err(StoreError::Unavailable)
}

/// Keeps the answer, which is erased with the record that it tells of.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn finish(
    connection: &mut PgConnection,
    marked: &Marked,
    kind: &str,
    record: i32,
    answer: &Value,
) -> Result<(), StoreError> {
    diesel::update(row!(marked))
        .set((keys::kind.eq(kind), keys::record_id.eq(record), keys::answer.eq(answer)))
        .execute(connection)?;
    Ok(())
}

/// Forgets a request that came to nothing, so that it can be sent again.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn release(connection: &mut PgConnection, marked: &Marked) -> Result<(), StoreError> {
    delete(row!(marked).filter(keys::answer.is_null())).execute(connection)?;
    Ok(())
}

/// Erases what was answered about a record.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn erase(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    kind: &str,
    record: i32,
) -> Result<(), StoreError> {
    let answers = keys::table
        .filter(keys::organisation_id.eq(organisation))
        .filter(keys::kind.eq(kind))
        .filter(keys::record_id.eq(record));
    delete(answers).execute(connection)?;
    Ok(())
}

/// Erases the answers of all organisations that were kept long enough.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn delete_expired(connection: &mut PgConnection) -> Result<usize, StoreError> {
    let moment: DateTime<Utc> = Utc::now() - KEPT;
    Ok(delete(keys::table.filter(keys::claimed_at.lt(moment))).execute(connection)?)
}
