//! Registering, logging in and out, and one's own profile.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, spawn_app, spawn_app_given};

#[actix_web::test]
async fn a_new_address_is_registered() {
    let app = spawn_app().await;

    let answer = app.register("salma@example.ma").await;

    assert_eq!(answer.status, 201);
    assert!(answer.json()["message"].is_string());
}

#[actix_web::test]
async fn a_known_address_is_refused_whatever_its_case() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;

    let answer = app.register("Salma@Example.MA").await;

    assert_eq!(answer.status, 409);
    assert_eq!(answer.json()["code"], "email-taken");
    assert_eq!(app.rows("users"), 1);
}

#[actix_web::test]
async fn sixteen_registrations_of_one_address_at_once_make_one_account() {
    let app = spawn_app().await;

    let answers =
        futures_util::future::join_all((0..16).map(|_| app.register("salma@example.ma"))).await;

    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409)));
    assert_eq!(app.rows("users"), 1);
}

#[actix_web::test]
async fn a_registration_with_a_missing_or_malformed_member_is_refused() {
    let app = spawn_app().await;
    let long = "x".repeat(129);
    let bodies = [
        json!({}),
        json!({ "email": "salma@example.ma" }),
        json!({ "password": "correct horse" }),
        json!({ "email": null, "password": "correct horse" }),
        json!({ "email": 5, "password": "correct horse" }),
        json!({ "email": "salma@example.ma", "password": ["correct horse"] }),
        json!({ "email": "salma", "password": "correct horse" }),
        json!({ "email": "salma@example.ma\r\nBcc: x@y.ma", "password": "correct horse" }),
        json!({ "email": "sal\u{0}ma@example.ma", "password": "correct horse" }),
        json!({ "email": "salma@example.ma", "password": "short" }),
        json!({ "email": "salma@example.ma", "password": long }),
        json!({ "email": "salma@example.ma", "password": "correct horse", "full_name": "a\u{0}b" }),
        json!({ "email": "salma@example.ma", "password": "correct horse", "full_name": 7 }),
    ];

    for body in bodies {
        let answer = app.post("/auth/register", &body).await;

        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["error"].is_string());
    }
    assert_eq!(app.rows("users"), 0);
}

#[actix_web::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let app = spawn_app().await;
    let deep = "[".repeat(50_000);

    for body in ["", "{", "null", "[]", "\"x\"", "{\"email\":\"\\ud800\"}", &deep] {
        let request = app.request(Method::POST, "/auth/login").body(body.to_owned());
        let answer = Answer::of(request).await;

        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["code"], "malformed-json");
    }
}

#[actix_web::test]
async fn a_password_of_a_megabyte_is_refused_unread() {
    let app = spawn_app().await;
    let body = json!({ "email": "salma@example.ma", "password": "x".repeat(1 << 20) });

    let answer = app.post("/auth/register", &body).await;

    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["code"], "body-too-large");
}

/// The variables that `docs/OPERATIONS.md` gives a deployment for clients of the
/// application before.
fn settings_of_old_clients() -> Vec<(&'static str, &'static str)> {
    let page = include_str!("../../docs/OPERATIONS.md");
    let (_, section) = page.split_once("## Clients of the application before").unwrap();
    let block = section.split("```").nth(1).unwrap();
    let setting = |line: &'static str| line.split('#').next()?.trim().split_once('=');
    block.lines().filter_map(setting).collect()
}

#[actix_web::test]
async fn old_clients_register_log_in_and_out_as_they_did() {
    let mut variables = settings_of_old_clients();
    assert!(variables.contains(&("PASSWORD_MIN_LENGTH", "6")), "{variables:?}");
    variables.push(("ENVIRONMENT", "production"));
    let app = spawn_app_given(&variables, |_| ()).await;

    for user in 0..12 {
        let body = json!({ "email": format!("load{user}@example.com"), "password": "test123" });
        assert_eq!(app.post("/auth/register", &body).await.status, 201);
        for _ in 0..6 {
            let login = app.post("/auth/login", &body).await;
            assert_eq!(login.status, 200, "{}", login.text());
            let session = app.session(login.json()["token"].as_str().unwrap());
            assert_eq!(session.get("/cin/all").await.json(), json!([]));
            assert_eq!(session.get("/charts/overview").await.status, 200);
            assert_eq!(session.post("/auth/logout", &json!({})).await.status, 200);
            assert_eq!(session.get("/me").await.status, 401);
        }
    }
}

#[actix_web::test]
async fn nobody_registers_into_a_role_or_another_organisation() {
    let app = spawn_app().await;
    let body = json!({
        "email": "salma@example.ma", "password": "correct horse battery", "id": 99,
        "is_administrator": true, "role": "administrator", "organisation_id": 1,
    });

    app.post("/auth/register", &body).await;
    let session = app.login("salma@example.ma").await;

    assert_eq!(session.get("/debug/pool").await.status, 403);
    assert_ne!(session.get("/me").await.json()["id"], 99);
}

#[actix_web::test]
async fn a_login_gives_a_token_that_opens_what_is_protected() {
    let app = spawn_app().await;

    let session = app.register_and_login("salma@example.ma").await;

    assert_eq!(session.get("/me").await.status, 200);
}

