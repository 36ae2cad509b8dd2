//! Accounts: register, log in, stay logged in, log out, change the password.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::body::JsonObject;
use super::caller::{Caller, bearer};
use super::language::{Language, Text};
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::auth::secret::{self, SecretKind};
use crate::auth::{NewSession, SignedIn, UserId, Verdict};
use crate::config::Registration;
use crate::limits::Network;
use crate::store::audit::{Action, Actor, Deed, Origin};
use crate::store::users::{self, Membership, NewUser};
use crate::store::{Connection, StoreError, invitations, known_networks, refresh_tokens};
use crate::vault::Vault;

/// Characters of a password at most; more would only cost hashing time.
const PASSWORD_MAXIMUM: usize = 128;
/// No log-in fails faster: how long a comparison takes tells the kind of the stored hash,
/// and so which accounts are old.
const FAILURE_FLOOR: Duration = Duration::from_millis(300);

/// `POST /auth/register`: makes an account, in an organisation of its own or in the one
/// that an invitation names.
pub(crate) async fn register(
    request: HttpRequest,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let email = parse_email(body.required("email")?)?;
    let password = parse_password(body.required("password")?, state.password_minimum)?;
    let full_name = body.text("full_name")?.flatten();
    let invitation = body.optional("invitation")?.map(ToOwned::to_owned);
    may_register(state.registration, invitation.is_some())?;
    state.quotas.spend_registration(origin.network()).await?;
    let hashed_password = Some(state.passwords.hash_new(password, &email).await?);
    let user = NewUser { email, hashed_password, full_name };
    let (state, origin) = (state.into_inner(), origin.0);
    let trail = state.trail.clone();
    let made = state.store.write(move |connection| {
        let Some(member) = enrol(connection, &user, invitation.as_deref())? else {
            return Ok(false);
        };
        let origin = origin.clone().by(Actor::User(member.user), member.organisation);
        let deed = Deed::new(Action::Registered).to("member", member.user.0);
        trail.append(connection, &origin, &deed.with("role", member.role.as_str()))?;
        Ok(true)
    });
    match made.await {
        Ok(true) => Ok(HttpResponse::Created().json(message(&request, &REGISTERED))),
        Ok(false) => Err(ApiError::InvitationUnusable),
        Err(StoreError::Conflict { .. }) => Err(ApiError::EmailTaken),
        Err(error) => Err(error.into()),
    }
}

/// Whether an account may be made, with or without an invitation.
pub(super) fn may_register(registration: Registration, is_invited: bool) -> Result<(), ApiError> {
    match registration {
        Registration::Open => Ok(()),
        Registration::Invite if is_invited => Ok(()),
        Registration::Invite => Err(ApiError::InvitationRequired),
        Registration::Closed => Err(ApiError::RegistrationClosed),
    }
}

/// Makes the account; none when the invitation is not usable.
pub(super) fn enrol(
    connection: &mut Connection,
    user: &NewUser,
    invitation: Option<&str>,
) -> Result<Option<Membership>, StoreError> {
    let Some(invitation) = invitation else { return users::register(connection, user).map(Some) };
    let Some(digest) = secret::digest(SecretKind::Invitation, invitation) else { return Ok(None) };
    match invitations::take(connection, &digest, &user.email)? {
        Some((organisation, role)) => users::join(connection, user, organisation, role).map(Some),
        None => Ok(None),
    }
}

/// `POST /auth/login`: a token for a password. Whether the address is known
/// shows neither in the answer nor in its time.
pub(crate) async fn login(
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let started = Instant::now();
    let email = body.required("email")?.trim().to_owned();
    let password = body.required("password")?;
    let wants_session = body.flag("refresh")?;
    if email.contains('\0') || email.len() > 254 || password.chars().count() > PASSWORD_MAXIMUM {
        return Err(ApiError::WrongCredentials);
    }
    let account = email.to_lowercase();
    let found = find(&state, email, origin.network()).await?;
    let network = network(origin.network());
    let attempt = state.quotas.logins.admit(&account, network, found.is_known_network).await?;
    let verdict = state.passwords.verify(password.into(), found.hash).await;
    match (found.member, verdict) {
        (Some(member), Ok(Verdict::Right { better_hash })) => {
            attempt.succeeded().await;
            sign_in(&state, origin.0, member, better_hash, wants_session).await
        }
        (member, Ok(_)) => {
            attempt.failed().await;
            note_failure(&state, origin.0, member);
            tokio::time::sleep_until((started + FAILURE_FLOOR).into()).await;
            Err(ApiError::WrongCredentials)
        }
        (_, Err(error)) => {
            attempt.void().await;
            Err(error.into())
        }
    }
}

