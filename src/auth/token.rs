//! Bearer tokens: JWT (RFC 7519) in the profile of RFC 9068, with one algorithm.
//!
//! Our own tokens name their key, issuer, audience and type, and all of them are
//! demanded. Another service that shares the secret may sign tokens too, while the
//! settings let it: those are of the *legacy profile*, `sub`, `iat` and `exp` and no key.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{DecodingKey, Header, Validation, decode, encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::auth::UserId;
use crate::auth::keys::{KeyError, Keyring};
use crate::config::AuthConfig;
use crate::digest::sha256;

/// No token of ours comes near; checked before anything is decoded.
const MAX_BYTES: usize = 8 * 1024;
/// Seconds by which the clocks of two machines may differ.
const LEEWAY: u64 = 5;
/// Seconds: a token from further in the future was not made by anybody we trust.
const MAX_EARLY: i64 = 60;
/// RFC 9068 section 2.1: an ID token or a token of another use is none of these.
const TYPE: &str = "at+jwt";

/// Why a token is not usable. Clients are told nothing of it; logs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than any token of ours.
    #[error("the token is too long")]
    TooLong,
    /// Not a token, another algorithm, a missing or misshapen claim.
    #[error("the token is malformed")]
    Malformed,
    /// It names a key that is none of ours, or none where it has to.
    #[error("the token names no key of ours")]
    UnknownKey,
    /// The signature is not ours.
    #[error("the token's signature is wrong")]
    Signature,
    /// Of another issuer, for another audience or of another type.
    #[error("the token was made by or for somebody else, or for another use")]
    Foreign,
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

/// What a token is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// `sub`: the user.
    pub user: UserId,
    /// `ver`: the version of the user's rights; tokens of an earlier one are void.
    pub version: i32,
    /// `sid`: the session that the token belongs to.
    pub session: Option<Uuid>,
    /// From now to `exp`.
    pub lifetime: Duration,
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// `sub`: the user.
    pub user: UserId,
    /// `iat`.
    pub issued_at: DateTime<Utc>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
    /// The key under which it is revoked: SHA-256 of what it signs, which
    /// tokens without a `jti` have too.
    pub key: [u8; 32],
    /// `sid`.
    pub session: Option<Uuid>,
    /// `ver`; none in the legacy profile.
    pub version: Option<i32>,
}

/// The claims of our own tokens.
#[derive(Serialize, Deserialize)]
struct Payload {
    iss: String,
    aud: Audience,
    sub: String,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    ver: i32,
}

/// The claims of the legacy profile. `iss` and `aud` are compared where there are any.
/// Whatever says more was made for another use, however well it is signed; `jti` is in
/// the tokens of this service before it had a profile of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegacyPayload {
    sub: String,
    iat: i64,
    exp: i64,
    #[serde(default, deserialize_with = "not_null")]
    iss: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    aud: Option<Audience>,
    #[serde(default, deserialize_with = "not_null", rename = "nbf")]
    _nbf: Option<i64>,
    #[serde(default, deserialize_with = "not_null", rename = "jti")]
    _jti: Option<String>,
}

/// One audience or several.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn contains(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

/// Reads a member that may be missing, but not null.
fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Issues and verifies tokens with the configured keys.
#[derive(Clone)]
pub struct Tokens {
    keys: Keyring,
    issuer: String,
    audience: String,
    accepts_legacy: bool,
    validation: Validation,
}

