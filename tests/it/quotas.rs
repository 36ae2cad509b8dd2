//! How often callers may do what, over HTTP.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::json;
use specimen::{Kind, Level};
use wathiqa::config::Config;
use wathiqa::documents::cin::Cin;

use crate::support::{Answer, PASSWORD, Redis, TestApp, card, spawn_app, spawn_app_with};

/// A proxy on this machine, whose word on addresses is believed.
fn behind_a_proxy(config: &mut Config) {
    config.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
}

async fn login_from(app: &TestApp, email: &str, password: &str, address: &str) -> Answer {
    let request = app
        .request(Method::POST, "/auth/login")
        .header("x-forwarded-for", address)
        .json(&json!({ "email": email, "password": password }));
    Answer::of(request).await
}

#[actix_web::test]
async fn every_answer_tells_what_is_left_and_a_spent_quota_when_to_come_back() {
    let app = spawn_app_with(|config| config.limits.requests_per_minute = 3).await;
    let salma = app.register_and_login("salma@example.ma").await;

    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(salma.get("/cin/all").await);
    }

    assert_eq!(
        answers.iter().map(|answer| answer.status).collect::<Vec<_>>(),
        [200, 200, 200, 429]
    );
    assert_eq!(answers[0].header("ratelimit-policy"), "\"requests\";q=3;w=60");
    assert!(answers[0].header("ratelimit").starts_with("\"requests\";r=2;t="));
    let refused = &answers[3];
    assert_eq!(refused.json()["code"], "too-many-requests");
    let after: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=120).contains(&after), "{after}");
    assert_eq!(refused.json()["after"], after);
}

#[actix_web::test]
async fn a_quota_is_of_one_caller_and_health_is_never_limited() {
    let app = spawn_app_with(|config| config.limits.requests_per_minute = 4).await;
    let salma = app.register_and_login("salma@example.ma").await;
    let omar = salma.colleague("omar@example.ma", "agent").await;
    for _ in 0..4 {
        omar.get("/cin/all").await;
    }

    assert_eq!(omar.get("/cin/all").await.status, 429);
    assert_eq!(salma.get("/cin/all").await.status, 200);
    for _ in 0..10 {
        assert_eq!(app.get("/health").await.status, 200);
        assert_eq!(app.get("/ready").await.status, 200);
    }
}

#[actix_web::test]
async fn whoever_tries_tokens_is_limited_by_address() {
    let app = spawn_app_with(|config| {
        config.limits.requests_per_minute = 5;
        behind_a_proxy(config);
    })
    .await;
    let attempt = async |address: &str| {
        let request = app.session("nonsense").request(Method::GET, "/cin/all");
        Answer::of(request.header("x-forwarded-for", address)).await.status
    };

    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(attempt("192.0.2.1").await);
    }

    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    assert_eq!(attempt("192.0.2.2").await, 401);
}

#[actix_web::test]
async fn an_address_that_a_stranger_writes_is_not_believed() {
    let app = spawn_app_with(|config| config.limits.requests_per_minute = 2).await;
    let mut statuses = Vec::new();
    for n in 0..3 {
        let request = app.request(Method::GET, "/openapi.json");
        let request = request.header("x-forwarded-for", format!("192.0.2.{n}"));
        statuses.push(Answer::of(request).await.status);
    }

    assert_eq!(statuses, [200, 200, 429]);
}

#[actix_web::test]
async fn an_address_may_make_so_many_accounts_in_an_hour() {
    let app = spawn_app_with(|config| config.limits.registrations_per_hour = 2).await;

    let mut statuses = Vec::new();
    for n in 0..3 {
        statuses.push(app.register(&format!("salma{n}@example.ma")).await.status);
    }

    assert_eq!(statuses, [201, 201, 429]);
}

#[actix_web::test]
async fn documents_are_limited_in_a_minute_and_at_once() {
    let app = spawn_app_with(|config| {
        config.limits.process_per_minute = 4;
        config.limits.process_at_once = 1;
    })
    .await;
    let salma = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);
    let process = || salma.process::<Cin>(&card.recto, Some(&card.verso));

    let together = join_all((0..3).map(|_| process())).await;
    let later = process().await;
    let spent = process().await;

    let mut codes: Vec<_> =
        together.iter().map(|answer| answer.json()["code"].as_str().map(str::to_owned)).collect();
    codes.sort();
    assert_eq!(codes, [None, Some("too-many-at-once".into()), Some("too-many-at-once".into())]);
    assert!(together.iter().all(|answer| matches!(answer.status, 200 | 429)));
    assert!(together.iter().all(
        |answer| answer.header("ratelimit-policy").contains("process") || answer.status == 429
    ));
    assert_eq!((later.status, spent.status), (200, 429), "{}", later.text());
    assert_eq!(spent.json()["code"], "too-many-requests");
}

