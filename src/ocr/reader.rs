//! Reads a card: its lines, in both scripts, and its machine-readable zone.
//!
//! Every piece of print is read alone, at the letter height that suits the
//! model. A glance tells the likelier script and which way up the card lies; a
//! second look is spent only where the first was not enough.

use super::doubt::{self, Doubt};
use super::glance::Look;
use super::numerals;
use super::own::{self, Own};
use super::piece::Piece;
use super::plates::{self, Candidate};
use super::script::{Verdict, judge, weight};
use super::way::Way;
use super::zone::{ZoneLine, take_zone};
use super::{Knowledge, Line, OcrEngine, OcrError, Page, Rect, Script, Word};
use crate::imaging::{Card, Print, Segment, find_portrait, find_print};

/// A piece that both models read with less certainty is read again by both.
const DOUBTFUL: f32 = 0.7;

/// A reading of the likelier script that is worth this much needs no other
/// model's opinion.
const PLAIN: f32 = 0.85;

/// How much likelier one script must look for its model to be asked alone.
const CLEAR: f32 = 3.0;

/// Print that is read with less certainty may be upside down.
const LEGIBLE: f32 = 0.75;

/// A card of which fewer letters are certain is read the other way round too.
const LETTERS_MIN: f32 = 25.0;

/// A card of which so many are certain lies right, whatever else is on it: rows
/// of asterisks, a bar code.
const LETTERS_MANY: f32 = 80.0;

/// How much likelier one way up must look for the other not to be read.
const STANDING: f32 = 12.0;

/// The most that one piece says about which way up a card lies.
const SAY: f32 = 4.0;

/// Reads everything that is printed on a card, which may lie upside down;
/// `print` is what [`find_print`] finds on it.
///
/// # Errors
///
/// Those of the engine.
pub fn read_card(
    card: &Card,
    print: Print,
    knowledge: &dyn Knowledge,
    engine: &mut dyn OcrEngine,
) -> Result<Page, OcrError> {
    let sketch = Sketch::of(card, print);
    let standing = sketch.standing();
    if standing < -STANDING {
        let turned = card.turned();
        let draft =
            Sketch::of(&turned, find_print(&turned.pixels)).read(&turned, knowledge, engine)?;
        return second_round(&turned, draft, knowledge, engine);
    }
    let upright = sketch.read(card, knowledge, engine)?;
    let (certain, all) = upright.legibility();
    let legible = certain > LETTERS_MANY || certain > LETTERS_MIN && certain > 0.6 * all;
    if standing > STANDING || legible {
        return second_round(card, upright, knowledge, engine);
    }
    let turned = card.turned();
    let reversed =
        Sketch::of(&turned, find_print(&turned.pixels)).read(&turned, knowledge, engine)?;
    if reversed.legibility().0 > certain {
        second_round(&turned, reversed, knowledge, engine)
    } else {
        second_round(card, upright, knowledge, engine)
    }
}

/// What can be seen of a card before anything is read.
struct Sketch {
    segments: Vec<Segment>,
    looks: Vec<Look>,
    zone: Vec<ZoneLine>,
    portrait: Option<Rect>,
    marks: Vec<Rect>,
}

impl Sketch {
    fn of(card: &Card, print: Print) -> Self {
        let (width, height) = (card.pixels.width() as f32, card.pixels.height() as f32);
        let portrait = find_portrait(&print, width, height);
        let mut segments = print.segments;
        let zone = take_zone(card, &mut segments);
        let looks = segments.iter().map(|segment| Look::at(&card.pixels, segment)).collect();
        Self { segments, looks, zone, portrait, marks: print.marks }
    }

    /// How much likelier the card stands upright than on its head, as a logarithm.
    fn standing(&self) -> f32 {
        self.looks.iter().map(|look| look.upright().clamp(-SAY, SAY)).sum()
    }

