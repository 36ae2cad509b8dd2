//! The pictures of a multipart body, streamed into memory under limits. File
//! names and declared types are not looked at, and nothing is written to disk.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use futures_util::{Stream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::caller::state;
use super::problem::ApiError;
use crate::documents::Part;

/// Bytes of one part at most: the contract's 10 MB.
const PART_LIMIT: usize = 10 * 1024 * 1024;
/// Bytes of a whole body at most: two parts and what holds them together.
const BODY_LIMIT: usize = 2 * PART_LIMIT + 64 * 1024;
/// Parts at most. Old clients send a few form fields beside the pictures.
const PARTS_LIMIT: usize = 8;
/// How long a body may take to arrive.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
/// Kibibytes of pictures that may wait in memory, of all requests together.
const BUDGET_KIB: usize = 256 * 1024;

/// The memory that all uploads share; when it is spent, clients are asked to
/// come again.
#[derive(Debug, Clone)]
pub(crate) struct UploadBudget(Arc<Semaphore>);

impl UploadBudget {
    /// Makes the budget of a service.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET_KIB)))
    }
}

/// The pictures of one document.
pub(crate) struct Upload {
    /// The part named `recto`.
    pub(crate) recto: Option<Picture>,
    /// The part named `verso`.
    pub(crate) verso: Option<Picture>,
    /// The part named `image`: a picture of either side.
    pub(crate) image: Option<Picture>,
}

/// The bytes of one part, and their share of the budget.
pub(crate) struct Picture {
    bytes: Vec<u8>,
    _share: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Picture {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl FromRequest for Upload {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let budget = state(request).map(|state| state.uploads.clone());
        let headers = request.headers().clone();
        let payload = payload.take();
        Box::pin(async move {
            let reading = Self::read(&headers, payload, budget?);
            tokio::time::timeout(DEADLINE, reading)
                .await
                .unwrap_or(Err(ApiError::UploadInterrupted))
        })
    }
}

impl Upload {
    async fn read(
        headers: &HeaderMap,
        payload: Payload,
        budget: UploadBudget,
    ) -> Result<Self, ApiError> {
        let fault = Rc::default();
        let body = Limited { payload, left: BODY_LIMIT, fault: Rc::clone(&fault) };
        let mut parts = Multipart::new(headers, body);
        let mut upload = Self { recto: None, verso: None, image: None };
        let mut count = 0;
        while let Some(field) = parts.next().await {
            let field = field.map_err(|error| translate(&error, &fault))?;
            count += 1;
            if count > PARTS_LIMIT {
                return Err(ApiError::TooManyParts);
            }
            upload.take(field, &budget, &fault).await?;
        }
        Ok(upload)
    }

    async fn take(
        &mut self,
        mut field: Field,
        budget: &UploadBudget,
        fault: &Fault,
    ) -> Result<(), ApiError> {
        let (part, slot) = match field.name() {
            Some("image") => {
                self.image = Some(read_picture(&mut field, budget, fault).await?);
                return Ok(());
            }
            Some("recto") => (Part::Recto, &mut self.recto),
            Some("verso") => (Part::Verso, &mut self.verso),
            _ => return discard(field, fault).await,
        };
        if slot.is_some() {
            return Err(ApiError::PartTwice(part));
        }
        // A form that leaves an optional file out sends it without a name.
        let is_blank =
            field.content_disposition().and_then(|header| header.get_filename()) == Some("");
        let picture = read_picture(&mut field, budget, fault).await?;
        if picture.bytes.is_empty() {
            return if is_blank { Ok(()) } else { Err(ApiError::PartEmpty(part)) };
        }
        *slot = Some(picture);
        Ok(())
    }
}

async fn read_picture(
    field: &mut Field,
    budget: &UploadBudget,
    fault: &Fault,
) -> Result<Picture, ApiError> {
    let mut bytes = Vec::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| translate(&error, fault))?;
        if bytes.len() + chunk.len() > PART_LIMIT {
            return Err(ApiError::PartTooLarge);
        }
        let kibibytes = (bytes.len() + chunk.len()).div_ceil(1024);
        let missing = kibibytes - share.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = Arc::clone(&budget.0)
            .try_acquire_many_owned(missing as u32)
            .map_err(|_| ApiError::Busy)?;
        match &mut share {
            Some(share) => share.merge(more),
            None => share = Some(more),
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Picture { bytes, _share: share })
}

/// Reads a part that nobody asked for to its end; it counts like the others.
async fn discard(mut field: Field, fault: &Fault) -> Result<(), ApiError> {
    let mut length = 0;
    while let Some(chunk) = field.next().await {
        length += chunk.map_err(|error| translate(&error, fault))?.len();
        if length > PART_LIMIT {
            return Err(ApiError::PartTooLarge);
        }
    }
    Ok(())
}

/// What stopped the raw body, if anything did: the parser tells it only as text.
type Fault = RefCell<Option<BodyFault>>;

#[derive(Debug, Clone, Copy)]
enum BodyFault {
    TooLarge,
    Interrupted,
}

fn translate(error: &MultipartError, fault: &Fault) -> ApiError {
    match *fault.borrow() {
        Some(BodyFault::TooLarge) => ApiError::UploadTooLarge,
        Some(BodyFault::Interrupted) => ApiError::UploadInterrupted,
        None => {
            tracing::debug!(%error, "refused a multipart body");
            ApiError::MalformedMultipart
        }
    }
}

/// The raw body, cut off at its limit.
struct Limited {
    payload: Payload,
    left: usize,
    fault: Rc<Fault>,
}

impl Stream for Limited {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = std::task::ready!(self.payload.poll_next_unpin(context));
        Poll::Ready(match chunk {
            Some(Ok(chunk)) => {
                if let Some(left) = self.left.checked_sub(chunk.len()) {
                    self.left = left;
                    Some(Ok(chunk))
                } else {
                    *self.fault.borrow_mut() = Some(BodyFault::TooLarge);
                    Some(Err(PayloadError::Overflow))
                }
            }
            Some(Err(error)) => {
                *self.fault.borrow_mut() = Some(BodyFault::Interrupted);
                Some(Err(error))
            }
            None => None,
        })
    }
}
