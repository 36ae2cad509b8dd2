//! What the description allows and what it does not, sent by a program that others wrote
//! (schemathesis): no answer may be a fault of the service, and every answer must be one
//! that the description tells of.
//!
//! The seed and the number of requests are fixed, in `tests/schemathesis.toml`: the same
//! requests each time, but for ids that the service gives.

use serde_json::json;

use crate::support::{TestApp, python, spawn_app, succeed};

/// Runs the program on a service, and fails with its report.
async fn fuzz(app: &TestApp, arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = python("schemathesis");
    command
        .current_dir(folder.path())
        .args(["--config-file", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis.toml")])
        .args(["run", &format!("{}/openapi.json", app.address), "--no-color"])
        .args(arguments);
    succeed(command).await;
}

#[actix_web::test]
async fn nobody_known_gets_only_answers_that_are_described() {
    let app = spawn_app().await;

    fuzz(&app, &[]).await;
}

#[actix_web::test]
async fn an_admin_gets_only_answers_that_are_described() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    admin.colleague("omar@example.ma", "agent").await;
    let token = format!("Authorization: Bearer {}", admin.token);

    let ends_the_token = ["--exclude-path", "/auth/logout"];
    fuzz(&app, &[&["-H", &token], &ends_the_token[..]].concat()).await;

    assert_eq!(admin.get("/me").await.status, 200, "the run ended its own token");
}

#[actix_web::test]
async fn a_key_that_may_only_read_gets_only_answers_that_are_described() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let body = json!({ "name": "reader", "scopes": ["read"] });
    let key = admin.post("/organisation/keys", &body).await.json();
    let key = format!("Authorization: Bearer {}", key["key"].as_str().unwrap());

    fuzz(&app, &["-H", &key]).await;
}
