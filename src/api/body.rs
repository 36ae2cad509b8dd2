//! JSON bodies, read with a limit and taken apart member by member, so that
//! each fault is told by the name of the member.

use std::ops::RangeInclusive;

use actix_web::dev::Payload;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value};

use super::problem::ApiError;
use super::upload::DEADLINE;

/// Bytes of a JSON body at most.
const LIMIT: usize = 64 * 1024;
/// Characters of a text member at most.
pub(super) const TEXT_LIMIT: usize = 1024;

/// The members of a JSON object. Those that nobody asks for are ignored.
#[derive(Debug)]
pub(crate) struct JsonObject(Map<String, Value>);

impl FromRequest for JsonObject {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut payload = payload.take();
        Box::pin(async move {
            let reading = Self::read(&mut payload);
            tokio::time::timeout(DEADLINE, reading)
                .await
                .unwrap_or(Err(ApiError::UploadInterrupted))
        })
    }
}

impl JsonObject {
    async fn read(payload: &mut Payload) -> Result<Self, ApiError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| ApiError::UploadInterrupted)?;
            if body.len() + chunk.len() > LIMIT {
                return Err(ApiError::BodyTooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map(Self).map_err(|_| ApiError::MalformedJson)
    }

    /// All members.
    pub(crate) fn members(&self) -> serde_json::map::Iter<'_> {
        self.0.iter()
    }

    /// A member that must be there and be a string, taken as it is.
    pub(crate) fn required(&self, member: &'static str) -> Result<&str, ApiError> {
        match self.0.get(member) {
            None | Some(Value::Null) => Err(ApiError::MissingMember(member)),
            Some(Value::String(text)) if text.is_empty() => Err(ApiError::MissingMember(member)),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(ApiError::InvalidMember(member)),
        }
    }

    /// A member that may be absent or null, and else is a string, taken as it is.
    pub(crate) fn optional(&self, member: &'static str) -> Result<Option<&str>, ApiError> {
        match self.0.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ApiError::InvalidMember(member)),
        }
    }

    /// A member that is true or false; absent or null is false.
    pub(crate) fn flag(&self, member: &'static str) -> Result<bool, ApiError> {
        match self.0.get(member) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(ApiError::InvalidMember(member)),
        }
    }

    /// A whole number within bounds. `None` when it is absent, `Some(None)` when it is null.
    #[expect(clippy::option_option, reason = "absent and emptied are two things")]
    pub(crate) fn nullable_integer(
        &self,
        member: &'static str,
        bounds: RangeInclusive<i64>,
    ) -> Result<Option<Option<i32>>, ApiError> {
        match self.0.get(member) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(value) => whole(value)
                .filter(|number| bounds.contains(number))
                .and_then(|number| i32::try_from(number).ok())
                .map(|number| Some(Some(number)))
                .ok_or(ApiError::InvalidMember(member)),
        }
    }

    /// An array of strings that must be there.
    pub(crate) fn texts(&self, member: &'static str) -> Result<Vec<&str>, ApiError> {
        match self.0.get(member) {
            None | Some(Value::Null) => Err(ApiError::MissingMember(member)),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().ok_or(ApiError::InvalidMember(member)))
                .collect(),
            Some(_) => Err(ApiError::InvalidMember(member)),
        }
    }

    /// A text to be stored and shown: trimmed, without control characters, of
    /// reasonable length. `None` when it is absent, `Some(None)` when it is
    /// null or blank.
    #[expect(clippy::option_option, reason = "absent and emptied are two things")]
    pub(crate) fn text(&self, member: &'static str) -> Result<Option<Option<String>>, ApiError> {
        match self.0.get(member) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) if is_clean(text) => {
                let text = text.trim();
                Ok(Some((!text.is_empty()).then(|| text.to_owned())))
            }
            Some(_) => Err(ApiError::InvalidMember(member)),
        }
    }
}

/// A whole number, however it is written: to JSON Schema 90 and 90.0 are the same, and some
/// languages only have the second.
fn whole(value: &Value) -> Option<i64> {
    let written = || value.as_f64().filter(|number| number.fract() == 0.0);
    // Beyond the exact ones nothing is within any bounds; the cast saturates.
    value.as_i64().or_else(|| written().map(|number| number as i64))
}

/// [`is_clean`], but for the length, as a pattern of the description (ECMA-262).
pub(super) const CLEAN: &str = r"^[^\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF]*$";

/// Whether a text is short and free of control characters: NUL cannot be
/// stored, line ends forge log lines and mail headers, bidirectional controls
/// make a text show something else than it is.
fn is_clean(text: &str) -> bool {
    let is_harmful = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars().count() <= TEXT_LIMIT && !text.chars().any(is_harmful)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> JsonObject {
        match value {
            Value::Object(members) => JsonObject(members),
            _ => panic!("not an object"),
        }
    }

    #[test]
    fn a_required_member_is_a_string_that_is_there() {
        let body = object(json!({"a": "x", "b": null, "c": 5, "d": ""}));
        assert_eq!(body.required("a").unwrap(), "x");
        assert!(matches!(body.required("b"), Err(ApiError::MissingMember("b"))));
        assert!(matches!(body.required("c"), Err(ApiError::InvalidMember("c"))));
        assert!(matches!(body.required("d"), Err(ApiError::MissingMember("d"))));
        assert!(matches!(body.required("e"), Err(ApiError::MissingMember("e"))));
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction_of_nothing() {
        let body = object(json!({"a": 90, "b": 90.0, "c": 90.5, "d": 1e300, "e": "90"}));
        let days = |member| body.nullable_integer(member, 1..=366);
        assert_eq!(days("a").unwrap(), Some(Some(90)));
        assert_eq!(days("b").unwrap(), Some(Some(90)));
        for member in ["c", "d", "e"] {
            assert!(days(member).is_err(), "{member}");
        }
    }

    #[test]
    fn a_text_is_trimmed_and_an_absent_one_differs_from_an_emptied_one() {
        let body = object(json!({"a": " Rue  8 ", "b": null, "c": "  "}));
        assert_eq!(body.text("a").unwrap(), Some(Some("Rue  8".into())));
        assert_eq!(body.text("b").unwrap(), Some(None));
        assert_eq!(body.text("c").unwrap(), Some(None));
        assert_eq!(body.text("d").unwrap(), None);
    }

    #[test]
    fn a_text_with_controls_or_without_end_is_refused() {
        let long = "a".repeat(TEXT_LIMIT + 1);
        for text in ["a\0b", "a\r\nb", "a\u{202E}b", &long] {
            let body = object(json!({ "a": text }));
            assert!(matches!(body.text("a"), Err(ApiError::InvalidMember("a"))));
        }
    }
}
