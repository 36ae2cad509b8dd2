//! A recogniser for single glyphs of a closed alphabet: the digits and letters
//! of registration plates.
//!
//! Tesseract's models read words; a lone Arabic letter between digits gives
//! them no context, and they lose it. This network sees one glyph at a time.
//! `cargo run --release --example train-glyphs` trains it.

mod cut;
mod learning;
mod network;
mod patch;
mod row;

use std::sync::LazyLock;

use image::GrayImage;

use super::Rect;
pub use network::{MEASURES, Network, SIDE, Trace};
pub use patch::{Patch, Shape};
pub use row::{Glyph, Row};

/// What a glyph may be, in the order of the network's classes; [`OTHER`] is the
/// class after the last.
pub const ALPHABET: [char; 18] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'أ', 'ب', 'ج', 'د', 'ه', 'و', 'ط', 'ي'];

/// The class of everything that is not of the alphabet.
pub const OTHER: usize = ALPHABET.len();

/// The number of classes.
pub const CLASSES: usize = ALPHABET.len() + 1;

/// How sure the network is of each class of a glyph.
#[derive(Debug, Clone)]
pub struct Shares([f32; CLASSES]);

impl Shares {
    /// The likeliest digit and its share.
    pub fn digit(&self) -> (char, f32) {
        self.best(0, 10)
    }

    /// The likeliest plate letter and its share.
    pub fn letter(&self) -> (char, f32) {
        self.best(10, OTHER)
    }

    /// The share of the likeliest, digit or letter.
    fn most(&self) -> f32 {
        self.digit().1.max(self.letter().1)
    }

    fn best(&self, from: usize, to: usize) -> (char, f32) {
        let share = |class: &usize| self.0[*class];
        let best = (from..to).max_by(|left, right| share(left).total_cmp(&share(right)));
        best.map_or(('0', 0.0), |class| (ALPHABET[class], self.0[class]))
    }
}

/// Reads the glyph in the box `rect` of an evened card, whose line has digits
/// that stand in `line`.
pub(super) fn read(card: &GrayImage, rect: &Rect, line: &Rect) -> Shares {
    static NETWORK: LazyLock<Option<Network>> =
        LazyLock::new(|| unpack(include_bytes!("weights.bin"), CLASSES));
    let mut shares = [0.0; CLASSES];
    if let (Some(network), Some(patch)) = (NETWORK.as_ref(), Patch::cut(card, rect, line)) {
        shares.copy_from_slice(&network.read(&patch.pixels, patch.shape.measures()).shares);
    }
    Shares(shares)
}

/// A box in which glyphs and dashes may touch, in parts where each of these is sure;
/// else as it is, with the `shares` that it was read with. A part that is a dash or a
/// dot has no shares.
pub(super) fn taken_apart(
    card: &GrayImage,
    rect: &Rect,
    shares: &Shares,
    line: &Rect,
) -> Vec<(Rect, Option<Shares>)> {
    let is_letter = shares.letter().1 >= SURE && rect.width < cut::WIDEST * line.height;
    // No digit is wider than high.
    let is_digit = shares.digit().1 >= SURE && rect.width <= rect.height;
    if !is_letter && !is_digit && rect.width > WIDE * line.height {
        let parts = cut::parts(card, rect, line, SURE);
        if let Some(parts) = parts.filter(|parts| parts.len() > 1) {
            return parts.into_iter().map(|part| (part.rect, part.shares)).collect();
        }
    }
    vec![(*rect, Some(shares.clone()))]
}

/// A box wider than this, in heights of digits, may hold several.
const WIDE: f32 = 0.6;

/// Parts are glyphs from this share on; so is a whole from it on no several.
const SURE: f32 = 0.9;

/// The weights as they are kept: the scale of all, then a byte each.
pub fn pack(weights: &[f32]) -> Vec<u8> {
    let blocks = weights.chunks(BLOCK);
    blocks
        .flat_map(|block| {
            let most = block.iter().fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
            let scale = most / 127.0;
            let bytes = block.iter().map(move |weight| (weight / scale).round() as i8 as u8);
            scale.to_le_bytes().into_iter().chain(bytes)
        })
        .collect()
}

/// So many weights share a scale.
const BLOCK: usize = 64;

/// The network of packed weights; nothing when they are not of its size.
pub fn unpack(packed: &[u8], classes: usize) -> Option<Network> {
    let mut weights = Vec::with_capacity(packed.len());
    for block in packed.chunks(BLOCK + 4) {
        let (scale, bytes) = block.split_first_chunk::<4>()?;
        let scale = f32::from_le_bytes(*scale);
        weights.extend(bytes.iter().map(|byte| f32::from(*byte as i8) * scale));
    }
    Network::new(weights, classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_weights_make_a_network() {
        assert!(unpack(include_bytes!("weights.bin"), CLASSES).is_some());
        assert!(unpack(&[0; 100], CLASSES).is_none());
    }

    #[test]
    fn packing_moves_no_weight_by_more_than_a_step() {
        let weights: Vec<f32> = (0..Network::size(CLASSES)).map(|n| (n as f32).sin()).collect();
        let mut network = unpack(&pack(&weights), CLASSES).unwrap();
        for (was, is) in weights.iter().zip(network.weights_mut()) {
            assert!((was - *is).abs() <= 0.5 / 127.0 + 1e-6);
        }
    }
}
