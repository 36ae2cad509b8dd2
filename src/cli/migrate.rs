//! `wathiqa migrate [--check | --dry-run] [--json]`

use std::io::{self, Write};
use std::process::ExitCode;

use wathiqa::config::{DatabaseConfig, LogConfig};
use wathiqa::{store, telemetry};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Change nothing; list what is pending and exit with 1 when something is
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Apply what is pending and take it back: tells whether it would succeed
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    super::load_dotenv()?;
    let database = DatabaseConfig::from_env()?;
    if options.check {
        let pending = store::pending(&database)?;
        print("pending", &pending, options.json)?;
        return Ok(if pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if options.dry_run {
        print("would apply", &store::migrations::rehearse(&database)?, options.json)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !options.json {
        let _no_traces = telemetry::init(&LogConfig::from_env()?, None)?;
        super::tell_notices(&database);
    }
    print("applied", &store::migrate(&database)?, options.json)?;
    Ok(ExitCode::SUCCESS)
}

/// Tells what is or was to be done; not with `println!`, which panics when a reader such
/// as `head` leaves.
fn print(what: &str, names: &[String], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let key = what.replace(' ', "_");
        return writeln!(out, "{:#}", serde_json::json!({ key: names }));
    }
    if names.is_empty() {
        return writeln!(out, "nothing is pending");
    }
    names.iter().try_for_each(|name| writeln!(out, "{what}: {name}"))
}
