//! What is kept long enough is erased, and told.

use std::time::Duration;

use serde_json::json;
use wathiqa::housekeeping::{self, Report};
use wathiqa::store::Store;
use wathiqa::store::audit::Trail;
use wathiqa::vault::Vault;

use crate::support::{TestApp, spawn_app};

/// Does what the service does once an hour.
async fn keep_house(app: &TestApp) -> Report {
    let trail = Trail::new(Vault::new(&app.config.data.master_keys).unwrap());
    let store = Store::open(&app.config.database);
    let lifetime = Duration::from_secs(30 * 86_400);
    let report = housekeeping::run(&store, &trail, lifetime).await.unwrap();
    store.close(Duration::from_secs(1)).await;
    report
}

#[actix_web::test]
async fn records_past_the_period_of_their_organisation_are_erased_and_no_others() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let other = app.register_and_login("other@example.ma").await;
    salma.patch("/organisation", &json!({ "retention_days": 30 })).await;
    app.execute(
        "INSERT INTO cin_data (cin, organisation_id, updated_at) VALUES
            ('OLD1', 2, now() - interval '31 days'), ('NEW1', 2, now() - interval '29 days'),
            ('OLD2', 3, now() - interval '31 days');
         INSERT INTO gris_data (numero_matricule_marocain, organisation_id, updated_at)
            SELECT n || ' أ 1', 2, now() - interval '1 year' FROM generate_series(1, 250) AS n;
         INSERT INTO document_versions (kind, record_id, organisation_id, state)
            VALUES ('cin', 1, 2, '{}'), ('cin', 2, 2, '{}')",
    );

    let report = keep_house(&app).await;
    let again = keep_house(&app).await;

    assert_eq!((report.records, again.records), (251, 0));
    assert_eq!(salma.get("/cin/all").await.json()[0]["cin"], "NEW1");
    assert_eq!(other.get("/cin/all").await.json()[0]["cin"], "OLD2");
    assert_eq!((app.rows("gris_data"), app.rows("document_versions")), (0, 1));
    let audit = salma.get("/organisation/audit?limit=1000").await.json();
    let told = audit["entries"].as_array().unwrap();
    let expired = told.iter().filter(|entry| entry["action"] == "record.expired");
    assert_eq!(expired.count(), 251);
}

#[actix_web::test]
async fn records_without_a_date_count_from_when_the_period_was_set() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    salma.patch("/organisation", &json!({ "retention_days": 30 })).await;
    app.execute("INSERT INTO cin_data (cin, organisation_id, updated_at) VALUES ('X', 2, NULL)");

    assert_eq!(keep_house(&app).await.records, 0);
    app.execute("UPDATE organisations SET retention_set_at = now() - interval '31 days'");
    assert_eq!(keep_house(&app).await.records, 1);
}

#[actix_web::test]
async fn pictures_go_after_their_own_time() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    app.execute(
        "INSERT INTO document_images
            (organisation_id, kind, record_id, side, key_id, wrapped_key, sealed, created_at)
         VALUES (2, 'cin', 1, 'recto', 'k', '', '', now() - interval '31 days'),
                (2, 'cin', 1, 'verso', 'k', '', '', now())",
    );

    assert_eq!(keep_house(&app).await.images, 1);
    assert_eq!(app.rows("document_images"), 1);
}

#[actix_web::test]
async fn without_a_period_everything_is_kept() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    app.execute(
        "INSERT INTO cin_data (cin, organisation_id, updated_at)
         VALUES ('AB1', 2, now() - interval '50 years')",
    );

    assert_eq!(keep_house(&app).await, Report::default());
}
