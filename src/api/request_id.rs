//! The id under which a request is found in the logs: the client's own, or a new one.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header in which the id comes and goes.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Letters, digits and hyphens, 1 to 64 of them: harmless in a log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(String);

impl RequestId {
    /// Takes the id that the client sent, if it is harmless, or makes one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        headers
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|id| {
                (1..=64).contains(&id.len())
                    && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
            .map_or_else(|| Self(Uuid::now_v7().to_string()), |id| Self(id.to_owned()))
    }

    /// The id.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a header's value.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sent: &str) -> RequestId {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(sent.as_bytes()).unwrap());
        RequestId::of(&headers)
    }

    #[test]
    fn a_harmless_id_of_the_client_is_kept() {
        assert_eq!(of("order-42").as_str(), "order-42");
    }

    #[test]
    fn an_id_that_could_forge_a_log_line_is_replaced() {
        for sent in ["", "a b", "a\tb", "é", "x=\"y\"", &"a".repeat(65)] {
            assert_ne!(of(sent).as_str(), sent);
            assert_eq!(of(sent).as_str().len(), 36);
        }
    }
}
