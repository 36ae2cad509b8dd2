//! Settings from the environment, all mistakes reported at once. The only reader of the environment.
//!
//! `.env.example` names the same variables in the same order; a test holds the
//! two, and the files of the platforms, against each other.

mod auth;
mod data;
mod database;
mod key_file;
mod limits;
pub mod postgres;
mod reader;
#[cfg(test)]
mod tests;
mod traces;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

pub use auth::{AuthConfig, OidcConfig, Registration, SigningAlgorithm, is_private_or_tls};
pub use data::DataConfig;
pub use database::DatabaseConfig;
pub use limits::LimitsConfig;
use reader::Reader;
pub use reader::{ConfigError, ConfigErrors, Lookup};
pub use traces::TracesConfig;

/// Where the program runs; production refuses what is only safe on a laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// A laptop or a test.
    Development,
    /// A deployment.
    Production,
}

/// All settings of `wathiqa serve`.
#[derive(Debug, Clone)]
pub struct Config {
    /// `ENVIRONMENT`: `development` (default) or `production`.
    pub environment: Environment,
    /// Logging.
    pub log: LogConfig,
    /// Where traces go; nowhere by default.
    pub traces: Option<TracesConfig>,
    /// The listener.
    pub http: HttpConfig,
    /// Postgres.
    pub database: DatabaseConfig,
    /// Accounts and tokens.
    pub auth: AuthConfig,
    /// Personal data at rest.
    pub data: DataConfig,
    /// How often what may be done.
    pub limits: LimitsConfig,
    /// The OCR workers.
    pub ocr: OcrConfig,
    /// `REDIS_URL`: where replicas share caches and limits; without it each process has
    /// its own.
    pub redis_url: Option<SecretString>,
}

/// Logging.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// `LOG_LEVEL`: an `EnvFilter` directive, default `info`.
    pub level: String,
    /// JSON lines in production, text elsewhere.
    pub json: bool,
}

/// The listener and what it answers browsers.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// `HOST`, default `0.0.0.0`.
    pub host: IpAddr,
    /// `PORT`, default 8000.
    pub port: u16,
    /// `ALLOWED_ORIGINS` (also `CORS_ORIGIN`, `CORS_ALLOW_ORIGINS`) and
    /// `FRONTEND_URL`, comma-separated; `*` is refused in production.
    pub allowed_origins: Vec<String>,
    /// The first of `FRONTEND_URL`: where links for people lead.
    pub frontend: Option<String>,
    /// `METRICS_TOKEN`: bearer token with which a scraper may read `/metrics`.
    /// Without it only administrators may.
    pub metrics_token: Option<SecretString>,
    /// `SHUTDOWN_GRACE_SECONDS`, default 25: how long accepted requests may
    /// take to finish after SIGTERM.
    pub shutdown_grace: Duration,
    /// `LIST_CACHE_MB`, default 32: bytes of memory for parts of lists that are ready to be
    /// sent again; with none every list is read from the database.
    pub list_cache: u64,
}

/// The OCR workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcrConfig {
    /// The executable that has the `ocr-worker` mode: this one.
    pub program: PathBuf,
    /// `OCR_WORKERS`, default one per core.
    pub workers: usize,
    /// `OCR_QUEUE`, default 16: documents that may wait for a worker.
    pub queue: usize,
    /// `OCR_DEADLINE_SECONDS`, default 20: after it a worker is killed.
    pub deadline: Duration,
    /// `TESSDATA_PREFIX`, default where Debian puts the models.
    pub tessdata: PathBuf,
}

impl Config {
    /// Reads the environment of this process.
    ///
    /// # Errors
    ///
    /// [`ConfigErrors`] names every variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        Self::from_lookup(&environment)
    }

    /// Reads settings from anywhere, such as a map in a test.
    ///
    /// # Errors
    ///
    /// [`ConfigErrors`] names every variable that is missing or wrong.
    pub fn from_lookup(lookup: Lookup<'_>) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(lookup);
        let config = Self::read(&mut reader);
        reader.finish(config)
    }

    /// The names of all variables, in the order in which they are read.
    pub fn variables() -> Vec<&'static str> {
        let mut reader = Reader::new(&|_| None);
        Self::read(&mut reader);
        reader.asked()
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let environment = read_environment(reader);
        let log = LogConfig::read(reader, environment);
        let traces = TracesConfig::read(reader);
        let http = HttpConfig::read(reader, environment);
        let database = DatabaseConfig::read(reader);
        let auth = AuthConfig::read(reader);
        let data = DataConfig::read(reader, auth.as_ref());
        let limits = LimitsConfig::read(reader, environment);
        let ocr = OcrConfig::read(reader);
        let redis_url = read_redis_url(reader);
        let (database, auth) = (database?, auth?);
        Some(Self { environment, log, traces, http, database, auth, data, limits, ocr, redis_url })
    }
}

