//! Keys with which servers call.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Session, spawn_app};

async fn key(session: &Session<'_>, scopes: &[&str]) -> Value {
    let body = json!({ "name": "batch", "scopes": scopes });
    let made = session.post("/organisation/keys", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

#[actix_web::test]
async fn a_key_may_what_its_scopes_say_in_its_organisation() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    app.execute("INSERT INTO cin_data (cin, organisation_id) VALUES ('AB123456', 2)");
    let key = key(&salma, &["read"]).await;
    let server = app.session(key["key"].as_str().unwrap());

    assert_eq!(server.get("/cin/all").await.json()[0]["cin"], "AB123456");
    for (method, path) in [
        ("POST", "/cin/process"),
        ("GET", "/me"),
        ("POST", "/auth/password"),
        ("GET", "/organisation/members"),
        ("POST", "/organisation/keys"),
        ("DELETE", "/cin/1"),
        ("GET", "/debug/pool"),
    ] {
        let request = server.request(method.parse().unwrap(), path).json(&json!({}));
        assert_eq!(request.send().await.unwrap().status(), 403, "{method} {path}");
    }
}

#[actix_web::test]
async fn a_key_is_shown_once_and_stored_as_a_digest() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let key = key(&salma, &["read", "process", "read"]).await;
    let secret = key["key"].as_str().unwrap();

    let listed = salma.get("/organisation/keys").await;

    assert_eq!(listed.json()[0]["scopes"], json!(["process", "read"]));
    assert_eq!(listed.json()[0]["prefix"], secret[..8]);
    assert_eq!(listed.json()[0]["last_used_at"], Value::Null);
    assert!(!listed.text().contains(secret));
    assert!(!app.text("SELECT api_keys::text AS text FROM api_keys").contains(&secret[8..]));
}

#[actix_web::test]
async fn a_key_tells_when_it_was_last_used() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let key = key(&salma, &["read"]).await;

    app.session(key["key"].as_str().unwrap()).get("/cin/all").await;

    for _ in 0..50 {
        if salma.get("/organisation/keys").await.json()[0]["last_used_at"].is_string() {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the use was not noted");
}

#[actix_web::test]
async fn a_revoked_key_opens_nothing_on_any_replica_within_a_second() {
    let app = spawn_app().await;
    let other = app.replica().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let key = key(&salma, &["read"]).await;
    let server = other.session(key["key"].as_str().unwrap());
    assert_eq!(server.get("/cin/all").await.status, 200);
    let path = format!("/organisation/keys/{}", key["id"]);

    let revoked = salma.delete(&path).await;
    let again = salma.delete(&path).await;
    actix_web::rt::time::sleep(Duration::from_secs(1)).await;

    assert_eq!((revoked.status, again.status), (204, 404));
    assert_eq!(server.get("/cin/all").await.status, 401);
    assert!(salma.get("/organisation/keys").await.json()[0]["revoked_at"].is_string());
}

#[actix_web::test]
async fn an_expired_key_opens_nothing() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let key = key(&salma, &["read"]).await;
    app.execute("UPDATE api_keys SET expires_at = now()");

    assert_eq!(app.session(key["key"].as_str().unwrap()).get("/cin/all").await.status, 401);
}

#[actix_web::test]
async fn a_key_that_asks_for_what_there_is_not_is_not_made() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;

    for body in [
        json!({ "scopes": ["read"] }),
        json!({ "name": "x" }),
        json!({ "name": "x", "scopes": [] }),
        json!({ "name": "x", "scopes": ["manage"] }),
        json!({ "name": "x", "scopes": ["everything"] }),
        json!({ "name": "x", "scopes": "read" }),
        json!({ "name": "x", "scopes": ["read"], "expires_in_days": 0 }),
        json!({ "name": "x", "scopes": ["read"], "expires_in_days": 1000 }),
    ] {
        assert_eq!(salma.post("/organisation/keys", &body).await.status, 400, "{body}");
    }
    assert_eq!(app.rows("api_keys"), 0);
}

#[actix_web::test]
async fn what_only_looks_like_a_key_is_refused() {
    let app = spawn_app().await;

    for token in ["wqk_", "wqk_nonsense", &format!("wqk_{}", "A".repeat(43))] {
        assert_eq!(app.session(token).get("/cin/all").await.status, 401, "{token}");
    }
}
