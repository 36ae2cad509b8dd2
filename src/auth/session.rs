//! From a bearer token to a caller, and back out again.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

use crate::auth::secret::{self, SecretKind};
use crate::auth::watch::{Digest, Watch};
use crate::auth::{Claims, Grant, Identity, KeyError, Keyring, TokenError, Tokens, UserId};
use crate::config::AuthConfig;
use crate::digest::sha256;
use crate::store::audit::{Action, Actor, Deed, Origin, Trail};
use crate::store::refresh_tokens::{self, NewRefreshToken, Use};
use crate::store::users::{self, Membership};
use crate::store::{Connection, Store, StoreError, revocations};

/// Why a caller is not let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The token is not usable: 401.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The refresh token is not usable: 401.
    #[error("the refresh token is unknown, expired or used")]
    RefreshToken,
    /// Whether it is usable cannot be told now: 503.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no randomness to make a token of.
    #[error("OpenSSL failed")]
    OpenSsl(#[from] openssl::error::ErrorStack),
}

/// What a client is given that has signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The access token.
    pub token: String,
    /// How long it is valid.
    pub expires_in: Duration,
    /// What gives the next one, where the client asked for it.
    pub refresh_token: Option<String>,
}

/// A session that is about to begin: its refresh token, and how that is stored.
#[derive(Clone)]
pub struct NewSession {
    family: Uuid,
    token: String,
    stored: NewRefreshToken,
}

impl NewSession {
    /// What has to be stored in the transaction that signs in.
    pub const fn stored(&self) -> &NewRefreshToken {
        &self.stored
    }
}

/// Issues tokens, lets their holders in and logs them out. Clones share
/// what is remembered of callers and revocations.
#[derive(Clone)]
pub struct Sessions {
    shared: Arc<Shared>,
}

struct Shared {
    tokens: Tokens,
    store: Store,
    trail: Trail,
    watch: Watch,
    lifetimes: Lifetimes,
}

struct Lifetimes {
    access: Duration,
    short: Duration,
    idle: TimeDelta,
    whole: TimeDelta,
}

