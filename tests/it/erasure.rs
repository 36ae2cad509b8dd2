//! Erasing a record, taking out what is kept of a person, and keeping pictures.

use image::ImageFormat;
use openssl::base64::decode_block;
use serde_json::{Value, json};
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;
use wathiqa::documents::permis::Permis;

use crate::support::{Card, Session, TestApp, card, spawn_app, spawn_app_with};

/// A service that keeps pictures.
async fn keeping() -> TestApp {
    spawn_app_with(|config| {
        config.data.keep_images = true;
        config.data.master_keys = vec!["a master key that only the tests know".into()];
    })
    .await
}

/// Other pictures of the same card: the two sides the other way round.
fn swapped(card: Card) -> Card {
    Card { recto: card.verso, verso: card.recto, truth: card.truth }
}

async fn process(session: &Session<'_>, card: &Card) -> Value {
    let processed = session.process::<Cin>(&card.recto, Some(&card.verso)).await;
    assert_eq!(processed.status, 200, "{}", processed.text());
    processed.json()
}

#[actix_web::test]
async fn a_record_is_erased_with_all_that_belongs_to_it_and_a_receipt() {
    let app = keeping().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);
    let id = process(&salma, &card).await["id"].clone();
    process(&salma, &swapped(card)).await;

    let receipt = salma.delete(&format!("/cin/{id}")).await;
    let again = salma.delete(&format!("/cin/{id}")).await;

    assert_eq!((receipt.status, again.status), (200, 404));
    let receipt = receipt.json();
    assert_eq!(receipt["erased"], json!({ "records": 1, "versions": 1, "images": 4 }));
    assert_eq!((&receipt["kind"], &receipt["id"]), (&json!("cin"), &id));
    for table in ["cin_data", "document_versions", "document_images"] {
        assert_eq!(app.rows(table), 0, "{table}");
    }
    let audit = salma.get("/organisation/audit").await.json();
    let told = &audit["entries"][0];
    assert_eq!(told["action"], "record.erased");
    assert_eq!(told["sequence"], receipt["audit"]["sequence"]);
}

#[actix_web::test]
async fn pictures_are_not_kept_unless_the_operator_says_so() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let id = process(&salma, &card(Kind::Cin2020, Level::Clean, 3)).await["id"].clone();

    assert_eq!(app.rows("document_images"), 0);
    assert_eq!(salma.get(&format!("/cin/{id}/images/recto")).await.status, 404);
}

#[actix_web::test]
async fn a_kept_picture_comes_back_without_what_the_camera_wrote_beside_it() {
    let app = keeping().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Cin2020, Level::Clean, 3);
    // The sides sent the wrong way round are kept as what they are.
    let processed = salma.process::<Cin>(&card.verso, Some(&with_comment(&card.recto))).await;
    assert_eq!(processed.status, 200, "{}", processed.text());
    let path = format!("/cin/{}/images", processed.json()["id"]);

    let recto = salma.get(&format!("{path}/recto")).await;

    assert_eq!((recto.status, recto.header("content-type")), (200, "image/jpeg"));
    assert_eq!(recto.header("cache-control"), "no-store");
    let (kept, sent) = (pixels(&recto.body), pixels(&card.recto));
    assert_eq!(kept.dimensions(), sent.dimensions());
    let difference: u64 =
        kept.as_raw().iter().zip(sent.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(difference / (kept.as_raw().len() as u64) < 8, "another picture");
    assert!(!holds(&recto.body, SECRET), "metadata was kept");
    assert_eq!(salma.get(&format!("{path}/elsewhere")).await.status, 404);
}

/// What a camera may write beside the pixels.
const SECRET: &[u8] = b"34.0209N 6.8416W";

/// A JPEG with a comment after its start.
fn with_comment(picture: &[u8]) -> Vec<u8> {
    let jpeg = {
        let mut jpeg = Vec::new();
        let pixels = image::load_from_memory(picture).unwrap();
        pixels.write_to(&mut std::io::Cursor::new(&mut jpeg), ImageFormat::Jpeg).unwrap();
        jpeg
    };
    let length = (SECRET.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xFE], &length, SECRET, &jpeg[2..]].concat()
}

