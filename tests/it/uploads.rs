//! Uploads that give no record: 400 with the problem that says what to do, and
//! nothing stored.

use image::{ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;
use wathiqa::documents::gris::Gris;
use wathiqa::documents::permis::Permis;

use crate::support::{Answer, Card, TestApp, card, spawn_app, spawn_app_with};

const TABLES: [&str; 4] = ["cin_data", "permi_data", "gris_data", "document_versions"];

/// Asserts a refusal with that code, and that nothing was stored.
fn assert_refused(app: &TestApp, answer: &Answer, code: &str) {
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("application/problem+json"));
    assert_eq!(answer.json()["code"], code, "{}", answer.text());
    assert!(!answer.json()["detail"].as_str().unwrap().contains('{'), "a placeholder is left");
    for table in TABLES {
        assert_eq!(app.rows(table), 0, "{table}");
    }
}

/// A picture that shows no card: a slope of light.
fn nothing() -> Vec<u8> {
    let shade = |x: u32, y: u32| (60 + (x + y) / 12) as u8;
    let picture = RgbImage::from_fn(900, 600, |x, y| Rgb([shade(x, y); 3]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The beginning of a PNG that claims to be as large as that.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(13_u32.to_be_bytes());
    png.extend(&header);
    png.extend(crc32(&header).to_be_bytes());
    png.extend([0, 0, 0, 0]);
    png.extend(b"IDAT");
    png.extend(crc32(b"IDAT").to_be_bytes());
    png
}

/// The checksum of a PNG chunk (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

fn file(bytes: impl Into<Vec<u8>>, name: &str) -> Part {
    Part::bytes(bytes.into()).file_name(name.to_owned())
}

#[actix_web::test]
async fn a_missing_part_is_named() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let without_verso = session.process::<Cin>(&nothing(), None).await;
    let form = Form::new().part("verso", file(nothing(), "verso.png"));
    let without_recto = session.post_form("/permis/process", form).await;
    let empty = session.post_form("/gris/process", Form::new()).await;
    let gris = session.process::<Gris>(&nothing(), None).await;

    assert_refused(&app, &without_verso, "part-missing");
    assert_eq!(without_verso.json()["part"], "verso");
    assert_refused(&app, &without_recto, "part-missing");
    assert_eq!(without_recto.json()["part"], "recto");
    assert_eq!(empty.status, 400);
    assert_refused(&app, &gris, "part-missing");
}

#[actix_web::test]
async fn a_body_that_is_no_multipart_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let request = || session.request(Method::POST, "/cin/process");

    let none = Answer::of(request()).await;
    let json = Answer::of(request().body("{}").header("content-type", "application/json")).await;
    let unbounded =
        Answer::of(request().body("x").header("content-type", "multipart/form-data")).await;
    let cut = "--x\r\nContent-Disposition: form-data; name=\"recto\"; filename=\"a\"\r\n\r\nabc";
    let cut = request().body(cut).header("content-type", "multipart/form-data; boundary=x");
    let cut = Answer::of(cut).await;

    for answer in [none, json, unbounded, cut] {
        assert_refused(&app, &answer, "malformed-multipart");
    }
}

#[actix_web::test]
async fn a_part_of_zero_bytes_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let answer = session.process::<Cin>(&nothing(), Some(&[])).await;

    assert_refused(&app, &answer, "part-empty");
    assert_eq!(answer.json()["part"], "verso");
}

#[actix_web::test]
async fn a_text_is_no_picture_whatever_its_name_and_declared_type() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for name in ["card.jpg", "../../etc/passwd", "\u{202E}gpj.exe", "a\"b.png"] {
        let part = || file("this is no picture", name).mime_str("image/jpeg").unwrap();
        let form = Form::new().part("recto", part()).part("verso", part());
        let answer = session.post_form("/cin/process", form).await;

        assert_refused(&app, &answer, "image-undecodable");
    }
}

#[actix_web::test]
async fn a_jpeg_that_ends_early_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Scan, 1);
    assert!(recto.starts_with(&[0xFF, 0xD8]), "scans are JPEG");

    for sixteenth in [1, 4, 8, 12] {
        let cut = &recto[..recto.len() * sixteenth / 16];
        let answer = session.process::<Cin>(cut, Some(&verso)).await;

        assert_refused(&app, &answer, "image-damaged");
        assert_eq!(answer.json()["part"], "recto");
    }
}