impl Sessions {
    /// Makes the sessions of a service.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when there is nothing to sign tokens with.
    pub fn new(config: &AuthConfig, store: Store, trail: Trail) -> Result<Self, KeyError> {
        let shared = Shared {
            tokens: Tokens::new(config)?,
            watch: Watch::new(store.clone()),
            store,
            trail,
            lifetimes: Lifetimes {
                access: config.token_lifetime,
                short: config.short_token_lifetime,
                idle: TimeDelta::from_std(config.refresh_idle).unwrap_or(TimeDelta::MAX),
                whole: TimeDelta::from_std(config.refresh_lifetime).unwrap_or(TimeDelta::MAX),
            },
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The keys of the tokens.
    pub fn keys(&self) -> &Keyring {
        self.shared.tokens.keys()
    }

    /// Tells whom a token, or the key of a server, speaks for.
    ///
    /// # Errors
    ///
    /// [`AuthError::Token`] when it is not usable, [`AuthError::Store`] when
    /// that cannot be told.
    pub async fn authenticate(&self, token: &str) -> Result<Identity, AuthError> {
        let Shared { tokens, watch, .. } = &*self.shared;
        if token.starts_with(SecretKind::ApiKey.prefix()) {
            let digest = secret::digest(SecretKind::ApiKey, token).ok_or(TokenError::Malformed)?;
            let grant = watch.grant(digest).await?.ok_or(TokenError::UnknownUser)?;
            return Ok(Identity::from(&grant));
        }
        let claims = tokens.verify(token)?;
        if watch.is_revoked(&revocable(&claims)).await? {
            return Err(TokenError::Revoked.into());
        }
        let membership = watch.membership(claims.user).await?.ok_or(TokenError::UnknownUser)?;
        if is_outdated(&claims, &membership) {
            return Err(TokenError::Revoked.into());
        }
        Ok(membership.into())
    }

    /// Prepares a session of a user who is signing in; it begins when
    /// [`NewSession::stored`] is stored.
    ///
    /// # Errors
    ///
    /// [`AuthError::OpenSsl`].
    pub fn begin(&self, user: UserId) -> Result<NewSession, AuthError> {
        let (family, now) = (Uuid::new_v4(), Utc::now());
        let token = secret::generate(SecretKind::Refresh)?;
        let whole = now + self.shared.lifetimes.whole;
        let stored = self.stored(&token, family, user, whole);
        Ok(NewSession { family, token, stored })
    }

    /// Issues what a user is given who has signed in, with or without a session.
    ///
    /// # Errors
    ///
    /// [`AuthError::Token`] when signing failed.
    pub fn issue(
        &self,
        membership: &Membership,
        session: Option<NewSession>,
    ) -> Result<SignedIn, AuthError> {
        let (family, refresh_token) =
            session.map_or((None, None), |session| (Some(session.family), Some(session.token)));
        self.sign(membership, family, refresh_token)
    }

    /// Exchanges a refresh token for the next one and an access token. One that was used
    /// before ends its session: it is in two hands.
    ///
    /// # Errors
    ///
    /// [`AuthError::RefreshToken`] when it is not usable.
    pub async fn refresh(&self, token: &str, origin: Origin) -> Result<SignedIn, AuthError> {
        let digest = secret::digest(SecretKind::Refresh, token).ok_or(AuthError::RefreshToken)?;
        let salt = secret::random()?;
        let (sessions, token) = (self.clone(), token.to_owned());
        let outcome = self.shared.store.write(move |connection| {
            match refresh_tokens::take(connection, &digest, &salt)? {
                Use::Unknown => Ok(None),
                Use::Reused { user, family } => {
                    sessions.end(connection, family)?;
                    if let Some(member) = users::find_membership(connection, user)? {
                        let origin = origin.clone().by(Actor::User(user), member.organisation);
                        let deed = Deed::new(Action::TokenReused);
                        sessions.shared.trail.append(connection, &origin, &deed)?;
                    }
                    Ok(None)
                }
                Use::Accepted { user, family, family_expires_at, salt, is_first } => {
                    let next = secret::successor(&token, &salt);
                    if is_first {
                        let stored = sessions.stored(&next, family, user, family_expires_at);
                        refresh_tokens::insert(connection, &stored)?;
                    }
                    let member = users::find_membership(connection, user)?;
                    Ok(member.map(|member| (member, family, next)))
                }
            }
        });
        let (member, family, next) = outcome.await?.ok_or(AuthError::RefreshToken)?;
        self.sign(&member, Some(family), Some(next))
    }

    /// Revokes a token with its session: at once here, within a second everywhere. A token
    /// that is not usable anyway is no error. Returns whom it spoke for.
    ///
    /// # Errors
    ///
    /// [`AuthError::Store`] when it could not be remembered.
    pub async fn revoke(&self, token: &str, origin: Origin) -> Result<(), AuthError> {
        let Ok(claims) = self.shared.tokens.verify(token) else { return Ok(()) };
        // Here at once, even if the database cannot be told; the caller then learns that
        // it holds here alone.
        self.shared.watch.note_revoked(claims.key, claims.expires_at);
        let sessions = self.clone();
        let stored = self.shared.store.write(move |connection| {
            revocations::insert(connection, &claims.key, claims.expires_at)?;
            if let Some(family) = claims.session {
                sessions.end(connection, family)?;
            }
            if let Some(member) = users::find_membership(connection, claims.user)? {
                let origin = origin.clone().by(Actor::User(claims.user), member.organisation);
                let deed = Deed::new(Action::LoggedOut);
                sessions.shared.trail.append(connection, &origin, &deed)?;
            }
            Ok(())
        });
        Ok(stored.await?)
    }

    /// Forgets at once here what is remembered of a user whose access was changed; the
    /// other replicas see it within a second.
    pub fn forget(&self, user: UserId) {
        self.shared.watch.forget(user);
    }

    /// Ends a session with the access tokens that it gave.
    fn end(&self, connection: &mut Connection, family: Uuid) -> Result<(), StoreError> {
        let expires_at = Utc::now() + self.shared.lifetimes.short;
        refresh_tokens::end_family(connection, family)?;
        revocations::insert(connection, &session_digest(family), expires_at)?;
        self.shared.watch.note_revoked(session_digest(family), expires_at);
        Ok(())
    }

    fn stored(
        &self,
        token: &str,
        family: Uuid,
        user: UserId,
        family_expires_at: DateTime<Utc>,
    ) -> NewRefreshToken {
        NewRefreshToken {
            token_hash: sha256(token.as_bytes()).to_vec(),
            family,
            user_id: user,
            expires_at: (Utc::now() + self.shared.lifetimes.idle).min(family_expires_at),
            family_expires_at,
        }
    }

    fn sign(
        &self,
        membership: &Membership,
        session: Option<Uuid>,
        refresh_token: Option<String>,
    ) -> Result<SignedIn, AuthError> {
        let Lifetimes { access, short, .. } = self.shared.lifetimes;
        let expires_in = if session.is_some() { short } else { access };
        let token = self.shared.tokens.issue(&Grant {
            user: membership.user,
            version: membership.token_version,
            session,
            lifetime: expires_in,
        })?;
        Ok(SignedIn { token, expires_in, refresh_token })
    }
}

/// Under what a token may have been revoked: itself, or its session.
fn revocable(claims: &Claims) -> Vec<Digest> {
    [claims.key].into_iter().chain(claims.session.map(session_digest)).collect()
}

/// The digest that stands for a session among the revoked tokens.
fn session_digest(family: Uuid) -> Digest {
    sha256(format!("session {family}").as_bytes())
}

/// Whether the user's tokens were ended after this one was issued. A token without a
/// version tells the second of its issue alone, and the whole second is void.
fn is_outdated(claims: &Claims, membership: &Membership) -> bool {
    match (claims.version, membership.tokens_valid_from) {
        (Some(version), _) => version != membership.token_version,
        (None, None) => false,
        (None, Some(valid_from)) => claims.issued_at <= valid_from.trunc_subsecs(0),
    }
}
