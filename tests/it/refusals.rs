//! Refusals that the tests of an area do not come by, each reached as a client would, and
//! the proof that no code of the catalogue is left out.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use actix_web::rt::task::spawn_blocking;
use image::Rgb;
use reqwest::Method;
use serde_json::json;
use specimen::{Kind, Level, PlacedText, Specimen};
use wathiqa::api::problem_catalogue;
use wathiqa::documents::cin::Cin;

use crate::support::{Answer, Card, TestApp, card, database_config, spawn_app, spawn_app_with};

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    let told = (answer.status, &answer.json()["code"]);
    assert_eq!(told, (status, &json!(code)), "{}", answer.text());
}

#[actix_web::test]
async fn who_asks_wrongly_is_told_what_is_wrong() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    let agent = admin.colleague("omar@example.ma", "agent").await;
    let body = json!({ "email": "nobody", "password": "correct horse battery" });

    assert_refused(&app.post("/auth/register", &body).await, 400, "invalid-email");
    assert_refused(&app.get("/me").await, 401, "unauthenticated");
    assert_refused(&agent.get("/organisation/members").await, 403, "forbidden");
    let twice = admin.get("/organisation/audit?limit=1&limit=2").await;
    assert_refused(&twice, 400, "bad-request");
    let token = json!({ "id_token": "of-a-provider" });
    assert_refused(&app.post("/auth/oidc", &token).await, 404, "external-sign-in-off");
}

#[actix_web::test]
async fn who_tries_passwords_waits_longer_and_longer() {
    let app = spawn_app().await;
    let body = json!({ "email": "salma@example.ma", "password": "guessed" });

    let mut answers = Vec::new();
    for _ in 0..7 {
        answers.push(app.post("/auth/login", &body).await);
    }

    let last = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_refused(last, 429, "too-many-attempts");
    assert_eq!(last.header("retry-after"), last.json()["after"].to_string());
}

