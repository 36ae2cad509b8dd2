//! `wathiqa send`: folders of photographs from the command line to records.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use specimen::{Kind, Level};

use crate::support::{Session, TestApp, card, spawn_app};

/// Runs the command on a folder, with what comes after it.
async fn send(app: &TestApp, token: &str, folder: &Path, more: &[&str]) -> Output {
    send_to(&app.address, token, folder, more).await
}

async fn send_to(url: &str, token: &str, folder: &Path, more: &[&str]) -> Output {
    let file = folder.join("token.txt");
    fs::write(&file, token).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wathiqa"));
    command
        .args(["send", "cin", "--to", url, "--token-file"])
        .arg(&file)
        .arg(folder)
        .args(more)
        .env_clear();
    actix_web::web::block(move || command.output().unwrap()).await.unwrap()
}

/// The number beside `what` in the summary.
fn count(output: &Output, what: &str) -> usize {
    let text = String::from_utf8_lossy(&output.stdout);
    let row = text.lines().find(|row| row.contains(what)).unwrap_or_else(|| panic!("{output:?}"));
    row.split('|').nth(2).unwrap().trim().parse().unwrap()
}

fn draw(folder: &Path, seed: u64) {
    let card = card(Kind::Cin2020, Level::Clean, seed);
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("recto.png"), card.recto).unwrap();
    fs::write(folder.join("verso.png"), card.verso).unwrap();
}

async fn stored(session: &Session<'_>) -> usize {
    session.get("/cin/all").await.json().as_array().unwrap().len()
}

#[actix_web::test]
async fn a_folder_is_sent_once_and_what_came_later_in_the_next_run() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let folder = tempfile::tempdir().unwrap();
    draw(&folder.path().join("one"), 1);
    draw(&folder.path().join("two"), 2);

    let first = send(&app, &session.token, folder.path(), &[]).await;
    draw(&folder.path().join("three"), 3);
    let second = send(&app, &session.token, folder.path(), &["--at-once", "1"]).await;

    assert!(first.status.success(), "{first:?}");
    let read = |output| count(output, "read completely") + count(output, "to be reviewed");
    assert_eq!((read(&first), count(&first, "sent before")), (2, 0));
    assert!(second.status.success(), "{second:?}");
    assert_eq!((read(&second), count(&second, "sent before")), (1, 2));
    assert_eq!(stored(&session).await, 3);
    assert_eq!(app.rows("document_versions"), 0, "no card was read twice");
    let notes = fs::read_to_string(folder.path().join(".wathiqa-send.jsonl")).unwrap();
    assert_eq!(notes.lines().count(), 3);
    let number = session.get("/cin/all").await.json()[0]["cin"].as_str().unwrap().to_owned();
    assert!(!notes.contains(&number), "the notes hold nothing of a card");
}

#[actix_web::test]
async fn what_cannot_be_stored_is_told_with_what_to_do_and_sent_again_when_asked() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let folder = tempfile::tempdir().unwrap();
    draw(&folder.path().join("good"), 1);
    let licence = card(Kind::Permis, Level::Clean, 1);
    fs::write(folder.path().join("licence-recto.png"), licence.recto).unwrap();
    fs::write(folder.path().join("licence-verso.png"), licence.verso).unwrap();
    fs::write(folder.path().join("half-recto.jpg"), b"no picture").unwrap();

    let first = send(&app, &session.token, folder.path(), &[]).await;
    let second = send(&app, &session.token, folder.path(), &[]).await;
    let again = send(&app, &session.token, folder.path(), &["--again"]).await;

    let told = String::from_utf8_lossy(&first.stdout).into_owned();
    assert_eq!(first.status.code(), Some(1), "{first:?}");
    assert_eq!(count(&first, "not stored"), 2, "{told}");
    assert!(told.contains("wrong-document"), "{told}");
    assert!(told.contains("no verso"), "{told}");
    assert_eq!(count(&second, "sent before"), 2);
    assert_eq!(count(&again, "sent before"), 1);
    assert_eq!(stored(&session).await, 1);
}

#[actix_web::test]
async fn without_a_service_or_a_token_nothing_is_noted_as_sent() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let folder = tempfile::tempdir().unwrap();
    draw(&folder.path().join("one"), 1);

    let stranger = send(&app, "no-token", folder.path(), &[]).await;
    let in_clear = send_to("http://cards.example", &session.token, folder.path(), &[]).await;
    let at_last = send(&app, &session.token, folder.path(), &[]).await;

    let told = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told(&stranger).contains("does not accept the token"), "{stranger:?}");
    assert!(told(&in_clear).contains("https"), "{in_clear:?}");
    assert_eq!([stranger.status.code(), in_clear.status.code()], [Some(1); 2]);
    assert!(at_last.status.success(), "{at_last:?}");
    assert_eq!(stored(&session).await, 1);
}
