//! The header `Idempotency-Key`: a request that a client sends again, because it does not
//! know what became of the first, is not carried out twice.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde_json::Value;

use super::caller::Caller;
use super::problem::ApiError;
use crate::digest::sha256;
use crate::store::Store;
use crate::store::audit::Actor;
use crate::store::idempotency::{self, Claim, Marked};

const HEADER: &str = "idempotency-key";
/// Characters of a key at most.
const MAXIMUM: usize = 255;

/// The key that a client chose for its request, where it chose one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(HEADER);
        let key = match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => {
                let key = value.to_str().ok().filter(|key| is_key(key));
                key.map(|key| Some(key.to_owned())).ok_or(ApiError::IdempotencyKeyInvalid)
            }
            (Some(_), Some(_)) => Err(ApiError::IdempotencyKeyInvalid),
        };
        ready(key.map(Self))
    }
}

fn is_key(key: &str) -> bool {
    (1..=MAXIMUM).contains(&key.len()) && key.bytes().all(|octet| octet.is_ascii_graphic())
}

/// What to do with a request.
pub(super) enum Turn {
    /// Carry it out; with a key, then finish or release it.
    First(Option<Marked>),
    /// Give the answer that it was given.
    Answered(Value),
}

impl IdempotencyKey {
    /// Claims the request, which asks for what `request_hash` is the digest of.
    ///
    /// # Errors
    ///
    /// When the key was used for something else, or its request is under way.
    pub(super) async fn claim(
        self,
        store: &Store,
        caller: &Caller,
        request_hash: [u8; 32],
    ) -> Result<Turn, ApiError> {
        let Some(key) = self.0 else { return Ok(Turn::First(None)) };
        let caller_name = match caller.actor() {
            Actor::Key(key) => format!("key {key}"),
            Actor::User(user) => format!("user {user}"),
            Actor::Operator | Actor::Service | Actor::Nobody => return Err(ApiError::Forbidden),
        };
        let marked = Marked {
            organisation: caller.organisation(),
            caller: caller_name,
            key_hash: sha256(key.as_bytes()),
            request_hash,
        };
        let asked = marked.clone();
        match store.write(move |connection| idempotency::claim(connection, &asked)).await? {
            Claim::First => Ok(Turn::First(Some(marked))),
            Claim::Answered(answer) => Ok(Turn::Answered(answer)),
            Claim::UnderWay => Err(ApiError::IdempotencyUnderWay),
            Claim::Reused => Err(ApiError::IdempotencyKeyReused),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_bounded_length() {
        assert!(is_key("8e03978e-40d5-43e8-bc93-6894a57f9324"));
        assert!(is_key("\"quoted\""));
        for refused in ["", "a b", "é", "a\tb", &"x".repeat(256)] {
            assert!(!is_key(refused), "{refused}");
        }
    }
}
