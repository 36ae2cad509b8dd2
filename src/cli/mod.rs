//! What can be typed after `wathiqa`: one file a command.

pub(crate) mod administrator;
pub(crate) mod audit;
pub(crate) mod counts;
pub(crate) mod doctor;
pub(crate) mod health;
pub(crate) mod keys;
pub(crate) mod member;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod read;
pub(crate) mod send;
pub(crate) mod serve;
pub(crate) mod specimen;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};
use wathiqa::config::{DataConfig, DatabaseConfig};
use wathiqa::store::audit::Trail;
use wathiqa::store::{Store, StoreError};
use wathiqa::vault::Vault;

/// Reads Moroccan identity documents on this machine and keeps their records.
#[derive(Parser)]
#[command(name = "wathiqa", version, about)]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Migrate the database, then serve HTTP until SIGTERM or Ctrl-C
    Serve,
    /// Bring the database to this version's schema
    Migrate(migrate::Options),
    /// Tell whether everything that the service needs is there and well
    Doctor(doctor::Options),
    /// Ask the service on this machine whether it lives; for containers
    Health(health::Options),
    /// Read a card and print the JSON that `process` would answer; no database, no network
    Read(read::Options),
    /// Send folders of photographs to a running service
    Send(send::Options),
    /// Print the description of the interface (OpenAPI 3.1), as `/openapi.json` serves it
    Openapi(openapi::Options),
    /// Draw a fictitious card, marked SPECIMEN, with its truth
    Specimen(specimen::Options),
    /// Make an account an operator of this service, who may see /metrics and /debug/pool
    Administrator(administrator::Options),
    /// Give a member a role, or invite one, where an organisation has nobody who can
    Member(member::Options),
    /// Verify the audit
    Audit(audit::Options),
    /// Verify or rebuild the counts behind the charts
    Counts(counts::Options),
    /// Change the master key
    Keys(keys::Options),
    /// A worker process of the OCR pool; started by the program itself
    #[command(hide = true)]
    OcrWorker {
        /// The folder of the models
        tessdata: PathBuf,
    },
}

/// How long the closing of a command's connections may take.
const CLOSE: Duration = Duration::from_secs(1);

/// Does a command's work on the database that the environment describes.
fn with_store<T>(work: impl AsyncFnOnce(Store) -> Result<T, StoreError>) -> anyhow::Result<T> {
    load_dotenv()?;
    let config = DatabaseConfig { pool_min: 0, ..DatabaseConfig::from_env()? };
    actix_web::rt::System::new().block_on(async {
        let store = Store::open(&config);
        let outcome = work(store.clone()).await;
        store.close(CLOSE).await;
        Ok(outcome?)
    })
}

/// The audit, for what a command does.
fn trail() -> anyhow::Result<Trail> {
    load_dotenv()?;
    Ok(Trail::new(Vault::new(&DataConfig::from_env()?.master_keys)?))
}

/// Logs what an operator should know of the settings of the database.
fn tell_notices(database: &DatabaseConfig) {
    tracing::info!(source = database.postgres.source, "the database is described by");
    for notice in &database.postgres.notices {
        tracing::warn!("{notice}");
    }
}

/// Adds what `.env` says to the environment, which always wins.
fn load_dotenv() -> anyhow::Result<()> {
    match dotenvy::dotenv() {
        // The text of this error is the line, which may hold a secret.
        Err(dotenvy::Error::LineParse(..)) => {
            anyhow::bail!(".env: a line is malformed; a value with blanks goes between quotes")
        }
        // None is normal; an unreadable one is a mistake to tell.
        Err(error) if !error.not_found() => anyhow::bail!(".env: {error}"),
        _ => Ok(()),
    }
}
