//! Measures how well, how fast and in how much memory the whole pipeline reads
//! specimens; `docs/ACCURACY.md` tells how to use it and holds the results.
//!
//! Run by `cargo bench --bench accuracy -- --help`.

mod calibration;
mod distractors;
#[path = "../shared/interval.rs"]
mod interval;
mod library;
mod memory;
mod rate;
mod read;
mod remember;
mod report;
mod tally;
mod throughput;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Parser;
use specimen::{Kind, Level, Specimen};
use wathiqa::config::OcrConfig;
use wathiqa::ocr::{Engines, OcrPool};

use crate::library::Library;
use crate::memory::Memory;
use crate::read::{Reading, read};
use crate::report::Report;
use crate::throughput::Upload;

/// Reads specimens with the whole pipeline and tells how much was right.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
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
    /// Draw only the layouts that are kept from development
    #[arg(long, conflicts_with = "layout")]
    layouts_unseen: bool,
    /// Send so many pictures that are no document instead, as every document
    #[arg(long, value_name = "N")]
    distractors: Option<u64>,
    /// Read all cards with as many in flight as there are workers, and count documents per second
    #[arg(long, conflicts_with = "distractors")]
    throughput: bool,
    /// Read with Tesseract alone, as without the line recogniser
    #[arg(long, conflicts_with_all = ["distractors", "throughput"])]
    library_alone: bool,
    /// Print every field that was not read exactly; only of what is for development
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
    ensure!(
        !options.failures || options.is_for_development(),
        "what is kept from development measures nothing once its failures are known: \
         --failures needs --seed-base below {}",
        specimen::DEVELOPMENT_SEEDS
    );
    let mut config = OcrConfig::from_env()?;
    config.program = PathBuf::from(env!("CARGO_BIN_EXE_wathiqa"));
    let pool = OcrPool::start(&config).context("the OCR workers do not start")?;

    if let Some(count) = options.distractors {
        distractors::measure(&pool, count, options.seed_base, &options.levels)?;
    } else if options.throughput {
        throughput::measure(&pool, &options.uploads()?, config.workers);
    } else {
        let engines: &dyn Engines = if options.library_alone { &Library(&pool) } else { &pool };
        measure(&options, engines, config.workers)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Options {
    /// Whether all cards are among those that extractors are written on.
    fn is_for_development(&self) -> bool {
        let unseen = |kind: &Kind| {
            self.forced_layout(*kind).is_some_and(|layout| unseen_layout(*kind) == Some(layout))
        };
        self.seed_base + self.cards <= specimen::DEVELOPMENT_SEEDS && !self.kinds.iter().any(unseen)
    }

    /// The layout that is forced on cards of a kind, if any.
    fn forced_layout(&self, kind: Kind) -> Option<&str> {
        if self.layouts_unseen { unseen_layout(kind) } else { self.layout.as_deref() }
    }

    /// What is drawn: all seeds of a kind and level, then of the next.
    fn cards(&self) -> impl Iterator<Item = (Kind, Level, u64)> {
        self.kinds.iter().flat_map(move |&kind| {
            self.levels.iter().flat_map(move |&level| {
                (self.seed_base..self.seed_base + self.cards).map(move |seed| (kind, level, seed))
            })
        })
    }

    fn draw(&self, (kind, level, seed): (Kind, Level, u64)) -> anyhow::Result<Specimen> {
        Ok(specimen::draw_with(kind, level, seed, self.forced_layout(kind))?)
    }

    /// All cards, encoded.
    fn uploads(&self) -> anyhow::Result<Vec<Upload>> {
        let upload = |card: (Kind, Level, u64)| {
            let drawn = self.draw(card)?;
            let (recto, verso) = (drawn.recto.encode()?, drawn.verso.encode()?);
            anyhow::Ok(Upload { kind: card.0, recto, verso, truth: drawn.truth })
        };
        self.cards().map(upload).collect()
    }
}

/// The layout of a kind that development seeds never choose.
fn unseen_layout(kind: Kind) -> Option<&'static str> {
    specimen::layouts(kind).last().copied()
}

/// Reads one card after the other and prints all tables.
fn measure(options: &Options, engines: &dyn Engines, workers: usize) -> anyhow::Result<()> {
    let mut report = Report::default();
    let mut memory = Memory::default();
    for card @ (kind, level, seed) in options.cards() {
        let drawn = options.draw(card)?;
        let recto = drawn.recto.encode()?;
        let verso = drawn.verso.encode()?;
        let zone = read::has_zone(&drawn.verso.texts);
        let unseen = Some(drawn.layout) == unseen_layout(kind);
        let truth = drawn.truth;
        drop((drawn.recto, drawn.verso));
        // Drawing takes more memory than reading: it must not count.
        Memory::forget_peak();
        let reading = read(engines, kind.slug(), &recto, Some(&verso), &truth, zone);
        memory.note();
        if options.failures {
            print_failures(kind, level, seed, &reading);
        }
        report.add(kind, level, unseen, &reading);
        if !options.markdown && seed + 1 == options.seed_base + options.cards {
            eprintln!("read {} cards: {kind}, {level}", options.cards);
        }
    }
    report.print(&memory, workers);
    Ok(())
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
            "{kind} {level} {seed} {}: expected {:?}, got {:?}, raw {:?}, confidence {:.2}, {}",
            outcome.path,
            outcome.expected.as_deref().unwrap_or("null"),
            outcome.got.as_deref().unwrap_or("null"),
            outcome.raw.as_deref().unwrap_or(""),
            outcome.confidence,
            outcome.engines,
        );
    }
}
