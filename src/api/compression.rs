//! What answers are compressed, and with what: gzip at its fastest, for all that has more
//! bytes than a packet and is text. docs/PERFORMANCE.md has the measurements.

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    self, AcceptEncoding, CONTENT_ENCODING, CONTENT_TYPE, Encoding, Header as _, HeaderMap,
    HeaderValue, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage, web};

use super::gzip;

/// An answer of fewer bytes fits into one packet as it is.
pub(super) const WORTH: usize = 1400;

/// Above this many bytes others are not kept waiting while an answer is compressed.
pub(super) const LONG: usize = 64 * 1024;

/// The value of `Content-Encoding`.
pub(super) const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Whether the client of a request prefers gzip to the bytes as they are. One that does
/// not say takes them as they are.
pub(super) fn takes_gzip(request: &impl HttpMessage) -> bool {
    if !request.headers().contains_key(header::ACCEPT_ENCODING) {
        return false;
    }
    let offered = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request)
        .is_ok_and(|accepted| accepted.negotiate(offered.iter()) == Some(Encoding::gzip()))
}

/// Tells caches that the answer depends on the codings that are accepted, beside what it
/// says already.
fn vary(headers: &mut HeaderMap) {
    let known: Vec<&str> = headers.get_all(VARY).filter_map(|value| value.to_str().ok()).collect();
    let known = known.join(", ");
    if known.to_ascii_lowercase().contains("accept-encoding") {
        return;
    }
    let varies = if known.is_empty() {
        "Accept-Encoding".into()
    } else {
        format!("{known}, Accept-Encoding")
    };
    if let Ok(varies) = HeaderValue::try_from(varies) {
        headers.insert(VARY, varies);
    }
}

/// Compresses answers that are ready as a whole. What is sent in pieces, or is compressed
/// already, passes.
pub(super) async fn compress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let takes_gzip = takes_gzip(&request);
    let mut answer = next.call(request).await?.map_into_boxed_body();
    if !is_worth(&answer) {
        return Ok(answer);
    }
    vary(answer.headers_mut());
    if !takes_gzip {
        return Ok(answer);
    }
    let (request, answer) = answer.into_parts();
    let (answer, body) = answer.into_parts();
    let body = match body.try_into_bytes() {
        Ok(body) => body,
        Err(body) => return Ok(ServiceResponse::new(request, answer.set_body(body))),
    };
    let compressed = squeeze(body).await?;
    let mut answer = answer.set_body(BoxBody::new(compressed));
    answer.headers_mut().insert(CONTENT_ENCODING, GZIP);
    Ok(ServiceResponse::new(request, answer))
}

async fn squeeze(body: Bytes) -> Result<Bytes, Error> {
    let is_long = body.len() > LONG;
    let squeeze = move || Bytes::from(gzip::whole(&body));
    Ok(if is_long { web::block(squeeze).await? } else { squeeze() })
}

fn is_worth(answer: &ServiceResponse<BoxBody>) -> bool {
    let is_long = matches!(answer.response().body().size(),
        BodySize::Sized(bytes) if bytes >= WORTH as u64);
    is_long && is_text(answer.headers()) && !answer.headers().contains_key(CONTENT_ENCODING)
}

/// Whether the content is text in some form: pictures are compressed by themselves.
fn is_text(headers: &HeaderMap) -> bool {
    let content = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content.is_some_and(|content| {
        content.starts_with("text/")
            || ["json", "javascript", "xml"].iter().any(|kind| content.contains(kind))
    })
}
