//! Cuts pieces of print out of a card for the engine, and puts the words back
//! where they stand on it.

use super::recogniser::{HEIGHT, strip_size};
use super::way::Way;
use super::{EngineReading, Layout, Line, Model, OcrEngine, OcrError, Rect, Script, Snippet, Word};
use crate::imaging::{Card, Filter, Window, resized};

/// The margins around print, in letter heights: letters that touch the edge of
/// a picture are lost, neighbours in it are read.
const ACROSS: f32 = 0.5;
const DOWN: f32 = 0.3;

/// A cut of the card with the way back to it.
pub(super) struct Piece {
    pub(super) snippet: Snippet,
    left: f32,
    top: f32,
    /// Pixels of the snippet for one of the card, across and down.
    factor: (f32, f32),
}

impl Piece {
    /// Cuts `rect`, whose letters are `letters` high, to be read in one way.
    pub(super) fn cut(card: &Card, rect: &Rect, letters: f32, way: Way) -> Self {
        if way.model == Model::Own {
            return Self::strip(card, rect, letters);
        }
        let part = window(card, rect, letters);
        let down = way.height / letters.max(1.0);
        let size = |side: u32, factor: f32| ((side as f32 * factor).round() as u32).clamp(8, 8000);
        let size = (size(part.width, down * way.stretch), size(part.height, down));
        Self::of(card, part, size, (down * way.stretch, down), way.model)
    }

    /// Cuts `rect` for our own recogniser, to which all lines are of one height.
    pub(super) fn strip(card: &Card, rect: &Rect, letters: f32) -> Self {
        let part = window(card, rect, letters);
        let (width, down) = strip_size(part.width, part.height);
        let across = width as f32 / part.width as f32;
        Self::of(card, part, (width, HEIGHT), (across, down), Model::Own)
    }

    fn of(card: &Card, part: Window, size: (u32, u32), factor: (f32, f32), model: Model) -> Self {
        let image = resized(&card.pixels, part, size, Filter::Cubic);
        let snippet = Snippet { image, model, layout: Layout::Line };
        Self { snippet, left: part.left as f32, top: part.top as f32, factor }
    }

    /// The script that its model reads.
    pub(super) fn script(&self) -> Script {
        self.snippet.model.script()
    }

    /// The words of the engine as print of the card.
    pub(super) fn place(&self, words: &[Word]) -> Vec<Word> {
        words.iter().filter_map(|word| self.place_one(word)).collect()
    }

    fn place_one(&self, word: &Word) -> Option<Word> {
        let text = plain(&word.text);
        let Rect { x, y, width, height } = word.rect;
        let (across, down) = self.factor;
        let rect =
            Rect::new(x / across + self.left, y / down + self.top, width / across, height / down);
        let (engine, confidence) = (self.snippet.model.engine(), word.confidence);
        let readings = vec![EngineReading { engine, text: format!("{text} "), confidence }];
        (!text.is_empty()).then_some(Word { text, confidence, rect, readings })
    }
}

/// Has pieces read, and puts the words where they stand on the card.
pub(super) fn read(
    engine: &mut dyn OcrEngine,
    pieces: &[Piece],
) -> Result<Vec<Vec<Word>>, OcrError> {
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    let snippets: Vec<_> = pieces.iter().map(|piece| piece.snippet.clone()).collect();
    let answers = engine.read(&snippets)?;
    let words = |lines: Vec<Line>| lines.into_iter().flat_map(|line| line.words);
    let placed = |(piece, lines): (&Piece, _)| piece.place(&words(lines).collect::<Vec<_>>());
    Ok(pieces.iter().zip(answers).map(placed).collect())
}

/// The text without what no card prints (vowel signs, tatweel, direction
/// marks), with Western digits.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| {
            !matches!(letter, '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}'
                | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .map(|letter| match letter {
            '٠'..='٩' => western(letter, '٠'),
            '۰'..='۹' => western(letter, '۰'),
            other => other,
        })
        .collect()
}

fn western(digit: char, zero: char) -> char {
    char::from_digit(digit as u32 - zero as u32, 10).unwrap_or(digit)
}

/// The part of a card that holds `rect` with its margins.
fn window(card: &Card, rect: &Rect, letters: f32) -> Window {
    let left = (rect.x - letters * ACROSS).max(0.0).floor();
    let top = (rect.y - letters * DOWN).max(0.0).floor();
    let right = (rect.right() + letters * ACROSS).min(card.pixels.width() as f32);
    let bottom = (rect.bottom() + letters * DOWN).min(card.pixels.height() as f32);
    let (wide, high) = ((right - left).max(1.0) as u32, (bottom - top).max(1.0) as u32);
    Window { left: left as u32, top: top as u32, width: wide, height: high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_digits_become_western_and_vowel_signs_are_dropped() {
        assert_eq!(plain("الم\u{64e}د\u{650}ير"), "المدير");
        assert_eq!(plain("١٢/٠٩"), "12/09");
        assert_eq!(plain("۱۹۹۰"), "1990");
        assert_eq!(plain("\u{200f}ب\u{640}"), "ب");
    }
}
