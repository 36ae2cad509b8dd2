//! What people do with a reading: the queue, corrections, approval, and what stays of them
//! when the card is read again.

use reqwest::Method;
use serde_json::{Value, json};
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;

use crate::collections::ORGANISATION;
use crate::support::{Answer, Session, TestApp, card, spawn_app, spawn_app_with};

async fn read(session: &Session<'_>, level: Level, seed: u64) -> Value {
    let card = card(Kind::Cin2020, level, seed);
    let answer = session.process::<Cin>(&card.recto, Some(&card.verso)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn patch(session: &Session<'_>, id: &Value, tag: &str, body: Value) -> Answer {
    let request = session.request(Method::PATCH, &format!("/cin/{id}")).json(&body);
    Answer::of(if tag.is_empty() { request } else { request.header("if-match", tag) }).await
}

#[actix_web::test]
async fn a_correction_stands_beside_what_the_machine_read_and_the_earlier_state_is_kept() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let reviewer = admin.colleague("omar@example.ma", "reviewer").await;
    let id = read(&admin, Level::Clean, 3).await["id"].clone();
    let before = reviewer.get(&format!("/cin/{id}")).await;
    let tag = before.header("etag").to_owned();
    let machine = before.json()["nom_fr"].clone();

    let answer =
        patch(&reviewer, &id, &tag, json!({ "nom_fr": " EL CORRIGE ", "validite": "2031-05-06" }))
            .await;

    assert_eq!(answer.status, 200, "{}", answer.text());
    let record = answer.json();
    assert_eq!(
        (&record["nom_fr"], &record["validite"]),
        (&json!("EL CORRIGE"), &json!("2031-05-06"))
    );
    assert_eq!(record["corrections"]["nom_fr"]["machine"], machine);
    assert_eq!(record["corrections"]["nom_fr"]["value"], "EL CORRIGE");
    let me = reviewer.get("/me").await.json()["id"].clone();
    assert_eq!(record["corrections"]["nom_fr"]["by"], me);
    assert_eq!(record["reading"]["fields"]["identite.nom.fr"]["value"], machine);
    assert_ne!(answer.header("etag"), tag);
    let shown = reviewer.get(&format!("/cin/{id}")).await;
    assert_eq!((shown.json(), shown.header("etag")), (record, answer.header("etag")));
    assert_eq!(reviewer.get("/cin/all").await.json()[0]["nom_fr"], "EL CORRIGE");
    let history = reviewer.get(&format!("/cin/{id}/history")).await.json();
    assert_eq!(history["current"]["nom_fr"], "EL CORRIGE");
    assert_eq!(history["versions"][0]["state"]["row"]["nom_fr"], machine);
    assert_eq!(history["versions"][0]["cause"], "corrected");
    assert_eq!(history["versions"][0]["replaced_by"], me);
    let audit = admin.get("/organisation/audit").await.json();
    let entry =
        audit["entries"].as_array().unwrap().iter().find(|e| e["action"] == "record.corrected");
    assert!(!entry.unwrap().to_string().contains("CORRIGE"), "a value in the audit");
}

#[actix_web::test]
async fn of_two_who_saw_the_same_state_the_second_is_told() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let id = read(&admin, Level::Clean, 3).await["id"].clone();
    let tag = admin.get(&format!("/cin/{id}")).await.header("etag").to_owned();

    let first = patch(&admin, &id, &tag, json!({ "nom_fr": "FIRST" })).await;
    let second = patch(&admin, &id, &tag, json!({ "nom_fr": "SECOND" })).await;
    let stale = Answer::of(
        admin.request(Method::POST, &format!("/cin/{id}/approve")).header("if-match", &tag),
    );

    assert_eq!(first.status, 200);
    assert_eq!((second.status, second.json()["code"].clone()), (412, json!("stale-record")));
    assert_eq!(stale.await.status, 412);
    assert_eq!(admin.get(&format!("/cin/{id}")).await.json()["nom_fr"], "FIRST");
    assert_eq!(
        patch(&admin, &id, "\"nothing of ours\"", json!({ "nom_fr": "X" })).await.status,
        412
    );
    assert_eq!(patch(&admin, &id, "*", json!({ "nom_fr": "ANY" })).await.status, 200);
    let weak = format!("W/{}", admin.get(&format!("/cin/{id}")).await.header("etag"));
    assert_eq!(patch(&admin, &id, &weak, json!({ "nom_fr": "WEAK" })).await.status, 200);
}

