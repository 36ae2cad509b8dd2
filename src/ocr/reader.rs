//! Reads a card: its lines, in both scripts, and its machine-readable zone.
//!
//! Every piece of print is read alone, by both models, each at the letter
//! height that suits it; what was read decides what script it is. A second
//! round reads Arabic at more heights and mixed pieces in their parts.

use super::piece::Piece;
use super::plates::{self, Candidate};
use super::script::{Verdict, judge, weight, with_numbers};
use super::zone::{ZoneLine, take_zone};
use super::{Line, Model, OcrEngine, OcrError, Page, Rect, Script, Word};
use crate::imaging::{Card, Segment, find_portrait, find_print};

/// Heights to which letters are brought before the French model reads them, in
/// pixels: the first for all, the others where it was not sure.
const FRENCH_HEIGHTS: [f32; 3] = [34.0, 28.0, 44.0];

/// The same for the Arabic model, which likes letters small.
const ARABIC_HEIGHTS: [f32; 3] = [20.0, 16.0, 25.0];

/// A piece that both models read with less certainty is read again by both.
const DOUBTFUL: f32 = 0.7;

/// An Arabic line that is read with less certainty may be French.
const DOUBTFUL_ARABIC: f32 = 0.8;

/// A French line that is read with less certainty is read again.
const SURE: f32 = 0.88;

/// Print that is read with less certainty may be upside down.
const LEGIBLE: f32 = 0.75;

/// A card of which fewer letters are certain is read the other way round too.
const LETTERS_MIN: f32 = 25.0;

/// A card of which so many are certain lies right, whatever else is on it: rows
/// of asterisks, a bar code.
const LETTERS_MANY: f32 = 80.0;

/// Reads everything that is printed on a card, which may lie upside down.
///
/// # Errors
///
/// Those of the engine.
pub fn read_card(card: &Card, engine: &mut dyn OcrEngine) -> Result<Page, OcrError> {
    let upright = first_round(card, engine)?;
    let (certain, all) = upright.legibility();
    if certain > LETTERS_MANY || certain > LETTERS_MIN && certain > 0.6 * all {
        return second_round(card, upright, engine);
    }
    let turned = card.turned();
    let reversed = first_round(&turned, engine)?;
    if reversed.legibility().0 > certain {
        second_round(&turned, reversed, engine)
    } else {
        second_round(card, upright, engine)
    }
}

/// A piece of print and what became of it.
struct Reading {
    segment: Segment,
    verdict: Verdict,
    /// What the French model read, whatever it is worth.
    latin: String,
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

fn first_round(card: &Card, engine: &mut dyn OcrEngine) -> Result<Draft, OcrError> {
    let print = find_print(&card.pixels);
    let portrait = find_portrait(&print, card.pixels.width() as f32, card.pixels.height() as f32);
    let mut segments = print.segments;
    let zone = take_zone(card, &mut segments);
    let mut both = read_both(card, engine, &segments, 0)?;
    // At some sizes the engine sees no line at all where at others it does.
    for height in 1..FRENCH_HEIGHTS.len() {
        let doubtful: Vec<usize> =
            (0..both.len()).filter(|index| both[*index].certainty() < DOUBTFUL).collect();
        let again: Vec<Segment> = doubtful.iter().map(|index| segments[*index].clone()).collect();
        for (index, pair) in doubtful.into_iter().zip(read_both(card, engine, &again, height)?) {
            both[index].improve(pair);
        }
    }
    let readings = segments
        .into_iter()
        .zip(both)
        .map(|(segment, both)| {
            let latin = both.latin.text();
            let verdict = judge(&segment.rect, both.latin, both.arabic);
            Reading { segment, verdict, latin }
        })
        .collect();
    Ok(Draft { readings, zone, portrait, marks: print.marks })
}

/// What both models read in one piece.
struct Both {
    latin: Line,
    arabic: Line,
}

impl Both {
    fn certainty(&self) -> f32 {
        weight(&self.latin).max(weight(&self.arabic))
    }

