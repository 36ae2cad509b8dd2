//! What the service does when the database fails it: real faults, real servers, one table.
//!
//! `cargo test` runs each fault for a moment; `scripts/faults` as long as the figures of
//! the table ask for. Two faults are made in a network namespace and on a file system of
//! their own, for which the machine must let this process; where it does not, the table
//! says that they are left out.

mod disk;
mod kills;
mod load;
mod outage;
mod place;
mod proxy;
mod service;
mod shortage;
mod silence;
mod standby;
mod start;
mod stop;

use std::process::{Command, ExitCode};

use clap::Parser;

/// Makes faults of the database under load and tells what clients see.
#[derive(Parser)]
#[command(name = "faults")]
pub(crate) struct Options {
    /// As long and as often as the figures ask for, not for a moment
    #[arg(long)]
    full: bool,
    /// One fault alone, by a word of its name
    #[arg(long)]
    only: Option<String>,
}

/// One fault: its name, what must hold, and how it is made.
struct Fault {
    name: &'static str,
    wanted: &'static str,
    /// A shell command that succeeds where the fault can be made.
    needs: &'static str,
    make: fn(&Options) -> anyhow::Result<Outcome>,
}

/// What clients saw.
pub(crate) struct Outcome {
    /// For the table.
    pub(crate) seen: String,
    /// What does not hold.
    pub(crate) faults: Vec<String>,
}

const FAULTS: [Fault; 12] = [
    Fault {
        name: "backends killed at random, 5 a second",
        wanted: "no failed read; every acknowledged card once",
        needs: "true",
        make: kills::make,
    },
    Fault {
        name: "idle connections cut silently",
        wanted: "next requests succeed within 10 s",
        needs: "unshare --net nft list ruleset",
        make: silence::make,
    },
    Fault {
        name: "Postgres restarted, fast",
        wanted: "503 with Retry-After alone; back within 2 s",
        needs: "true",
        make: |options| outage::make(options, place::Shutdown::Fast),
    },
    Fault {
        name: "Postgres restarted, immediate",
        wanted: "503 with Retry-After alone; back within 2 s",
        needs: "true",
        make: |options| outage::make(options, place::Shutdown::Immediate),
    },
    Fault {
        name: "TLS connections reset mid-answer",
        wanted: "no failed read",
        needs: "true",
        make: proxy::make,
    },
    Fault {
        name: "pool exhausted by slow queries",
        wanted: "503 beyond the queue; /health p99 < 20 ms; back at once",
        needs: "true",
        make: shortage::make,
    },
    Fault {
        name: "two replicas started together",
        wanted: "each migration once, both ready",
        needs: "true",
        make: start::together,
    },
    Fault {
        name: "started while the database is down",
        wanted: "waits without listening, then serves",
        needs: "true",
        make: start::early,
    },
    Fault {
        name: "a migration fails",
        wanted: "exit status 1, nothing listens, nothing changed",
        needs: "true",
        make: start::failing,
    },
    Fault {
        name: "primary becomes a read-only standby",
        wanted: "503 for writes, reads go on",
        needs: "true",
        make: standby::make,
    },
    Fault {
        name: "SIGTERM under load",
        wanted: "no accepted request lost",
        needs: "true",
        make: stop::make,
    },
    Fault {
        name: "disk of the database full",
        wanted: "503, nothing half-written, back when there is space",
        needs: "unshare --mount mount -t tmpfs tmpfs /mnt",
        make: disk::make,
    },
];

fn main() -> ExitCode {
    // Before any thread exists: libpq and this program share one OpenSSL.
    openssl::init();
    // A run of tests by name, or with the options of the usual test runner, is none of
    // these.
    let known = ["--full", "--only", "--help", "-h"];
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| !known.contains(&first.as_str())) {
        return ExitCode::SUCCESS;
    }
    let options = Options::parse();
    let is_wanted =
        |fault: &Fault| options.only.as_ref().is_none_or(|word| fault.name.contains(word.as_str()));
    if !FAULTS.iter().any(is_wanted) {
        eprintln!("no fault has that word in its name");
        return ExitCode::FAILURE;
    }
    println!("| Fault | Wanted | Seen | |\n|---|---|---|---|");
    let mut failed = false;
    for fault in FAULTS.iter().filter(|fault| is_wanted(fault)) {
        if place::run(Command::new("sh").args(["-c", fault.needs])).is_err() {
            println!(
                "| {} | {} | it takes `{}` | left out |",
                fault.name, fault.wanted, fault.needs
            );
            continue;
        }
        let (seen, verdict) = match (fault.make)(&options) {
            Ok(outcome) if outcome.faults.is_empty() => (outcome.seen, "holds".to_owned()),
            Ok(outcome) => (outcome.seen, outcome.faults.join("; ")),
            Err(error) => (String::new(), format!("{error:#}")),
        };
        failed |= verdict != "holds";
        println!("| {} | {} | {seen} | {verdict} |", fault.name, fault.wanted);
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs one fault's story.
pub(crate) fn story<T>(story: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    runtime.block_on(local.run_until(story))
}
