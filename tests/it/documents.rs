//! Cards from pictures to rows, over HTTP, with real OCR and a TLS-only Postgres.

use image::ImageFormat;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use specimen::{Kind, Level};
use wathiqa::documents::DocumentKind;
use wathiqa::documents::cin::Cin;
use wathiqa::documents::gris::Gris;
use wathiqa::documents::permis::Permis;

use crate::support::{Answer, Card, Session, card, spawn_app};

/// Columns of the flat row, and where the nested answer holds the same value.
const CIN_COLUMNS: [(&str, &str); 17] = [
    ("cin", "/cin"),
    ("nom_fr", "/identite/nom/fr"),
    ("nom_ar", "/identite/nom/ar"),
    ("prenom_fr", "/identite/prenom/fr"),
    ("prenom_ar", "/identite/prenom/ar"),
    ("date_naissance", "/naissance/date"),
    ("lieu_fr", "/naissance/lieu/fr"),
    ("lieu_ar", "/naissance/lieu/ar"),
    ("adresse_fr", "/adresse/fr"),
    ("adresse_ar", "/adresse/ar"),
    ("sexe", "/sexe"),
    ("validite", "/validite"),
    ("pere_fr", "/parents/pere/fr"),
    ("pere_ar", "/parents/pere/ar"),
    ("mere_fr", "/parents/mere/fr"),
    ("mere_ar", "/parents/mere/ar"),
    ("numero_etat_civil", "/etat_civil/numero_etat_civil"),
];

const PERMIS_COLUMNS: [(&str, &str); 11] = [
    ("numero_permis", "/permis/numero_permis"),
    ("nom_fr", "/identite/nom/fr"),
    ("nom_ar", "/identite/nom/ar"),
    ("prenom_fr", "/identite/prenom/fr"),
    ("prenom_ar", "/identite/prenom/ar"),
    ("date_naissance", "/naissance/date"),
    ("lieu_fr", "/naissance/lieu/fr"),
    ("lieu_ar", "/naissance/lieu/ar"),
    ("date_delivrance", "/permis/date_delivrance"),
    ("date_expiration", "/permis/date_expiration"),
    ("categorie", "/permis/categorie"),
];

const GRIS_COLUMNS: [(&str, &str); 22] = [
    ("numero_matricule_marocain", "/numero_matricule_marocain/numero"),
    ("immatriculation_anterieure", "/immatriculation_anterieure/numero"),
    ("date_premiere_immatriculation", "/mise_en_circulation/date"),
    ("date_derniere_immatriculation", "/mise_en_circulation_au_maroc/date"),
    ("date_mutation", "/mutation/date"),
    ("marque", "/marque"),
    ("type", "/Type"),
    ("genre", "/Genre"),
    ("type_carburant", "/type_carburant"),
    ("numero_chassis", "/numero_chassis"),
    ("nombre_cylindres", "/nombre_cylindres"),
    ("puissance_fiscale", "/puissance_fiscale"),
    ("restriction", "/restriction"),
    ("usage_type", "/usage/type"),
    ("usage_description", "/usage/description"),
    ("nom_fr", "/identite/nom/fr"),
    ("nom_ar", "/identite/nom/ar"),
    ("prenom_fr", "/identite/prenom/fr"),
    ("prenom_ar", "/identite/prenom/ar"),
    ("adresse_fr", "/adresse/fr"),
    ("adresse_ar", "/adresse/ar"),
    ("date_validite", "/valiadtion"),
];

/// The row's spelling of a value: dates as `YYYY-MM-DD`, whole ones alone.
fn as_column(name: &str, value: &Value) -> Value {
    let is_date = name.starts_with("date_") || name == "validite";
    match value.as_str() {
        Some(text) if is_date => match text.split('.').collect::<Vec<_>>()[..] {
            [day, month, year] => json!(format!("{year}-{month}-{day}")),
            _ => Value::Null,
        },
        _ => value.clone(),
    }
}

/// Asserts that the only row equals the answer, column by column.
async fn assert_row_equals(
    session: &Session<'_>,
    slug: &str,
    columns: &[(&str, &str)],
    answer: &Value,
) {
    let rows = session.get(&format!("/{slug}/all")).await;
    assert_eq!(rows.status, 200);
    let rows = rows.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 1);
    let row = rows[0].as_object().unwrap();
    assert_eq!(row["id"], answer["id"]);
    for (column, pointer) in columns {
        let value = answer.pointer(pointer).expect(pointer);
        assert_eq!(row.get(*column), Some(&as_column(column, value)), "{column}");
    }
}

