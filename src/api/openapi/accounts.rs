//! The accounts, described.

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use super::super::accounts::{EMAIL_MAXIMUM, PASSWORD_MAXIMUM};
use super::super::body::{CLEAN, TEXT_LIMIT};
use super::super::problem::catalogue;
use super::operation::{Operation, get, post, put};
use super::shapes::{
    Shape, array, count, filled, flag, id, nullable, nullable_moment, nullable_text, object,
    one_of, text,
};

/// The operations of the accounts.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        register(),
        login(),
        exchange("/auth/oidc"),
        exchange("/auth/auth0-exchange"),
        jwks(),
        refresh(),
        post("/auth/logout", "Révoque le jeton et termine sa session")
            .looks_at_token()
            .answers(200, message())
            .writes(),
        change_password(),
        get("/me", "Le profil et ses statistiques").answers(200, me()),
        put("/me", "Modifie le profil ; un champ absent reste, un champ nul est vidé")
            .takes(changes())
            .answers(
                200,
                object([
                    ("message", text().into()),
                    ("user", profile().title(Some("Profile")).into()),
                ])
                .title(Some("ProfileChanged")),
            )
            .writes(),
    ]
}

/// An address that mail could be sent to.
pub(super) fn email() -> ObjectBuilder {
    filled(EMAIL_MAXIMUM).format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)))
}

/// `{"message": …}`.
pub(super) fn message() -> Shape {
    object([("message", text().into())]).title(Some("Message")).into()
}

fn register() -> Operation {
    let body = object([
        ("email", email().into()),
        ("password", new_password().into()),
        ("full_name?", profile_text().into()),
        ("invitation?", nullable_text().into()),
    ])
    .title(Some("Registration"));
    post("/auth/register", "Crée un compte, dans sa propre organisation ou sur invitation")
        .takes(body)
        .answers(201, message())
        .refuses(&[
            &catalogue::MISSING_MEMBER,
            &catalogue::INVALID_EMAIL,
            &catalogue::PASSWORD_LENGTH,
            &catalogue::PASSWORD_COMMON,
            &catalogue::INVITATION_UNUSABLE,
            &catalogue::REGISTRATION_CLOSED,
            &catalogue::INVITATION_REQUIRED,
            &catalogue::EMAIL_TAKEN,
            &catalogue::BUSY,
        ])
        .writes()
}

fn login() -> Operation {
    let body = object([
        ("email", text().min_length(Some(1)).into()),
        ("password", text().min_length(Some(1)).into()),
        ("refresh?", wish().into()),
    ])
    .title(Some("Credentials"));
    post("/auth/login", "Donne un jeton")
        .takes(body)
        .answers(200, signed_in())
        .refuses(&[
            &catalogue::MISSING_MEMBER,
            &catalogue::WRONG_CREDENTIALS,
            &catalogue::TOO_MANY_ATTEMPTS,
            &catalogue::BUSY,
        ])
        .writes()
}

fn exchange(path: &str) -> Operation {
    let body = object([
        ("id_token", text().min_length(Some(1)).into()),
        ("nonce?", nullable_text().into()),
        ("invitation?", nullable_text().into()),
        ("refresh?", wish().into()),
    ])
    .title(Some("IdentityToken"));
    post(path, "Échange un jeton d'identité d'un fournisseur externe ; avec un jeton, le relie")
        .looks_at_token()
        .takes(body)
        .answers(200, signed_in())
        .refuses(&[
            &catalogue::MISSING_MEMBER,
            &catalogue::INVITATION_UNUSABLE,
            &catalogue::UNAUTHENTICATED,
            &catalogue::IDENTITY_TOKEN_UNUSABLE,
            &catalogue::REGISTRATION_CLOSED,
            &catalogue::INVITATION_REQUIRED,
            &catalogue::FORBIDDEN,
            &catalogue::EXTERNAL_SIGN_IN_OFF,
            &catalogue::LINK_REQUIRED,
            &catalogue::LINKED_ELSEWHERE,
        ])
        .writes()
}

