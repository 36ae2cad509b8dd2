//! Reads again what one look left in doubt, in other ways, until two readings
//! agree or the ways are used up; then the readings vote.

use super::piece::Piece;
use super::reader::read;
use super::script::{weight, with_numbers};
use super::way::{self, Way};
use super::{Knowledge, Line, OcrEngine, OcrError, Rect, Script, Word};
use crate::imaging::{Card, Segment};

/// A French line that is read with less certainty is read again.
const SURE: f32 = 0.88;

/// A line that is spelled as something known needs no more than this.
const SURE_OF_KNOWN: f32 = 0.8;

/// An Arabic line that is read with less certainty may be French.
const DOUBTFUL_ARABIC: f32 = 0.8;

/// Two readings that agree, each worth this much, need no third.
const AGREED: f32 = 0.75;

/// What is to be read again, and what is known of it.
pub(super) struct Doubt {
    rect: Rect,
    letters: f32,
    readings: Vec<Line>,
    /// What the French model read in an Arabic line, for its numbers.
    latin: Vec<Word>,
    /// What has not been tried yet, the next first.
    ways: Vec<Way>,
}

impl Doubt {
    /// The line itself when one reading of it is enough, else the doubt.
    pub(super) fn about(
        segment: &Segment,
        line: Line,
        latin: Vec<Word>,
        tried: &[(Way, Line)],
        knowledge: &dyn Knowledge,
    ) -> Result<Line, Self> {
        let worth = weight(&line);
        let code = is_code(&line);
        // Codes are not guessed from their context, and Arabic letters differ
        // in dots alone: only a known spelling speaks for one reading.
        let enough = line.script == Script::Latin && worth > SURE;
        if !code && (enough || is_known(&line, knowledge)) {
            return Ok(with_numbers(line, &latin));
        }
        let ways: &[Way] = match line.script {
            Script::Latin if code => &way::CODE,
            Script::Latin => &way::FRENCH,
            Script::Arabic if worth < DOUBTFUL_ARABIC => &way::ARABIC_OR_NOT,
            Script::Arabic => &way::ARABIC,
        };
        let ways: Vec<Way> = ways
            .iter()
            .filter(|way| tried.iter().all(|(other, _)| other != *way))
            .copied()
            .collect();
        let mut doubt = Self::new(segment.rect, segment.letter_height, Vec::new(), latin, &ways);
        doubt.readings = others(tried, line.script).chain([line]).collect();
        Err(doubt)
    }

    /// A line that our own recogniser is sure of, but for codes: those are asked of
    /// another engine, until one agrees.
    pub(super) fn about_code(segment: &Segment, line: Line) -> Result<Line, Self> {
        if !is_code(&line) {
            return Ok(line);
        }
        let rect = line.rect();
        let rect = Rect::new(rect.x, segment.rect.y, rect.width, segment.rect.height);
        Err(Self::new(rect, segment.letter_height, vec![line], Vec::new(), &way::CODE))
    }

    /// Part of a piece, which was never read alone.
    pub(super) fn part(script: Script, rect: Rect, letters: f32) -> Self {
        let again: &[Way] = match script {
            Script::Latin => &way::FRENCH,
            Script::Arabic => &way::ARABIC,
        };
        let ways = [&Way::first_look(script)[..1], again].concat();
        Self::new(rect, letters, Vec::new(), Vec::new(), &ways)
    }

    /// Print in which the French model saw digits and was sure of nothing.
    pub(super) fn code(segment: &Segment) -> Self {
        Self::new(segment.rect, segment.letter_height, Vec::new(), Vec::new(), &way::FAINT)
    }

    fn new(rect: Rect, letters: f32, readings: Vec<Line>, latin: Vec<Word>, ways: &[Way]) -> Self {
        Self { rect, letters, readings, latin, ways: ways.to_vec() }
    }

    /// Whether the last reading says what an earlier one did.
    fn is_settled(&self) -> bool {
        let Some((last, earlier)) = self.readings.split_last() else { return false };
        let text = last.text();
        let agrees = |other: &Line| weight(other) > AGREED && other.text() == text;
        weight(last) > AGREED && earlier.iter().any(agrees)
    }

    /// What is made of all readings.
    fn settled(self) -> Option<Line> {
        elect(&self.readings).map(|line| with_numbers(line, &self.latin))
    }
}

/// Whether a line is read well enough for something known that it is spelled as.
pub(super) fn is_known(line: &Line, knowledge: &dyn Knowledge) -> bool {
    weight(line) > SURE_OF_KNOWN && knowledge.is_known(line)
}

/// The place of the best reading in a script.
pub(super) fn best(tried: &[(Way, Line)], script: Script) -> Option<usize> {
    let own = tried.iter().enumerate().filter(|(_, (_, line))| line.script == script);
    let worth = |line: &Line| (weight(line), !line.words.is_empty());
    own.rev()
        .max_by(|(_, (_, left)), (_, (_, right))| {
            let (left, right) = (worth(left), worth(right));
            left.0.total_cmp(&right.0).then(left.1.cmp(&right.1))
        })
        .map(|(index, _)| index)
}

