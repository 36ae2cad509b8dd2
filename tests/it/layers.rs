//! The rules of the tree that the compiler does not check: which module may
//! import which, where a crate may be used, and what a file looks like.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Each module with those it may import: the rows of the table in `src/lib.rs`,
/// by module. What is not listed points up or to a neighbour.
const MAY_IMPORT: [(&str, &[&str]); 14] = [
    (
        "api",
        &[
            "pipeline",
            "housekeeping",
            "documents",
            "imaging",
            "ocr",
            "auth",
            "limits",
            "store",
            "cache",
            "vault",
            "digest",
            "config",
            "telemetry",
        ],
    ),
    ("pipeline", &["documents", "imaging", "ocr"]),
    ("housekeeping", &["documents", "store"]),
    ("documents", &["ocr", "store", "vault"]),
    ("ocr", &["imaging", "config"]),
    ("imaging", &[]),
    ("auth", &["limits", "store", "cache", "vault", "digest", "config"]),
    ("limits", &["cache", "digest", "config"]),
    ("cache", &["config"]),
    ("store", &["vault", "config"]),
    ("vault", &[]),
    ("digest", &[]),
    ("telemetry", &["config"]),
    ("config", &[]),
];

/// Crates that only some places know.
const CONFINED: [(&str, &[&str]); 9] = [
    (r"\bactix_\w+::", &["src/api/", "src/cli/"]),
    (
        r"\bdiesel(_migrations)?::|\bdiesel\b.*\bmacro_use\b",
        &["src/store/", "src/documents/record/", "record.rs", "statistics.rs"],
    ),
    (
        r"\bcrate::store\b",
        &[
            "src/store/",
            "src/auth/",
            "src/api/",
            "src/housekeeping.rs",
            "src/documents/record/",
            "record.rs",
            "statistics.rs",
        ],
    ),
    (
        r"\btokio::",
        &[
            "src/api/",
            "src/auth/",
            "src/limits/",
            "src/store/",
            "src/cache/",
            "src/ocr/pool.rs",
            "src/cli/",
        ],
    ),
    (r"\bredis::", &["src/cache/"]),
    (r"\brten\w*::", &["src/ocr/recogniser/"]),
    // Queries on records begin at `rows(scope)`, which names the organisation.
    (r"\b(cin|permi|gris)_data::table\b", &["src/store/schema.rs"]),
    (r"\benv::(var|vars|var_os|vars_os)\(", &["src/config"]),
    (UNSAFE, &["src/ocr/tesseract.rs"]),
];

const UNSAFE: &str = r"\bunsafe\s*(\{|fn\b|impl\b|trait\b|extern\b)";

/// A source file: its path in the repository and its lines without comments.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn code(&self) -> String {
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        self.text.lines().filter(is_code).collect::<Vec<_>>().join("\n")
    }

    /// The top module that the file belongs to: `api` for `src/api/routes.rs`.
    fn module(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
    }

    fn is_generated(&self) -> bool {
        self.text.starts_with("// @generated")
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(Source { path: relative(&path, root), text: read(&path) });
            }
        }
    }
    assert!(!sources.is_empty(), "no sources in {folder}");
    sources
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
}

fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}

/// The modules named in `crate::module…` and in `crate::{module…, module…}`.
fn imported(code: &str) -> Vec<String> {
    let single = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let grouped = Regex::new(r"(?s)\bcrate::\{(.*?)\};").unwrap();
    let mut modules: Vec<_> = single.captures_iter(code).map(|found| found[1].to_owned()).collect();
    for group in grouped.captures_iter(code) {
        let mut depth = 0;
        let tops = group[1].split(|letter| {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            letter == ',' && depth == 0
        });
        modules.extend(tops.filter_map(|item| item.trim().split("::").next().map(str::to_owned)));
    }
    modules
}

fn may_import(from: &str, to: &str) -> bool {
    let is_layer = |name: &str| MAY_IMPORT.iter().any(|(module, _)| *module == name);
    if from == to || !is_layer(to) {
        return true;
    }
    MAY_IMPORT.iter().any(|(module, below)| *module == from && below.contains(&to))
}

#[test]
fn no_import_points_up() {
    let mut upward = Vec::new();
    for source in sources("src") {
        let modules = imported(&source.code());
        let wrong = modules.iter().filter(|module| !may_import(source.module(), module));
        upward.extend(wrong.map(|module| format!("{} imports {module}", source.path)));
    }

    assert_eq!(upward, Vec::<String>::new());
}

#[test]
fn an_upward_import_would_be_seen() {
    let found = imported("use crate::{api::Caller,\n store::{Store, api}};\nuse crate::ocr::Page;");

    assert_eq!(found, ["ocr", "api", "store"]);
    assert!(!may_import("store", "api"));
    assert!(!may_import("documents", "imaging"));
    assert!(may_import("api", "store"));
}

#[test]
fn every_top_module_has_its_row() {
    let lib = sources("src").into_iter().find(|source| source.path == "src/lib.rs").unwrap();
    let declared = Regex::new(r"(?m)^(?:pub )?mod ([a-z_]+);").unwrap();
    let mut modules: Vec<_> =
        declared.captures_iter(&lib.text).map(|found| found[1].to_owned()).collect();
    let mut rows: Vec<_> = MAY_IMPORT.iter().map(|(module, _)| (*module).to_owned()).collect();

    modules.sort();
    rows.sort();
    assert_eq!(modules, rows);
}

#[test]
fn crates_and_unsafe_code_stay_in_their_places() {
    let mut astray = Vec::new();
    for source in sources("src").iter().filter(|source| !source.is_generated()) {
        for (pattern, places) in CONFINED {
            let at_home = places.iter().any(|place| {
                source.path.starts_with(place) || source.path.ends_with(&format!("/{place}"))
            });
            if let Some(found) = Regex::new(pattern).unwrap().find(&source.code())
                && !at_home
                && source.path != "src/main.rs"
            {
                astray.push(format!("{} uses {}", source.path, found.as_str()));
            }
        }
    }

    assert_eq!(astray, Vec::<String>::new());
}

#[test]
fn no_unsafe_code_outside_the_service() {
    let form = Regex::new(UNSAFE).unwrap();
    for folder in ["crates", "xtask"] {
        for source in sources(folder) {
            let found = form.is_match(&source.code());
            assert!(!found, "{} has unsafe code", source.path);
        }
    }
}

#[test]
fn every_file_says_what_lives_in_it_and_stays_small() {
    let mut faults = Vec::new();
    for folder in ["src", "crates", "xtask", "tests", "examples"] {
        for source in sources(folder) {
            if !source.text.starts_with("//!") && !source.is_generated() {
                faults.push(format!("{} does not open with //!", source.path));
            }
            let lines = source.text.lines().count();
            if lines > 400 && !source.is_generated() {
                faults.push(format!("{} has {lines} lines", source.path));
            }
        }
    }

    assert_eq!(faults, Vec::<String>::new());
}
