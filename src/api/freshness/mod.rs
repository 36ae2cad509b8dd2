//! Answers that a client need not be sent again: each read of an organisation's records
//! has a tag, and a client that names it learns that nothing has changed.
//!
//! A handler takes [`Freshness`] as an argument, returns what [`Freshness::unchanged`]
//! gives, and else begins its answer with [`Freshness::ok`].

mod generations;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, IF_NONE_MATCH, VARY};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::future::LocalBoxFuture;

use super::caller::{Caller, state};
use super::problem::ApiError;
use crate::digest::sha256;
use crate::documents::statistics;
use crate::store::OrganisationId;

pub(crate) use generations::Generations;

/// What a client may do with an answer: keep it for itself, and ask each time whether it
/// still holds.
pub(super) const KEEPING: &str = "private, no-cache";

/// What tells whether two answers to a request can differ.
pub(super) const VARIES: &str = "Authorization, Accept-Encoding";

/// How fresh an answer is that a client has. Depends on the caller, the records of the
/// caller's organisation, the path, the query and the day alone; what depends on more must
/// not use it.
pub(crate) struct Freshness {
    generation: i64,
    tag: String,
    names: Names,
}

/// What the client's `If-None-Match` names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Names {
    /// No answer, or another one.
    Other,
    /// The answer that would be sent.
    This,
    /// Any answer: `*`.
    Any,
}

impl Freshness {
    /// The generation of the records, read before the rows will be.
    pub(crate) const fn generation(&self) -> i64 {
        self.generation
    }

    /// The answer 304 to a client that has this very answer, or says that any will do:
    /// a handler that may find nothing asks for it once it has found something.
    pub(crate) fn unchanged(&self) -> Option<HttpResponse> {
        (self.names != Names::Other).then(|| self.begin(StatusCode::NOT_MODIFIED).finish())
    }

    /// Begins the answer 200 with its tag.
    pub(crate) fn ok(&self) -> HttpResponseBuilder {
        self.begin(StatusCode::OK)
    }

    fn begin(&self, status: StatusCode) -> HttpResponseBuilder {
        let mut answer = HttpResponseBuilder::new(status);
        answer
            .insert_header((ETAG, self.tag.as_str()))
            .insert_header((CACHE_CONTROL, KEEPING))
            .insert_header((VARY, VARIES));
        answer
    }
}

impl FromRequest for Freshness {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload).into_inner();
        let state = state(request).cloned();
        let request = request.clone();
        Box::pin(async move {
            let caller = caller?;
            let generation = state?.generations.of(caller.organisation()).await?;
            let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
            let (actor, today) = (caller.actor(), statistics::today());
            let tag =
                tag(&format!("{actor:?}\n{today}"), caller.organisation(), generation, target);
            let names = named(request.headers(), &tag);
            Ok(Self { generation, tag, names })
        })
    }
}

/// The entity tag of an answer, the same on every replica. `asked` says by whom and when.
/// It is weak: compression changes the bytes. It tells nothing of the organisation or the query, and another version of
/// this program, which may write other members, has others.
fn tag(asked: &str, organisation: OrganisationId, generation: i64, target: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let of = format!("{version}\n{asked}\n{organisation}\n{generation}\n{target}");
    let digest = sha256(of.as_bytes());
    format!("W/\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&digest[..16]))
}

/// Looks for the tag in `If-None-Match` by weak comparison (RFC 9110, 13.1.2).
fn named(headers: &HeaderMap, tag: &str) -> Names {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let tag = opaque(tag);
    for value in headers.get_all(IF_NONE_MATCH) {
        let Ok(value) = value.to_str() else { continue };
        if value.trim() == "*" {
            return Names::Any;
        }
        // Ours have no comma; one in another's cuts that into parts that are not ours.
        if value.split(',').any(|named| opaque(named.trim()) == tag) {
            return Names::This;
        }
    }
    Names::Other
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn names(value: &'static str, tag: &str) -> Names {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static(value));
        named(&headers, tag)
    }

    #[test]
    fn a_tag_is_found_alone_and_in_lists_weak_and_strong() {
        for value in ["W/\"a\"", "\"a\"", "\"b\", W/\"a\"", "\"x,y\" ,\"a\""] {
            assert_eq!(names(value, "W/\"a\""), Names::This, "{value}");
        }
        for value in ["", "a", "W/\"b\"", "\"a", "W/\"A\"", "\"a\\\""] {
            assert_eq!(names(value, "W/\"a\""), Names::Other, "{value}");
        }
        assert_eq!(names(" * ", "W/\"a\""), Names::Any);
    }

    #[test]
    fn tags_differ_by_organisation_generation_and_target() {
        let tags = [
            tag("user 1, today", OrganisationId(1), 2, "/cin/all"),
            tag("user 1, today", OrganisationId(2), 1, "/cin/all"),
            tag("user 1, today", OrganisationId(1), 1, "/cin/all"),
            tag("user 1, today", OrganisationId(1), 2, "/cin/all?n=1"),
            tag("user 1, today", OrganisationId(12), 0, "/cin/all"),
            tag("user 2, today", OrganisationId(1), 2, "/cin/all"),
            tag("user 1, tomorrow", OrganisationId(1), 2, "/cin/all"),
        ];

        for (nth, tag) in tags.iter().enumerate() {
            assert!(!tags[..nth].contains(tag), "{tag}");
        }
    }
}
