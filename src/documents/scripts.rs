//! The French and the Arabic reading of one value, held against each other: where they
//! agree both are likelier right, where they do not one is misread.

use crate::documents::check::{Check, Outcome};
use crate::documents::lexicon::{self, Words};
use crate::documents::normalize::{arabic_name, latin_name};
use crate::documents::side_reader::{confirm, dispute};
use crate::documents::towns;
use crate::documents::transliteration::{self, Verdict};
use crate::documents::{Bilingual, Field, Repair, confidence};
use crate::ocr::EngineReading;

/// What an engine read becomes a value so.
pub(crate) type Normalise = fn(&str) -> String;

/// Settles the confidence of both scripts of a name or a place: by the words that are
/// known, and by each other.
pub(crate) fn settle(
    check: &'static str,
    paths: &'static [&'static str],
    value: &mut Bilingual,
    words: Words,
) -> Check {
    settle_as([latin_name, arabic_name], check, paths, value, words)
}

/// The same for a value whose French and Arabic readings are not normalised as names are.
pub(crate) fn settle_as(
    normalise: [Normalise; 2],
    check: &'static str,
    paths: &'static [&'static str],
    value: &mut Bilingual,
    words: Words,
) -> Check {
    // What something else contradicts, the other script does not set right.
    let contested = [&value.fr, &value.ar].map(|field| field.confidence() <= confidence::DISPUTED);
    prefer_readings(value, words, normalise);
    set_right_way_round(value, words);
    confirm_known(value, words);
    let readings = value.fr.value().cloned().zip(value.ar.value().cloned());
    let verdict = readings.as_ref().and_then(|(fr, ar)| compare(words, fr, ar));
    match verdict {
        Some(Verdict::Agrees) => support(value, contested),
        Some(Verdict::Disagrees) => contradict(value),
        Some(Verdict::Undecided) | None => {}
    }
    let outcome = match verdict {
        Some(Verdict::Agrees) => Outcome::Agrees,
        Some(Verdict::Disagrees) => Outcome::Disagrees,
        Some(Verdict::Undecided) | None => Outcome::NotChecked,
    };
    Check::of(check, paths, outcome).with_readings(readings)
}

fn compare(words: Words, fr: &str, ar: &str) -> Option<Verdict> {
    match words {
        Words::Names => name_verdict(fr, ar),
        Words::Places => place_verdict(fr, ar),
    }
}

/// Where engines read a value differently, takes the reading that the other script agrees
/// with, and among such the one that is spelled as something known.
fn prefer_readings(both: &mut Bilingual, words: Words, [latin, arabic]: [Normalise; 2]) {
    let worth = |fr: Option<&str>, ar: Option<&str>, is_known: bool| {
        let verdict = fr.zip(ar).and_then(|(fr, ar)| compare(words, fr, ar));
        let agreement = match verdict {
            Some(Verdict::Agrees) => 4,
            Some(Verdict::Undecided) | None => 2,
            Some(Verdict::Disagrees) => 0,
        };
        agreement + i32::from(is_known)
    };
    let fr = both.fr.value().cloned();
    prefer(&mut both.ar, arabic, |ar| {
        worth(fr.as_deref(), Some(ar), lexicon::spells_arabic(words, ar))
    });
    let ar = both.ar.value().cloned();
    prefer(&mut both.fr, latin, |fr| {
        worth(Some(fr), ar.as_deref(), lexicon::knows_latin(words, fr))
    });
}

/// Takes the engine's reading that is worth most, when it is worth more than the value.
fn prefer(field: &mut Field<String>, normalise: Normalise, worth: impl Fn(&str) -> i32) {
    let Field::Read { value, evidence } = field else { return };
    let normal = |reading: &EngineReading| (normalise(&reading.text), reading.clone());
    let readings = evidence.readings.iter().map(normal).filter(|(text, _)| !text.is_empty());
    let Some((text, reading)) = readings.max_by_key(|(text, _)| worth(text)) else { return };
    if worth(&text) > worth(value) {
        *value = text;
        evidence.raw = reading.text;
        evidence.confidence = confidence::alone(reading.confidence);
    }
}

/// An Arabic value that says what the French one does only when it is read from its end
/// was read in visual order; the repair is listed.
fn set_right_way_round(both: &mut Bilingual, words: Words) {
    let (Some(fr), Field::Read { value, evidence }) = (both.fr.value(), &mut both.ar) else {
        return;
    };
    let reversed: String = value.chars().rev().collect();
    let agrees = |ar: &str| compare(words, fr, ar) == Some(Verdict::Agrees);
    if !agrees(value) && agrees(&reversed) {
        evidence
            .repairs
            .push(Repair { from: std::mem::replace(value, reversed.clone()), to: reversed });
    }
}

/// A known pair confirms the French side, a known word its own; Arabic only as it is
/// written, for a pair is found without its dots.
fn confirm_known(value: &mut Bilingual, words: Words) {
    let (fr, ar) = (value.fr.value(), value.ar.value());
    let paired = fr.zip(ar).is_some_and(|(fr, ar)| lexicon::pairs(words, fr, ar));
    let french = fr.is_some_and(|fr| paired || lexicon::knows_latin(words, fr));
    let arabic = ar.is_some_and(|ar| lexicon::spells_arabic(words, ar));
    if french {
        confirm(&mut value.fr);
    }
    if arabic {
        confirm(&mut value.ar);
    }
}