/// Asserts what is true of every answer of `process`.
fn assert_is_reading<K: DocumentKind>(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = answer.text();
    assert!(!text.contains("\\u06"), "Arabic is sent as itself");
    let is_bidi = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(is_bidi), "no bidirectional controls");
    let body = answer.json();
    assert!(body["id"].as_i64().is_some_and(|id| id > 0));
    assert_eq!(body["document"]["kind"], K::SLUG);
    assert!(matches!(body["status"].as_str(), Some("complete" | "needs_review")));
    for (path, field) in body["fields"].as_object().unwrap() {
        let confidence = field["confidence"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&confidence), "{path}");
        if field["value"].is_null() {
            assert!(field["reason"].is_string(), "{path} is null without a reason");
        } else {
            assert!(field["raw"].is_string(), "{path}");
            assert!(matches!(field["source"].as_str(), Some("recto" | "verso" | "mrz")), "{path}");
            assert!(matches!(field["image"].as_str(), Some("recto" | "verso")), "{path}");
            assert!(field["bounding_box"]["width"].as_f64().unwrap() > 0.0, "{path}");
        }
        let pointer = format!("/{}", path.replace('.', "/"));
        assert_eq!(body.pointer(&pointer), Some(&field["value"]), "{path}");
    }
    body
}

#[actix_web::test]
async fn an_identity_card_of_2020_is_read_recorded_and_listed() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, truth } = card(Kind::Cin2020, Level::Clean, 1);

    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    let body = assert_is_reading::<Cin>(&answer);
    assert_eq!(body["cin"], truth["cin"]);
    assert_eq!(body["naissance"]["date"], truth["naissance"]["date"]);
    assert_eq!(body["document"]["generation"], "2020");
    assert_eq!(body["document"]["recto"]["side"], "recto");
    assert_eq!(body["document"]["verso"]["side"], "verso");
    assert_row_equals(&session, "cin", &CIN_COLUMNS, &body).await;
}

#[actix_web::test]
async fn an_identity_card_of_2008_is_read_recorded_and_listed() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, truth } = card(Kind::Cin2008, Level::Clean, 1);

    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    let body = assert_is_reading::<Cin>(&answer);
    assert_eq!(body["cin"], truth["cin"]);
    assert_eq!(body["document"]["generation"], "2008");
    assert_row_equals(&session, "cin", &CIN_COLUMNS, &body).await;
}

#[actix_web::test]
async fn a_driving_licence_is_read_recorded_and_listed() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, truth } = card(Kind::Permis, Level::Clean, 1);

    let answer = session.process::<Permis>(&recto, Some(&verso)).await;

    let body = assert_is_reading::<Permis>(&answer);
    assert_eq!(body["permis"]["numero_permis"], truth["permis"]["numero_permis"]);
    assert!(body["categories"].is_array());
    assert_row_equals(&session, "permis", &PERMIS_COLUMNS, &body).await;
}

#[actix_web::test]
async fn a_driving_licence_is_read_without_its_back() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, truth, .. } = card(Kind::Permis, Level::Clean, 1);

    let alone = session.process::<Permis>(&recto, None).await;
    // As a browser sends a form whose second file was not chosen.
    let form = Form::new()
        .part("recto", Part::bytes(recto).file_name("recto.png"))
        .part("verso", Part::bytes(Vec::new()).file_name(""));
    let blank = session.post_form("/permis/process", form).await;

    for answer in [&alone, &blank] {
        let body = assert_is_reading::<Permis>(answer);
        assert_eq!(body["permis"]["numero_permis"], truth["permis"]["numero_permis"]);
        assert_eq!(body["document"]["verso"], json!(null));
    }
}

#[actix_web::test]
async fn a_vehicle_registration_is_read_recorded_and_listed() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, truth } = card(Kind::Gris, Level::Clean, 1);

    let answer = session.process::<Gris>(&recto, Some(&verso)).await;

    let body = assert_is_reading::<Gris>(&answer);
    assert_eq!(body["numero_matricule_marocain"], truth["numero_matricule_marocain"]);
    assert_row_equals(&session, "gris", &GRIS_COLUMNS, &body).await;
}

