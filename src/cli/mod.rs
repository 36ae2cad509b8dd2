//! What can be typed after `wathiqa`: one file a command.

pub(crate) mod administrator;
pub(crate) mod doctor;
pub(crate) mod migrate;
pub(crate) mod read;
pub(crate) mod serve;
pub(crate) mod specimen;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use wathiqa::config::DatabaseConfig;

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
    /// Read a card and print the JSON that `process` would answer; no database, no network
    Read(read::Options),
    /// Draw a fictitious card, marked SPECIMEN, with its truth
    Specimen(specimen::Options),
    /// Make an account an administrator, who may see /metrics and /debug/pool
    Administrator(administrator::Options),
    /// A worker process of the OCR pool; started by the program itself
    #[command(hide = true)]
    OcrWorker {
        /// The folder of the models
        tessdata: PathBuf,
    },
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
