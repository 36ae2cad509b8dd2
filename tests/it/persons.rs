//! The records of one person over several kinds, with what says that they are.

use serde_json::{Value, json};

use crate::collections::ORGANISATION;
use crate::support::{spawn_app, spawn_app_with};

#[actix_web::test]
async fn nobodys_records_are_put_together_unless_the_operator_wants_it() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let answer = session.get("/persons/AB123456").await;

    assert_eq!((answer.status, &answer.json()["code"]), (404, &json!("person-links-off")));
}

#[actix_web::test]
async fn the_records_of_a_person_are_linked_by_number_else_by_names_and_birth() {
    let app = spawn_app_with(|config| config.data.person_links = true).await;
    let session = app.register_and_login("salma@example.ma").await;
    let leaf = |value: &str| json!({ "value": value, "confidence": 0.98, "source": "recto" });
    let numbered = json!({ "fields": { "identite.cin": leaf("AB123456") } });
    let others = json!({ "fields": { "identite.cin": leaf("ZZ999999") } });
    let unread = json!({ "fields": { "identite.cin": { "value": null, "reason": "not_found" } } });
    let own = json!({ "fields": { "cin": leaf("AB123456") } });
    let names = "'EL FASSI', 'الفاسي', 'SALMA', 'سلمى', date '1990-02-01'";
    let columns = "nom_fr, nom_ar, prenom_fr, prenom_ar, date_naissance";
    app.execute(&format!(
        "INSERT INTO cin_data (organisation_id, cin, {columns}, reading) VALUES
            ({ORGANISATION}, 'AB123456', {names}, '{own}'),
            ({ORGANISATION}, 'CD777777', {names}, NULL);
         INSERT INTO permi_data (organisation_id, numero_permis, {columns}, reading) VALUES
            ({ORGANISATION}, '1/1', 'OTHER', 'آخر', 'NAME', 'اسم', NULL, '{numbered}'),
            ({ORGANISATION}, '1/2', {names}, '{unread}'),
            ({ORGANISATION}, '1/3', {names}, '{others}'),
            ({ORGANISATION}, '1/4', 'EL FASSI', 'الفاسي', 'SALMA', 'سلمى', date '1991-02-01', NULL),
            ({ORGANISATION}, '1/5', 'EL FASSI', NULL, 'SALMA', NULL, date '1990-02-01', NULL),
            (1, '1/6', {names}, NULL)"
    ));

    let answer = session.get("/persons/ab123456").await;

    assert_eq!(answer.status, 200, "{}", answer.text());
    let person = answer.json();
    let links: Vec<(Value, Value, Value)> = person["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|document| {
            (document["kind"].clone(), document["id"].clone(), document["link"]["by"].clone())
        })
        .collect();
    assert_eq!(
        links,
        [
            (json!("cin"), json!(1), json!("number")),
            (json!("permis"), json!(1), json!("number")),
            (json!("permis"), json!(2), json!("names_and_birth")),
        ]
    );
    let link = &person["documents"][1]["link"];
    assert_eq!(
        (&link["field"], &link["evidence"]["confidence"]),
        (&json!("identite.cin"), &json!(0.98))
    );
    assert_eq!(session.get("/persons/QQ111111").await.status, 404);
    assert_eq!(session.get("/persons/AB-1").await.status, 404);
}
