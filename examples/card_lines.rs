//! Cuts the lines of drawn cards as the service cuts them, with what they say: what the
//! line recogniser meets at work, in the form of `lines stream`.
//!
//! `cargo run --release --example card-lines -- --from 0 --cards 100 > cards.lines`

use std::io::{self, Write};

use anyhow::Context;
use clap::Parser;
use image::GrayImage;
use specimen::{Kind, Level, Picture, PlacedText, Specimen};
use wathiqa::imaging::{self, Card, Placement, Rect, Segment};
use wathiqa::ocr::cut_line;

/// The kind of line that no other is: of a card.
const CARD: u8 = u8::MAX;

#[derive(Parser)]
struct Options {
    /// The first seed; those of development end at a million.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Cards of each document and level.
    #[arg(long, default_value_t = 10)]
    cards: u64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for seed in options.from..options.from + options.cards {
        for (kind, level) in
            Kind::ALL.into_iter().flat_map(|kind| Level::ALL.map(|level| (kind, level)))
        {
            let Specimen { recto, verso, .. } = specimen::draw(kind, level, seed)?;
            for side in [recto, verso] {
                write_side(&side, level, &mut out)?;
            }
        }
    }
    Ok(out.flush()?)
}

/// Writes the pieces of one side whose text is known.
fn write_side(side: &Picture, level: Level, out: &mut impl Write) -> anyhow::Result<()> {
    let photo = imaging::decode(&side.encode()?).context("a drawn picture")?;
    let mut card = imaging::rectify(&photo);
    if on_its_head(&card, &side.texts) {
        card = card.turned();
    }
    let Some(to_card) = inverted(&card.placement) else { return Ok(()) };
    let texts: Vec<(Rect, &str)> =
        side.texts.iter().map(|text| (on_card(&to_card, text), text.text.as_str())).collect();
    for segment in imaging::find_print(&card.pixels).segments {
        if let Some(label) = label(&segment, &texts) {
            write_line(&cut_line(&card, &segment), &label, level, out)?;
        }
    }
    Ok(())
}

/// Writes a line as `lines stream` does, of no font, ground or camera.
fn write_line(
    image: &GrayImage,
    label: &str,
    level: Level,
    out: &mut impl Write,
) -> io::Result<()> {
    let level = Level::ALL.iter().position(|other| *other == level).unwrap_or(0);
    out.write_all(&(image.width() as u16).to_le_bytes())?;
    out.write_all(&[CARD, level as u8, 0, 0, 0, 0])?;
    out.write_all(&(label.len() as u16).to_le_bytes())?;
    out.write_all(label.as_bytes())?;
    out.write_all(image)
}

/// What a piece says, as it stands; nothing when a text is cut by its edges.
fn label(segment: &Segment, texts: &[(Rect, &str)]) -> Option<String> {
    let piece = &segment.rect;
    let mut inside: Vec<&(Rect, &str)> = Vec::new();
    for text in texts {
        let rect = &text.0;
        let down = rect.bottom().min(piece.bottom()) - rect.y.max(piece.y);
        let across = rect.right().min(piece.right()) - rect.x.max(piece.x);
        if down < 0.2 * rect.height.min(piece.height) || across < 0.0 {
            continue;
        }
        let whole = down > 0.7 * rect.height && across > 0.97 * rect.width;
        let apart = rect.height > 2.0 * rect.width;
        if !whole || apart {
            return None;
        }
        inside.push(text);
    }
    inside.sort_by(|left, right| left.0.x.total_cmp(&right.0.x));
    let words: Vec<String> = inside.iter().map(|(_, text)| lines::visual(text)).collect();
    Some(words.join(" "))
}

/// Whether the card was cut out upside down.
fn on_its_head(card: &Card, texts: &[PlacedText]) -> bool {
    let Some(to_card) = inverted(&card.placement) else { return false };
    let leftwards = |text: &&PlacedText| {
        let [from, to] = [0, 1].map(|corner| mapped(&to_card, text.polygon[corner]));
        to.0 < from.0
    };
    2 * texts.iter().filter(leftwards).count() > texts.len()
}

/// The box of a text on the card.
fn on_card(to_card: &[f32; 9], text: &PlacedText) -> Rect {
    let corners = text.polygon.map(|corner| mapped(to_card, corner));
    let least = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::MAX, f32::min);
    let most = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::MIN, f32::max);
    let (left, top) = (least(|corner| corner.0), least(|corner| corner.1));
    Rect::new(left, top, most(|corner| corner.0) - left, most(|corner| corner.1) - top)
}

fn mapped(m: &[f32; 9], [x, y]: [f32; 2]) -> (f32, f32) {
    let w = m[6] * x + m[7] * y + m[8];
    ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
}

/// From the picture to the card: the adjugate of the map, which differs from its inverse
/// by a factor that projective maps do not know. Nothing when the map is degenerate.
fn inverted(placement: &Placement) -> Option<[f32; 9]> {
    let m = &placement.0;
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    let adjugate = [
        minor(4, 5, 7, 8),
        -minor(1, 2, 7, 8),
        minor(1, 2, 4, 5),
        -minor(3, 5, 6, 8),
        minor(0, 2, 6, 8),
        -minor(0, 2, 3, 5),
        minor(3, 4, 6, 7),
        -minor(0, 1, 6, 7),
        minor(0, 1, 3, 4),
    ];
    let determinant = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
    (determinant.abs() > f32::EPSILON).then_some(adjugate)
}
