//! The documents, described once for every kind.

use serde_json::{Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};

use super::super::problem::catalogue;
use super::collections::{corrections, standing};
use super::names::of_kind;
use super::operation::{Operation, delete, get, post};
use super::shapes::{
    Shape, any_object, array, bounded, count, file, flag, id, leaf, like, map, moment, nullable,
    nullable_text, number, object, one_of, text,
};
use crate::documents::{DocumentKind, Fields, KindVisitor, Sides, Status, visit_kinds};

/// The operations on documents, and the judging of a picture.
pub(super) fn operations() -> Vec<Operation> {
    let mut documents = Documents(Vec::new());
    visit_kinds(&mut documents);
    documents.0.push(
        post("/quality", "Juge une photo avant l'envoi, sans la lire ni la garder")
            .uploads(
                object([(
                    "image",
                    picture("Une face, 200 Kio suffisent : JPEG, PNG, BMP, TIFF ou WebP.").into(),
                )])
                .title(Some("Picture")),
            )
            .answers(200, verdict(true))
            .sends("Server-Timing")
            .refuses(&[&catalogue::MISSING_MEMBER]),
    );
    documents.0
}

/// The operations of the kinds so far.
struct Documents(Vec<Operation>);

impl KindVisitor for Documents {
    fn visit<K: DocumentKind>(&mut self) {
        let path = |rest: &str| format!("/{}/{rest}", K::SLUG);
        let number = || bounded(1, i32::MAX.into());
        let side = one_of(&["recto", "verso"]);
        self.0.extend([
            process::<K>(),
            get(path("all"), "Les documents de l'organisation, à plat")
                .answers(200, array(row()))
                .tagged(),
            get(path("{id}"), "Un document, avec la lecture de la machine")
                .part("id", number())
                .answers(200, whole())
                .tagged(),
            delete(path("{id}"), "Efface un document, ses états antérieurs et ses images")
                .part("id", number())
                .answers(200, receipt(K::SLUG))
                .writes(),
            get(path("{id}/images/{side}"), "Une image conservée")
                .part("id", number())
                .part("side", side)
                .answers_in(200, "image/jpeg", file()),
        ]);
    }
}

fn process<K: DocumentKind>() -> Operation {
    post(format!("/{}/process", K::SLUG), "Lit un document photographié et l'enregistre")
        .header("Idempotency-Key", "Une clé par envoi : répété, il donne la même réponse", {
            text().pattern(Some("^[!-~]{1,255}$"))
        })
        .uploads(upload::<K>())
        .answers(200, reading::<K>())
        .sends("Server-Timing")
        .refuses(&[
            &catalogue::IDEMPOTENCY_KEY_INVALID,
            &catalogue::IDEMPOTENCY_KEY_REUSED,
            &catalogue::IDEMPOTENCY_UNDER_WAY,
            &catalogue::PART_MISSING,
            &catalogue::IMAGE_BLURRED,
            &catalogue::IMAGE_GLARE,
            &catalogue::IMAGE_TOO_DARK,
            &catalogue::NOT_A_DOCUMENT,
            &catalogue::WRONG_DOCUMENT,
            &catalogue::SAME_SIDE_TWICE,
            &catalogue::SIDE_MISSING,
            &catalogue::NUMBER_UNREADABLE,
            &catalogue::OCR_DEADLINE,
            &catalogue::OCR_FAILED,
        ])
        .writes()
}

fn upload<K: DocumentKind>() -> ObjectBuilder {
    let recto = picture("La face principale : JPEG, PNG, BMP, TIFF ou WebP, 10 Mo au plus.");
    let verso = picture("L'autre face. Les deux faces peuvent être interverties.");
    let body = object([("recto", recto.into()), ("verso?", verso.into())])
        .title(Some(of_kind(K::SLUG, "Pictures")));
    if K::VERSO_REQUIRED { body.required("verso") } else { body }
}

fn picture(about: &str) -> ObjectBuilder {
    file().description(Some(about))
}

/// The answer of `process`: the contract's nested members, and how each leaf was read.
fn reading<K: DocumentKind>() -> Shape {
    let leaves = K::read(&Sides::default());
    let nested = crate::documents::nested(&leaves.leaves());
    let mut answer = object([("id", id().into())]);
    for (name, value) in nested.as_object().into_iter().flatten() {
        answer = answer.property(name, leaf_or_object(value)).required(name);
    }
    for (name, value) in leaves.additional() {
        answer = answer.property(name, addition(&value));
    }
    let side = || {
        object([
            ("kind", one_of(&[K::SLUG]).into()),
            ("side", one_of(&["recto", "verso"]).into()),
            ("generation", nullable_text().into()),
            ("marks", count().into()),
        ])
    };
    let document = object([
        ("kind", one_of(&[K::SLUG]).into()),
        ("generation", nullable_text().into()),
        ("recto", side().into()),
        ("verso", nullable(side(), Type::Object).into()),
    ]);
    let fields = map(field()).description(Some("Par chemin pointé, tel que `identite.nom.fr`"));
    answer
        .property("document", document)
        .property("status", one_of(&Status::ALL.map(Status::as_str)))
        .property("corrections", corrections())
        .property("quality", map(verdict(false)).description(Some("Par partie de l'envoi")))
        .property("checks", array(check()))
        .property("fields", fields)
        .required("document")
        .required("status")
        .required("quality")
        .required("checks")
        .required("fields")
        .title(Some(of_kind(K::SLUG, "Reading")))
        .into()
}

