//! What an ID token has to say (OpenID Connect Core 1.0, section 3.1.3.7).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::auth::oidc::Identity;
use crate::auth::oidc::jwk::Key;
use crate::config::OidcConfig;

/// Some providers list groups; none that we know of comes near.
const MAX_BYTES: usize = 16 * 1024;
/// Seconds by which the clocks of two machines may differ.
const LEEWAY: u64 = 5;
/// Seconds: a token from further in the future was made by a clock that is wrong.
const MAX_EARLY: i64 = 60;
/// Section 2 of the standard.
const MAX_SUBJECT: usize = 255;

/// Why an ID token is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than any that we know of.
    #[error("it is too long")]
    TooLong,
    /// Not a token, another algorithm, a missing or misshapen claim.
    #[error("it is malformed")]
    Malformed,
    /// It names a key that the provider does not publish, or none among several.
    #[error("it names no key of the provider")]
    UnknownKey,
    /// The signature is not the provider's.
    #[error("its signature is wrong")]
    Signature,
    /// Of another issuer, for another client or another use.
    #[error("it was made by or for somebody else, or for another use")]
    Foreign,
    /// Not the answer to this question: another one's, or used before.
    #[error("its nonce is not the one that was asked with")]
    Nonce,
    /// It has expired.
    #[error("it has expired")]
    Expired,
}

/// What the header says of the key.
pub(super) struct TokenHeader {
    pub(super) kid: Option<String>,
    pub(super) algorithm: Algorithm,
}

#[derive(Deserialize)]
struct IdClaims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    azp: Option<String>,
    nonce: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Reads what leads to the key. Nothing of it is believed yet.
pub(super) fn header(id_token: &str) -> Result<TokenHeader, Refusal> {
    if id_token.len() > MAX_BYTES {
        return Err(Refusal::TooLong);
    }
    let (header, _) = id_token.split_once('.').ok_or(Refusal::Malformed)?;
    let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| Refusal::Malformed)?;
    let header: Map<String, Value> =
        serde_json::from_slice(&header).map_err(|_| Refusal::Malformed)?;
    let algorithm = match header.get("alg").and_then(Value::as_str) {
        Some("RS256") => Algorithm::RS256,
        Some("ES256") => Algorithm::ES256,
        _ => return Err(Refusal::Malformed),
    };
    let kid = match header.get("kid") {
        None => None,
        Some(Value::String(kid)) => Some(kid.clone()),
        Some(_) => return Err(Refusal::UnknownKey),
    };
    if header.contains_key("crit") {
        return Err(Refusal::Malformed);
    }
    match header.get("typ") {
        None => {}
        Some(Value::String(name)) if name.eq_ignore_ascii_case("JWT") => {}
        // An access token or a log-out token of the same provider.
        Some(_) => return Err(Refusal::Foreign),
    }
    Ok(TokenHeader { kid, algorithm })
}

/// Verifies a token with the key that it named.
pub(super) fn verify(
    id_token: &str,
    key: &Key,
    config: &OidcConfig,
    nonce: Option<&str>,
) -> Result<Identity, Refusal> {
    let mut validation = Validation::new(key.algorithm);
    validation.leeway = LEEWAY;
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    validation.set_issuer(&[&config.issuer]);
    validation.set_audience(&[&config.client_id]);
    let claims = decode::<IdClaims>(id_token, &key.decoding, &validation)
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => Refusal::Signature,
            ErrorKind::ExpiredSignature => Refusal::Expired,
            ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => Refusal::Foreign,
            _ => Refusal::Malformed,
        })?
        .claims;
    if !claims.aud.is_for(&config.client_id, claims.azp.as_deref()) || claims.iss != config.issuer {
        return Err(Refusal::Foreign);
    }
    // Equal or both missing: a token that answers a question is refused without it.
    if claims.nonce.as_deref() != nonce {
        return Err(Refusal::Nonce);
    }
    if claims.sub.is_empty() || claims.sub.len() > MAX_SUBJECT {
        return Err(Refusal::Malformed);
    }
    if claims.iat > Utc::now().timestamp() + MAX_EARLY {
        return Err(Refusal::Malformed);
    }
    Ok(Identity {
        issuer: claims.iss,
        subject: claims.sub,
        email: claims.email,
        // Some providers write the word.
        email_verified: claims.email_verified == true || claims.email_verified == "true",
        name: claims.name,
        expires_at: DateTime::from_timestamp(claims.exp, 0).ok_or(Refusal::Malformed)?,
    })
}

impl Audience {
    /// Whether the token is for this client. One for several says to whom it was given.
    fn is_for(&self, client: &str, given_to: Option<&str>) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Several(several) => match several.as_slice() {
                [one] => one == client,
                several => several.iter().any(|one| one == client) && given_to == Some(client),
            },
        }
    }
}
