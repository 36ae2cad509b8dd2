//! The Postman collection: it is what the description gives, and every request of it passes
//! against a running service, by newman.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{draw, node, node_program, spawn_app_given, succeed, write_description};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/postman");
const FILES: [&str; 2] = ["wathiqa.postman_collection.json", "wathiqa.postman_environment.json"];

#[actix_web::test]
async fn generating_the_collection_anew_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let description = folder.path().join("openapi.json");
    write_description(&description);

    let mut generate = node(Path::new(FOLDER).join("generate.cjs"));
    generate.arg(description).arg(folder.path());
    succeed(generate).await;

    for name in FILES {
        let kept = fs::read_to_string(Path::new(FOLDER).join(name)).unwrap();
        let anew = fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(kept == anew, "{name} is not what scripts/clients postman writes");
    }
}

/// The names of all requests of the collection.
fn requests() -> Vec<String> {
    let text = fs::read_to_string(Path::new(FOLDER).join(FILES[0])).unwrap();
    let collection: Value = serde_json::from_str(&text).unwrap();
    let folders = collection["item"].as_array().unwrap().iter();
    let items = folders.flat_map(|folder| folder["item"].as_array().unwrap());
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn every_request_of_the_collection_passes() {
    // Without these two its requests for a picture and a person are answered 404.
    let app = spawn_app_given(
        &[
            ("MASTER_KEYS", "a-master-key-that-only-the-tests-know-1"),
            ("KEEP_IMAGES", "on"),
            ("PERSON_LINKS", "on"),
        ],
        |_| (),
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    for (name, kind) in [("cin", "cin-2020"), ("permis", "permis"), ("gris", "gris")] {
        draw(kind, 1, &folder.path().join(name));
    }
    let report = folder.path().join("report.json");

    let mut newman = node_program("newman");
    newman
        .arg("run")
        .arg(Path::new(FOLDER).join(FILES[0]))
        .arg("--environment")
        .arg(Path::new(FOLDER).join(FILES[1]))
        .args(["--env-var", &format!("baseUrl={}", app.address)])
        // Tests run side by side.
        .args(["--env-var", "answerWithinMs=20000", "--env-var", "readWithinMs=120000"])
        .arg("--working-dir")
        .arg(folder.path())
        .args(["--color", "off", "--reporters", "cli,json", "--reporter-json-export"])
        .arg(&report);
    succeed(newman).await;

    let report: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    let executions = report["run"]["executions"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let code = |execution: &Value| execution["response"]["code"].as_u64().unwrap();
    let answered: Vec<String> =
        executions.iter().map(|execution| text(&execution["item"]["name"])).collect();
    assert_eq!(answered, requests());
    let codes: BTreeMap<String, u64> = executions
        .iter()
        .map(|execution| (text(&execution["item"]["name"]), code(execution)))
        .collect();
    for request in ["GET /cin/{id}/images/{side}", "GET /persons/{cin}", "GET /search"] {
        assert_eq!(codes[request], 200, "{request}");
    }
    for execution in executions {
        let tests = execution["assertions"].as_array().map_or(0, Vec::len);
        assert!(tests >= 3, "{} has {tests} tests", execution["item"]["name"]);
    }
}
