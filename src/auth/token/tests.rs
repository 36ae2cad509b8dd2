//! Tokens as we make them, as the service that shares the secret makes them, and as
//! somebody makes them who wants to be let in.

use std::io::Write;

use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use serde_json::json;
use tempfile::NamedTempFile;

use super::*;
use crate::config::Config;
use crate::digest;

const SECRET: &str = "a secret of thirty-two characters";
const BEFORE: &str = "the secret that was used before it";

fn config(variables: &[(&str, &str)]) -> AuthConfig {
    let required = [("DATABASE_URL", "postgres://nobody@localhost/none"), ("JWT_SECRET", SECRET)];
    let value = |name: &str| {
        let mut all = variables.iter().chain(&required);
        all.find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    Config::from_lookup(&value).unwrap().auth
}

fn tokens_with(variables: &[(&str, &str)]) -> Tokens {
    Tokens::new(&config(variables)).unwrap()
}

fn tokens() -> Tokens {
    tokens_with(&[])
}

/// A service that signs with a key pair, and accepts those before.
fn tokens_of_pair(algorithm: &str, pair: &PKey<Private>, before: &[&PKey<Private>]) -> Tokens {
    let file = |pem: Vec<u8>| {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(&pem).unwrap();
        file
    };
    let path = |file: &NamedTempFile| file.path().to_str().unwrap().to_owned();
    let current = file(pair.private_key_to_pem_pkcs8().unwrap());
    let before: Vec<_> = before.iter().map(|key| file(key.public_key_to_pem().unwrap())).collect();
    let previous: Vec<_> = before.iter().map(path).collect();
    tokens_with(&[
        ("JWT_ALGORITHM", algorithm),
        ("JWT_KEY_FILE", &path(&current)),
        ("JWT_KEY_FILES_PREVIOUS", &previous.join(",")),
    ])
}

fn ed25519() -> PKey<Private> {
    PKey::generate_ed25519().unwrap()
}

fn rsa() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()
}

fn grant() -> Grant {
    Grant { user: UserId(7), version: 3, session: None, lifetime: Duration::from_secs(900) }
}

fn in_seconds(seconds: i64) -> i64 {
    Utc::now().timestamp() + seconds
}

/// Signs whatever is given with HS256, correctly.
fn signed(header: &Value, payload: &Value, secret: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(payload));
    let signature = digest::hmac(secret, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn own_header() -> Value {
    json!({"alg": "HS256", "typ": "at+jwt", "kid": tokens().keys().current().0})
}

fn own_payload() -> Value {
    json!({
        "iss": "wathiqa", "aud": "wathiqa", "sub": "7", "iat": in_seconds(0),
        "exp": in_seconds(60), "jti": "1", "ver": 0,
    })
}

fn legacy_header() -> Value {
    json!({"alg": "HS256", "typ": "JWT"})
}

fn legacy_payload() -> Value {
    json!({"sub": "7", "iat": in_seconds(0), "exp": in_seconds(60)})
}

/// The value with one member set, or taken out when it is null.
fn with(mut value: Value, member: &str, other: Value) -> Value {
    match other {
        Value::Null => value.as_object_mut().unwrap().shift_remove(member),
        other => value.as_object_mut().unwrap().insert(member.to_owned(), other),
    };
    value
}

fn outcome(header: &Value, payload: &Value) -> Result<Claims, TokenError> {
    tokens().verify(&signed(header, payload, SECRET.as_bytes()))
}

fn refusal(header: &Value, payload: &Value) -> TokenError {
    outcome(header, payload).unwrap_err()
}

mod keys;
mod legacy;
mod own;
