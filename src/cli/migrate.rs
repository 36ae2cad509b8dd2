//! `wathiqa migrate [--check]`

use std::io::{self, Write};
use std::process::ExitCode;

use wathiqa::config::{DatabaseConfig, LogConfig};
use wathiqa::{store, telemetry};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Change nothing; list what is pending and exit with 1 when something is
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    super::load_dotenv()?;
    let database = DatabaseConfig::from_env()?;
    if options.check {
        let pending = store::pending(&database)?;
        for name in &pending {
            writeln!(io::stdout(), "pending: {name}")?;
        }
        return Ok(if pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    telemetry::init(&LogConfig::from_env()?)?;
    store::migrate(&database)?;
    Ok(ExitCode::SUCCESS)
}
