//! The keys of our tokens: one algorithm, a current key that signs, and the ones
//! before it that still verify until their tokens have expired.
//!
//! A token names its key by `kid`, which is looked up in a map: never a path, never a
//! query. A `kid` follows from its key, so that replicas agree without being told.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use openssl::error::ErrorStack;
use openssl::pkey::{HasPublic, PKey};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::auth::signature;
use crate::config::{AuthConfig, SigningAlgorithm};
use crate::digest::{hmac, sha256};

/// Bytes of a secret's `kid`: enough to tell a few secrets apart.
const SECRET_KID_BYTES: usize = 12;

/// Why there is nothing to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The settings name no key for their algorithm.
    #[error("there is no key for the algorithm of the tokens")]
    Missing,
    /// A key is of another kind than the algorithm asks for, or too short.
    #[error("a key does not suit the algorithm of the tokens")]
    Unsuitable,
    /// OpenSSL failed.
    #[error("the keys of the tokens cannot be prepared")]
    OpenSsl(#[from] ErrorStack),
}

/// What tokens are signed and verified with.
#[derive(Clone)]
pub struct Keyring {
    algorithm: Algorithm,
    current_kid: String,
    encoding: EncodingKey,
    verifying: HashMap<String, DecodingKey>,
    /// Shared secrets, the current one first: for tokens without `kid`.
    secrets: Vec<DecodingKey>,
    jwks: Vec<Value>,
}

impl Keyring {
    /// Prepares the configured keys.
    ///
    /// # Errors
    ///
    /// [`KeyError`] says what is wrong with them.
    pub fn new(config: &AuthConfig) -> Result<Self, KeyError> {
        signature::install();
        match config.algorithm {
            SigningAlgorithm::Hs256 => Self::of_secrets(config),
            SigningAlgorithm::EdDsa => Self::of_pairs(config, Algorithm::EdDSA),
            SigningAlgorithm::Rs256 => Self::of_pairs(config, Algorithm::RS256),
        }
    }

    /// The algorithm that tokens are signed with; no other is accepted.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public keys as a JSON Web Key Set (RFC 7517), those before included. It is
    /// empty for HS256, whose keys are not to be told.
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.jwks })
    }

    /// The key to sign with, and its `kid`.
    pub(super) fn current(&self) -> (&str, &EncodingKey) {
        (&self.current_kid, &self.encoding)
    }

    /// The key that a token names.
    pub(super) fn find(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifying.get(kid)
    }

    /// The keys of tokens that name none, the likeliest first: secrets alone.
    pub(super) fn secrets(&self) -> &[DecodingKey] {
        &self.secrets
    }

    fn of_secrets(config: &AuthConfig) -> Result<Self, KeyError> {
        let secret = config.jwt_secret.as_ref().ok_or(KeyError::Missing)?;
        let bytes = secret.expose_secret().as_bytes();
        let mut ring = Self {
            algorithm: Algorithm::HS256,
            current_kid: secret_kid(bytes),
            encoding: EncodingKey::from_secret(bytes),
            verifying: HashMap::new(),
            secrets: Vec::new(),
            jwks: Vec::new(),
        };
        for secret in std::iter::once(secret).chain(&config.jwt_secrets_previous) {
            let bytes = secret.expose_secret().as_bytes();
            ring.verifying.insert(secret_kid(bytes), DecodingKey::from_secret(bytes));
            ring.secrets.push(DecodingKey::from_secret(bytes));
        }
        Ok(ring)
    }

    fn of_pairs(config: &AuthConfig, algorithm: Algorithm) -> Result<Self, KeyError> {
        let pair = config.jwt_key.as_ref().ok_or(KeyError::Missing)?;
        let private = pair.private_key_to_pkcs8()?;
        let current = PublicKey::new(pair, algorithm)?;
        let mut ring = Self {
            algorithm,
            current_kid: current.kid.clone(),
            encoding: match algorithm {
                Algorithm::RS256 => EncodingKey::from_rsa_der(&private),
                _ => EncodingKey::from_ed_der(&private),
            },
            verifying: HashMap::new(),
            secrets: Vec::new(),
            jwks: Vec::new(),
        };
        ring.insert(current);
        for key in &config.jwt_keys_previous {
            ring.insert(PublicKey::new(key, algorithm)?);
        }
        Ok(ring)
    }

    fn insert(&mut self, key: PublicKey) {
        // A file named twice is one key.
        if self.verifying.insert(key.kid, key.decoding).is_none() {
            self.jwks.push(key.jwk);
        }
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring")
            .field("algorithm", &self.algorithm)
            .field("current", &self.current_kid)
            .finish_non_exhaustive()
    }
}

