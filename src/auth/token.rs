//! Bearer tokens: JWT (RFC 7519), HS256 alone.
//!
//! Another service that shares the secret may sign tokens too; those carry
//! `sub`, `iat` and `exp` and nothing else.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use jsonwebtoken::{decode_header, errors::ErrorKind};
use openssl::sha::sha256;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::{UserId, hmac};
use crate::config::AuthConfig;

/// No token of ours comes near; checked before anything is decoded.
const MAX_BYTES: usize = 8 * 1024;
/// Seconds by which the clocks of two machines may differ.
const LEEWAY: u64 = 5;

/// Why a token is not usable. Clients are told nothing of it; logs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than any token of ours.
    #[error("the token is too long")]
    TooLong,
    /// Not a token, another algorithm, a missing or misshapen claim.
    #[error("the token is malformed")]
    Malformed,
    /// The signature is not ours.
    #[error("the token's signature is wrong")]
    Signature,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// It was logged out.
    #[error("the token was revoked")]
    Revoked,
    /// Its user does not exist any more.
    #[error("the token's user does not exist")]
    UnknownUser,
}

/// T
pub struct Grant {
    /// T
    pub user: UserId,
    /// T
    pub version: i32,
    /// T
    pub session: Option<Uuid>,
    /// T
    pub lifetime: std::time::Duration,
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// `sub`: the user.
    pub user: UserId,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
    /// The key under which it is revoked: SHA-256 of what it signs, which
    /// tokens without a `jti` have too.
    pub key: [u8; 32],
    /// T
    pub issued_at: DateTime<Utc>,
    /// T
    pub session: Option<Uuid>,
    /// T
    pub version: Option<i32>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    sub: String,
    exp: i64,
    #[serde(skip_deserializing)]
    iat: i64,
    #[serde(skip_deserializing)]
    jti: String,
}

/// Issues and verifies tokens with one secret.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime: chrono::Duration,
}

impl Tokens {
    /// Makes the keys from the configured secret.
    pub fn new(config: &AuthConfig) -> Self {
        hmac::install();
        let secret = config.jwt_secret.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["sub", "exp"]);
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            lifetime: chrono::Duration::seconds(config.token_lifetime.as_secs() as i64),
        }
    }

    /// Issues a token for a user.
    ///
    /// # Errors
    ///
    /// [`TokenError::Malformed`] when signing failed.
    pub fn issue(&self, grant: &Grant) -> Result<String, TokenError> {
        let now = Utc::now();
        let payload = Payload {
            sub: grant.user.to_string(),
            exp: (now + grant.lifetime).timestamp(),
            iat: now.timestamp(),
            jti: Uuid::new_v4().to_string(),
        };
        encode(&Header::new(Algorithm::HS256), &payload, &self.encoding)
            .map_err(|_| TokenError::Malformed)
    }

    /// Verifies a token's signature and times; not whether it was revoked.
    ///
    /// # Errors
    ///
    /// [`TokenError`] says why it is not usable.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::TooLong);
        }
        // RFC 7515 section 4.1.11: extensions that are not understood are refused.
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        if header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let payload = decode::<Payload>(token, &self.decoding, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => TokenError::Signature,
                ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Malformed,
            })?
            .claims;
        let (signed, _) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        Ok(Claims {
            user: user(&payload.sub).ok_or(TokenError::Malformed)?,
            expires_at: DateTime::from_timestamp(payload.exp, 0).ok_or(TokenError::Malformed)?,
            key: sha256(signed.as_bytes()), issued_at: Utc::now(), session: None, version: None,
        })
    }
}

