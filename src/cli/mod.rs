//! What can be typed after `wathiqa`: one file a command.

pub(crate) mod read;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Reads Moroccan identity documents on this machine and keeps their records.
#[derive(Parser)]
#[command(name = "wathiqa", version, about)]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Read a card and print the JSON that `process` would answer; no database, no network
    Read(read::Options),
    /// A worker process of the OCR pool; started by the program itself
    #[command(hide = true)]
    OcrWorker {
        /// The folder of the models
        tessdata: PathBuf,
    },
}