#[actix_web::test]
async fn a_login_without_a_member_is_refused() {
    let app = spawn_app().await;

    for body in [json!({}), json!({ "email": "a@b.ma" }), json!({ "password": "x" })] {
        let answer = app.post("/auth/login", &body).await;

        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["code"], "missing-member");
    }
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let login = |email: &str| json!({ "email": email, "password": "not the password" });

    let mut wrong = app.post("/auth/login", &login("salma@example.ma")).await.json();
    let mut unknown = app.post("/auth/login", &login("nobody@example.ma")).await.json();

    for body in [&mut wrong, &mut unknown] {
        body.as_object_mut().unwrap().remove("request_id").unwrap();
    }
    assert_eq!(wrong["status"], 401);
    assert_eq!(wrong, unknown);
}

#[actix_web::test]
async fn passwords_of_the_old_application_work_and_are_hashed_anew() {
    let app = spawn_app().await;
    let hash = bcrypt::hash("test123", 4).unwrap();
    app.execute(&format!(
        "INSERT INTO users (email, hashed_password) VALUES ('old@example.ma', '{hash}')"
    ));
    let body = json!({ "email": "old@example.ma", "password": "test123" });

    let first = app.post("/auth/login", &body).await;
    let second = app.post("/auth/login", &body).await;

    assert_eq!((first.status, second.status), (200, 200));
    let stored = app.text("SELECT hashed_password AS text FROM users");
    assert!(stored.starts_with("$argon2id$"), "the old hash was not replaced");
}

#[actix_web::test]
async fn a_token_that_was_logged_out_opens_nothing() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let logout = Answer::of(session.request(Method::POST, "/auth/logout")).await;

    assert_eq!(logout.status, 200);
    assert!(logout.json()["message"].is_string());
    assert_eq!(session.get("/me").await.status, 401);
}

#[actix_web::test]
async fn logging_out_without_a_usable_token_is_no_error() {
    let app = spawn_app().await;

    let without = app.post("/auth/logout", &json!({})).await;
    let malformed = Answer::of(app.session("nonsense").request(Method::POST, "/auth/logout")).await;

    assert_eq!((without.status, malformed.status), (200, 200));
}

#[actix_web::test]
async fn logging_out_on_one_replica_works_on_another_within_a_second() {
    let app = spawn_app().await;
    let other = app.replica().await;
    let session = app.register_and_login("salma@example.ma").await;
    let elsewhere = other.session(&session.token);
    assert_eq!(elsewhere.get("/me").await.status, 200);

    Answer::of(session.request(Method::POST, "/auth/logout")).await;
    actix_web::rt::time::sleep(std::time::Duration::from_secs(1)).await;

    assert_eq!(elsewhere.get("/me").await.status, 401);
}

#[actix_web::test]
async fn logging_out_of_one_device_leaves_the_other_logged_in() {
    let app = spawn_app().await;
    let phone = app.register_and_login("salma@example.ma").await;
    let laptop = app.login("salma@example.ma").await;

    Answer::of(phone.request(Method::POST, "/auth/logout")).await;

    assert_eq!(phone.get("/me").await.status, 401);
    assert_eq!(laptop.get("/me").await.status, 200);
}

#[actix_web::test]
async fn a_new_profile_has_every_member_of_the_contract() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let me = session.get("/me").await.json();

    for member in ["phone", "address", "job_title", "department"] {
        assert_eq!(me.get(member), Some(&json!(null)), "{member}");
    }
    assert!(me["id"].is_i64());
    assert_eq!(me["email"], "salma@example.ma");
    assert_eq!(me["full_name"], "Salma Test");
    assert!(me["created_at"].is_string());
    assert!(me["last_login"].is_string());
    assert_eq!(
        me["stats"],
        json!({
            "total_cards_processed": 0, "identity_cards": 0, "driving_licenses": 0,
            "registration_cards": 0, "last_activity": null,
        })
    );
}

#[actix_web::test]
async fn a_changed_profile_is_saved() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let changes = json!({
        "full_name": "سلمى بنعلي", "phone": "+212 600-000000", "address": "8, rue Fictive, Fès",
        "job_title": "Agente", "department": "Guichet",
    });

    let answer = session.put("/me", &changes).await;
    let me = session.get("/me").await.json();

    assert_eq!(answer.status, 200);
    let answer = answer.json();
    assert!(answer["message"].is_string());
    assert_eq!(answer["user"]["email"], "salma@example.ma");
    for (member, value) in changes.as_object().unwrap() {
        assert_eq!(&answer["user"][member], value);
        assert_eq!(&me[member], value);
    }
}

#[actix_web::test]
async fn a_member_that_is_not_sent_stays_and_null_empties_one() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    session.put("/me", &json!({ "phone": "0600000000", "department": "Guichet" })).await;

    session.put("/me", &json!({ "phone": null })).await;

    let me = session.get("/me").await.json();
    assert_eq!(me["phone"], json!(null));
    assert_eq!(me["department"], "Guichet");
    assert_eq!(me["full_name"], "Salma Test");
}

#[actix_web::test]
async fn a_profile_change_touches_nothing_but_the_profile() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let before = session.get("/me").await.json();

    let answer = session
        .put(
            "/me",
            &json!({
                "id": 99, "email": "other@example.ma", "hashed_password": "x", "stats": {},
                "is_administrator": true, "organisation_id": 1, "created_at": null,
            }),
        )
        .await;

    assert_eq!(answer.status, 200);
    assert_eq!(session.get("/me").await.json(), before);
    assert_eq!(session.get("/debug/pool").await.status, 403);
}

#[actix_web::test]
async fn a_profile_text_with_controls_or_of_another_type_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for value in [json!("a\u{0}b"), json!("a\r\nb"), json!(5), json!("x".repeat(2000))] {
        let answer = session.put("/me", &json!({ "address": value })).await;

        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["code"], "invalid-member");
        assert_eq!(answer.json()["member"], "address");
    }
}
