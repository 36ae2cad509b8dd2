//! One's own profile, with counts.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

use super::accounts::message;
use super::body::JsonObject;
use super::caller::Caller;
use super::language::Text;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::documents::Scope;
use crate::documents::statistics::{self, Counts};
use crate::store::audit::{Action, Deed};
use crate::store::users::{self, Profile, ProfileChanges};
use crate::store::{Store, StoreError};

/// What a user has had processed, counted.
#[derive(Debug, Default, Serialize)]
struct Stats {
    total_cards_processed: i64,
    identity_cards: i64,
    driving_licenses: i64,
    registration_cards: i64,
    last_activity: Option<DateTime<Utc>>,
}

/// A profile with its statistics.
#[derive(Serialize)]
struct Me {
    #[serde(flatten)]
    profile: Profile,
    stats: Stats,
}

/// `GET /me`: the caller's profile and what was processed.
pub(crate) async fn me(caller: Caller, state: web::Data<State>) -> Result<HttpResponse, ApiError> {
    let user = caller.person()?;
    let profile = state
        .store
        .read(move |connection| users::find_profile(connection, user))
        .await?
        .ok_or(ApiError::Unauthenticated)?;
    let me = Me { profile, stats: Stats::count(&state.store, caller.scope()).await? };
    Ok(HttpResponse::Ok().json(me))
}

/// `PUT /me`: saves what the user may change; every other member is ignored.
pub(crate) async fn update_me(
    request: HttpRequest,
    caller: Caller,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let changes = ProfileChanges {
        full_name: body.text("full_name")?,
        phone: body.text("phone")?,
        address: body.text("address")?,
        job_title: body.text("job_title")?,
        department: body.text("department")?,
    };
    let user = caller.person()?;
    let trail = state.trail.clone();
    let saved = state.store.write(move |connection| {
        let saved = users::update_profile(connection, user, &changes)?;
        trail.append(connection, &origin.0, &Deed::new(Action::ProfileChanged))?;
        Ok(saved)
    });
    let profile = saved.await?.ok_or(ApiError::Unauthenticated)?;
    let mut answer = message(&request, &PROFILE_SAVED);
    answer["user"] = json!(profile);
    Ok(HttpResponse::Ok().json(answer))
}

impl Stats {
    async fn count(store: &Store, scope: Scope) -> Result<Self, StoreError> {
        let counted = store.read(move |connection| {
            let counts = Counts::fetch(connection, scope, statistics::today())?;
            Ok((counts.totals, statistics::last_activity(connection, scope)?))
        });
        let (totals, last_activity) = counted.await?;
        Ok(Self {
            total_cards_processed: totals.all(),
            identity_cards: totals.cin,
            driving_licenses: totals.permis,
            registration_cards: totals.gris,
            last_activity,
        })
    }
}

const PROFILE_SAVED: Text = Text {
    fr: "Profil mis à jour avec succès",
    ar: "تم تحديث الملف الشخصي بنجاح",
    en: "Profile updated successfully",
};
