//! `process`, written once for every kind of document, and the paths of each kind.

use std::time::Instant;

use actix_web::http::Method;
use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::caller::Caller;
use super::gate::Access::May;
use super::lists;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::records;
use super::routes::Table;
use super::server::State;
use super::timing::server_timing;
use super::upload::Upload;
use crate::auth::Permission::{Erase, Process, Read};
use crate::documents::{
    DocumentKind, DocumentRecord, KindVisitor, Part, Side, Stored, attachments,
};
use crate::imaging::encode_for_keeping;
use crate::pipeline::{ExtractError, Extraction, extract};
use crate::store::audit::{Action, Deed, Origin};

/// Gives each kind its paths.
pub(crate) struct Routes<'a>(pub(crate) &'a mut Table);

impl KindVisitor for Routes<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        let path = |rest: &str| format!("/{}/{rest}", K::SLUG);
        self.0.on(Method::POST, &path("process"), May(Process), process::<K>);
        self.0.on(Method::GET, &path("all"), May(Read), lists::all::<K>);
        self.0.on(Method::GET, &path("{id}"), May(Read), records::show::<K>);
        self.0.on(Method::DELETE, &path("{id}"), May(Erase), records::erase::<K>);
        self.0.on(Method::GET, &path("{id}/images/{side}"), May(Read), records::image::<K>);
    }
}

/// `POST /{kind}/process`: reads one photographed document and records it.
async fn process<K: DocumentKind>(
    caller: Caller,
    upload: Upload,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let started = Instant::now();
    let recto = upload.recto.ok_or(ApiError::PartMissing(Part::Recto))?;
    if K::VERSO_REQUIRED && upload.verso.is_none() {
        return Err(ApiError::PartMissing(Part::Verso));
    }
    let verso = upload.verso;
    let keep = state.keep_images;
    let (extraction, pictures) = state
        .ocr
        .run(move |engines| {
            let verso = verso.as_ref().map(AsRef::as_ref);
            let extraction = extract::<K>(engines, recto.as_ref(), verso)?;
            let pictures =
                if keep { pictures(&extraction, recto.as_ref(), verso) } else { Ok(vec![]) };
            Ok::<_, ExtractError>((extraction, pictures?))
        })
        .await??;

    // Only now is a database connection taken: none is held while OCR runs.
    let (status, timings) = (extraction.status, extraction.timings);
    let storing = Instant::now();
    let (stored, answer) = store(&state, caller, origin.0, extraction, pictures).await?;
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

/// The pictures as they are kept, by the side of the card that each shows.
fn pictures<K: DocumentKind>(
    extraction: &Extraction<K>,
    recto: &[u8],
    verso: Option<&[u8]>,
) -> Result<Vec<(Side, Vec<u8>)>, ExtractError> {
    let keep = |side, part, bytes| {
        let kept = encode_for_keeping(bytes);
        kept.map(|kept| (side, kept)).map_err(|source| ExtractError::Image { part, source })
    };
    let mut pictures = vec![keep(extraction.recto.side, Part::Recto, recto)?];
    if let (Some(recognised), Some(verso)) = (extraction.verso, verso) {
        pictures.push(keep(recognised.side, Part::Verso, verso)?);
    }
    Ok(pictures)
}

/// Records a reading, with its pictures where they are kept, and returns the answer.
async fn store<K: DocumentKind>(
    state: &State,
    caller: Caller,
    origin: Origin,
    extraction: Extraction<K>,
    pictures: Vec<(Side, Vec<u8>)>,
) -> Result<(Stored, Value), ApiError> {
    let (scope, trail, vault) = (caller.scope(), state.trail.clone(), state.vault.clone());
    let stored = state.store.write(move |connection| {
        let reading = Value::Object(extraction.answer());
        let stored =
            K::Record::record(connection, scope, &extraction.fields, extraction.status, &reading)?;
        for (side, picture) in &pictures {
            let place = attachments::place(scope.organisation(), K::SLUG, stored.id, side.name());
            let sealed = vault.seal(picture, &place)?;
            attachments::keep_image(connection, scope, K::SLUG, stored.id, *side, &sealed)?;
        }
        let action = if stored.updated { Action::RecordUpdated } else { Action::RecordCreated };
        trail.append(connection, &origin, &Deed::new(action).to(K::SLUG, stored.id))?;
        Ok((stored, reading))
    });
    let (stored, mut answer) = stored.await?;
    state.records_changed(caller.organisation()).await;
    answer["id"] = stored.id.into();
    Ok((stored, answer))
}
