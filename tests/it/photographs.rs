//! Pictures as people take them: turned, tilted, with another card beside, or of
//! something else.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use specimen::{Distractor, Kind, Level};
use wathiqa::documents::cin::Cin;
use wathiqa::documents::gris::Gris;
use wathiqa::documents::permis::Permis;

use crate::support::{Card, card, spawn_app};

fn png(picture: RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

#[actix_web::test]
async fn a_card_is_read_whichever_way_its_picture_is_turned() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, truth } = card(Kind::Cin2020, Level::Photo, 3);
    let on_its_head = png(imageops::rotate180(&decoded(&recto)));
    let quarters = [imageops::rotate90(&decoded(&verso)), imageops::rotate270(&decoded(&verso))];

    for quarter in quarters {
        let answer = session.process::<Cin>(&on_its_head, Some(&png(quarter))).await;

        assert_eq!(answer.status, 200, "{}", answer.text());
        let read = answer.json();
        assert_eq!(read["cin"], truth["cin"]);
        assert_eq!(read["naissance"]["date"], truth["naissance"]["date"]);
        assert_eq!(read["parents"]["pere"]["fr"], truth["parents"]["pere"]["fr"]);
    }
    assert_eq!(app.rows("cin_data"), 1);
}

#[actix_web::test]
async fn the_larger_of_two_cards_in_one_picture_is_read() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, truth } = card(Kind::Permis, Level::Clean, 4);
    let other = decoded(&card(Kind::Cin2020, Level::Clean, 4).recto);
    let licence = decoded(&recto);
    let mut table = RgbImage::from_pixel(1700, 1900, image::Rgb([70, 58, 48]));
    imageops::overlay(
        &mut table,
        &imageops::resize(&licence, 1300, 820, imageops::FilterType::Triangle),
        90,
        80,
    );
    imageops::overlay(
        &mut table,
        &imageops::resize(&other, 900, 568, imageops::FilterType::Triangle),
        300,
        1150,
    );

    let answer = session.process::<Permis>(&png(table), Some(&verso)).await;

    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["permis"]["numero_permis"], truth["permis"]["numero_permis"]);
}

/// A dark table on which the pictures lie below each other.
fn on_a_table(upper: &[u8], lower: &[u8]) -> Vec<u8> {
    let mut table = RgbImage::from_pixel(1500, 2000, image::Rgb([70, 58, 48]));
    for (y, picture) in [(80, upper), (1050, lower)] {
        let flat = imageops::resize(&decoded(picture), 1300, 820, imageops::FilterType::Triangle);
        imageops::overlay(&mut table, &flat, 90, y);
    }
    png(table)
}

#[actix_web::test]
async fn of_two_cards_in_one_picture_the_one_that_is_asked_for_is_read() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let licence = card(Kind::Permis, Level::Clean, 4);
    let identity = card(Kind::Cin2020, Level::Clean, 4);
    let pictures =
        [on_a_table(&licence.recto, &identity.recto), on_a_table(&identity.recto, &licence.recto)];

    for picture in pictures {
        let as_licence = session.process::<Permis>(&picture, Some(&licence.verso)).await;
        let as_identity = session.process::<Cin>(&picture, Some(&identity.verso)).await;

        assert_eq!(as_licence.status, 200, "{}", as_licence.text());
        assert_eq!(as_identity.status, 200, "{}", as_identity.text());
        let numbers = (&as_licence.json()["permis"]["numero_permis"], &as_identity.json()["cin"]);
        let printed = (&licence.truth["permis"]["numero_permis"], &identity.truth["cin"]);
        assert_eq!(numbers, printed);
    }
}

#[actix_web::test]
async fn both_sides_in_one_picture_are_both_read() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, truth } = card(Kind::Cin2020, Level::Clean, 6);
    let picture = on_a_table(&recto, &verso);

    let answer = session.process::<Cin>(&picture, Some(&picture)).await;

    assert_eq!(answer.status, 200, "{}", answer.text());
    let read = answer.json();
    assert_eq!(read["identite"]["nom"]["fr"], truth["identite"]["nom"]["fr"]);
    assert_eq!(read["parents"]["pere"]["fr"], truth["parents"]["pere"]["fr"]);
}

#[actix_web::test]
async fn what_is_no_document_gives_no_record() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for (seed, what) in Distractor::ALL.into_iter().enumerate() {
        let drawn = specimen::draw_distractor(what, Level::Scan, seed as u64).unwrap();
        let picture = drawn.encode().unwrap();
        let answer = match seed % 3 {
            0 => session.process::<Cin>(&picture, Some(&picture)).await,
            1 => session.process::<Permis>(&picture, None).await,
            _ => session.process::<Gris>(&picture, Some(&picture)).await,
        };
        assert_eq!(answer.status, 400, "{what:?}: {}", answer.text());
    }
    for table in ["cin_data", "permi_data", "gris_data"] {
        assert_eq!(app.rows(table), 0, "{table}");
    }
}
