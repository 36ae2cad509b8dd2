//! The commands with which an operator looks at a deployment: `doctor` and `migrate`.

use std::path::Path;
use std::process::{Command, Output};

use diesel::connection::SimpleConnection;
use serde_json::Value;
use wathiqa::store::{migrate, migrations};

use crate::support::{Database, Redis};

const SECRET: &str = "a-secret-that-only-the-tests-know-0001";

fn wathiqa(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wathiqa"))
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// The checks of `doctor --json`, each as name and status, and the whole text.
fn doctor(variables: &[(&str, &str)]) -> (Option<i32>, Vec<(String, String)>, String) {
    let output = wathiqa(&["doctor", "--json"], variables);
    let text = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["ok"], output.status.success());
    let word = |check: &Value, member: &str| check[member].as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap().iter();
    let checks = checks.map(|check| (word(check, "name"), word(check, "status"))).collect();
    (output.status.code(), checks, text)
}

fn status<'a>(checks: &'a [(String, String)], name: &str) -> &'a str {
    checks.iter().find(|(known, _)| known == name).map_or("none", |(_, status)| status)
}

#[test]
fn the_doctor_finds_a_sound_deployment_sound() {
    let database = Database::migrated();
    let url = database.direct_url();

    let (code, checks, text) = doctor(&[("DATABASE_URL", &url), ("JWT_SECRET", SECRET)]);

    assert_eq!(code, Some(0), "{text}");
    for name in [
        "settings",
        "secret",
        "registration",
        "database settings",
        "provider",
        "pooler",
        "tls",
        "certificate",
        "trust",
        "plaintext",
        "log-in",
        "server",
        "connections",
        "messages",
        "clock",
        "migrations",
        "ocr",
        "optional services",
    ] {
        assert_eq!(status(&checks, name), "ok", "{name}: {text}");
    }
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ocr/recogniser/model/lines.onnx");
    let expected = if model.exists() { "ok" } else { "warn" };
    assert_eq!(status(&checks, "line recogniser"), expected, "{text}");
    // The servers of tests have a role without limits.
    assert_eq!(status(&checks, "statement timeout"), "warn");
    assert_eq!(status(&checks, "keys at rest"), "warn");
    for told in ["TLSv1.3", "CN=localhost", "CN=private-postgres authority", "verify-full"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let password = url.split(['/', ':', '@']).nth(4).unwrap();
    assert!(password.len() > 20 && !text.contains(password) && !text.contains(SECRET));
}

#[test]
fn the_doctor_advises_a_deployment_on_who_may_register_and_on_its_keys() {
    let database = Database::migrated();
    let url = database.direct_url();
    let production =
        [("DATABASE_URL", &*url), ("JWT_SECRET", SECRET), ("ENVIRONMENT", "production")];
    let keys = ("MASTER_KEYS", "a-master-key-that-only-the-tests-know");

    let (_, checks, text) = doctor(&production);
    assert_eq!(status(&checks, "registration"), "warn", "{text}");

    let careful = [&production[..], &[("REGISTRATION", "invite"), keys]].concat();
    let (code, checks, text) = doctor(&careful);
    assert_eq!((code, status(&checks, "registration")), (Some(0), "ok"), "{text}");
    assert_eq!(status(&checks, "keys at rest"), "ok");
    assert!(!text.contains(keys.1));
}

#[test]
fn the_doctor_names_what_is_wrong_and_ends_with_1() {
    let database = Database::empty();
    let url = database.direct_url();
    let weak = url.split_once('?').unwrap().0.to_owned();

    let (code, checks, text) = doctor(&[("DATABASE_URL", &url)]);
    assert_eq!((code, status(&checks, "settings")), (Some(1), "fail"), "{text}");
    assert!(text.contains("JWT_SECRET is missing"), "{text}");
    assert_eq!(status(&checks, "migrations"), "warn");

    let (code, checks, text) = doctor(&[("DATABASE_URL", &weak), ("JWT_SECRET", SECRET)]);
    assert_eq!((code, status(&checks, "trust")), (Some(0), "warn"), "{text}");

    let elsewhere = url.split_once('?').unwrap().0.to_owned() + "?sslmode=verify-full";
    let (code, checks, text) = doctor(&[("DATABASE_URL", &elsewhere), ("JWT_SECRET", SECRET)]);
    assert_eq!((code, status(&checks, "trust")), (Some(1), "fail"), "{text}");

    let nobody = "postgres://nobody:hidden@127.0.0.1:1/none";
    let (code, checks, text) = doctor(&[("DATABASE_URL", nobody), ("JWT_SECRET", SECRET)]);
    assert_eq!((code, status(&checks, "tls")), (Some(1), "fail"), "{text}");
    assert_eq!(status(&checks, "log-in"), "fail");
    assert!(!text.contains("hidden"));
}

#[test]
fn the_given_authority_alone_is_trusted_and_verify_ca_asks_for_no_name() {
    let database = Database::migrated();
    let stranger = private_postgres::Cluster::temporary().unwrap();
    let (base, query) = database.direct_url().split_once('?').map(own).unwrap();
    let root = query.rsplit_once("sslrootcert=").unwrap().1.to_owned();
    let foreign = stranger.root_certificate().display().to_string();
    let elsewhere = base.replace("@127.0.0.1:", "@db.example.org:");

    // The machine's own authorities would vouch for the server.
    let machine = ("SSL_CERT_FILE", &*root);
    let url = format!("{base}?sslmode=verify-ca&sslrootcert={foreign}");
    let (code, checks, text) = doctor(&[("DATABASE_URL", &url), ("JWT_SECRET", SECRET), machine]);
    assert_eq!((code, status(&checks, "trust")), (Some(1), "fail"), "{text}");
    assert_eq!(status(&checks, "log-in"), "fail", "{text}");

    let named =
        |mode: &str| format!("{elsewhere}?sslmode={mode}&sslrootcert={root}&hostaddr=127.0.0.1");
    let (code, checks, text) =
        doctor(&[("DATABASE_URL", &named("verify-ca")), ("JWT_SECRET", SECRET)]);
    assert_eq!((code, status(&checks, "trust")), (Some(0), "ok"), "{text}");
    let (code, checks, text) =
        doctor(&[("DATABASE_URL", &named("verify-full")), ("JWT_SECRET", SECRET)]);
    assert_eq!((code, status(&checks, "trust")), (Some(1), "fail"), "{text}");
}

fn own((left, right): (&str, &str)) -> (String, String) {
    (left.to_owned(), right.to_owned())
}

#[test]
fn the_doctor_speaks_lines_too() {
    let database = Database::migrated();

    let variables = [("DATABASE_URL", &*database.direct_url()), ("JWT_SECRET", SECRET)];
    let output = wathiqa(&["doctor"], &variables);

    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().all(|line| ["ok  ", "warn", "FAIL"].contains(&&line[..4])), "{text}");
    assert!(text.contains("ok    plaintext          refused by the server"), "{text}");
}

