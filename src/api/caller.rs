//! Who is calling, as the [gate](super::gate) has found out. A handler that names
//! [`Caller`] is behind the gate; it cannot be reached without one.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use secrecy::{ExposeSecret, SecretString};

use super::problem::ApiError;
use super::server::State;
use crate::auth::{Identity, Permission, UserId};
use crate::documents::Scope;
use crate::store::OrganisationId;
use crate::store::audit::Actor;

/// A user or a server whose token was verified and is not revoked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller(Identity);

impl Caller {
    /// The caller with a verified identity.
    pub(super) const fn of(identity: Identity) -> Self {
        Self(identity)
    }

    /// The user; none for the key of a server.
    pub(crate) const fn user(&self) -> Option<UserId> {
        match self.0.actor {
            Actor::User(user) => Some(user),
            _ => None,
        }
    }

    /// The user, behind a route that lets persons in alone.
    pub(crate) fn person(&self) -> Result<UserId, ApiError> {
        self.user().ok_or(ApiError::Forbidden)
    }

    /// Who it is, for the audit.
    pub(crate) const fn actor(&self) -> Actor {
        self.0.actor
    }

    /// The caller's organisation.
    pub(crate) const fn organisation(&self) -> OrganisationId {
        self.0.organisation
    }

    /// Whose rows the caller may see.
    pub(crate) const fn scope(&self) -> Scope {
        Scope::of(self.0.organisation, self.user())
    }

    /// Whether the caller may do something in the organisation.
    pub(crate) const fn may(&self, permission: Permission) -> bool {
        self.0.permissions.include(permission)
    }

    /// Whether the caller operates this service.
    pub(crate) const fn is_operator(&self) -> bool {
        self.0.is_operator
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Self>().copied();
        ready(caller.ok_or_else(|| ApiError::Internal("a route without a gate".into())))
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750), if there is
/// exactly one such header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION);
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()).filter(|token| !token.is_empty())
}

/// Whether it is the scraper's token. Compares in constant time, so that it cannot be
/// guessed byte by byte.
pub(super) fn is_scraper(sent: &str, token: Option<&SecretString>) -> bool {
    token.is_some_and(|token| {
        let (sent, token) = (sent.as_bytes(), token.expose_secret().as_bytes());
        sent.len() == token.len() && openssl::memcmp::eq(sent, token)
    })
}

/// The shared state of the service.
pub(crate) fn state(request: &HttpRequest) -> Result<&web::Data<State>, ApiError> {
    request.app_data::<web::Data<State>>().ok_or_else(|| ApiError::Internal("no state".into()))
}
