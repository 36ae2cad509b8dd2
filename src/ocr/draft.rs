//! What the first look at a card gave, and the second round: what was left in doubt is
//! read again, then the machine-readable zone and the plates.

use super::doubt::{self, Doubt};
use super::numerals;
use super::own::{LEGIBLE, letters};
use super::plates::{self, Candidate};
use super::script::{Verdict, weight};
use super::way::Way;
use super::zone::ZoneLine;
use super::{Knowledge, Line, OcrEngine, OcrError, Page, Rect};
use crate::imaging::{Card, Segment};

/// A piece of print and what became of it.
pub(super) struct Reading {
    pub(super) segment: Segment,
    pub(super) verdict: Verdict,
    /// What the French model read, whatever it is worth.
    pub(super) latin: String,
    /// All readings.
    pub(super) tried: Vec<(Way, Line)>,
}

/// What the first look at a card gave.
pub(super) struct Draft {
    pub(super) readings: Vec<Reading>,
    pub(super) zone: Vec<ZoneLine>,
    pub(super) portrait: Option<Rect>,
    pub(super) marks: Vec<Rect>,
}

impl Draft {
    /// The page, once what is in doubt was read again.
    pub(super) fn finish(
        self,
        card: &Card,
        knowledge: &dyn Knowledge,
        engine: &mut dyn OcrEngine,
    ) -> Result<Page, OcrError> {
        let mut round = Round::default();
        let mut candidates = Vec::new();
        for Reading { segment, verdict, latin, tried } in self.readings {
            round.sort(&segment, verdict, &latin, &tried, knowledge);
            let letters = segment.letter_height;
            candidates.push(Candidate { rect: segment.rect, letters, latin });
        }
        let Round { mut lines, doubts } = round;
        lines.extend(doubt::settle(card, doubts, engine)?);
        let mrz = ZoneLine::read_all(card, &self.zone, knowledge, engine)?;
        // What has a machine-readable zone has no plate.
        if !knowledge.zone_holds(&mrz) {
            plates::fill(card, &self.marks, &candidates, &mut lines);
        }
        numerals::complete(card, &self.marks, &mut lines);
        lines.sort_by(|left, right| left.rect().mid_y().total_cmp(&right.rect().mid_y()));
        Ok(Page {
            width: card.pixels.width() as f32,
            height: card.pixels.height() as f32,
            lines,
            mrz,
            portrait: self.portrait,
            placement: card.placement,
        })
    }

    /// How many letters were read with certainty, and how many are print at
    /// all; upside down few of many are certain.
    pub(super) fn legibility(&self) -> (f32, f32) {
        let (mut certain, mut all) = (0.0, 0.0);
        for reading in &self.readings {
            let (letters, is_certain) = match &reading.verdict {
                Verdict::Plain(line, _) => (letters(line), weight(line) > LEGIBLE),
                Verdict::Mixed(_) => (reading.segment.marks.len() as f32, true),
                Verdict::Heard(lines) => (lines.iter().map(letters).sum(), true),
                Verdict::Noise => (0.0, false),
            };
            all += letters;
            certain += if is_certain { letters } else { 0.0 };
        }
        (certain, all)
    }
}

/// What the first look settled, and what it did not.
#[derive(Default)]
struct Round {
    lines: Vec<Line>,
    doubts: Vec<Doubt>,
}

impl Round {
    fn sort(
        &mut self,
        segment: &Segment,
        verdict: Verdict,
        latin: &str,
        tried: &[(Way, Line)],
        knowledge: &dyn Knowledge,
    ) {
        match verdict {
            Verdict::Noise if doubt::has_digits(latin) => self.doubts.push(Doubt::code(segment)),
            Verdict::Noise => {}
            Verdict::Heard(read) => {
                for line in read {
                    self.take(Doubt::heard(segment, line, knowledge));
                }
            }
            Verdict::Mixed(parts) => {
                let part = |(script, rect)| Doubt::part(script, rect, segment.letter_height);
                self.doubts.extend(parts.into_iter().map(part));
            }
            Verdict::Plain(line, latin) => {
                self.take(Doubt::about(segment, line, latin, tried, knowledge));
            }
        }
    }

    fn take(&mut self, outcome: Result<Line, Doubt>) {
        match outcome {
            Ok(line) => self.lines.push(line),
            Err(doubt) => self.doubts.push(doubt),
        }
    }
}
