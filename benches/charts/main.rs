//! Measures what charts cost an organisation with ten thousand records of each kind, and
//! with a million: the one statement in the database, the dashboard over HTTP, and what
//! counting adds to the insertion of a record.
//!
//! Starts the service with a private Postgres of its own. `cargo bench --bench charts`;
//! docs/PERFORMANCE.md tells what it found.

mod rows;
#[path = "../saturate/service.rs"]
#[expect(dead_code, reason = "fills a table as other benches need it")]
mod service;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Parser;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use wathiqa::documents::statistics::{STATEMENT, first_month, today};

use crate::service::Service;

/// How often each thing is done.
const TIMES: usize = 101;

/// Measures the charts.
#[derive(Parser)]
#[command(name = "charts")]
struct Options {
    /// Records of each kind, at the second measurement
    #[arg(long, default_value_t = 1_000_000)]
    rows: u32,
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let service = Service::start().await?;
        let connection = &mut service.connect()?;
        println!("| records of each kind | statement ms | dashboard ms | p99 ms | picture ms | insert ms | without counting ms |");
        println!("|---:|---:|---:|---:|---:|---:|---:|");
        let mut within = true;
        let mut filled = 0;
        for (rows, wanted) in [(10_000, 3.0), (options.rows, 100.0)] {
            rows::fill(connection, filled, rows)?;
            filled = rows;
            let statement = statement(connection)?;
            let dashboard = asked(&service, "application/json").await?;
            let picture = asked(&service, "image/svg+xml").await?;
            let (counted, uncounted) = (insertion(connection, true)?, insertion(connection, false)?);
            println!(
                "| {rows} | {statement:.2} | {:.2} | {:.2} | {:.2} | {counted:.2} | {uncounted:.2} |",
                quantile(&dashboard, 0.5),
                quantile(&dashboard, 0.99),
                quantile(&picture, 0.5),
            );
            within &= statement <= wanted;
        }
        Ok(if within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

/// A line of a plan.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

/// The median of the time that the statement takes in the database, planning and execution,
/// in milliseconds.
fn statement(connection: &mut PgConnection) -> anyhow::Result<f64> {
    let since = first_month(today(), 7);
    connection.batch_execute(&format!("PREPARE charts (bigint, text) AS {STATEMENT}"))?;
    let explain = format!("EXPLAIN (ANALYZE, TIMING OFF) EXECUTE charts (2, '{since}')");
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let plan: Vec<Line> = diesel::sql_query(&explain).load(connection)?;
        let time = |name: &str| {
            let line = plan.iter().find_map(|line| line.text.trim().strip_prefix(name))?;
            line.trim_end_matches(" ms").trim().parse::<f64>().ok()
        };
        let planning = time("Planning Time:").context("no planning time")?;
        times.push(planning + time("Execution Time:").context("no execution time")?);
    }
    connection.batch_execute("DEALLOCATE charts")?;
    times.sort_by(f64::total_cmp);
    Ok(quantile(&times, 0.5))
}

/// The times of the dashboard over HTTP in milliseconds, shortest first.
async fn asked(service: &Service, accept: &str) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let request = service.client.get(format!("{}/charts/dashboard", service.url));
        let request = request.bearer_auth(&service.token).header("Accept", accept);
        let started = Instant::now();
        let answer = request.send().await?;
        ensure!(answer.status() == 200, "the dashboard: {}", answer.status());
        answer.bytes().await?;
        times.push(milliseconds(started.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// The median of the time that one insertion takes, in milliseconds; of many in one
/// transaction that is taken back, so that no disk is waited for.
fn insertion(connection: &mut PgConnection, counted: bool) -> anyhow::Result<f64> {
    connection.batch_execute("BEGIN")?;
    if !counted {
        connection.batch_execute("ALTER TABLE cin_data DISABLE TRIGGER USER")?;
    }
    let mut times = Vec::new();
    for number in 0..TIMES {
        let started = Instant::now();
        connection.batch_execute(&rows::one(number))?;
        times.push(milliseconds(started.elapsed()));
    }
    connection.batch_execute("ROLLBACK")?;
    times.sort_by(f64::total_cmp);
    Ok(quantile(&times, 0.5))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = ((sorted.len() - 1) as f64 * share).round() as usize;
    sorted.get(place).copied().unwrap_or_default()
}
