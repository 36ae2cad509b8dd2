//! Signing in with an account at a provider of identity, and our own keys for others.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};

use super::accounts::{enrol, may_register, parse_email, sign_in};
use super::body::JsonObject;
use super::caller::{Caller, bearer};
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::auth::UserId;
use crate::auth::oidc::Identity;
use crate::digest::sha256;
use crate::store::audit::{Action, Actor, Deed};
use crate::store::users::{self, Membership, NewUser};
use crate::store::{Connection, StoreError, identities, revocations};

/// `GET /.well-known/jwks.json`: the public keys of our tokens (RFC 7517).
pub(crate) async fn jwks(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .json(state.sessions.keys().jwks())
}

/// What became of an exchange.
enum Exchange {
    /// The user that the identity signs in as, and what was made for that.
    SignedIn(Membership, Option<Action>),
    /// No user signs in with it, and none was made.
    Refused(Refused),
}

/// Why nobody is signed in.
#[derive(Clone, Copy)]
enum Refused {
    /// The token was exchanged before.
    Replayed,
    /// There is no account, and none may be made.
    NoAccount,
    /// The invitation is not usable.
    Invitation,
    /// The provider tells no address of its own that it has verified.
    NoAddress,
    /// An account has the address, and has not linked this identity.
    LinkRequired,
    /// The identity signs in as another user.
    LinkedElsewhere,
}

/// `POST /auth/oidc` and, as the old application called it, `POST /auth/auth0-exchange`:
/// a token of ours for an ID token. With a token of ours beside it, the identity is linked
/// to that account; a known address alone links nothing, for anybody may have registered it.
pub(crate) async fn exchange(
    request: HttpRequest,
    body: JsonObject,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let verifier = state.oidc.as_ref().ok_or(ApiError::ExternalSignInOff)?;
    let token = body.required("id_token")?.to_owned();
    let nonce = body.optional("nonce")?;
    let wants_session = body.flag("refresh")?;
    let link_to = match bearer(request.headers()) {
        Some(token) => Some(Caller::of(state.sessions.authenticate(token).await?).person()?),
        None => None,
    };
    let invitation = body.optional("invitation")?.map(ToOwned::to_owned);
    let may_enrol = may_register(state.registration, invitation.is_some());
    let settlement = Settlement {
        identity: verifier.verify(&token, nonce).await?,
        digest: sha256(token.as_bytes()),
        link_to,
        may_enrol: may_enrol.is_ok(),
        invitation,
    };
    let (trail, from) = (state.trail.clone(), origin.0.clone());
    let exchanged = state.store.write(move |connection| {
        let exchange = settlement.settle(connection)?;
        if let Exchange::SignedIn(member, Some(action)) = exchange {
            let origin = from.clone().by(Actor::User(member.user), member.organisation);
            trail.append(connection, &origin, &Deed::new(action).to("member", member.user.0))?;
        }
        Ok(exchange)
    });
    let refused = match exchanged.await {
        Ok(Exchange::SignedIn(member, _)) => {
            return sign_in(&state, origin.0, member, None, wants_session).await;
        }
        Ok(Exchange::Refused(refused)) => refused,
        // Exchanged before, or at the same time by somebody else.
        Err(StoreError::Conflict { .. }) => Refused::Replayed,
        Err(error) => return Err(error.into()),
    };
    Err(match refused {
        Refused::Replayed | Refused::NoAddress => ApiError::IdentityTokenUnusable,
        Refused::NoAccount => may_enrol.err().unwrap_or(ApiError::RegistrationClosed),
        Refused::Invitation => ApiError::InvitationUnusable,
        Refused::LinkRequired => ApiError::LinkRequired,
        Refused::LinkedElsewhere => ApiError::LinkedElsewhere,
    })
}

/// What is known of an exchange before the database is asked.
struct Settlement {
    identity: Identity,
    digest: [u8; 32],
    link_to: Option<UserId>,
    may_enrol: bool,
    invitation: Option<String>,
}

impl Settlement {
    /// Finds or makes the user, and lets the token be exchanged this once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when it was exchanged before: what was made is undone.
    fn settle(&self, connection: &mut Connection) -> Result<Exchange, StoreError> {
        let outcome = self.find_or_make(connection)?;
        let expires_at = self.identity.expires_at;
        if let Exchange::SignedIn(..) = outcome
            && !revocations::insert(connection, &self.digest, expires_at)?
        {
            return Err(StoreError::Conflict { constraint: None });
        }
        Ok(outcome)
    }

    fn find_or_make(&self, connection: &mut Connection) -> Result<Exchange, StoreError> {
        let Identity { issuer, subject, email, email_verified, name, .. } = &self.identity;
        if let Some(member) = identities::find(connection, issuer, subject)? {
            let is_meant = self.link_to.is_none_or(|user| user == member.user);
            return Ok(if is_meant {
                Exchange::SignedIn(member, None)
            } else {
                Exchange::Refused(Refused::LinkedElsewhere)
            });
        }
        if let Some(user) = self.link_to {
            identities::link(connection, issuer, subject, user)?;
            let member = users::find_membership(connection, user)?;
            return Ok(member.map_or(Exchange::Refused(Refused::NoAccount), |member| {
                Exchange::SignedIn(member, Some(Action::IdentityLinked))
            }));
        }
        let address = email.as_deref().filter(|_| *email_verified);
        let Some(email) = address.and_then(|email| parse_email(email).ok()) else {
            return Ok(Exchange::Refused(Refused::NoAddress));
        };
        if users::find_by_email(connection, &email)?.is_some() {
            return Ok(Exchange::Refused(Refused::LinkRequired));
        }
        if !self.may_enrol {
            return Ok(Exchange::Refused(Refused::NoAccount));
        }
        let user = NewUser { email, hashed_password: None, full_name: name.clone() };
        let Some(member) = enrol(connection, &user, self.invitation.as_deref())? else {
            return Ok(Exchange::Refused(Refused::Invitation));
        };
        identities::link(connection, issuer, subject, member.user)?;
        Ok(Exchange::SignedIn(member, Some(Action::Registered)))
    }
}
