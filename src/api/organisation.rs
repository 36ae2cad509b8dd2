//! The caller's organisation, its members and who is invited.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::accounts::{message, parse_email};
use super::body::JsonObject;
use super::caller::Caller;
use super::language::Text;
use super::origin::RequestOrigin;
use super::path::PathId;
use super::problem::ApiError;
use super::server::State;
use crate::auth::UserId;
use crate::auth::secret::{self, SecretKind};
use crate::store::audit::{Action, Deed};
use crate::store::invitations::{self, NewInvitation};
use crate::store::members::{self, Change, OrganisationChanges};
use crate::store::{InvitationId, Role, StoreError};

/// Days for which an invitation can be used.
const INVITED_FOR: TimeDelta = TimeDelta::days(7);
/// A retention period at most: a century.
const RETENTION_MAXIMUM: i64 = 36_525;

/// `GET /organisation`.
pub(crate) async fn show(
    caller: Caller,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let organisation = caller.organisation();
    let found =
        state.store.read(move |connection| members::find_organisation(connection, organisation));
    Ok(HttpResponse::Ok().json(found.await?.ok_or(ApiError::NotFound)?))
}

/// `PATCH /organisation`: its name, and how long it keeps its records.
pub(crate) async fn change(
    caller: Caller,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let changes = OrganisationChanges {
        name: match body.text("name")? {
            Some(None) => return Err(ApiError::InvalidMember("name")),
            other => other.flatten(),
        },
        retention_days: body.nullable_integer("retention_days", 1..=RETENTION_MAXIMUM)?,
    };
    let organisation = caller.organisation();
    let trail = state.trail.clone();
    let saving = state.store.write(move |connection| {
        let saved = members::update_organisation(connection, organisation, &changes)?;
        let mut deed = Deed::new(Action::OrganisationChanged);
        if changes.name.is_some() {
            deed = deed.with("name", "changed");
        }
        if let Some(days) = changes.retention_days {
            deed = deed.with("retention_days", days);
        }
        trail.append(connection, &origin.0, &deed)?;
        Ok(saved)
    });
    Ok(HttpResponse::Ok().json(saving.await?.ok_or(ApiError::NotFound)?))
}

/// `GET /organisation/members`.
pub(crate) async fn list_members(
    caller: Caller,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let organisation = caller.organisation();
    let members = state.store.read(move |connection| members::list(connection, organisation));
    Ok(HttpResponse::Ok().json(members.await?))
}

/// `PATCH /organisation/members/{id}`: another role.
pub(crate) async fn change_member(
    caller: Caller,
    id: PathId<i32>,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let (organisation, user) = (caller.organisation(), UserId(id.0));
    let role: Role = parse_role(&body)?;
    let trail = state.trail.clone();
    let changed = state.store.write(move |connection| {
        let changed = members::set_role(connection, organisation, user, role)?;
        if let Change::Made(_) = changed {
            let deed = Deed::new(Action::RoleChanged).to("member", user.0);
            trail.append(connection, &origin.0, &deed.with("role", role.as_str()))?;
        }
        Ok(changed)
    });
    let answer = made(changed.await?)?;
    state.sessions.forget(user);
    Ok(answer)
}

/// `DELETE /organisation/members/{id}`: the account goes, its records stay.
pub(crate) async fn remove_member(
    caller: Caller,
    id: PathId<i32>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let (organisation, user) = (caller.organisation(), UserId(id.0));
    let trail = state.trail.clone();
    let removed = state.store.write(move |connection| {
        let removed = members::remove(connection, organisation, user)?;
        if let Change::Made(_) = removed {
            let deed = Deed::new(Action::MemberRemoved).to("member", user.0);
            trail.append(connection, &origin.0, &deed)?;
        }
        Ok(removed)
    });
    made(removed.await?)?;
    state.sessions.forget(user);
    Ok(HttpResponse::NoContent().finish())
}

fn made(change: Change) -> Result<HttpResponse, ApiError> {
    match change {
        Change::Made(member) => Ok(HttpResponse::Ok().json(member)),
        Change::Unknown => Err(ApiError::NotFound),
        Change::LastAdmin => Err(ApiError::LastAdmin),
    }
}

/// `POST /organisation/invitations`: a link with which one address may register. The
/// link is shown once; who invites sends it.
pub(crate) async fn invite(
    caller: Caller,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let token = secret::generate(SecretKind::Invitation).map_err(StoreError::from)?;
    let digest = secret::digest(SecretKind::Invitation, &token).unwrap_or_default();
    let invitation = NewInvitation {
        organisation_id: caller.organisation(),
        email: parse_email(body.required("email")?)?,
        role: parse_role(&body)?,
        token_hash: digest.to_vec(),
        created_by: caller.user(),
        expires_at: Utc::now() + INVITED_FOR,
    };
    let trail = state.trail.clone();
    let stored = state.store.write(move |connection| {
        let stored = invitations::insert(connection, &invitation)?;
        let deed = Deed::new(Action::Invited).to("invitation", stored.id.0);
        trail.append(connection, &origin.0, &deed.with("role", stored.role.as_str()))?;
        Ok(stored)
    });
    let stored = match stored.await {
        Err(StoreError::Conflict { .. }) => return Err(ApiError::EmailTaken),
        other => other?,
    };
    let mut answer = json!(stored);
    // Behind the `#`, which browsers do not send and servers do not log.
    if let Some(origin) = &state.frontend {
        answer["link"] = format!("{origin}/invitation#{token}").into();
    }
    answer["token"] = token.into();
    Ok(HttpResponse::Created().json(answer))
}

/// `GET /organisation/invitations`: those that are open.
pub(crate) async fn list_invitations(
    caller: Caller,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let organisation = caller.organisation();
    let open = state.store.read(move |connection| invitations::list(connection, organisation));
    Ok(HttpResponse::Ok().json(open.await?))
}

/// `DELETE /organisation/invitations/{id}`.
pub(crate) async fn withdraw_invitation(
    caller: Caller,
    id: PathId<i64>,
    request: HttpRequest,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let (organisation, invitation) = (caller.organisation(), InvitationId(id.0));
    let trail = state.trail.clone();
    let withdrawn = state.store.write(move |connection| {
        let withdrawn = invitations::withdraw(connection, organisation, invitation)?;
        if withdrawn {
            let deed = Deed::new(Action::InvitationWithdrawn).to("invitation", invitation.0);
            trail.append(connection, &origin.0, &deed)?;
        }
        Ok(withdrawn)
    });
    if !withdrawn.await? {
        return Err(ApiError::NotFound);
    }
    Ok(HttpResponse::Ok().json(message(&request, &WITHDRAWN)))
}

fn parse_role(body: &JsonObject) -> Result<Role, ApiError> {
    body.required("role")?.parse().map_err(|_| ApiError::InvalidMember("role"))
}

const WITHDRAWN: Text =
    Text { fr: "Invitation retirée", ar: "تم سحب الدعوة", en: "Invitation withdrawn" };
