//! `wathiqa openapi [--english]`

use std::io::{self, Write};
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// In English; else in French
    #[arg(long)]
    english: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let document = wathiqa::api::openapi_document(options.english);
    writeln!(io::stdout(), "{document:#}")?;
    Ok(ExitCode::SUCCESS)
}
