//! `wathiqa doctor [--json]`: everything that a start depends on, one line each.

mod database;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use wathiqa::cache::Cache;
use wathiqa::config::{
    Config, ConfigErrors, DatabaseConfig, Environment, OcrConfig, Registration, SigningAlgorithm,
};
use wathiqa::ocr::OcrPool;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    /// It works, but somebody should look at it.
    Warn,
    /// The service would not start, or not work.
    Fail,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        })
    }
}

/// One line of the report.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    status: Status,
    /// What was found, and what to do about it; never a secret.
    text: String,
}

/// All lines so far.
#[derive(Default)]
struct Report(Vec<Check>);

impl Report {
    fn add(&mut self, name: &'static str, status: Status, text: impl fmt::Display) {
        self.0.push(Check { name, status, text: text.to_string() });
    }

    fn ok(&mut self, name: &'static str, text: impl fmt::Display) {
        self.add(name, Status::Ok, text);
    }

    fn warn(&mut self, name: &'static str, text: impl fmt::Display) {
        self.add(name, Status::Warn, text);
    }

    fn fail(&mut self, name: &'static str, text: impl fmt::Display) {
        self.add(name, Status::Fail, text);
    }

    fn failed(&self) -> bool {
        self.0.iter().any(|check| check.status == Status::Fail)
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    super::load_dotenv()?;
    let mut report = Report::default();
    let config = check_settings(&mut report, Config::from_env());
    // The rest is looked at even where the secret is missing.
    if let Ok(config) = DatabaseConfig::from_env() {
        actix_web::rt::System::new().block_on(database::check(&mut report, &config));
    }
    if let Some(config) = config {
        actix_web::rt::System::new().block_on(check_redis(&mut report, &config));
    }
    check_ocr(&mut report);
    print(&report, options.json)?;
    Ok(if report.failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn check_settings(report: &mut Report, config: Result<Config, ConfigErrors>) -> Option<Config> {
    match config {
        Ok(config) => {
            report.ok("settings", "all variables are well-formed");
            let secret = match config.auth.algorithm {
                SigningAlgorithm::Hs256 => "JWT_SECRET is long enough",
                SigningAlgorithm::EdDsa | SigningAlgorithm::Rs256 => "JWT_KEY_FILE holds a key",
            };
            report.ok("secret", secret);
            check_access(report, &config);
            Some(config)
        }
        Err(errors) => {
            for error in errors.0 {
                report.fail("settings", format!("{} {}", error.name, error.fault));
            }
            None
        }
    }
}

/// What a careful operator of a deployment would set otherwise.
fn check_access(report: &mut Report, config: &Config) {
    let is_production = config.environment == Environment::Production;
    match (config.auth.registration, is_production) {
        (Registration::Open, true) => report.warn(
            "registration",
            "anybody may make an account, in an organisation of their own; see REGISTRATION",
        ),
        (Registration::Open, false) => report.ok("registration", "anybody may make an account"),
        (Registration::Invite, _) => report.ok("registration", "by invitation"),
        (Registration::Closed, _) => report.ok("registration", "closed"),
    }
    if config.data.has_master_keys {
        report.ok("keys at rest", "MASTER_KEYS are set");
    } else {
        report.warn(
            "keys at rest",
            "no MASTER_KEYS: the audit is signed with a key of the tokens, and cannot be \
             verified when that is gone",
        );
    }
}

/// The service starts and works without a Redis, so none is a fault.
async fn check_redis(report: &mut Report, config: &Config) {
    let name = "optional services";
    if config.redis_url.is_none() {
        return report.ok(name, "no REDIS_URL; limits and caches are local");
    }
    match Cache::open(config.redis_url.as_ref()).probe().await {
        Ok(version) => report.ok(name, format!("Redis {version}; limits and caches are shared")),
        Err(why) => {
            report.warn(name, format!("Redis cannot be used: {why}; limits and caches are local"));
        }
    }
}

/// Starts a worker as the service does: it tells whether the engine and its languages
/// are there.
fn check_ocr(report: &mut Report) {
    let config = match OcrConfig::from_env() {
        Ok(config) => OcrConfig { workers: 1, ..config },
        // Told among the settings.
        Err(_) => return,
    };
    match OcrPool::start(&config) {
        Ok(pool) => {
            report.ok("ocr", "the engine has its French, Arabic, English and Latin models");
            check_recogniser(report, &pool);
        }
        Err(error) => report.fail(
            "ocr",
            format!("{error}; install tesseract-ocr-fra, -ara, -eng and -script-latn, or set TESSDATA_PREFIX"),
        ),
    }
}

fn check_recogniser(report: &mut Report, pool: &OcrPool) {
    let name = "line recogniser";
    if pool.has_recogniser() {
        report.ok(name, "its model is built in and loads");
    } else {
        report.warn(name, "no model is built in: Tesseract reads alone");
    }
}

fn print(report: &Report, json: bool) -> io::Result<()> {
    // Not `println!`, which panics when a reader such as `head` leaves.
    let mut out = io::stdout().lock();
    if json {
        let whole = serde_json::json!({ "ok": !report.failed(), "checks": report.0 });
        return writeln!(out, "{whole:#}");
    }
    let width = report.0.iter().map(|check| check.name.len()).max().unwrap_or_default();
    for Check { name, status, text } in &report.0 {
        writeln!(out, "{status:<4}  {name:<width$}  {text}")?;
    }
    Ok(())
}
