//! Examples of what is sent and answered: put together from the schemas and from a value
//! for each member, so that no operation is without one. All of it is made up.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::super::language::Language;
use super::super::problem::{ALL, Problem, body};

/// The content type of refusals.
const PROBLEM: &str = "application/problem+json";
/// References that are followed into each other.
const DEPTH: usize = 12;

/// A value for a member, by the end of its path: `nom.fr` before `fr`.
static VALUES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// Adds an example to every body in JSON.
pub(super) fn add(document: &mut Value, language: Language) {
    let schemas = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut);
    for operation in operations.flat_map(Map::values_mut) {
        add_to(operation.pointer_mut("/requestBody/content"), &schemas, language);
        let Some(answers) = operation["responses"].as_object_mut() else { continue };
        for answer in answers.values_mut() {
            add_to(answer.get_mut("content"), &schemas, language);
        }
    }
}

fn add_to(content: Option<&mut Value>, schemas: &Value, language: Language) {
    for (content_type, media) in content.and_then(Value::as_object_mut).into_iter().flatten() {
        if content_type == PROBLEM {
            media["examples"] = refusals(&media["schema"], language);
        } else if content_type == "application/json" {
            media["example"] = Draw { schemas }.value(&media["schema"], "", 0);
        }
    }
}

/// An example for each code that a refusal may have.
fn refusals(schema: &Value, language: Language) -> Value {
    let codes = schema["allOf"].as_array().into_iter().flatten();
    let codes = codes.filter_map(|part| part["properties"]["code"]["enum"].as_array()).flatten();
    let problems = codes.filter_map(|code| ALL.iter().find(|problem| *code == problem.code));
    let example = |problem: &'static Problem| {
        let members = members(problem, language);
        let request_id = "0198d3a2-5f6e-7a10-8c4d-3b2a19f0e6d5";
        let summary = problem.title.in_language(language);
        let value =
            json!({ "summary": summary, "value": body(problem, &members, language, request_id) });
        (problem.code.to_owned(), value)
    };
    Value::Object(problems.map(example).collect())
}

/// A value for whatever the text of a problem leaves open.
fn members(problem: &Problem, language: Language) -> Vec<(&'static str, Value)> {
    let name = match language {
        Language::English => "a driving licence",
        _ => "un permis de conduire",
    };
    let all = [
        ("member", json!("email")),
        ("parameter", json!("limit")),
        ("columns", json!("nom_fr, prenom_fr")),
        ("after", json!(30)),
        ("minimum", json!(12)),
        ("maximum", json!(128)),
        ("part", json!("recto")),
        ("found_name", json!(name)),
    ];
    let is_open = |name: &str| problem.detail.fr.contains(&format!("{{{name}}}"));
    all.into_iter().filter(|(name, _)| is_open(name)).collect()
}

/// Draws examples from schemas.
struct Draw<'a> {
    schemas: &'a Value,
}

impl Draw<'_> {
    /// An example of a schema that stands at `path`.
    fn value(&self, schema: &Value, path: &str, depth: usize) -> Value {
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
            return if depth < DEPTH {
                self.value(&self.schemas[name], path, depth + 1)
            } else {
                Value::Null
            };
        }
        if let Some(known) = known(path).filter(|known| fits(schema, known)) {
            return known.clone();
        }
        let given = [&schema["examples"], &schema["enum"]].map(|list| list.get(0));
        if let Some(given) = given.into_iter().flatten().next() {
            return given.clone();
        }
        for several in ["oneOf", "anyOf"] {
            if let Some(first) = schema[several].get(0) {
                return self.value(first, path, depth);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let parts = parts.iter().map(|part| self.value(part, path, depth));
            let members = parts.filter_map(|part| part.as_object().cloned()).flatten();
            return Value::Object(members.collect());
        }
        match type_of(schema) {
            Some("object") => self.object(schema, path, depth),
            Some("array") => {
                let item = self.value(&schema["items"], path, depth);
                let wanted = schema["minItems"].as_u64().unwrap_or(1).max(1);
                Value::Array((0..wanted).map(|_| item.clone()).collect())
            }
            Some("integer") => schema["minimum"].as_i64().unwrap_or_default().max(1).into(),
            Some("number") => json!(0.5),
            Some("boolean") => true.into(),
            Some("string") => match schema["format"].as_str() {
                Some("date-time") => "2026-03-14T09:26:53Z".into(),
                Some("date") => "2026-03-14".into(),
                Some("uuid") => "0198d3a2-5f6e-7a10-8c4d-3b2a19f0e6d5".into(),
                _ => "exemple".into(),
            },
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, path: &str, depth: usize) -> Value {
        let members = schema["properties"].as_object().into_iter().flatten();
        let mut object: Map<String, Value> = members
            .map(|(name, member)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                (name.clone(), self.value(member, &path, depth))
            })
            .collect();
        if object.is_empty() && schema["additionalProperties"].is_object() {
            let name = if schema["propertyNames"].is_null() { "2026-03" } else { "nom_fr" };
            let member = self.value(&schema["additionalProperties"], path, depth);
            object.insert(name.to_owned(), member);
        }
        Value::Object(object)
    }
}

/// The value for the longest end of a path that has one.
fn known(path: &str) -> Option<&'static Value> {
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(value) = VALUES.get(rest) {
            return Some(value);
        }
        rest = rest.split_once('.').map_or("", |(_, rest)| rest);
    }
    None
}

/// Whether a value is of the schema's type, and one of its values where it lists them.
fn fits(schema: &Value, value: &Value) -> bool {
    let names: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return false,
    };
    let of_type = match value {
        Value::Null => names.contains(&"null"),
        Value::Bool(_) => names.contains(&"boolean"),
        Value::Number(number) => {
            names.contains(&"number") || (number.is_u64() && names.contains(&"integer"))
        }
        Value::String(_) => names.contains(&"string"),
        Value::Array(_) => names.contains(&"array"),
        Value::Object(_) => names.contains(&"object"),
    };
    of_type && schema["enum"].as_array().is_none_or(|values| values.contains(value))
}

/// The type of a schema, null apart.
fn type_of(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(name) => Some(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        _ => None,
    }
}
