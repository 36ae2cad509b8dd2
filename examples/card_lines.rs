//! Writes the lines of drawn cards, cut as the service cuts them, in the form of
//! `lines stream`: what the line recogniser meets at work, to learn from. Lines in faces that
//! are kept from training are left out, and most labels: those of a card are those of the next.
//!
//! `cargo run --release --example card-lines -- --from 0 --cards 25 > train-cards.lines`

use std::io::{self, Write};

use anyhow::ensure;
use clap::Parser;
use lines::Split;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use specimen::{DEVELOPMENT_SEEDS, Kind, Level, Specimen};

use card_lines::CardLine;

#[path = "../benches/shared/card_lines.rs"]
mod card_lines;

/// The kind of line that no other is: of a card.
const CARD: u8 = u8::MAX;
/// How often a line that is no value of the card is kept.
const LABELS_KEPT: f64 = 0.2;

#[derive(Parser)]
struct Options {
    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Cards of each document and level
    #[arg(long, default_value_t = 10)]
    cards: u64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let seeds = options.from..options.from + options.cards;
    ensure!(seeds.end <= DEVELOPMENT_SEEDS, "larger seeds measure: nothing may learn from them");
    let mut out = io::BufWriter::new(io::stdout().lock());
    for seed in seeds {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        for (kind, level) in
            Kind::ALL.into_iter().flat_map(|kind| Level::ALL.map(|level| (kind, level)))
        {
            let Specimen { recto, verso, .. } = specimen::draw(kind, level, seed)?;
            for side in [recto, verso] {
                for line in card_lines::cut(&side, Split::Train)? {
                    let is_value = line.texts.iter().any(|text| text.path.is_some());
                    if is_value || chance.random_bool(LABELS_KEPT) {
                        write_line(&line, level, &mut out)?;
                    }
                }
            }
        }
    }
    Ok(out.flush()?)
}

/// Writes a line as `lines stream` does, of no font, ground or camera.
fn write_line(line: &CardLine, level: Level, out: &mut impl Write) -> io::Result<()> {
    let level = Level::ALL.iter().position(|other| *other == level).unwrap_or(0);
    out.write_all(&(line.image.width() as u16).to_le_bytes())?;
    out.write_all(&[CARD, level as u8, 0, 0, 0, 0])?;
    out.write_all(&(line.visual.len() as u16).to_le_bytes())?;
    out.write_all(line.visual.as_bytes())?;
    out.write_all(&line.image)
}
