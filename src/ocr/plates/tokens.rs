//! The glyphs of a row as a plate is put together from them.

use super::{CERTAIN, GAPS, SURE};
use crate::imaging::Card;
use crate::ocr::Rect;
use crate::ocr::glyphs::{self, Glyph, Shares};

/// A stroke this narrow for its height is a bar or a bare alif, no digit.
const THIN: f32 = 0.25;
/// Digits that differ so much from the row's letters have a measure of their own.
const ANOTHER_SIZE: f32 = 0.15;

/// A glyph of a row with what it may be; signs are left out.
pub(super) struct Token {
    pub(super) rect: Rect,
    pub(super) shares: Shares,
    /// From the glyph before, in heights of digits.
    pub(super) gap: f32,
    /// Whether a dash, a dot or a bar stands before.
    pub(super) after_sign: bool,
}

impl Token {
    pub(super) fn is_digit(&self) -> bool {
        self.shares.digit().1 >= SURE && !self.is_thin()
    }

    fn is_thin(&self) -> bool {
        self.rect.width < THIN * self.rect.height
    }

    /// Whether it is of one number with the glyph before, of which some digits
    /// may touch and be none by themselves.
    pub(super) fn is_joined(&self, before: &Self) -> bool {
        let both = self.is_digit() && before.is_digit();
        !self.after_sign && self.gap <= if both { GAPS[1] } else { GAPS[0] }
    }

    /// Whether it is set apart from the glyph before.
    pub(super) fn is_apart(&self) -> bool {
        self.after_sign || self.gap > GAPS[0]
    }
}

/// A box of ink with what it may be; a sign, such as a dash, has no shares.
pub(super) type Inked = (Rect, Option<Shares>);

pub(super) fn read_all(card: &Card, glyphs: &[Glyph], line: &Rect) -> Vec<Inked> {
    let read = |glyph: &Glyph| glyphs::read(&card.pixels, &glyph.rect, line);
    glyphs.iter().map(|glyph| (glyph.rect, (!glyph.is_sign).then(|| read(glyph)))).collect()
}

pub(super) fn taken_apart(card: &Card, boxes: &[Inked], line: &Rect) -> Vec<Inked> {
    let parts = |(rect, shares): &Inked| match shares {
        Some(shares) => glyphs::taken_apart(&card.pixels, rect, shares, line),
        None => vec![(*rect, None)],
    };
    boxes.iter().flat_map(parts).collect()
}

/// The line as high as the digits that are certain, where that is another height.
pub(super) fn digits_line(boxes: &[Inked], line: &Rect) -> Option<Rect> {
    let is_digit = |shares: &Shares| shares.digit().1 >= CERTAIN;
    let digits = boxes.iter().filter(|(_, shares)| shares.as_ref().is_some_and(is_digit));
    median(digits.map(|(rect, _)| *rect).collect())
        .map(|digit| Rect::new(line.x, digit.y, line.width, digit.height))
        .filter(|other| (other.height / line.height - 1.0).abs() > ANOTHER_SIZE)
}

pub(super) fn tokens(boxes: &[Inked], line: &Rect) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut after_sign = false;
    for (rect, shares) in boxes {
        let Some(shares) = shares else {
            after_sign = true;
            continue;
        };
        let reached = tokens.last().map_or(rect.x, |last| last.rect.right());
        let gap = (rect.x - reached) / line.height;
        tokens.push(Token { rect: *rect, shares: shares.clone(), gap, after_sign });
        after_sign = false;
    }
    tokens
}

/// The box of the middle height.
fn median(mut boxes: Vec<Rect>) -> Option<Rect> {
    boxes.sort_by(|left, right| left.height.total_cmp(&right.height));
    boxes.get(boxes.len() / 2).copied()
}

/// Takes out strokes that enclose one glyph, `1234 | ب | 56`: the glyph is set
/// apart by them.
pub(super) fn without_bars(mut tokens: Vec<Token>) -> Vec<Token> {
    let enclosed = |three: &[Token]| {
        three[0].is_thin() && three[2].is_thin() && three[1].is_apart() && three[2].is_apart()
    };
    while let Some(index) = tokens.windows(3).position(enclosed) {
        for bar in [index + 2, index] {
            tokens.remove(bar);
            if let Some(next) = tokens.get_mut(bar) {
                next.after_sign = true;
            }
        }
    }
    tokens
}
