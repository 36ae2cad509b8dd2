//! The first look at a card: our own recogniser reads every piece of print, in whatever
//! script it is. What it is sure of needs no other engine; the rest is the library's too.

use super::piece::Piece;
use super::{Line, Model, OcrEngine, OcrError};
use crate::imaging::{Card, Segment};

/// A piece is believed at once from this chance on that all of it is right.
const SURE: f32 = 0.95;

/// What our own recogniser made of a piece.
#[derive(Default)]
pub(super) struct Own {
    /// The leftmost first; none where it saw no print, or is not there.
    pub(super) lines: Vec<Line>,
    /// Whether nobody else needs to be asked.
    pub(super) is_sure: bool,
}

impl Own {
    fn of(lines: Vec<Line>, segment: &Segment) -> Self {
        let chance: f32 =
            lines.iter().flat_map(|line| &line.words).map(|word| word.confidence).product();
        let ends = lines.iter().map(Line::rect).reduce(|all, one| all.union(&one));
        let covers = ends.is_some_and(|rect| rect.width > 0.85 * segment.rect.width);
        Self { is_sure: covers && chance >= SURE, lines }
    }

    /// The only line, where all is of one script.
    pub(super) fn single(&self) -> Option<&Line> {
        if let [line] = self.lines.as_slice() { Some(line) } else { None }
    }
}

/// Reads all pieces of a card at once.
pub(super) fn look(
    card: &Card,
    segments: &[Segment],
    engine: &mut dyn OcrEngine,
) -> Result<Vec<Own>, OcrError> {
    if !engine.has(Model::Own) {
        return Ok(segments.iter().map(|_| Own::default()).collect());
    }
    let pieces: Vec<Piece> = segments
        .iter()
        .map(|segment| Piece::strip(card, &segment.rect, segment.letter_height))
        .collect();
    let snippets: Vec<_> = pieces.iter().map(|piece| piece.snippet.clone()).collect();
    let answers = engine.read(&snippets)?;
    let placed = |(piece, lines): (&Piece, Vec<Line>)| -> Vec<Line> {
        let place = |line: Line| Line { script: line.script, words: piece.place(&line.words) };
        lines.into_iter().map(place).filter(|line| !line.words.is_empty()).collect()
    };
    let lines = pieces.iter().zip(answers).map(placed);
    Ok(lines.zip(segments).map(|(lines, segment)| Own::of(lines, segment)).collect())
}
