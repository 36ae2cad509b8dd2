//! Who may pass: every route names what it asks for, and no handler runs before this has
//! let the request in.

use std::net::IpAddr;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::caller::{Caller, bearer, is_scraper};
use super::limiting::Spent;
use super::problem::ApiError;
use super::server::State;
use crate::auth::Permission;

/// What a route asks of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing, and it is never limited: a balancer asks every second.
    Probe,
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
    /// Whether the request needs no token.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Probe | Self::Anyone)
    }
}

/// The address of the client, as the gate found it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client(pub(super) Option<IpAddr>);

/// Lets a request through to its handler, with the [`Caller`] beside it.
pub(super) async fn admit(
    access: Access,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if access == Access::Probe {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    match pass(access, &request).await {
        Ok(spent) => {
            let mut answer = next.call(request).await?.map_into_boxed_body();
            spent.tell(answer.headers_mut());
            Ok(answer)
        }
        Err(refusal) => Ok(request.error_response(refusal).map_into_boxed_body()),
    }
}

async fn pass(access: Access, request: &ServiceRequest) -> Result<Spent, ApiError> {
    let state = request
        .app_data::<web::Data<State>>()
        .ok_or_else(|| ApiError::Internal("no state".into()))?;
    let client = state.quotas.client(request.request());
    request.extensions_mut().insert(Client(client));
    let caller = match find_caller(access, request, state).await {
        Ok(caller) => caller,
        // Whoever tries tokens is limited too.
        Err(refusal) => {
            state.quotas.spend(None, client, false).await?;
            return Err(refusal);
        }
    };
    let reads_document = access == Access::May(Permission::Process);
    let spent = state.quotas.spend(caller.as_ref(), client, reads_document).await?;
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    Ok(spent)
}

async fn find_caller(
    access: Access,
    request: &ServiceRequest,
    state: &State,
) -> Result<Option<Caller>, ApiError> {
    if access.is_public() {
        return Ok(None);
    }
    let token = bearer(request.headers()).ok_or(ApiError::Unauthenticated)?;
    if access == Access::Scraper && is_scraper(token, state.metrics_token.as_ref()) {
        return Ok(None);
    }
    let caller = Caller::of(state.sessions.authenticate(token).await?);
    let is_let_in = match access {
        Access::Probe | Access::Anyone => true,
        Access::Person => caller.user().is_some(),
        Access::May(permission) => caller.may(permission),
        Access::Operator | Access::Scraper => caller.is_operator(),
    };
    if is_let_in { Ok(Some(caller)) } else { Err(ApiError::Forbidden) }
}
