//! Cuts pieces of print out of a card for the engine, and puts the words back
//! where they stand on it.

use super::recogniser::{HEIGHT, strip_size};
use super::way::Way;
use super::{
    Engine, EngineReading, Layout, Line, Model, OcrEngine, OcrError, Rect, Script, Snippet, Word,
};
use crate::imaging::{Card, Filter, Window, resized};

/// The margins around print, in letter heights: letters that touch the edge of
/// a picture are lost, neighbours in it are read.
const ACROSS: f32 = 0.5;
const DOWN: f32 = 0.3;

/// A cut of the card with the way back to it.
pub(super) struct Piece {
    pub(super) snippet: Snippet,
    place: Place,
}

/// Where a snippet was cut, and who reads it.
struct Place {
    left: f32,
    top: f32,
    /// Pixels of the snippet for one of the card, across and down.
    factor: (f32, f32),
    engine: Engine,
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
        let (left, top) = (part.left as f32, part.top as f32);
        Self { snippet, place: Place { left, top, factor, engine: model.engine() } }
    }

    /// The script that its model reads.
    pub(super) fn script(&self) -> Script {
        self.snippet.model.script()
    }
}

impl Place {
    /// A line of the engine as print of the card.
    fn put(&self, line: &Line) -> Line {
        let words = line.words.iter().filter_map(|word| self.put_word(word)).collect();
        Line { script: line.script, words }
    }

    fn put_word(&self, word: &Word) -> Option<Word> {
        let text = plain(&word.text);
        let Rect { x, y, width, height } = word.rect;
        let (across, down) = self.factor;
        let rect =
            Rect::new(x / across + self.left, y / down + self.top, width / across, height / down);
        let (engine, confidence) = (self.engine, word.confidence);
        let readings = vec![EngineReading { engine, text: format!("{text} "), confidence }];
        (!text.is_empty()).then_some(Word { text, confidence, rect, readings })
    }
}

/// Has pieces read, and puts the lines of each where they stand on the card.
pub(super) fn read_lines(
    engine: &mut dyn OcrEngine,
    pieces: Vec<Piece>,
) -> Result<Vec<Vec<Line>>, OcrError> {
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    let (snippets, places): (Vec<Snippet>, Vec<Place>) =
        pieces.into_iter().map(|piece| (piece.snippet, piece.place)).unzip();
    let answers = engine.read(&snippets)?;
    let put =
        |(place, lines): (&Place, Vec<Line>)| lines.iter().map(|line| place.put(line)).collect();
    Ok(places.iter().zip(answers).map(put).collect())
}

/// The same for models that read one line of each piece: its words.
pub(super) fn read(
    engine: &mut dyn OcrEngine,
    pieces: Vec<Piece>,
) -> Result<Vec<Vec<Word>>, OcrError> {
    let words = |lines: Vec<Line>| lines.into_iter().flat_map(|line| line.words).collect();
    Ok(read_lines(engine, pieces)?.into_iter().map(words).collect())
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
