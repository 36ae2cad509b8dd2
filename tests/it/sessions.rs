//! Staying logged in, and being logged out everywhere.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestApp, spawn_app, spawn_app_with};

async fn sign_in(app: &TestApp, email: &str) -> Value {
    let body = json!({ "email": email, "password": PASSWORD, "refresh": true });
    app.post("/auth/login", &body).await.json()
}

async fn refresh(app: &TestApp, token: &Value) -> Answer {
    app.post("/auth/refresh", &json!({ "refresh_token": token })).await
}

async fn status(app: &TestApp, token: &Value) -> u16 {
    app.session(token.as_str().unwrap()).get("/me").await.status
}

#[actix_web::test]
async fn a_client_that_asks_for_it_stays_logged_in() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let first = sign_in(&app, "salma@example.ma").await;

    let second = refresh(&app, &first["refresh_token"]).await;

    assert_eq!((second.status, &first["expires_in"]), (200, &json!(900)));
    let second = second.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(status(&app, &second["token"]).await, 200);
    assert_eq!(refresh(&app, &second["refresh_token"]).await.status, 200);
}

#[actix_web::test]
async fn a_client_that_does_not_gets_a_longer_token_alone() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let body = json!({ "email": "salma@example.ma", "password": PASSWORD });

    let answer = app.post("/auth/login", &body).await.json();

    assert_eq!((&answer["expires_in"], &answer["refresh_token"]), (&json!(3600), &Value::Null));
    assert_eq!(app.rows("refresh_tokens"), 0);
}

#[actix_web::test]
async fn a_refresh_token_that_comes_again_ends_its_session() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let first = sign_in(&app, "salma@example.ma").await;
    let second = refresh(&app, &first["refresh_token"]).await.json();
    app.execute("UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds'");

    let again = refresh(&app, &first["refresh_token"]).await;

    assert_eq!(
        (again.status, again.json()["code"].clone()),
        (401, json!("refresh-token-unusable"))
    );
    assert_eq!(refresh(&app, &second["refresh_token"]).await.status, 401);
    assert_eq!(status(&app, &second["token"]).await, 401);
    assert_eq!(status(&app, &first["token"]).await, 401);
}

#[actix_web::test]
async fn a_lost_answer_is_given_again_for_some_seconds() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let first = sign_in(&app, "salma@example.ma").await;

    let lost = refresh(&app, &first["refresh_token"]).await.json();
    let again = refresh(&app, &first["refresh_token"]).await.json();

    assert_eq!(lost["refresh_token"], again["refresh_token"]);
}

#[actix_web::test]
async fn of_sixteen_uses_at_once_one_successor_comes() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let first = sign_in(&app, "salma@example.ma").await;
    let uses = (0..16).map(|_| refresh(&app, &first["refresh_token"]));

    let answers = futures_util::future::join_all(uses).await;

    let successor = answers[0].json()["refresh_token"].clone();
    assert!(answers.iter().all(|answer| answer.json()["refresh_token"] == successor));
    assert_eq!(app.rows("refresh_tokens"), 2);
}

#[actix_web::test]
async fn what_is_no_refresh_token_gives_nothing() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let first = sign_in(&app, "salma@example.ma").await;

    for token in ["", "nonsense", "wqr_", &format!("wqr_{}", "A".repeat(43))] {
        let answer = app.post("/auth/refresh", &json!({ "refresh_token": token })).await;
        assert!(matches!(answer.status, 400 | 401), "{token}");
    }
    assert_eq!(refresh(&app, &first["token"]).await.status, 401);
    assert_eq!(status(&app, &first["refresh_token"]).await, 401);
    app.execute("UPDATE refresh_tokens SET expires_at = now()");
    assert_eq!(refresh(&app, &first["refresh_token"]).await.status, 401);
}

