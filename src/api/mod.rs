//! HTTP in, JSON or problem details out. The only code that knows actix.

mod accounts;
mod answers;
mod audit;
mod body;
mod caller;
mod charts;
mod chores;
mod documents;
mod edge;
mod export;
mod gate;
mod health;
mod identity;
mod keys;
mod language;
mod limiting;
mod openapi;
mod organisation;
mod origin;
mod path;
mod pictures;
mod problem;
mod profile;
mod quality;
mod records;
mod request_id;
mod routes;
mod server;
mod timing;
mod upload;

pub use gate::Access;
pub use openapi::document as openapi_document;
pub use problem::{ProblemEntry, problem_catalogue};
pub use routes::{Operation, operations};
pub use server::{Application, BuildError};
