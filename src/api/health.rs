//! What operators and their machines ask: alive, ready, how busy.

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::server::State;

/// `GET /health`: the process answers. Touches nothing else.
pub(crate) async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// A balancer that asks must not wait as long as a request may.
const READY_LIMIT: Duration = Duration::from_secs(2);

/// `GET /ready`: whether requests should be sent here, and how each dependency is.
pub(crate) async fn ready(state: web::Data<State>) -> HttpResponse {
    let database = tokio::time::timeout(READY_LIMIT, state.store.ready()).await;
    let database = database.is_ok_and(|answer| answer.is_ok());
    let ocr = state.ocr.healthy();
    let ready = database && ocr && !state.is_stopping();
    let word = |is_well: bool| if is_well { "ok" } else { "unavailable" };
    let status = match (state.is_stopping(), ready) {
        (true, _) => "stopping",
        (false, true) => "ok",
        (false, false) => "unavailable",
    };
    let report = json!({
        "status": status,
        "database": { "status": word(database) },
        "ocr": { "status": word(ocr), "waiting": state.ocr.state().waiting },
        // Away or absent it costs nothing but speed: no reason to send requests elsewhere.
        "redis": { "status": state.quotas.cache().state().as_str() },
    });
    if ready {
        HttpResponse::Ok().json(report)
    } else {
        HttpResponse::ServiceUnavailable().insert_header((header::RETRY_AFTER, "5")).json(report)
    }
}

/// `GET /metrics`: Prometheus text, for the scraper's token or an operator.
pub(crate) async fn metrics(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(state.metrics.render(&state).await)
}

/// `GET /debug/pool`: the database pool, for operators.
pub(crate) async fn pool(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok().json(state.store.pool_state())
}
