//! Makes one line of several readings: the one that most of them agree with, and for each
//! word what each engine read there.
//!
//! Two readings of one engine make the same mistakes; two engines do not. So where engines
//! agree a word is surer than either was of it, and where they do not it is less sure.

use super::alignment;
use super::script::weight;
use super::{Engine, EngineReading, Line, Script, Word};

/// A line that is worth less is not told.
const TOLD: f32 = 0.3;

/// What our own recogniser's reading counts among several of the library.
const OWN_VOICE: f32 = 1.5;

/// What a reading counts that says what another of the same engine does: looked at twice, an
/// engine makes the same mistake twice.
const REPEATED: f32 = 0.25;

/// The most that a word is worth that the other engine reads otherwise.
const CONTESTED: f32 = 0.8;

/// The most that a word is worth that both engines read.
const AGREED: f32 = 0.99;

/// The best reading of the script that one is surest of.
pub(super) fn elect(readings: &[Line]) -> Option<Line> {
    let of = |script| -> Vec<Line> {
        readings.iter().filter(|line| line.script == script).cloned().collect()
    };
    let elected =
        [Script::Latin, Script::Arabic].into_iter().filter_map(|script| agreed(&of(script)));
    elected.max_by(|left, right| weight(left).total_cmp(&weight(right)))
}

/// Whether a line is our own recogniser's.
pub(super) fn is_own(line: &Line) -> bool {
    line.words.iter().any(|word| of_engine(word, Engine::Recogniser).is_some())
}

/// The reading that most others agree with, among equals the surest; and in
/// each place of it the word that most others have there.
fn agreed(readings: &[Line]) -> Option<Line> {
    let votes = |line: &Line| {
        let text = line.text();
        let alike = readings.iter().filter(|other| other.text() == text);
        votes(alike.map(|other| (is_own(other), weight(other))))
    };
    let best = readings.iter().max_by(|left, right| {
        votes(left).total_cmp(&votes(right)).then(weight(left).total_cmp(&weight(right)))
    })?;
    let words = (0..best.words.len()).map(|place| elect_word(best, place, readings)).collect();
    let mut elected = Line { script: best.script, words };
    for engine in [Engine::Recogniser, Engine::Tesseract] {
        hear(&mut elected, engine, readings);
    }
    elected.words.iter_mut().for_each(weigh);
    (weight(&elected) >= TOLD).then_some(elected)
}

/// What readings that say the same count together, each given as whether it is our own
/// recogniser's and what it is worth.
fn votes(readings: impl Iterator<Item = (bool, f32)>) -> f32 {
    let (mut own, mut other) = (Voices::default(), Voices::default());
    for (is_own, worth) in readings {
        if is_own { &mut own } else { &mut other }.hear(worth);
    }
    OWN_VOICE * own.count() + other.count()
}

/// The readings of one engine that say the same.
#[derive(Default)]
struct Voices {
    surest: f32,
    all: f32,
}

impl Voices {
    fn hear(&mut self, worth: f32) {
        self.surest = self.surest.max(worth);
        self.all += worth;
    }

    fn count(&self) -> f32 {
        self.surest + REPEATED * (self.all - self.surest)
    }
}

/// The word that most readings have at a place of `line`, without what was read there.
fn elect_word(line: &Line, place: usize, readings: &[Line]) -> Word {
    let word = &line.words[place];
    let rivals: Vec<(&Word, bool)> = readings
        .iter()
        .filter_map(|other| counterpart(line, place, other).map(|word| (word, is_own(other))))
        .collect();
    let votes = |text: &str| {
        let alike = rivals.iter().filter(|(rival, _)| rival.text == text);
        votes(alike.map(|(rival, own)| (*own, rival.confidence)))
    };
    let most =
        rivals.iter().max_by(|left, right| votes(&left.0.text).total_cmp(&votes(&right.0.text)));
    let better = most.filter(|(rival, _)| votes(&rival.text) > votes(&word.text));
    let elected = better.map_or(word, |(rival, _)| rival);
    Word { rect: word.rect, readings: Vec::new(), ..elected.clone() }
}

/// The word of another reading of the same print that stands where one of `line` does. Boxes
/// of our own recogniser are not exact enough to tell words apart by.
fn counterpart<'a>(line: &Line, place: usize, other: &'a Line) -> Option<&'a Word> {
    if line.words.len() == other.words.len() {
        return other.words.get(place);
    }
    if is_own(line) != is_own(other) {
        return None;
    }
    let rect = line.words[place].rect;
    other.words.iter().find(|word| {
        let shared = rect.right().min(word.rect.right()) - rect.x.max(word.rect.x);
        shared > 0.75 * rect.width.max(word.rect.width)
    })
}

