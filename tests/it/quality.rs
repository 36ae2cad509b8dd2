//! The verdict on a picture: alone at `/quality`, and before anything is read.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;

use crate::support::{Answer, Card, Session, card, spawn_app};

/// A picture as a client sends it to be judged.
fn small_jpeg(picture: RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// The picture so far out of focus that its print runs together.
fn blurred(bytes: &[u8]) -> Vec<u8> {
    small_jpeg(imageproc::filter::gaussian_blur_f32(&decoded(bytes), 9.0))
}

async fn judge(session: &Session<'_>, bytes: Vec<u8>, language: &str) -> Answer {
    let form = Form::new().part("image", Part::bytes(bytes).file_name("camera.jpg"));
    let request = session.request(Method::POST, "/quality").header("Accept-Language", language);
    Answer::of(request.multipart(form)).await
}

fn faults(verdict: &Value) -> Vec<&str> {
    let findings = verdict["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["fault"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_good_picture_is_acceptable_and_its_card_is_placed() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, .. } = card(Kind::Cin2020, Level::Photo, 1);

    let answer = judge(&session, recto, "fr").await;

    assert_eq!(answer.status, 200, "{}", answer.text());
    let verdict = answer.json();
    assert_eq!(verdict["acceptable"], true);
    assert_eq!(verdict["outline_found"], true);
    assert_eq!(verdict["portrait"], "left");
    assert_eq!(verdict["corners"].as_array().unwrap().len(), 4);
    assert!(answer.header("server-timing").contains("rectify;dur="));
    for table in ["cin_data", "document_versions"] {
        assert_eq!(app.rows(table), 0, "{table}");
    }
}

#[actix_web::test]
async fn a_blurred_picture_is_told_with_advice_in_the_language_asked_for() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let bytes = blurred(&card(Kind::Cin2020, Level::Photo, 1).recto);

    let mut advice = Vec::new();
    for language in ["fr", "ar", "en"] {
        let verdict = judge(&session, bytes.clone(), language).await.json();
        assert_eq!(verdict["acceptable"], false);
        assert_eq!(faults(&verdict)[0], "blurred");
        advice.push(verdict["findings"][0]["advice"].as_str().unwrap().to_owned());
    }

    advice.dedup();
    assert_eq!(advice.len(), 3, "three languages");
}

#[actix_web::test]
async fn a_picture_that_cannot_be_read_is_refused_by_name_before_it_is_read() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Photo, 1);
    let mut dark = decoded(&recto);
    dark.iter_mut().for_each(|part| *part /= 20);
    let small = small_jpeg(image::imageops::thumbnail(&decoded(&recto), 320, 240));
    let unreadable = [
        (blurred(&recto), "image-blurred"),
        (small_jpeg(dark), "image-too-dark"),
        (small, "image-too-small"),
    ];

    for (picture, code) in unreadable {
        let answer = session.process::<Cin>(&picture, Some(&verso)).await;
        assert_eq!(answer.status, 400, "{code}: {}", answer.text());
        assert_eq!(
            (&answer.json()["code"], &answer.json()["part"]),
            (&code.into(), &"recto".into())
        );
        assert_eq!(app.rows("cin_data"), 0);
    }
}

#[actix_web::test]
async fn a_reading_tells_the_quality_of_its_pictures_and_its_stages() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Scan, 1);

    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    assert_eq!(answer.status, 200, "{}", answer.text());
    let quality = &answer.json()["quality"];
    assert_eq!(quality["recto"]["outline_found"], true);
    assert!(quality["verso"]["measures"]["card_width"].as_f64().unwrap() > 900.0);
    for stage in ["decode", "rectify", "read", "fields", "store", "total"] {
        assert!(answer.header("server-timing").contains(&format!("{stage};dur=")), "{stage}");
    }
}

#[actix_web::test]
async fn what_is_no_picture_or_nobody_s_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let text = judge(&session, b"this is no picture".to_vec(), "fr").await;
    assert_eq!((text.status, &text.json()["code"]), (400, &"image-undecodable".into()));

    let nothing = session.post_form("/quality", Form::new().text("note", "x")).await;
    assert_eq!((nothing.status, &nothing.json()["code"]), (400, &"missing-member".into()));

    let form = Form::new().part("image", Part::bytes(vec![1, 2, 3]));
    let stranger = Answer::of(app.request(Method::POST, "/quality").multipart(form)).await;
    assert_eq!(stranger.status, 401);
}
