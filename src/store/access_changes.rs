//! Whose access changed lately, noted by triggers whoever changes it.

use diesel::dsl::{IntervalDsl, now};
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::store::schema::access_changes;
use crate::store::{KeyId, StoreError, UserId};

/// A user or a key whose access changed.
pub type Change = (Option<UserId>, Option<KeyId>);

/// Lists the changes of the last minute by the database's clock.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list_recent(connection: &mut PgConnection) -> Result<Vec<Change>, StoreError> {
    Ok(access_changes::table
        .filter(access_changes::changed_at.gt(now.into_sql::<Timestamptz>() - 1.minute()))
        .select((access_changes::user_id, access_changes::key_id))
        .distinct()
        .load(connection)?)
}

/// Forgets changes that every replica has seen.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn delete_seen(connection: &mut PgConnection) -> Result<usize, StoreError> {
    let seen = access_changes::changed_at.lt(now.into_sql::<Timestamptz>() - 10.minutes());
    Ok(diesel::delete(access_changes::table.filter(seen)).execute(connection)?)
}
