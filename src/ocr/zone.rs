//! Finds the machine-readable zone of a card (ICAO Doc 9303-5: three lines of
//! thirty OCR-B letters) and says how it is read.

use super::piece::{Piece, read};
use super::way::Way;
use super::{EngineReading, Knowledge, Line, Model, OcrEngine, OcrError, Rect, Script, Word};
use crate::imaging::{Card, Segment};

/// How the lines are read, each way: no model and no size is best everywhere,
/// and check digits tell afterwards.
const WAYS: [Way; 5] = [
    Way::OWN,
    Way::new(Model::Mrz, 30.0),
    Way::new(Model::Mrz, 22.0),
    Way::new(Model::French, 32.0),
    Way::new(Model::French, 24.0),
];

/// One printed line of the zone.
pub(super) struct ZoneLine {
    rect: Rect,
    letters: f32,
}

/// Takes the three lines of a zone out of `segments`; empty when there is none.
pub(super) fn take_zone(card: &Card, segments: &mut Vec<Segment>) -> Vec<ZoneLine> {
    let width = card.pixels.width() as f32;
    let rows = wide_rows(segments, width);
    let zone = rows.windows(3).rev().find(|rows| evenly_spaced(rows));
    let Some(zone) = zone else { return Vec::new() };
    let lines: Vec<ZoneLine> =
        zone.iter().map(|row| ZoneLine { rect: row.rect, letters: row.letter_height }).collect();
    segments
        .retain(|segment| lines.iter().all(|line| segment.rect.vertical_overlap(&line.rect) < 0.5));
    lines
}

/// Rows of many letters that reach over most of the card, from top to bottom.
fn wide_rows(segments: &[Segment], width: f32) -> Vec<Segment> {
    let mut rows: Vec<Segment> = Vec::new();
    for segment in segments {
        let same = rows.iter_mut().find(|row| row.rect.vertical_overlap(&segment.rect) > 0.6);
        match same {
            Some(row) => {
                row.rect = row.rect.union(&segment.rect);
                row.letter_height = row.letter_height.max(segment.letter_height);
                row.marks.extend(&segment.marks);
            }
            None => rows.push(segment.clone()),
        }
    }
    rows.retain(|row| {
        row.rect.width > 0.65 * width
            && (18..=40).contains(&row.marks.len())
            && row.rect.height < 1.8 * row.letter_height
            && is_dense(row)
    });
    rows.sort_by(|left, right| left.rect.mid_y().total_cmp(&right.rect.mid_y()));
    rows
}

/// Whether no gap in a row is wider than letters of one spacing leave.
fn is_dense(row: &Segment) -> bool {
    let mut marks = row.marks.clone();
    marks.sort_by(|left, right| left.x.total_cmp(&right.x));
    let mut reached = row.rect.x;
    marks.iter().all(|mark| {
        let gap = mark.x - reached;
        reached = reached.max(mark.right());
        gap < 1.2 * row.letter_height
    })
}

fn evenly_spaced(rows: &[Segment]) -> bool {
    let [first, second, third] = rows else { return false };
    let upper = second.rect.mid_y() - first.rect.mid_y();
    let lower = third.rect.mid_y() - second.rect.mid_y();
    let heights = [first, second, third].map(|row| row.letter_height);
    let (low, high) = heights
        .iter()
        .fold((f32::MAX, 0.0_f32), |(low, high), one| (low.min(*one), high.max(*one)));
    (upper - lower).abs() < 0.3 * upper.max(lower)
        && upper.max(lower) < 4.0 * high
        && high < 1.6 * low
        && (first.rect.x - third.rect.x).abs() < 2.5 * high
}

impl ZoneLine {
    /// Reads the lines in one way after the other until their check digits hold;
    /// all readings of each line, as [`Page::mrz`](super::Page::mrz) has them.
    pub(super) fn read_all(
        card: &Card,
        lines: &[Self],
        knowledge: &dyn Knowledge,
        engine: &mut dyn OcrEngine,
    ) -> Result<Vec<Vec<Line>>, OcrError> {
        let mut readings: Vec<Vec<Vec<Word>>> = lines.iter().map(|_| Vec::new()).collect();
        let mut candidates = Vec::new();
        let has_own = engine.has(Model::Own);
        for way in WAYS.into_iter().filter(|way| has_own || *way != Way::OWN) {
            let cut = |line: &Self| Piece::cut(card, &line.rect, line.letters, way);
            let pieces: Vec<Piece> = lines.iter().map(cut).collect();
            for (readings, words) in readings.iter_mut().zip(read(engine, pieces)?) {
                readings.push(words);
            }
            candidates = readings.iter().cloned().map(Self::candidates).collect();
            if knowledge.zone_holds(&candidates) {
                break;
            }
        }
        Ok(candidates)
    }

    /// The readings, the likeliest first: thirty letters, then certainty.
    fn candidates(readings: Vec<Vec<Word>>) -> Vec<Line> {
        let mut candidates: Vec<Line> =
            readings.into_iter().filter_map(|words| whole(&words)).collect();
        candidates.sort_by(|left, right| {
            let key =
                |line: &Line| (line.text().chars().count().abs_diff(30)) as f32 - line.confidence();
            key(left).total_cmp(&key(right))
        });
        candidates.dedup_by(|later, earlier| later.text() == earlier.text());
        candidates
    }
}

/// A reading as one word: the zone has no blanks.
fn whole(words: &[Word]) -> Option<Line> {
    let line = Line { script: Script::Latin, words: words.to_vec() };
    let text: String = line.words.iter().map(|word| word.text.as_str()).collect();
    let text = text.replace('«', "<<").replace('‹', "<");
    let confidence = line.confidence();
    let engine = words.iter().flat_map(|word| &word.readings).map(|reading| reading.engine).next();
    let reading = |engine| EngineReading { engine, text: text.clone(), confidence };
    let readings = engine.map(reading).into_iter().collect();
    let word = Word { rect: line.rect(), text, confidence, readings };
    (!words.is_empty()).then(|| Line { script: Script::Latin, words: vec![word] })
}
