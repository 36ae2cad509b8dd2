//! Ids in paths.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::problem::ApiError;

/// The part `{id}` of a path. What is no id, in whatever form, is 404: there is nothing
/// at that address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: FromStr + ToString + PartialOrd + Default> FromRequest for PathId<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.match_info().get("id").unwrap_or_default()).ok_or(ApiError::NotFound))
    }
}

/// Reads digits alone, without a sign or a zero before them.
fn parse<T: FromStr + ToString + PartialOrd + Default>(text: &str) -> Option<PathId<T>> {
    let id = text.parse::<T>().ok()?;
    (id > T::default() && id.to_string() == text).then_some(PathId(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(parse::<i32>("7"), Some(PathId(7)));
        for text in [
            "",
            "0",
            "-1",
            "+7",
            "07",
            " 7",
            "7 ",
            "2147483648",
            "9223372036854775808",
            "1\0",
            "1%00",
            "1e3",
            "0x7",
            "٧",
            "7.0",
            "all",
        ] {
            assert_eq!(parse::<i32>(text), None, "{text:?}");
        }
    }
}
