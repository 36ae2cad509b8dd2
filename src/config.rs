//! Settings from the environment, all mistakes reported at once. The only reader of the environment.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

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
    /// The listener.
    pub http: HttpConfig,
    /// Postgres.
    pub database: DatabaseConfig,
    /// Accounts and tokens.
    pub auth: AuthConfig,
    /// The OCR workers.
    pub ocr: OcrConfig,
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
    /// `METRICS_TOKEN`: bearer token with which a scraper may read `/metrics`.
    /// Without it only administrators may.
    pub metrics_token: Option<SecretString>,
    /// `SHUTDOWN_GRACE_SECONDS`, default 25: how long accepted requests may
    /// take to finish after SIGTERM.
    pub shutdown_grace: Duration,
}

/// Postgres and the pool in front of it.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// `DATABASE_URL`, a libpq connection string.
    pub url: SecretString,
    /// `DB_POOL_MIN`, default 0: connections kept open when idle.
    pub pool_min: u32,
    /// `DB_POOL_MAX`, default 30: connections at most.
    pub pool_max: u32,
    /// `DB_POOL_WAIT_SECONDS`, default 30: how long a request may wait for a
    /// connection before it is answered 503.
    pub pool_wait: Duration,
    /// `DB_POOL_LIFETIME_SECONDS`, default 300: a connection is retired after it.
    pub pool_lifetime: Duration,
}

/// Accounts and tokens.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// `JWT_SECRET`, at least 32 characters.
    pub jwt_secret: SecretString,
    /// `ACCESS_TOKEN_MINUTES`, default 60, at most 1440.
    pub token_lifetime: Duration,
    /// `PASSWORD_MIN_LENGTH`, default 12; 6 suits the legacy test clients.
    pub password_min_length: usize,
}

/// The OCR workers.
#[derive(Debug, Clone)]
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
