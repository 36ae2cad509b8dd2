//! Takes a box apart in which digits, letters and dashes touch.

use std::ops::Range;

use image::GrayImage;

use super::{Shares, read};
use crate::ocr::Rect;

/// The narrowest part, in heights of digits.
const NARROWEST: f32 = 0.15;

/// No letter is as wide as this, in heights of digits.
pub(super) const WIDEST: f32 = 1.7;

/// A part whose ink is lower than this share of the digits is a dash or a dot.
const SIGN: f32 = 0.4;

/// Ink is darker than the paper by this share of the contrast: dots are faint.
const FAINT: f32 = 0.35;

/// The widest dash, in heights of digits.
const SIGN_WIDE: f32 = 0.8;

/// What a dash counts for, as if it were a share of the network.
const SIGN_SHARE: f32 = 0.9;

/// Every part is as unlikely as this: of two ways, the one in fewer parts.
const PART: f32 = 0.8;

/// A letter touches others more rarely than a digit does.
const LETTER: f32 = 0.3;

/// The most columns at which a box may be cut: those with the least ink.
const CUTS_MAX: usize = 14;

/// A part of a box: a glyph, or a sign where there is nothing to read.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The box around its ink.
    pub(super) rect: Rect,
    /// What it may be.
    pub(super) shares: Option<Shares>,
}

impl Part {
    fn is_letter(&self) -> bool {
        self.shares.as_ref().is_some_and(|shares| shares.letter().1 > shares.digit().1)
    }
}

/// The likeliest way to take a box apart, from left to right, whose glyphs are
/// each at least as sure as `sure`; nothing where there is none.
pub(super) fn parts(card: &GrayImage, rect: &Rect, line: &Rect, sure: f32) -> Option<Vec<Part>> {
    let ink = Ink::of(card, rect)?;
    let cuts = ink.cuts();
    // For each cut the best way to it: its worth, the cut before, the part between.
    let mut ways: Vec<Option<(f32, usize, Part)>> = vec![None; cuts.len()];
    for end in 1..cuts.len() {
        for start in 0..end {
            let before = if start == 0 { Some(0.0) } else { ways[start].as_ref().map(|way| way.0) };
            let width = (cuts[end] - cuts[start]) as f32 / line.height;
            let Some(before) = before.filter(|_| (NARROWEST..WIDEST).contains(&width)) else {
                continue;
            };
            let Some((part, share)) = ink.part(card, cuts[start]..cuts[end], line) else {
                continue;
            };
            let worth = before + (share * PART * if part.is_letter() { LETTER } else { 1.0 }).ln();
            if share >= sure && ways[end].as_ref().is_none_or(|way| worth > way.0) {
                ways[end] = Some((worth, start, part));
            }
        }
    }
    let mut parts = Vec::new();
    let mut at = cuts.len() - 1;
    while at > 0 {
        let (_, start, part) = ways[at].take()?;
        parts.push(part);
        at = start;
    }
    parts.reverse();
    // What falls into letters is print of another kind: a plate has one.
    (parts.iter().filter(|part| part.is_letter()).count() <= 1).then_some(parts)
}

/// The ink of a box.
struct Ink {
    left: u32,
    top: u32,
    /// Of each column, top to bottom, which pixels are dark.
    columns: Vec<Vec<bool>>,
}

impl Ink {
    fn of(card: &GrayImage, rect: &Rect) -> Option<Self> {
        let (left, top) = (rect.x.max(0.0) as u32, rect.y.max(0.0) as u32);
        let right = (rect.right().ceil() as u32).min(card.width());
        let bottom = (rect.bottom().ceil() as u32).min(card.height());
        let tones = |x: u32| (top..bottom).map(move |y| card.get_pixel(x, y).0[0]);
        let all = || (left..right).flat_map(tones);
        let (dark, light) = (all().min()?, all().max()?);
        let paper = light - (f32::from(light - dark) * FAINT) as u8;
        let columns = (left..right).map(|x| tones(x).map(|tone| tone < paper).collect()).collect();
        Some(Self { left, top, columns })
    }

    /// Where the box may be cut, its ends among them: where a column has no
    /// more ink than those beside it.
    fn cuts(&self) -> Vec<usize> {
        let dark: Vec<usize> =
            self.columns.iter().map(|column| column.iter().filter(|dark| **dark).count()).collect();
        let is_valley = |x: &usize| dark[*x] <= dark[x - 1] && dark[*x] <= dark[x + 1];
        let mut valleys: Vec<usize> = (1..dark.len().saturating_sub(1)).filter(is_valley).collect();
        valleys.sort_by_key(|x| dark[*x]);
        valleys.truncate(CUTS_MAX);
        valleys.extend([0, dark.len()]);
        valleys.sort_unstable();
        valleys.dedup();
        valleys
    }

    /// What stands between two columns, and how sure that is.
    fn part(&self, card: &GrayImage, between: Range<usize>, line: &Rect) -> Option<(Part, f32)> {
        let columns = &self.columns[between.clone()];
        let is_dark = |y: &usize| columns.iter().any(|column| column[*y]);
        let rows = 0..columns.first()?.len();
        let (first, last) = (rows.clone().find(is_dark)?, rows.rev().find(is_dark)?);
        let (width, height) = (between.len() as f32, (last + 1 - first) as f32);
        let (x, y) =
            ((self.left as usize + between.start) as f32, (self.top as usize + first) as f32);
        let rect = Rect::new(x, y, width, height);
        if height < SIGN * line.height {
            let is_dash = width < SIGN_WIDE * line.height;
            return is_dash.then_some((Part { rect, shares: None }, SIGN_SHARE));
        }
        let shares = read(card, &rect, line);
        let share = if width > height { shares.letter().1 } else { shares.most() };
        Some((Part { rect, shares: Some(shares) }, share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_box_is_cut_where_its_ink_is_thin() {
        let mut card = GrayImage::from_pixel(100, 40, Luma([255]));
        for (x, y) in (10..50).flat_map(|x| (5..35).map(move |y| (x, y))) {
            // Two blocks that touch in a thin bridge at 27 to 31.
            if !(27..31).contains(&x) || (18..21).contains(&y) {
                card.put_pixel(x, y, Luma([0]));
            }
        }

        let cuts = Ink::of(&card, &Rect::new(10.0, 5.0, 40.0, 30.0)).unwrap().cuts();

        assert!(cuts.contains(&0) && cuts.contains(&40));
        assert!(cuts.iter().any(|x| (17..21).contains(x)), "{cuts:?}");
    }
}
