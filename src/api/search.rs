//! `GET /search`: records of every kind by what somebody types.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::caller::Caller;
use super::collection::{kind_named, page_size, text};
use super::entries;
use super::freshness::Freshness;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::documents::{search, slugs};
use crate::store::audit::Action;

/// What is looked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    q: Option<String>,
    kind: Option<String>,
    limit: Option<String>,
}

/// `GET /search`: names in either script or a number, the best finds first, each with how
/// it was found.
pub(crate) async fn search(
    caller: Caller,
    freshness: Freshness,
    asked: web::Query<Asked>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let words = text(asked.q.as_deref(), "q")?.ok_or(ApiError::InvalidParameter("q"))?;
    let limit = page_size(asked.limit.as_deref())? as usize;
    let kinds = match kind_named(asked.kind.as_deref())? {
        Some(kind) => vec![kind],
        None => slugs(),
    };
    if let Some(unchanged) = freshness.unchanged() {
        return Ok(unchanged);
    }
    let scope = caller.scope();
    let found = state.store.read(move |connection| {
        let mut hits = search::search(connection, scope, &kinds, &words)?;
        hits.truncate(limit);
        let places = hits.iter().map(|hit| (hit.kind.as_str(), hit.id));
        let mut items = entries::fetch(connection, scope, places)?;
        for item in &mut items {
            let hit = hits.iter().find(|hit| item["id"] == hit.id && item["kind"] == hit.kind);
            if let Some(hit) = hit {
                item["match"] = json!(hit.way);
                item["score"] = json!((hit.score * 1000.0).round() / 1000.0);
            }
        }
        Ok(items)
    });
    let items = found.await?;
    state.reads.note(origin.0, Action::RecordsListed, None, Some("search"));
    Ok(freshness.ok().json(json!({ "items": items })))
}
