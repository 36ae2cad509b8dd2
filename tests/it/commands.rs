//! What an operator does on the machine: members, the audit, the master key.

use std::process::{Command, Output};

use serde_json::{Value, json};
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;

use crate::support::{PASSWORD, TestApp, card, spawn_app, spawn_app_with};

const FIRST: &str = "the-first-master-key-of-these-tests-1";
const SECOND: &str = "the-second-master-key-of-these-tests-2";
/// The secret of the services of the tests, from which the keys are derived without
/// master keys.
const SECRET: &str = "a-secret-that-only-the-tests-know-0001";

fn wathiqa(app: &TestApp, master_keys: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wathiqa"))
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .env_clear()
        .env("DATABASE_URL", app.database_url())
        .env("JWT_SECRET", SECRET)
        .env("MASTER_KEYS", master_keys)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat()
}

#[actix_web::test]
async fn the_operator_gives_a_role_where_an_organisation_has_nobody_who_can() {
    let app = spawn_app().await;
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    app.execute(&format!(
        "INSERT INTO users (email, hashed_password) VALUES ('old@example.ma', '{hash}')"
    ));
    let old = app.login("old@example.ma").await;
    assert_eq!(old.get("/organisation/members").await.status, 403);

    let given = wathiqa(&app, "", &["member", "role", "OLD@example.ma", "admin"]);
    let unknown = wathiqa(&app, "", &["member", "role", "nobody@example.ma", "admin"]);
    let nonsense = wathiqa(&app, "", &["member", "role", "old@example.ma", "king"]);
    actix_web::rt::time::sleep(std::time::Duration::from_secs(1)).await;

    assert!(given.status.success(), "{}", told(&given));
    assert_eq!(unknown.status.code(), Some(1));
    assert!(told(&nonsense).contains("agent, reviewer, admin or auditor"));
    assert_eq!(old.get("/organisation/members").await.status, 200);
    let audit = old.get("/organisation/audit").await.json();
    assert_eq!(audit["entries"][0]["actor"], "operator");
}

#[actix_web::test]
async fn the_operator_invites_the_first_member() {
    let app = spawn_app_with(|config| {
        config.auth.registration = wathiqa::config::Registration::Invite;
    })
    .await;

    let invited = wathiqa(&app, "", &["member", "invite", "salma@example.ma"]);
    let nowhere = wathiqa(&app, "", &["member", "invite", "x@example.ma", "--organisation", "99"]);

    assert!(invited.status.success(), "{}", told(&invited));
    assert_eq!(nowhere.status.code(), Some(1));
    let token = String::from_utf8(invited.stdout).unwrap();
    let body = json!({
        "email": "salma@example.ma", "password": PASSWORD, "invitation": token.trim(),
    });
    assert_eq!(app.post("/auth/register", &body).await.status, 201);
    let salma = app.login("salma@example.ma").await;
    assert_eq!(salma.get("/organisation").await.json()["id"], 1);
    assert_eq!(salma.get("/organisation/members").await.status, 200);
}

#[actix_web::test]
async fn the_audit_is_verified_on_the_machine() {
    let app = spawn_app().await;
    app.register_and_login("salma@example.ma").await;

    let whole = wathiqa(&app, "", &["audit", "verify", "--json"]);
    let anchor = told(&wathiqa(&app, "", &["audit", "verify"]));
    let anchor = anchor.trim().strip_prefix("ok    ").unwrap().to_owned();
    app.execute(
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL;
         UPDATE audit_entries SET actor_id = 99 WHERE sequence = 1;",
    );
    let changed = wathiqa(&app, "", &["audit", "verify"]);
    app.execute(
        "DELETE FROM audit_entries; DELETE FROM audit_heads;
         ALTER TABLE audit_entries ENABLE TRIGGER ALL;",
    );
    let emptied = wathiqa(&app, "", &["audit", "verify"]);
    let anchored = wathiqa(&app, "", &["audit", "verify", "--anchor", &anchor]);
    let malformed = wathiqa(&app, "", &["audit", "verify", "--anchor", "nonsense"]);

    assert!(whole.status.success(), "{}", told(&whole));
    let whole: Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!((&whole["organisation"], &whole["entries"]), (&json!(2), &json!(2)));
    assert_eq!(whole["fault"], Value::Null);
    assert_eq!(changed.status.code(), Some(1));
    assert!(told(&changed).contains("fail  2: entry 1 was changed"), "{}", told(&changed));
    assert_eq!(emptied.status.code(), Some(0));
    assert_eq!(anchored.status.code(), Some(1));
    assert!(told(&anchored).contains("entries after 0 are missing: 2 were written"));
    assert_eq!(malformed.status.code(), Some(2));
}

#[actix_web::test]
async fn after_a_rotation_pictures_open_with_the_new_master_key_alone() {
    let keeping = |keys: &[&str]| {
        let keys = keys.iter().map(|&key| key.into()).collect();
        move |config: &mut wathiqa::config::Config| {
            config.data.keep_images = true;
            config.data.master_keys = keys;
        }
    };
    let app = spawn_app_with(keeping(&[FIRST])).await;
    let salma = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);
    let id = salma.process::<Cin>(&card.recto, Some(&card.verso)).await.json()["id"].clone();
    let path = format!("/cin/{id}/images/recto");
    let before = salma.get(&path).await.body;

    let both = format!("{SECOND},{FIRST}");
    let lacking = wathiqa(&app, SECOND, &["keys", "rotate"]);
    let rotated = wathiqa(&app, &both, &["keys", "rotate"]);
    let again = wathiqa(&app, &both, &["keys", "rotate"]);

    assert_eq!(lacking.status.code(), Some(1));
    assert!(told(&lacking).contains("MASTER_KEYS"), "{}", told(&lacking));
    assert!(told(&rotated).starts_with("2 pictures"), "{}", told(&rotated));
    assert!(told(&again).starts_with("0 pictures"), "{}", told(&again));
    let later = app.replica_with(keeping(&[SECOND])).await;
    assert_eq!(later.session(&salma.token).get(&path).await.body, before);
    let verified = wathiqa(&app, &both, &["audit", "verify"]);
    assert!(verified.status.success(), "{}", told(&verified));
    let forgotten = wathiqa(&app, SECOND, &["audit", "verify"]);
    assert!(told(&forgotten).contains("cannot be verified"), "{}", told(&forgotten));
}

#[actix_web::test]
async fn the_operator_finds_and_mends_wrong_counts() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    app.execute(
        "INSERT INTO cin_data (cin, sexe, organisation_id) VALUES ('AB1', 'M', 2), ('AB2', 'F', 2)",
    );
    let well = wathiqa(&app, "", &["counts", "verify"]);
    app.execute("UPDATE record_counts SET records = 7 WHERE dimension IN ('all', 'sex')");

    let wrong = wathiqa(&app, "", &["counts", "verify"]);
    let rebuilt = wathiqa(&app, "", &["counts", "rebuild", "--json"]);
    let again = wathiqa(&app, "", &["counts", "verify"]);

    assert!(well.status.success(), "{}", told(&well));
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        told(&wrong).contains("wrong 2 counts by sex of cin, organisation 2"),
        "{}",
        told(&wrong)
    );
    assert!(rebuilt.status.success(), "{}", told(&rebuilt));
    let mended: Value = serde_json::from_slice(&rebuilt.stdout).unwrap();
    assert_eq!(mended["wrong"][0]["dimension"], "all");
    assert!(again.status.success(), "{}", told(&again));
    assert_eq!(salma.get("/charts/overview").await.json()["total_cin"], 2);
}
