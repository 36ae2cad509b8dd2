//! How often the records of an organisation changed, counted by triggers whoever writes.

use diesel::prelude::*;

use crate::store::schema::record_generations;
use crate::store::{OrganisationId, StoreError};

/// Lists the generations of some organisations; one whose records never changed has none.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list(
    connection: &mut PgConnection,
    organisations: &[OrganisationId],
) -> Result<Vec<(OrganisationId, i64)>, StoreError> {
    let keys = organisations.iter().map(|organisation| organisation.0);
    Ok(record_generations::table
        .filter(record_generations::organisation_id.eq_any(keys))
        .select((record_generations::organisation_id, record_generations::generation))
        .load(connection)?)
}
