//! All that is kept of one person, for the person who asks (law 09-08, article 7).

use actix_web::{HttpResponse, web};
use chrono::Utc;
use openssl::base64::encode_block;
use serde_json::{Map, Value, json};

use super::body::JsonObject;
use super::caller::Caller;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::records::whole;
use super::server::State;
use crate::documents::{
    DocumentKind, DocumentRecord, KindVisitor, Scope, Side, attachments, visit_kinds,
};
use crate::store::audit::{Action, Deed, Subject, Trail};
use crate::store::{Connection, StoreError};
use crate::vault::Vault;

/// Characters of a national number at most, as typed.
const NUMBER_MAXIMUM: usize = 20;

/// `POST /exports/person`: the number is in the body, for paths are logged on the way.
/// Everything of the organisation on whose card that number was read: rows, readings,
/// earlier states, pictures, and what was done with them.
pub(crate) async fn person(
    caller: Caller,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let typed = body.required("cin")?;
    let cin: String =
        typed.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
    if !cin.chars().all(|letter| letter.is_ascii_alphanumeric())
        || !(1..=NUMBER_MAXIMUM).contains(&cin.len())
    {
        return Err(ApiError::InvalidMember("cin"));
    }
    let (scope, vault, trail) = (caller.scope(), state.vault.clone(), state.trail.clone());
    let gathered = state.store.write(move |connection| {
        let mut gather = Gather { connection, scope, vault: &vault, cin: &cin, kinds: Vec::new() };
        visit_kinds(&mut gather);
        let (mut records, mut deed) = (Map::new(), Deed::new(Action::PersonExported));
        for (slug, found) in gather.kinds {
            let found = found?;
            let ids: Vec<&Value> = found.iter().map(|record| &record["id"]).collect();
            deed = deed.with(slug, json!(ids));
            records.insert(slug.to_owned(), found.into());
        }
        trail.append(connection, &origin.0, &deed)?;
        Ok(records)
    });
    let records = gathered.await?;
    Ok(HttpResponse::Ok().json(json!({ "exported_at": Utc::now(), "records": records })))
}

/// Gathers the records of each kind.
struct Gather<'a> {
    connection: &'a mut Connection,
    scope: Scope,
    vault: &'a Vault,
    cin: &'a str,
    kinds: Vec<(&'static str, Result<Vec<Value>, StoreError>)>,
}

impl KindVisitor for Gather<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        let records = self.records::<K>();
        self.kinds.push((K::SLUG, records));
    }
}

impl Gather<'_> {
    fn records<K: DocumentKind>(&mut self) -> Result<Vec<Value>, StoreError> {
        let found = K::Record::find_of_person(self.connection, self.scope, self.cin)?;
        found
            .iter()
            .map(|found| {
                let id = found.row.id();
                let mut record = whole(found);
                let (connection, scope) = (&mut *self.connection, self.scope);
                let versions = attachments::list_versions(connection, scope, K::SLUG, id)?;
                record["versions"] = json!(versions);
                let subject = Subject { kind: K::SLUG, id: id.into() };
                let entries = Trail::list_of(connection, scope.organisation(), subject)?;
                record["audit"] = json!(entries);
                record["images"] = self.images(K::SLUG, id)?.into();
                Ok(record)
            })
            .collect()
    }

    /// The latest picture of each side, as JPEG in Base64.
    fn images(&mut self, kind: &'static str, id: i32) -> Result<Map<String, Value>, StoreError> {
        let mut images = Map::new();
        for side in [Side::Recto, Side::Verso] {
            let stored = attachments::find_image(self.connection, self.scope, kind, id, side)?;
            let Some(stored) = stored else { continue };
            let place = attachments::place(self.scope.organisation(), kind, id, side.name());
            let picture = self.vault.open(&stored.into_sealed(), &place)?;
            images.insert(side.name().to_owned(), encode_block(&picture).into());
        }
        Ok(images)
    }
}
