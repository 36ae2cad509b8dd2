//! What people do with one record: correct it, approve it, reject it, look at its past.

use actix_web::http::header::{ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::body::JsonObject;
use super::caller::Caller;
use super::freshness::Freshness;
use super::origin::RequestOrigin;
use super::path::PathId;
use super::problem::ApiError;
use super::records::whole;
use super::server::State;
use crate::documents::review::{self, Changes, Outcome, Verdict};
use crate::documents::{DocumentKind, DocumentRecord, Found, Scope, attachments};
use crate::store::audit::{Action, Deed, Subject};
use crate::store::{Connection, StoreError};

/// `PATCH /{kind}/{id}`: corrects columns of the row (JSON Merge Patch, RFC 7396). With
/// `If-Match`, only in the state that the caller saw.
pub(crate) async fn correct<K: DocumentKind>(
    caller: Caller,
    id: PathId<i32>,
    request: HttpRequest,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let changes = changes::<K>(&body)?;
    let columns: Vec<&str> = changes.iter().map(|(column, _)| column.name).collect();
    let deed = Deed::new(Action::RecordCorrected).to(K::SLUG, id.0).with("columns", json!(columns));
    let expected = revisions(request.headers());
    change::<K>(&caller, &origin, &state, deed, move |connection, scope| {
        review::correct(connection, scope, id.0, expected.as_deref(), &changes)
    })
    .await
}

/// The columns that a body changes, each with the value that it is to have.
fn changes<K: DocumentKind>(body: &JsonObject) -> Result<Changes, ApiError> {
    let columns = K::Record::COLUMNS;
    let names = || columns.iter().map(|column| column.name).collect();
    let change = |(name, value): (&String, _)| {
        let column = columns.iter().find(|column| column.name == name);
        let column = column.ok_or_else(|| ApiError::NotCorrectable { columns: names() })?;
        let value = column.accept(value).ok_or(ApiError::InvalidMember(column.name))?;
        Ok((column, value))
    };
    let changes: Changes = body.members().map(change).collect::<Result<_, ApiError>>()?;
    if changes.is_empty() {
        Err(ApiError::NotCorrectable { columns: names() })
    } else {
        Ok(changes)
    }
}

/// `POST /{kind}/{id}/approve`: the record says what the card says.
pub(crate) async fn approve<K: DocumentKind>(
    caller: Caller,
    id: PathId<i32>,
    request: HttpRequest,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let deed = Deed::new(Action::RecordApproved).to(K::SLUG, id.0);
    let expected = revisions(request.headers());
    change::<K>(&caller, &origin, &state, deed, move |connection, scope| {
        review::decide(connection, scope, id.0, expected.as_deref(), Verdict::Approved)
    })
    .await
}

/// `POST /{kind}/{id}/reject`: the record is not to be relied on.
pub(crate) async fn reject<K: DocumentKind>(
    caller: Caller,
    id: PathId<i32>,
    request: HttpRequest,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let deed = Deed::new(Action::RecordRejected).to(K::SLUG, id.0);
    let expected = revisions(request.headers());
    change::<K>(&caller, &origin, &state, deed, move |connection, scope| {
        review::decide(connection, scope, id.0, expected.as_deref(), Verdict::Rejected)
    })
    .await
}

/// Changes a record and tells the audit, both or neither; answers the record as it is now.
async fn change<K: DocumentKind>(
    caller: &Caller,
    origin: &RequestOrigin,
    state: &State,
    deed: Deed,
    work: impl Fn(&mut Connection, Scope) -> Result<Outcome<K::Record>, StoreError> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let (scope, trail, origin) = (caller.scope(), state.trail.clone(), origin.0.clone());
    let changed = state.store.write(move |connection| {
        let outcome = work(connection, scope)?;
        if let Outcome::Done(_) = outcome {
            trail.append(connection, &origin, &deed)?;
        }
        Ok(outcome)
    });
    match changed.await {
        Ok(Outcome::Done(found)) => {
            state.records_changed(caller.organisation()).await;
            Ok(HttpResponse::Ok().insert_header((ETAG, tag(&found))).json(whole(&found)))
        }
        Ok(Outcome::NotFound) => Err(ApiError::NotFound),
        Ok(Outcome::Stale) => Err(ApiError::StaleRecord),
        Err(StoreError::Conflict { .. }) => Err(ApiError::NumberTaken),
        Err(error) => Err(error.into()),
    }
}

/// `GET /{kind}/{id}/history`: the earlier states, the earliest first, each with who
/// replaced it, when and how.
pub(crate) async fn history<K: DocumentKind>(
    caller: Caller,
    freshness: Freshness,
    id: PathId<i32>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let scope = caller.scope();
    let found = state.store.read(move |connection| {
        let Some(found) = K::Record::find(connection, scope, id.0)? else { return Ok(None) };
        let versions = attachments::list_versions(connection, scope, K::SLUG, id.0)?;
        Ok(Some((found, versions)))
    });
    let (found, versions) = found.await?.ok_or(ApiError::NotFound)?;
    let subject = Subject { kind: K::SLUG, id: id.0.into() };
    state.reads.note(origin.0, Action::RecordRead, Some(subject), Some("history"));
    if let Some(unchanged) = freshness.unchanged() {
        return Ok(unchanged);
    }
    Ok(freshness.ok().json(json!({ "current": whole(&found), "versions": versions })))
}

/// The entity tag of a record: its revision.
pub(super) fn tag<R>(found: &Found<R>) -> HeaderValue {
    let tag = format!("\"{}\"", found.standing.revision);
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The revisions that `If-Match` names (RFC 9110, 13.1.1): none where it is absent or
/// `*`, and an empty list where nothing in it is a tag of ours.
fn revisions(headers: &HeaderMap) -> Option<Vec<i32>> {
    let mut values = headers.get_all(IF_MATCH).peekable();
    values.peek()?;
    let tags: Vec<&str> =
        values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    if tags.iter().any(|tag| tag.trim() == "*") {
        return None;
    }
    let revision = |tag: &&str| {
        // What compresses an answer makes its tag a weak one.
        let tag = tag.trim().trim_start_matches("W/");
        tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
    };
    Some(tags.iter().filter_map(revision).collect())
}

/// Whether the caller has the record in the state of that revision already.
pub(super) fn is_known(headers: &HeaderMap, revision: i32) -> bool {
    let tag = format!("\"{revision}\"");
    let values = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.trim_start_matches("W/") == tag
    })
}
