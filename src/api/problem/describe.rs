//! The body of a refusal: problem details, with the member that old clients show.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use serde_json::{Map, Value};

use super::super::language::Language;
use super::super::request_id::RequestId;
use super::{ApiError, Problem, catalogue};

/// Seconds after which a client may try again when the service is overloaded
/// or one of its dependencies is away.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Gives every refusal its problem body, whoever refused, and logs our own faults.
pub(crate) fn describe(
    answer: ServiceResponse<BoxBody>,
    request_id: &RequestId,
) -> ServiceResponse<BoxBody> {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) || is_described(&answer) {
        return answer;
    }
    let language = Language::of(answer.request().headers());
    let ours = answer.response().error().and_then(|error| error.as_error::<ApiError>());
    let (problem, members) = match ours {
        Some(error) => {
            if let ApiError::Internal(source) = error {
                log_fault(source.as_ref());
            }
            (error.problem(), error.members(language))
        }
        None => (of_framework(status), Vec::new()),
    };
    let after = members.iter().find(|(name, _)| *name == "after");
    let after = after.and_then(|(_, seconds)| seconds.as_u64());
    let body = Value::Object(body(problem, &members, language, request_id.as_str())).to_string();
    let status = StatusCode::from_u16(problem.status).unwrap_or(status);
    let mut answer = answer.map_body(|_, _| BoxBody::new(body));
    *answer.response_mut().status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json; charset=utf-8"),
    );
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        StatusCode::CONFLICT if problem.code == catalogue::IDEMPOTENCY_UNDER_WAY.code => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        StatusCode::TOO_MANY_REQUESTS => {
            headers.insert(header::RETRY_AFTER, after.map_or(RETRY_AFTER, HeaderValue::from));
        }
        _ => {}
    }
    answer
}

/// Whether the body is a report of its own, such as that of `/ready`.
fn is_described(answer: &ServiceResponse<BoxBody>) -> bool {
    answer.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
        let value = value.as_bytes();
        value.starts_with(b"application/json") || value.starts_with(b"application/problem+json")
    })
}

/// The framework refuses what is malformed before any handler sees it.
fn of_framework(status: StatusCode) -> &'static Problem {
    match status {
        StatusCode::UNAUTHORIZED => &catalogue::UNAUTHENTICATED,
        StatusCode::FORBIDDEN => &catalogue::FORBIDDEN,
        StatusCode::NOT_FOUND => &catalogue::NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED => &catalogue::METHOD_NOT_ALLOWED,
        StatusCode::SERVICE_UNAVAILABLE => &catalogue::UNAVAILABLE,
        status if status.is_client_error() => &catalogue::BAD_REQUEST,
        _ => &catalogue::INTERNAL,
    }
}

/// The body: what every problem says, and the members of this one.
pub(crate) fn body(
    problem: &'static Problem,
    members: &[(&'static str, Value)],
    language: Language,
    request_id: &str,
) -> Map<String, Value> {
    let mut detail = problem.detail.in_language(language).to_owned();
    for (name, value) in members {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        detail = detail.replace(&format!("{{{name}}}"), &text);
    }
    let mut body = Map::new();
    body.insert("type".into(), format!("/problems/{}", problem.code).into());
    body.insert("title".into(), problem.title.in_language(language).into());
    body.insert("status".into(), problem.status.into());
    body.insert("detail".into(), detail.as_str().into());
    body.insert("code".into(), problem.code.into());
    body.insert("request_id".into(), request_id.into());
    body.insert("error".into(), detail.into());
    for (name, value) in members {
        body.insert((*name).into(), value.clone());
    }
    body
}

/// Logs the chain of causes; the client is only given the request id.
fn log_fault(error: &(dyn std::error::Error + 'static)) {
    let mut causes = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push_str(": ");
        causes.push_str(&cause.to_string());
        next = cause.source();
    }
    tracing::error!(error = %causes.escape_debug(), "failed a request");
}
