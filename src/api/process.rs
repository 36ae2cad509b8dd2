//! `POST /{kind}/process`: from pictures to a record.

use std::time::Instant;

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tracing::Instrument as _;

use super::caller::Caller;
use super::idempotency::{IdempotencyKey, Turn};
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use super::timing::server_timing;
use super::upload::{Picture, Upload};
use crate::documents::{
    DocumentKind, DocumentRecord, Found, Part, PicturesDigest, Side, Stored, attachments,
};
use crate::imaging::encode_for_keeping;
use crate::pipeline::{ExtractError, Extraction, extract};
use crate::store::audit::{Action, Deed, Origin};
use crate::store::idempotency::{self, Marked};

/// Reads one photographed document and records it. Pictures that the record was last read
/// from are not read again: the answer is the one that they gave.
pub(crate) async fn process<K: DocumentKind>(
    caller: Caller,
    upload: Upload,
    key: IdempotencyKey,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let started = Instant::now();
    let recto = upload.recto.ok_or(ApiError::PartMissing(Part::Recto))?;
    if K::VERSO_REQUIRED && upload.verso.is_none() {
        return Err(ApiError::PartMissing(Part::Verso));
    }
    let verso = upload.verso;
    let digest = digest::<K>(recto.as_ref(), verso.as_ref().map(AsRef::as_ref));
    let marked = match key.claim(&state.store, &caller, digest).await? {
        Turn::First(marked) => marked,
        Turn::Answered(answer) => return Ok(known(started, answer)),
    };
    let work = Work { caller, origin: origin.0, digest, marked: marked.clone() };
    let Some(marked) = marked else { return work.carry_out::<K>(&state, recto, verso).await };
    // To its end even when the client hangs up, as it does before it asks again.
    let whole = actix_web::rt::spawn(
        async move {
            let answer = work.carry_out::<K>(&state, recto, verso).await;
            if answer.is_err() {
                release(&state, marked).await;
            }
            answer
        }
        .in_current_span(),
    );
    whole.await.unwrap_or_else(|error| Err(ApiError::Internal(Box::new(error))))
}

/// What became of pictures that were read before, as metrics name it.
const REPEATED: &str = "repeated";

/// An answer that was given before.
fn known(started: Instant, answer: Value) -> HttpResponse {
    let timing = server_timing(&[("total", started.elapsed())]);
    HttpResponse::Ok().insert_header(timing).json(answer)
}

/// Lets a request that came to nothing be sent again.
async fn release(state: &State, marked: Marked) {
    let released =
        state.store.write(move |connection| idempotency::release(connection, &marked)).await;
    if let Err(error) = released {
        tracing::warn!("an idempotency key stays claimed for some minutes: {error}");
    }
}

/// SHA-256 over what is to be read, and by which version: a newer one may read better.
fn digest<K: DocumentKind>(recto: &[u8], verso: Option<&[u8]>) -> PicturesDigest {
    let mut digest = Sha256::new();
    for part in [K::SLUG.as_bytes(), env!("CARGO_PKG_VERSION").as_bytes(), recto] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    if let Some(verso) = verso {
        digest.update(verso);
    }
    digest.finalize().into()
}

/// A request to read a card, with all but the pictures.
struct Work {
    caller: Caller,
    origin: Origin,
    digest: PicturesDigest,
    marked: Option<Marked>,
}

impl Work {
    async fn carry_out<K: DocumentKind>(
        self,
        state: &State,
        recto: Picture,
        verso: Option<Picture>,
    ) -> Result<HttpResponse, ApiError> {
        let answer = self.read_and_record::<K>(state, recto, verso).await;
        if let Err(error) = &answer {
            state.metrics.document_ended(K::SLUG, error.problem().code);
        }
        answer
    }

