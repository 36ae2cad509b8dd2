//! Who is not let in, and how the refusal looks.

use openssl::base64::encode_block;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, spawn_app};

/// Every path that needs a token, with its method.
const PROTECTED: [(Method, &str); 21] = [
    (Method::GET, "/me"),
    (Method::PUT, "/me"),
    (Method::POST, "/cin/process"),
    (Method::POST, "/permis/process"),
    (Method::POST, "/gris/process"),
    (Method::GET, "/cin/all"),
    (Method::GET, "/permis/all"),
    (Method::GET, "/gris/all"),
    (Method::GET, "/gris/evolution-mensuel"),
    (Method::GET, "/charts/overview"),
    (Method::GET, "/charts/gender-distribution"),
    (Method::GET, "/charts/cities-distribution"),
    (Method::GET, "/charts/license-categories"),
    (Method::GET, "/charts/car-usage-types"),
    (Method::GET, "/charts/monthly-stats"),
    (Method::GET, "/charts/daily-stats"),
    (Method::GET, "/charts/dashboard"),
    (Method::GET, "/charts/essential"),
    (Method::GET, "/metrics"),
    (Method::GET, "/debug/pool"),
    (Method::HEAD, "/me"),
];

fn base64url(bytes: &[u8]) -> String {
    encode_block(bytes).replace('+', "-").replace('/', "_").replace(['=', '\n'], "")
}

/// A token as any holder of the secret makes it.
fn token(header: &Value, claims: &Value, secret: &str) -> String {
    let signed = format!(
        "{}.{}",
        base64url(header.to_string().as_bytes()),
        base64url(claims.to_string().as_bytes())
    );
    let key = PKey::hmac(secret.as_bytes()).unwrap();
    let mut hmac = Signer::new(MessageDigest::sha256(), &key).unwrap();
    hmac.update(signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64url(&hmac.sign_to_vec().unwrap()))
}

fn hs256() -> Value {
    json!({ "alg": "HS256", "typ": "JWT" })
}

fn claims(subject: &Value, lifetime: i64) -> Value {
    let now = chrono::Utc::now().timestamp();
    json!({ "sub": subject.to_string(), "iat": now - 600, "exp": now + lifetime })
}

fn secret(app: &TestApp) -> String {
    app.config.auth.jwt_secret.as_ref().unwrap().expose_secret().to_owned()
}

async fn user_id(app: &TestApp) -> Value {
    let session = app.register_and_login("salma@example.ma").await;
    session.get("/me").await.json()["id"].clone()
}

#[actix_web::test]
async fn every_protected_path_asks_for_a_token() {
    let app = spawn_app().await;

    for (method, path) in PROTECTED {
        let answer = Answer::of(app.request(method.clone(), path)).await;

        assert_eq!(answer.status, 401, "{method} {path}");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{method} {path}");
    }
}

#[actix_web::test]
async fn a_bad_body_is_not_looked_at_without_a_token() {
    let app = spawn_app().await;
    let bad_upload = app
        .request(Method::POST, "/cin/process")
        .header("content-type", "multipart/form-data; boundary=x")
        .body("nonsense");
    let bad_json = app.request(Method::PUT, "/me").body("{");

    assert_eq!(Answer::of(bad_upload).await.status, 401);
    assert_eq!(Answer::of(bad_json).await.status, 401);
}

#[actix_web::test]
async fn a_token_of_another_service_with_the_same_secret_is_accepted() {
    let app = spawn_app().await;
    let user = user_id(&app).await;

    let token = token(&hs256(), &claims(&user, 600), &secret(&app));

    assert_eq!(app.session(&token).get("/me").await.json()["id"], user);
}

#[actix_web::test]
async fn every_unusable_token_gets_the_same_refusal() {
    let app = spawn_app().await;
    let user = user_id(&app).await;
    let (secret, good) = (secret(&app), claims(&user, 600));
    let valid = token(&hs256(), &good, &secret);
    let (unsigned, signature) = valid.rsplit_once('.').unwrap();
    let none = json!({ "alg": "none", "typ": "JWT" });
    let tokens = [
        "nonsense".to_owned(),
        "a.b.c".to_owned(),
        token(&hs256(), &claims(&user, -300), &secret),
        token(&hs256(), &good, "a-secret-of-somebody-else-entirely-0002"),
        token(&none, &good, &secret),
        format!(
            "{}.{}.",
            base64url(none.to_string().as_bytes()),
            base64url(good.to_string().as_bytes())
        ),
        token(&json!({ "alg": "HS512", "typ": "JWT" }), &good, &secret),
        token(&hs256(), &json!({ "sub": user.to_string() }), &secret),
        token(&hs256(), &claims(&json!(987_654), 600), &secret),
        format!("{unsigned}."),
        format!("{unsigned}.{}", signature.chars().rev().collect::<String>()),
        "x".repeat(9000),
    ];

    let mut bodies = Vec::new();
    for token in &tokens {
        let answer = app.session(token).get("/me").await;
        assert_eq!(answer.status, 401, "{token}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        let mut body = answer.json();
        body.as_object_mut().unwrap().remove("request_id");
        bodies.push(body);
    }
    let mut without = app.get("/me").await.json();
    without.as_object_mut().unwrap().remove("request_id");
    assert!(bodies.iter().all(|body| *body == without), "{bodies:#?}");
}

#[actix_web::test]
async fn only_the_bearer_scheme_is_understood() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let request = |value: String| app.request(Method::GET, "/me").header("authorization", value);
    let basic = Answer::of(request(format!("Basic {}", session.token))).await;
    let bare = Answer::of(request(session.token.clone())).await;
    let lowercase = Answer::of(request(format!("bearer {}", session.token))).await;

    assert_eq!((basic.status, bare.status, lowercase.status), (401, 401, 200));
}

#[actix_web::test]
async fn a_token_dies_with_its_user() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    app.execute("DELETE FROM users");
    actix_web::rt::time::sleep(std::time::Duration::from_secs(1)).await;

    assert_eq!(session.get("/me").await.status, 401);
}
