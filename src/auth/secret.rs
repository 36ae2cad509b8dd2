//! Secrets that a client is shown once and that are stored as digests: refresh tokens,
//! invitations, keys.

use openssl::base64::encode_block;
use openssl::error::ErrorStack;
use openssl::rand::rand_bytes;

use crate::digest::{hmac, sha256};

/// Octets of randomness: nobody guesses these, so a fast digest keeps them.
const OCTETS: usize = 32;

/// What kind of secret a text is, by how it begins; scanners for leaked secrets know such
/// beginnings too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// The key of a server.
    ApiKey,
    /// A refresh token.
    Refresh,
    /// An invitation.
    Invitation,
}

impl SecretKind {
    /// How its secrets begin.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ApiKey => "wqk_",
            Self::Refresh => "wqr_",
            Self::Invitation => "wqi_",
        }
    }
}

/// Makes a new secret.
///
/// # Errors
///
/// When OpenSSL has no randomness.
pub fn generate(kind: SecretKind) -> Result<String, ErrorStack> {
    Ok(spell(kind, &random()?))
}

/// Makes 256 random bits.
///
/// # Errors
///
/// When OpenSSL has no randomness.
pub fn random() -> Result<[u8; OCTETS], ErrorStack> {
    let mut octets = [0; OCTETS];
    rand_bytes(&mut octets)?;
    Ok(octets)
}

/// The digest under which a secret is stored; none when the text is no secret of the kind.
pub fn digest(kind: SecretKind, text: &str) -> Option<[u8; 32]> {
    let length = kind.prefix().len() + (OCTETS * 4).div_ceil(3);
    let is_one = text.len() == length && text.starts_with(kind.prefix());
    is_one.then(|| sha256(text.as_bytes()))
}

/// The refresh token that follows `token`: made of it and of `salt`, which is stored, so
/// that neither the database nor the client alone can make it.
pub fn successor(token: &str, salt: &[u8]) -> String {
    spell(SecretKind::Refresh, &hmac(token.as_bytes(), salt))
}

/// RFC 4648, section 5, without padding.
fn spell(kind: SecretKind, octets: &[u8]) -> String {
    let text = encode_block(octets).replace('+', "-").replace('/', "_");
    format!("{}{}", kind.prefix(), text.trim_end_matches('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_digest_and_its_kind() {
        let key = generate(SecretKind::ApiKey).unwrap();

        assert!(digest(SecretKind::ApiKey, &key).is_some());
        assert_eq!(digest(SecretKind::Refresh, &key), None);
        assert_eq!(digest(SecretKind::ApiKey, &key[..key.len() - 1]), None);
        assert_eq!(digest(SecretKind::ApiKey, "wqk_"), None);
        assert_ne!(key, generate(SecretKind::ApiKey).unwrap());
    }

    #[test]
    fn a_successor_is_a_refresh_token_and_always_the_same() {
        let token = generate(SecretKind::Refresh).unwrap();

        let next = successor(&token, b"salt");

        assert!(digest(SecretKind::Refresh, &next).is_some());
        assert_eq!(next, successor(&token, b"salt"));
        assert_ne!(next, successor(&token, b"other"));
        assert_ne!(next, token);
    }
}
