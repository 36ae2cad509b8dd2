//! Health, readiness, metrics, the pool, the description, CORS, headers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, spawn_app, spawn_app_with};

#[actix_web::test]
async fn a_living_service_says_so() {
    let app = spawn_app().await;

    let answer = app.get("/health").await;

    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json(), json!({ "status": "ok" }));
}

#[actix_web::test]
async fn a_ready_service_reports_each_dependency() {
    let app = spawn_app().await;

    let answer = app.get("/ready").await;

    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["status"], "ok");
    assert_eq!(answer.json()["database"]["status"], "ok");
    assert_eq!(answer.json()["ocr"]["status"], "ok");
}

#[actix_web::test]
async fn heads_are_answered_like_gets_without_a_body() {
    let app = spawn_app().await;

    let answer = Answer::of(app.request(Method::HEAD, "/health")).await;

    assert_eq!(answer.status, 200);
    assert!(answer.body.is_empty());
}

#[actix_web::test]
async fn answers_carry_the_headers_that_protect_them() {
    let app = spawn_app().await;

    let answer = app.get("/health").await;

    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'"
    );
    assert_eq!(answer.header("server"), "");
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[actix_web::test]
async fn metrics_are_for_the_scraper_and_administrators() {
    let token = "a-token-for-the-scraper-alone";
    let app = spawn_app_with(|config| config.http.metrics_token = Some(token.into())).await;
    let user = app.register_and_login("salma@example.ma").await;
    let administrator = administrator(&app).await;

    assert_eq!(app.get("/metrics").await.status, 401);
    assert_eq!(app.session("another-token-of-some-length!").get("/metrics").await.status, 401);
    assert_eq!(user.get("/metrics").await.status, 403);
    assert_eq!(app.session(token).get("/metrics").await.status, 200);
    assert_eq!(app.session(&administrator).get("/metrics").await.status, 200);
}

