//! Schemas in few words: what the descriptions of all areas are made of.

use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Ref, RefOr, Schema, SchemaFormat};

/// A schema, or the name of one.
pub(super) type Shape = RefOr<Schema>;

/// A text.
pub(super) fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// A text or null.
pub(super) fn nullable_text() -> ObjectBuilder {
    nullable(text(), Type::String)
}

/// A text that must not be empty, of so many characters at most.
pub(super) fn filled(maximum: usize) -> ObjectBuilder {
    text().min_length(Some(1)).max_length(Some(maximum))
}

/// One of these texts.
pub(super) fn one_of(texts: &[&str]) -> ObjectBuilder {
    text().enum_values(Some(texts.iter().copied()))
}

/// A moment (RFC 3339).
pub(super) fn moment() -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

/// A moment or null.
pub(super) fn nullable_moment() -> ObjectBuilder {
    nullable(moment(), Type::String)
}

/// A whole number, not negative.
pub(super) fn count() -> ObjectBuilder {
    bounded(0, i64::MAX)
}

/// A whole number within bounds.
pub(super) fn bounded(minimum: i64, maximum: i64) -> ObjectBuilder {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(minimum as isize));
    if maximum == i64::MAX { number } else { number.maximum(Some(maximum as isize)) }
}

/// The id of something that is kept.
pub(super) fn id() -> ObjectBuilder {
    bounded(1, i64::MAX)
}

/// A number with a fraction.
pub(super) fn number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Number)
}

/// True or false.
pub(super) fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

/// `shape`, which is of `kind`, or null.
pub(super) fn nullable(shape: ObjectBuilder, kind: Type) -> ObjectBuilder {
    shape.schema_type(SchemaType::from_iter([kind, Type::Null]))
}

/// Any object.
pub(super) fn any_object() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Object)
}

/// An object with the members of `members`; one whose name ends with `?` may be absent.
pub(super) fn object<const N: usize>(members: [(&str, Shape); N]) -> ObjectBuilder {
    members.into_iter().fold(any_object(), |object, (name, shape)| match name.strip_suffix('?') {
        Some(name) => object.property(name, shape),
        None => object.property(name, shape).required(name),
    })
}

/// An object whose members, whatever their names, look like `member`.
pub(super) fn map(member: impl Into<Shape>) -> ObjectBuilder {
    any_object().additional_properties(Some(member.into()))
}

/// An array.
pub(super) fn array(items: impl Into<Shape>) -> ArrayBuilder {
    ArrayBuilder::new().items(items.into())
}

/// A schema of the components.
pub(super) fn named(name: &str) -> Shape {
    Ref::from_schema_name(name).into()
}

/// The bytes of a file.
pub(super) fn file() -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
}

/// A text, in some cases an integer, and null when it was not read.
pub(super) fn leaf() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Integer, Type::Null]))
        .build()
}

/// The schema of values that look like `example`; a null stands for a text that may be
/// null.
pub(super) fn like(example: &Value) -> Shape {
    match example {
        Value::Null => nullable_text().into(),
        Value::Bool(_) => flag().into(),
        Value::Number(value) => {
            let shape = if value.is_f64() { number() } else { count() };
            shape.examples([example.clone()]).into()
        }
        Value::String(_) => text().examples([example.clone()]).into(),
        Value::Array(items) => array(like(items.first().unwrap_or(&Value::Null))).into(),
        Value::Object(members) => members
            .iter()
            .fold(any_object(), |object, (name, value)| {
                object.property(name, like(value)).required(name)
            })
            .into(),
    }
}