    async fn read_and_record<K: DocumentKind>(
        self,
        state: &State,
        recto: Picture,
        verso: Option<Picture>,
    ) -> Result<HttpResponse, ApiError> {
        let started = Instant::now();
        if let Some(answer) = self.repeated::<K>(state).await? {
            state.metrics.document_ended(K::SLUG, REPEATED);
            return Ok(known(started, answer));
        }
        let keep = state.keep_images;
        let asked = Instant::now();
        let (waited, extraction, pictures) = state
            .ocr
            .run(move |engines| {
                let waited = asked.elapsed();
                let verso = verso.as_ref().map(AsRef::as_ref);
                let extraction = extract::<K>(engines, recto.as_ref(), verso)?;
                let pictures =
                    if keep { pictures(&extraction, recto.as_ref(), verso) } else { Ok(vec![]) };
                Ok::<_, ExtractError>((waited, extraction, pictures?))
            })
            .instrument(tracing::info_span!("read", document.kind = K::SLUG))
            .await??;

        // Only now is a database connection taken: none is held while OCR runs.
        let (status, timings) = (extraction.status, extraction.timings);
        let leaves = extraction.leaves.clone();
        let storing = Instant::now();
        let span = tracing::info_span!("store", document.kind = K::SLUG);
        let (stored, answer) = self.store(state, extraction, pictures).instrument(span).await?;
        let mut stages = vec![("wait", waited)];
        stages.extend(timings.stages());
        stages.push(("store", storing.elapsed()));
        state.metrics.document_read(K::SLUG, status, &leaves, &stages);
        tracing::info!(
            document.kind = K::SLUG,
            ?status,
            updated = stored.updated,
            duration_ms = started.elapsed().as_millis() as u64,
            "recorded a document"
        );
        stages.push(("total", started.elapsed()));
        Ok(HttpResponse::Ok().insert_header(server_timing(&stages)).json(answer))
    }

    /// The answer that these pictures gave, where a record still rests on them.
    async fn repeated<K: DocumentKind>(&self, state: &State) -> Result<Option<Value>, ApiError> {
        let (scope, digest) = (self.caller.scope(), self.digest);
        let find =
            move |connection: &mut _| K::Record::find_by_pictures(connection, scope, &digest);
        let Some(answer) = state.store.read(find).await?.as_ref().and_then(stored_answer) else {
            return Ok(None);
        };
        if let Some(marked) = self.marked.clone() {
            let (kept, id) = (answer.clone(), answer["id"].as_i64().unwrap_or_default() as i32);
            let finish = move |connection: &mut _| {
                idempotency::finish(connection, &marked, K::SLUG, id, &kept)
            };
            state.store.write(finish).await?;
        }
        Ok(Some(answer))
    }

    /// Records a reading, with its pictures where they are kept, and returns the answer.
    async fn store<K: DocumentKind>(
        self,
        state: &State,
        extraction: Extraction<K>,
        pictures: Vec<(Side, Vec<u8>)>,
    ) -> Result<(Stored, Value), ApiError> {
        let organisation = self.caller.organisation();
        let (scope, trail, vault) = (self.caller.scope(), state.trail.clone(), state.vault.clone());
        let stored = state.store.write(move |connection| {
            let reading = Value::Object(extraction.answer());
            let Extraction { fields, status, .. } = &extraction;
            let stored =
                K::Record::record(connection, scope, fields, *status, &reading, &self.digest)?;
            if !stored.repeated {
                for (side, picture) in &pictures {
                    let (kind, side_name) = (K::SLUG, side.name());
                    let place =
                        attachments::place(scope.organisation(), kind, stored.id, side_name);
                    let sealed = vault.seal(picture, &place)?;
                    attachments::keep_image(connection, scope, kind, stored.id, *side, &sealed)?;
                }
                let action =
                    if stored.updated { Action::RecordUpdated } else { Action::RecordCreated };
                trail.append(
                    connection,
                    &self.origin,
                    &Deed::new(action).to(K::SLUG, stored.id),
                )?;
            }
            let answer = if stored.updated || stored.repeated {
                // People may have corrected it, or decided that it is right.
                K::Record::find(connection, scope, stored.id)?.as_ref().and_then(stored_answer)
            } else {
                None
            };
            let answer = answer.unwrap_or_else(|| with_id(reading, stored.id));
            if let Some(marked) = &self.marked {
                idempotency::finish(connection, marked, K::SLUG, stored.id, &answer)?;
            }
            Ok((stored, answer))
        });
        let stored = stored.await?;
        state.records_changed(organisation).await;
        Ok(stored)
    }
}

/// The answer of a record: the machine's, with what people made of it.
fn stored_answer<R: DocumentRecord>(found: &Found<R>) -> Option<Value> {
    let mut answer = with_id(found.reading.clone()?, found.row.id());
    answer["status"] = json!(found.standing.status);
    if let Some(corrections) = &found.corrections {
        answer["corrections"] = json!(corrections);
    }
    Some(answer)
}

fn with_id(mut answer: Value, id: i32) -> Value {
    answer["id"] = id.into();
    answer
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
