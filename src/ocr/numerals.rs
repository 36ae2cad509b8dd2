//! Completes the numbers in Arabic rows: the Arabic model loses digits, most
//! often the first of two. The glyph network reads them one by one.

use super::glyphs::{Row, read};
use super::{Line, Rect, Script, Word};
use crate::imaging::Card;

/// Digits count from this share on: Arabic letters look like some.
const SURE: f32 = 0.9;

/// The widest gap between digits of one number, for their height.
const GAP: f32 = 0.35;

/// The most digits of a number in an address.
const DIGITS_MAX: usize = 5;

/// Gives every number of the Arabic lines the digits that stand there.
pub(super) fn complete(card: &Card, marks: &[Rect], lines: &mut [Line]) {
    for line in lines.iter_mut().filter(|line| line.script == Script::Arabic) {
        for word in &mut line.words {
            if is_number(&word.text)
                && let Some(number) = number_at(card, marks, word)
            {
                *word = number;
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit())
}

/// The digits that stand where a number was read, when they hold all of its own.
fn number_at(card: &Card, marks: &[Rect], word: &Word) -> Option<Word> {
    let row = Row::find(marks, &word.rect, word.rect.height)?;
    let height = row.line.height;
    let mut runs: Vec<(Rect, String, f32)> = Vec::new();
    let mut open = false;
    for glyph in &row.glyphs {
        let (digit, share) = read(&card.pixels, &glyph.rect, &row.line).digit();
        if glyph.is_sign || share < SURE {
            open = false;
            continue;
        }
        match runs.last_mut().filter(|run| open && glyph.rect.x - run.0.right() < GAP * height) {
            Some((rect, text, least)) => {
                *rect = rect.union(&glyph.rect);
                text.push(digit);
                *least = least.min(share);
            }
            None => runs.push((glyph.rect, digit.to_string(), share)),
        }
        open = true;
    }
    let (rect, text, least) = runs
        .into_iter()
        .find(|(rect, ..)| rect.x < word.rect.right() && word.rect.x < rect.right())?;
    let mut seen = text.chars();
    let holds = word.text.chars().all(|digit| seen.any(|other| other == digit));
    let complete = holds && text.len() > word.text.len() && text.len() <= DIGITS_MAX;
    complete.then(|| {
        let confidence = word.confidence.min(least);
        Word { text, confidence, rect, readings: word.readings.clone() }
    })
}
