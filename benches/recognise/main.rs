//! How exactly single lines are read, and how fast: our own recogniser and the library's
//! models, on the same drawn lines, whose fonts, grounds and cameras training never saw.
//!
//! `cargo bench --bench recognise -- --lines 500`
#![allow(missing_docs, reason = "nobody uses a bench")]

mod engines;
mod groups;
#[path = "../shared/interval.rs"]
mod interval;
mod table;

use anyhow::{Context, ensure};
use clap::Parser;
use lines::{Filters, Level, LineSpecimen, Split};

use engines::{Engine, Library, Own};
use groups::Group;
use table::Table;

#[derive(Parser)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches of a command line")]
struct Options {
    /// Lines of each group and level
    #[arg(long, default_value_t = 200)]
    lines: u64,
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
    let mut table = Table::default();
    for group in Group::ALL {
        for level in &options.levels {
            let lines = drawn(&options, group, *level)?;
            for engine in &engines {
                let started = std::time::Instant::now();
                let texts = engine.read(&lines)?;
                table.add(engine.name(), group, *level, &lines, &texts, started.elapsed());
                if options.failures && engine.name() == own.name() {
                    table::tell_failures(&lines, &texts);
                }
            }
        }
    }
    table.print(&options.levels);
    if options.fonts {
        table.print_fonts();
    }
    Ok(())
}

/// The lines of a group and level.
fn drawn(options: &Options, group: Group, level: Level) -> anyhow::Result<Vec<LineSpecimen>> {
    let filters =
        Filters { kinds: group.kinds().to_vec(), levels: vec![level], ..Filters::default() };
    let draw = |index| lines::draw(options.split, options.seed, index, &filters);
    Ok((0..options.lines).map(draw).collect::<Result<_, _>>()?)
}
