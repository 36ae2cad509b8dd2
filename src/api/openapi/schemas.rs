//! Schemas: those of documents from what their kind reads, the others from an
//! example of what they describe.

use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, SchemaType, Type,
};
use utoipa::openapi::{KnownFormat, RefOr, Schema, SchemaFormat};

use crate::documents::{DocumentKind, Fields, Sides};

/// The schema of values that look like `example`; a null stands for a text
/// that may be null.
pub(super) fn like(example: &Value) -> RefOr<Schema> {
    match example {
        Value::Null => nullable(Type::String).into(),
        Value::Bool(_) => ObjectBuilder::new().schema_type(Type::Boolean).into(),
        Value::Number(number) => {
            let kind = if number.is_f64() { Type::Number } else { Type::Integer };
            ObjectBuilder::new().schema_type(kind).examples([example.clone()]).into()
        }
        Value::String(_) => {
            ObjectBuilder::new().schema_type(Type::String).examples([example.clone()]).into()
        }
        Value::Array(items) => {
            ArrayBuilder::new().items(like(items.first().unwrap_or(&Value::Null))).into()
        }
        Value::Object(members) => members
            .iter()
            .fold(ObjectBuilder::new(), |object, (name, value)| {
                object.property(name, like(value)).required(name)
            })
            .into(),
    }
}

/// The members of the multipart body of `process`.
pub(super) fn upload<K: DocumentKind>() -> RefOr<Schema> {
    let body = ObjectBuilder::new()
        .property(
            "recto",
            file("La face principale : JPEG, PNG, BMP, TIFF ou WebP, 10 Mo au plus."),
        )
        .property("verso", file("L'autre face. Les deux faces peuvent être interverties."))
        .required("recto");
    if K::VERSO_REQUIRED { body.required("verso").into() } else { body.into() }
}

/// The member of the multipart body of `quality`.
pub(super) fn picture() -> RefOr<Schema> {
    let file = file("Une face, 200 Kio suffisent : JPEG, PNG, BMP, TIFF ou WebP.");
    ObjectBuilder::new().property("image", file).required("image").into()
}

fn file(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .description(Some(description))
}

/// The answer of `process`: the contract's nested members, and how each leaf was read.
pub(super) fn reading<K: DocumentKind>() -> RefOr<Schema> {
    let leaves = K::read(&Sides::default());
    let nested = crate::documents::nested(&leaves.leaves());
    let side = json!({ "kind": K::SLUG, "side": "recto", "generation": null, "marks": 3 });
    let document = json!({
        "kind": K::SLUG, "generation": null, "recto": side.clone(), "verso": side,
    });
    let mut answer = ObjectBuilder::new().property("id", like(&json!(1))).required("id");
    for (name, value) in nested.as_object().into_iter().flatten() {
        answer = answer.property(name, leaf_or_object(value)).required(name);
    }
    for (name, value) in leaves.additional() {
        answer = answer.property(name, like(&value));
    }
    answer
        .property("document", like(&document))
        .property("status", like(&json!("complete")))
        .property("checks", ArrayBuilder::new().items(check()))
        .property(
            "fields",
            ObjectBuilder::new()
                .description(Some("Par chemin pointé, tel que `identite.nom.fr`"))
                .additional_properties(Some(AdditionalProperties::RefOr(field()))),
        )
        .required("document")
        .required("status")
        .required("checks")
        .required("fields")
        .into()
}

/// A row of `all`: its columns are those of the old application's table.
pub(super) fn row() -> RefOr<Schema> {
    ObjectBuilder::new()
        .property("id", like(&json!(1)))
        .required("id")
        .additional_properties(Some(AdditionalProperties::RefOr(
            ObjectBuilder::new().schema_type(leaf_types()).into(),
        )))
        .into()
}

/// One leaf with its evidence.
fn field() -> RefOr<Schema> {
    let rectangle = json!({ "x": 1.5, "y": 1.5, "width": 1.5, "height": 1.5 });
    ObjectBuilder::new()
        .property("value", ObjectBuilder::new().schema_type(leaf_types()))
        .property("raw", nullable(Type::String))
        .property("confidence", like(&json!(0.97)))
        .property("source", nullable(Type::String))
        .property("image", nullable(Type::String))
        .property("bounding_box", like(&rectangle))
        .property("repairs", like(&json!([{ "from": "O", "to": "0" }])))
        .property("reason", nullable(Type::String))
        .required("value")
        .required("confidence")
        .into()
}

/// One cross-check between readings.
fn check() -> RefOr<Schema> {
    ObjectBuilder::new()
        .property("check", like(&json!("mrz_birth")))
        .property("outcome", like(&json!("agrees")))
        .property("fields", like(&json!(["naissance.date"])))
        .property("advisory", like(&json!(true)))
        .property("readings", like(&json!(["02.01.1990", "01.01.1990"])))
        .required("check")
        .required("outcome")
        .required("fields")
        .into()
}

fn leaf_or_object(value: &Value) -> RefOr<Schema> {
    match value {
        Value::Object(members) => members
            .iter()
            .fold(ObjectBuilder::new(), |object, (name, value)| {
                object.property(name, leaf_or_object(value)).required(name)
            })
            .into(),
        _ => ObjectBuilder::new().schema_type(leaf_types()).into(),
    }
}

/// A leaf is a text, in some cases an integer, and null when it was not read.
fn leaf_types() -> SchemaType {
    SchemaType::from_iter([Type::String, Type::Integer, Type::Null])
}

fn nullable(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([kind, Type::Null]))
}
