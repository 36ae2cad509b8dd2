//! `wathiqa counts verify` and `wathiqa counts rebuild`

use std::io::{self, Write};
use std::process::ExitCode;

use wathiqa::store::record_counts::{self, Wrong};

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Tell whether the counts behind the charts are what the records say; exit status 1 when not
    Verify {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Count all records anew; who writes waits meanwhile
    Rebuild {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let (wrong, json, rebuilt) = match options.command {
        Command::Verify { json } => {
            (super::with_store(async |store| store.read(record_counts::verify).await)?, json, false)
        }
        Command::Rebuild { json } => (
            super::with_store(async |store| store.write(record_counts::rebuild).await)?,
            json,
            true,
        ),
    };
    print(&wrong, json)?;
    Ok(if rebuilt || wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(wrong: &[Wrong], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        return writeln!(out, "{:#}", serde_json::json!({ "wrong": wrong }));
    }
    if wrong.is_empty() {
        return writeln!(out, "ok    the counts are what the records say");
    }
    wrong.iter().try_for_each(|Wrong { organisation, kind, dimension, keys }| {
        writeln!(out, "wrong {keys} counts by {dimension} of {kind}, organisation {organisation}")
    })
}
