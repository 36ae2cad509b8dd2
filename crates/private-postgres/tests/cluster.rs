//! A real server, started as the user who runs the tests.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::path::Path;
use std::process::{Command, Output};

use private_postgres::{Cluster, Error, Pooler, ROLE, run_as_superuser};

/// Runs one statement with `psql`, as a client that knows only the URL.
fn psql(url: &str, statement: &str) -> Output {
    let installed = std::env::var("PG_BIN").map(|bin| format!("{bin}/psql"));
    Command::new(installed.unwrap_or_else(|_| "psql".to_owned()))
        .args(["--no-psqlrc", "--tuples-only", "--no-align", "--dbname", url])
        .args(["--command", statement])
        // libpq would look for a certificate there and may not enter it.
        .env_remove("HOME")
        .output()
        .unwrap()
}

fn answer(url: &str, statement: &str) -> String {
    let output = psql(url, statement);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn refusal(url: &str) -> String {
    let output = psql(url, "SELECT 1");
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_role_logs_in_over_verified_tls_and_is_no_superuser() {
    let cluster = Cluster::temporary().unwrap();

    let session = answer(
        &cluster.url("postgres"),
        "SELECT ssl, version, rolsuper FROM pg_stat_ssl, pg_roles
         WHERE pid = pg_backend_pid() AND rolname = current_user",
    );

    assert_eq!(session, "t|TLSv1.3|f");
}

#[test]
fn plaintext_a_wrong_password_and_the_superuser_are_refused() {
    let cluster = Cluster::temporary().unwrap();
    let url = cluster.url("postgres");
    let (before, after) = url.split_once('@').unwrap();

    let plaintext = refusal(&url.replace("sslmode=verify-full", "sslmode=disable"));
    let wrong = refusal(&format!("{before}x@{after}"));
    let superuser = refusal(&url.replace(ROLE, "superuser"));

    assert!(plaintext.contains("no encryption"), "{plaintext}");
    assert!(wrong.contains("password authentication failed"), "{wrong}");
    assert!(superuser.contains("no pg_hba.conf entry"), "{superuser}");
}

#[test]
fn a_database_is_copied_from_its_template() {
    let cluster = Cluster::temporary().unwrap();
    cluster.create_database("template", None).unwrap();
    answer(&cluster.url("template"), "CREATE TABLE fruit AS SELECT 'fig' AS name");

    cluster.create_database("copy", Some("template")).unwrap();

    assert_eq!(answer(&cluster.url("copy"), "SELECT name FROM fruit"), "fig");
    assert!(matches!(cluster.create_database("copy", None), Err(Error::Tool { .. })));
    cluster.drop_database("copy").unwrap();
    assert!(refusal(&cluster.url("copy")).contains("does not exist"));
}

#[test]
fn a_pooler_hands_one_connection_from_client_to_client_over_tls() {
    let cluster = Cluster::temporary().unwrap();
    let pooler = Pooler::start(&cluster).unwrap();
    let url = pooler.url("postgres").replace("&pgbouncer=true", "");
    let backend = "SELECT pid || ' ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    let (first, second) = (answer(&url, backend), answer(&url, backend));

    assert_eq!(first, second);
    assert!(first.ends_with("true"), "{first}");
    assert!(refusal(&url.replace("sslmode=verify-full", "sslmode=disable")).contains("SSL"));
}

#[test]
fn the_superuser_works_on_a_stopped_server_alone() {
    let base = tempfile::tempdir().unwrap();
    let folder = base.path().join("data");
    let cluster = Cluster::persistent(&folder).unwrap();
    let statement = "CREATE ROLE someone\n";

    assert!(matches!(run_as_superuser(&folder, statement), Err(Error::AlreadyRunning(_))));
    drop(cluster);
    run_as_superuser(&folder, statement).unwrap();

    let cluster = Cluster::persistent(&folder).unwrap();
    let roles = "SELECT count(*) FROM pg_roles WHERE rolname = 'someone'";
    assert_eq!(answer(&cluster.url("postgres"), roles), "1");
    drop(cluster);
    remove_elsewhere(&folder);
}

#[test]
fn nothing_is_left_of_a_temporary_server() {
    let cluster = Cluster::temporary().unwrap();
    let (folder, url) = (cluster.folder().to_owned(), cluster.url("postgres"));

    drop(cluster);

    assert!(!folder.exists());
    assert!(!psql(&url, "SELECT 1").status.success());
}

#[test]
fn a_persistent_server_keeps_data_password_and_port_and_is_alone_on_its_folder() {
    let home = tempfile::tempdir_in("/tmp").unwrap();
    let folder = home.path().join("wished/postgres");
    let first = Cluster::persistent(&folder).unwrap();
    let url = first.url("fruit");
    first.ensure_database("fruit").unwrap();
    answer(&url, "CREATE TABLE fruit AS SELECT 'fig' AS name");
    let second = Cluster::persistent(&folder);
    assert!(matches!(second, Err(Error::AlreadyRunning(_))), "{second:?}");
    drop(first);
    // As a machine that lost its power leaves it, and the number belongs to us now.
    let pid = format!("{}\n", std::process::id());
    std::fs::write(folder.join("data/postmaster.pid"), pid).unwrap();

    let again = Cluster::persistent(&folder).unwrap();

    again.ensure_database("fruit").unwrap();
    assert_eq!(again.url("fruit"), url);
    assert_eq!(answer(&url, "SELECT name FROM fruit"), "fig");
    drop(again);
    remove_elsewhere(&folder);
}

/// Root's data lies elsewhere when the folder of the test is private to root.
fn remove_elsewhere(folder: &Path) {
    if let Ok(target) = std::fs::read_link(folder) {
        std::fs::remove_dir_all(target).unwrap();
    }
}

#[test]
fn a_server_ends_with_its_owner_even_when_that_is_killed() {
    let mut owner = Command::new(env!("CARGO_BIN_EXE_hold"))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut folder = String::new();
    let stdout = owner.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut folder).unwrap();
    let folder = Path::new(folder.trim());
    assert!(folder.join("data/postmaster.pid").exists());

    owner.kill().unwrap();
    owner.wait().unwrap();

    let gone = (0..1000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        !folder.exists()
    });
    assert!(gone, "{} is still there", folder.display());
}
