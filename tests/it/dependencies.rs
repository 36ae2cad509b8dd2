//! The rules for dependencies that can be checked without a network: licences,
//! origin, what is banned, and what is declared but not used. `deny.toml` says
//! the same, and more, to cargo-deny.

use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;
use serde_json::Value;

/// Licences that a dependency may have.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "PostgreSQL",
    "Unicode-3.0",
    "Zlib",
];

/// Crates that must not come in, and why.
const BANNED: [(&str, &str); 4] = [
    ("rsa", "its private-key operations leak timing (RUSTSEC-2023-0071)"),
    ("openssl-src", "a second OpenSSL in the process crashes it"),
    ("aws-lc-sys", "a second cryptographic library"),
    ("actix-governor", "GPL-3.0-or-later"),
];

/// Declared for a feature that another crate needs; never named in code.
const FEATURES_ONLY: [&str; 1] = ["pq-sys"];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version=1"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The packages that are built, without those of other platforms.
fn built(metadata: &Value) -> Vec<&Value> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let is_built = |package: &&Value| nodes.iter().any(|node| node["id"] == package["id"]);
    metadata["packages"].as_array().unwrap().iter().filter(is_built).collect()
}

/// Whether an SPDX expression can be fulfilled with the allowed licences.
fn is_allowed(expression: &str) -> bool {
    // Old manifests write a slash for OR.
    let expression = expression.replace('/', " OR ");
    let parentheses = Regex::new(r"\(([^()]*)\)").unwrap();
    if let Some(inner) = parentheses.captures(&expression) {
        let verdict = if is_allowed(&inner[1]) { "MIT" } else { "refused" };
        return is_allowed(&expression.replacen(&inner[0], verdict, 1));
    }
    expression
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim())))
}

#[test]
fn expressions_of_licences_are_understood() {
    for allowed in ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR GPL-3.0) AND Unicode-3.0"] {
        assert!(is_allowed(allowed), "{allowed}");
    }
    for refused in ["GPL-3.0-or-later", "MIT AND GPL-3.0", "(GPL-2.0 OR GPL-3.0) AND MIT", ""] {
        assert!(!is_allowed(refused), "{refused}");
    }
}

#[test]
fn every_dependency_has_an_allowed_licence_and_comes_from_the_registry() {
    let metadata = metadata();
    let mut faults = Vec::new();
    for package in built(&metadata) {
        let name = package["name"].as_str().unwrap();
        if !is_allowed(package["license"].as_str().unwrap_or_default()) {
            faults.push(format!("{name} is under {}", package["license"]));
        }
        let source = package["source"].as_str();
        if source
            .is_some_and(|source| source != "registry+https://github.com/rust-lang/crates.io-index")
        {
            faults.push(format!("{name} comes from {}", package["source"]));
        }
    }

    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_banned_crate_came_in() {
    let metadata = metadata();
    for package in built(&metadata) {
        let name = package["name"].as_str().unwrap();
        let banned = BANNED.iter().find(|(banned, _)| *banned == name);
        assert!(banned.is_none(), "{name} is banned: {}", banned.unwrap().1);
    }
}

#[test]
fn every_declared_dependency_is_used() {
    let metadata = metadata();
    let members = metadata["workspace_members"].as_array().unwrap();
    let mut unused = Vec::new();
    for package in built(&metadata).into_iter().filter(|package| members.contains(&package["id"])) {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let code = code_of(manifest.parent().unwrap());
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            let word = format!(r"\b{}\b", name.replace('-', "_"));
            if !FEATURES_ONLY.contains(&name) && !Regex::new(&word).unwrap().is_match(&code) {
                unused.push(format!("{} declares {name}", package["name"]));
            }
        }
    }

    assert_eq!(unused, Vec::<String>::new());
}

/// All code of one package, without comments.
fn code_of(package: &Path) -> String {
    let mut code = fs::read_to_string(package.join("build.rs")).unwrap_or_default();
    let mut folders =
        ["src", "tests", "benches", "examples"].map(|name| package.join(name)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(path).unwrap();
                code.extend(text.lines().filter(|line| !line.trim_start().starts_with("//")));
            }
        }
    }
    code
}
