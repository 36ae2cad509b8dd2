//! Who may pass: every route names what it asks for, and no handler runs before this has
//! let the request in.

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;

use super::caller::{Caller, bearer, is_scraper};
use super::problem::ApiError;
use super::server::State;
use crate::auth::Permission;

/// What a route asks of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing; a token that comes along is for the handler to look at.
    Anyone,
    /// A person: the token of a user, not the key of a server.
    Person,
    /// A caller who may do this in the organisation.
    May(Permission),
    /// Whoever operates this service.
    Operator,
    /// The scraper of the metrics, or whoever operates this service.
    Scraper,
}

impl Access {
    /// Whether the request needs a token.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Anyone)
    }
}

/// Lets a request through to its handler, with the [`Caller`] beside it.
pub(super) async fn admit(
    access: Access,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match find_caller(access, &request).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(refusal) => Ok(request.error_response(refusal).map_into_boxed_body()),
    }
}

async fn find_caller(
    access: Access,
    request: &ServiceRequest,
) -> Result<Option<Caller>, ApiError> {
    if access == Access::Anyone {
        return Ok(None);
    }
    let state = request
        .app_data::<web::Data<State>>()
        .ok_or_else(|| ApiError::Internal("no state".into()))?;
    let token = bearer(request.headers()).ok_or(ApiError::Unauthenticated)?;
    if access == Access::Scraper && is_scraper(token, state.metrics_token.as_ref()) {
        return Ok(None);
    }
    let caller = Caller::of(state.sessions.authenticate(token).await?);
    let is_let_in = match access {
        Access::Anyone => true,
        Access::Person => caller.user().is_some(),
        Access::May(permission) => caller.may(permission),
        Access::Operator | Access::Scraper => caller.is_operator(),
    };
    if is_let_in { Ok(Some(caller)) } else { Err(ApiError::Forbidden) }
}