fn jwks() -> Operation {
    let key = object([
        ("kty", one_of(&["RSA", "OKP"]).into()),
        ("use", one_of(&["sig"]).into()),
        ("alg", one_of(&["RS256", "EdDSA"]).into()),
        ("kid", text().into()),
        ("n?", text().into()),
        ("e?", text().into()),
        ("crv?", one_of(&["Ed25519"]).into()),
        ("x?", text().into()),
    ])
    .title(Some("PublicKey"));
    get("/.well-known/jwks.json", "Les clés publiques des jetons (RFC 7517)")
        .answers(200, object([("keys", array(key).into())]).title(Some("PublicKeys")))
}

fn refresh() -> Operation {
    let body = object([("refresh_token", text().min_length(Some(1)).into())]);
    post("/auth/refresh", "Les jetons suivants d'une session ; chacun ne sert qu'une fois")
        .takes(body.title(Some("RefreshToken")))
        .answers(200, signed_in())
        .refuses(&[&catalogue::MISSING_MEMBER, &catalogue::REFRESH_TOKEN_UNUSABLE])
        .writes()
}

fn change_password() -> Operation {
    let body = object([
        ("current_password", text().min_length(Some(1)).into()),
        ("new_password", new_password().into()),
        ("refresh?", wish().into()),
    ])
    .title(Some("PasswordChange"));
    post("/auth/password", "Change le mot de passe et termine toutes les sessions du compte")
        .takes(body)
        .answers(200, signed_in())
        .refuses(&[
            &catalogue::MISSING_MEMBER,
            &catalogue::PASSWORD_LENGTH,
            &catalogue::PASSWORD_COMMON,
            &catalogue::WRONG_CREDENTIALS,
            &catalogue::TOO_MANY_ATTEMPTS,
            &catalogue::BUSY,
        ])
        .writes()
}

fn signed_in() -> Shape {
    object([
        ("token", text().into()),
        ("token_type", one_of(&["Bearer"]).into()),
        ("expires_in", count().description(Some("En secondes")).into()),
        ("refresh_token?", text().description(Some("Quand `refresh` était vrai")).into()),
    ])
    .title(Some("SignedIn"))
    .into()
}

fn new_password() -> ObjectBuilder {
    let minimum = "La longueur minimale est un réglage du service (PASSWORD_MIN_LENGTH)";
    filled(PASSWORD_MAXIMUM).description(Some(minimum))
}

fn wish() -> ObjectBuilder {
    nullable(flag(), Type::Boolean).description(Some("Demande aussi un jeton de renouvellement"))
}

fn profile_text() -> ObjectBuilder {
    nullable_text().max_length(Some(TEXT_LIMIT)).pattern(Some(CLEAN))
}

fn changes() -> Shape {
    let members = ["full_name", "phone", "address", "job_title", "department"];
    let body =
        members.into_iter().fold(object([]), |body, member| body.property(member, profile_text()));
    body.title(Some("ProfileChanges")).into()
}

fn profile() -> ObjectBuilder {
    object([
        ("id", id().into()),
        ("email", nullable_text().into()),
        ("full_name", nullable_text().into()),
        ("phone", nullable_text().into()),
        ("address", nullable_text().into()),
        ("job_title", nullable_text().into()),
        ("department", nullable_text().into()),
        ("created_at", nullable_moment().into()),
        ("last_login", nullable_moment().into()),
    ])
}

fn me() -> Shape {
    let stats = object([
        ("total_cards_processed", count().into()),
        ("identity_cards", count().into()),
        ("driving_licenses", count().into()),
        ("registration_cards", count().into()),
        ("last_activity", nullable_moment().into()),
    ])
    .title(Some("ProfileStats"));
    profile().property("stats", stats).required("stats").title(Some("Me")).into()
}