#[actix_web::test]
async fn a_session_ends_when_its_time_is_over_however_often_it_is_used() {
    let app = spawn_app_with(|config| {
        config.auth.refresh_lifetime = Duration::from_secs(2);
    })
    .await;
    app.register("salma@example.ma").await;
    let first = sign_in(&app, "salma@example.ma").await;
    let second = refresh(&app, &first["refresh_token"]).await.json();
    actix_web::rt::time::sleep(Duration::from_secs(2)).await;

    assert_eq!(refresh(&app, &second["refresh_token"]).await.status, 401);
}

#[actix_web::test]
async fn logging_out_ends_the_session_and_no_other() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let phone = sign_in(&app, "salma@example.ma").await;
    let laptop = sign_in(&app, "salma@example.ma").await;
    let renewed = refresh(&app, &phone["refresh_token"]).await.json();

    let session = app.session(renewed["token"].as_str().unwrap());
    session.post("/auth/logout", &json!({})).await;

    assert_eq!(refresh(&app, &renewed["refresh_token"]).await.status, 401);
    assert_eq!(status(&app, &phone["token"]).await, 401, "an earlier token of the session");
    assert_eq!(status(&app, &laptop["token"]).await, 200);
    assert_eq!(refresh(&app, &laptop["refresh_token"]).await.status, 200);
}

#[actix_web::test]
async fn a_changed_password_ends_every_session_on_every_replica_within_a_second() {
    let app = spawn_app().await;
    let other = app.replica().await;
    app.register("salma@example.ma").await;
    let phone = sign_in(&app, "salma@example.ma").await;
    let laptop = app.login("salma@example.ma").await;
    assert_eq!(status(&other, &phone["token"]).await, 200);
    let body = json!({ "current_password": PASSWORD, "new_password": "another horse battery" });

    let changed = laptop.post("/auth/password", &body).await;
    actix_web::rt::time::sleep(Duration::from_secs(1)).await;

    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(status(&app, &changed.json()["token"]).await, 200);
    assert_eq!(status(&other, &changed.json()["token"]).await, 200);
    assert_eq!(status(&other, &phone["token"]).await, 401);
    assert_eq!(laptop.get("/me").await.status, 401);
    assert_eq!(refresh(&other, &phone["refresh_token"]).await.status, 401);
    let old = json!({ "email": "salma@example.ma", "password": PASSWORD });
    let new = json!({ "email": "salma@example.ma", "password": "another horse battery" });
    assert_eq!(app.post("/auth/login", &old).await.status, 401);
    assert_eq!(app.post("/auth/login", &new).await.status, 200);
}

#[actix_web::test]
async fn a_password_is_changed_by_who_knows_it_to_one_that_is_good_enough() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        let answer = salma.post("/auth/password", &body).await;
        (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
    };

    assert_eq!(change("not the password", "another horse").await.1, "wrong-credentials");
    assert_eq!(change(PASSWORD, "short").await.1, "password-length");
    assert_eq!(change(PASSWORD, "password1234").await.1, "password-common");
    assert_eq!(salma.get("/me").await.status, 200);
}

#[actix_web::test]
async fn an_easily_guessed_password_is_refused_unless_the_operator_allows_it() {
    let app = spawn_app().await;
    let lenient = spawn_app_with(|config| config.auth.refuse_common = false).await;
    let body = json!({ "email": "salma@example.ma", "password": "motdepasse12" });

    let refused = app.post("/auth/register", &body).await;

    assert_eq!((refused.status, refused.json()["code"].clone()), (400, json!("password-common")));
    assert_eq!(lenient.post("/auth/register", &body).await.status, 201);
}

#[actix_web::test]
async fn whoever_has_a_token_alone_guesses_the_password_slowly() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let mut statuses = Vec::new();
    for n in 0..8 {
        let body = json!({
            "current_password": format!("guess number {n}"), "new_password": "another horse battery",
        });
        statuses.push(salma.post("/auth/password", &body).await.status);
    }

    assert_eq!(statuses[..5], [401; 5]);
    assert!(statuses[5..].contains(&429), "{statuses:?}");
}
