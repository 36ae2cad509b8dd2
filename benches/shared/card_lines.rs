//! The lines of drawn cards, cut as the service cuts them, with what they say: what the
//! line recogniser meets at work. Shared by `recognise` and the example `card-lines`.

use anyhow::Context;
use image::GrayImage;
use lines::{FAMILIES, Split};
use specimen::{Picture, PlacedText, Script};
use wathiqa::imaging::{self, Card, Placement, Rect, Segment};
use wathiqa::ocr::cut_line;

/// A line as the recogniser is handed it.
pub(crate) struct CardLine {
    pub(crate) image: GrayImage,
    /// What it says, as it stands from left to right.
    pub(crate) visual: String,
    /// The texts that it is made of, from left to right; none where nothing is printed.
    pub(crate) texts: Vec<PlacedText>,
}

/// The lines of one side whose text is known and printed in faces of a split alone.
///
/// # Errors
///
/// When the picture that was drawn cannot be encoded or decoded.
pub(crate) fn cut(side: &Picture, split: Split) -> anyhow::Result<Vec<CardLine>> {
    if split == Split::Held && !side.texts.iter().any(|text| is_for(text, split)) {
        return Ok(Vec::new());
    }
    let photo = imaging::decode(&side.encode()?).context("a drawn picture")?;
    let mut card = imaging::rectify(&photo);
    if on_its_head(&card, &side.texts) {
        card = card.turned();
    }
    let Some(to_card) = inverted(&card.placement) else { return Ok(Vec::new()) };
    let placed: Vec<(Rect, &PlacedText)> =
        side.texts.iter().map(|text| (on_card(&to_card, text), text)).collect();
    let lines = imaging::find_print(&card.pixels).segments.into_iter().filter_map(|segment| {
        let texts = within(&segment, &placed)?;
        texts.iter().all(|text| is_for(text, split)).then(|| CardLine {
            image: cut_line(&card, &segment),
            visual: visual(&texts),
            texts: texts.into_iter().cloned().collect(),
        })
    });
    Ok(lines.collect())
}

/// Whether a split may use the family that a text is printed in; one that no list names is
/// nothing that is kept from training.
fn is_for(text: &PlacedText, split: Split) -> bool {
    match FAMILIES.iter().find(|family| family.name == text.family) {
        Some(family) => family.split.is_for(split),
        None => split != Split::Held,
    }
}

fn visual(texts: &[&PlacedText]) -> String {
    let words: Vec<String> = texts.iter().map(|text| lines::visual(&text.text)).collect();
    words.join(" ")
}

/// The texts of a piece from left to right; nothing when a text is cut by its edges.
fn within<'a>(segment: &Segment, placed: &[(Rect, &'a PlacedText)]) -> Option<Vec<&'a PlacedText>> {
    let piece = &segment.rect;
    let mut inside: Vec<&(Rect, &PlacedText)> = Vec::new();
    for text in placed {
        let rect = &text.0;
        let down = rect.bottom().min(piece.bottom()) - rect.y.max(piece.y);
        let across = rect.right().min(piece.right()) - rect.x.max(piece.x);
        if down < 0.2 * rect.height.min(piece.height) || across < 0.0 {
            continue;
        }
        let whole = down > 0.7 * rect.height && across > 0.97 * rect.width;
        let upright = text.1.script != Script::Mrz && rect.height > 2.0 * rect.width;
        if !whole || upright {
            return None;
        }
        inside.push(text);
    }
    inside.sort_by(|left, right| left.0.x.total_cmp(&right.0.x));
    Some(inside.into_iter().map(|(_, text)| *text).collect())
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