/// Whether a French and an Arabic reading are of one name.
pub(crate) fn names_agree(fr: &str, ar: &str) -> bool {
    name_verdict(fr, ar) == Some(Verdict::Agrees)
}

fn name_verdict(fr: &str, ar: &str) -> Option<Verdict> {
    if lexicon::pairs(Words::Names, fr, ar) {
        return Some(Verdict::Agrees);
    }
    transliteration::verdict(fr, ar)
}

/// Towns with an Arabic name of their own (Casablanca) agree by it; what else the place
/// names is transliterated.
fn place_verdict(fr: &str, ar: &str) -> Option<Verdict> {
    let (french, arabic) = towns::without_pairs(fr, ar);
    if french.is_empty() && arabic.is_empty() {
        return Some(Verdict::Agrees);
    }
    let verdict = transliteration::verdict(&french, &arabic)?;
    // Not its name, perhaps misread, perhaps another that is not known: no letter tells.
    let untold = towns::has_own_arabic_name(&french) && !towns::is_arabic_town(&arabic);
    Some(if verdict == Verdict::Disagrees && untold { Verdict::Undecided } else { verdict })
}

/// Both scripts are likelier right. The Arabic one becomes certain only where the French
/// one can tell all of its letters.
fn support(value: &mut Bilingual, contested: [bool; 2]) {
    if let Field::Read { evidence, .. } = &mut value.fr
        && !contested[0]
    {
        evidence.confidence = confidence::corroborated(evidence.confidence);
    }
    if let Field::Read { value, evidence } = &mut value.ar
        && !contested[1]
    {
        let told = transliteration::tells_all(value);
        let most = if told { 1.0 } else { confidence::CERTAIN - 0.02 };
        let raised = confidence::corroborated(evidence.confidence).min(most);
        evidence.confidence = raised.max(evidence.confidence);
    }
}

/// One of them is misread: the weaker, where one is, else either. French is misread far
/// more seldom: where something else made it certain, it stands.
fn contradict(value: &mut Bilingual) {
    let (fr, ar) = (value.fr.confidence(), value.ar.confidence());
    if ar < fr + 0.1 {
        dispute(&mut value.ar);
    }
    if fr + 0.1 <= ar || (fr < ar + 0.1 && fr < confidence::CERTAIN) {
        dispute(&mut value.fr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Evidence, Part, Source};
    use crate::ocr::{Engine, Rect};

    fn read(value: &str) -> Field<String> {
        let evidence = Evidence {
            raw: value.to_owned(),
            confidence: 0.8,
            source: Source::Recto,
            image: Part::Recto,
            bounding_box: Rect::default(),
            repairs: Vec::new(),
            readings: Vec::new(),
        };
        Field::read(value.to_owned(), evidence)
    }

    /// A value that two engines read differently.
    fn read_twice(elected: &str, other: &str) -> Field<String> {
        let mut field = read(elected);
        if let Field::Read { evidence, .. } = &mut field {
            let reading = |engine, text: &str, confidence| EngineReading {
                engine,
                text: text.to_owned(),
                confidence,
            };
            evidence.readings = vec![
                reading(Engine::Recogniser, elected, 0.8),
                reading(Engine::Tesseract, other, 0.7),
            ];
        }
        field
    }

    #[test]
    fn of_two_readings_the_one_that_the_other_script_agrees_with_is_taken() {
        let mut name = Bilingual { fr: read("SAMIR"), ar: read_twice("عير", "سمير") };
        let check = settle("names", &[], &mut name, Words::Names);
        assert_eq!(name.ar.value().map(String::as_str), Some("سمير"));
        assert_eq!(name.ar.evidence().map(|evidence| evidence.raw.as_str()), Some("سمير"));
        assert_eq!(check.outcome, Outcome::Agrees);

        let mut name = Bilingual { fr: read("AYOUB"), ar: read_twice("آيوب", "أيوب") };
        settle("names", &[], &mut name, Words::Names);
        assert_eq!(name.ar.value().map(String::as_str), Some("أيوب"));
    }

    #[test]
    fn the_other_reading_loses_what_the_value_has_lost() {
        let mut name = Bilingual { fr: read("SAMIR"), ar: read_twice("عير", "وسمير") };
        let cut = |text: &str| text.trim_start_matches('و').to_owned();
        settle_as([str::to_owned, cut], "names", &[], &mut name, Words::Names);
        assert_eq!(name.ar.value().map(String::as_str), Some("سمير"));
    }

    #[test]
    fn what_no_engine_read_is_not_taken() {
        let mut name = Bilingual { fr: read("SAMIR"), ar: read_twice("عير", "مير") };
        let check = settle("names", &[], &mut name, Words::Names);
        assert_ne!(name.ar.value().map(String::as_str), Some("سمير"));
        assert_eq!(check.outcome, Outcome::Disagrees);
    }

    #[test]
    fn a_name_read_from_its_end_is_set_right_and_the_repair_listed() {
        let mut name = Bilingual { fr: read("ISMAIL"), ar: read("ليعامسإ") };

        let check = settle("names", &[], &mut name, Words::Names);

        assert_eq!(name.ar.value().map(String::as_str), Some("إسماعيل"));
        assert_eq!(name.ar.evidence().map(|evidence| evidence.repairs.len()), Some(1));
        assert_eq!(check.outcome, Outcome::Agrees);
    }
}
