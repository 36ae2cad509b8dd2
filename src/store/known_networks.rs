//! From where users have logged in before, as keyed digests.

use diesel::dsl::{exists, now, select};
use diesel::prelude::*;

use crate::store::schema::known_networks;
use crate::store::{StoreError, UserId};

/// Networks that are remembered of a user.
const REMEMBERED: i64 = 50;

/// Whether the user has logged in from there.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn contains(
    connection: &mut PgConnection,
    user: UserId,
    network: &[u8],
) -> Result<bool, StoreError> {
    Ok(select(exists(known_networks::table.find((user, network)))).get_result(connection)?)
}

/// Notes that the user has logged in from there, and forgets what was not used for longest.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn note(connection: &mut PgConnection, user: UserId, network: &[u8]) -> Result<(), StoreError> {
    use known_networks as networks;
    diesel::insert_into(networks::table)
        .values((networks::user_id.eq(user), networks::network.eq(network)))
        .on_conflict((networks::user_id, networks::network))
        .do_update()
        .set(networks::last_used_at.eq(now))
        .execute(connection)?;
    let others = networks::table
        .filter(networks::user_id.eq(user))
        .order(networks::last_used_at.desc())
        .offset(REMEMBERED)
        .select(networks::network)
        .load::<Vec<u8>>(connection)?;
    if !others.is_empty() {
        let forgotten = networks::table
            .filter(networks::user_id.eq(user))
            .filter(networks::network.eq_any(others));
        diesel::delete(forgotten).execute(connection)?;
    }
    Ok(())
}
