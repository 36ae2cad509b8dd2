//! An Arabic letter inside a number, as registration plates have it: `1234-ب-56`.
//!
//! The French model reads the digits and stumbles over the letter; the Arabic
//! model loses the digits. So the letter is cut out between its dashes and
//! read alone, and put back between the digits.

use image::GrayImage;

use super::piece::Piece;
use super::script::is_arabic;
use super::{Layout, Line, Model, Rect, Word};
use crate::imaging::Card;

/// Letter heights at which the inset is read: a single letter has no context,
/// so several readings are asked for their majority.
const HEIGHTS: [f32; 5] = [20.0, 24.0, 30.0, 36.0, 44.0];
/// Pixels darker than this are ink on an evened card.
const INK: u8 = 140;
/// A dash is at most this part of its line high, and at least this part wide.
const DASH: (f32, f32) = (0.3, 0.15);

/// A number with an inset, within a line of the French model.
pub(super) struct Inset {
    word: usize,
    before: String,
    after: String,
    rect: Rect,
    letters: f32,
}

impl Inset {
    /// Finds the numbers of a line that hold something between two dashes.
    pub(super) fn find(card: &Card, line: &Line) -> Vec<Self> {
        let words = line.words.iter().enumerate();
        words.filter_map(|(index, word)| Self::of_word(card, index, word)).collect()
    }

    fn of_word(card: &Card, word: usize, Word { text, rect, .. }: &Word) -> Option<Self> {
        let digits = |letter: &char| letter.is_ascii_digit();
        let before: String = text.chars().take_while(digits).collect();
        let after: String = text.chars().rev().take_while(digits).collect();
        let after: String = after.chars().rev().collect();
        let middle = text.get(before.len()..text.len().checked_sub(after.len())?)?;
        let is_date = after.len() == 4 && middle.chars().filter(digits).count() == 2;
        let is_number = !before.is_empty() && !after.is_empty() && before.len() + after.len() >= 3;
        if !is_number || !middle.contains('-') || is_date {
            return None;
        }
        let gap = between_dashes(&card.pixels, rect)?;
        Some(Self { word, before, after, rect: gap, letters: rect.height })
    }

    /// The cuts to be read, for [`Inset::fill`].
    pub(super) fn pieces(&self, card: &Card) -> impl Iterator<Item = Piece> {
        HEIGHTS.iter().map(move |height| {
            let piece = Piece::cut(card, &self.rect, self.letters, *height, Model::Arabic);
            piece.with_layout(Layout::Word)
        })
    }

    /// How many pieces an inset takes.
    pub(super) const fn ways() -> usize {
        HEIGHTS.len()
    }

    /// Puts the letter that most readings agree on into the line.
    pub(super) fn fill(&self, line: &mut Line, readings: &[Vec<Word>]) {
        let letters: Vec<(char, f32)> = readings.iter().filter_map(|words| letter(words)).collect();
        let votes = |wanted: char| letters.iter().filter(|(letter, _)| *letter == wanted).count();
        let Some(&(best, _)) = letters.iter().max_by_key(|(letter, _)| votes(*letter)) else {
            return;
        };
        let agreed = votes(best) as f32 / readings.len().max(1) as f32;
        if let Some(word) = line.words.get_mut(self.word) {
            word.text = format!("{}-{best}-{}", self.before, self.after);
            word.confidence = word.confidence.max(0.6).min(0.4 + agreed / 2.0);
        }
    }
}

/// The one Arabic letter of a reading.
fn letter(words: &[Word]) -> Option<(char, f32)> {
    let mut letters = words.iter().flat_map(|word| {
        word.text
            .chars()
            .filter(|letter| is_arabic(*letter))
            .map(|letter| (letter, word.confidence))
    });
    let first = letters.next()?;
    letters.next().is_none().then_some(first)
}

/// The box between the outermost two dashes in `rect`.
fn between_dashes(pixels: &GrayImage, rect: &Rect) -> Option<Rect> {
    let runs = runs(pixels, rect);
    let is_dash = |run: &&Rect| {
        run.height <= rect.height * DASH.0
            && run.width >= rect.height * DASH.1
            && (run.mid_y() - rect.mid_y()).abs() < rect.height * 0.35
    };
    let first = runs.iter().find(is_dash)?;
    let last = runs.iter().rev().find(is_dash)?;
    let inner = runs.iter().filter(|run| run.x >= first.right() && run.right() <= last.x);
    let inner = inner.copied().reduce(|all, run| all.union(&run))?;
    (inner.width < rect.height * 3.0).then_some(inner)
}

/// The boxes of ink that blank columns part, from left to right.
fn runs(pixels: &GrayImage, rect: &Rect) -> Vec<Rect> {
    let margin = rect.height * 0.25;
    let top = (rect.y - margin).max(0.0) as u32;
    let bottom = ((rect.bottom() + margin) as u32).min(pixels.height());
    let (left, right) = (rect.x.max(0.0) as u32, (rect.right().ceil() as u32).min(pixels.width()));
    let mut runs: Vec<Rect> = Vec::new();
    let mut is_open = false;
    for x in left..right {
        let mut inked = (top..bottom).filter(|y| pixels.get_pixel(x, *y).0[0] < INK);
        let Some(first) = inked.next() else {
            is_open = false;
            continue;
        };
        let last = inked.next_back().unwrap_or(first);
        let column = Rect::new(x as f32, first as f32, 1.0, (last - first + 1) as f32);
        match runs.last_mut() {
            Some(run) if is_open => *run = run.union(&column),
            _ => runs.push(column),
        }
        is_open = true;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Draws black boxes on white.
    fn drawn(boxes: &[(u32, u32, u32, u32)]) -> GrayImage {
        let mut image = GrayImage::from_pixel(200, 40, Luma([255]));
        for &(x, y, width, height) in boxes {
            for (across, down) in (0..width).flat_map(|a| (0..height).map(move |d| (a, d))) {
                image.put_pixel(x + across, y + down, Luma([0]));
            }
        }
        image
    }

    #[test]
    fn what_stands_between_two_dashes_is_found() {
        let digits_dash_letter_dash_digits =
            [(5, 5, 12, 30), (20, 18, 10, 4), (40, 15, 25, 15), (75, 18, 10, 4), (90, 5, 12, 30)];
        let image = drawn(&digits_dash_letter_dash_digits);

        let found = between_dashes(&image, &Rect::new(5.0, 5.0, 97.0, 30.0)).unwrap();

        assert_eq!(found, Rect::new(40.0, 15.0, 25.0, 15.0));
    }

    #[test]
    fn one_dash_encloses_nothing() {
        let image = drawn(&[(5, 5, 12, 30), (20, 18, 10, 4), (40, 5, 12, 30)]);

        assert!(between_dashes(&image, &Rect::new(5.0, 5.0, 50.0, 30.0)).is_none());
    }
}
