//! The audit, as those see it who may.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::caller::Caller;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::store::audit::{Action, Trail};

/// Entries of one answer, when the client says nothing and at most.
const LIMIT: i64 = 100;
pub(super) const LIMIT_MAXIMUM: i64 = 1000;

/// Which entries.
#[derive(Debug, Deserialize)]
pub(crate) struct AuditQuery {
    /// Those before this place.
    before: Option<String>,
    /// How many at most.
    limit: Option<String>,
}

/// `GET /organisation/audit`: the latest entries first, and in `next` where the following
/// ones begin.
pub(crate) async fn list(
    caller: Caller,
    query: web::Query<AuditQuery>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let number = |text: &Option<String>, member| match text {
        None => Ok(None),
        Some(text) => text.parse::<i64>().map(Some).map_err(|_| ApiError::InvalidMember(member)),
    };
    let before = number(&query.before, "before")?;
    let limit = number(&query.limit, "limit")?.unwrap_or(LIMIT).clamp(1, LIMIT_MAXIMUM);
    let organisation = caller.organisation();
    let entries = state
        .store
        .read(move |connection| Trail::list(connection, organisation, before, limit))
        .await?;
    state.reads.note(origin.0, Action::AuditRead, None, None);
    let is_full = entries.len() as i64 == limit;
    let next = entries.last().filter(|_| is_full).map(|entry| entry.sequence);
    Ok(HttpResponse::Ok().json(json!({ "entries": entries, "next": next })))
}
