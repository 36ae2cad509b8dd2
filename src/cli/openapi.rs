//! `wathiqa openapi`

use std::io::{self, Write};
use std::process::ExitCode;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let document = wathiqa::api::openapi_document().to_pretty_json()?;
    writeln!(io::stdout(), "{document}")?;
    Ok(ExitCode::SUCCESS)
}
