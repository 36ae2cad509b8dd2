//! Sign-in at a provider that others wrote: a process of its own on loopback, with the
//! authorisation code flow over HTTP as a client's browser and back end go through it.

use serde_json::{Value, json};
use url::Url;
use wathiqa::auth::OidcError;
use wathiqa::auth::oidc::{ProviderError, Refusal};
use wathiqa::config::Registration;

use crate::support::{CLIENT, Provider, TestApp, spawn_app, spawn_app_with};

#[actix_web::test]
async fn somebody_who_signs_in_at_the_provider_is_known_here() {
    let provider = Provider::start().await;
    let token = provider.id_token(CLIENT, Some("n-1")).await;

    let identity = provider.verifier().verify(&token, Some("n-1")).await.unwrap();

    assert_eq!((&identity.issuer, identity.subject.as_str()), (&provider.issuer, "salma"));
    assert_eq!(identity.email.as_deref(), Some("salma@example.ma"));
    assert!(identity.email_verified);
    assert_eq!(identity.name.as_deref(), Some("Salma"));
    assert!(identity.expires_at > chrono::Utc::now());
}

#[actix_web::test]
async fn a_real_token_for_somebody_else_is_refused() {
    let provider = Provider::start().await;
    let verifier = provider.verifier();
    let refused = |outcome| match outcome {
        Err(OidcError::Unusable(refusal)) => refusal,
        other => panic!("{other:?}"),
    };

    let theirs = provider.id_token("another", None).await;
    assert_eq!(refused(verifier.verify(&theirs, None).await), Refusal::Foreign);

    let ours = provider.id_token(CLIENT, Some("n-1")).await;
    assert_eq!(refused(verifier.verify(&ours, Some("n-2")).await), Refusal::Nonce);
    assert_eq!(refused(verifier.verify(&ours, None).await), Refusal::Nonce);
    let (signed, _) = ours.rsplit_once('.').unwrap();
    let (_, signature) = theirs.rsplit_once('.').unwrap();
    let swapped = format!("{signed}.{signature}");
    assert_eq!(refused(verifier.verify(&swapped, Some("n-1")).await), Refusal::Signature);
    assert!(provider.verifier_for("another").verify(&theirs, None).await.is_ok());
}

#[actix_web::test]
async fn a_provider_that_ended_is_no_fault_of_the_token() {
    let mut provider = Provider::start().await;
    let (before, after) = (provider.verifier(), provider.verifier());
    let token = provider.id_token(CLIENT, None).await;
    before.verify(&token, None).await.unwrap();

    provider.stop();

    // Whose keys are known is let in all the same.
    assert!(before.verify(&token, None).await.is_ok());
    let outcome = after.verify(&token, None).await;
    assert!(matches!(outcome, Err(OidcError::Away(ProviderError::Unreachable(_)))), "{outcome:?}");
}

#[actix_web::test]
async fn the_keys_of_a_provider_that_starts_anew_are_others() {
    let mut provider = Provider::start().await;
    let port = Url::parse(&provider.issuer).unwrap().port().unwrap();
    let old = provider.id_token(CLIENT, None).await;
    provider.stop();

    // It keeps no keys.
    let provider = Provider::start_at(port).await;

    let outcome = provider.verifier().verify(&old, None).await;
    let is_refused =
        matches!(outcome, Err(OidcError::Unusable(Refusal::UnknownKey | Refusal::Signature)));
    assert!(is_refused, "{outcome:?}");
    let new = provider.id_token(CLIENT, None).await;
    assert!(provider.verifier().verify(&new, None).await.is_ok());
}

/// A service whose users may sign in at a provider.
async fn with_provider() -> (TestApp, Provider) {
    let provider = Provider::start().await;
    let oidc = provider.config_for(CLIENT);
    (spawn_app_with(|config| config.auth.oidc = Some(oidc)).await, provider)
}

fn exchanged(token: &str) -> Value {
    json!({ "id_token": token, "nonce": "n-1" })
}