#[actix_web::test]
async fn a_record_that_did_not_change_is_not_sent_again() {
    let app = spawn_app_with(|config| config.data.person_links = true).await;
    let admin = app.register_and_login("salma@example.ma").await;
    let read = read(&admin, Level::Clean, 3).await;
    let path = format!("/cin/{}", read["id"]);
    let person = format!("/persons/{}", read["cin"].as_str().unwrap());

    for (path, name) in
        [(&path, "TAZI"), (&format!("{path}/history"), "ALAMI"), (&person, "BENALI")]
    {
        let tag = admin.get(path).await.header("etag").to_owned();
        let ask = async || {
            Answer::of(admin.request(Method::GET, path).header("if-none-match", &tag)).await
        };

        let unchanged = ask().await;
        admin.patch(&format!("/cin/{}", read["id"]), &json!({ "nom_fr": name })).await;
        let changed = ask().await;

        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{path}");
        assert_eq!(unchanged.header("etag"), tag, "{path}");
        assert_eq!(changed.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn what_is_no_value_of_a_column_is_refused_and_changes_nothing() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let id = read(&admin, Level::Clean, 3).await["id"].clone();
    let before = admin.get(&format!("/cin/{id}")).await.json();

    for (body, code) in [
        (json!({ "id": 7 }), "not-correctable"),
        (json!({ "organisation_id": 1 }), "not-correctable"),
        (json!({ "status": "approved" }), "not-correctable"),
        (json!({}), "not-correctable"),
        (json!({ "nom_fr": "A\nB" }), "invalid-member"),
        (json!({ "nom_fr": 5 }), "invalid-member"),
        (json!({ "nom_ar": "ب\u{202e}ن" }), "invalid-member"),
        (json!({ "validite": "31.02.2030" }), "invalid-member"),
        (json!({ "sexe": "X" }), "invalid-member"),
        (json!({ "cin": null }), "invalid-member"),
        (json!({ "cin": "NO NUMBER" }), "invalid-member"),
        (json!({ "nom_fr": "FINE", "sexe": "X" }), "invalid-member"),
    ] {
        let answer = patch(&admin, &id, "", body.clone()).await;
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!(code)), "{body}");
    }
    assert_eq!(admin.get(&format!("/cin/{id}")).await.json(), before);
}

#[actix_web::test]
async fn a_number_is_corrected_unless_another_record_has_it() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let id = read(&admin, Level::Clean, 3).await["id"].clone();
    app.execute(&format!(
        "INSERT INTO cin_data (organisation_id, cin) VALUES ({ORGANISATION}, 'ZT1234')"
    ));

    let taken = patch(&admin, &id, "", json!({ "cin": "ZT1234" })).await;
    let free = patch(&admin, &id, "", json!({ "cin": "zt 4321" })).await;
    // The machine reads the number as it did, on other pictures of the card.
    let again = read(&admin, Level::Scan, 3).await;

    assert_eq!((taken.status, &taken.json()["code"]), (409, &json!("number-taken")));
    assert_eq!(free.json()["cin"], "ZT4321");
    assert_eq!(again["id"], id, "a misread number makes no second record");
    assert_eq!(admin.get(&format!("/cin/{id}")).await.json()["cin"], "ZT4321");
    assert_eq!(app.rows("cin_data"), 2);
}

#[actix_web::test]
async fn a_later_reading_does_not_overwrite_what_a_person_corrected() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let id = read(&admin, Level::Clean, 3).await["id"].clone();
    patch(&admin, &id, "", json!({ "prenom_fr": "CORRIGEE" })).await;
    admin.post(&format!("/cin/{id}/approve"), &json!({})).await;

    let again = read(&admin, Level::Scan, 3).await;

    assert_eq!(again["id"], id);
    assert_eq!(again["corrections"]["prenom_fr"]["value"], "CORRIGEE");
    let record = admin.get(&format!("/cin/{id}")).await.json();
    assert_eq!(record["prenom_fr"], "CORRIGEE");
    assert_eq!(record["corrections"]["prenom_fr"]["machine"], again["identite"]["prenom"]["fr"]);
    let causes: Vec<Value> = admin.get(&format!("/cin/{id}/history")).await.json()["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| version["cause"].clone())
        .collect();
    assert_eq!(causes, ["corrected", "approved", "processed"]);
}

