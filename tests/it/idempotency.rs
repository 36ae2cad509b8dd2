//! Requests that are sent again: with a key, with the same pictures, at the same time.

use futures_util::future::join_all;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;

use crate::support::{Answer, Card, Session, card, spawn_app};

async fn send(session: &Session<'_>, path: &str, card: &Card, key: &str) -> Answer {
    let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("card.jpg");
    let form = Form::new().part("recto", part(&card.recto)).part("verso", part(&card.verso));
    let request = session.request(Method::POST, path).multipart(form);
    Answer::of(request.header("idempotency-key", key)).await
}

#[actix_web::test]
async fn a_request_sent_again_gets_the_same_answer_and_does_nothing_twice() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let first_card = card(Kind::Cin2020, Level::Clean, 3);

    let first = send(&session, "/cin/process", &first_card, "one").await;
    session.patch("/cin/1", &json!({ "nom_fr": "CORRIGE" })).await;
    let again = send(&session, "/cin/process", &first_card, "one").await;
    let other = send(&session, "/cin/process", &card(Kind::Cin2020, Level::Clean, 4), "one").await;

    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!((again.status, again.json()), (200, first.json()));
    assert_eq!((other.status, &other.json()["code"]), (422, &json!("idempotency-key-reused")));
    assert_eq!((app.rows("cin_data"), app.rows("document_versions")), (1, 1));
}

#[actix_web::test]
async fn of_several_at_once_one_runs() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);

    let answers = join_all((0..4).map(|_| send(&session, "/cin/process", &card, "the-key"))).await;
    let later = send(&session, "/cin/process", &card, "the-key").await;

    let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert!(!done.is_empty());
    assert!(done.iter().all(|answer| answer.json() == later.json()));
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (409, &json!("idempotency-under-way"))
        );
        assert_eq!(refused.header("retry-after"), "1");
    }
    assert_eq!((app.rows("cin_data"), app.rows("document_versions")), (1, 0));
}

#[actix_web::test]
async fn what_was_refused_may_be_sent_again_with_its_key() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let wrong = card(Kind::Permis, Level::Clean, 3);

    for _ in 0..2 {
        let refused = send(&session, "/cin/process", &wrong, "key").await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("wrong-document")));
    }
    let right = send(&session, "/cin/process", &card(Kind::Cin2020, Level::Clean, 3), "key").await;

    assert_eq!(right.status, 200, "{}", right.text());
}

#[actix_web::test]
async fn a_client_that_hung_up_finds_the_answer_when_it_asks_again() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);
    let impatient = std::time::Duration::from_millis(60);

    let given_up = tokio::time::timeout(impatient, send(&session, "/cin/process", &card, "key"));
    let was_given_up = given_up.await.is_err();
    let answer = loop {
        let answer = send(&session, "/cin/process", &card, "key").await;
        if answer.status != 409 {
            break answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };

    assert!(was_given_up);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(app.rows("cin_data"), 1);
}

#[actix_web::test]
async fn a_key_is_its_callers_own_and_goes_with_the_record() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let colleague = session.colleague("omar@example.ma", "agent").await;
    let stranger = app.register_and_login("karim@example.ma").await;
    let [one, two] = [3, 4].map(|seed| card(Kind::Cin2020, Level::Clean, seed));
    assert_eq!(send(&session, "/cin/process", &one, "key").await.status, 200);

    assert_eq!(send(&colleague, "/cin/process", &two, "key").await.status, 200);
    let theirs = send(&stranger, "/cin/process", &one, "key").await;
    assert_eq!(theirs.status, 200);
    assert_eq!(app.rows("idempotency_keys"), 3);

    assert_eq!(session.delete("/cin/1").await.status, 200);
    assert_eq!(app.rows("idempotency_keys"), 2);
    for key in ["", " ", "a b", "clé", &"x".repeat(256)] {
        let refused = send(&session, "/cin/process", &one, key).await;
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (400, &json!("idempotency-key-invalid"))
        );
    }
}

#[actix_web::test]
async fn the_same_pictures_again_give_the_stored_result() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);
    let process = async || session.process::<Cin>(&card.recto, Some(&card.verso)).await;

    let first = process().await;
    let again = process().await;
    let swapped = session.process::<Cin>(&card.verso, Some(&card.recto)).await;

    assert_eq!((again.status, again.json()), (200, first.json()));
    assert!(!again.header("server-timing").contains("ocr"), "{}", again.header("server-timing"));
    assert_eq!(swapped.json()["id"], first.json()["id"]);
    // The swapped pictures were read: other pictures of a known number.
    assert_eq!((app.rows("cin_data"), app.rows("document_versions")), (1, 1));
}

#[actix_web::test]
async fn the_same_pictures_at_once_make_one_record_and_no_version() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);

    let answers =
        join_all((0..4).map(|_| session.process::<Cin>(&card.recto, Some(&card.verso)))).await;

    let ids: Vec<Value> = answers.iter().map(|answer| answer.json()["id"].clone()).collect();
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!((app.rows("cin_data"), app.rows("document_versions")), (1, 0));
}
