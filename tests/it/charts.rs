//! The charts: shapes of the contract, counted, and only one's own.

use serde_json::{Value, json};

use crate::support::{Session, TestApp, spawn_app};

/// The organisation of an account that [`TestApp::register`] made.
fn organisation(app: &TestApp, email: &str) -> String {
    app.text(&format!("SELECT organisation_id::text AS text FROM users WHERE email = '{email}'"))
}

/// Two men's and a woman's identity cards, a licence, two registrations.
async fn populated(app: &TestApp) -> Session<'_> {
    let session = app.register_and_login("salma@example.ma").await;
    let organisation = organisation(app, "salma@example.ma");
    app.execute(&format!(
        "INSERT INTO cin_data (cin, sexe, lieu_fr, adresse_fr, organisation_id, created_at) VALUES
            ('AB1001', 'M', 'FES', NULL, {organisation}, now()),
            ('AB1002', 'M', NULL, '8 RUE FICTIVE CASABLANCA', {organisation}, now()),
            ('AB1003', 'F', 'NULLE PART', NULL, {organisation}, now());
         INSERT INTO permi_data (numero_permis, categorie, organisation_id, created_at) VALUES
            ('55/100001', 'B', {organisation}, now());
         INSERT INTO gris_data (numero_matricule_marocain, date_premiere_immatriculation,
            usage_type, organisation_id, created_at) VALUES
            ('1001 أ 1', '2020-02-10', 'Particulier', {organisation}, now()),
            ('1002 أ 1', '2020-01-05', NULL, {organisation}, now())"
    ));
    session
}

fn slice(chart: &Value, name: &str) -> Option<(i64, f64)> {
    let slice = chart.as_array().unwrap().iter().find(|slice| slice["name"] == name)?;
    Some((slice["value"].as_i64().unwrap(), slice["percentage"].as_f64().unwrap()))
}

#[actix_web::test]
async fn the_overview_counts_each_kind() {
    let app = spawn_app().await;
    let session = populated(&app).await;

    let overview = session.get("/charts/overview").await.json();

    assert_eq!(
        overview,
        json!({
            "total_cin": 3, "total_gris": 2, "total_permi": 1, "total_cards": 6,
            "percentage_cin": 50, "percentage_gris": 33, "percentage_permi": 17,
        })
    );
}

#[actix_web::test]
async fn the_distributions_name_and_count_what_the_cards_say() {
    let app = spawn_app().await;
    let session = populated(&app).await;

    let genders = session.get("/charts/gender-distribution").await.json();
    let cities = session.get("/charts/cities-distribution").await.json();
    let categories = session.get("/charts/license-categories").await.json();
    let usages = session.get("/charts/car-usage-types").await.json();

    assert_eq!(slice(&genders, "Hommes"), Some((2, 67.0)));
    assert_eq!(slice(&genders, "Femmes"), Some((1, 33.0)));
    assert_eq!(slice(&cities, "AUTRES").map(|(value, _)| value), Some(1));
    assert_eq!(cities.as_array().unwrap().len(), 3);
    assert_eq!(slice(&categories, "Catégorie B"), Some((1, 100.0)));
    assert_eq!(slice(&usages, "Particulier"), Some((1, 50.0)));
    assert_eq!(slice(&usages, "Non spécifié"), Some((1, 50.0)));
}

#[actix_web::test]
async fn the_time_charts_end_today_and_count_what_was_made() {
    let app = spawn_app().await;
    let session = populated(&app).await;

    let months = session.get("/charts/monthly-stats").await.json();
    let days = session.get("/charts/daily-stats").await.json();

    let (months, days) = (months.as_array().unwrap(), days.as_array().unwrap());
    assert_eq!((months.len(), days.len()), (7, 7));
    for counted in [&months[6], &days[6]] {
        assert_eq!((&counted["cin"], &counted["gris"]), (&json!(3), &json!(2)));
        assert_eq!(counted["permis"], 1);
    }
    assert!(months.iter().all(|month| month["mois"].is_string() && month["precision"].is_number()));
    let mut names: Vec<_> = days.iter().map(|day| day["jour"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Dim", "Jeu", "Lun", "Mar", "Mer", "Sam", "Ven"]);
    assert_eq!(days[0]["cin"], 0);
}

#[actix_web::test]
async fn first_registrations_are_counted_by_month_in_order() {
    let app = spawn_app().await;
    let session = populated(&app).await;

    let evolution = session.get("/gris/evolution-mensuel").await;

    assert_eq!(evolution.text(), r#"{"2020-01":1,"2020-02":1}"#);
}

#[actix_web::test]
async fn the_dashboard_holds_every_chart() {
    let app = spawn_app().await;
    let session = populated(&app).await;

    let dashboard = session.get("/charts/dashboard").await.json();

    for (member, path) in [
        ("overview", "/charts/overview"),
        ("gender_distribution", "/charts/gender-distribution"),
        ("cities_distribution", "/charts/cities-distribution"),
        ("license_categories", "/charts/license-categories"),
        ("car_usage_types", "/charts/car-usage-types"),
        ("monthly_stats", "/charts/monthly-stats"),
        ("daily_stats", "/charts/daily-stats"),
    ] {
        assert_eq!(dashboard[member], session.get(path).await.json(), "{member}");
    }
}

#[actix_web::test]
async fn the_essential_chart_sums_up() {
    let app = spawn_app().await;
    let session = populated(&app).await;

    let essential = session.get("/charts/essential").await.json();

    assert_eq!(essential["status"], "success");
    assert_eq!(essential["overview"]["total_cards"], 6);
    assert!(essential["gender_distribution"].is_array());
    assert_eq!(
        essential["simple_stats"],
        json!({
            "total_documents": 6, "cin_count": 3, "gris_count": 2, "permi_count": 1,
            "most_common_gender": "Hommes",
        })
    );
}

#[actix_web::test]
async fn an_organisation_without_documents_has_empty_charts_of_the_same_shape() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let dashboard = session.get("/charts/dashboard").await.json();
    let essential = session.get("/charts/essential").await.json();

    assert_eq!(dashboard["overview"]["total_cards"], 0);
    assert_eq!(dashboard["overview"]["percentage_cin"], 0);
    assert_eq!(dashboard["cities_distribution"], json!([]));
    assert_eq!(dashboard["daily_stats"].as_array().unwrap().len(), 7);
    assert_eq!(essential["simple_stats"]["most_common_gender"], "Non spécifié");
    assert_eq!(session.get("/gris/evolution-mensuel").await.text(), "{}");
}

#[actix_web::test]
async fn charts_and_statistics_count_nothing_of_another_organisation() {
    let app = spawn_app().await;
    populated(&app).await;
    let stranger = app.register_and_login("nadia@example.ma").await;

    assert_eq!(stranger.get("/charts/overview").await.json()["total_cards"], 0);
    assert_eq!(stranger.get("/charts/gender-distribution").await.json(), json!([]));
    assert_eq!(stranger.get("/gris/evolution-mensuel").await.json(), json!({}));
    assert_eq!(stranger.get("/me").await.json()["stats"]["total_cards_processed"], 0);
}

#[actix_web::test]
async fn the_profile_counts_the_documents() {
    let app = spawn_app().await;
    let session = populated(&app).await;

    let stats = &session.get("/me").await.json()["stats"];

    assert_eq!(stats["total_cards_processed"], 6);
    assert_eq!(stats["identity_cards"], 3);
    assert_eq!(stats["driving_licenses"], 1);
    assert_eq!(stats["registration_cards"], 2);
    assert!(stats["last_activity"].is_string());
}