#[test]
fn what_is_pending_is_listed_rehearsed_and_applied() {
    let database = Database::empty();
    let url = database.url();
    let direct = database.direct_url();
    let variables = [("DATABASE_URL", &*url), ("DATABASE_DIRECT_URL", &*direct)];
    let all = migrations::all().unwrap();
    let run = |arguments: &[&str]| {
        let output = wathiqa(arguments, &variables);
        let lines = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), lines)
    };

    let (code, told) = run(&["migrate", "--check"]);
    assert_eq!((code, told.lines().count()), (Some(1), all.len()), "{told}");
    let (code, told) = run(&["migrate", "--dry-run", "--json"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        serde_json::from_str::<Value>(&told).unwrap()["would_apply"],
        Value::from(all.clone())
    );
    let (code, told) = run(&["migrate", "--check", "--json"]);
    assert_eq!(code, Some(1));
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["pending"], Value::from(all.clone()));
    let (code, told) = run(&["migrate", "--json"]);
    assert_eq!(code, Some(0));
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["applied"], Value::from(all));
    assert_eq!(run(&["migrate", "--check"]), (Some(0), "nothing is pending\n".to_owned()));
}

#[test]
fn a_rehearsal_tells_what_would_fail_and_changes_nothing() {
    let database = Database::empty();
    let connection = &mut database.connect();
    connection.batch_execute("CREATE TABLE permi_data (id serial, fruit text)").unwrap();

    let direct = database.direct_url();
    let output = wathiqa(&["migrate", "--dry-run"], &[("DATABASE_URL", &direct)]);

    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("permi_data exists that lacks the columns"), "{told}");
    connection.batch_execute("DROP TABLE permi_data").unwrap();
    assert_eq!(migrate(&database.config()).unwrap(), migrations::all().unwrap());
}

#[test]
fn the_doctor_looks_at_a_redis_and_never_fails_for_it() {
    let database = Database::migrated();
    let redis = Redis::start(&["--requirepass", "hidden"]);
    let url = database.direct_url();
    let doctor_with = |redis: &str| {
        doctor(&[("DATABASE_URL", &url), ("JWT_SECRET", SECRET), ("REDIS_URL", redis)])
    };

    let (code, checks, text) = doctor_with(&redis.url_with("default:hidden@"));
    assert_eq!((code, status(&checks, "optional services")), (Some(0), "ok"), "{text}");
    assert!(text.contains("Redis 7.") || text.contains("Redis 8."), "{text}");
    assert!(!text.contains("hidden"), "{text}");

    let (code, checks, text) = doctor_with(&redis.url_with("default:mistaken@"));
    assert_eq!((code, status(&checks, "optional services")), (Some(0), "warn"), "{text}");
    assert!(text.contains("the password is refused") && !text.contains("mistaken"), "{text}");

    let (code, checks, text) = doctor_with("redis://127.0.0.1:1");
    assert_eq!((code, status(&checks, "optional services")), (Some(0), "warn"), "{text}");
    assert!(text.contains("nothing listens there"), "{text}");
}

#[test]
fn a_redis_over_tls_has_to_be_trusted() {
    let database = Database::migrated();
    let authority = private_postgres::Cluster::temporary().unwrap();
    let file = |name| authority.folder().join(name).display().to_string();
    let (_redis, port) = Redis::start_tls(&file("server.crt"), &file("server.key"));
    let root = file("ca.crt");
    let url = database.direct_url();
    let doctor_with = |redis: String, variables: &[(&str, &str)]| {
        let all = [("DATABASE_URL", &*url), ("JWT_SECRET", SECRET), ("REDIS_URL", &*redis)];
        doctor(&[&all, variables].concat())
    };

    let (_, checks, text) = doctor_with(format!("rediss://127.0.0.1:{port}"), &[]);
    assert_eq!(status(&checks, "optional services"), "warn", "{text}");
    assert!(text.contains("its certificate is not trusted"), "{text}");

    let trusting = [("SSL_CERT_FILE", &*root)];
    let (_, checks, text) = doctor_with(format!("rediss://localhost:{port}"), &trusting);
    assert_eq!(status(&checks, "optional services"), "ok", "{text}");

    let (_, checks, text) = doctor_with(format!("rediss://127.0.0.1:{port}/#insecure"), &[]);
    assert_eq!(status(&checks, "optional services"), "ok", "{text}");
}
