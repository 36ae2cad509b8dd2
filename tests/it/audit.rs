//! Who did what: told for everything, and nothing of it can be changed unseen.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::{Value, json};
use wathiqa::store::StoreError;
use wathiqa::store::audit::{Anchor, Fault, Trail, Verdict};
use wathiqa::vault::Vault;

use crate::support::{PASSWORD, Session, TestApp, spawn_app};

async fn entries(session: &Session<'_>) -> Vec<Value> {
    session.get("/organisation/audit").await.json()["entries"].as_array().unwrap().clone()
}

fn verify(app: &TestApp, anchors: &[Anchor]) -> Vec<Verdict> {
    let trail = Trail::new(Vault::new(&app.config.data.master_keys).unwrap());
    let verdicts: Result<_, StoreError> = trail.verify(&mut app.connect(), anchors);
    verdicts.unwrap()
}

/// The verdict on the organisation that registered first.
fn first(app: &TestApp, anchors: &[Anchor]) -> Verdict {
    verify(app, anchors).into_iter().find(|verdict| verdict.organisation == 2).unwrap()
}

/// Undoes what keeps the table append-only, as the owner of a database can.
fn tamper(app: &TestApp, sql: &str) {
    app.execute(&format!(
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL; {sql};
         ALTER TABLE audit_entries ENABLE TRIGGER ALL;"
    ));
}

#[actix_web::test]
async fn what_is_done_is_told_with_who_from_where_and_in_which_request() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let request = salma
        .request(reqwest::Method::POST, "/organisation/keys")
        .header("x-request-id", "the-request")
        .json(&json!({ "name": "batch", "scopes": ["read"] }));
    salma.put("/me", &json!({ "phone": "0600000000" })).await;
    request.send().await.unwrap();

    let entries = entries(&salma).await;

    let actions: Vec<_> = entries.iter().rev().map(|entry| entry["action"].clone()).collect();
    assert_eq!(
        actions,
        ["account.registered", "account.logged_in", "account.profile_changed", "key.created"]
    );
    let made = &entries[0];
    assert_eq!(made["actor"], "user");
    assert_eq!(made["network"], "127.0.0.1");
    assert_eq!(made["request_id"], "the-request");
    assert_eq!((&made["subject"], &made["details"]["scopes"]), (&json!("key"), &json!("read")));
    assert!(!json!(entries).to_string().contains("salma"), "no address of a person");
}

#[actix_web::test]
async fn a_failed_log_in_is_told_where_the_address_is_known_and_apart_where_not() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    for email in ["salma@example.ma", "nobody@example.ma"] {
        app.post("/auth/login", &json!({ "email": email, "password": "not it" })).await;
    }
    actix_web::rt::time::sleep(Duration::from_millis(300)).await;

    assert_eq!(entries(&salma).await[0]["action"], "account.login_failed");
    assert_eq!(verify(&app, &[])[0].organisation, 0);
    assert_eq!(verify(&app, &[])[0].entries, 1);
}

#[actix_web::test]
async fn what_is_looked_at_is_told_once_a_second_with_a_count() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    for _ in 0..5 {
        salma.get("/cin/all").await;
    }
    actix_web::rt::time::sleep(Duration::from_millis(1500)).await;

    let entries = entries(&salma).await;

    assert_eq!(entries[0]["action"], "records.listed");
    assert_eq!(entries[0]["details"], json!({ "times": 5, "kind": "cin" }));
}

#[actix_web::test]
async fn the_audit_is_listed_in_pages() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    for _ in 0..4 {
        app.login("salma@example.ma").await;
    }

    let first = salma.get("/organisation/audit?limit=4").await.json();
    let path = format!("/organisation/audit?limit=4&before={}", first["next"]);
    let second = salma.get(&path).await.json();

    let places = |page: &Value| -> Vec<i64> {
        let entries = page["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["sequence"].as_i64().unwrap()).collect()
    };
    assert_eq!((places(&first), places(&second)), (vec![6, 5, 4, 3], vec![2, 1]));
    assert_eq!(second["next"], Value::Null);
    assert_eq!(salma.get("/organisation/audit?limit=many").await.status, 400);
}

#[actix_web::test]
async fn an_untouched_audit_is_as_it_was_written() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    salma.colleague("omar@example.ma", "agent").await;

    let verdict = first(&app, &[]);

    assert_eq!((verdict.entries, verdict.fault), (5, None));
}

#[actix_web::test]
async fn the_database_itself_refuses_to_change_the_audit() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;

    for sql in [
        "UPDATE audit_entries SET actor = 'nobody'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ] {
        let refused = diesel::sql_query(sql).execute(&mut app.connect()).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

#[actix_web::test]
async fn a_changed_a_missing_and_an_invented_entry_are_found() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    for _ in 0..4 {
        app.login("salma@example.ma").await;
    }
    let faults = [
        ("UPDATE audit_entries SET actor_id = 99 WHERE sequence = 2", Fault::Changed(2)),
        (
            "UPDATE audit_entries SET at = at + interval '1 second' WHERE sequence = 3",
            Fault::Changed(3),
        ),
        (
            "UPDATE audit_entries SET details = '{\"role\":\"agent\"}' WHERE sequence = 1",
            Fault::Changed(1),
        ),
        ("UPDATE audit_entries SET network = NULL WHERE sequence = 4", Fault::Changed(4)),
        ("DELETE FROM audit_entries WHERE sequence = 3", Fault::Missing(3)),
        ("DELETE FROM audit_entries WHERE sequence = 1", Fault::Missing(1)),
        ("DELETE FROM audit_entries WHERE sequence > 3", Fault::CutOff(3, 5)),
        ("DELETE FROM audit_entries WHERE organisation_id = 2", Fault::CutOff(0, 5)),
        (
            "UPDATE audit_entries SET hash = (SELECT hash FROM audit_entries WHERE sequence = 4)
             WHERE sequence = 5",
            Fault::Changed(5),
        ),
    ];

    app.execute("CREATE TABLE kept AS SELECT * FROM audit_entries");
    for (sql, fault) in faults {
        tamper(&app, sql);
        assert_eq!(first(&app, &[]).fault, Some(fault), "{sql}");
        tamper(&app, "DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept");
    }
    assert_eq!(first(&app, &[]).fault, None);
}

#[actix_web::test]
async fn an_end_that_was_cut_off_with_its_trace_is_found_by_an_anchor() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    app.login("salma@example.ma").await;
    let verdict = first(&app, &[]);
    let anchor = Anchor { organisation: 2, sequence: verdict.entries, hash: verdict.hash };

    assert_eq!(first(&app, std::slice::from_ref(&anchor)).fault, None);
    tamper(
        &app,
        "DELETE FROM audit_entries WHERE sequence = 2;
         UPDATE audit_heads SET sequence = 1, hash = (SELECT hash FROM audit_entries)",
    );

    assert_eq!(first(&app, &[]).fault, None, "nothing in the database tells");
    assert_eq!(first(&app, std::slice::from_ref(&anchor)).fault, Some(Fault::CutOff(1, 2)));
    app.login("salma@example.ma").await;
    assert_eq!(first(&app, &[anchor]).fault, Some(Fault::Anchor(2)));
}

#[actix_web::test]
async fn parallel_deeds_of_one_organisation_make_one_chain() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let body = json!({ "email": "salma@example.ma", "password": PASSWORD });

    futures_util::future::join_all((0..16).map(|_| app.post("/auth/login", &body))).await;

    let verdict = first(&app, &[]);
    assert_eq!((verdict.entries, verdict.fault), (17, None));
}
