//! How refusals look: one form, three languages, nothing of the insides.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, database_config, spawn_app, spawn_app_with};

#[actix_web::test]
async fn a_refusal_is_a_problem_with_the_old_member_beside() {
    let app = spawn_app().await;

    let answer = app.get("/nowhere").await;

    assert_eq!(answer.status, 404);
    assert!(answer.header("content-type").starts_with("application/problem+json"));
    let body = answer.json();
    assert_eq!(body["type"], "/problems/not-found");
    assert_eq!(body["status"], 404);
    assert_eq!(body["code"], "not-found");
    assert_eq!(body["title"], "Ressource introuvable");
    assert_eq!(body["error"], body["detail"]);
    assert_eq!(body["request_id"], answer.header("x-request-id"));
}

#[actix_web::test]
async fn a_known_path_refuses_other_methods_and_names_its_own() {
    let app = spawn_app().await;

    let answer = Answer::of(app.request(Method::DELETE, "/me")).await;

    assert_eq!(answer.status, 405);
    assert_eq!(answer.json()["code"], "method-not-allowed");
    assert_eq!(answer.header("allow"), "GET, HEAD, PUT, OPTIONS");
}

#[actix_web::test]
async fn refusals_speak_the_language_that_is_asked_for() {
    let app = spawn_app().await;
    let title = async |language: &str| {
        let request = app.request(Method::GET, "/me").header("accept-language", language);
        let answer = Answer::of(request).await;
        assert!(answer.headers.get_all("vary").iter().any(|value| value == "Accept-Language"));
        (answer.json()["title"].as_str().unwrap().to_owned(), answer)
    };

    assert_eq!(title("fr-MA, en;q=0.5").await.0, "Authentification requise");
    assert_eq!(title("en-GB").await.0, "Authentication required");
    let (arabic, answer) = title("ar-MA, fr;q=0.8").await;
    assert_eq!(arabic, "المصادقة مطلوبة");
    assert!(answer.text().contains("المصادقة"), "Arabic is sent as itself");
    assert_eq!(answer.header("content-language"), "ar");
}

#[actix_web::test]
async fn the_request_id_of_a_client_is_kept_and_a_harmful_one_is_not() {
    let app = spawn_app().await;
    let echoed = async |id: &str| {
        let request = app.request(Method::GET, "/health").header("x-request-id", id);
        Answer::of(request).await.header("x-request-id").to_owned()
    };

    assert_eq!(echoed("mobile-7f3a").await, "mobile-7f3a");
    assert_eq!(echoed("a b; c=\"d\"").await.len(), 36);
}

#[actix_web::test]
async fn a_path_that_is_no_utf8_or_holds_a_nul_is_only_not_found() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;

    for path in ["/%ff%fe", "/cin/..%2f..%2fetc%2fpasswd", "/charts/overview%00"] {
        assert_eq!(salma.get(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn an_outage_of_the_database_asks_to_try_again_and_tells_nothing() {
    let app = spawn_app_with(|config| {
        config.database = database_config("postgres://nobody:nothing@127.0.0.1:1/none");
        config.database.pool_wait = std::time::Duration::from_secs(1);
    })
    .await;
    let login = json!({ "email": "salma@example.ma", "password": "correct horse" });

    let answer = app.post("/auth/login", &login).await;

    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["code"], "unavailable");
    assert!(!answer.header("retry-after").is_empty());
    for inside in ["postgres", "127.0.0.1", "diesel", "connection", "nobody"] {
        assert!(!answer.text().contains(inside), "{inside}");
    }
    assert_eq!(app.get("/health").await.status, 200);
    let ready = app.get("/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()["database"]["status"], "unavailable");
    assert_eq!(ready.json()["ocr"]["status"], "ok");
}
