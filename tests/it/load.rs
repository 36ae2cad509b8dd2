//! The load of the clients of the application before, briefly: by Locust and by goose, with the
//! settings that `docs/OPERATIONS.md` names for such clients. Nothing may fail.

use std::fs;
use std::time::Duration;

use crate::support::{TestApp, draw, python, spawn_app_given, succeed};

/// For clients that register with six letters and log in tens of times a minute.
const SETTINGS: [(&str, &str); 6] = [
    ("PASSWORD_MIN_LENGTH", "6"),
    ("REGISTRATION", "open"),
    ("REGISTRATIONS_PER_HOUR", "0"),
    ("PROCESS_PER_MINUTE", "0"),
    ("PROCESS_AT_ONCE", "0"),
    ("REQUESTS_PER_MINUTE", "0"),
];

/// All that the scenario does was done, and left its traces.
fn assert_loaded(app: &TestApp, report: &str) {
    assert_eq!(app.rows("users"), 4);
    let cards: i64 =
        ["cin_data", "permi_data", "gris_data"].map(|table| app.rows(table)).iter().sum();
    assert!(cards > 0, "no card was read");
    for path in
        ["/auth/register", "/auth/login", "/auth/logout", "/all", "/charts/", "/me", "/process"]
    {
        assert!(report.contains(path), "the report does not tell of {path}");
    }
}

#[test]
fn the_settings_are_those_of_the_documentation() {
    let operations = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OPERATIONS.md");
    let text = fs::read_to_string(operations).unwrap();
    let (_, section) = text.split_once("## Clients of the application before").unwrap();
    for (name, value) in SETTINGS {
        let line = section.lines().find(|line| line.starts_with(&format!("{name}="))).unwrap();
        let told = line.split_once('=').unwrap().1.split_whitespace().next().unwrap();
        assert_eq!(told, value, "{name}");
    }
}

#[actix_web::test]
async fn locust_finds_no_failure() {
    let app = spawn_app_given(&SETTINGS, |_| ()).await;
    let folder = tempfile::tempdir().unwrap();
    let specimens = folder.path().join("specimens");
    for kind in ["cin-2020", "permis", "gris"] {
        draw(kind, 5, &specimens.join(kind));
    }
    let report = folder.path().join("report.html");

    let mut locust = python("locust");
    locust
        .args(["-f", concat!(env!("CARGO_MANIFEST_DIR"), "/load/locustfile.py")])
        .args(["--headless", "--only-summary", "--users", "4", "--spawn-rate", "4"])
        .args(["--run-time", "12s", "--stop-timeout", "60", "--host", &app.address])
        .arg("--specimens")
        .arg(specimens)
        .arg("--html")
        .arg(&report);
    succeed(locust).await;

    assert_loaded(&app, &fs::read_to_string(report).unwrap());
}

#[actix_web::test]
async fn goose_finds_no_failure() {
    let app = spawn_app_given(&SETTINGS, |_| ()).await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.html");

    let (address, file) = (app.address.clone(), report.clone());
    let attack = move || load::briefly(&address, 4, Duration::from_secs(12), &file);
    let tally = actix_web::rt::task::spawn_blocking(attack).await.unwrap().unwrap();

    assert_eq!(tally.failures, 0);
    // Four users, each with every task once and a log-in more.
    assert!(tally.successes >= 32, "{} requests", tally.successes);
    assert_loaded(&app, &fs::read_to_string(report).unwrap());
}