    /// The first reading of every piece.
    fn read(
        self,
        card: &Card,
        knowledge: &dyn Knowledge,
        engine: &mut dyn OcrEngine,
    ) -> Result<Draft, OcrError> {
        let own = own::look(card, &self.segments, engine)?;
        let mut both: Vec<Both> = own.into_iter().map(Both::after).collect();
        self.read_likelier(card, knowledge, engine, &mut both)?;
        // At some sizes the engine sees no line at all where at others it does.
        for time in 1..Way::first_look(Script::Latin).len() {
            let doubtful = |index: &usize| both[*index].is_doubtful();
            let again: Vec<(usize, Script)> = (0..both.len())
                .filter(doubtful)
                .flat_map(|index| self.likely(index).map(move |script| (index, script)))
                .collect();
            self.ask(card, engine, &again, time, &mut both)?;
        }
        let readings = self
            .segments
            .into_iter()
            .zip(both)
            .map(|(segment, both)| both.reading(segment))
            .collect();
        let Self { zone, portrait, marks, .. } = self;
        Ok(Draft { readings, zone, portrait, marks })
    }

    /// Reads every piece in the script that it looks to be in, and in the other
    /// where that does not explain it.
    fn read_likelier(
        &self,
        card: &Card,
        knowledge: &dyn Knowledge,
        engine: &mut dyn OcrEngine,
        both: &mut [Both],
    ) -> Result<(), OcrError> {
        let scripts = self.looks.iter().map(|look| look.script().0).enumerate();
        let likelier: Vec<(usize, Script)> =
            scripts.filter(|(index, _)| !both[*index].own.is_sure).collect();
        self.ask(card, engine, &likelier, 0, both)?;
        let unexplained = |(index, script): &(usize, Script)| {
            let piece = &self.segments[*index];
            !self.is_clear(*index) || !both[*index].explains(*script, piece, knowledge)
        };
        let other: Vec<(usize, Script)> = likelier
            .into_iter()
            .filter(unexplained)
            .map(|(index, script)| (index, script.other()))
            .collect();
        self.ask(card, engine, &other, 0, both)
    }

    /// Whether a piece looks clearly to be in one script.
    fn is_clear(&self, index: usize) -> bool {
        self.looks[index].script().1 >= CLEAR
    }

    /// The scripts that a piece may be in.
    fn likely(&self, index: usize) -> impl Iterator<Item = Script> {
        let script = self.looks[index].script().0;
        let other = (!self.is_clear(index)).then(|| script.other());
        std::iter::once(script).chain(other)
    }

    /// Reads some pieces, each in a script, for the first `time` or a later one.
    fn ask(
        &self,
        card: &Card,
        engine: &mut dyn OcrEngine,
        wanted: &[(usize, Script)],
        time: usize,
        both: &mut [Both],
    ) -> Result<(), OcrError> {
        let pieces: Vec<Piece> = wanted
            .iter()
            .map(|(index, script)| {
                let segment = &self.segments[*index];
                let way = Way::first_look(*script)[time];
                Piece::cut(card, &segment.rect, segment.letter_height, way)
            })
            .collect();
        for ((index, script), words) in wanted.iter().zip(read(engine, &pieces)?) {
            let way = Way::first_look(*script)[time];
            both[*index].tried.push((way, Line { script: *script, words }));
        }
        Ok(())
    }
}

/// What the two models read in one piece, after our own recogniser.
struct Both {
    own: Own,
    tried: Vec<(Way, Line)>,
}

impl Both {
    /// A reading of our own counts as one of its script.
    fn after(own: Own) -> Self {
        let tried = own.single().map(|line| (Way::OWN, line.clone())).into_iter().collect();
        Self { own, tried }
    }

    /// What became of the piece.
    fn reading(self, segment: Segment) -> Reading {
        let latin = self.best(Script::Latin);
        let read = latin.text();
        let verdict = if self.own.is_sure {
            Verdict::Sure(self.own.lines)
        } else {
            judge(&segment.rect, latin, self.best(Script::Arabic))
        };
        Reading { segment, verdict, latin: read, tried: self.tried }
    }

    /// The best reading in a script; empty where none was asked for.
    fn best(&self, script: Script) -> Line {
        doubt::best(&self.tried, script)
            .map_or_else(|| Line { script, words: Vec::new() }, |index| self.tried[index].1.clone())
    }

    fn is_doubtful(&self) -> bool {
        let certainty = self.tried.iter().map(|(_, line)| weight(line)).fold(0.0, f32::max);
        !self.own.is_sure && certainty < DOUBTFUL
    }