/// Reads `sub`: digits alone, as ids are written.
fn user(sub: &str) -> Option<UserId> {
    let id: i32 = sub.parse().ok()?;
    (id > 0 && id.to_string() == sub).then_some(UserId(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::time::Duration;

    const SECRET: &str = "a secret of thirty-two characters";

    fn tokens() -> Tokens {
        Tokens::new(&AuthConfig {
            jwt_secret: SECRET.into(),
            token_lifetime: Duration::from_secs(3600),
            password_min_length: 12,
        })
    }

    fn in_seconds(seconds: i64) -> i64 {
        Utc::now().timestamp() + seconds
    }

    /// Signs whatever is given, correctly.
    fn signed(header: &Value, payload: &Value, secret: &str) -> String {
        let part = |value: &Value| base64_url(value.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(payload));
        let signature = hmac::sign(secret.as_bytes(), message.as_bytes()).unwrap();
        format!("{message}.{}", base64_url(&signature))
    }

    fn base64_url(bytes: &[u8]) -> String {
        let text = openssl::base64::encode_block(bytes);
        text.trim_end_matches('=').replace('+', "-").replace('/', "_")
    }

    fn refusal(header: &Value, payload: &Value) -> TokenError {
        tokens().verify(&signed(header, payload, SECRET)).unwrap_err()
    }

    #[test]
    fn an_issued_token_names_its_user_until_it_expires() {
        let claims = tokens().verify(&tokens().issue(UserId(42)).unwrap()).unwrap();

        assert_eq!(claims.user, UserId(42));
        let left = claims.expires_at - Utc::now();
        assert!(left.num_seconds() > 3590 && left.num_seconds() <= 3600, "{left}");
    }

    #[test]
    fn two_tokens_of_one_second_are_revoked_apart() {
        let tokens = tokens();
        let [first, second] = [(), ()].map(|()| tokens.issue(UserId(1)).unwrap());

        assert_ne!(tokens.verify(&first).unwrap().key, tokens.verify(&second).unwrap().key);
    }

    #[test]
    fn a_token_of_the_service_that_shares_the_secret_is_valid() {
        let payload = json!({"sub": "7", "iat": in_seconds(0), "exp": in_seconds(60)});
        let token = signed(&json!({"alg": "HS256", "typ": "JWT"}), &payload, SECRET);

        assert_eq!(tokens().verify(&token).unwrap().user, UserId(7));
    }

    #[test]
    fn a_signature_with_another_secret_is_refused() {
        let payload = json!({"sub": "7", "exp": in_seconds(60)});
        let token =
            signed(&json!({"alg": "HS256"}), &payload, "another secret, as long as the first is");

        assert_eq!(tokens().verify(&token), Err(TokenError::Signature));
    }

    #[test]
    fn every_changed_character_makes_a_token_unusable() {
        let token = tokens().issue(UserId(1)).unwrap();
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(tokens().verify(&changed).is_err(), "at {index}");
        }
    }

    #[test]
    fn no_algorithm_but_ours_is_accepted() {
        let payload = json!({"sub": "7", "exp": in_seconds(60)});
        for algorithm in ["none", "None", "nOnE", "HS384", "HS512", "RS256", "ES256"] {
            assert_eq!(refusal(&json!({"alg": algorithm}), &payload), TokenError::Malformed);
        }
        let (message, _) = tokens()
            .issue(UserId(1))
            .map(|token| token.rsplit_once('.').map(|(m, s)| (m.to_owned(), s.to_owned())).unwrap())
            .unwrap();
        assert!(tokens().verify(&format!("{message}.")).is_err());
    }

    #[test]
    fn an_expired_token_is_refused() {
        let header = json!({"alg": "HS256"});

        assert_eq!(
            refusal(&header, &json!({"sub": "7", "exp": in_seconds(-10)})),
            TokenError::Expired
        );
        assert_eq!(
            refusal(&header, &json!({"sub": "7", "exp": in_seconds(60), "nbf": in_seconds(30)})),
            TokenError::Malformed
        );
    }

    #[test]
    fn a_token_that_lacks_or_misspells_a_claim_is_refused() {
        let payloads = [
            json!({"sub": "7"}),
            json!({"exp": in_seconds(60)}),
            json!({"sub": 7, "exp": in_seconds(60)}),
            json!({"sub": "+7", "exp": in_seconds(60)}),
            json!({"sub": "0", "exp": in_seconds(60)}),
            json!({"sub": "-7", "exp": in_seconds(60)}),
            json!({"sub": "99999999999", "exp": in_seconds(60)}),
            json!({"sub": "7", "exp": "tomorrow"}),
            json!({"sub": "7", "exp": i64::MAX}),
            json!({"sub": "7", "exp": in_seconds(60), "aud": "another service"}),
            json!([]),
        ];
        for payload in payloads {
            assert_eq!(
                refusal(&json!({"alg": "HS256"}), &payload),
                TokenError::Malformed,
                "{payload}"
            );
        }
    }

    #[test]
    fn critical_extensions_and_long_tokens_are_refused() {
        let payload = json!({"sub": "7", "exp": in_seconds(60)});
        let header = json!({"alg": "HS256", "crit": ["b64"], "b64": false});
        assert_eq!(refusal(&header, &payload), TokenError::Malformed);

        let long = json!({"sub": "7", "exp": in_seconds(60), "more": "x".repeat(MAX_BYTES)});
        assert_eq!(refusal(&json!({"alg": "HS256"}), &long), TokenError::TooLong);
    }

    #[test]
    fn nonsense_is_refused() {
        for token in ["", ".", "..", "...", "a.b.c", "é.é.é", "\0", "eyJ.eyJ.eyJ"] {
            assert!(tokens().verify(token).is_err(), "{token:?}");
        }
    }
}
