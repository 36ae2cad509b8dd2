//! Reads a card: its lines, in both scripts, and its machine-readable zone.
//!
//! Every piece of print is read alone, by both models, each at the letter
//! height that suits it; what was read decides what script it is. A second
//! round reads Arabic at more heights and mixed pieces in their parts.

use super::inset::Inset;
use super::piece::Piece;
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

/// A French line that is read with less certainty is read again.
const SURE: f32 = 0.88;

/// Reads everything that is printed on a card, which may lie upside down.
///
/// # Errors
///
/// Those of the engine.
pub fn read_card(card: &Card, engine: &mut dyn OcrEngine) -> Result<Page, OcrError> {
    let upright = first_round(card, engine)?;
    if upright.legibility() > 0.6 {
        return second_round(card, upright, engine);
    }
    let turned = card.turned();
    let reversed = first_round(&turned, engine)?;
    if reversed.legibility() > upright.legibility() {
        second_round(&turned, reversed, engine)
    } else {
        second_round(card, upright, engine)
    }
}

/// A piece of print and what became of it.
struct Reading {
    segment: Segment,
    verdict: Verdict,
}

/// What the first look at a card gave.
struct Draft {
    readings: Vec<Reading>,
    zone: Vec<ZoneLine>,
    portrait: Option<Rect>,
}

impl Draft {
    /// The mean certainty over all print, 0 to 1: low on a card upside down.
    fn legibility(&self) -> f32 {
        let (mut sum, mut letters) = (0.0, 0.0);
        for reading in &self.readings {
            let count = reading.segment.marks.len() as f32;
            letters += count;
            sum += count
                * match &reading.verdict {
                    Verdict::Plain(line, _) => weight(line),
                    Verdict::Mixed(_) => 0.8,
                    Verdict::Noise => 0.0,
                };
        }
        sum / f32::max(letters, 1.0)
    }
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
            let verdict = judge(&segment.rect, both.latin, both.arabic);
            Reading { segment, verdict }
        })
        .collect();
    Ok(Draft { readings, zone, portrait })
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
    script: Script,
    known: Option<Line>,
    latin: Vec<Word>,
    pieces: Vec<Piece>,
}

impl Doubt {
    fn new(
        card: &Card,
        script: Script,
        rect: &Rect,
        letters: f32,
        heights: &[f32],
        known: Option<Line>,
        latin: Vec<Word>,
    ) -> Self {
        let model = match script {
            Script::Latin => Model::French,
            Script::Arabic => Model::Arabic,
        };
        let pieces =
            heights.iter().map(|height| Piece::cut(card, rect, letters, *height, model)).collect();
        Self { script, known, latin, pieces }
    }
}

fn second_round(card: &Card, draft: Draft, engine: &mut dyn OcrEngine) -> Result<Page, OcrError> {
    let mut lines = Vec::new();
    let mut doubts = Vec::new();
    for Reading { segment, verdict } in draft.readings {
        let letters = segment.letter_height;
        match verdict {
            Verdict::Noise => {}
            Verdict::Mixed(parts) => {
                for (script, rect) in parts {
                    let heights = heights(script);
                    doubts.push(Doubt::new(
                        card,
                        script,
                        &rect,
                        letters,
                        heights,
                        None,
                        Vec::new(),
                    ));
                }
            }
            Verdict::Plain(line, _) if line.script == Script::Latin && weight(&line) > SURE => {
                lines.push(line);
            }
            Verdict::Plain(line, latin) => {
                let (script, rest) = (line.script, &heights(line.script)[1..]);
                doubts.push(Doubt::new(
                    card,
                    script,
                    &segment.rect,
                    letters,
                    rest,
                    Some(line),
                    latin,
                ));
            }
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let counts: Vec<usize> = doubts.iter().map(|doubt| doubt.pieces.len()).collect();
    let mut known = Vec::new();
    for doubt in doubts {
        pieces.extend(doubt.pieces);
        known.push((doubt.script, doubt.known, doubt.latin));
    }
    for line in &draft.zone {
        pieces.extend(line.pieces(card));
    }
    let mut words = read(engine, &pieces)?.into_iter();
    for ((script, known, latin), count) in known.into_iter().zip(counts) {
        let readings = words.by_ref().take(count).map(|words| Line { script, words });
        let elected = elect(&known.into_iter().chain(readings).collect::<Vec<_>>());
        lines.extend(elected.map(|line| with_numbers(line, &latin)));
    }
    let mrz = draft
        .zone
        .iter()
        .map(|_| ZoneLine::candidates(words.by_ref().take(ZoneLine::ways()).collect()))
        .collect();
    fill_insets(card, &mut lines, engine)?;
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

/// Reads the Arabic letters that stand inside numbers; few cards have any.
fn fill_insets(
    card: &Card,
    lines: &mut [Line],
    engine: &mut dyn OcrEngine,
) -> Result<(), OcrError> {
    let insets: Vec<(usize, Inset)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.script == Script::Latin)
        .flat_map(|(index, line)| Inset::find(card, line).into_iter().map(move |i| (index, i)))
        .collect();
    let pieces: Vec<Piece> = insets.iter().flat_map(|(_, inset)| inset.pieces(card)).collect();
    if pieces.is_empty() {
        return Ok(());
    }
    let words = read(engine, &pieces)?;
    for ((index, inset), readings) in insets.iter().zip(words.chunks(Inset::ways())) {
        inset.fill(&mut lines[*index], readings);
    }
    Ok(())
}

fn heights(script: Script) -> &'static [f32] {
    match script {
        Script::Latin => &FRENCH_HEIGHTS,
        Script::Arabic => &ARABIC_HEIGHTS,
    }
}

/// The reading that most others agree with; among equals the surest.
fn elect(readings: &[Line]) -> Option<Line> {
    let votes = |line: &Line| {
        let text = line.text();
        readings.iter().filter(|other| other.text() == text).map(weight).sum::<f32>()
    };
    let best = readings.iter().max_by(|left, right| votes(left).total_cmp(&votes(right)))?;
    (weight(best) >= 0.3).then(|| best.clone())
}

fn read(engine: &mut dyn OcrEngine, pieces: &[Piece]) -> Result<Vec<Vec<Word>>, OcrError> {
    let snippets: Vec<_> = pieces.iter().map(|piece| piece.snippet.clone()).collect();
    let answers = engine.read(&snippets)?;
    Ok(pieces.iter().zip(answers).map(|(piece, words)| piece.place(&words)).collect())
}