/// The readings in a script beside the best one.
fn others(tried: &[(Way, Line)], script: Script) -> impl Iterator<Item = Line> {
    let best = best(tried, script);
    let own = tried.iter().enumerate().filter(move |(_, (_, line))| line.script == script);
    own.filter(move |(index, _)| Some(*index) != best).map(|(_, (_, line))| line.clone())
}

/// Reads until no doubt is left that another way of reading could settle.
pub(super) fn settle(
    card: &Card,
    mut doubts: Vec<Doubt>,
    engine: &mut dyn OcrEngine,
) -> Result<Vec<Line>, OcrError> {
    loop {
        let open: Vec<&mut Doubt> = doubts
            .iter_mut()
            .filter(|doubt| !doubt.ways.is_empty() && !doubt.is_settled())
            .collect();
        if open.is_empty() {
            return Ok(doubts.into_iter().filter_map(Doubt::settled).collect());
        }
        let mut asked = Vec::new();
        let mut pieces = Vec::new();
        for doubt in open {
            pieces.push(Piece::cut(card, &doubt.rect, doubt.letters, doubt.ways.remove(0)));
            asked.push(doubt);
        }
        let scripts: Vec<Script> = pieces.iter().map(Piece::script).collect();
        for ((doubt, script), words) in asked.into_iter().zip(scripts).zip(read(engine, &pieces)?) {
            doubt.readings.push(Line { script, words });
        }
    }
}

/// Whether a word of a line mixes letters and digits, as numbers of documents do.
fn is_code(line: &Line) -> bool {
    line.script == Script::Latin
        && line.words.iter().any(|word| {
            let holds = |kind: fn(&char) -> bool| word.text.chars().any(|letter| kind(&letter));
            holds(char::is_ascii_digit) && holds(|letter| letter.is_alphabetic())
        })
}

/// Whether a text holds so many digits that it may be a number.
pub(super) fn has_digits(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::imaging::Placement;
    use crate::ocr::{Model, Snippet};

    const RECT: Rect = Rect::new(20.0, 20.0, 200.0, 30.0);

    fn segment() -> Segment {
        Segment { rect: RECT, letter_height: 30.0, marks: Vec::new() }
    }

    fn card() -> Card {
        let pixels = GrayImage::from_pixel(300, 100, Luma([255]));
        Card { pixels, placement: Placement::IDENTITY, is_framed: true }
    }

    fn line(script: Script, text: &str, confidence: f32) -> Line {
        let rect = RECT;
        Line { script, words: vec![Word { text: text.to_owned(), confidence, rect }] }
    }

    /// Knows one word, and no zone.
    struct Knows(&'static str);

    impl Knowledge for Knows {
        fn is_known(&self, line: &Line) -> bool {
            line.text() == self.0
        }

        fn zone_holds(&self, _: &[Vec<Line>]) -> bool {
            false
        }
    }

    /// Answers one text after the other.
    struct Answers(Vec<&'static str>);

    impl OcrEngine for Answers {
        fn has(&self, model: Model) -> bool {
            model != Model::Own
        }

        fn read(&mut self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError> {
            let mut answer = |snippet: &Snippet| {
                let (width, height) = (snippet.image.width() as f32, snippet.image.height() as f32);
                let rect = Rect::new(0.0, 0.0, width, height);
                let text = self.0.remove(0).to_owned();
                let words = vec![Word { text, confidence: 0.85, rect }];
                vec![Line { script: snippet.model.script(), words }]
            };
            Ok(snippets.iter().map(&mut answer).collect())
        }
    }

    fn doubt(line: Line, knows: &'static str) -> Result<Line, Doubt> {
        Doubt::about(&segment(), line, Vec::new(), &[], &Knows(knows))
    }

    fn settled(doubt: Doubt, answers: &[&'static str]) -> (String, usize) {
        let mut engine = Answers(answers.to_vec());
        let lines = settle(&card(), vec![doubt], &mut engine).unwrap();
        (lines[0].text(), answers.len() - engine.0.len())
    }

    #[test]
    fn a_known_spelling_needs_no_second_reading() {
        assert!(doubt(line(Script::Arabic, "محمد", 0.85), "محمد").is_ok());
        assert!(doubt(line(Script::Arabic, "محمد", 0.85), "").is_err());
        assert!(doubt(line(Script::Arabic, "محمد", 0.6), "محمد").is_err());
    }

    #[test]
    fn a_code_is_never_believed_once() {
        assert!(doubt(line(Script::Latin, "AB123456", 0.97), "AB123456").is_err());
        assert!(doubt(line(Script::Latin, "RABAT", 0.97), "").is_ok());
    }

    #[test]
    fn two_readings_that_agree_end_the_doubt() {
        let open = doubt(line(Script::Latin, "AB123456", 0.9), "").err().unwrap();
        let (text, asked) = settled(open, &["AB123456", "x", "y", "z"]);
        assert_eq!((text.as_str(), asked), ("AB123456", 1));
    }

    #[test]
    fn readings_that_differ_vote() {
        let open = doubt(line(Script::Latin, "AB12345G", 0.8), "").err().unwrap();
        let (text, asked) = settled(open, &["AB123456", "A8123456", "AB123456"]);
        assert_eq!((text.as_str(), asked), ("AB123456", 3));
    }
}