#[actix_web::test]
async fn a_person_signs_in_and_is_the_same_the_next_time() {
    let (app, provider) = with_provider().await;
    let sign_in = async |path: &str| {
        let token = provider.id_token(CLIENT, Some("n-1")).await;
        let answer = app.post(path, &exchanged(&token)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        app.session(answer.json()["token"].as_str().unwrap()).get("/me").await.json()
    };

    let first = sign_in("/auth/oidc").await;
    let second = sign_in("/auth/auth0-exchange").await;

    assert_eq!(
        (&first["email"], &first["full_name"]),
        (&json!("salma@example.ma"), &json!("Salma"))
    );
    assert_eq!(first["id"], second["id"]);
    assert_eq!(app.rows("users"), 1);
}

#[actix_web::test]
async fn an_identity_token_is_exchanged_once_and_only_with_its_nonce() {
    let (app, provider) = with_provider().await;
    let token = provider.id_token(CLIENT, Some("n-1")).await;

    let without = app.post("/auth/oidc", &json!({ "id_token": token })).await;
    let first = app.post("/auth/oidc", &exchanged(&token)).await;
    let replayed = app.post("/auth/oidc", &exchanged(&token)).await;

    assert_eq!((without.status, first.status, replayed.status), (401, 200, 401));
    assert_eq!(replayed.json()["code"], "identity-token-unusable");
}

#[actix_web::test]
async fn a_known_address_is_linked_by_who_holds_the_account_alone() {
    let (app, provider) = with_provider().await;
    let salma = app.register_and_login("Salma@example.ma").await;
    let omar = app.register_and_login("omar@example.ma").await;
    let token = provider.id_token(CLIENT, Some("n-1")).await;

    let refused = app.post("/auth/oidc", &exchanged(&token)).await;
    let linked = salma.post("/auth/oidc", &exchanged(&token)).await;
    let token = provider.id_token(CLIENT, Some("n-1")).await;
    let stolen = omar.post("/auth/oidc", &exchanged(&token)).await;
    let after = app.post("/auth/oidc", &exchanged(&token)).await;

    assert_eq!((refused.status, refused.json()["code"].clone()), (409, json!("link-required")));
    assert_eq!(linked.status, 200, "{}", linked.text());
    assert_eq!((stolen.status, stolen.json()["code"].clone()), (409, json!("linked-elsewhere")));
    let me = app.session(after.json()["token"].as_str().unwrap()).get("/me").await.json();
    assert_eq!(me["email"], "Salma@example.ma");
}

#[actix_web::test]
async fn a_person_who_may_not_register_does_not_by_signing_in_elsewhere() {
    let (app, provider) = {
        let provider = Provider::start().await;
        let oidc = provider.config_for(CLIENT);
        let app = spawn_app_with(|config| {
            config.auth.oidc = Some(oidc);
            config.auth.registration = Registration::Invite;
        });
        (app.await, provider)
    };
    let token = provider.id_token(CLIENT, Some("n-1")).await;

    let refused = app.post("/auth/oidc", &exchanged(&token)).await;

    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (403, json!("invitation-required"))
    );
    assert_eq!(app.rows("users"), 0);
}

#[actix_web::test]
async fn without_a_provider_there_is_no_such_sign_in() {
    let app = spawn_app().await;

    let answer = app.post("/auth/oidc", &json!({ "id_token": "x" })).await;

    assert_eq!(
        (answer.status, answer.json()["code"].clone()),
        (404, json!("external-sign-in-off"))
    );
}

#[actix_web::test]
async fn a_provider_that_is_away_asks_to_come_again() {
    let (app, mut provider) = with_provider().await;
    let token = provider.id_token(CLIENT, Some("n-1")).await;
    provider.stop();

    let answer = app.post("/auth/oidc", &exchanged(&token)).await;

    assert_eq!((answer.status, answer.json()["code"].clone()), (503, json!("unavailable")));
}