#[actix_web::test]
async fn swapped_sides_give_the_same_record() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let cin = card(Kind::Cin2020, Level::Clean, 1);
    let gris = card(Kind::Gris, Level::Clean, 1);

    let swapped_cin = session.process::<Cin>(&cin.verso, Some(&cin.recto)).await;
    let swapped_gris = session.process::<Gris>(&gris.verso, Some(&gris.recto)).await;

    let body = assert_is_reading::<Cin>(&swapped_cin);
    assert_eq!(body["cin"], cin.truth["cin"]);
    assert_eq!(body["document"]["recto"]["side"], "verso");
    assert_eq!(body["document"]["verso"]["side"], "recto");
    assert_eq!(body["fields"]["identite.nom.fr"]["image"], "verso");
    let body = assert_is_reading::<Gris>(&swapped_gris);
    assert_eq!(body["numero_matricule_marocain"], gris.truth["numero_matricule_marocain"]);
}

#[actix_web::test]
async fn pictures_of_every_format_give_the_same_record() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let card = card(Kind::Permis, Level::Clean, 1);
    let recto = image::load_from_memory(&card.recto).unwrap().to_rgb8();
    let first = session.process::<Permis>(&card.recto, None).await.json();

    for format in [ImageFormat::Jpeg, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        recto.write_to(&mut bytes, format).unwrap();
        let answer = session.process::<Permis>(bytes.get_ref(), None).await;

        assert_eq!(answer.status, 200, "{format:?}: {}", answer.text());
        assert_eq!(answer.json()["id"], first["id"], "{format:?}");
        assert_eq!(answer.json()["permis"]["numero_permis"], first["permis"]["numero_permis"]);
    }
}

#[actix_web::test]
async fn a_known_number_updates_its_record_and_keeps_the_earlier_state() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let clean = card(Kind::Cin2020, Level::Clean, 1);
    let scanned = card(Kind::Cin2020, Level::Scan, 1);

    let first = session.process::<Cin>(&clean.recto, Some(&clean.verso)).await;
    let second = session.process::<Cin>(&scanned.recto, Some(&scanned.verso)).await;

    assert_eq!((first.status, second.status), (200, 200), "{}", second.text());
    assert_eq!(first.json()["cin"], second.json()["cin"]);
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(app.rows("document_versions"), 1);
    assert_row_equals(&session, "cin", &CIN_COLUMNS, &second.json()).await;
}

#[actix_web::test]
async fn the_same_new_number_twice_at_once_makes_one_record() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let (first, second) = futures_util::future::join(
        session.process::<Cin>(&recto, Some(&verso)),
        session.process::<Cin>(&recto, Some(&verso)),
    )
    .await;

    assert_eq!((first.status, second.status), (200, 200), "{} {}", first.text(), second.text());
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(app.rows("cin_data"), 1);
}

#[actix_web::test]
async fn organisations_hold_the_same_card_without_seeing_each_other() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let nadia = app.register_and_login("nadia@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let first = salma.process::<Cin>(&recto, Some(&verso)).await;
    assert_eq!(nadia.get("/cin/all").await.json(), json!([]));
    let second = nadia.process::<Cin>(&recto, Some(&verso)).await;

    assert_eq!((first.status, second.status), (200, 200), "{}", second.text());
    assert_ne!(first.json()["id"], second.json()["id"]);
    assert_eq!(app.rows("document_versions"), 0);
    for (session, answer) in [(&salma, &first), (&nadia, &second)] {
        assert_row_equals(session, "cin", &CIN_COLUMNS, &answer.json()).await;
    }
}

#[actix_web::test]
async fn what_was_answered_is_kept_with_its_evidence() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let mut answer = session.process::<Cin>(&recto, Some(&verso)).await.json();

    let kept: Value =
        serde_json::from_str(&app.text("SELECT reading::text AS text FROM cin_data")).unwrap();
    answer.as_object_mut().unwrap().remove("id");
    assert_eq!(kept, answer);
}

#[actix_web::test]
async fn the_lists_of_a_new_organisation_are_empty_arrays() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for path in ["/cin/all", "/permis/all", "/gris/all"] {
        let answer = session.get(path).await;

        assert_eq!((answer.status, answer.text().as_str()), (200, "[]"), "{path}");
    }
}

#[actix_web::test]
async fn a_file_name_that_climbs_directories_is_not_looked_at() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);
    let part = |bytes| Part::bytes(bytes).file_name("../../etc/passwd").mime_str("text/plain");

    let form = Form::new().part("recto", part(recto).unwrap()).part("verso", part(verso).unwrap());
    let answer = session.post_form("/cin/process", form).await;

    assert_is_reading::<Cin>(&answer);
}
