//! What a list costs: ours, read anew and from memory, against a plain handler and against
//! pgbench with the same query, over TLS to one Postgres and by turns within one run.
//!
//! `cargo bench --bench lists`; docs/PERFORMANCE.md tells what it found.

mod client;
mod place;
mod plain;

use std::time::{Duration, Instant};

use clap::Parser;

use crate::client::{Ask, Seen};
use crate::place::{CONNECTIONS, Caller, Place, Server};

/// Measures GET /cin/all.
#[derive(Parser)]
#[command(name = "lists")]
struct Options {
    /// Seconds that each measurement lasts
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// How often each is measured, by turns
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Rows of the lists, each of an organisation of its own
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000")]
    rows: Vec<u32>,
    /// Clients that ask for the longest list at once while memory is measured
    #[arg(long, default_value_t = 256)]
    crowd: usize,
    /// Tells how the time of a list grows with its rows instead
    #[arg(long)]
    growth: bool,
    /// Tells how the time and the memory of exports grow with their rows instead
    #[arg(long)]
    exports: bool,
    /// Serves as the plain handler, on a database
    #[arg(long, hide = true)]
    plain: Option<String>,
    /// Cargo says that this is a bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    // `cargo test --all-targets` starts benches too, without this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let options = Options::parse();
    if let Some(url) = options.plain {
        return plain::serve(url, std::env::var("PORT")?.parse()?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let place = Place::open()?;
        match options {
            Options { exports: true, .. } => exports(&place).await,
            Options { growth: true, .. } => growth(&place).await,
            _ => compare(&place, &options).await,
        }
    })
}

/// What takes turns.
enum Turn<'a> {
    Http(&'a Server, Ask),
    Pgbench(String),
}

/// What was measured of one turn.
struct Measured {
    rate: f64,
    cpu: f64,
    p50: f64,
    p99: f64,
}

async fn compare(place: &Place, options: &Options) -> anyhow::Result<()> {
    let (anew, memory) = (place.ours(0).await?, place.ours(32).await?);
    let plain = place.plain().await?;
    let lasting = Duration::from_secs(options.seconds);
    for &rows in &options.rows {
        let caller = place.caller(&anew, rows).await?;
        let ask = |server: &Server, headers: &str| {
            Ask::new(server.address, "/cin/all", &caller.token, headers)
        };
        let gzip = "Accept-Encoding: gzip\r\n";
        let turns = [
            ("plain handler", Turn::Http(&plain, ask(&plain, ""))),
            ("ours, read anew", Turn::Http(&anew, ask(&anew, ""))),
            ("ours, from memory", Turn::Http(&memory, ask(&memory, ""))),
            ("ours, read anew, gzip", Turn::Http(&anew, ask(&anew, gzip))),
            ("ours, from memory, gzip", Turn::Http(&memory, ask(&memory, gzip))),
            ("pgbench, the same query", Turn::Pgbench(query(&caller, rows))),
        ];
        rounds(place, &format!("{rows} rows"), &turns, options.rounds, lasting).await?;
        if rows == options.rows[0] {
            let tag = client::header(&ask(&memory, ""), "etag").await?;
            let unchanged = ask(&memory, &format!("If-None-Match: {tag}\r\n")).expecting(304);
            let fixed = Ask::new(plain.address, "/static", "", "");
            let turns = [
                ("actix-web from memory", Turn::Http(&plain, fixed)),
                ("ours, 304", Turn::Http(&memory, unchanged)),
            ];
            rounds(place, "unchanged", &turns, options.rounds, lasting).await?;
        }
        if Some(&rows) == options.rows.last() {
            crowd(place, &caller, options.crowd).await?;
        }
    }
    Ok(())
}

/// The query that is sent to the database: with the limit of a batch where one suffices.
fn query(caller: &Caller, rows: u32) -> String {
    let columns = "id, cin, nom_fr, nom_ar, prenom_fr, prenom_ar, date_naissance, lieu_fr, \
        lieu_ar, adresse_fr, adresse_ar, sexe, validite, pere_fr, pere_ar, mere_fr, mere_ar, \
        numero_etat_civil";
    let (after, limit) = if rows < 500 { ("AND id > -2147483648", "LIMIT 500") } else { ("", "") };
    format!(
        "\\set organisation {}\nSELECT {columns} FROM cin_data \
         WHERE organisation_id = :organisation {after} ORDER BY id {limit};\n",
        caller.organisation
    )
}

