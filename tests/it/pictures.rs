//! Charts as pictures, for whoever prefers them to JSON.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, Redis, Session, TestApp, spawn_app, spawn_app_given};

const PATHS: [&str; 10] = [
    "/charts/overview",
    "/charts/gender-distribution",
    "/charts/cities-distribution",
    "/charts/license-categories",
    "/charts/car-usage-types",
    "/charts/monthly-stats",
    "/charts/daily-stats",
    "/charts/dashboard",
    "/charts/essential",
    "/gris/evolution-mensuel",
];

async fn picture(session: &Session<'_>, path: &str, language: &str) -> Answer {
    let request = session.request(Method::GET, path).header("Accept", "image/svg+xml");
    Answer::of(request.header("Accept-Language", language)).await
}

fn fill(app: &TestApp) {
    app.execute(
        "INSERT INTO cin_data (cin, sexe, lieu_fr, organisation_id) VALUES
            ('AB1001', 'M', 'FES', 2), ('AB1002', 'M', 'CASABLANCA', 2), ('AB1003', 'F', NULL, 2);
         INSERT INTO permi_data (numero_permis, categorie, organisation_id) VALUES ('1/1', 'B', 2);
         INSERT INTO gris_data (numero_matricule_marocain, date_premiere_immatriculation,
            usage_type, organisation_id) VALUES ('1001 أ 1', '2020-02-10', 'Particulier', 2),
            ('1002 أ 1', '2020-01-05', E'<script>&\\u0001\"''\\u202e', 2)",
    );
}

#[actix_web::test]
async fn every_chart_is_a_picture_in_three_languages() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);

    for path in PATHS {
        for (language, direction) in [("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")] {
            let answer = picture(&session, path, language).await;
            let drawn = answer.text();
            assert_eq!(answer.status, 200, "{path} {drawn}");
            assert_eq!(answer.header("content-type"), "image/svg+xml", "{path}");
            assert_eq!(answer.header("content-language"), language, "{path}");
            let opening = format!("role=\"img\" lang=\"{language}\" direction=\"{direction}\"");
            assert!(drawn.contains(&opening), "{path} {drawn}");
            assert!(drawn.contains("<title>") && drawn.contains("<desc>"), "{path}");
            assert!(!drawn.contains("<script") && !drawn.contains("style="), "{path}");
            let is_well = |letter: char| letter == '\n' || !letter.is_control();
            assert!(drawn.chars().all(is_well), "{path}");
        }
    }
}

#[actix_web::test]
async fn a_picture_shows_what_json_says_in_the_readers_language() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);

    let french = picture(&session, "/charts/gender-distribution", "fr").await.text();
    let arabic = picture(&session, "/charts/cities-distribution", "ar-MA").await.text();
    let english = picture(&session, "/charts/car-usage-types", "en").await.text();

    assert!(french.contains("Hommes 2 (67\u{202f}%); Femmes 1 (33\u{202f}%)"), "{french}");
    assert!(
        arabic.contains("الدار البيضاء 1 (34%)") || arabic.contains("الدار البيضاء 1 (33%)"),
        "{arabic}"
    );
    assert!(arabic.contains("فاس"), "{arabic}");
    assert!(english.contains("Private 1 (50%)"), "{english}");
    assert!(english.contains("&lt;script&gt;&amp;"), "{english}");
}

#[actix_web::test]
async fn a_chart_of_nothing_says_so() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for path in PATHS {
        let drawn = picture(&session, path, "en").await.text();
        assert!(drawn.contains("No data"), "{path} {drawn}");
    }
}

#[actix_web::test]
async fn json_stays_the_default_and_caches_are_told_what_it_depends_on() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for accepted in ["", "*/*", "application/json", "text/html, */*;q=0.8"] {
        let request = session.request(Method::GET, "/charts/overview").header("Accept", accepted);
        let answer = Answer::of(request).await;
        assert_eq!(answer.header("content-type"), "application/json", "{accepted}");
        assert_eq!(answer.json()["total_cards"], 0);
        let vary = |answer: &Answer| {
            let values = answer.headers.get_all("vary").iter();
            values.map(|value| value.to_str().unwrap().to_ascii_lowercase()).collect::<String>()
        };
        assert!(vary(&answer).contains("accept, accept-language"), "{:?}", vary(&answer));
    }
    let drawn = picture(&session, "/charts/overview", "fr").await;
    assert!(drawn.header("vary").starts_with("Accept, Accept-Language"), "{:?}", drawn.headers);
}

#[actix_web::test]
async fn what_replicas_keep_in_redis_is_right_in_every_format_and_language() {
    let redis = Redis::start(&[]);
    let app = spawn_app_given(&[("REDIS_URL", &redis.url())], |_| ()).await;
    let salma = app.register_and_login("salma@example.ma").await;
    fill(&app);

    for erased in 0..=2 {
        let counted = salma.get("/charts/overview").await.json();
        let again: Value = salma.get("/charts/overview").await.json();
        let french = picture(&salma, "/charts/overview", "fr").await.text();
        let english = picture(&salma, "/charts/overview", "en").await.text();

        assert_eq!((&counted["total_cin"], &counted), (&(3 - erased).into(), &again));
        assert!(french.contains(&format!("Cartes d'identité {} ", 3 - erased)), "{french}");
        assert!(english.contains(&format!("Identity cards {} ", 3 - erased)), "{english}");
        let id = salma.get("/cin/all").await.json()[0]["id"].clone();
        assert_eq!(salma.delete(&format!("/cin/{id}")).await.status, 200);
    }
}
