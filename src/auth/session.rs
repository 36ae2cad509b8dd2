//! From a bearer token to a caller, and back out again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::auth::revocation::Revocations;
use crate::auth::{Grant, KeyError, TokenError, Tokens, UserId};
use crate::config::AuthConfig;
use crate::store::users::{self, Membership};
use crate::store::{Store, StoreError};

/// A deleted or moved user is noticed within this time.
const REMEMBERED_FOR: Duration = Duration::from_secs(1);
/// Callers remembered before the stale ones are swept out.
const REMEMBERED: usize = 1024;

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
    shared: Arc<Shared>,
}

struct Shared {
    tokens: Tokens,
    token_lifetime: Duration,
    store: Store,
    revocations: Revocations,
    callers: Mutex<HashMap<UserId, (Instant, Membership)>>,
}

impl Sessions {
    /// Makes the sessions of a service.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when there is nothing to sign tokens with.
    pub fn new(config: &AuthConfig, store: Store) -> Result<Self, KeyError> {
        let shared = Shared {
            tokens: Tokens::new(config)?,
            token_lifetime: config.token_lifetime,
            revocations: Revocations::new(store.clone()),
            store,
            callers: Mutex::default(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Issues a token for a user whose password was right.
    ///
    /// # Errors
    ///
    /// [`AuthError::Token`] when signing failed.
    pub fn issue(&self, user: UserId) -> Result<String, AuthError> {
        let lifetime = self.shared.token_lifetime;
        Ok(self.shared.tokens.issue(&Grant { user, version: 0, session: None, lifetime })?)
    }

    /// Tells whom a token speaks for.
    ///
    /// # Errors
    ///
    /// [`AuthError::Token`] when it is not usable, [`AuthError::Store`] when
    /// that cannot be told.
    pub async fn authenticate(&self, token: &str) -> Result<Membership, AuthError> {
        let claims = self.shared.tokens.verify(token)?;
        if self.shared.revocations.contains(&claims.key).await? {
            return Err(TokenError::Revoked.into());
        }
        self.membership(claims.user).await?.ok_or_else(|| TokenError::UnknownUser.into())
    }

    /// Revokes a token: at once here, within a second everywhere. A token
    /// that is not usable anyway is no error.
    ///
    /// # Errors
    ///
    /// [`AuthError::Store`] when it could not be remembered.
    pub async fn revoke(&self, token: &str) -> Result<(), AuthError> {
        match self.shared.tokens.verify(token) {
            Ok(claims) => Ok(self.shared.revocations.insert(&claims).await?),
            Err(_) => Ok(()),
        }
    }

    async fn membership(&self, user: UserId) -> Result<Option<Membership>, StoreError> {
        if let Some((since, membership)) = self.callers().get(&user)
            && since.elapsed() < REMEMBERED_FOR
        {
            return Ok(Some(*membership));
        }
        let asked_at = Instant::now();
        let found =
            self.shared.store.read(move |connection| users::find_membership(connection, user));
        let found = found.await?;
        let mut callers = self.callers();
        if callers.len() >= REMEMBERED {
            callers.retain(|_, (since, _)| since.elapsed() < REMEMBERED_FOR);
        }
        match found {
            Some(membership) => callers.insert(user, (asked_at, membership)),
            None => callers.remove(&user),
        };
        Ok(found)
    }

    fn callers(&self) -> MutexGuard<'_, HashMap<UserId, (Instant, Membership)>> {
        self.shared.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
