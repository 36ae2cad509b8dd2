//! The commands that the documents show, run as they stand.
//!
//! Each block of shell is one script, run in an empty folder with two pictures of a card,
//! against a service and a database of its own. What would take an hour or another
//! machine (`cargo`, `scripts/…`, `docker`, `kubectl`) is not carried out: that what it names is
//! there is checked instead, and each of those is run by CI elsewhere.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;

use crate::support::{PASSWORD, Session, TestApp, card, spawn_app};

/// A block of shell in a document.
struct Block {
    document: String,
    script: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents: those at the top and those below `docs`.
fn documents() -> Vec<PathBuf> {
    let in_folder = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect()
    };
    let mut documents = in_folder(root());
    documents.extend(in_folder(&root().join("docs")));
    documents.sort();
    documents
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once("```sh\n") {
            let (script, after) = after.split_once("```").unwrap();
            let document = path.file_name().unwrap().to_str().unwrap().to_owned();
            blocks.push(Block { document, script: script.to_owned() });
            rest = after;
        }
    }
    blocks
}

fn write_program(path: &Path, text: &str) {
    fs::write(path, format!("#!/usr/bin/env bash\nset -eu\n{text}")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Stands in for a program: are the files of the project there that it is given?
const NAMED_FILES_ARE_THERE: &str = r#"for argument in "$@"; do
  case $argument in
    -*|*://*|target/*) ;;
    */*|*.yaml|*.yml|*.json|*.service) [ -e "$ROOT/$argument" ] || { echo "$argument is not there"; exit 1; } ;;
  esac
done
"#;

/// The folder that a block is run in, with stand-ins for what is not carried out.
fn prepare(folder: &Path) {
    let drawn = card(Kind::Cin2020, Level::Clean, 1);
    // What `wathiqa specimen` makes are PNG files, and others have photographs.
    for (place, ending) in [("", "jpg"), ("cards/0001", "jpg"), ("cards/cin", "png")] {
        let place = folder.join(place);
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join(format!("recto.{ending}")), &drawn.recto).unwrap();
        fs::write(place.join(format!("verso.{ending}")), &drawn.verso).unwrap();
    }
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    // A service that is asked whether it lives, and ended.
    write_program(
        &bin.join("wathiqa"),
        r#"[ "$1" = serve ] || exec "$WATHIQA" "$@"
"$WATHIQA" serve >serve.log 2>&1 & process=$!
for _ in $(seq 300); do
  /usr/bin/curl -fs "http://127.0.0.1:$PORT/health" >/dev/null && { kill $process; wait $process; exit; }
  sleep 0.1
done
cat serve.log; kill $process; exit 1
"#,
    );
    write_program(
        &bin.join("curl"),
        r#"exec /usr/bin/curl --fail-with-body "${@//http:\/\/127.0.0.1:8000/$SERVICE}""#,
    );
    write_program(
        &bin.join("cargo"),
        r#"[ "$1" != run ] || { shift 2; exec true; }
while [ $# -gt 0 ]; do
  case $1 in
    --) break ;;
    --bench) [ -e "$ROOT/benches/$2.rs" ] || [ -e "$ROOT/benches/$2/main.rs" ] ;;
    --test) [ -e "$ROOT/tests/$2.rs" ] || [ -e "$ROOT/tests/$2/main.rs" ] ;;
  esac
  shift
done
"#,
    );
    for program in ["docker", "kubectl", "systemctl", "promtool", "pip"] {
        write_program(&bin.join(program), NAMED_FILES_ARE_THERE);
    }
    let scripts = folder.join("scripts");
    fs::create_dir_all(&scripts).unwrap();
    for entry in fs::read_dir(root().join("scripts")).unwrap() {
        let path = entry.unwrap().path();
        let check = format!("exec bash -n '{}'", path.display());
        write_program(&scripts.join(path.file_name().unwrap()), &check);
    }
    // tests/it/postman.rs runs the true one.
    write_program(&scripts.join("node"), "pwd");
    let newman = folder.join("node_modules/.bin/newman");
    fs::create_dir_all(newman.parent().unwrap()).unwrap();
    write_program(&newman, NAMED_FILES_ARE_THERE);
}

async fn run(block: &Block, app: &TestApp, admin: &Session<'_>) -> Output {
    let body = json!({ "name": "documents", "scopes": ["read", "process"] });
    let made = admin.post("/organisation/keys", &body).await.json();
    let key = made["key"].as_str().unwrap();
    let drawn = card(Kind::Cin2020, Level::Clean, 2);
    let id = admin.process::<Cin>(&drawn.recto, Some(&drawn.verso)).await.json()["id"].clone();
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    fs::write(folder.path().join("key.txt"), key).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new("bash");
    command
        .args(["-eu", "-o", "pipefail", "-c", &block.script])
        .current_dir(folder.path())
        .env_clear()
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", folder.path().join("bin").display()),
        )
        .env("HOME", folder.path())
        .env("ROOT", root())
        .env("WATHIQA", env!("CARGO_BIN_EXE_wathiqa"))
        .env("URL", &app.address)
        .env("SERVICE", &app.address)
        .env("HOST", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("DATABASE_URL", app.database_url())
        .env("JWT_SECRET", "a-secret-that-only-the-tests-know-0001")
        .env("EMAIL", "salma@example.ma")
        .env("PASSWORD", PASSWORD)
        .env("TOKEN", &admin.token)
        .env("ID", id.to_string())
        .env("KEY", key);
    actix_web::web::block(move || command.output().unwrap()).await.unwrap()
}

#[actix_web::test]
async fn every_command_that_a_document_shows_does_what_it_should() {
    let blocks = blocks();
    assert!(blocks.len() >= 8, "blocks of shell are not found any more");
    for block in &blocks {
        // A new one for each: what a block makes is not there for the next.
        let app = spawn_app().await;
        let admin = app.register_and_login("salma@example.ma").await;
        app.register("someone@example.org").await;

        let output = run(block, &app, &admin).await;

        let told = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
        assert!(output.status.success(), "{}:\n{}\n{told}", block.document, block.script);
    }
}