/// Lets all take turns and prints the median of each, and how it compares with the first.
async fn rounds(
    place: &Place,
    what: &str,
    turns: &[(&str, Turn<'_>)],
    rounds: usize,
    lasting: Duration,
) -> anyhow::Result<()> {
    let mut measured: Vec<Vec<Measured>> = turns.iter().map(|_| Vec::new()).collect();
    // The first round warms all up; each begins with another one.
    for round in 0..=rounds {
        for nth in 0..turns.len() {
            let which = (nth + round) % turns.len();
            let turn = measure(place, &turns[which].1, lasting).await?;
            if round > 0 {
                measured[which].push(turn);
            }
        }
    }
    println!(
        "\n| {what} | a second | CPU µs | p50 ms | p99 ms | rate ratio | CPU ratio |\n\
         |---|---:|---:|---:|---:|---:|---:|"
    );
    for ((name, _), of_turn) in turns.iter().zip(&measured) {
        let of = |value: fn(&Measured) -> f64| median(of_turn.iter().map(value));
        let ratio = |value: fn(&Measured) -> f64| {
            median(of_turn.iter().zip(&measured[0]).map(|(a, b)| value(a) / value(b)))
        };
        println!(
            "| {name} | {:.0} | {:.0} | {:.2} | {:.2} | {:.2} | {:.2} |",
            of(|it| it.rate),
            of(|it| it.cpu),
            of(|it| it.p50),
            of(|it| it.p99),
            ratio(|it| it.rate),
            ratio(|it| it.cpu),
        );
    }
    Ok(())
}

async fn measure(place: &Place, turn: &Turn<'_>, lasting: Duration) -> anyhow::Result<Measured> {
    match turn {
        Turn::Pgbench(query) => {
            let rate = place.pgbench(query, lasting)?;
            Ok(Measured { rate, cpu: f64::NAN, p50: f64::NAN, p99: f64::NAN })
        }
        Turn::Http(server, ask) => {
            let (begun, before) = (Instant::now(), server.cpu()?);
            let seen = client::ask(ask, CONNECTIONS as usize, lasting).await;
            let (took, cpu) = (begun.elapsed(), server.cpu()?.saturating_sub(before));
            anyhow::ensure!(seen.failed == 0, "{} requests failed", seen.failed);
            let count = seen.times.len() as f64;
            Ok(Measured {
                rate: count / took.as_secs_f64(),
                cpu: cpu.as_secs_f64() * 1e6 / count,
                p50: seen.quantile(0.5),
                p99: seen.quantile(0.99),
            })
        }
    }
}

/// The memory of fresh servers when many ask for a long list at once.
async fn crowd(place: &Place, caller: &Caller, clients: usize) -> anyhow::Result<()> {
    println!(
        "\n| {clients} clients | MB before | MB at most | answers | failed | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|---:|---:|"
    );
    for (name, server) in [
        ("ours, read anew", place.ours(0).await?),
        ("ours, from memory", place.ours(32).await?),
        ("plain handler", place.plain().await?),
    ] {
        for (coding, headers) in [("", ""), (", gzip", "Accept-Encoding: gzip\r\n")] {
            if name == "plain handler" && !coding.is_empty() {
                continue;
            }
            let before = server.peak()?;
            let ask = Ask::new(server.address, "/cin/all", &caller.token, headers);
            let seen: Seen = client::ask(&ask, clients, Duration::from_secs(5)).await;
            println!(
                "| {name}{coding} | {before:.0} | {:.0} | {} | {} | {:.0} | {:.0} |",
                server.peak()?,
                seen.times.len(),
                seen.failed,
                seen.quantile(0.5),
                seen.quantile(0.99),
            );
        }
    }
    Ok(())
}

/// How the time of one list, asked for by one client, grows with its rows.
async fn growth(place: &Place) -> anyhow::Result<()> {
    let server = place.ours(0).await?;
    println!("| rows | MB | ms | ms a 1000 rows | MB at most |\n|---:|---:|---:|---:|---:|");
    for rows in [100, 1000, 10_000, 100_000, 1_000_000] {
        let caller = place.caller(&server, rows).await?;
        let ask = Ask::new(server.address, "/cin/all", &caller.token, "");
        let seen = client::ask(&ask, 1, Duration::from_secs(3)).await;
        anyhow::ensure!(seen.failed == 0, "a request failed");
        let time = seen.quantile(0.5);
        println!(
            "| {rows} | {:.1} | {time:.1} | {:.2} | {:.0} |",
            seen.bytes as f64 / seen.times.len() as f64 / 1e6,
            time * 1000.0 / f64::from(rows),
            server.peak()?,
        );
    }
    Ok(())
}

/// How the time and the memory of an export grow with its rows, in each format.
async fn exports(place: &Place) -> anyhow::Result<()> {
    println!("| rows | format | MB | s | MB before | MB at most |\n|---:|---|---:|---:|---:|---:|");
    let first = place.ours(0).await?;
    for rows in [1000, 30_000, 300_000] {
        let caller = place.caller(&first, rows).await?;
        for format in ["csv", "ndjson", "xlsx"] {
            // A new one for each: what a process held at most is never taken back.
            let server = place.ours(0).await?;
            let path = format!("/exports/cin?format={format}");
            let ask = Ask::new(server.address, &path, &caller.token, "");
            let before = server.peak()?;
            let seen = client::ask(&ask, 1, Duration::ZERO).await;
            anyhow::ensure!(seen.failed == 0, "an export failed");
            println!(
                "| {rows} | {format} | {:.1} | {:.2} | {before:.0} | {:.0} |",
                seen.bytes as f64 / 1e6,
                seen.quantile(0.5) / 1e3,
                server.peak()?,
            );
        }
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
