//! Where a request comes from, as the audit tells it.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::caller::Caller;
use super::gate::Client;
use super::problem::ApiError;
use super::request_id::RequestId;
use crate::store::audit::{Actor, Origin};

/// The origin of a request: its caller where the gate found one, its address, its id.
pub(crate) struct RequestOrigin(pub(crate) Origin);

impl RequestOrigin {
    /// The address of the client.
    pub(crate) fn network(&self) -> Option<IpAddr> {
        self.0.network
    }
}

impl FromRequest for RequestOrigin {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let caller = extensions.get::<Caller>();
        ready(Ok(Self(Origin {
            actor: caller.map_or(Actor::Nobody, Caller::actor),
            organisation: caller.map(Caller::organisation),
            network: extensions.get::<Client>().and_then(|client| client.0),
            request_id: extensions.get::<RequestId>().map(|id| id.as_str().to_owned()),
        })))
    }
}