#[actix_web::test]
async fn guesses_are_slowed_from_one_network_and_the_owner_is_not_kept_out() {
    let app = spawn_app_with(behind_a_proxy).await;
    app.register("salma@example.ma").await;
    let home = "192.0.2.1";
    assert_eq!(login_from(&app, "salma@example.ma", PASSWORD, home).await.status, 200);

    let mut refused = 0;
    for n in 0..30 {
        let guess = format!("guess number {n}");
        let answer = login_from(&app, "salma@example.ma", &guess, "198.51.100.7").await;
        refused += u32::from(answer.status == 429);
    }
    let attacker = login_from(&app, "salma@example.ma", PASSWORD, "198.51.100.7").await;
    let owner = login_from(&app, "salma@example.ma", PASSWORD, home).await;

    assert!(refused >= 20, "{refused} of 30 guesses were refused");
    assert_eq!(
        (attacker.status, attacker.json()["code"].clone()),
        (429, json!("too-many-attempts"))
    );
    assert!(!attacker.header("retry-after").is_empty());
    assert_eq!(owner.status, 200);
}

#[actix_web::test]
async fn an_unknown_address_is_slowed_like_a_known_one() {
    let app = spawn_app_with(behind_a_proxy).await;
    app.register("salma@example.ma").await;
    let mut statuses = Vec::new();
    for (email, address) in [("salma@example.ma", "192.0.2.1"), ("nobody@example.ma", "192.0.2.2")]
    {
        let mut of_one = Vec::new();
        for _ in 0..8 {
            of_one.push(login_from(&app, email, "not it", address).await.status);
        }
        statuses.push(of_one);
    }

    assert_eq!(statuses[0], statuses[1]);
    assert!(statuses[0].contains(&429));
}

#[actix_web::test]
async fn guesses_over_many_accounts_are_slowed_by_their_address() {
    let app = spawn_app_with(|config| {
        behind_a_proxy(config);
        config.limits.login_failures_per_address = 4;
    })
    .await;

    let mut statuses = Vec::new();
    for n in 0..6 {
        let email = format!("somebody{n}@example.ma");
        statuses.push(login_from(&app, &email, "not it", "192.0.2.9").await.status);
    }

    assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
}

#[actix_web::test]
async fn log_ins_that_succeed_are_not_limited() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;

    for _ in 0..40 {
        app.login("salma@example.ma").await;
    }
}

#[actix_web::test]
async fn replicas_share_their_quotas_through_redis() {
    let redis = Redis::start(&[]);
    let app = spawn_app_with(|config| {
        config.redis_url = Some(SecretString::from(redis.url()));
        config.limits.requests_per_minute = 6;
    })
    .await;
    let other = app.replica().await;
    wait_for_redis(&app).await;
    wait_for_redis(&other).await;
    let salma = app.register_and_login("salma@example.ma").await;
    let elsewhere = other.session(&salma.token);

    for _ in 0..3 {
        assert_eq!(salma.get("/cin/all").await.status, 200);
        assert_eq!(elsewhere.get("/cin/all").await.status, 200);
    }

    assert_eq!(salma.get("/cin/all").await.status, 429);
    assert_eq!(elsewhere.get("/cin/all").await.status, 429);
}

#[actix_web::test]
async fn charts_come_from_redis_for_seconds_and_a_new_record_shows_at_once() {
    let redis = Redis::start(&[]);
    let app = spawn_app_with(|config| {
        config.redis_url = Some(SecretString::from(redis.url()));
    })
    .await;
    wait_for_redis(&app).await;
    let salma = app.register_and_login("salma@example.ma").await;
    let total = async || salma.get("/charts/overview").await.json()["total_cards"].clone();
    assert_eq!(total().await, 0);

    app.execute("INSERT INTO cin_data (cin, organisation_id) VALUES ('AB1', 2)");
    assert_eq!(total().await, 0, "what was answered a moment ago");
    let card = card(Kind::Cin2020, Level::Clean, 3);
    let processed = salma.process::<Cin>(&card.recto, Some(&card.verso)).await.json();
    assert_eq!(total().await, 2);
    salma.delete(&format!("/cin/{}", processed["id"])).await;
    assert_eq!(total().await, 1);
    app.execute("INSERT INTO cin_data (cin, organisation_id) VALUES ('AB2', 2)");
    actix_web::rt::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(total().await, 2);
}

#[actix_web::test]
async fn a_dead_redis_costs_nothing_but_speed() {
    let mut redis = Redis::start(&[]);
    let app = spawn_app_with(|config| {
        config.redis_url = Some(SecretString::from(redis.url()));
        config.limits.requests_per_minute = 600;
    })
    .await;
    wait_for_redis(&app).await;
    let salma = app.register_and_login("salma@example.ma").await;
    redis.kill();

    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(salma.get("/charts/overview").await.status, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(10));
    let ready = app.get("/ready").await;
    assert_eq!((ready.status, ready.json()["redis"]["status"].clone()), (200, json!("away")));
    redis.start_again();
    wait_for_redis(&app).await;
}

async fn wait_for_redis(app: &TestApp) {
    for _ in 0..200 {
        if app.get("/ready").await.json()["redis"]["status"] == "well" {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("Redis was not reached");
}
