//! Measures how well, how fast and in how much memory the whole pipeline reads
//! specimens; `docs/ACCURACY.md` tells how to use it and holds the results.
//!
//! Run by `cargo bench --bench accuracy -- --help`.

mod memory;
mod read;
mod report;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use specimen::{Kind, Level};
use wathiqa::config::OcrConfig;
use wathiqa::ocr::OcrPool;

use crate::memory::Memory;
use crate::read::{Reading, read};
use crate::report::Report;

/// Reads specimens with the whole pipeline and tells how much was right.
#[derive(Parser)]
#[command(name = "accuracy")]
struct Options {
    /// Cards of each document and level
    #[arg(long, default_value_t = 10)]
    cards: u64,
    /// Documents: cin-2008, cin-2020, permis, gris
    #[arg(long, value_delimiter = ',', default_values_t = Kind::ALL)]
    kinds: Vec<Kind>,
    /// Levels: clean, scan, photo, hard
    #[arg(long, value_delimiter = ',', default_values_t = Level::ALL)]
    levels: Vec<Level>,
    /// The first seed; from a million on, extractors were not written on them
    #[arg(long, default_value_t = specimen::DEVELOPMENT_SEEDS)]
    seed_base: u64,
    /// Draw this layout alone instead of the one that each seed chooses
    #[arg(long)]
    layout: Option<String>,
    /// Print every field that was not read exactly
    #[arg(long)]
    failures: bool,
    /// Print the tables alone, for docs/ACCURACY.md
    #[arg(long)]
    markdown: bool,
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
    let mut config = OcrConfig::from_env()?;
    config.program = PathBuf::from(env!("CARGO_BIN_EXE_wathiqa"));
    let pool = OcrPool::start(&config).context("the OCR workers do not start")?;

    let mut report = Report::default();
    let mut memory = Memory::default();
    for &kind in &options.kinds {
        for &level in &options.levels {
            for seed in options.seed_base..options.seed_base + options.cards {
                let drawn = specimen::draw_with(kind, level, seed, options.layout.as_deref())?;
                let recto = drawn.recto.encode()?;
                let verso = drawn.verso.encode()?;
                let zone = read::has_zone(&drawn.verso.texts);
                let truth = drawn.truth;
                drop((drawn.recto, drawn.verso));
                // Drawing takes more memory than reading: it must not count.
                Memory::forget_peak();
                let reading = read(&pool, kind.slug(), &recto, &verso, &truth, zone);
                memory.note();
                if options.failures {
                    print_failures(kind, level, seed, &reading);
                }
                report.add(kind, level, reading);
            }
            if !options.markdown {
                eprintln!("read {} cards: {kind}, {level}", options.cards);
            }
        }
    }
    report.print(&memory, config.workers);
    Ok(ExitCode::SUCCESS)
}

/// The people are invented, so what was misread may be shown.
fn print_failures(kind: Kind, level: Level, seed: u64, reading: &Reading) {
    if let Some(error) = &reading.rejected {
        println!("{kind} {level} {seed}: REJECTED {error}");
    }
    for outcome in reading.outcomes.iter().filter(|outcome| !outcome.is_right()) {
        if reading.rejected.is_some() {
            continue;
        }
        println!(
            "{kind} {level} {seed} {}: expected {:?}, got {:?}, raw {:?}, confidence {:.2}",
            outcome.path,
            outcome.expected.as_deref().unwrap_or("null"),
            outcome.got.as_deref().unwrap_or("null"),
            outcome.raw.as_deref().unwrap_or(""),
            outcome.confidence,
        );
    }
}
