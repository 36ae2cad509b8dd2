//! `wathiqa audit verify`

use std::process::ExitCode;

use wathiqa::store::audit::{Anchor, Verdict};

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Tell whether an entry of the audit was changed or is missing; exit status 1 when so
    Verify {
        /// A digest that was written down, as organisation:sequence:hash; may be repeated
        #[arg(long)]
        anchor: Vec<Anchor>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(options: Options) -> anyhow::Result<ExitCode> {
    let Command::Verify { anchor, json } = options.command;
    let trail = super::trail()?;
    let verdicts = super::with_store(async move |store| {
        store.read(move |connection| trail.verify(connection, &anchor)).await
    })?;
    for verdict in &verdicts {
        println!("{}", if json { as_json(verdict) } else { as_text(verdict) });
    }
    let is_whole = verdicts.iter().all(|verdict| verdict.fault.is_none());
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn as_text(verdict: &Verdict) -> String {
    let Verdict { organisation, entries, hash, fault } = verdict;
    match fault {
        None => format!("ok    {organisation}:{entries}:{hash}"),
        Some(fault) => format!("fail  {organisation}: {fault}"),
    }
}

fn as_json(verdict: &Verdict) -> String {
    serde_json::json!({
        "organisation": verdict.organisation,
        "entries": verdict.entries,
        "hash": verdict.hash,
        "fault": verdict.fault.as_ref().map(ToString::to_string),
    })
    .to_string()
}
