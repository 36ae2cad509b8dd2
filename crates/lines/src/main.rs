//! The command line of `lines`: a stream of pictures for a trainer, contact
//! sheets to look at, and what there is to draw with.

use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use lines::{
    ALPHABET, FAMILIES, Filters, Kind, Level, Split, contact_sheet, draw, family_sheet, missing,
    packages, write_record,
};

/// Draws pictures of single printed lines, with what they say.
#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Subcommand)]
enum Command {
    /// Writes pictures to the standard output, one record after another
    Stream {
        #[command(flatten)]
        choice: Choice,
        /// How many
        #[arg(long)]
        count: u64,
    },
    /// Draws a contact sheet, and writes its labels beside it and to the standard output
    Sheet {
        #[command(flatten)]
        choice: Choice,
        /// How many pictures
        #[arg(long, default_value_t = 60)]
        count: u64,
        /// The PNG file; the labels go to the same name with `.txt`
        #[arg(long)]
        out: PathBuf,
    },
    /// Lists the families and whether they are installed
    Fonts {
        /// Draws every cut of the families that write Arabic into this PNG file
        #[arg(long)]
        arabic: Option<PathBuf>,
        /// Draws every cut of the families that write French into this PNG file
        #[arg(long)]
        latin: Option<PathBuf>,
    },
    /// Lists the Debian packages that bring the families
    Packages,
    /// Prints the alphabet on one line
    Alphabet,
    /// Lists the kinds of lines in the order of their numbers
    Kinds,
}

/// Which pictures.
#[derive(Args)]
struct Choice {
    /// train, check or held
    #[arg(long)]
    split: Split,
    /// Another seed draws other pictures
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Kinds, with commas between; see `lines kinds`
    #[arg(long, value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// Levels, with commas between: clean, scan, photo, hard
    #[arg(long, value_delimiter = ',')]
    levels: Vec<Level>,
    /// A part of the names of families
    #[arg(long)]
    fonts: Option<String>,
    /// Do without families that are not installed
    #[arg(long)]
    installed: bool,
}

impl Choice {
    fn filters(&self) -> Filters {
        Filters {
            kinds: self.kinds.clone(),
            levels: self.levels.clone(),
            fonts: self.fonts.clone(),
            installed: self.installed,
        }
    }
}

fn main() -> anyhow::Result<()> {
    match Options::parse().command {
        Command::Stream { choice, count } => stream(&choice, count),
        Command::Sheet { choice, count, out } => sheet(&choice, count, &out),
        Command::Fonts { arabic, latin } => {
            for (file, is_arabic) in [(arabic, true), (latin, false)] {
                if let Some(file) = file {
                    family_sheet(is_arabic).save(file)?;
                }
            }
            fonts()
        }
        Command::Packages => say(&packages().join("\n")),
        Command::Alphabet => say(&ALPHABET.iter().collect::<String>()),
        Command::Kinds => say(&Kind::ALL.map(Kind::name).join("\n")),
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(stdout(), "{text}")?)
}

fn stream(choice: &Choice, count: u64) -> anyhow::Result<()> {
    let filters = choice.filters();
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    for index in 0..count {
        write_record(&draw(choice.split, choice.seed, index, &filters)?, &mut out)?;
    }
    Ok(out.flush()?)
}

fn sheet(choice: &Choice, count: u64, out: &std::path::Path) -> anyhow::Result<()> {
    let filters = choice.filters();
    let drawn = (0..count).map(|index| draw(choice.split, choice.seed, index, &filters));
    let lines = drawn.collect::<Result<Vec<_>, _>>()?;
    contact_sheet(&lines).save(out).with_context(|| format!("cannot write {}", out.display()))?;
    let label = |(nth, line): (usize, &lines::LineSpecimen)| {
        let family = &FAMILIES[usize::from(line.font)].name;
        format!(
            "{nth:3} {:14} {:5} {family:24} {:?}/{:?} {}px  {}\n",
            line.kind,
            line.level,
            line.ground,
            line.camera,
            line.image.width(),
            line.text
        )
    };
    let labels: String = lines.iter().enumerate().map(label).collect();
    std::fs::write(out.with_extension("txt"), &labels)?;
    say(&labels)
}

fn fonts() -> anyhow::Result<()> {
    let lacking: Vec<&str> =
        Split::ALL.into_iter().flat_map(missing).map(|family| family.name.as_str()).collect();
    for (row, family) in FAMILIES.iter().enumerate() {
        let there = if lacking.contains(&family.name.as_str()) { "missing" } else { "installed" };
        say(&format!(
            "{row:3} {:24} {:?} {:?} {there:9} {} ({})",
            family.name, family.scripts, family.split, family.package, family.licence
        ))?;
    }
    if lacking.is_empty() {
        return Ok(());
    }
    say(&format!("missing: apt-get install --no-install-recommends {}", packages().join(" ")))
}
