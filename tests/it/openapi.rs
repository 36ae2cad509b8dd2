//! The description against the table of routes: neither tells of what the other does not.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wathiqa::api::{Access, openapi_document, operations};

/// The description as clients get it.
fn description() -> Value {
    openapi_document(false)
}

/// Every operation of the description: method, path, what is said of it.
fn described() -> Vec<(String, String, Value)> {
    let document = description();
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().iter();
        let of_method = |(method, operation): (&String, &Value)| {
            (method.to_ascii_uppercase(), path.clone(), operation.clone())
        };
        methods.map(of_method).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// The files of the page are no part of the interface.
const ASSETS: &str = "/docs/{asset:.*}";

#[test]
fn every_operation_is_described_and_nothing_else() {
    let served: BTreeSet<_> = operations()
        .into_iter()
        .filter(|operation| operation.path != ASSETS)
        .map(|operation| (operation.method, operation.path))
        .collect();

    let described: BTreeSet<_> =
        described().into_iter().map(|(method, path, _)| (method, path)).collect();

    assert_eq!(described, served);
}

#[test]
fn what_an_operation_asks_of_its_caller_is_what_the_table_asks() {
    for (method, path, operation) in described() {
        let table = operations();
        let row = table.iter().find(|row| (&row.method, &row.path) == (&method, &path)).unwrap();
        let expected = match (row.access.is_public(), path.as_str()) {
            (false, _) => json!([{ "bearer": [] }]),
            (true, "/auth/logout" | "/auth/oidc" | "/auth/auth0-exchange") => {
                json!([{}, { "bearer": [] }])
            }
            (true, _) => Value::Null,
        };
        assert_eq!(operation["security"], expected, "{method} {path}");
        let has = |status: &str| operation["responses"][status].is_object();
        if !row.access.is_public() {
            assert!(has("401") && has("403") && has("503"), "{method} {path}");
        }
        assert_eq!(has("429"), row.access != Access::Probe, "{method} {path}");
        assert!(!has("500"), "{method} {path}");
    }
}

#[test]
fn every_operation_says_what_it_takes_and_answers() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in described() {
        let what = format!("{method} {path}");
        assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{what}");
        assert!(ids.insert(operation["operationId"].to_string()), "{what}");
        let named: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let described: BTreeSet<&str> = parameters
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(described, named, "{what}");
        let responses = operation["responses"].as_object().unwrap();
        let is_success = |status: &String| status.starts_with('2');
        assert_eq!(responses.keys().filter(|status| is_success(status)).count(), 1, "{what}");
        for (status, answer) in responses {
            let headers = &answer["headers"];
            assert!(headers["X-Request-Id"].is_object(), "{what} {status}");
            let asks_to_wait = ["429", "503"].contains(&status.as_str());
            assert_eq!(headers["Retry-After"].is_object(), asks_to_wait, "{what} {status}");
            assert_eq!(headers["WWW-Authenticate"].is_object(), status == "401", "{what}");
            let is_empty = ["204", "304"].contains(&status.as_str());
            assert_eq!(answer["content"].is_null(), is_empty, "{what} {status}");
        }
    }
}

#[test]
fn every_refusal_names_its_codes() {
    let document = description();
    let all = &document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let all: BTreeSet<&str> =
        all.as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let mut told = BTreeSet::new();
    for (method, path, operation) in described() {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let schema = &answer["content"]["application/problem+json"]["schema"]["allOf"][1];
            let Some(codes) = schema["properties"]["code"]["enum"].as_array() else { continue };
            assert!(!codes.is_empty(), "{method} {path} {status}");
            told.extend(codes.iter().map(|code| code.as_str().unwrap().to_owned()));
        }
    }

    // These say that no operation was reached, or that the service is at fault.
    let beyond = ["internal", "method-not-allowed"];
    let told: BTreeSet<&str> = told.iter().map(String::as_str).chain(beyond).collect();
    assert_eq!(told, all);
}

/// Every object in the description, at any depth.
fn objects<'a>(value: &'a Value, found: &mut Vec<&'a serde_json::Map<String, Value>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, found)),
        Value::Object(members) => {
            found.push(members);
            members.values().for_each(|member| objects(member, found));
        }
        _ => {}
    }
}

#[test]
fn every_name_of_a_schema_stands_for_one_shape() {
    let document = description();
    let mut all = Vec::new();
    objects(&document["paths"], &mut all);
    objects(&document["components"], &mut all);
    let mut references = 0;
    for object in all {
        // A title left in place is a name that another shape has.
        let is_schema = object.contains_key("properties");
        assert!(!is_schema || !object.contains_key("title"), "{:?}", object.get("title"));
        if let Some(Value::String(reference)) = object.get("$ref") {
            let place = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{reference}");
            references += 1;
        }
    }
    assert!(references > 500, "{references} references");

    let answer = |path: &str, method: &str, status: &str| {
        let answer = &document["paths"][path][method]["responses"][status];
        answer["content"]["application/json"]["schema"]["$ref"].as_str().unwrap_or("").to_owned()
    };
    assert_eq!(answer("/cin/process", "post", "200"), "#/components/schemas/CinReading");
    assert_eq!(answer("/permis", "get", "200"), "#/components/schemas/PermisPage");
    assert_eq!(answer("/me", "get", "200"), "#/components/schemas/Me");
}
