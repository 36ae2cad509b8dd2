//! `GET /persons/{cin}`: the records of one person, with what says that they are.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::caller::Caller;
use super::entries::entry;
use super::freshness::Freshness;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::documents::browse::{self, Holder};
use crate::documents::{
    DocumentKind, DocumentRecord, Found, KindVisitor, Scope, statistics, visit_kinds,
};
use crate::store::audit::Action;
use crate::store::{Connection, StoreError};

/// Characters of a national number at most.
const NUMBER_MAXIMUM: usize = 20;

/// Gathers the records on which the number was read; and those with the same names in both
/// scripts and the same day of birth, on which no number of a person was read.
pub(crate) async fn show(
    caller: Caller,
    freshness: Freshness,
    request: HttpRequest,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    if !state.person_links {
        return Err(ApiError::PersonLinksOff);
    }
    let cin = request.match_info().get("cin").unwrap_or_default().to_uppercase();
    let is_number = (1..=NUMBER_MAXIMUM).contains(&cin.len())
        && cin.bytes().all(|octet| octet.is_ascii_alphanumeric());
    if !is_number {
        return Err(ApiError::NotFound);
    }
    let (scope, asked) = (caller.scope(), cin.clone());
    let documents = state.store.read(move |connection| gather(connection, scope, &asked)).await?;
    if documents.is_empty() {
        return Err(ApiError::NotFound);
    }
    state.reads.note(origin.0, Action::RecordsListed, None, Some("person"));
    if let Some(unchanged) = freshness.unchanged() {
        return Ok(unchanged);
    }
    Ok(freshness.ok().json(json!({ "cin": cin, "documents": documents })))
}

fn gather(connection: &mut Connection, scope: Scope, cin: &str) -> Result<Vec<Value>, StoreError> {
    let mut numbered = Numbered { connection, scope, cin, documents: Ok(Vec::new()) };
    visit_kinds(&mut numbered);
    let mut documents = numbered.documents?;
    let mut namesakes = Vec::new();
    for holder in documents.iter().filter_map(Holder::of) {
        namesakes.extend(browse::namesakes(connection, scope, &holder)?);
    }
    namesakes.sort();
    namesakes.dedup();
    namesakes.retain(|(kind, id)| {
        !documents.iter().any(|known| known["kind"] == *kind && known["id"] == *id)
    });
    for (kind, id) in &namesakes {
        let mut unnumbered = Unnumbered { connection, scope, kind, id: *id, document: Ok(None) };
        visit_kinds(&mut unnumbered);
        documents.extend(unnumbered.document?);
    }
    Ok(documents)
}

/// Where a card prints the number of a person: its own, or that of its holder.
const NUMBERS: [&str; 2] = ["cin", "identite.cin"];

/// The leaf with the number of a person, as it was read.
fn number_leaf<R: DocumentRecord>(found: &Found<R>) -> Option<(&'static str, &Value)> {
    let fields = &found.reading.as_ref()?["fields"];
    let leaf = |path: &&'static str| fields.get(*path).map(|leaf| (*path, leaf));
    NUMBERS.iter().find_map(leaf)
}

/// A record with what links it to the person.
fn linked<R: DocumentRecord>(found: &Found<R>, link: Value) -> Value {
    let mut document = entry(&found.row, &found.standing, statistics::today());
    document["link"] = link;
    document
}

/// Gathers the records on which the number was read.
struct Numbered<'a> {
    connection: &'a mut Connection,
    scope: Scope,
    cin: &'a str,
    documents: Result<Vec<Value>, StoreError>,
}

impl KindVisitor for Numbered<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        let Ok(documents) = &mut self.documents else { return };
        match K::Record::find_of_person(self.connection, self.scope, self.cin) {
            Ok(found) => documents.extend(found.iter().map(|found| {
                let (path, leaf) = number_leaf(found).unwrap_or((NUMBERS[0], &Value::Null));
                linked(found, json!({ "by": "number", "field": path, "evidence": leaf }))
            })),
            Err(error) => self.documents = Err(error),
        }
    }
}

/// Fetches a record of the same names, unless a number of a person was read on it: then it
/// is somebody else's.
struct Unnumbered<'a> {
    connection: &'a mut Connection,
    scope: Scope,
    kind: &'a str,
    id: i32,
    document: Result<Option<Value>, StoreError>,
}

impl KindVisitor for Unnumbered<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        let is_numbered = K::Record::COLUMNS.iter().any(|column| NUMBERS.contains(&column.path));
        if self.kind != K::SLUG || is_numbered {
            return;
        }
        let found = K::Record::find(self.connection, self.scope, self.id);
        self.document = found.map(|found| {
            let found = found?;
            let is_somebodys =
                number_leaf(&found).is_some_and(|(_, leaf)| !leaf["value"].is_null());
            let fields = ["nom_fr", "prenom_fr", "nom_ar", "prenom_ar", "date_naissance"];
            let link = json!({ "by": "names_and_birth", "fields": fields });
            (!is_somebodys).then(|| linked(&found, link))
        });
    }
}