/// What a kind adds to the contract; an empty list may hold anything.
fn addition(value: &Value) -> Shape {
    match value {
        Value::Array(items) if items.is_empty() => array(any_object()).into(),
        other => like(other),
    }
}

/// A row of `all`: its columns are those of the old application's table.
fn row() -> ObjectBuilder {
    let columns = AdditionalProperties::RefOr(Shape::T(leaf().into()));
    object([("id", id().into())]).title(Some("Row")).additional_properties(Some(columns))
}

/// A record whole: the row, how it stands, and what only the single record tells.
pub(super) fn whole() -> ObjectBuilder {
    standing(object([("corrections", corrections().into()), ("reading", reading_kept().into())]))
        .title(Some("Record"))
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
}

fn reading_kept() -> ObjectBuilder {
    nullable(any_object(), Type::Object)
        .description(Some("La réponse de `process` ; nul pour les lignes de l'ancien service"))
}

fn receipt(slug: &str) -> Shape {
    let erased = object([
        ("records", count().into()),
        ("versions", count().into()),
        ("images", count().into()),
    ]);
    object([
        ("kind", one_of(&[slug]).into()),
        ("id", id().into()),
        ("erased_at", moment().into()),
        ("erased", erased.into()),
        ("audit", object([("sequence", id().into()), ("hash", text().into())]).into()),
    ])
    .title(Some(of_kind(slug, "Receipt")))
    .into()
}

/// One leaf with its evidence.
pub(super) fn field() -> Shape {
    let rectangle = object([
        ("x", number().into()),
        ("y", number().into()),
        ("width", number().into()),
        ("height", number().into()),
    ]);
    let part = || nullable(text(), Type::String);
    object([
        ("value", leaf().into()),
        ("raw", nullable_text().into()),
        ("confidence", number().minimum(Some(0.0)).maximum(Some(1.0)).into()),
        ("source", part().description(Some("`recto`, `verso` ou `mrz`")).into()),
        ("image", part().description(Some("`recto` ou `verso`")).into()),
        ("bounding_box", nullable(rectangle, Type::Object).into()),
        ("repairs?", array(like(&json!({ "from": "O", "to": "0" }))).into()),
        ("readings?", array(engine_reading()).into()),
        ("reason?", one_of(&REASONS).into()),
    ])
    .title(Some("Field"))
    .into()
}

/// What one engine read.
fn engine_reading() -> ObjectBuilder {
    object([
        ("engine", one_of(&["recogniser", "tesseract"]).into()),
        ("text", text().into()),
        ("confidence", number().minimum(Some(0.0)).maximum(Some(1.0)).into()),
    ])
}

/// Why a leaf has no value.
const REASONS: [&str; 6] =
    ["not_found", "marked_absent", "malformed", "unreadable", "side_missing", "not_printed"];

/// One cross-check between readings.
fn check() -> Shape {
    object([
        ("check", text().examples(["mrz_birth"]).into()),
        ("outcome", one_of(&["agrees", "disagrees", "not_checked"]).into()),
        ("fields", array(text()).into()),
        ("advisory?", flag().into()),
        ("readings?", array(text()).min_items(Some(2)).max_items(Some(2)).into()),
    ])
    .title(Some("Check"))
    .into()
}

/// What can be wrong with a picture.
const FAULTS: [&str; 9] = [
    "too_small",
    "blurred",
    "glare",
    "dark",
    "cropped",
    "no_outline",
    "no_print",
    "photocopy",
    "screenshot",
];

/// The verdict on a picture, with advice where it is the whole answer.
fn verdict(is_whole: bool) -> Shape {
    let measures = json!({
        "card_width": 1200.5, "blur": 0.12, "glare": 0.05, "brightness": 210.5,
        "colour": 14.5, "alike": 0.25,
    });
    let mut finding = object([("fault", one_of(&FAULTS).into()), ("refused", flag().into())]);
    if is_whole {
        finding = finding.property("advice", text()).required("advice");
    }
    let corner = array(number()).min_items(Some(2)).max_items(Some(2));
    let verdict = object([
        ("outline_found", flag().into()),
        ("corners", array(corner).min_items(Some(4)).max_items(Some(4)).into()),
        ("portrait", nullable_text().description(Some("`left` ou `right`")).into()),
        ("findings", array(finding).into()),
        ("measures", like(&measures)),
    ]);
    if is_whole {
        verdict.property("acceptable", flag()).required("acceptable").title(Some("Verdict")).into()
    } else {
        verdict.title(Some("PartVerdict")).into()
    }
}

fn leaf_or_object(value: &Value) -> Shape {
    match value {
        Value::Object(members) => {
            let object = members.iter().fold(any_object(), |object, (name, value)| {
                object.property(name, leaf_or_object(value)).required(name)
            });
            let in_both_scripts = members.keys().eq(["fr", "ar"]);
            object.title(in_both_scripts.then_some("BothScripts")).into()
        }
        _ => leaf().into(),
    }
}
