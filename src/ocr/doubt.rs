//! Reads again what one look left in doubt, in other ways, until two readings
//! agree or the ways are used up; then the readings vote.

use super::election::{elect, is_own};
use super::own::chance;
use super::piece::{Piece, read};
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

/// Two readings of one engine that agree, each worth this much, need no third.
const AGREED: f32 = 0.75;

/// The same of two engines: what they have in common is the print.
const ENGINES_AGREED: f32 = 0.4;

/// Our own recogniser's line needs no other when all of it is right with this chance,
const OWN_SURE: f32 = 0.95;

/// when it holds a number, of which nothing else will tell that it is wrong,
const OWN_SURE_OF_DIGITS: f32 = 0.985;

/// and when it is spelled as something known.
const OWN_KNOWN: f32 = 0.6;

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

    /// A line of our own recogniser itself when it is sure of it or has read what is known,
    /// else the doubt, which the library ends. Codes are always asked of another engine.
    pub(super) fn heard(
        segment: &Segment,
        line: Line,
        knowledge: &dyn Knowledge,
    ) -> Result<Line, Self> {
        let code = is_code(&line);
        let chance = chance(&line);
        let enough = if has_digits(&line.text()) { OWN_SURE_OF_DIGITS } else { OWN_SURE };
        if !code && (chance >= enough || chance >= OWN_KNOWN && knowledge.is_known(&line)) {
            return Ok(line);
        }
        let again: &[Way] = match line.script {
            Script::Latin if code => &way::CODE,
            Script::Latin => &way::FRENCH,
            Script::Arabic => &way::ARABIC,
        };
        let first = Way::first_look(line.script).first().filter(|_| !code);
        let ways: Vec<Way> = first.into_iter().chain(again).copied().collect();
        let rect = line.rect();
        let rect = Rect::new(rect.x, segment.rect.y, rect.width, segment.rect.height);
        Err(Self::new(rect, segment.letter_height, vec![line], Vec::new(), &ways))
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
        earlier.iter().filter(|other| other.text() == text).any(|other| {
            let enough = if is_own(other) == is_own(last) { AGREED } else { ENGINES_AGREED };
            weight(last) > enough && weight(other) > enough
        })
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
        for ((doubt, script), words) in asked.into_iter().zip(scripts).zip(read(engine, pieces)?) {
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

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::imaging::Placement;
    use crate::ocr::{Engine, EngineReading, Model, Snippet};

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
        Line { script, words: vec![Word::new(text, confidence, rect)] }
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
                let words = vec![Word::new(text, 0.85, rect)];
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

    /// A line of our own recogniser.
    fn own(script: Script, text: &str, confidence: f32) -> Line {
        let mut line = line(script, text, confidence);
        let text = text.to_owned();
        let reading = EngineReading { engine: Engine::Recogniser, text, confidence };
        line.words[0].readings.push(reading);
        line
    }

    fn heard(line: Line, knows: &'static str) -> Result<Line, Doubt> {
        Doubt::heard(&segment(), line, &Knows(knows))
    }

    #[test]
    fn our_own_reading_is_believed_where_it_is_sure_or_says_what_is_known() {
        assert!(heard(own(Script::Arabic, "محمد", 0.96), "").is_ok());
        assert!(heard(own(Script::Arabic, "محمد", 0.9), "").is_err());
        assert!(heard(own(Script::Arabic, "محمد", 0.7), "محمد").is_ok());
        assert!(heard(own(Script::Arabic, "محمد", 0.5), "محمد").is_err());
    }

    #[test]
    fn our_own_reading_of_digits_must_be_surer_and_of_codes_is_never_enough() {
        assert!(heard(own(Script::Latin, "12.03.1990", 0.96), "").is_err());
        assert!(heard(own(Script::Latin, "12.03.1990", 0.99), "").is_ok());
        assert!(heard(own(Script::Latin, "AB123456", 0.999), "").is_err());
    }

    #[test]
    fn one_reading_of_the_other_engine_that_agrees_ends_the_doubt() {
        let open = heard(own(Script::Arabic, "محمد", 0.5), "").err().unwrap();
        let (text, asked) = settled(open, &["محمد", "x", "y"]);
        assert_eq!((text.as_str(), asked), ("محمد", 1));
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
