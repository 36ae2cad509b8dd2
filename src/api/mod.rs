//! HTTP in, JSON or problem details out. The only code that knows actix.

mod accounts;
mod body;
mod caller;
mod charts;
mod documents;
mod edge;
mod health;
mod language;
mod openapi;
mod problem;
mod quality;
mod request_id;
mod routes;
mod server;
mod timing;
mod upload;

pub use openapi::document as openapi_document;
pub use server::{Application, BuildError};