/// A public key in the forms in which it is verified with and published.
struct PublicKey {
    kid: String,
    decoding: DecodingKey,
    jwk: Value,
}

impl PublicKey {
    fn new<T: HasPublic>(key: &PKey<T>, algorithm: Algorithm) -> Result<Self, KeyError> {
        if !signature::suits(key, algorithm) {
            return Err(KeyError::Unsuitable);
        }
        let der = key.public_key_to_der()?;
        // RFC 7638 section 3.2: the required members alone, in the order of their names.
        let (required, decoding, name) = if algorithm == Algorithm::RS256 {
            let rsa = key.rsa()?;
            let (e, n) = (base64_url(&rsa.e().to_vec()), base64_url(&rsa.n().to_vec()));
            let required = json!({ "e": e, "kty": "RSA", "n": n });
            (required, DecodingKey::from_rsa_der(&der), "RS256")
        } else {
            let x = base64_url(&key.raw_public_key()?);
            let required = json!({ "crv": "Ed25519", "kty": "OKP", "x": x });
            (required, DecodingKey::from_ed_der(&der), "EdDSA")
        };
        let kid = base64_url(&sha256(required.to_string().as_bytes()));
        let mut jwk = required;
        for (member, value) in [("use", "sig"), ("alg", name), ("kid", &kid)] {
            jwk[member] = value.into();
        }
        Ok(Self { kid, decoding, jwk })
    }
}

/// Names a secret without telling anything of it.
fn secret_kid(secret: &[u8]) -> String {
    base64_url(&hmac(secret, b"wathiqa kid")[..SECRET_KID_BYTES])
}

fn base64_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNum;
    use openssl::pkey::Id;
    use openssl::rsa::Rsa;

    use super::*;

    fn decoded(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    #[test]
    fn the_thumbprint_of_rfc_7638_is_the_kid_of_its_key() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_\
                 BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_\
                 FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4\
                 vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let number = |text| BigNum::from_slice(&decoded(text)).unwrap();
        let rsa = Rsa::from_public_components(number(n), number("AQAB")).unwrap();

        let key = PublicKey::new(&PKey::from_rsa(rsa).unwrap(), Algorithm::RS256).unwrap();

        assert_eq!(key.kid, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(key.jwk["n"], n);
        assert_eq!(key.jwk["use"], "sig");
    }

    #[test]
    fn the_thumbprint_of_rfc_8037_is_the_kid_of_its_key() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = PKey::public_key_from_raw_bytes(&decoded(x), Id::ED25519).unwrap();

        let key = PublicKey::new(&key, Algorithm::EdDSA).unwrap();

        assert_eq!(key.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let members = ["kty", "crv", "x", "use", "alg", "kid"];
        assert!(members.iter().all(|member| key.jwk[member].is_string()), "{}", key.jwk);
        assert_eq!(key.jwk.as_object().unwrap().len(), members.len());
    }

    #[test]
    fn a_secret_is_named_without_being_told() {
        let kid = secret_kid(b"0123456789abcdef0123456789abcdef");

        assert_eq!(kid.len(), 16);
        assert_ne!(kid, secret_kid(b"0123456789abcdef0123456789abcdeg"));
    }

    #[test]
    fn a_short_rsa_key_is_unsuitable() {
        let key = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();

        assert!(matches!(PublicKey::new(&key, Algorithm::RS256), Err(KeyError::Unsuitable)));
    }
}