fn pixels(picture: &[u8]) -> image::RgbImage {
    image::load_from_memory(picture).unwrap().into_rgb8()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[actix_web::test]
async fn the_database_holds_no_picture_in_clear() {
    let app = keeping().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let id = process(&salma, &card(Kind::Cin2020, Level::Clean, 3)).await["id"].clone();
    let kept = salma.get(&format!("/cin/{id}/images/recto")).await.body;

    let stored = app.text("SELECT string_agg(i::text, ' ') AS text FROM document_images i");

    assert!(kept.len() > 10_000 && stored.len() > 2 * kept.len());
    for piece in kept.chunks_exact(16) {
        assert!(!stored.contains(&wathiqa::vault::hex(piece)), "a piece in clear");
    }
    assert_eq!(app.rows("document_images"), 2);
}

#[actix_web::test]
async fn a_picture_moved_to_another_record_does_not_open() {
    let app = keeping().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let first = process(&salma, &card(Kind::Cin2020, Level::Clean, 3)).await["id"].clone();
    let second = process(&salma, &card(Kind::Cin2020, Level::Clean, 4)).await["id"].clone();

    app.execute(&format!(
        "DELETE FROM document_images WHERE record_id = {second};
         UPDATE document_images SET record_id = {second} WHERE record_id = {first}"
    ));

    let moved = salma.get(&format!("/cin/{second}/images/recto")).await;
    assert_eq!((moved.status, moved.json()["code"].clone()), (500, json!("internal")));
}

#[actix_web::test]
async fn all_that_is_kept_of_a_person_is_taken_out() {
    let app = keeping().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let identity = card(Kind::Cin2020, Level::Clean, 3);
    let read = process(&salma, &identity).await;
    process(&salma, &swapped(identity)).await;
    process(&salma, &card(Kind::Cin2020, Level::Clean, 4)).await;
    let licence = card(Kind::Permis, Level::Clean, 5);
    let licence = salma.process::<Permis>(&licence.recto, Some(&licence.verso)).await.json();
    let holder = &licence["fields"]["identite.cin"]["value"];

    let body = json!({ "cin": format!(" {} ", read["cin"].as_str().unwrap().to_lowercase()) });
    let person = salma.post("/exports/person", &body).await.json();
    let driver = salma.post("/exports/person", &json!({ "cin": holder })).await.json();

    let records = &person["records"];
    assert_eq!(records["cin"].as_array().unwrap().len(), 1);
    let record = &records["cin"][0];
    assert_eq!((&record["cin"], &record["id"]), (&read["cin"], &read["id"]));
    assert_eq!(record["versions"].as_array().unwrap().len(), 1);
    assert_eq!(record["audit"][0]["action"], "record.created");
    let picture = decode_block(record["images"]["recto"].as_str().unwrap()).unwrap();
    assert_eq!(image::guess_format(&picture).unwrap(), ImageFormat::Jpeg);
    assert_eq!(records["permis"], json!([]));
    assert_eq!(driver["records"]["permis"][0]["id"], licence["id"]);
    let audit = salma.get("/organisation/audit").await.text();
    assert!(audit.contains("person.exported"));
    assert!(!audit.contains(read["cin"].as_str().unwrap()), "a number in the audit");
}

#[actix_web::test]
async fn a_number_of_no_known_person_gives_nothing_and_what_is_no_number_is_refused() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;

    let nobody = salma.post("/exports/person", &json!({ "cin": "ZZ999999" })).await;

    let nothing = json!({ "cin": [], "permis": [], "gris": [] });
    assert_eq!((nobody.status, &nobody.json()["records"]), (200, &nothing));
    for cin in ["", "' OR 1=1 --", "AB%", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] {
        assert_eq!(
            salma.post("/exports/person", &json!({ "cin": cin })).await.status,
            400,
            "{cin}"
        );
    }
}
