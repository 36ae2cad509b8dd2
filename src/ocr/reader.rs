//! Reads a card: its lines, in both scripts, and its machine-readable zone.
//!
//! Every piece of print is read alone, at the letter height that suits the
//! model. A glance tells the likelier script and which way up the card lies; a
//! second look is spent only where the first was not enough.

use super::doubt;
use super::draft::{Draft, Reading};
use super::glance::Look;
use super::own::{self, Own};
use super::piece::{Piece, read};
use super::script::{Verdict, judge, weight};
use super::way::Way;
use super::zone::{ZoneLine, take_zone};
use super::{Knowledge, Line, Model, OcrEngine, OcrError, Page, Rect, Script};
use crate::imaging::{Card, Print, Segment, find_portrait, find_print};

/// A piece that both models read with less certainty is read again by both.
const DOUBTFUL: f32 = 0.7;

/// A reading of the likelier script that is worth this much needs no other
/// model's opinion.
const PLAIN: f32 = 0.85;

/// How much likelier one script must look for its model to be asked alone.
const CLEAR: f32 = 3.0;

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
    let turned = || {
        let card = card.turned();
        let sketch = Sketch::of(&card, find_print(&card.pixels));
        (card, sketch)
    };
    if standing < -STANDING {
        let (card, sketch) = turned();
        return sketch
            .look(&card, engine)?
            .read(&card, knowledge, engine)?
            .finish(&card, knowledge, engine);
    }
    let sketch = sketch.look(card, engine)?;
    if engine.has(Model::Own) {
        // Our own look at both ways up is sooner had than the library's at one.
        let seen = sketch.legibility();
        if standing <= STANDING && !is_legible(seen) {
            let (other, reversed) = turned();
            let reversed = reversed.look(&other, engine)?;
            if reversed.legibility().0 > seen.0 {
                return reversed.read(&other, knowledge, engine)?.finish(&other, knowledge, engine);
            }
        }
        return sketch.read(card, knowledge, engine)?.finish(card, knowledge, engine);
    }
    let upright = sketch.read(card, knowledge, engine)?;
    if standing > STANDING || is_legible(upright.legibility()) {
        return upright.finish(card, knowledge, engine);
    }
    let (other, reversed) = turned();
    let reversed = reversed.read(&other, knowledge, engine)?;
    if reversed.legibility().0 > upright.legibility().0 {
        reversed.finish(&other, knowledge, engine)
    } else {
        upright.finish(card, knowledge, engine)
    }
}

/// Whether so many of all letters are certain that a card lies right.
fn is_legible((certain, all): (f32, f32)) -> bool {
    certain > LETTERS_MANY || certain > LETTERS_MIN && certain > 0.6 * all
}

/// What can be seen of a card before anything is read.
struct Sketch {
    segments: Vec<Segment>,
    looks: Vec<Look>,
    own: Vec<Own>,
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
        let own = segments.iter().map(|_| Own::Lost(None)).collect();
        Self { segments, looks, own, zone, portrait, marks: print.marks }
    }

    /// Has our own recogniser look at every piece.
    fn look(mut self, card: &Card, engine: &mut dyn OcrEngine) -> Result<Self, OcrError> {
        self.own = own::look(card, &self.segments, engine)?;
        Ok(self)
    }

    /// How many letters our own recogniser is certain of, and how many it has read at all.
    fn legibility(&self) -> (f32, f32) {
        let each = self.own.iter().map(Own::legibility);
        each.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// How much likelier the card stands upright than on its head, as a logarithm.
    fn standing(&self) -> f32 {
        self.looks.iter().map(|look| look.upright().clamp(-SAY, SAY)).sum()
    }

    /// The first reading of every piece.
    fn read(
        mut self,
        card: &Card,
        knowledge: &dyn Knowledge,
        engine: &mut dyn OcrEngine,
    ) -> Result<Draft, OcrError> {
        let own = std::mem::take(&mut self.own);
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

    /// Has the library read every piece that is lost otherwise, in the script that it
    /// looks to be in, and in the other where that does not explain it.
    fn read_likelier(
        &self,
        card: &Card,
        knowledge: &dyn Knowledge,
        engine: &mut dyn OcrEngine,
        both: &mut [Both],
    ) -> Result<(), OcrError> {
        let scripts = self.looks.iter().map(|look| look.script().0).enumerate();
        let likelier: Vec<(usize, Script)> =
            scripts.filter(|(index, _)| both[*index].own.is_lost()).collect();
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
        for ((index, script), words) in wanted.iter().zip(read(engine, pieces)?) {
            let way = Way::first_look(*script)[time];
            both[*index].tried.push((way, Line { script: *script, words }));
        }
        Ok(())
    }
}

/// What our own recogniser and the two models of the library read in one piece.
struct Both {
    own: Own,
    tried: Vec<(Way, Line)>,
}

impl Both {
    /// A guess of our own counts as one reading of its script.
    fn after(own: Own) -> Self {
        let guess = if let Own::Lost(line) = &own { line.clone() } else { None };
        Self { own, tried: guess.map(|line| (Way::OWN, line)).into_iter().collect() }
    }

    /// What became of the piece.
    fn reading(self, segment: Segment) -> Reading {
        let (latin, arabic) = (self.best(Script::Latin), self.best(Script::Arabic));
        let (read, verdict) = match self.own {
            Own::Heard(lines) => (latin_of(&lines), Verdict::Heard(lines)),
            Own::Blank => (String::new(), Verdict::Noise),
            Own::Lost(_) => (latin.text(), judge(&segment.rect, latin, arabic)),
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
        self.own.is_lost() && certainty < DOUBTFUL
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

/// What is Latin among lines; the numbers of a plate are.
fn latin_of(lines: &[Line]) -> String {
    let latin = lines.iter().filter(|line| line.script == Script::Latin);
    latin.map(Line::text).collect::<Vec<_>>().join(" ")
}

/// Whether words of a line stand further apart than a blank.
fn has_gap(line: &Line, letters: f32) -> bool {
    let mut words: Vec<&Rect> = line.words.iter().map(|word| &word.rect).collect();
    words.sort_by(|left, right| left.x.total_cmp(&right.x));
    words.windows(2).any(|pair| pair[1].x - pair[0].right() > letters)
}
