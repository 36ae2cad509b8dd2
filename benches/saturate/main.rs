//! Measures what the service's quick answers take while its engines are busy:
//! slow work must not stand in their way.
//!
//! Starts the service with a private Postgres of its own. Run by
//! `scripts/saturate`, which passes its arguments on.

mod load;
mod probe;
mod service;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::load::Load;
use crate::probe::{Probe, Times};
use crate::service::Service;

/// Rows in the table that is listed.
const ROWS: u32 = 100;

/// The most that a p99 under load may be whatever it is without.
const ALLOWED: Duration = Duration::from_millis(50);

/// How many times the p99 without load that under load may be.
const FACTOR: u32 = 5;

/// Measures GET /health and GET /cin/all, idle and while documents queue for the engines.
#[derive(Parser)]
#[command(name = "saturate")]
struct Options {
    /// Seconds that each of the two measurements lasts
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Clients that send documents, one after the other
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// Cargo says that this is a bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    // `cargo test --all-targets` starts benches too, without this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::parse();
    let lasting = Duration::from_secs(options.seconds);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let service = Service::start().await?;
        service.fill(ROWS)?;
        let probes = [Probe::new(&service, "/health"), Probe::new(&service, "/cin/all")];

        let idle = probe::all(&probes, lasting).await?;
        let load = Load::start(&service, options.clients)?;
        // The queue fills before anything is measured.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let busy = probe::all(&probes, lasting).await?;
        println!("\nDocuments during the load, by status: {}.\n", load.stop());

        Ok(if print(&probes, &idle, &busy) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

/// Prints the table; whether every p99 under load is within its limit.
fn print(probes: &[Probe], idle: &[Times], busy: &[Times]) -> bool {
    println!("| Request | | answers | p50 ms | p99 ms | max ms |");
    println!("|---|---|---:|---:|---:|---:|");
    let mut within = true;
    for ((probe, idle), busy) in probes.iter().zip(idle).zip(busy) {
        println!("| GET {} | idle | {idle}", probe.path);
        println!("| GET {} | saturated | {busy}", probe.path);
        let limit = (idle.quantile(0.99) * FACTOR).max(ALLOWED);
        if busy.quantile(0.99) > limit {
            eprintln!("GET {}: p99 under load exceeds {} ms", probe.path, limit.as_millis());
            within = false;
        }
    }
    within
}
