//! Records as lists show them: the flat row, with what is known of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::documents::{
    DocumentKind, DocumentRecord, KindVisitor, Scope, Standing, statistics, visit_kinds,
};
use crate::store::{Connection, StoreError};

/// A record as lists show it.
pub(super) fn entry<R: DocumentRecord>(row: &R, standing: &Standing, today: NaiveDate) -> Value {
    let mut entry = json!(row);
    entry["kind"] = R::SLUG.into();
    entry["status"] = json!(standing.status);
    entry["confidence"] = json!(standing.confidence);
    entry["revision"] = standing.revision.into();
    entry["created_at"] = json!(standing.created_at);
    entry["updated_at"] = json!(standing.updated_at);
    entry["created_by"] = json!(standing.created_by);
    // Valid until the end of its last day.
    entry["expired"] = json!(row.expires_on().map(|day| day < today));
    entry
}

/// Fetches the records of these kinds and ids as lists show them, in the same order.
/// Those that have just gone are left out.
pub(super) fn fetch<'p>(
    connection: &mut Connection,
    scope: Scope,
    places: impl Iterator<Item = (&'p str, i32)> + Clone,
) -> Result<Vec<Value>, StoreError> {
    let mut wanted: HashMap<&str, Vec<i32>> = HashMap::new();
    for (kind, id) in places.clone() {
        wanted.entry(kind).or_default().push(id);
    }
    let mut fetch = Fetch { connection, scope, wanted, entries: Ok(HashMap::new()) };
    visit_kinds(&mut fetch);
    let mut entries = fetch.entries?;
    Ok(places.filter_map(|(kind, id)| entries.remove(&(kind, id))).collect())
}

/// Fetches the records of each kind.
struct Fetch<'a, 'p> {
    connection: &'a mut Connection,
    scope: Scope,
    wanted: HashMap<&'p str, Vec<i32>>,
    entries: Result<HashMap<(&'p str, i32), Value>, StoreError>,
}

impl KindVisitor for Fetch<'_, '_> {
    fn visit<K: DocumentKind>(&mut self) {
        let Some((kind, ids)) = self.wanted.remove_entry(K::SLUG) else { return };
        let Ok(entries) = &mut self.entries else { return };
        let today = statistics::today();
        match K::Record::find_several(self.connection, self.scope, &ids) {
            Ok(found) => entries.extend(
                found
                    .into_iter()
                    .map(|(row, standing)| ((kind, row.id()), entry(&row, &standing, today))),
            ),
            Err(error) => self.entries = Err(error),
        }
    }
}
