//! One record: looked at, erased, its kept pictures.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;
use serde_json::{Value, json};

use super::caller::Caller;
use super::changes::{is_known, tag};
use super::entries::entry;
use super::freshness::{KEEPING, VARIES};
use super::origin::RequestOrigin;
use super::path::PathId;
use super::problem::ApiError;
use super::server::State;
use crate::documents::attachments;
use crate::documents::{DocumentKind, DocumentRecord, Found, Side, statistics};
use crate::store::StoreError;
use crate::store::audit::{Action, Deed, Subject};

/// `GET /{kind}/{id}`: the row, what is known of it, and the machine's reading.
pub(crate) async fn show<K: DocumentKind>(
    caller: Caller,
    id: PathId<i32>,
    request: HttpRequest,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let scope = caller.scope();
    let found = state.store.read(move |connection| K::Record::find(connection, scope, id.0));
    let found = found.await?.ok_or(ApiError::NotFound)?;
    let subject = Subject { kind: K::SLUG, id: id.0.into() };
    state.reads.note(origin.0, Action::RecordRead, Some(subject), None);
    let is_known = is_known(request.headers(), found.standing.revision);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((ETAG, tag(&found)))
        .insert_header((CACHE_CONTROL, KEEPING))
        .insert_header((VARY, VARIES));
    Ok(if is_known { answer.finish() } else { answer.json(whole(&found)) })
}

/// The members of the list, and beside them what only the single record tells.
pub(super) fn whole<R: DocumentRecord>(found: &Found<R>) -> Value {
    let mut answer = entry(&found.row, &found.standing, statistics::today());
    answer["corrections"] = json!(found.corrections);
    answer["reading"] = json!(found.reading);
    answer
}

/// `DELETE /{kind}/{id}`: erases the record with its earlier states and pictures. The
/// answer is a receipt: what was erased, and where the audit says so.
pub(crate) async fn erase<K: DocumentKind>(
    caller: Caller,
    id: PathId<i32>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let scope = caller.scope();
    let trail = state.trail.clone();
    let erased = state.store.write(move |connection| {
        let Some(erased) = K::Record::erase(connection, scope, id.0)? else { return Ok(None) };
        let deed = Deed::new(Action::RecordErased)
            .to(K::SLUG, id.0)
            .with("versions", erased.versions)
            .with("images", erased.images);
        Ok(Some((erased, trail.append(connection, &origin.0, &deed)?)))
    });
    let (erased, place) = erased.await?.ok_or(ApiError::NotFound)?;
    state.records_changed(caller.organisation()).await;
    Ok(HttpResponse::Ok().json(json!({
        "kind": K::SLUG,
        "id": id.0,
        "erased_at": Utc::now(),
        "erased": { "records": 1, "versions": erased.versions, "images": erased.images },
        "audit": { "sequence": place.sequence, "hash": place.hash },
    })))
}

/// `GET /{kind}/{id}/images/{side}`: a kept picture.
pub(crate) async fn image<K: DocumentKind>(
    caller: Caller,
    id: PathId<i32>,
    request: HttpRequest,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let side = match request.match_info().get("side") {
        Some("recto") => Side::Recto,
        Some("verso") => Side::Verso,
        _ => return Err(ApiError::NotFound),
    };
    let scope = caller.scope();
    let place = attachments::place(caller.organisation(), K::SLUG, id.0, side.name());
    let found = state.store.read(move |connection| {
        // A picture without its record is none: both are erased together.
        match K::Record::find(connection, scope, id.0)? {
            Some(_) => attachments::find_image(connection, scope, K::SLUG, id.0, side),
            None => Ok(None),
        }
    });
    let stored = found.await?.ok_or(ApiError::NotFound)?;
    let vault = state.vault.clone();
    let picture = web::block(move || vault.open(&stored.into_sealed(), &place)).await;
    let picture =
        picture.map_err(|error| ApiError::Internal(Box::new(error)))?.map_err(StoreError::from)?;
    let subject = Subject { kind: K::SLUG, id: id.0.into() };
    state.reads.note(origin.0, Action::ImageRead, Some(subject), Some(side.name()));
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((CONTENT_DISPOSITION, HeaderValue::from_static("inline")))
        .body(picture))
}