#[actix_web::test]
async fn a_header_that_claims_a_giant_picture_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for (width, height) in [(50_000, 50_000), (1, 50_000), (u32::MAX >> 1, 1)] {
        let bomb = png_header(width, height);
        let answer = session.process::<Cin>(&bomb, Some(&bomb)).await;

        assert_refused(&app, &answer, "image-too-many-pixels");
    }
}

#[actix_web::test]
async fn a_part_of_eleven_megabytes_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let large = vec![0_u8; 11_000_000];

    let known = session.process::<Cin>(&large, Some(&nothing())).await;
    let form = Form::new().part("recto", file(nothing(), "a")).part("other", file(large, "b"));
    let unknown = session.post_form("/permis/process", form).await;

    assert_refused(&app, &known, "part-too-large");
    assert_refused(&app, &unknown, "part-too-large");
}

#[actix_web::test]
async fn a_body_larger_than_two_pictures_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let form = (0..3).fold(Form::new(), |form, index| {
        form.part(format!("other{index}"), file(vec![0_u8; 9_000_000], "a"))
    });

    let answer = session.post_form("/cin/process", form).await;

    assert_refused(&app, &answer, "upload-too-large");
}

#[actix_web::test]
async fn twenty_parts_are_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let form = (0..20).fold(Form::new(), |form, index| {
        form.part(format!("part{index}"), file(nothing(), "a.png"))
    });

    let answer = session.post_form("/cin/process", form).await;

    assert_refused(&app, &answer, "too-many-parts");
}

#[actix_web::test]
async fn a_part_that_comes_twice_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let part = || file(nothing(), "a.png");
    let form = Form::new().part("recto", part()).part("recto", part()).part("verso", part());

    let answer = session.post_form("/cin/process", form).await;

    assert_refused(&app, &answer, "part-twice");
}

#[actix_web::test]
async fn a_photo_of_nothing_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    let cin = session.process::<Cin>(&nothing(), Some(&nothing())).await;
    let permis = session.process::<Permis>(&nothing(), None).await;

    assert_refused(&app, &cin, "not-a-document");
    assert_refused(&app, &permis, "not-a-document");
}

#[actix_web::test]
async fn a_licence_sent_as_identity_card_is_refused_by_name() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Permis, Level::Clean, 1);

    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    assert_refused(&app, &answer, "wrong-document");
    assert_eq!(answer.json()["found"], "permis");
    assert!(answer.json()["detail"].as_str().unwrap().contains("un permis de conduire"));
}

#[actix_web::test]
async fn the_same_side_twice_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let answer = session.process::<Cin>(&recto, Some(&recto)).await;

    assert_refused(&app, &answer, "same-side-twice");
}

#[actix_web::test]
async fn the_back_of_a_licence_alone_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { verso, .. } = card(Kind::Permis, Level::Clean, 1);

    let answer = session.process::<Permis>(&verso, None).await;

    assert_refused(&app, &answer, "side-missing");
}

#[actix_web::test]
async fn a_picture_that_takes_too_long_costs_its_request_and_nothing_else() {
    let app = spawn_app_with(|config| {
        config.ocr.workers = 1;
        config.ocr.deadline = std::time::Duration::from_millis(1);
    })
    .await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    assert_refused(&app, &answer, "ocr-deadline");
    assert_eq!(app.get("/health").await.status, 200);
}

#[actix_web::test]
async fn a_full_queue_asks_to_come_again() {
    let app = spawn_app_with(|config| {
        config.ocr.workers = 1;
        config.ocr.queue = 0;
    })
    .await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let answers = futures_util::future::join_all(
        (0..6).map(|_| session.process::<Cin>(&recto, Some(&verso))),
    )
    .await;

    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(!busy.is_empty());
    for answer in busy {
        assert_eq!(answer.json()["code"], "busy");
        assert!(answer.header("retry-after").parse::<u32>().is_ok());
    }
    assert!(answers.iter().any(|answer| answer.status == 200));
}
