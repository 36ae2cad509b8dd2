//! The files that platforms read are what these platforms understand: each is held against
//! its schema, or read by the platform's own tool. The variables in them are settings.rs's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{Database, Process, free_port, python};

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn told(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat()
}

/// Asserts that a checker accepts a file, and refuses the same with one word exchanged: a
/// checker that looks at nothing would accept both.
fn accepts(check: impl Fn(&Path) -> Command, file: &str, right: &str, wrong: &str) {
    let output = check(&project(file)).output().unwrap();
    assert!(output.status.success(), "{file}: {}", told(&output));

    let folder = tempfile::tempdir().unwrap();
    let spoilt = folder.path().join(project(file).file_name().unwrap());
    let text = fs::read_to_string(project(file)).unwrap();
    assert!(text.contains(right), "{file} has no {right}");
    fs::write(&spoilt, text.replacen(right, wrong, 1)).unwrap();
    let output = check(&spoilt).output().unwrap();
    assert!(!output.status.success(), "{file} is accepted with {wrong}");
}

#[test]
fn the_compose_file_is_one_by_the_compose_specification() {
    let check = |file: &Path| {
        let mut command = python("check-jsonschema");
        command.args(["--builtin-schema", "vendor.compose-spec"]).arg(file);
        command
    };

    accepts(check, "compose.yaml", "read_only: true", "read_only: [true]");
}

#[test]
fn the_manifests_are_kubernetes_objects() {
    let check = |file: &Path| {
        let mut command = python("kubernetes-validate");
        command.arg("--strict").arg(file);
        command
    };

    let folder = "deploy/kubernetes";
    accepts(check, &format!("{folder}/wathiqa.yaml"), "readOnlyRootFilesystem", "readOnlyRoot");
    accepts(check, &format!("{folder}/secret.example.yaml"), "stringData", "stringDate");
}

/// The unit with the program of these tests in it.
fn unit(folder: &Path) -> PathBuf {
    let text = fs::read_to_string(project("deploy/systemd/wathiqa.service")).unwrap();
    let installed = "/usr/local/bin/wathiqa";
    assert!(text.contains(&format!("ExecStart={installed} serve")));
    let place = folder.join("wathiqa.service");
    fs::write(&place, text.replace(installed, env!("CARGO_BIN_EXE_wathiqa"))).unwrap();
    place
}

#[test]
fn the_unit_is_understood_by_systemd() {
    let folder = tempfile::tempdir().unwrap();
    let unit = unit(folder.path());
    let verify = |file: &Path| Command::new("systemd-analyze").arg("verify").arg(file).output();

    let output = verify(&unit).expect("scripts/setup");
    // It warns of what it does not know and says that all is well nonetheless.
    let about_ours = told(&output).lines().filter(|line| line.contains("wathiqa")).count();
    assert!(output.status.success() && about_ours == 0, "{}", told(&output));

    let text = fs::read_to_string(&unit).unwrap();
    fs::write(&unit, text.replace("ProtectSystem=strict", "ProtectSystems=strict")).unwrap();
    assert!(told(&verify(&unit).unwrap()).contains("ProtectSystems"));
}

#[test]
fn the_unit_leaves_the_service_hardly_any_rights() {
    let folder = tempfile::tempdir().unwrap();
    let unit = unit(folder.path());
    let output = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager", "--threshold=15"])
        .arg(&unit)
        .output()
        .expect("scripts/setup");

    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("Overall exposure level"), "{}", told(&output));
}

#[test]
fn the_health_check_of_containers_tells_a_service_from_none() {
    let database = Database::migrated();
    let service = Process::start(&database.direct_url(), &[]);
    let health = |arguments: &[&str], port: &str| {
        let mut health = Command::new(env!("CARGO_BIN_EXE_wathiqa"));
        health.arg("health").args(arguments).current_dir(std::env::temp_dir()).env_clear();
        // As in a container: it listens everywhere, and is asked on loopback.
        health.env("PORT", port).output().unwrap()
    };
    let port = service.address.rsplit_once(':').unwrap().1;

    for arguments in [&[][..], &["--ready"]] {
        let output = health(arguments, port);
        assert!(output.status.success(), "{}", told(&output));
        assert!(told(&output).contains(r#""status":"ok""#), "{}", told(&output));
    }
    let nobody = health(&[], &free_port().to_string());
    assert_eq!(nobody.status.code(), Some(1));
    assert!(told(&nobody).contains("nothing answers"), "{}", told(&nobody));
}
