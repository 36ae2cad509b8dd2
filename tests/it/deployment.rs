//! What platforms rely on when they start the executable (`deployment.md`, S1 to S7), and
//! the spellings of a database that reach a real server (T1 to T3).

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use wathiqa::config::Config;
use wathiqa::store::{Store, migrations, tls};

use crate::support::Database;

const SECRET: &str = "a-secret-that-only-the-tests-know-0001";

fn serve(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wathiqa"));
    command.arg("serve").current_dir(std::env::temp_dir()).env_clear();
    command.envs(variables.iter().copied());
    command
}

#[test]
fn a_start_without_usable_settings_names_them_all_and_ends_with_1() {
    let output = serve(&[
        ("DATABASE_URL", "postgres://u:hidden@ep-x.eu-central-1.aws.neon.tech/d?ssl=disable"),
        ("JWT_SECRET", "too short"),
        ("PORT", "eighty"),
    ])
    .output()
    .unwrap();

    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    for what in ["DATABASE_URL", "public host of Neon", "JWT_SECRET", "32 characters", "PORT"] {
        assert!(told.contains(what), "{what}: {told}");
    }
    assert!(!told.contains("hidden") && !told.contains("too short"), "{told}");
}

#[test]
fn a_malformed_env_file_is_told_without_its_text() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "DB_PASSWORD=hidden words\n").unwrap();

    let output = serve(&[]).current_dir(folder.path()).output().unwrap();

    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains(".env") && !told.contains("hidden"), "{told}");
}

#[test]
fn a_start_waits_for_a_database_that_is_down_and_not_for_one_that_refuses_it() {
    let database = Database::migrated();
    let url = database.direct_url();
    let started = |url: &str| {
        let output = serve(&[
            ("DATABASE_URL", url),
            ("JWT_SECRET", SECRET),
            ("DB_START_WAIT_SECONDS", "2"),
            ("PORT", "0"),
        ])
        .output()
        .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let (out, told) = (String::from_utf8(output.stdout), String::from_utf8(output.stderr));
        (out.unwrap().matches("waiting for the database").count(), told.unwrap())
    };

    let (waits, told) = started("postgres://nobody:hidden@127.0.0.1:1/none");
    assert!(waits >= 2 && told.contains("Connection refused"), "{waits}: {told}");

    let (before, password) = url.rsplit_once('@').unwrap().0.rsplit_once(':').unwrap();
    let wrong = url.replace(&format!("{before}:{password}"), &format!("{before}:hidden"));
    let (waits, told) = started(&wrong);
    assert!(waits == 0 && told.contains("password authentication failed"), "{waits}: {told}");
    assert!(!told.contains("hidden"), "{told}");

    let (base, query) = url.split_once('?').unwrap();
    let missing = format!("{}/missing?{query}", base.rsplit_once('/').unwrap().0);
    let (waits, told) = started(&missing);
    assert!(waits == 0 && told.contains("does not exist"), "{waits}: {told}");
}

/// A service that is killed when its test ends.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_start_in_production_logs_json_lines_without_secrets() {
    let database = Database::empty();
    let url = database.direct_url();
    let mut service = serve(&[
        ("DATABASE_URL", &url),
        ("JWT_SECRET", SECRET),
        ("ENVIRONMENT", "production"),
        ("HOST", "127.0.0.1"),
        ("PORT", "0"),
        ("OCR_WORKERS", "1"),
    ]);
    let mut service = Started(service.stdout(Stdio::piped()).spawn().unwrap());
    let lines = BufReader::new(service.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut seen = Vec::new();
    for line in lines {
        let entry: Value = serde_json::from_str(&line).expect("a JSON line");
        seen.push(entry["message"].as_str().unwrap().to_owned());
        assert!(!line.contains(SECRET) && !line.contains(&url), "{line}");
        if line.contains("Connected to database") {
            assert!(entry["version"].as_str().unwrap().starts_with(char::is_numeric), "{line}");
            assert_eq!(entry["tls"], "TLSv1.3");
        }
        if line.contains("listening") {
            break;
        }
    }

    let count = |text: &str| seen.iter().filter(|line| line.contains(text)).count();
    assert_eq!(count("Connected to database"), 1, "{seen:?}");
    assert_eq!(count("REDIS_URL"), 1, "{seen:?}");
    assert_eq!(count("applied a migration"), migrations::all().unwrap().len(), "{seen:?}");
    assert_eq!(count("SELECT") + count("CREATE"), 0, "{seen:?}");
}

#[tokio::test]
async fn every_spelling_of_a_database_reaches_it_over_tls_with_both_drivers() {
    let database = Database::migrated();
    let url = database.direct_url();
    let (base, query) = url.split_once('?').unwrap();
    let root = query.rsplit_once("sslrootcert=").unwrap().1;
    let rest = base.strip_prefix("postgres://").unwrap();
    let (account, place) = rest.split_once('@').unwrap();
    let (user, password) = account.split_once(':').unwrap();
    let (port, name) = place.strip_prefix("127.0.0.1:").unwrap().split_once('/').unwrap();
    // Every letter of the password percent-encoded.
    let encoded: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();

    let urls = [
        format!("postgresql+asyncpg://{rest}?ssl=require"),
        format!("postgresql+psycopg2://{rest}?sslmode=require"),
        format!("postgres://{rest}?ssl=true&channel_binding=require"),
        format!("postgres://{user}:{encoded}@{place}?sslmode=verify-full&sslrootcert={root}"),
        format!("postgres://{rest}?sslmode=verify-ca&sslrootcert={root}"),
        format!("postgres://{rest}?schema=public&connection_limit=5&sslaccept=strict"),
        format!("postgres:///{name}?host=127.0.0.1&port={port}&user={user}&password={password}"),
    ];
    let mut all: Vec<Vec<(&str, &str)>> =
        urls.iter().map(|url| vec![("DATABASE_URL", url.as_str())]).collect();
    all.push(vec![
        ("DB_USER", user),
        ("DB_PASSWORD", password),
        ("DB_HOST", "127.0.0.1"),
        ("DB_PORT", port),
        ("DB_NAME", name),
    ]);
    all.push(vec![
        ("PGUSER", user),
        ("PGPASSWORD", password),
        ("PGHOST", "localhost"),
        ("PGHOSTADDR", "127.0.0.1"),
        ("PGPORT", port),
        ("PGDATABASE", name),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", root),
    ]);
    for variables in all {
        let names: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
        let lookup = |wanted: &str| {
            let extra = [("JWT_SECRET", SECRET), ("DB_POOL_MIN", "0")];
            let mut pairs = variables.iter().chain(&extra);
            pairs.find(|(known, _)| *known == wanted).map(|(_, value)| (*value).to_owned())
        };
        let config = Config::from_lookup(&lookup).unwrap().database;

        let info = tls::probe(&config.postgres.parameters).await.unwrap();
        assert_eq!(info.tls_protocol.as_deref(), Some("TLSv1.3"), "{names:?}");
        let store = Store::open(&config);
        store.ready().await.unwrap();
        store.close(Duration::from_secs(1)).await;
    }
}