    /// Takes over what was read better elsewhere.
    fn improve(&mut self, other: Self) {
        if weight(&other.latin) > weight(&self.latin) {
            self.latin = other.latin;
        }
        if weight(&other.arabic) > weight(&self.arabic) {
            self.arabic = other.arabic;
        }
    }
}

/// Both readings of every segment, at one of the heights.
fn read_both(
    card: &Card,
    engine: &mut dyn OcrEngine,
    segments: &[Segment],
    height: usize,
) -> Result<Vec<Both>, OcrError> {
    if segments.is_empty() {
        return Ok(Vec::new());
    }
    let ways = [(Model::French, FRENCH_HEIGHTS[height]), (Model::Arabic, ARABIC_HEIGHTS[height])];
    let pieces: Vec<Piece> = segments
        .iter()
        .flat_map(|segment| {
            ways.map(|(model, height)| {
                Piece::cut(card, &segment.rect, segment.letter_height, height, model)
            })
        })
        .collect();
    let mut words = read(engine, &pieces)?.into_iter();
    let mut line = |script| Line { script, words: words.next().unwrap_or_default() };
    let pair = |_| Both { latin: line(Script::Latin), arabic: line(Script::Arabic) };
    Ok(segments.iter().map(pair).collect())
}

/// What is to be read once more, and what is known of it.
struct Doubt {
    known: Option<Line>,
    latin: Vec<Word>,
    pieces: Vec<Piece>,
}

/// A model and the height that letters are brought to for it.
type Way = (Model, f32);

/// How doubtful French print is read, after the first round's way. The English
/// model knows no accents and is better at codes of letters and digits.
const FRENCH_WAYS: [Way; 4] =
    [(Model::French, 28.0), (Model::French, 44.0), (Model::English, 34.0), (Model::English, 26.0)];

/// How Arabic print is read again; the last way where it may be none.
const ARABIC_WAYS: [Way; 3] =
    [(Model::Arabic, 16.0), (Model::Arabic, 25.0), (Model::English, 34.0)];

impl Doubt {
    /// What `known` says is to be read again in other ways.
    fn again(card: &Card, segment: &Segment, known: Line, latin: Vec<Word>) -> Self {
        let ways: &[Way] = match known.script {
            Script::Latin if is_code(&known) => &FRENCH_WAYS,
            Script::Latin => &FRENCH_WAYS[..3],
            Script::Arabic if weight(&known) < DOUBTFUL_ARABIC => &ARABIC_WAYS,
            Script::Arabic => &ARABIC_WAYS[..2],
        };
        let pieces = cuts(card, &segment.rect, segment.letter_height, ways);
        Self { known: Some(known), latin, pieces }
    }

    /// Part of a piece that was never read alone.
    fn part(card: &Card, script: Script, rect: &Rect, letters: f32) -> Self {
        let ways: Vec<Way> = match script {
            Script::Latin => [&[(Model::French, FRENCH_HEIGHTS[0])], &FRENCH_WAYS[..3]].concat(),
            Script::Arabic => [&[(Model::Arabic, ARABIC_HEIGHTS[0])], &ARABIC_WAYS[..2]].concat(),
        };
        Self { known: None, latin: Vec::new(), pieces: cuts(card, rect, letters, &ways) }
    }

