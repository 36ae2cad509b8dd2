//! Sign-in at an OpenID provider (OpenID Connect Core 1.0): the ID token that it gave
//! to a client is verified here, with the keys that it publishes.
//!
//! The provider is asked at the first token, never at the start: one that is away
//! stops its own users from signing in and nothing else.

mod jwk;
mod provider;
#[cfg(test)]
mod tests;
mod token;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::auth::signature;
use crate::config::OidcConfig;
pub use provider::ProviderError;
use provider::{Pace, Provider};
pub use token::Refusal;

/// Who signed in at the provider. `issuer` and `subject` together name an account for
/// good; an e-mail address may change hands.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// `iss`.
    pub issuer: String,
    /// `sub`: the provider's own name for the user.
    pub subject: String,
    /// `email`.
    pub email: Option<String>,
    /// `email_verified`: without it the address is a mere claim.
    pub email_verified: bool,
    /// `name`.
    pub name: Option<String>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The ID token is not usable: 401. Clients are told nothing of the reason.
    #[error("the ID token is not usable: {0}")]
    Unusable(#[from] Refusal),
    /// Whether it is cannot be told now: 503.
    #[error("the OpenID provider is of no use: {0}")]
    Away(#[from] ProviderError),
}

/// Verifies the ID tokens of one provider. Clones share its keys.
#[derive(Clone)]
pub struct OidcVerifier {
    config: OidcConfig,
    provider: Arc<Provider>,
}

impl OidcVerifier {
    /// Prepares to ask the provider; does not ask it yet.
    ///
    /// # Errors
    ///
    /// [`OidcError::Away`] when this machine can make no TLS connection at all.
    pub fn new(config: &OidcConfig) -> Result<Self, OidcError> {
        Self::with_pace(config, Pace::default())
    }

    fn with_pace(config: &OidcConfig, pace: Pace) -> Result<Self, OidcError> {
        signature::install();
        let provider = Arc::new(Provider::new(&config.issuer, pace)?);
        Ok(Self { config: config.clone(), provider })
    }

    /// Tells who an ID token speaks of. The caller gives the `nonce` that it, or its
    /// client, asked the provider with; a token that carries one is refused without.
    ///
    /// # Errors
    ///
    /// [`OidcError::Unusable`] when the token is refused, [`OidcError::Away`] when the
    /// provider cannot be asked for its keys.
    pub async fn verify(&self, id_token: &str, nonce: Option<&str>) -> Result<Identity, OidcError> {
        let header = token::header(id_token)?;
        let key = self.provider.key(&header).await?.ok_or(Refusal::UnknownKey)?;
        Ok(token::verify(id_token, &key, &self.config, nonce)?)
    }
}

impl std::fmt::Debug for OidcVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcVerifier").field("config", &self.config).finish_non_exhaustive()
    }
}