/// Notes in each word what an engine read for it: in the reading that says the same as the
/// line where there is one, else in the surest.
fn hear(line: &mut Line, engine: Engine, readings: &[Line]) {
    let text = line.text();
    let by_it =
        |reading: &&Line| reading.words.iter().any(|word| of_engine(word, engine).is_some());
    let best = readings.iter().filter(by_it).max_by(|left, right| {
        let same = |line: &Line| line.text() == text;
        same(left).cmp(&same(right)).then(weight(left).total_cmp(&weight(right)))
    });
    let Some(best) = best else { return };
    let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
    let parts = alignment::parts(&words, &best.text());
    let (count, alike) = (words.len(), line.words.len() == best.words.len());
    for (place, (word, text)) in line.words.iter_mut().zip(parts).enumerate() {
        let own = best.words.get(place).filter(|_| alike).map(|word| word.confidence);
        let confidence = own.unwrap_or_else(|| best.confidence());
        let text = if place + 1 == count { text + " " } else { text };
        word.readings.push(EngineReading { engine, text, confidence });
    }
}

/// Makes a word as sure as what the engines read there makes it.
fn weigh(word: &mut Word) {
    let text = |reading: &EngineReading| reading.text.trim().to_owned();
    word.confidence = match word.readings.as_slice() {
        [one, other] if text(one) == word.text && text(other) == word.text => {
            // Each is wrong by itself: both are only where each is.
            (1.0 - (1.0 - one.confidence) * (1.0 - other.confidence)).min(AGREED)
        }
        [_, _] => word.confidence.min(CONTESTED),
        _ => word.confidence,
    };
}

fn of_engine(word: &Word, engine: Engine) -> Option<&EngineReading> {
    word.readings.iter().find(|reading| reading.engine == engine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::Rect;

    /// A line of words of one width, read by an engine.
    fn line(engine: Engine, text: &str, confidence: f32) -> Line {
        let words = text.split(' ').enumerate().map(|(place, text)| {
            let rect = Rect::new(place as f32 * 100.0, 0.0, 80.0, 30.0);
            let readings = vec![EngineReading { engine, text: text.to_owned(), confidence }];
            Word { readings, ..Word::new(text, confidence, rect) }
        });
        Line { script: Script::Latin, words: words.collect() }
    }

    fn elected(readings: &[(Engine, &str, f32)]) -> Line {
        let lines: Vec<Line> =
            readings.iter().map(|(engine, text, share)| line(*engine, text, *share)).collect();
        elect(&lines).unwrap()
    }

    const OWN: Engine = Engine::Recogniser;
    const OTHER: Engine = Engine::Tesseract;

    #[test]
    fn engines_that_agree_are_surer_than_either_and_both_are_kept() {
        let line = elected(&[(OWN, "RABAT", 0.8), (OTHER, "RABAT", 0.7)]);
        assert_eq!(line.text(), "RABAT");
        assert!((line.confidence() - 0.94).abs() < 1e-3);
        let engines: Vec<Engine> = line.words[0].readings.iter().map(|one| one.engine).collect();
        assert_eq!(engines, [OWN, OTHER]);
    }

    #[test]
    fn engines_that_differ_are_less_sure_and_both_are_kept() {
        let line = elected(&[(OWN, "RABAT", 0.97), (OTHER, "BABAT", 0.9)]);
        assert_eq!(line.text(), "RABAT");
        assert!(line.confidence() < 0.85);
        assert_eq!(line.words[0].readings[1].text.trim(), "BABAT");
    }

    #[test]
    fn one_engine_that_agrees_with_itself_is_no_surer() {
        let line = elected(&[(OTHER, "RABAT", 0.8), (OTHER, "RABAT", 0.7)]);
        assert!((line.confidence() - 0.8).abs() < 1e-3);
        assert_eq!(line.words[0].readings.len(), 1);
    }

    #[test]
    fn an_engine_that_makes_one_mistake_twice_does_not_outvote_the_other() {
        let line =
            elected(&[(OWN, "KX08NAZC", 0.99), (OTHER, "KXO8NAZC", 0.9), (OTHER, "KXO8NAZC", 0.9)]);
        assert_eq!(line.text(), "KX08NAZC");
    }

    #[test]
    fn a_reading_of_other_words_is_kept_too() {
        let line = elected(&[(OWN, "HAY OASIS", 0.9), (OTHER, "HAYOASIS", 0.6)]);
        let other: String = line.words.iter().map(|word| word.readings[1].text.as_str()).collect();
        assert_eq!((line.text().as_str(), other.trim()), ("HAY OASIS", "HAYOASIS"));
    }

    #[test]
    fn words_are_elected_one_by_one() {
        let readings =
            [(OWN, "HAY 0asis", 0.5), (OTHER, "HAY Oasis", 0.7), (OTHER, "NAY Oasis", 0.7)];
        assert_eq!(elected(&readings).text(), "HAY Oasis");
    }
}
