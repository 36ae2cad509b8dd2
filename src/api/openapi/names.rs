//! Names for schemas: an object with a title becomes a component of that name, so that
//! programs generated from the description have types that are called by it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, Schema, SchemaType, Type};

use super::shapes::{Shape, named};

/// The name of what each kind has its own of, such as `CinPage`.
pub(super) fn of_kind(slug: &str, name: &str) -> String {
    let (first, rest) = slug.split_at(1);
    format!("{}{rest}{name}", first.to_ascii_uppercase())
}

/// The components so far.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, Shape>);

impl Names {
    /// Replaces what has a title, at any depth, by a reference to the component. A title that
    /// already names another shape is left where it stands; a test finds it.
    pub(super) fn settle(&mut self, shape: &mut Shape) {
        let RefOr::T(schema) = shape else { return };
        match schema {
            Schema::Object(object) => {
                object.properties.values_mut().for_each(|member| self.settle(member));
                if let Some(AdditionalProperties::RefOr(member)) =
                    object.additional_properties.as_deref_mut()
                {
                    self.settle(member);
                }
            }
            Schema::Array(array) => {
                if let ArrayItems::RefOrSchema(items) = &mut array.items {
                    self.settle(items);
                }
            }
            Schema::OneOf(one) => one.items.iter_mut().for_each(|item| self.settle(item)),
            Schema::AllOf(all) => all.items.iter_mut().for_each(|item| self.settle(item)),
            Schema::AnyOf(any) => any.items.iter_mut().for_each(|item| self.settle(item)),
            _ => {}
        }
        if let Schema::Object(object) = schema
            && let Some(name) = self.keep(object)
        {
            *shape = named(&name);
        }
    }

    /// Keeps an object under its title, and returns that.
    fn keep(&mut self, object: &Object) -> Option<String> {
        let name = object.title.clone()?;
        if object.schema_type != SchemaType::Type(Type::Object) {
            return None;
        }
        let mut object = object.clone();
        object.title = None;
        let shape = RefOr::T(Schema::Object(object));
        match self.0.entry(name.clone()) {
            Entry::Vacant(place) => {
                place.insert(shape);
            }
            Entry::Occupied(known) if *known.get() != shape => return None,
            Entry::Occupied(_) => {}
        }
        Some(name)
    }

    /// The components by name.
    pub(super) fn into_schemas(self) -> BTreeMap<String, Shape> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::shapes::{array, id, object, text};
    use super::*;

    #[test]
    fn one_name_stands_for_one_shape() {
        let mut names = Names::default();
        let card = || object([("number", text().into())]).title(Some("Card"));
        let mut cards: Shape = object([("cards", array(card()).into())]).into();
        let mut again: Shape = card().into();
        let mut other: Shape = object([("number", id().into())]).title(Some("Card")).into();

        for shape in [&mut cards, &mut again, &mut other] {
            names.settle(shape);
        }

        let card = json!({ "$ref": "#/components/schemas/Card" });
        let written = |shape: &Shape| serde_json::to_value(shape).unwrap();
        assert_eq!(written(&cards)["properties"]["cards"]["items"], card);
        assert_eq!(written(&again), card);
        assert_eq!(written(&other)["title"], "Card", "another shape took the name");
        assert_eq!(names.into_schemas().len(), 1);
    }
}
