//! Lists, search, review and history of records, described once for every kind.

use serde_json::json;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};

use super::super::collection::{LIMIT, LIMIT_MAXIMUM, TEXT_MAXIMUM, WITHIN_MAXIMUM};
use super::super::files::{FORMATS, WORKBOOK};
use super::super::problem::catalogue;
use super::names::of_kind;
use super::operation::{Operation, get, patch, post};
use super::records::{field, whole};
use super::shapes::{
    Shape, any_object, array, bounded, count, file, filled, flag, id, leaf, map, moment, nullable,
    nullable_moment, nullable_text, number, object, one_of, text,
};
use crate::documents::browse::Sort;
use crate::documents::{
    Column, DocumentKind, DocumentRecord, Form, KindVisitor, Status, slugs, visit_kinds,
};

/// The operations on lists of records and on the work with one.
pub(super) fn operations() -> Vec<Operation> {
    let mut kinds = Kinds(Vec::new());
    visit_kinds(&mut kinds);
    kinds.0.extend([
        get("/search", "Cherche par nom, dans l'une ou l'autre écriture, ou par numéro")
            .needs("q", "Des mots d'un nom, ou un numéro", filled(TEXT_MAXIMUM))
            .asks("kind", "D'un seul type", one_of(&slugs()))
            .asks("limit", "Au plus, ramené entre 1 et 200", number())
            .answers(200, found())
            .tagged()
            .refuses(&[&catalogue::INVALID_PARAMETER, &catalogue::BAD_REQUEST]),
        paged(get("/expiring", "Ce qui expire bientôt, le plus proche d'abord"))
            .asks("within", "Nombre de jours, tel que `30d`", days())
            .asks("kind", "D'un seul type", one_of(&slugs()))
            .answers(200, page("Page", entry(None).title(Some("Entry"))))
            .tagged(),
        paged(get("/reviews", "Ce qu'une personne devrait regarder, le plus urgent d'abord"))
            .asks("kind", "D'un seul type", one_of(&slugs()))
            .answers(200, page("ReviewPage", review()))
            .tagged(),
        get("/persons/{cin}", "Les documents d'une même personne, avec ce qui le prouve")
            .part("cin", text().pattern(Some("^[A-Za-z0-9]{1,20}$")))
            .answers(
                200,
                object([("cin", text().into()), ("documents", array(linked()).into())])
                    .title(Some("Person")),
            )
            .refuses(&[&catalogue::PERSON_LINKS_OFF])
            .tagged(),
    ]);
    kinds.0
}

fn days() -> ObjectBuilder {
    text().pattern(Some("^[0-9]{1,4}d?$")).description(Some(format!("{WITHIN_MAXIMUM} au plus")))
}

/// A list in pages.
fn paged(operation: Operation) -> Operation {
    let about = format!("Par page, ramené entre 1 et {LIMIT_MAXIMUM} ; {LIMIT} par défaut");
    operation
        .asks("limit", &about, number())
        .asks("cursor", "Où commence la page, tel que `next` le donne", text())
        .sends("Link")
        .refuses(&[
            &catalogue::INVALID_PARAMETER,
            &catalogue::CURSOR_UNUSABLE,
            &catalogue::BAD_REQUEST,
        ])
}

/// The operations of the kinds so far.
struct Kinds(Vec<Operation>);

impl KindVisitor for Kinds {
    fn visit<K: DocumentKind>(&mut self) {
        let path = |rest: &str| format!("/{}/{{id}}{rest}", K::SLUG);
        let number = || bounded(1, i32::MAX.into());
        let decide = |path: String, summary| {
            post(path, summary)
                .part("id", number())
                .header("If-Match", "L'ETag de l'état que l'on a vu", text())
                .answers(200, whole())
                .sends("ETag")
                .refuses(&[&catalogue::STALE_RECORD])
                .writes()
        };
        let listed = entry(Some(K::Record::COLUMNS)).title(Some(of_kind(K::SLUG, "Entry")));
        let changes = correction(K::Record::COLUMNS).title(Some(of_kind(K::SLUG, "Changes")));
        self.0.extend([
            filtered(sorted(paged(get(format!("/{}", K::SLUG), "Les documents, page par page"))))
                .answers(200, page(&of_kind(K::SLUG, "Page"), listed))
                .tagged(),
            patch(path(""), "Corrige des valeurs (JSON Merge Patch)")
                .part("id", number())
                .header("If-Match", "L'ETag de l'état que l'on a vu", text())
                .takes(changes)
                .answers(200, whole())
                .sends("ETag")
                .refuses(&[
                    &catalogue::NOT_CORRECTABLE,
                    &catalogue::NUMBER_TAKEN,
                    &catalogue::STALE_RECORD,
                ])
                .writes(),
            decide(path("/approve"), "Approuve : le document dit ce que dit la carte"),
            decide(path("/reject"), "Rejette : il ne faut pas s'y fier"),
            filtered(get(format!("/exports/{}", K::SLUG), "Les documents, dans un fichier"))
                .asks("format", "CSV par défaut", one_of(&FORMATS))
                .answers_in(200, "text/csv", text())
                .answers_in(200, "application/x-ndjson", text())
                .answers_in(200, WORKBOOK, file())
                .refuses(&[&catalogue::INVALID_PARAMETER, &catalogue::BAD_REQUEST])
                .writes(),
            get(path("/history"), "Les états antérieurs, le plus ancien d'abord")
                .part("id", number())
                .answers(200, history())
                .tagged(),
        ]);
    }
}