    /// Whether the reading in one script leaves nothing for the other's model:
    /// it is sure or known, covers the piece, and, being Arabic, holds no number and
    /// no gap where one was lost.
    fn explains(&self, script: Script, segment: &Segment, knowledge: &dyn Knowledge) -> bool {
        let line = self.best(script);
        if doubt::is_known(&line, knowledge) {
            return true;
        }
        let covers = line.rect().width > 0.85 * segment.rect.width;
        let whole = script == Script::Latin
            || !line.words.iter().any(|word| word.text.contains(|c: char| c.is_ascii_digit()))
                && !has_gap(&line, segment.letter_height);
        weight(&line) >= PLAIN && covers && whole
    }
}

/// Whether words of a line stand further apart than a blank.
fn has_gap(line: &Line, letters: f32) -> bool {
    let mut words: Vec<&Rect> = line.words.iter().map(|word| &word.rect).collect();
    words.sort_by(|left, right| left.x.total_cmp(&right.x));
    words.windows(2).any(|pair| pair[1].x - pair[0].right() > letters)
}

/// A piece of print and what became of it.
struct Reading {
    segment: Segment,
    verdict: Verdict,
    /// What the French model read, whatever it is worth.
    latin: String,
    /// All readings.
    tried: Vec<(Way, Line)>,
}

/// What the first look at a card gave.
struct Draft {
    readings: Vec<Reading>,
    zone: Vec<ZoneLine>,
    portrait: Option<Rect>,
    marks: Vec<Rect>,
}

impl Draft {
    /// How many letters were read with certainty, and how many are print at
    /// all; upside down few of many are certain.
    fn legibility(&self) -> (f32, f32) {
        let (mut certain, mut all) = (0.0, 0.0);
        for reading in &self.readings {
            let (letters, is_certain) = match &reading.verdict {
                Verdict::Plain(line, _) => (letters(line), weight(line) > LEGIBLE),
                Verdict::Mixed(_) => (reading.segment.marks.len() as f32, true),
                Verdict::Sure(lines) => (lines.iter().map(letters).sum(), true),
                Verdict::Noise => (0.0, false),
            };
            all += letters;
            certain += if is_certain { letters } else { 0.0 };
        }
        (certain, all)
    }
}

fn letters(line: &Line) -> f32 {
    line.words.iter().map(|word| word.text.chars().count() as f32).sum()
}

/// Reads again what the first look left in doubt, then the zone and the plates.
fn second_round(
    card: &Card,
    draft: Draft,
    knowledge: &dyn Knowledge,
    engine: &mut dyn OcrEngine,
) -> Result<Page, OcrError> {
    let mut lines = Vec::new();
    let mut doubts = Vec::new();
    let mut candidates = Vec::new();
    for Reading { segment, verdict, latin, tried } in draft.readings {
        match verdict {
            Verdict::Noise if doubt::has_digits(&latin) => doubts.push(Doubt::code(&segment)),
            Verdict::Noise => {}
            Verdict::Sure(read) => {
                for line in read {
                    match Doubt::about_code(&segment, line) {
                        Ok(line) => lines.push(line),
                        Err(doubt) => doubts.push(doubt),
                    }
                }
            }
            Verdict::Mixed(parts) => {
                doubts.extend(
                    parts
                        .into_iter()
                        .map(|(script, rect)| Doubt::part(script, rect, segment.letter_height)),
                );
            }
            Verdict::Plain(line, latin) => {
                match Doubt::about(&segment, line, latin, &tried, knowledge) {
                    Ok(line) => lines.push(line),
                    Err(doubt) => doubts.push(doubt),
                }
            }
        }
        let letters = segment.letter_height;
        candidates.push(Candidate { rect: segment.rect, letters, latin });
    }
    lines.extend(doubt::settle(card, doubts, engine)?);
    let mrz = ZoneLine::read_all(card, &draft.zone, knowledge, engine)?;
    // What has a machine-readable zone has no plate.
    if !knowledge.zone_holds(&mrz) {
        plates::fill(card, &draft.marks, &candidates, &mut lines);
    }
    numerals::complete(card, &draft.marks, &mut lines);
    lines.sort_by(|left, right| left.rect().mid_y().total_cmp(&right.rect().mid_y()));
    Ok(Page {
        width: card.pixels.width() as f32,
        height: card.pixels.height() as f32,
        lines,
        mrz,
        portrait: draft.portrait,
        placement: card.placement,
    })
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
