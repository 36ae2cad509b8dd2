//! How exactly single lines are read, and how fast: our own recogniser and the library's
//! models, on the same lines, whose fonts training never saw: drawn ones, whose grounds and
//! cameras it did not see either, or ones cut from drawn cards as the service cuts them.
//!
//! `cargo bench --bench recognise -- --lines 500`
//! `cargo bench --bench recognise -- --cards 50`
#![allow(missing_docs, reason = "nobody uses a bench")]

#[path = "../shared/card_lines.rs"]
mod card_lines;
mod engines;
mod groups;
#[path = "../shared/interval.rs"]
mod interval;
mod sample;
mod table;

use anyhow::{Context, ensure};
use clap::Parser;
use lines::{Level, Split};

use engines::{Engine, Library, Own};
use groups::Group;
use sample::Sample;
use table::Table;

#[derive(Parser)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches of a command line")]
struct Options {
    /// Lines of each group and level
    #[arg(long, default_value_t = 200)]
    lines: u64,
    /// Lines of so many cards of each document and level instead
    #[arg(long, value_name = "N")]
    cards: Option<u64>,
    /// The first seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which fonts, grounds and cameras: `held` measures, `check` may be looked into
    #[arg(long, default_value_t = Split::Held)]
    split: Split,
    /// Of clean, scan, photo, hard
    #[arg(long, value_delimiter = ',')]
    levels: Vec<Level>,
    /// Our own recogniser alone
    #[arg(long)]
    own: bool,
    /// A table by font too
    #[arg(long)]
    fonts: bool,
    /// Every line that our recogniser misread; never of `held`
    #[arg(long)]
    failures: bool,
    /// Cargo says that this is a bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    // `cargo test --all-targets` starts benches too, without this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let mut options = Options::parse();
    ensure!(
        !options.failures || options.split == Split::Check,
        "what is kept from training measures nothing once its failures are known"
    );
    if options.levels.is_empty() {
        options.levels = Level::ALL.to_vec();
    }
    let own = Own::load().context("src/ocr/recogniser/model")?;
    let library = if options.own { None } else { Some(Library::start()?) };
    let engines: Vec<&dyn Engine> =
        std::iter::once(&own as &dyn Engine).chain(library.iter().map(|one| one as _)).collect();
    let samples = match options.cards {
        Some(count) => sample::of_cards(options.split, options.seed, count, &options.levels)?,
        None => sample::drawn(options.split, options.seed, options.lines, &options.levels)?,
    };
    let mut table = Table::default();
    for (group, level) in Group::ALL.iter().flat_map(|g| options.levels.iter().map(move |l| (g, l)))
    {
        let of_it = |line: &&Sample| line.group == *group && line.level == *level;
        let lines: Vec<&Sample> = samples.iter().filter(of_it).collect();
        for engine in &engines {
            let started = std::time::Instant::now();
            let texts = engine.read(&lines)?;
            table.add(engine.name(), &lines, &texts, started.elapsed());
            if options.failures && engine.name() == own.name() {
                table::tell_failures(&lines, &texts);
            }
        }
    }
    table.print(&options.levels);
    if options.fonts {
        table.print_fonts();
    }
    Ok(())
}
