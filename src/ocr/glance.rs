//! Tells at a glance, without reading it, which script a piece of print is in
//! and whether it stands on its head.
//!
//! Reading costs the engine several milliseconds for each piece and model; a
//! look at a few squares of it costs one, and saves reading most pieces in the
//! wrong script or a whole card upside down. The network is that of
//! [`super::glyphs`] with other weights; `train-glyphs --network glance` makes them.

use std::sync::LazyLock;

use image::GrayImage;

use super::glyphs::{Network, Patch, unpack};
use super::{Rect, Script};
use crate::imaging::Segment;

/// What a square of print can be, in the order of the network's classes.
pub const CLASSES: [&str; 4] = ["latin", "latin turned", "arabic", "arabic turned"];

/// The most squares of a piece that are looked at.
const SQUARES: usize = 6;

/// No square says more than this of what a piece is, as a logarithm: print
/// that the network never saw must not outvote the rest.
const FLOOR: f32 = 0.01;

/// What a piece of print looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Look {
    /// The log-likelihood of each of [`CLASSES`], summed over the squares.
    weights: [f32; CLASSES.len()],
}

impl Look {
    /// Looks at a piece of an evened card.
    pub fn at(card: &GrayImage, segment: &Segment) -> Self {
        static NETWORK: LazyLock<Option<Network>> =
            LazyLock::new(|| unpack(include_bytes!("glance.bin"), CLASSES.len()));
        let mut look = Self::default();
        let Some(network) = NETWORK.as_ref() else { return look };
        for square in squares(&segment.rect) {
            let Some(patch) = Patch::cut(card, &square, &square) else { continue };
            let shares = network.read(&patch.pixels, patch.shape.measures()).shares;
            for (weight, share) in look.weights.iter_mut().zip(shares) {
                *weight += share.max(FLOOR).ln();
            }
        }
        look
    }

    /// The likelier script and the logarithm of how much likelier it is.
    pub fn script(&self) -> (Script, f32) {
        let [latin, latin_turned, arabic, arabic_turned] = self.weights;
        let (latin, arabic) = (latin.max(latin_turned), arabic.max(arabic_turned));
        let script = if latin >= arabic { Script::Latin } else { Script::Arabic };
        (script, (latin - arabic).abs())
    }

    /// The logarithm of how much likelier it stands upright than on its head.
    pub fn upright(&self) -> f32 {
        let [latin, latin_turned, arabic, arabic_turned] = self.weights;
        latin.max(arabic) - latin_turned.max(arabic_turned)
    }
}

/// Squares as high as a piece of print, spread evenly over it.
pub fn squares(rect: &Rect) -> Vec<Rect> {
    let side = rect.height;
    let room = (rect.width - side).max(0.0);
    let count = ((rect.width / side.max(1.0)).round() as usize).clamp(1, SQUARES);
    let first = if rect.width < side { rect.mid_x() - side / 2.0 } else { rect.x };
    (0..count)
        .map(|index| {
            let share = if count == 1 { 0.5 } else { index as f32 / (count - 1) as f32 };
            Rect::new(first + room * share, rect.y, side, side)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use specimen::{Kind, Level, PlacedText};

    use super::*;
    use crate::imaging::{Card, decode, find_print, rectify};

    fn card(kind: Kind, level: Level, seed: u64) -> (Card, Vec<PlacedText>) {
        let drawn = specimen::draw(kind, level, seed).unwrap().recto;
        let photo = decode(&drawn.encode().unwrap()).unwrap();
        (rectify(&photo), drawn.texts)
    }

    /// How much likelier a card stands upright, over all its pieces.
    fn standing(card: &Card) -> f32 {
        let segments = find_print(&card.pixels).segments;
        segments.iter().map(|segment| Look::at(&card.pixels, segment).upright()).sum()
    }

    #[test]
    fn a_card_on_its_head_is_told_from_one_upright() {
        for kind in Kind::ALL {
            for seed in 0..3 {
                let (card, _) = card(kind, Level::Scan, seed);
                assert!(standing(&card) > 0.0, "{kind} {seed}");
                assert!(standing(&card.turned()) < 0.0, "{kind} {seed} turned");
            }
        }
    }

    #[test]
    fn nearly_every_piece_looks_to_be_in_its_script() {
        let (mut right, mut all) = (0, 0);
        for (kind, seed) in Kind::ALL.into_iter().zip(0..) {
            let (card, texts) = card(kind, Level::Photo, seed);
            for segment in &find_print(&card.pixels).segments {
                let place = card.placement.upload_box(&segment.rect);
                let Some(script) = drawn_in(&place, &texts) else { continue };
                all += 1;
                right += usize::from(Look::at(&card.pixels, segment).script().0 == script);
            }
        }
        assert!(all > 40 && right * 100 >= all * 93, "{right} of {all}");
    }

    /// The script of what was drawn in a place, where it is of one.
    fn drawn_in(place: &Rect, texts: &[PlacedText]) -> Option<Script> {
        let mut scripts = texts.iter().filter_map(|text| {
            let [x, y] = [0, 1].map(|axis| text.polygon.map(|corner| corner[axis]));
            let (left, right) = (x.iter().copied().fold(f32::MAX, f32::min), max(&x));
            let (top, bottom) = (y.iter().copied().fold(f32::MAX, f32::min), max(&y));
            let (mid_x, mid_y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
            let inside = (place.x..place.right()).contains(&mid_x)
                && (place.y..place.bottom()).contains(&mid_y);
            inside.then_some(match text.script {
                specimen::Script::Arabic => Script::Arabic,
                _ => Script::Latin,
            })
        });
        let first = scripts.next()?;
        scripts.all(|other| other == first).then_some(first)
    }

    fn max(values: &[f32]) -> f32 {
        values.iter().copied().fold(f32::MIN, f32::max)
    }
}