#[actix_web::test]
async fn metrics_count_by_route_and_never_by_path() {
    let token = "a-token-for-the-scraper-alone";
    let app = spawn_app_with(|config| config.http.metrics_token = Some(token.into())).await;
    app.get("/health").await;
    app.get("/secret-number-BK123456").await;
    app.get("/docs/swagger-ui.css").await;

    let metrics = app.session(token).get("/metrics").await;

    assert!(metrics.header("content-type").starts_with("text/plain"));
    let text = metrics.text();
    assert!(text.contains(r#"http_requests_total{method="GET",route="/health",status="200"} 1"#));
    assert!(text.contains(r#"route="unmatched",status="404""#));
    assert!(text.contains(r#"route="/docs/{asset:.*}""#));
    assert!(text.contains("http_request_duration_seconds_bucket"));
    assert!(text.contains("wathiqa_database_connections"));
    assert!(!text.contains("BK123456"));
}

#[actix_web::test]
async fn the_pool_is_shown_to_administrators_alone() {
    let app = spawn_app().await;
    let user = app.register_and_login("salma@example.ma").await;
    let administrator = administrator(&app).await;

    let shown = app.session(&administrator).get("/debug/pool").await;

    assert_eq!(user.get("/debug/pool").await.status, 403);
    assert_eq!(shown.status, 200);
    for member in ["pool_size", "checked_in", "checked_out", "overflow"] {
        assert!(shown.json()[member].is_u64(), "{member}");
    }
}

#[actix_web::test]
async fn the_description_names_every_path_and_its_answers() {
    let app = spawn_app().await;

    let answer = app.get("/openapi.json").await;

    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    for (method, path) in [
        ("post", "/auth/register"),
        ("post", "/auth/login"),
        ("post", "/auth/logout"),
        ("get", "/me"),
        ("put", "/me"),
        ("post", "/cin/process"),
        ("post", "/permis/process"),
        ("post", "/gris/process"),
        ("get", "/cin/all"),
        ("get", "/permis/all"),
        ("get", "/gris/all"),
        ("get", "/gris/evolution-mensuel"),
        ("get", "/charts/overview"),
        ("get", "/charts/gender-distribution"),
        ("get", "/charts/cities-distribution"),
        ("get", "/charts/license-categories"),
        ("get", "/charts/car-usage-types"),
        ("get", "/charts/monthly-stats"),
        ("get", "/charts/daily-stats"),
        ("get", "/charts/dashboard"),
        ("get", "/charts/essential"),
        ("get", "/health"),
        ("get", "/ready"),
        ("get", "/metrics"),
        ("get", "/debug/pool"),
    ] {
        let operation = &document["paths"][path][method];
        assert!(operation["responses"].is_object(), "{method} {path}");
    }
}

#[actix_web::test]
async fn the_description_tells_how_pictures_and_tokens_are_sent() {
    let app = spawn_app().await;

    let document = app.get("/openapi.json").await.json();

    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let process = &document["paths"]["/cin/process"]["post"];
    assert!(process["security"][0]["bearer"].is_array());
    let body = &process["requestBody"]["content"]["multipart/form-data"]["schema"];
    assert_eq!(meant(&document, body)["required"], json!(["recto", "verso"]));
    let optional = &document["paths"]["/permis/process"]["post"]["requestBody"]["content"];
    let optional = meant(&document, &optional["multipart/form-data"]["schema"]);
    assert_eq!(optional["required"], json!(["recto"]));
    let mut answer = &process["responses"]["200"]["content"]["application/json"]["schema"];
    for member in ["identite", "nom", "ar"] {
        answer = &meant(&document, answer)["properties"][member];
        assert!(answer.is_object(), "{member}");
    }
}

/// A schema, or the one that it refers to.
fn meant<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().map(|name| name.trim_start_matches('#'));
    name.map_or(schema, |name| document.pointer(name).unwrap())
}

#[actix_web::test]
async fn the_interactive_page_is_served_whole_with_a_policy_that_lets_it_run() {
    let app = spawn_app().await;

    for path in ["/docs", "/docs/"] {
        let page = app.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.header("content-security-policy").contains("script-src 'self'"));
        assert!(!page.text().contains("<script>"), "the policy forbids inline scripts");
        let addresses = page.text();
        let addresses = addresses.split('"').filter(|text| text.starts_with("/docs/"));
        for address in addresses {
            let asset = app.get(address).await;
            assert_eq!(asset.status, 200, "{address}");
            assert!(!asset.body.is_empty());
        }
    }
    assert!(app.get("/docs/wathiqa.js").await.text().contains("/openapi.json"));
    assert_eq!(app.get("/docs/nothing.js").await.status, 404);
}

#[actix_web::test]
async fn the_preflight_is_answered_on_any_path() {
    let app = allowing("https://app.example.ma").await;

    for path in ["/cin/process", "/me", "/auth/login", "/nowhere"] {
        let answer = preflight(&app, path, "https://app.example.ma").await;

        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "https://app.example.ma");
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert_eq!(answer.header("access-control-max-age"), "3600");
        let methods = answer.header("access-control-allow-methods");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"] {
            assert!(methods.contains(method), "{method}");
        }
        let headers = answer.header("access-control-allow-headers").to_ascii_lowercase();
        for header in ["content-type", "authorization", "x-requested-with", "accept"] {
            assert!(headers.contains(header), "{header}");
        }
    }
}

#[actix_web::test]
async fn options_are_answered_without_an_origin_too() {
    let app = spawn_app().await;

    for path in ["/cin/process", "/me", "/health", "/nowhere"] {
        assert_eq!(Answer::of(app.request(Method::OPTIONS, path)).await.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn origins_that_only_look_alike_are_given_nothing() {
    let app = allowing("https://app.example.ma").await;

    for origin in [
        "https://app.example.ma.evil.test",
        "https://evil-app.example.ma",
        "http://app.example.ma",
        "https://app.example.ma:8443",
        "null",
    ] {
        let refused = preflight(&app, "/me", origin).await;
        let request = app.request(Method::GET, "/health").header("origin", origin);
        let answered = Answer::of(request).await;

        assert_eq!(refused.header("access-control-allow-origin"), "", "{origin}");
        assert_eq!(answered.header("access-control-allow-origin"), "", "{origin}");
    }
}

#[actix_web::test]
async fn a_refusal_can_be_read_by_the_allowed_origin() {
    let app = allowing("https://app.example.ma").await;

    let request = app.request(Method::GET, "/me").header("origin", "https://app.example.ma");
    let answer = Answer::of(request).await;

    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("access-control-allow-origin"), "https://app.example.ma");
    assert!(
        answer
            .headers
            .get_all("vary")
            .iter()
            .any(|value| { value.to_str().unwrap().to_ascii_lowercase().contains("origin") })
    );
}

async fn allowing(origin: &str) -> TestApp {
    let origins = vec![origin.to_owned()];
    spawn_app_with(|config| config.http.allowed_origins = origins).await
}

async fn preflight(app: &TestApp, path: &str, origin: &str) -> Answer {
    let request = app
        .request(Method::OPTIONS, path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    Answer::of(request).await
}

/// Makes an account, gives it the role, and returns its token.
async fn administrator(app: &TestApp) -> String {
    app.register("admin@example.ma").await;
    app.execute("UPDATE users SET is_administrator = true WHERE email = 'admin@example.ma'");
    app.login("admin@example.ma").await.token
}
