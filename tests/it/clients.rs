//! Clients that programs of others generate from the description: they compile, and do a day's
//! work with a running service.

use std::fs;
use std::path::Path;

use crate::support::{
    TestApp, draw, node, node_folder, node_program, python, spawn_app, succeed, write_description,
};

const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/clients");

/// What a client's round trip leaves: the account, and no record.
fn assert_worked(app: &TestApp, told: &str, language: &str) {
    assert!(told.contains(&format!("{language}: {} read card ", app.address)), "{told}");
    assert_eq!((app.rows("users"), app.rows("cin_data")), (1, 0));
    let erased = "SELECT count(*)::text AS text FROM audit_entries WHERE action = 'record.erased'";
    assert_eq!(app.text(erased), "1");
}

#[actix_web::test]
async fn the_typescript_client_compiles_and_does_a_round_trip() {
    let app = spawn_app().await;
    // Among the packages, where the compiler and Node.js look for them.
    let folder = tempfile::tempdir_in(node_folder()).unwrap();
    for entry in fs::read_dir(Path::new(CLIENTS).join("typescript")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let description = folder.path().join("openapi.json");
    write_description(&description);
    draw("cin-2020", 3, folder.path());

    let mut generate = node(folder.path().join("generate.mjs"));
    generate.arg(description).arg(folder.path().join("schema.ts"));
    succeed(generate).await;
    let mut compile = node_program("tsc");
    compile.arg("--project").arg(folder.path());
    succeed(compile).await;
    let mut work = node(folder.path().join("build/round_trip.js"));
    work.arg(&app.address).arg(folder.path());
    let told = succeed(work).await;

    assert_worked(&app, &told, "TypeScript");
}

#[actix_web::test]
async fn the_python_client_is_typed_and_does_a_round_trip() {
    let app = spawn_app().await;
    let folder = tempfile::tempdir().unwrap();
    let description = folder.path().join("openapi.json");
    write_description(&description);
    draw("cin-2020", 4, folder.path());
    let project = folder.path().join("client");
    let script = folder.path().join("round_trip.py");
    fs::copy(Path::new(CLIENTS).join("python/round_trip.py"), &script).unwrap();

    let mut generate = python("openapi-python-client");
    generate
        .args(["generate", "--fail-on-warning", "--config"])
        .arg(Path::new(CLIENTS).join("python/config.yaml"))
        .arg("--path")
        .arg(description)
        .arg("--output-path")
        .arg(&project);
    succeed(generate).await;
    let mut check = python("mypy");
    check
        .args(["--strict", "--cache-dir"])
        .arg(folder.path().join("cache"))
        .arg(&script)
        .env("MYPYPATH", &project)
        .current_dir(folder.path());
    succeed(check).await;
    let mut work = python("python");
    work.arg(&script).arg(&app.address).arg(folder.path()).env("PYTHONPATH", &project);
    let told = succeed(work).await;

    assert_worked(&app, &told, "Python");
}
