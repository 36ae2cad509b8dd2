//! Marks of ink to glyphs: dots and hamzas join the letters that they belong to.

use crate::ocr::Rect;

/// Marks lower than this share of the line's digits are signs or dots, no glyphs.
const SIGN: f32 = 0.4;

/// A value's digits may be larger than its label's letters by this.
const LARGER: f32 = 1.3;

/// No glyph is higher, in letter heights: a label beside it may be in small print.
const TALLEST: f32 = 2.2;

/// How far a row may go on beside the place where it was found, in letter heights.
const REACH: f32 = 8.0;

/// Something that stands alone in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The box around all its marks.
    pub rect: Rect,
    /// Whether it is of marks as small as a dash or a dot.
    pub is_sign: bool,
}

/// A row of print of which glyphs are read alone.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its glyphs from left to right.
    pub glyphs: Vec<Glyph>,
    /// As high as its digits, from its first glyph to its last.
    pub line: Rect,
}

impl Row {
    /// Finds the glyphs among `marks` in the band of `place`, whose letters are
    /// some `letters` high; nothing where there are none.
    pub fn find(marks: &[Rect], place: &Rect, letters: f32) -> Option<Self> {
        let (top, bottom) = (place.y - 0.1 * letters, place.bottom() + 0.1 * letters);
        let reach = REACH * letters;
        let mut inside: Vec<Rect> = marks
            .iter()
            .filter(|mark| (top..bottom).contains(&mark.mid_y()) && mark.height < TALLEST * letters)
            .filter(|mark| mark.x < place.right() + reach && mark.right() > place.x - reach)
            .copied()
            .collect();
        inside.sort_by(|left, right| left.x.total_cmp(&right.x));
        // Each with the height of its tallest mark.
        let mut boxes: Vec<(Rect, f32)> = Vec::new();
        for mark in inside {
            match boxes.last_mut() {
                Some((last, tallest)) if shared(last, &mark) > 0.5 => {
                    *last = last.union(&mark);
                    *tallest = tallest.max(mark.height);
                }
                _ => boxes.push((mark, mark.height)),
            }
        }
        let tall = |measure: fn(&Rect) -> f32| {
            let tall = boxes.iter().filter(|(glyph, _)| glyph.height > 0.6 * letters);
            median(tall.map(|(glyph, _)| measure(glyph)).collect())
        };
        let (top, bottom) = (tall(|glyph| glyph.y)?, tall(Rect::bottom)?);
        let (first, last) = (boxes.first()?.0, boxes.last()?.0);
        let line = Rect::new(first.x, top, last.right() - first.x, (bottom - top).max(1.0));
        // Two dots make a colon, no letter. Beside a value, whose digits may be
        // larger than the letters of its label, a sign is low; a bar beside a letter
        // is higher than any digit.
        let beside = |index: usize| {
            let from = index.saturating_sub(1);
            let near = boxes[from..].iter().take(index + 2 - from);
            near.map(|(_, tallest)| tallest.min(LARGER * line.height)).fold(line.height, f32::max)
        };
        let is_sign = |index: usize| boxes[index].1 < SIGN * beside(index);
        let glyphs = (0..boxes.len())
            .map(|index| Glyph { rect: boxes[index].0, is_sign: is_sign(index) })
            .collect();
        Some(Self { glyphs, line })
    }
}

/// How much of the narrower width two marks have in common.
fn shared(left: &Rect, right: &Rect) -> f32 {
    let shared = left.right().min(right.right()) - left.x.max(right.x);
    shared / left.width.min(right.width).max(1.0)
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_join_their_letter_and_dashes_stand_alone() {
        let digit = Rect::new(0.0, 10.0, 14.0, 30.0);
        let last = Rect::new(90.0, 10.0, 14.0, 30.0);
        let dash = Rect::new(20.0, 25.0, 10.0, 4.0);
        let (bowl, dot) = (Rect::new(36.0, 18.0, 30.0, 14.0), Rect::new(49.0, 36.0, 4.0, 4.0));
        let elsewhere = Rect::new(10.0, 80.0, 14.0, 30.0);

        let marks = [dot, last, digit, elsewhere, dash, bowl];
        let row = Row::find(&marks, &Rect::new(0.0, 10.0, 70.0, 30.0), 30.0).unwrap();

        let boxes: Vec<(f32, bool)> = row.glyphs.iter().map(|g| (g.rect.x, g.is_sign)).collect();
        assert_eq!(boxes, [(0.0, false), (20.0, true), (36.0, false), (90.0, false)]);
        assert_eq!(row.glyphs[2].rect, bowl.union(&dot));
        assert_eq!((row.line.y, row.line.height), (10.0, 30.0));
    }

    #[test]
    fn two_dots_are_a_sign() {
        let digit = |x| Rect::new(x, 10.0, 14.0, 30.0);
        let (upper, lower) = (Rect::new(30.0, 20.0, 4.0, 4.0), Rect::new(30.0, 36.0, 4.0, 4.0));

        let marks = [digit(0.0), upper, lower, digit(50.0)];
        let row = Row::find(&marks, &Rect::new(0.0, 10.0, 64.0, 30.0), 30.0).unwrap();

        let signs: Vec<bool> = row.glyphs.iter().map(|glyph| glyph.is_sign).collect();
        assert_eq!(signs, [false, true, false]);
    }
}
