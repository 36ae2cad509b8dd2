//! What people do with a reading: correct it, approve it, reject it; and what becomes of
//! that when the machine reads the card again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use diesel::result::Error as DieselError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::attachments::{self, Cause};
use super::{Column, DocumentRecord, Found, Scope, Standing, Status};
use crate::documents::REVIEW_BELOW;
use crate::store::{StoreError, UserId, record_turns};

/// A value that a person put in place of the machine's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// What the machine read last.
    pub machine: Value,
    /// What the person says.
    pub value: Value,
    /// Who; none for a server.
    pub by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the machine has since read something that neither it nor the person said
    /// before.
    #[serde(default)]
    pub disputed: bool,
}

/// Corrections by column.
pub type Corrections = BTreeMap<String, Correction>;

/// The columns that a person changes, with the values that they are to have.
pub type Changes = Vec<(&'static Column, Value)>;

/// What a person decides of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It says what the card says.
    Approved,
    /// It is not to be relied on.
    Rejected,
}

/// What became of a change.
pub enum Outcome<R> {
    /// The record as it is now.
    Done(Found<R>),
    /// There is no such record.
    NotFound,
    /// The record is no longer in the state that the caller saw.
    Stale,
}

/// A leaf that a person should look at, as the machine read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Doubt {
    /// The column.
    pub column: &'static str,
    /// The dotted path of the leaf.
    pub path: &'static str,
    /// The leaf with its evidence: value, raw, confidence, source, image, bounding box.
    pub reading: Value,
    /// Whether the machine has contradicted a person since.
    pub disputed: bool,
}

/// Lists what a person should look at: what [`crate::documents::status`] counts as
/// unsettled, but for what a person has corrected and the machine did not contradict.
pub fn doubts<R: DocumentRecord>(found: &Found<R>) -> Vec<Doubt> {
    let nothing = Corrections::new();
    let corrections = found.corrections.as_ref().unwrap_or(&nothing);
    let fields = found.reading.as_ref().map(|reading| &reading["fields"]);
    R::COLUMNS
        .iter()
        .filter_map(|column| {
            let reading = fields?.get(column.path)?;
            let correction = corrections.get(column.name);
            let disputed = correction.is_some_and(|correction| correction.disputed);
            let in_doubt = if correction.is_some() { disputed } else { !is_settled(reading) };
            let (column, path) = (column.name, column.path);
            in_doubt.then(|| Doubt { column, path, reading: reading.clone(), disputed })
        })
        .collect()
}

fn is_settled(leaf: &Value) -> bool {
    match leaf["reason"].as_str() {
        Some("marked_absent" | "not_printed") => true,
        Some(_) => false,
        None => leaf["confidence"].as_f64().is_some_and(|sure| sure >= f64::from(REVIEW_BELOW)),
    }
}

/// How urgently a person should look at a record: a point for each doubt, ten where the
/// machine contradicts a person, and less than one for how unsure the rest is.
pub(super) fn need(doubts: usize, disputed: usize, confidence: Option<f64>) -> f64 {
    doubts as f64 + 10.0 * disputed as f64 + (1.0 - confidence.unwrap_or(1.0))
}

/// Corrects a record. The earlier state is kept, and the machine's values beside the new
/// ones; a value that the machine has read is confirmed. To be called within a transaction.
///
/// # Errors
///
/// [`StoreError::Conflict`] when another record of the organisation has the number.
pub fn correct<R: DocumentRecord>(
    connection: &mut PgConnection,
    scope: Scope,
    id: i32,
    expected: Option<&[i32]>,
    changes: &Changes,
) -> Result<Outcome<R>, StoreError> {
    change(connection, scope, id, expected, Cause::Corrected, |found| {
        let mut row = object(&found.row)?;
        let corrections = found.corrections.get_or_insert_default();
        for (column, value) in changes {
            note_correction(corrections, column.name, &mut row, value, scope.user);
        }
        found.row = typed(row)?;
        let doubts = doubts(found);
        found.standing.status = if found.reading.is_none() {
            // Nothing says what else may be wrong with a row of the application before.
            found.standing.status
        } else if doubts.is_empty() {
            Status::Complete
        } else {
            Status::NeedsReview
        };
        found.standing.need = need_of(found);
        Ok(())
    })
}

