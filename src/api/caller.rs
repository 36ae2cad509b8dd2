//! Who is calling. Authorization is an extractor: a handler that names
//! [`Caller`] cannot run for anybody without a usable token.

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::problem::ApiError;
use super::server::State;
use crate::auth::UserId;
use crate::documents::Scope;
use crate::store::users::Membership;

/// A user whose token was verified and is not revoked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller(Membership);

impl Caller {
    /// The user.
    pub(crate) const fn user(&self) -> UserId {
        self.0.user
    }

    /// Whose rows the caller may see.
    pub(crate) const fn scope(&self) -> Scope {
        Scope { organisation: self.0.organisation, user: self.0.user }
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let token = bearer(request.headers()).ok_or(ApiError::Unauthenticated)?;
            let state = state(&request)?;
            Ok(Self(state.sessions.authenticate(token).await?))
        })
    }
}

/// A caller who may look at the service's insides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Administrator;

impl FromRequest for Administrator {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        Box::pin(async move {
            if caller.await?.0.is_administrator { Ok(Self) } else { Err(ApiError::Forbidden) }
        })
    }
}

/// A body that is read only for a caller: without a usable token the answer
/// is 401, whatever the body holds.
pub(crate) struct Authenticated<T> {
    /// Who sent it.
    pub(crate) caller: Caller,
    /// What was sent.
    pub(crate) body: T,
}

impl<T: FromRequest<Error = ApiError> + 'static> FromRequest for Authenticated<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = Caller::extract(&request).await?;
            let body = T::from_request(&request, &mut payload).await?;
            Ok(Self { caller, body })
        })
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

/// The shared state of the service.
pub(crate) fn state(request: &HttpRequest) -> Result<&web::Data<State>, ApiError> {
    request.app_data::<web::Data<State>>().ok_or_else(|| ApiError::Internal("no state".into()))
}