#[actix_web::test]
async fn a_machine_that_contradicts_a_person_sends_the_record_to_review() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let id = read(&admin, Level::Clean, 3).await["id"].clone();
    patch(&admin, &id, "", json!({ "nom_fr": "CORRIGE" })).await;
    admin.post(&format!("/cin/{id}/approve"), &json!({})).await;
    // As if an earlier version of the machine had read something else then.
    app.execute(
        "UPDATE cin_data SET corrections = jsonb_set(corrections, '{nom_fr,machine}', '\"OTHER\"')",
    );

    read(&admin, Level::Scan, 3).await;

    let record = admin.get(&format!("/cin/{id}")).await.json();
    assert_eq!((&record["nom_fr"], &record["status"]), (&json!("CORRIGE"), &json!("needs_review")));
    assert_eq!(record["corrections"]["nom_fr"]["disputed"], true);
    let queue = admin.get("/reviews").await.json();
    let doubt =
        queue["items"][0]["doubts"].as_array().unwrap().iter().find(|d| d["disputed"] == true);
    assert_eq!(doubt.unwrap()["column"], "nom_fr");
    admin.post(&format!("/cin/{id}/approve"), &json!({})).await;
    assert_eq!(admin.get("/reviews").await.json()["items"], json!([]));
    assert_eq!(
        admin.get(&format!("/cin/{id}")).await.json()["corrections"]["nom_fr"]["disputed"],
        false
    );
}

/// A record whose reading leaves these leaves in doubt.
fn doubtful(app: &TestApp, number: &str, leaves: &[&str]) {
    let leaf = |path: &&str| {
        let leaf = json!({
            "value": "A", "raw": "A", "confidence": 0.3, "source": "recto", "image": "recto",
            "bounding_box": { "x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0 },
        });
        ((*path).to_owned(), leaf)
    };
    let fields: serde_json::Map<String, Value> = leaves.iter().map(leaf).collect();
    app.execute(&format!(
        "INSERT INTO cin_data (organisation_id, cin, status, need, confidence, reading)
         VALUES ({ORGANISATION}, '{number}', 'needs_review', {}.5, 0.5, '{}')",
        leaves.len(),
        json!({ "fields": fields })
    ));
}

#[actix_web::test]
async fn the_queue_shows_the_most_urgent_first_with_what_to_look_at() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    doubtful(&app, "AB1", &["sexe"]);
    doubtful(&app, "AB2", &["identite.nom.fr", "identite.nom.ar", "validite"]);
    doubtful(&app, "AB3", &["identite.nom.fr", "adresse.fr"]);
    let numbers = async || -> Vec<Value> {
        let queue = admin.get("/reviews").await.json();
        queue["items"].as_array().unwrap().iter().map(|item| item["cin"].clone()).collect()
    };

    assert_eq!(numbers().await, ["AB2", "AB3", "AB1"]);
    let first = admin.get("/reviews?limit=1").await.json();
    let doubt = &first["items"][0]["doubts"][0];
    assert_eq!((&doubt["column"], &doubt["path"]), (&json!("nom_fr"), &json!("identite.nom.fr")));
    assert_eq!(doubt["reading"]["confidence"], 0.3);
    assert_eq!(doubt["reading"]["bounding_box"]["width"], 3.0);
    let second = admin.get(first["next"].as_str().unwrap()).await.json();
    assert_eq!(second["items"][0]["cin"], "AB3");

    // What is corrected is no longer in doubt; the last doubt ends the review.
    patch(&admin, &json!(2), "", json!({ "nom_fr": "B", "nom_ar": "ب" })).await;
    assert_eq!(numbers().await, ["AB3", "AB1", "AB2"]);
    let done = patch(&admin, &json!(2), "", json!({ "validite": null })).await.json();
    assert_eq!(done["status"], "complete");
    admin.post("/cin/3/approve", &json!({})).await;
    admin.post("/cin/1/reject", &json!({})).await;
    assert_eq!(numbers().await, Vec::<Value>::new());
    let states = ["approved", "rejected"].map(|status| format!("/cin?status={status}"));
    assert_eq!(admin.get(&states[0]).await.json()["items"][0]["cin"], "AB3");
    assert_eq!(admin.get(&states[1]).await.json()["items"][0]["cin"], "AB1");
}

#[actix_web::test]
async fn only_those_who_review_correct_and_decide() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    doubtful(&app, "AB1", &["sexe"]);

    for (role, status) in [("agent", 403), ("auditor", 403), ("reviewer", 200)] {
        let caller = admin.colleague(&format!("{role}@example.ma"), role).await;
        assert_eq!(caller.get("/reviews").await.status, status, "{role}");
        let corrected = patch(&caller, &json!(1), "", json!({ "sexe": "F" })).await;
        assert_eq!(corrected.status, status, "{role}");
        assert_eq!(caller.post("/cin/1/approve", &json!({})).await.status, status, "{role}");
        assert_eq!(caller.get("/cin/1/history").await.status, 200, "{role}");
    }
}
