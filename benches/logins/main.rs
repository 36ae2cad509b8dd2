//! Measures what a list takes while fifty people log in at once, again and again: hashing
//! passwords must not stand in the way of answers.
//!
//! Starts the service with a private Postgres of its own.
//! `cargo bench --bench logins -- --rounds 3`; docs/OPERATIONS.md tells what it found.

#[path = "../saturate/service.rs"]
mod service;
mod storm;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::Parser;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::service::Service;
use crate::storm::{Accounts, Storm};

/// Rows in the table that is listed.
const ROWS: u32 = 100;
/// Lists asked for in a second, whether or not the ones before were answered.
const EVERY: Duration = Duration::from_millis(10);
/// How many times the p99 without log-ins that during them may be.
const FACTOR: f64 = 3.0;

/// Measures GET /cin/all, idle and while people log in.
#[derive(Parser)]
#[command(name = "logins")]
struct Options {
    /// Seconds that each measurement lasts
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// How often both are measured, by turns
    #[arg(long, default_value_t = 1)]
    rounds: u32,
    /// People who log in, each again when he is in
    #[arg(long, default_value_t = 50)]
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
        let accounts = Accounts::register(&service, options.clients).await?;
        lists(&service, Duration::from_secs(2)).await?;
        println!("| | lists | p50 ms | p99 ms | log-ins a second | p50 ms | p99 ms |");
        println!("|---|---:|---:|---:|---:|---:|---:|");
        let mut ratios = Vec::new();
        for _ in 0..options.rounds {
            let alone = accounts.one_by_one(&service, 20).await?;
            let idle = lists(&service, lasting).await?;
            let line = |what: &str, lists: &Times, rate: f64, logins: &Times| {
                println!("| {what} | {lists} | {rate:.1} | {} |", logins.quantiles());
            };
            line("idle", &idle, 0.0, &alone);
            let storm = Storm::start(&accounts)?;
            // All have begun before anything is measured.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let (begun, before) = (Instant::now(), storm.done());
            let busy = lists(&service, lasting).await?;
            let rate = (storm.done() - before) as f64 / begun.elapsed().as_secs_f64();
            let (logins, answers) = storm.stop();
            line("log-ins", &busy, rate, &logins);
            println!("Log-ins by status: {answers}.");
            ratios.push(busy.quantile(0.99) / idle.quantile(0.99));
        }
        ratios.sort_by(f64::total_cmp);
        let median = ratios[ratios.len() / 2];
        println!(
            "\nThe p99 during log-ins is {median:.2} times that without (each: {ratios:.2?})."
        );
        Ok(if median <= FACTOR { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

/// Asks for a list at a fixed rate for so long. The time of each counts from when it was
/// due, so that a late answer delays no other.
async fn lists(service: &Service, lasting: Duration) -> anyhow::Result<Times> {
    let mut due = tokio::time::interval(EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let begun = Instant::now();
    let mut asked = JoinSet::new();
    while begun.elapsed() < lasting {
        let at = due.tick().await;
        let request = service.client.get(format!("{}/cin/all", service.url));
        let request = request.bearer_auth(&service.token);
        asked.spawn(async move {
            let answer = request.send().await?;
            ensure!(answer.status() == 200, "GET /cin/all: {}", answer.status());
            answer.bytes().await?;
            Ok(at.elapsed())
        });
    }
    let times = asked.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Times::of(times))
}

/// The times of answers, shortest first.
struct Times(Vec<Duration>);

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// In milliseconds.
    fn quantile(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1) as f64;
        let at = (last * share).round() as usize;
        self.0.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }

    fn quantiles(&self) -> String {
        format!("{:.1} | {:.1}", self.quantile(0.5), self.quantile(0.99))
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} | {}", self.0.len(), self.quantiles())
    }
}
