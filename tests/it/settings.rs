//! The program, `.env.example` and the files of the platforms name the same
//! variables.

use std::collections::BTreeMap;
use std::fs;

use regex::Regex;
use wathiqa::config::Config;

fn file(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The assignments of `.env.example`, each with the comment above it.
fn example() -> Vec<(String, String, String)> {
    let mut comment = String::new();
    let mut entries = Vec::new();
    for line in file(".env.example").lines() {
        if let Some(text) = line.strip_prefix('#') {
            comment.push_str(text);
        } else if let Some((name, value)) = line.split_once('=') {
            entries.push((name.to_owned(), value.to_owned(), std::mem::take(&mut comment)));
        } else {
            comment.clear();
        }
    }
    entries
}

fn config(values: &BTreeMap<String, String>) -> Config {
    Config::from_lookup(&|name| values.get(name).cloned()).unwrap()
}

#[test]
fn the_example_names_every_variable_in_the_order_of_the_program() {
    let named: Vec<_> = example().into_iter().map(|(name, ..)| name).collect();

    assert_eq!(named, Config::variables());
}

#[test]
fn every_variable_of_the_example_has_a_comment() {
    for (name, _, comment) in example() {
        assert!(comment.trim().len() > 10, "{name} has no comment");
    }
}

#[test]
fn the_values_of_the_example_are_the_defaults() {
    let required = [
        ("DATABASE_URL", "postgres://user:password@host/database"),
        ("JWT_SECRET", "0123456789abcdef0123456789abcdef"),
    ];
    let required: BTreeMap<_, _> =
        required.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let mut copied: BTreeMap<_, _> =
        example().into_iter().map(|(name, value, _)| (name, value)).collect();
    copied.extend(required.clone());

    assert_eq!(format!("{:?}", config(&copied)), format!("{:?}", config(&required)));
}

/// The files of the platforms, each with the forms in which it names variables.
const PLATFORMS: [(&str, &str); 7] = [
    ("render.yaml", r"(?m)^\s*- key: (\w+)"),
    ("Procfile", r"\$\{?([A-Z_]+)"),
    ("Dockerfile", r"(?m)^(?:ENV |\s{4})([A-Z_]+)="),
    ("compose.yaml", r"(?m)(?:^      |\$\{)([A-Z_]+)(?::|\}|:[-?])"),
    ("deploy/kubernetes/wathiqa.yaml", r"(?:name|key): ([A-Z][A-Z_]+)\b"),
    ("deploy/kubernetes/secret.example.yaml", r"(?m)^  ([A-Z_]+):"),
    ("deploy/systemd/wathiqa.service", r"(?m)^Environment=([A-Z_]+)="),
];

/// The variables that a file of a platform names.
fn named(file_name: &str) -> Vec<String> {
    let (_, pattern) = PLATFORMS.iter().find(|(name, _)| *name == file_name).unwrap();
    let text = file(file_name);
    Regex::new(pattern).unwrap().captures_iter(&text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn the_files_of_the_platforms_name_no_variable_that_is_not_read() {
    let known = Config::variables();
    for (name, _) in PLATFORMS {
        for variable in named(name) {
            assert!(known.contains(&&*variable), "{name} names {variable}");
        }
    }
}

#[test]
fn a_deployment_gets_what_is_required() {
    let database = ["DATABASE_URL"];
    let parts = ["DB_HOST", "DB_USER", "DB_PASSWORD"];
    for (name, database) in [
        ("render.yaml", &database[..]),
        ("compose.yaml", &parts),
        ("deploy/kubernetes/wathiqa.yaml", &database),
    ] {
        let named = named(name);
        for wanted in ["ENVIRONMENT", "JWT_SECRET"].iter().chain(database) {
            assert!(named.iter().any(|variable| variable == wanted), "{name} lacks {wanted}");
        }
    }
    // What the pods are given is in the secret, and nothing else is.
    let pods = file("deploy/kubernetes/wathiqa.yaml");
    let keys = Regex::new(r"secretKeyRef: \{ name: wathiqa, key: ([A-Z_]+)").unwrap();
    let mut keys: Vec<_> = keys.captures_iter(&pods).map(|found| found[1].to_owned()).collect();
    let mut secret = named("deploy/kubernetes/secret.example.yaml");
    keys.sort();
    secret.sort();
    assert_eq!(keys, secret);
    assert!(file("render.yaml").contains("healthCheckPath: /health"));
    assert!(file("deploy/systemd/wathiqa.service").contains("EnvironmentFile="));
}