    /// Print in which the French model saw digits and was sure of nothing.
    fn code(card: &Card, segment: &Segment) -> Self {
        let pieces = cuts(card, &segment.rect, segment.letter_height, &FRENCH_WAYS[2..]);
        Self { known: None, latin: Vec::new(), pieces }
    }
}

fn cuts(card: &Card, rect: &Rect, letters: f32, ways: &[Way]) -> Vec<Piece> {
    ways.iter().map(|(model, height)| Piece::cut(card, rect, letters, *height, *model)).collect()
}

/// Whether a word of a line mixes letters and digits, as numbers of documents do.
fn is_code(line: &Line) -> bool {
    line.words.iter().any(|word| {
        let holds = |kind: fn(&char) -> bool| word.text.chars().any(|letter| kind(&letter));
        holds(char::is_ascii_digit) && holds(|letter| letter.is_alphabetic())
    })
}

fn second_round(card: &Card, draft: Draft, engine: &mut dyn OcrEngine) -> Result<Page, OcrError> {
    let mut lines = Vec::new();
    let mut doubts = Vec::new();
    let mut candidates = Vec::new();
    for Reading { segment, verdict, latin } in draft.readings {
        let letters = segment.letter_height;
        match verdict {
            Verdict::Noise if has_digits(&latin) => doubts.push(Doubt::code(card, &segment)),
            Verdict::Noise => {}
            Verdict::Mixed(parts) => {
                let part =
                    |(script, rect): (Script, Rect)| Doubt::part(card, script, &rect, letters);
                doubts.extend(parts.into_iter().map(part));
            }
            Verdict::Plain(line, _) if is_sure(&line) => lines.push(line),
            Verdict::Plain(line, latin) => doubts.push(Doubt::again(card, &segment, line, latin)),
        }
        candidates.push(Candidate { rect: segment.rect, letters, latin });
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut known = Vec::new();
    for doubt in doubts {
        let scripts: Vec<Script> = doubt.pieces.iter().map(Piece::script).collect();
        pieces.extend(doubt.pieces);
        known.push((scripts, doubt.known, doubt.latin));
    }
    for line in &draft.zone {
        pieces.extend(line.pieces(card));
    }
    let mut words = read(engine, &pieces)?.into_iter();
    for (scripts, known, latin) in known {
        let readings = scripts.into_iter().zip(words.by_ref());
        let readings = readings.map(|(script, words)| Line { script, words });
        let readings: Vec<Line> = known.into_iter().chain(readings).collect();
        lines.extend(elect(&readings).map(|line| with_numbers(line, &latin)));
    }
    let mrz = draft
        .zone
        .iter()
        .map(|_| ZoneLine::candidates(words.by_ref().take(ZoneLine::ways()).collect()))
        .collect();
    plates::fill(card, &draft.marks, &candidates, &mut lines);
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

/// Whether one reading is enough: codes are not guessed from their context.
fn is_sure(line: &Line) -> bool {
    line.script == Script::Latin && weight(line) > SURE && !is_code(line)
}

fn has_digits(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 3
}

/// The best reading of the script that one is surest of.
fn elect(readings: &[Line]) -> Option<Line> {
    let of = |script| -> Vec<Line> {
        readings.iter().filter(|line| line.script == script).cloned().collect()
    };
    let elected =
        [Script::Latin, Script::Arabic].into_iter().filter_map(|script| agreed(&of(script)));
    elected.max_by(|left, right| weight(left).total_cmp(&weight(right)))
}

/// The reading that most others agree with, among equals the surest; and in
/// each place of it the word that most others have there.
fn agreed(readings: &[Line]) -> Option<Line> {
    let votes = |line: &Line| {
        let text = line.text();
        readings.iter().filter(|other| other.text() == text).map(weight).sum::<f32>()
    };
    let best = readings.iter().max_by(|left, right| votes(left).total_cmp(&votes(right)))?;
    let words = best.words.iter().map(|word| elect_word(word, readings)).collect();
    let elected = Line { script: best.script, words };
    (weight(&elected) >= 0.3).then_some(elected)
}

/// The word that most readings have where `word` stands.
fn elect_word(word: &Word, readings: &[Line]) -> Word {
    let rivals: Vec<&Word> = readings
        .iter()
        .filter_map(|line| line.words.iter().find(|other| is_same_place(&word.rect, &other.rect)))
        .collect();
    let votes = |text: &str| {
        rivals.iter().filter(|rival| rival.text == text).map(|rival| rival.confidence).sum::<f32>()
    };
    let best = rivals.iter().max_by(|left, right| votes(&left.text).total_cmp(&votes(&right.text)));
    let Some(best) = best.filter(|best| votes(&best.text) > votes(&word.text)) else {
        return word.clone();
    };
    Word { rect: word.rect, ..(*best).clone() }
}

/// Whether two boxes on one row are of the same word.
fn is_same_place(left: &Rect, right: &Rect) -> bool {
    let shared = left.right().min(right.right()) - left.x.max(right.x);
    shared > 0.75 * left.width.max(right.width)
}

fn read(engine: &mut dyn OcrEngine, pieces: &[Piece]) -> Result<Vec<Vec<Word>>, OcrError> {
    let snippets: Vec<_> = pieces.iter().map(|piece| piece.snippet.clone()).collect();
    let answers = engine.read(&snippets)?;
    Ok(pieces.iter().zip(answers).map(|(piece, words)| piece.place(&words)).collect())
}
