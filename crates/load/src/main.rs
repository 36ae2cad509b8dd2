//! `load --host http://127.0.0.1:8000 --users 20 --run-time 2m --report-file report.html`: the
//! options are those of goose. `scripts/load goose` builds it and gives it a service.

use std::process::ExitCode;

use goose::GooseAttack;

fn main() -> anyhow::Result<ExitCode> {
    let tally = load::block_on(GooseAttack::initialize)?;
    Ok(if tally.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
