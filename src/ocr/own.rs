//! The first look at a card: our own recogniser reads every piece of print, in whatever
//! script it is. What it is sure of needs no other engine; what it has read without being
//! sure is confirmed by the library; what it cannot make out is the library's alone.

use super::piece::{Piece, read_lines};
use super::script::weight;
use super::{Line, Model, OcrEngine, OcrError};
use crate::imaging::{Card, Segment};

/// A line of which all is right with a smaller chance than this may be in another script,
/// or no print.
const HEARD: f32 = 0.2;

/// How much of a piece must have been read for nothing of it to be missing.
const COVERED: f32 = 0.85;

/// How far apart the two scripts of a row stand at least, in heights of its letters.
const GAP: f32 = 0.5;

/// A line whose letters are worth less may be upside down.
pub(super) const LEGIBLE: f32 = 0.75;

/// What our own recogniser made of a piece.
pub(super) enum Own {
    /// All that stands there, a line for each script, the leftmost first.
    Heard(Vec<Line>),
    /// It is sure that there is no print.
    Blank,
    /// It was not asked, or cannot make the piece out; its guess where all is of one script.
    Lost(Option<Line>),
}

impl Own {
    fn of(mut lines: Vec<Line>, segment: &Segment) -> Self {
        if !lines.is_empty() && lines.iter().all(|line| line.words.is_empty()) {
            return Self::Blank;
        }
        let ends = lines.iter().map(Line::rect).reduce(|all, one| all.union(&one));
        let covers = ends.is_some_and(|rect| rect.width > COVERED * segment.rect.width);
        let apart = are_apart(&lines, segment.letter_height);
        if covers && apart && lines.iter().all(|line| chance(line) >= HEARD) {
            return Self::Heard(lines);
        }
        Self::Lost(lines.pop().filter(|_| lines.is_empty()))
    }

    /// Whether the library has to begin anew.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }

    /// How many letters were read with certainty, and how many at all.
    pub(super) fn legibility(&self) -> (f32, f32) {
        let (lines, is_heard): (&[Line], bool) = match self {
            Self::Heard(lines) => (lines, true),
            Self::Lost(line) => (line.as_slice(), false),
            Self::Blank => (&[], false),
        };
        lines.iter().fold((0.0, 0.0), |(certain, all), line| {
            let letters = letters(line);
            let is_certain = is_heard && weight(line) > LEGIBLE;
            (certain + if is_certain { letters } else { 0.0 }, all + letters)
        })
    }
}

/// Whether lines are what a row of both scripts is: French, a gap, Arabic. Else a letter was
/// taken for one of the other script.
fn are_apart(lines: &[Line], letters: f32) -> bool {
    match lines {
        [] | [_] => true,
        [left, right] => right.rect().x - left.rect().right() > GAP * letters,
        _ => false,
    }
}

/// How likely every word of a line is right.
pub(super) fn chance(line: &Line) -> f32 {
    line.words.iter().map(|word| word.confidence).product()
}

/// How many letters a line has.
pub(super) fn letters(line: &Line) -> f32 {
    line.words.iter().map(|word| word.text.chars().count() as f32).sum()
}

/// Reads all pieces of a card at once.
pub(super) fn look(
    card: &Card,
    segments: &[Segment],
    engine: &mut dyn OcrEngine,
) -> Result<Vec<Own>, OcrError> {
    if !engine.has(Model::Own) {
        return Ok(segments.iter().map(|_| Own::Lost(None)).collect());
    }
    let pieces: Vec<Piece> = segments
        .iter()
        .map(|segment| Piece::strip(card, &segment.rect, segment.letter_height))
        .collect();
    let lines = read_lines(engine, pieces)?.into_iter();
    Ok(lines.zip(segments).map(|(lines, segment)| Own::of(lines, segment)).collect())
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::imaging::{Placement, Rect};
    use crate::ocr::{Script, Snippet, Word};

    /// Reads a word of this text and certainty over this share of every picture.
    struct Reads(&'static str, f32, f32);

    impl OcrEngine for Reads {
        fn has(&self, _: Model) -> bool {
            true
        }

        fn read(&mut self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError> {
            let line = |snippet: &Snippet| {
                let width = snippet.image.width() as f32;
                let rect = Rect::new(0.0, 0.0, width * self.2, snippet.image.height() as f32);
                let words = [self.0].into_iter().filter(|text| !text.is_empty());
                let words = words.map(|text| Word::new(text, self.1, rect)).collect();
                vec![Line { script: Script::Latin, words }]
            };
            Ok(snippets.iter().map(line).collect())
        }
    }

    fn looked(mut engine: Reads) -> Own {
        let pixels = GrayImage::from_pixel(400, 100, Luma([255]));
        let card = Card { pixels, placement: Placement::IDENTITY, is_framed: true };
        let rect = Rect::new(50.0, 30.0, 300.0, 30.0);
        let segment = Segment { rect, letter_height: 30.0, marks: Vec::new() };
        look(&card, &[segment], &mut engine).unwrap().remove(0)
    }

    #[test]
    fn what_covers_its_piece_is_heard_where_it_stands() {
        let Own::Heard(lines) = looked(Reads("RABAT", 0.9, 1.0)) else { panic!("not heard") };
        let rect = lines[0].rect();
        assert!((rect.x - 35.0).abs() < 2.0 && (rect.width - 330.0).abs() < 4.0, "{rect:?}");
    }

    #[test]
    fn half_of_a_piece_or_a_mere_guess_is_for_the_library() {
        assert!(looked(Reads("RABAT", 0.9, 0.5)).is_lost());
        assert!(looked(Reads("RABAT", 0.1, 1.0)).is_lost());
    }

    #[test]
    fn no_print_is_no_line() {
        assert!(matches!(looked(Reads("", 0.0, 0.0)), Own::Blank));
    }

    #[test]
    fn only_what_was_heard_tells_which_way_up_a_card_lies() {
        assert_eq!(looked(Reads("RABAT", 0.9, 1.0)).legibility(), (5.0, 5.0));
        assert_eq!(looked(Reads("RABAT", 0.5, 1.0)).legibility(), (0.0, 5.0));
        assert_eq!(looked(Reads("RABAT", 0.1, 1.0)).legibility(), (0.0, 5.0));
    }
}
