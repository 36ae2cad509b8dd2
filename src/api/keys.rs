//! Keys for servers that call in the name of the organisation.

use actix_web::{HttpResponse, web};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::body::JsonObject;
use super::caller::Caller;
use super::origin::RequestOrigin;
use super::path::PathId;
use super::problem::ApiError;
use super::server::State;
use crate::auth::Permission;
use crate::auth::secret::{self, SecretKind};
use crate::store::api_keys::{self, ApiKey, NewApiKey};
use crate::store::audit::{Action, Deed};
use crate::store::{KeyId, StoreError};

/// Days for which a key is good when its maker says nothing, and at most.
const DAYS: i64 = 90;
pub(super) const DAYS_MAXIMUM: i64 = 366;
/// Characters of a key that are kept to tell it from others: those that all begin with,
/// and four more.
const PREFIX: usize = 8;

/// `POST /organisation/keys`: makes a key and shows it, this once.
pub(crate) async fn create(
    caller: Caller,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let name = body.text("name")?.flatten().ok_or(ApiError::MissingMember("name"))?;
    let days = body.nullable_integer("expires_in_days", 1..=DAYS_MAXIMUM)?.flatten();
    let secret = secret::generate(SecretKind::ApiKey).map_err(StoreError::from)?;
    let digest = secret::digest(SecretKind::ApiKey, &secret).unwrap_or_default();
    let key = NewApiKey {
        organisation_id: caller.organisation(),
        name,
        prefix: secret.chars().take(PREFIX).collect(),
        key_hash: digest.to_vec(),
        scopes: parse_scopes(&body)?,
        created_by: caller.user(),
        expires_at: Utc::now() + TimeDelta::days(days.map_or(DAYS, i64::from)),
    };
    let trail = state.trail.clone();
    let stored = state.store.write(move |connection| {
        let stored = api_keys::insert(connection, &key)?;
        let deed = Deed::new(Action::KeyCreated).to("key", stored.id.0);
        trail.append(connection, &origin.0, &deed.with("scopes", stored.scopes.as_str()))?;
        Ok(stored)
    });
    let mut answer = shown(&stored.await?);
    answer["key"] = secret.into();
    Ok(HttpResponse::Created().json(answer))
}

/// `GET /organisation/keys`.
pub(crate) async fn list(
    caller: Caller,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let organisation = caller.organisation();
    let keys = state.store.read(move |connection| api_keys::list(connection, organisation));
    let keys: Vec<Value> = keys.await?.iter().map(shown).collect();
    Ok(HttpResponse::Ok().json(keys))
}

/// `DELETE /organisation/keys/{id}`: the key stops working, within a second everywhere.
pub(crate) async fn revoke(
    caller: Caller,
    id: PathId<i64>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let (organisation, key) = (caller.organisation(), KeyId(id.0));
    let trail = state.trail.clone();
    let revoked = state.store.write(move |connection| {
        let revoked = api_keys::revoke(connection, organisation, key)?;
        if revoked {
            let deed = Deed::new(Action::KeyRevoked).to("key", key.0);
            trail.append(connection, &origin.0, &deed)?;
        }
        Ok(revoked)
    });
    if revoked.await? { Ok(HttpResponse::NoContent().finish()) } else { Err(ApiError::NotFound) }
}

/// Reads `scopes`, an array of what the key may do, at least one.
fn parse_scopes(body: &JsonObject) -> Result<String, ApiError> {
    let named = body.texts("scopes")?;
    let scope = |name: &str| {
        let known = Permission::ALL.into_iter().filter(|permission| permission.is_for_keys());
        known.map(Permission::as_str).find(|known| *known == name)
    };
    let mut scopes: Vec<&str> = named
        .iter()
        .map(|name| scope(name).ok_or(ApiError::InvalidMember("scopes")))
        .collect::<Result<_, _>>()?;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() { Err(ApiError::MissingMember("scopes")) } else { Ok(scopes.join(" ")) }
}

fn shown(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes.split(' ').collect::<Vec<_>>(),
        "created_by": key.created_by,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    })
}