/// What a log-in looks at.
struct Login {
    member: Option<Membership>,
    hash: Option<String>,
    is_known_network: bool,
}

/// Finds the account, and whether it was logged in to from there; asks as much of the
/// database where there is none.
async fn find(state: &State, email: String, client: Option<IpAddr>) -> Result<Login, ApiError> {
    let vault = state.vault.clone();
    let found = state.store.read(move |connection| {
        let found = users::find_by_email(connection, &email)?;
        let (member, hash) = found
            .map_or((None, None), |found| (Some(found.membership), Some(found.hashed_password)));
        let user = member.map_or(UserId(0), |member| member.user);
        let network = network_digest(&vault, user, client)?;
        let is_known_network = known_networks::contains(connection, user, &network)?;
        Ok(Login { member, hash, is_known_network })
    });
    Ok(found.await?)
}

/// What stands for a user's network in the database: told apart, and not told.
fn network_digest(
    vault: &Vault,
    user: UserId,
    client: Option<IpAddr>,
) -> Result<Vec<u8>, StoreError> {
    let text = format!("{user} {}", network(client));
    Ok(vault.mac(vault.current(), "network", text.as_bytes())?)
}

/// Begins what a user is given whose identity was proven, and notes it.
pub(super) async fn sign_in(
    state: &State,
    origin: Origin,
    member: Membership,
    better_hash: Option<String>,
    wants_session: bool,
) -> Result<HttpResponse, ApiError> {
    let session: Option<NewSession> =
        if wants_session { Some(state.sessions.begin(member.user)?) } else { None };
    let (trail, stored) = (state.trail.clone(), session.clone());
    let network = network_digest(&state.vault, member.user, origin.network)?;
    let origin = origin.by(Actor::User(member.user), member.organisation);
    let noted = state.store.write(move |connection| {
        users::record_login(connection, member.user, better_hash.as_deref())?;
        known_networks::note(connection, member.user, &network)?;
        if let Some(session) = &stored {
            refresh_tokens::insert(connection, session.stored())?;
        }
        trail.append(connection, &origin, &Deed::new(Action::LoggedIn))
    });
    noted.await?;
    Ok(HttpResponse::Ok().json(signed_in(&state.sessions.issue(&member, session)?)))
}

/// Tells the audit of a log-in that failed, without making the answer wait for it: that
/// would tell whether there is an account.
fn note_failure(state: &State, origin: Origin, member: Option<Membership>) {
    let (store, trail) = (state.store.clone(), state.trail.clone());
    let mut deed = Deed::new(Action::LoginFailed);
    if let Some(member) = member {
        deed = deed.to("member", member.user.0);
    }
    let origin = Origin { organisation: member.map(|member| member.organisation), ..origin };
    actix_web::rt::spawn(async move {
        let noted = store.write(move |connection| trail.append(connection, &origin, &deed));
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a log-in that failed was not audited");
        }
    });
}

/// `POST /auth/refresh`: the next tokens of a session for its refresh token.
pub(crate) async fn refresh(
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let signed = state.sessions.refresh(body.required("refresh_token")?, origin.0).await?;
    Ok(HttpResponse::Ok().json(signed_in(&signed)))
}

/// `POST /auth/logout`: the token stops working, with the session that it belongs to.
/// Logging out without one, or twice, is no error.
pub(crate) async fn logout(
    request: HttpRequest,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    if let Some(token) = bearer(request.headers()) {
        state.sessions.revoke(token, origin.0).await?;
    }
    Ok(HttpResponse::Ok().json(message(&request, &LOGGED_OUT)))
}

/// `POST /auth/password`: another password. All tokens and sessions of the account end;
/// the answer holds new ones.
pub(crate) async fn change_password(
    caller: Caller,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let user = caller.person()?;
    let current = SecretString::from(body.required("current_password")?);
    let new = parse_password(body.required("new_password")?, state.password_minimum)?;
    let wants_session = body.flag("refresh")?;
    let hash = state.store.read(move |connection| users::find_hash(connection, user)).await?;
    verify_current(&state, user, origin.network(), current, hash).await?;
    let hash = state.passwords.hash_new(new, "").await?;
    let session = if wants_session { Some(state.sessions.begin(user)?) } else { None };
    let (trail, stored, origin) = (state.trail.clone(), session.clone(), origin.0);
    let changed = state.store.write(move |connection| {
        let changed = users::change_password(connection, user, &hash)?;
        refresh_tokens::end_all(connection, user)?;
        if let Some(session) = &stored {
            refresh_tokens::insert(connection, session.stored())?;
        }
        trail.append(connection, &origin, &Deed::new(Action::PasswordChanged))?;
        Ok(changed)
    });
    let member = changed.await?.ok_or(ApiError::Unauthenticated)?;
    state.sessions.forget(user);
    Ok(HttpResponse::Ok().json(signed_in(&state.sessions.issue(&member, session)?)))
}