impl Tokens {
    /// Prepares the configured keys.
    ///
    /// # Errors
    ///
    /// [`KeyError`] says what is wrong with them.
    pub fn new(config: &AuthConfig) -> Result<Self, KeyError> {
        let keys = Keyring::new(config)?;
        let mut validation = Validation::new(keys.algorithm());
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["sub", "exp"]);
        // What is required besides depends on the profile: see `verify`.
        validation.validate_aud = false;
        Ok(Self {
            keys,
            issuer: config.token_issuer.clone(),
            audience: config.token_audience.clone(),
            accepts_legacy: config.legacy_tokens,
            validation,
        })
    }

    /// The keys, whose public halves other services may ask for.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Issues a token.
    ///
    /// # Errors
    ///
    /// [`TokenError::Malformed`] when signing failed.
    pub fn issue(&self, grant: &Grant) -> Result<String, TokenError> {
        let now = Utc::now();
        let lifetime = i64::try_from(grant.lifetime.as_secs()).unwrap_or(i64::MAX);
        let payload = Payload {
            iss: self.issuer.clone(),
            aud: Audience::One(self.audience.clone()),
            sub: grant.user.to_string(),
            iat: now.timestamp(),
            exp: now.timestamp().saturating_add(lifetime),
            jti: Uuid::new_v4().to_string(),
            sid: grant.session,
            ver: grant.version,
        };
        let (kid, key) = self.keys.current();
        let mut header = Header::new(self.keys.algorithm());
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(kid.to_owned());
        encode(&header, &payload, key).map_err(|_| TokenError::Malformed)
    }

    /// Verifies a token's signature, profile and times; not whether it was revoked.
    ///
    /// # Errors
    ///
    /// [`TokenError`] says why it is not usable.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::TooLong);
        }
        let (signed, _) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let header = header(signed).ok_or(TokenError::Malformed)?;
        // RFC 7515 section 4.1.11: extensions that are not understood are refused.
        if header.contains_key("crit") {
            return Err(TokenError::Malformed);
        }
        // Whoever names a key is held to it: there is no second try with another one.
        let claims = match header.get("kid") {
            Some(Value::String(kid)) => self.verify_own(token, &header, kid)?,
            Some(_) => return Err(TokenError::UnknownKey),
            None => self.verify_legacy(token, &header)?,
        };
        if claims.issued_at.timestamp() > Utc::now().timestamp() + MAX_EARLY {
            return Err(TokenError::Malformed);
        }
        Ok(Claims { key: sha256(signed.as_bytes()), ..claims })
    }

    fn verify_own(
        &self,
        token: &str,
        header: &Map<String, Value>,
        kid: &str,
    ) -> Result<Claims, TokenError> {
        let key = self.keys.find(kid).ok_or(TokenError::UnknownKey)?;
        let payload: Payload = self.payload(token, key)?;
        let is_ours = header.get("typ").and_then(Value::as_str) == Some(TYPE)
            && payload.iss == self.issuer
            && payload.aud.contains(&self.audience);
        if !is_ours {
            return Err(TokenError::Foreign);
        }
        let claims = claims(&payload.sub, payload.iat, payload.exp)?;
        Ok(Claims { session: payload.sid, version: Some(payload.ver), ..claims })
    }

    fn verify_legacy(
        &self,
        token: &str,
        header: &Map<String, Value>,
    ) -> Result<Claims, TokenError> {
        if !self.accepts_legacy {
            return Err(TokenError::UnknownKey);
        }
        let mut outcome = Err(TokenError::UnknownKey);
        for key in self.keys.secrets() {
            outcome = self.payload::<LegacyPayload>(token, key);
            if !matches!(outcome, Err(TokenError::Signature)) {
                break;
            }
        }
        let payload = outcome?;
        let is_plain = match header.get("typ") {
            None => true,
            Some(Value::String(name)) => name.eq_ignore_ascii_case("JWT"),
            Some(_) => false,
        };
        let is_foreign = payload.iss.is_some_and(|issuer| issuer != self.issuer)
            || payload.aud.is_some_and(|audience| !audience.contains(&self.audience));
        if !is_plain || is_foreign {
            return Err(TokenError::Foreign);
        }
        claims(&payload.sub, payload.iat, payload.exp)
    }

    fn payload<T: DeserializeOwned>(
        &self,
        token: &str,
        key: &DecodingKey,
    ) -> Result<T, TokenError> {
        match decode::<T>(token, key, &self.validation) {
            Ok(data) => Ok(data.claims),
            Err(error) => Err(fault(&error)),
        }
    }
}

fn fault(error: &Error) -> TokenError {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenError::Signature,
        ErrorKind::ExpiredSignature => TokenError::Expired,
        _ => TokenError::Malformed,
    }
}

/// Reads the header of what is signed. Members that no one here looks at are left to
/// jsonwebtoken, which refuses those it knows in another form or twice.
fn header(signed: &str) -> Option<Map<String, Value>> {
    let (header, _) = signed.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
}

/// What both profiles say.
fn claims(sub: &str, iat: i64, exp: i64) -> Result<Claims, TokenError> {
    let time = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(TokenError::Malformed);
    Ok(Claims {
        user: user(sub).ok_or(TokenError::Malformed)?,
        issued_at: time(iat)?,
        expires_at: time(exp)?,
        key: [0; 32],
        session: None,
        version: None,
    })
}

/// Reads `sub`: digits alone, as ids are written.
fn user(sub: &str) -> Option<UserId> {
    let id: i32 = sub.parse().ok()?;
    (id > 0 && id.to_string() == sub).then_some(UserId(id))
}

#[cfg(test)]
mod tests;