impl LogConfig {
    /// Reads what the commands need that neither serve nor sign.
    ///
    /// # Errors
    ///
    /// [`ConfigErrors`] names every variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(&environment);
        let environment = read_environment(&mut reader);
        let config = Self::read(&mut reader, environment);
        reader.finish(Some(config))
    }

    fn read(reader: &mut Reader<'_>, environment: Environment) -> Self {
        let expected =
            "error, warn, info, debug or trace, or directives such as info,wathiqa=debug";
        let level = reader.parsed("LOG_LEVEL", "info".to_owned(), expected, |value| {
            // Python's names, which a filter would take for the name of a module.
            let value = match value.to_ascii_lowercase().as_str() {
                "warning" => "warn".to_owned(),
                "critical" | "fatal" => "error".to_owned(),
                _ => value.to_owned(),
            };
            tracing_subscriber::EnvFilter::try_new(&value).is_ok().then_some(value)
        });
        Self { level, json: environment == Environment::Production }
    }
}

impl HttpConfig {
    /// Reads what `health` needs.
    ///
    /// # Errors
    ///
    /// [`ConfigErrors`] names every variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(&environment);
        let environment = read_environment(&mut reader);
        let config = Self::read(&mut reader, environment);
        reader.finish(Some(config))
    }

    fn read(reader: &mut Reader<'_>, environment: Environment) -> Self {
        let anywhere = IpAddr::from([0, 0, 0, 0]);
        let host = reader
            .parsed("HOST", anywhere, "an IP address such as 0.0.0.0", |value| value.parse().ok());
        let port = reader.number("PORT", 8000, 0..=u16::MAX);
        let mut allowed_origins = Vec::new();
        for name in ["ALLOWED_ORIGINS", "CORS_ORIGIN", "CORS_ALLOW_ORIGINS"] {
            allowed_origins.extend(read_origins(reader, name, environment));
        }
        let frontends = read_origins(reader, "FRONTEND_URL", environment);
        let frontend = frontends.iter().find(|origin| *origin != "*").cloned();
        allowed_origins.extend(frontends);
        allowed_origins.sort();
        allowed_origins.dedup();
        let metrics_token = reader
            .parsed("METRICS_TOKEN", None, "at least 16 characters", |value| {
                (value.chars().count() >= 16).then(|| Some(value.to_owned()))
            })
            .map(SecretString::from);
        let shutdown_grace = reader.seconds("SHUTDOWN_GRACE_SECONDS", 25, 1..=600);
        let list_cache = reader.number("LIST_CACHE_MB", 32_u64, 0..=65_536) << 20;
        Self { host, port, allowed_origins, frontend, metrics_token, shutdown_grace, list_cache }
    }
}

impl OcrConfig {
    /// Reads what `read` needs.
    ///
    /// # Errors
    ///
    /// [`ConfigErrors`] names every variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(&environment);
        let config = Self::read(&mut reader);
        reader.finish(Some(config))
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = reader.number("OCR_WORKERS", cores.min(64), 1..=64);
        let queue = reader.number("OCR_QUEUE", 16, 0..=1000);
        let deadline = reader.seconds("OCR_DEADLINE_SECONDS", 20, 1..=300);
        let tessdata = reader
            .text("TESSDATA_PREFIX")
            .map_or_else(|| PathBuf::from("/usr/share/tesseract-ocr/5/tessdata"), PathBuf::from);
        let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("wathiqa"));
        Self { program, workers, queue, deadline, tessdata }
    }
}

/// Looks into the process's environment. What is no UTF-8 is read as one
/// character, which is too short for a secret and no number.
fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.into_string().unwrap_or_else(|_| "\u{fffd}".into()))
}

fn read_environment(reader: &mut Reader<'_>) -> Environment {
    let expected = "development or production";
    reader.parsed("ENVIRONMENT", Environment::Development, expected, |value| match value {
        "development" => Some(Environment::Development),
        "production" => Some(Environment::Production),
        _ => None,
    })
}

fn read_redis_url(reader: &mut Reader<'_>) -> Option<SecretString> {
    let expected = "a URL such as rediss://default:password@host:6379";
    let url = reader.parsed("REDIS_URL", None, expected, |value| {
        let url = Url::parse(value).ok()?;
        let is_usable = match url.scheme() {
            "redis" | "rediss" => {
                let database = url.path().trim_matches('/');
                url.has_host() && (database.is_empty() || database.parse::<u16>().is_ok())
            }
            "redis+unix" => !url.path().is_empty(),
            _ => false,
        };
        is_usable.then(|| Some(value.to_owned()))
    });
    url.map(SecretString::from)
}

/// Reads a comma-separated list of origins, written as browsers send them.
fn read_origins(
    reader: &mut Reader<'_>,
    name: &'static str,
    environment: Environment,
) -> Vec<String> {
    let expected = match environment {
        Environment::Development => "origins such as https://app.example.ma, or *",
        Environment::Production => {
            "origins such as https://app.example.ma; * is refused in production"
        }
    };
    reader.parsed(name, Vec::new(), expected, |value| {
        let origins = value.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        origins.map(|origin| parse_origin(origin, environment)).collect()
    })
}

fn parse_origin(text: &str, environment: Environment) -> Option<String> {
    if text == "*" {
        return (environment == Environment::Development).then(|| text.to_owned());
    }
    let url = Url::parse(text).ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    let web = ["http", "https"].contains(&url.scheme());
    (bare && web).then(|| url.origin().ascii_serialization())
}