fn sorted(operation: Operation) -> Operation {
    let sorts: Vec<String> = Sort::NAMED
        .iter()
        .flat_map(|sort| [sort.as_str().to_owned(), format!("-{}", sort.as_str())])
        .collect();
    let sorts: Vec<&str> = sorts.iter().map(String::as_str).collect();
    operation.asks("sort", "L'ordre ; `-` pour l'inverse ; `-id` par défaut", one_of(&sorts)).asks(
        "total",
        "Si vrai, compte aussi tous les documents",
        flag(),
    )
}

fn filtered(operation: Operation) -> Operation {
    let day = || text().pattern(Some(r"^\d{4}-\d{2}-\d{2}$"));
    let share = || number().minimum(Some(0.0)).maximum(Some(1.0));
    let words = || filled(TEXT_MAXIMUM);
    let moment = "Un jour de Casablanca ou un instant (RFC 3339)";
    operation
        .asks("number", "Le début du numéro", words())
        .asks("name", "Des mots des noms, ou leur début, dans l'une ou l'autre écriture", words())
        .asks("place", "Des mots du lieu de naissance ou de l'adresse", words())
        .asks("born_from", "Né au plus tôt", day())
        .asks("born_to", "Né au plus tard", day())
        .asks("expires_from", "Expire au plus tôt", day())
        .asks("expires_to", "Expire au plus tard", day())
        .asks("expired", "Expiré, ou non", flag())
        .asks("created_from", moment, text())
        .asks("created_to", moment, text())
        .asks("status", "L'état", one_of(&Status::ALL.map(Status::as_str)))
        .asks("confidence_from", "La confiance au moins", share())
        .asks("confidence_to", "La confiance au plus", share())
        .asks("created_by", "L'utilisateur qui l'a enregistré, ou `me`", {
            text().pattern(Some("^(me|[1-9][0-9]{0,9})$"))
        })
}

/// What is known of a record beside its columns.
pub(super) fn standing(object: ObjectBuilder) -> ObjectBuilder {
    let confidence = || number().minimum(Some(0.0)).maximum(Some(1.0));
    [
        ("id", id().into()),
        ("kind", one_of(&slugs()).into()),
        ("status", Shape::from(one_of(&Status::ALL.map(Status::as_str)))),
        ("confidence", nullable(confidence(), Type::Number).into()),
        ("revision", id().into()),
        ("created_at", nullable_moment().into()),
        ("updated_at", nullable_moment().into()),
        ("created_by", nullable(id(), Type::Integer).into()),
        ("expired", nullable(flag(), Type::Boolean).into()),
    ]
    .into_iter()
    .fold(object, |object, (name, shape)| object.property(name, shape).required(name))
}

/// A record of a list: its columns, where they are those of one kind, and how it stands.
fn entry(columns: Option<&[Column]>) -> ObjectBuilder {
    let row = columns.into_iter().flatten().fold(any_object(), |object, column| {
        object.property(column.name, leaf()).required(column.name)
    });
    let leaf = AdditionalProperties::FreeForm(true);
    standing(row).additional_properties(Some(leaf))
}

fn page(name: &str, item: ObjectBuilder) -> ObjectBuilder {
    let next = nullable_text().description(Some("L'adresse de la page suivante, ou nul"));
    object([("items", array(item).into()), ("next", next.into()), ("total?", count().into())])
        .title(Some(name))
}

fn found() -> ObjectBuilder {
    let item = entry(None)
        .title(Some("Find"))
        .property("match", one_of(&["words", "sounds", "alike"]))
        .property("score", number())
        .required("match")
        .required("score");
    object([("items", array(item).into())]).title(Some("Finds"))
}

fn review() -> ObjectBuilder {
    let doubt = object([
        ("column", text().into()),
        ("path", text().examples([json!("identite.nom.fr")]).into()),
        ("reading", field()),
        ("disputed", flag().into()),
    ])
    .title(Some("Doubt"));
    entry(None)
        .title(Some("Review"))
        .property("need", number())
        .property("doubts", array(doubt))
        .property("corrections", corrections())
        .required("need")
        .required("doubts")
        .required("corrections")
}

/// What people corrected, by column.
pub(super) fn corrections() -> ObjectBuilder {
    let correction = object([
        ("machine", leaf().into()),
        ("value", leaf().into()),
        ("by", nullable(id(), Type::Integer).into()),
        ("at", moment().into()),
        ("disputed", flag().into()),
    ])
    .title(Some("Correction"));
    nullable(map(correction), Type::Object)
}

fn correction(columns: &[Column]) -> ObjectBuilder {
    let shape = |form| match form {
        Form::Text => nullable(filled(250), Type::String),
        Form::Day => nullable(text().pattern(Some(r"^\d{4}-\d{2}-\d{2}$")), Type::String),
        Form::Count => nullable(bounded(0, i32::MAX.into()), Type::Integer),
        Form::OneOf(names) => {
            let names = names.iter().map(|&name| json!(name)).chain([json!(null)]);
            nullable(text(), Type::String).enum_values(Some(names))
        }
        Form::Number(_) => filled(250),
    };
    columns
        .iter()
        .fold(any_object(), |object, column| object.property(column.name, shape(column.form)))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .min_properties(Some(1))
}

fn history() -> ObjectBuilder {
    let version = object([
        ("state", any_object().into()),
        ("replaced_at", moment().into()),
        ("replaced_by", nullable(id(), Type::Integer).into()),
        ("cause", one_of(&["processed", "corrected", "approved", "rejected"]).into()),
    ])
    .title(Some("Version"));
    object([("current", whole().into()), ("versions", array(version).into())])
        .title(Some("History"))
}

fn linked() -> ObjectBuilder {
    let link = object([
        ("by", one_of(&["number", "names_and_birth"]).into()),
        ("field?", text().into()),
        ("fields?", array(text()).into()),
    ])
    .title(Some("Link"))
    .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    entry(None).title(Some("LinkedRecord")).property("link", link).required("link")
}
