//! Accounts: register, log in, log out, and one's own profile.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;

use super::body::JsonObject;
use super::caller::{Authenticated, Caller, bearer};
use super::language::{Language, Text};
use super::problem::ApiError;
use super::server::State;
use crate::auth::Verdict;
use crate::documents::{DocumentKind, DocumentRecord, KindVisitor, Scope, visit_kinds};
use crate::store::users::{self, NewUser, Profile, ProfileChanges};
use crate::store::{Store, StoreError};

/// Characters of a password at most; more would only cost hashing time.
const PASSWORD_MAXIMUM: usize = 128;

/// `POST /auth/register`: makes an account and its organisation.
pub(crate) async fn register(
    request: HttpRequest,
    body: JsonObject,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let email = parse_email(body.required("email")?)?;
    let password = parse_password(body.required("password")?, state.password_minimum)?;
    let full_name = body.text("full_name")?.flatten();
    let hashed_password = state.passwords.hash(password).await?;
    let user = NewUser { email, hashed_password, full_name };
    match state.store.write(move |connection| users::register(connection, &user)).await {
        Ok(_) => Ok(HttpResponse::Created().json(message(&request, &REGISTERED))),
        Err(StoreError::Conflict { .. }) => Err(ApiError::EmailTaken),
        Err(error) => Err(error.into()),
    }
}

/// `POST /auth/login`: a token for a password. Whether the address is known
/// shows neither in the answer nor in its time.
pub(crate) async fn login(
    body: JsonObject,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let email = body.required("email")?.trim().to_owned();
    let password = body.required("password")?;
    if email.contains('\0') || email.len() > 254 || password.chars().count() > PASSWORD_MAXIMUM {
        return Err(ApiError::WrongCredentials);
    }
    let password = SecretString::from(password);
    let found =
        state.store.read(move |connection| users::find_by_email(connection, &email)).await?;
    let (user, hash) =
        found.map_or((None, None), |found| (Some(found.id), Some(found.hashed_password)));
    let verdict = state.passwords.verify(password, hash).await?;
    let (Some(user), Verdict::Right { better_hash }) = (user, verdict) else {
        return Err(ApiError::WrongCredentials);
    };
    state
        .store
        .write(move |connection| users::record_login(connection, user, better_hash.as_deref()))
        .await?;
    Ok(HttpResponse::Ok().json(json!({ "token": state.sessions.issue(user)? })))
}

/// `POST /auth/logout`: the token stops working. Logging out without one, or
/// twice, is no error.
pub(crate) async fn logout(
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    if let Some(token) = bearer(request.headers()) {
        state.sessions.revoke(token).await?;
    }
    Ok(HttpResponse::Ok().json(message(&request, &LOGGED_OUT)))
}

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
    let profile = state
        .store
        .read(move |connection| users::find_profile(connection, caller.user()))
        .await?
        .ok_or(ApiError::Unauthenticated)?;
    let me = Me { profile, stats: Stats::count(&state.store, caller.scope()).await? };
    Ok(HttpResponse::Ok().json(me))
}

/// `PUT /me`: saves what the user may change; every other member is ignored.
pub(crate) async fn update_me(
    request: HttpRequest,
    Authenticated { caller, body }: Authenticated<JsonObject>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let changes = ProfileChanges {
        full_name: body.text("full_name")?,
        phone: body.text("phone")?,
        address: body.text("address")?,
        job_title: body.text("job_title")?,
        department: body.text("department")?,
    };
    let profile = state
        .store
        .write(move |connection| users::update_profile(connection, caller.user(), &changes))
        .await?
        .ok_or(ApiError::Unauthenticated)?;
    let mut answer = message(&request, &PROFILE_SAVED);
    answer["user"] = json!(profile);
    Ok(HttpResponse::Ok().json(answer))
}

impl Stats {
    async fn count(store: &Store, scope: Scope) -> Result<Self, StoreError> {
        let mut counts = Counts { store: store.clone(), scope, queries: Vec::new() };
        visit_kinds(&mut counts);
        let mut stats = Self::default();
        for (slug, query) in counts.queries {
            let (count, latest) = query.await?;
            stats.total_cards_processed += count;
            stats.last_activity = stats.last_activity.max(latest);
            match slug {
                "cin" => stats.identity_cards = count,
                "permis" => stats.driving_licenses = count,
                "gris" => stats.registration_cards = count,
                _ => {}
            }
        }
        Ok(stats)
    }
}

/// A count, and when the latest of the counted was made.
type Activity = Result<(i64, Option<DateTime<Utc>>), StoreError>;

/// Prepares one query for each kind.
struct Counts {
    store: Store,
    scope: Scope,
    queries: Vec<(&'static str, LocalBoxFuture<'static, Activity>)>,
}

impl KindVisitor for Counts {
    fn visit<K: DocumentKind>(&mut self) {
        let (store, scope) = (self.store.clone(), self.scope);
        let query = async move {
            store.read(move |connection| K::Record::activity(connection, scope)).await
        };
        self.queries.push((K::SLUG, Box::pin(query)));
    }
}

/// Parses an address that mail could be sent to: one `@`, a domain with a
/// dot, no blanks or controls, 254 octets at most (RFC 5321, 4.5.3.1).
fn parse_email(text: &str) -> Result<String, ApiError> {
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

fn message(request: &HttpRequest, text: &Text) -> serde_json::Value {
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

const PROFILE_SAVED: Text = Text {
    fr: "Profil mis à jour avec succès",
    ar: "تم تحديث الملف الشخصي بنجاح",
    en: "Profile updated successfully",
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