/// Verifies the password of a caller; whoever has only the token guesses as slowly as at a
/// log-in.
async fn verify_current(
    state: &State,
    user: UserId,
    client: Option<IpAddr>,
    password: SecretString,
    hash: Option<String>,
) -> Result<(), ApiError> {
    let attempt = state.quotas.logins.admit(&format!("user {user}"), network(client), true).await?;
    match state.passwords.verify(password, hash).await {
        Ok(Verdict::Right { .. }) => {
            attempt.succeeded().await;
            Ok(())
        }
        Ok(Verdict::Wrong) => {
            attempt.failed().await;
            Err(ApiError::WrongCredentials)
        }
        Err(error) => {
            attempt.void().await;
            Err(error.into())
        }
    }
}

/// The network of a client; of those whose address is not known, one.
fn network(client: Option<IpAddr>) -> Network {
    Network::from(client.unwrap_or(IpAddr::from([0, 0, 0, 0])))
}

/// What a client is given that has signed in. `token` is the member that old clients know.
fn signed_in(signed: &SignedIn) -> Value {
    let mut answer = json!({
        "token": signed.token,
        "token_type": "Bearer",
        "expires_in": signed.expires_in.as_secs(),
    });
    if let Some(refresh_token) = &signed.refresh_token {
        answer["refresh_token"] = refresh_token.as_str().into();
    }
    answer
}

/// Parses an address that mail could be sent to: one `@`, a domain with a
/// dot, no blanks or controls, 254 octets at most (RFC 5321, 4.5.3.1).
pub(super) fn parse_email(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(ApiError::InvalidEmail)?;
    let is_local = (1..=64).contains(&local.len())
        && !local.contains(|c: char| {
            c.is_whitespace() || c.is_control() || "@<>()[],;:\\\"".contains(c)
        });
    let is_domain = domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    if is_local && is_domain && text.len() <= 254 {
        Ok(text.to_owned())
    } else {
        Err(ApiError::InvalidEmail)
    }
}

/// Checks a new password's length; it is never trimmed or cut.
fn parse_password(text: &str, minimum: usize) -> Result<SecretString, ApiError> {
    if text.contains('\0') {
        return Err(ApiError::InvalidMember("password"));
    }
    if !(minimum..=PASSWORD_MAXIMUM).contains(&text.chars().count()) {
        return Err(ApiError::PasswordLength { minimum, maximum: PASSWORD_MAXIMUM });
    }
    Ok(text.into())
}

pub(super) fn message(request: &HttpRequest, text: &Text) -> serde_json::Value {
    json!({ "message": text.in_language(Language::of(request.headers())) })
}

const REGISTERED: Text = Text {
    fr: "Utilisateur créé avec succès",
    ar: "تم إنشاء الحساب بنجاح",
    en: "User registered successfully",
};

const LOGGED_OUT: Text =
    Text {
        fr: "Déconnexion réussie", ar: "تم تسجيل الخروج بنجاح", en: "Logged out successfully"
    };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_written_without_the_blanks_around_it() {
        assert_eq!(
            parse_email(" Salma.B+test@example.co.ma ").unwrap(),
            "Salma.B+test@example.co.ma"
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.ma", "a".repeat(65));
        for text in [
            "",
            "@",
            "a@",
            "@b.ma",
            "a@b",
            "a b@c.ma",
            "a@b..ma",
            "a@-b.ma",
            "a@b.ma\r\nBcc: c@d.ma",
            "a\0@b.ma",
            "a@b@c.ma",
            "<a@b.ma>",
            &long,
        ] {
            assert!(parse_email(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_password_is_measured_in_characters() {
        assert!(parse_password("كلمةسرطويلة!", 12).is_ok());
        assert!(parse_password("short", 6).is_err());
        assert!(parse_password(&"x".repeat(129), 6).is_err());
    }
}