fn note_correction(
    corrections: &mut Corrections,
    column: &str,
    row: &mut Map<String, Value>,
    value: &Value,
    by: Option<UserId>,
) {
    let before = row.insert(column.to_owned(), value.clone()).unwrap_or_default();
    let machine = corrections.get(column).map_or(before, |known| known.machine.clone());
    let (value, at) = (value.clone(), Utc::now());
    let correction = Correction { machine, value, by, at, disputed: false };
    corrections.insert(column.to_owned(), correction);
}

/// Approves or rejects a record. The earlier state is kept. To be called within a
/// transaction.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached.
pub fn decide<R: DocumentRecord>(
    connection: &mut PgConnection,
    scope: Scope,
    id: i32,
    expected: Option<&[i32]>,
    verdict: Verdict,
) -> Result<Outcome<R>, StoreError> {
    let (cause, status) = match verdict {
        Verdict::Approved => (Cause::Approved, Status::Approved),
        Verdict::Rejected => (Cause::Rejected, Status::Rejected),
    };
    change(connection, scope, id, expected, cause, |found| {
        for correction in found.corrections.iter_mut().flat_map(BTreeMap::values_mut) {
            correction.disputed = false;
        }
        (found.standing.status, found.standing.need) = (status, 0.0);
        Ok(())
    })
}

/// Changes a record that is in the state which the caller saw, and keeps the earlier one.
fn change<R: DocumentRecord>(
    connection: &mut PgConnection,
    scope: Scope,
    id: i32,
    expected: Option<&[i32]>,
    cause: Cause,
    alter: impl FnOnce(&mut Found<R>) -> Result<(), StoreError>,
) -> Result<Outcome<R>, StoreError> {
    record_turns::take(connection, scope.organisation)?;
    let Some(mut found) = R::lock(connection, scope, id)? else { return Ok(Outcome::NotFound) };
    if expected.is_some_and(|revisions| !revisions.contains(&found.standing.revision)) {
        return Ok(Outcome::Stale);
    }
    let state = serde_json::to_value(&found).map_err(unserialisable)?;
    attachments::keep_version(connection, scope, R::SLUG, id, &state, cause)?;
    alter(&mut found)?;
    R::replace(connection, scope, &found)?;
    // The database counts the revision and says when.
    Ok(R::find(connection, scope, id)?.map_or(Outcome::NotFound, Outcome::Done))
}

/// Puts people's values back into a record that was just read again, and lets what they
/// decided stand where the card still says the same.
pub(super) fn settle<R: DocumentRecord>(
    connection: &mut PgConnection,
    scope: Scope,
    id: i32,
    earlier: (Map<String, Value>, Standing, Option<Corrections>),
) -> Result<(), StoreError> {
    let Some(mut found) = R::find(connection, scope, id)? else { return Ok(()) };
    let (earlier_row, earlier_standing, corrections) = earlier;
    let mut row = object(&found.row)?;
    let mut corrections = corrections.unwrap_or_default();
    for (column, correction) in &mut corrections {
        let read = row.insert(column.clone(), correction.value.clone()).unwrap_or_default();
        if read != correction.machine {
            correction.disputed = !read.is_null() && read != correction.value;
            correction.machine = read;
        }
    }
    let is_same = row == earlier_row;
    found.row = typed(row)?;
    found.corrections = Some(corrections).filter(|corrections| !corrections.is_empty());
    let decided = matches!(earlier_standing.status, Status::Approved | Status::Rejected);
    let disputed = found.corrections.iter().flat_map(BTreeMap::values).any(|known| known.disputed);
    (found.standing.status, found.standing.need) = if decided && is_same && !disputed {
        (earlier_standing.status, 0.0)
    } else if decided || !doubts(&found).is_empty() {
        (Status::NeedsReview, need_of(&found))
    } else {
        (Status::Complete, need_of(&found))
    };
    R::replace(connection, scope, &found)
}

fn need_of<R: DocumentRecord>(found: &Found<R>) -> f64 {
    let doubts = doubts(found);
    let disputed = doubts.iter().filter(|doubt| doubt.disputed).count();
    need(doubts.len(), disputed, found.standing.confidence)
}

/// The members of a row.
pub(super) fn object<R: Serialize>(row: &R) -> Result<Map<String, Value>, StoreError> {
    match serde_json::to_value(row).map_err(unserialisable)? {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

fn typed<R: DocumentRecord>(row: Map<String, Value>) -> Result<R, StoreError> {
    serde_json::from_value(Value::Object(row)).map_err(unserialisable)
}

pub(in crate::documents) fn unserialisable(error: serde_json::Error) -> StoreError {
    DieselError::SerializationError(error.into()).into()
}
