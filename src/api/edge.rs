//! What happens to every request on its way in and to every answer on its way
//! out: the span, the request id, problem bodies, security headers, metrics.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::RootSpanBuilder;

use super::problem;
use super::request_id::{RequestId, X_REQUEST_ID};
use super::server::State;
use super::trace;

/// Opens the span of a request: its id, method and route pattern. Never the
/// path, the query or the address, which may hold personal data.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = RequestId::of(request.headers());
        let method = method_name(request.method());
        let pattern = request.match_pattern();
        let route = pattern.as_deref().unwrap_or(UNMATCHED);
        let span = tracing::info_span!(
            "request",
            id = id.as_str(),
            trace_id = Empty,
            http.request.method = method,
            http.route = route,
            otel.name = Empty,
            otel.kind = Empty,
        );
        trace::begin(&span, request.headers(), &format!("{method} {route}"));
        request.extensions_mut().insert(id);
        span
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, Error>) {}
}

/// The route label of requests that no route matches.
const UNMATCHED: &str = "unmatched";

/// Completes the answer of a request; see the module's description.
pub(crate) async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.unwrap_or_else(|| RequestId::of(request.headers()));
    let state = request.app_data::<web::Data<State>>().cloned();
    let method = method_name(request.method());
    let under_way = state.as_ref().map(|state| state.metrics.begin_request());

    let answer = next.call(request).await?.map_into_boxed_body();
    let mut answer = problem::describe(answer, &id);

    let is_production = state.as_ref().is_some_and(|state| state.is_production);
    complete_headers(answer.headers_mut(), &id, is_production);
    let route = answer.request().match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
    if let Some(state) = &state {
        state.metrics.answered(method, &route, answer.status(), started);
    }
    trace::end(&Span::current(), answer.status());
    tracing::info!(
        http.status = answer.status().as_u16(),
        duration_ms = started.elapsed().as_millis() as u64,
        "answered"
    );
    drop(under_way);
    Ok(answer)
}

fn complete_headers(headers: &mut HeaderMap, id: &RequestId, is_production: bool) {
    const DEFAULTS: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in DEFAULTS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if is_production {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    headers.insert(X_REQUEST_ID, id.header());
}

/// The methods that clients use by name; what else they invent is one label.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
