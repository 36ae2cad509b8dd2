//! The turn of whoever changes records of an organisation: its row in `record_generations`.
//! The database takes it with each statement that changes some; a transaction that touches
//! anything else of the organisation first takes it first, so that no two wait for each other.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::store::{OrganisationId, StoreError};

/// Waits for the turn to change records of `organisation`, and holds it until the transaction
/// ends. Changes nothing that anybody sees.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn take(connection: &mut PgConnection, organisation: OrganisationId) -> Result<(), StoreError> {
    // A row that the last condition leaves as it is, is locked all the same.
    sql_query(
        "INSERT INTO record_generations AS known (organisation_id, generation) VALUES ($1, 0)
         ON CONFLICT (organisation_id) DO UPDATE SET generation = known.generation WHERE false",
    )
    .bind::<BigInt, _>(organisation)
    .execute(connection)?;
    Ok(())
}