#[actix_web::test]
async fn who_spent_the_quota_is_told_how_much_it_was_and_when_it_is_renewed() {
    let app = spawn_app_with(|config| config.limits.requests_per_minute = 2).await;

    let first = app.get("/.well-known/jwks.json").await;
    app.get("/.well-known/jwks.json").await;
    let third = app.get("/.well-known/jwks.json").await;

    assert_eq!(first.header("ratelimit-policy"), r#""requests";q=2;w=60"#);
    assert!(first.header("ratelimit").starts_with(r#""requests";r=1;t="#));
    assert_refused(&third, 429, "too-many-requests");
    let after: u64 = third.header("retry-after").parse().unwrap();
    assert!((1..=120).contains(&after));
    assert_eq!(app.get("/health").await.status, 200, "a balancer is never limited");
}

#[actix_web::test]
async fn who_has_a_document_under_way_waits_for_it_before_the_next() {
    let app = spawn_app_with(|config| config.limits.process_at_once = 1).await;
    let session = app.register_and_login("salma@example.ma").await;
    // Its body never comes.
    let head = format!(
        "POST /cin/process HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n",
        session.token
    );
    let mut under_way = connect(&app);
    under_way.write_all(head.as_bytes()).unwrap();
    actix_web::rt::time::sleep(Duration::from_secs(1)).await;

    let answer = session.process::<Cin>(b"x", Some(b"x")).await;

    assert_refused(&answer, 429, "too-many-at-once");
}

#[actix_web::test]
async fn a_body_that_breaks_off_is_told_from_one_that_is_wrong() {
    let app = spawn_app().await;
    let mut stream = connect(&app);
    let sent = "POST /auth/login HTTP/1.1\r\nHost: localhost\r\n\
                Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nno chunk\r\n";
    stream.write_all(sent.as_bytes()).unwrap();

    let read = spawn_blocking(move || {
        let mut answer = String::new();
        // The service may cut the connection once it has answered.
        let _end = stream.read_to_string(&mut answer);
        answer
    });

    let answer = read.await.unwrap();
    assert!(answer.contains(r#""code":"upload-interrupted""#), "{answer}");
}

#[actix_web::test]
async fn a_database_that_takes_no_writes_is_told_from_one_that_is_away() {
    let app = spawn_app_with(|config| config.database.pool_max = 1).await;
    let admin = app.register_and_login("salma@example.ma").await;
    app.execute(
        "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) ||
         ' SET default_transaction_read_only = on'; END $$",
    );
    // Around a pooler, which keeps connections from before.
    let direct = database_config(&app.database_url());
    let replica = app.replica_with(|config| config.database = direct).await;

    let session = replica.session(&admin.token);
    let answer = session.patch("/organisation", &json!({ "name": "Autre" })).await;

    assert_refused(&answer, 503, "read-only");
    assert_eq!(session.get("/organisation").await.status, 200, "reading works");
}

#[actix_web::test]
async fn a_reflection_over_the_card_is_refused_before_it_is_read() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let mut drawn = specimen::draw(Kind::Cin2020, Level::Photo, 1).unwrap();
    let picture = &mut drawn.recto.image;
    let (x, y) = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
    for (column, row, pixel) in picture.enumerate_pixels_mut() {
        let away = (column as f32 - x).hypot(row as f32 - y) / 230.0;
        let light = 420.0 * (-away * away).exp();
        pixel.0 = pixel.0.map(|part| (f32::from(part) + light).min(255.0) as u8);
    }

    let (recto, verso) = encoded(&drawn);
    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    assert_refused(&answer, 400, "image-glare");
}

#[actix_web::test]
async fn a_card_whose_number_is_covered_is_refused() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let mut drawn = specimen::draw(Kind::Cin2008, Level::Clean, 1).unwrap();
    let number = drawn.truth["cin"].as_str().unwrap().to_owned();
    for side in [&mut drawn.recto, &mut drawn.verso] {
        // Nor may a house number be taken for it.
        let is_number = |text: &&PlacedText| {
            text.path.as_deref().is_some_and(|path| path == "cin" || path.starts_with("adresse"))
                || text.text.replace(' ', "").contains(&number)
        };
        let numbers = side.texts.iter().filter(is_number);
        for [left, top, right, bottom] in numbers.map(PlacedText::bounds).collect::<Vec<_>>() {
            for (x, y, pixel) in side.image.enumerate_pixels_mut() {
                let (x, y) = (x as f32, y as f32);
                if (left - 4.0..right + 4.0).contains(&x) && (top - 4.0..bottom + 4.0).contains(&y)
                {
                    *pixel = Rgb([225, 225, 220]);
                }
            }
        }
    }

    let (recto, verso) = encoded(&drawn);
    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    assert_refused(&answer, 400, "number-unreadable");
    assert_eq!(app.rows("cin_data"), 0);
}

#[actix_web::test]
async fn a_picture_that_kills_its_worker_costs_its_request_alone() {
    let folder = tempfile::tempdir().unwrap();
    // It greets as a worker does, and dies of the first picture.
    let program = folder.path().join("worker");
    let greeting = r#"{"version":"0.0","languages":[]}"#;
    let script = format!(
        "#!/bin/sh\nprintf '\\{:03o}\\000\\000\\000%s' '{greeting}' >&0\n\
         head -c 4 >/dev/null; exit 3\n",
        greeting.len()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let app = spawn_app_with(|config| {
        config.ocr.program = program.clone();
        config.ocr.workers = 1;
    })
    .await;
    let session = app.register_and_login("salma@example.ma").await;
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let answer = session.process::<Cin>(&recto, Some(&verso)).await;

    assert_refused(&answer, 400, "ocr-failed");
    assert_eq!(Answer::of(app.request(Method::GET, "/health")).await.status, 200);
}

#[actix_web::test]
async fn who_sends_a_head_bit_by_bit_is_cut_off() {
    let app = spawn_app().await;
    let mut stream = connect(&app);
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: here\r\n").unwrap();
    let mut drip = stream.try_clone().unwrap();
    let dripping = std::thread::spawn(move || {
        while drip.write_all(b"x-more: 1\r\n").is_ok() {
            std::thread::sleep(Duration::from_millis(500));
        }
    });

    let told = spawn_blocking(move || {
        let mut told = Vec::new();
        // The connection may be reset: more was sent than anybody read.
        let _end = stream.read_to_end(&mut told);
        String::from_utf8(told).unwrap()
    });
    let told = told.await.unwrap();

    assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    dripping.join().unwrap();
}

fn connect(app: &TestApp) -> TcpStream {
    let stream = TcpStream::connect(app.address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn encoded(drawn: &Specimen) -> (Vec<u8>, Vec<u8>) {
    (drawn.recto.encode().unwrap(), drawn.verso.encode().unwrap())
}

#[test]
fn every_code_of_the_catalogue_is_reached_by_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let tests: String = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        // That one only holds the codes against the description.
        .filter(|path| path.extension().is_some_and(|name| name == "rs"))
        .filter(|path| !path.ends_with("openapi.rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();

    let unreached: Vec<&str> = problem_catalogue()
        .iter()
        .map(|problem| problem.code)
        .filter(|code| !tests.contains(&format!("\"{code}\"")))
        .collect();

    assert_eq!(unreached, Vec::<&str>::new());
}
