//! `POST /quality`: whether a picture is worth sending, before it is sent for
//! reading. Nothing is read on it, nothing is kept.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::language::Language;
use super::problem::{ApiError, advice};
use super::server::State;
use super::timing::server_timing;
use super::upload::Upload;
use crate::documents::Part;
use crate::imaging::quality::Quality;
use crate::pipeline::{self, ExtractError};

/// Pictures that are judged at the same time.
const AT_ONCE: usize = 4;
/// How long a picture may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// Turns for judging pictures, apart from those for reading documents: a
/// saturated reader must not keep a camera from hearing that it is out of focus.
#[derive(Debug)]
pub(crate) struct Turns(Semaphore);

impl Turns {
    /// Makes the turns of a service.
    pub(crate) const fn new() -> Self {
        Self(Semaphore::const_new(AT_ONCE))
    }
}

/// Judges one picture.
pub(crate) async fn judge(
    upload: Upload,
    state: web::Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let picture = upload.image.or(upload.recto).or(upload.verso);
    let picture = picture.ok_or(ApiError::MissingMember("image"))?;
    let turn = tokio::time::timeout(PATIENCE, state.quality.0.acquire()).await;
    let _turn = turn.map_err(|_| ApiError::Busy)?.map_err(|_| ApiError::Busy)?;
    let judged = web::block(move || pipeline::judge(picture.as_ref())).await;
    let (quality, timings) = judged
        .map_err(|error| ApiError::Internal(Box::new(error)))?
        .map_err(|source| ExtractError::Image { part: Part::Recto, source })?;
    Ok(HttpResponse::Ok()
        .insert_header(server_timing(&timings.stages()))
        .json(answer(&quality, Language::of(request.headers()))))
}

fn answer(quality: &Quality, language: Language) -> Value {
    let findings: Vec<Value> = quality
        .findings
        .iter()
        .map(|finding| {
            json!({
                "fault": finding.fault,
                "refused": finding.refused,
                "advice": advice::text(finding.fault).in_language(language),
            })
        })
        .collect();
    json!({
        "acceptable": quality.is_acceptable(),
        "outline_found": quality.outline_found,
        "corners": quality.corners,
        "portrait": quality.portrait,
        "findings": findings,
        "measures": quality.measures,
    })
}
