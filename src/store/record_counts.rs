//! The counts that the database keeps of records, held against the records themselves.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, sql_query};
use serde::Serialize;

use crate::store::StoreError;

/// Some counts that are not what the records say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName)]
pub struct Wrong {
    /// The organisation that they are of.
    #[diesel(sql_type = BigInt)]
    pub organisation: i64,
    /// The slug of the kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// By what they count: `day`, `town` and so on.
    #[diesel(sql_type = Text)]
    pub dimension: String,
    /// How many of its keys are wrong. What they are is not told: some come from cards.
    #[diesel(sql_type = BigInt)]
    pub keys: i64,
}

/// Counts all records and lists where the kept counts differ; nothing when all are right.
/// Reads every record once and keeps nobody from writing.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn verify(connection: &mut PgConnection) -> Result<Vec<Wrong>, StoreError> {
    Ok(sql_query(
        "SELECT organisation_id AS organisation, kind, dimension, count(*) AS keys
         FROM (SELECT * FROM record_counts WHERE (records, judged, confidence) <> (0, 0, 0)) AS kept
         FULL JOIN wathiqa_recounted() AS found USING (organisation_id, kind, dimension, key)
         WHERE (kept.records, kept.judged, kept.confidence)
            IS DISTINCT FROM (found.records, found.judged, found.confidence)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )
    .load(connection)?)
}

/// Counts all records anew, and returns what was wrong. Holds the turns of all organisations
/// meanwhile: who writes waits. To be called within a transaction.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn rebuild(connection: &mut PgConnection) -> Result<Vec<Wrong>, StoreError> {
    sql_query(
        "INSERT INTO record_generations AS known (organisation_id, generation)
         SELECT id, 1 FROM organisations ORDER BY id
         ON CONFLICT (organisation_id) DO UPDATE SET generation = known.generation + 1",
    )
    .execute(connection)?;
    let wrong = verify(connection)?;
    sql_query("DELETE FROM record_counts").execute(connection)?;
    sql_query("INSERT INTO record_counts SELECT * FROM wathiqa_recounted()").execute(connection)?;
    Ok(wrong)
}
