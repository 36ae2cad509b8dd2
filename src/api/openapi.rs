//! The description of the interface, and its interactive page.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::problem::ALL;

/// The description (OpenAPI 3.1).
pub fn document() -> Value {
    let codes: Vec<&str> = ALL.iter().map(|problem| problem.code).collect();
    json!({ "openapi": "3.1.0", "x-problem-codes": codes })
}

/// `GET /openapi.json`.
pub(crate) async fn json() -> HttpResponse {
    HttpResponse::Ok().json(document())
}

/// `GET /docs`.
pub(crate) async fn page() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// `GET /docs/{asset}`.
pub(crate) async fn asset() -> HttpResponse {
    HttpResponse::Ok().finish()
}
