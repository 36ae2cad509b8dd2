//! `process` and `all`, written once for every kind of document.

use std::time::Instant;

use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::caller::{Authenticated, Caller};
use super::problem::ApiError;
use super::routes::{get, post, resource};
use super::server::State;
use super::timing::server_timing;
use super::upload::Upload;
use crate::documents::{DocumentKind, DocumentRecord, KindVisitor, Part};
use crate::pipeline::extract;

/// Gives each kind its paths.
pub(crate) struct Routes<'a>(pub(crate) &'a mut web::ServiceConfig);

impl KindVisitor for Routes<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        let (process_path, all_path) =
            (format!("/{}/process", K::SLUG), format!("/{}/all", K::SLUG));
        self.0
            .service(resource(&process_path, "POST, OPTIONS").route(post().to(process::<K>)))
            .service(resource(&all_path, "GET, HEAD, OPTIONS").route(get().to(all::<K>)));
    }
}

/// `POST /{kind}/process`: reads one photographed document and records it.
async fn process<K: DocumentKind>(
    Authenticated { caller, body: upload }: Authenticated<Upload>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let started = Instant::now();
    let recto = upload.recto.ok_or(ApiError::PartMissing(Part::Recto))?;
    if K::VERSO_REQUIRED && upload.verso.is_none() {
        return Err(ApiError::PartMissing(Part::Verso));
    }
    let verso = upload.verso;
    let extraction = state
        .ocr
        .run(move |engines| {
            extract::<K>(engines, recto.as_ref(), verso.as_ref().map(AsRef::as_ref))
        })
        .await??;

    // Only now is a database connection taken: none is held while OCR runs.
    let scope = caller.scope();
    let status = extraction.status;
    let timings = extraction.timings;
    let storing = Instant::now();
    let (stored, mut answer) = state
        .store
        .write(move |connection| {
            let reading = Value::Object(extraction.answer());
            let stored = K::Record::record(
                connection,
                scope,
                &extraction.fields,
                extraction.status,
                &reading,
            )?;
            Ok((stored, reading))
        })
        .await?;
    answer["id"] = stored.id.into();
    tracing::info!(
        document.kind = K::SLUG,
        ?status,
        updated = stored.updated,
        duration_ms = started.elapsed().as_millis() as u64,
        "recorded a document"
    );
    let mut stages = timings.stages().to_vec();
    stages.extend([("store", storing.elapsed()), ("total", started.elapsed())]);
    Ok(HttpResponse::Ok().insert_header(server_timing(&stages)).json(answer))
}

/// `GET /{kind}/all`: the organisation's rows, flat, as the old application lists them.
async fn all<K: DocumentKind>(
    caller: Caller,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let scope = caller.scope();
    let rows = state.store.read(move |connection| K::Record::list(connection, scope)).await?;
    Ok(HttpResponse::Ok().json(rows))
}
