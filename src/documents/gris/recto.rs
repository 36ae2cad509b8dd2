//! The owner's side: plates, dates, usage, owner and address.

use chrono::{Datelike, NaiveDate};

use crate::documents::date::parse_date;
use crate::documents::gris::Usage;
use crate::documents::gris::labels::{Label, labels};
use crate::documents::gris::owner::{is_arabic_company, is_company, split_arabic, split_latin};
use crate::documents::gris::plate::{
    Plate, PlateKind, parse_plate, parse_plate_by_look, parse_previous,
};
use crate::documents::gris::usage::parse_usage;
use crate::documents::label::union;
use crate::documents::lexicon::{self, Part};
use crate::documents::normalize::{
    arabic_name, arabic_value, fold_latin, is_marked_absent, latin_name, latin_value,
};
use crate::documents::rows::{Run, joined};
use crate::documents::side_reader::SideReader;
use crate::documents::{Bilingual, Field, Reason, Repair, Sheet, Source, confidence};
use crate::ocr::{Script, Word};

/// What the owner's side says.
pub(super) struct Recto {
    pub(super) number: Field<String>,
    pub(super) previous: Field<String>,
    pub(super) first_use: Field<NaiveDate>,
    pub(super) first_use_in_morocco: Field<NaiveDate>,
    pub(super) transfer: Field<NaiveDate>,
    pub(super) usage: Field<Usage>,
    pub(super) usage_printed: Field<String>,
    pub(super) family: Bilingual,
    pub(super) given: Bilingual,
    pub(super) address: Bilingual,
    pub(super) valid_until: Field<NaiveDate>,
}

type Reader<'a> = SideReader<'a, Label>;

/// Reads the owner's side.
pub(super) fn read(sheet: &Sheet) -> Recto {
    let reader = SideReader::new(sheet, Source::Recto, labels());
    let (family, given) = owner(&reader);
    let (usage, usage_printed) = usage(&reader);
    let first_use = reader.date(Label::FirstUse);
    Recto {
        number: number(&reader, &first_use),
        previous: previous(&reader),
        first_use,
        first_use_in_morocco: reader.date(Label::FirstUseInMorocco),
        transfer: reader.date(Label::Transfer),
        usage,
        usage_printed,
        family,
        given,
        address: reader.bilingual(Label::Address, 2, latin_value, arabic_value),
        valid_until: reader.date(Label::ValidUntil),
    }
}

/// The readings of a label's row that may be a plate, in both scripts.
fn plate_texts(reader: &Reader<'_>, label: Label) -> Vec<Vec<Word>> {
    let mut texts: Vec<Vec<Word>> = [Script::Latin, Script::Arabic]
        .into_iter()
        .filter_map(|script| reader.rows.value_like(label, script, 1, is_no_date))
        .collect();
    // The engine may read the digits in one script and the letter in the other.
    if let [latin, arabic] = texts.as_slice() {
        let mut all: Vec<Word> = latin.iter().chain(arabic).cloned().collect();
        let apart = arabic.iter().all(|word| {
            latin.iter().all(|other| {
                word.rect.mid_x() < other.rect.x || word.rect.mid_x() > other.rect.right()
            })
        });
        if apart {
            all.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
            texts.push(all);
        }
    }
    texts
}

fn is_no_date(run: &Run) -> bool {
    parse_date(&run.text()).is_none()
}

/// The plate; the Arabic reading decides the letter, the Latin one the digits.
fn number(reader: &Reader<'_>, first_use: &Field<NaiveDate>) -> Field<String> {
    let texts = plate_texts(reader, Label::Number);
    let plates: Vec<(Plate, &Vec<Word>)> =
        texts.iter().filter_map(|words| Some((plate_in(words)?, words))).collect();
    let Some((plate, words)) = plates.first() else {
        if first_use.value().is_some_and(|date| date.year() >= SERIES_WITH_LETTERS)
            && let Some(plate) = by_look(reader, &texts)
        {
            return plate;
        }
        if let Some(plate) = lone_plate(reader) {
            return plate;
        }
        let refused = texts.first().and_then(|words| reader.evidence(words));
        return refused.map_or_else(
            || Field::null(reader.missing(Label::Number)),
            |evidence| Field::refused(Reason::Malformed, evidence),
        );
    };
    let Some(mut evidence) = reader.evidence(words) else { return Field::null(Reason::Malformed) };
    let agreeing = plates.iter().filter(|(other, _)| other.same_digits(plate)).count() > 1;
    let disputed = plates.iter().any(|(other, _)| !other.same_digits(plate));
    evidence.confidence = if disputed {
        confidence::disputed(evidence.confidence)
    } else if agreeing {
        confidence::supported(evidence.confidence)
    } else {
        confidence::formed(evidence.confidence)
    };
    evidence.repairs = plate.repairs().to_vec();
    Field::read(plate.spelled(), evidence)
}

/// The one run of the side that is a plate: where the label's row was not told, the form
/// tells, never for certain. The previous registration is a plate too: without its
/// label, the two cannot be told apart.
fn lone_plate(reader: &Reader<'_>) -> Option<Field<String>> {
    if !reader.rows.has(Label::PreviousNumber) {
        return None;
    }
    let previous: Vec<Word> = plate_texts(reader, Label::PreviousNumber).concat();
    let runs = reader.rows.runs().map(|(_, run)| &run.words);
    let others = runs.filter(|words| !words.iter().any(|word| previous.contains(word)));
    let mut plates = others.filter_map(|words| Some((plate_in(words)?, words)));
    let (plate, words) = plates.next()?;
    if plates.next().is_some() {
        return None;
    }
    let mut evidence = reader.evidence(words)?;
    evidence.confidence = confidence::alone(evidence.confidence);
    evidence.repairs = plate.repairs().to_vec();
    Some(Field::read(plate.spelled(), evidence))
}

/// The year in which plates got a letter; before, digits stood in its place.
const SERIES_WITH_LETTERS: i32 = 2000;

/// A plate whose letter is told by its look alone: never more than a doubtful one.
fn by_look(reader: &Reader<'_>, texts: &[Vec<Word>]) -> Option<Field<String>> {
    texts.iter().find_map(|words| {
        let plate = parse_plate_by_look(&joined(words))?;
        let mut evidence = reader.evidence(words)?;
        evidence.confidence = confidence::disputed(evidence.confidence);
        evidence.repairs = plate.repairs().to_vec();
        Some(Field::read(plate.spelled(), evidence))
    })
}

/// A plate in a run of words, in its own order or from left to right.
fn plate_in(words: &[Word]) -> Option<Plate> {
    parse_plate(&joined(words)).or_else(|| {
        let mut sorted = words.to_vec();
        sorted.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
        parse_plate(&joined(&sorted))
    })
}

/// The registration before: provisional, ordinary, older, foreign, or none.
fn previous(reader: &Reader<'_>) -> Field<String> {
    let texts = plate_texts(reader, Label::PreviousNumber);
    let mut found: Vec<(String, PlateKind, &Vec<Word>)> = Vec::new();
    for words in &texts {
        if let Some((value, kind)) = parse_previous(&joined(words)) {
            found.push((value, kind, words));
        }
    }
    let ordinary = found.iter().find(|(_, kind, _)| *kind == PlateKind::Ordinary);
    let Some((value, kind, words)) = ordinary.or_else(|| found.first()) else {
        let Some(evidence) = texts.first().and_then(|words| reader.evidence(words)) else {
            return Field::null(reader.missing(Label::PreviousNumber));
        };
        let absent = is_marked_absent(&evidence.raw);
        let reason = if absent { Reason::MarkedAbsent } else { Reason::Malformed };
        return Field::refused(reason, evidence);
    };
    let Some(mut evidence) = reader.evidence(words) else { return Field::null(Reason::NotFound) };
    evidence.confidence = match kind {
        PlateKind::Other => confidence::alone(evidence.confidence),
        _ => confidence::formed(evidence.confidence),
    };
    if *kind == PlateKind::Ordinary {
        let plate = plate_in(words);
        evidence.repairs = plate.map(|plate| plate.repairs().to_vec()).unwrap_or_default();
    }
    if matches!(kind, PlateKind::Provisional | PlateKind::Dealer) {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        evidence.repairs = Repair::list(&letters(&evidence.raw.to_uppercase()), &letters(value));
    }
    Field::read(value.clone(), evidence)
}

/// The usage as one of the five, and as printed where the print says something else.
fn usage(reader: &Reader<'_>) -> (Field<Usage>, Field<String>) {
    let printed = reader.text(Label::Usage, Script::Latin, 1, latin_value);
    let arabic = reader.text(Label::Usage, Script::Arabic, 1, arabic_name);
    let named = |field: &Field<String>| {
        let usage = parse_usage(field.value()?)?;
        Some((usage, field.evidence()?.clone()))
    };
    let usage = match (named(&printed), named(&arabic)) {
        (Some((french, mut evidence)), Some((other, _))) => {
            evidence.confidence = if french == other {
                confidence::supported(evidence.confidence)
            } else {
                confidence::disputed(evidence.confidence)
            };
            Field::read(french, evidence)
        }
        (Some((usage, mut evidence)), None) | (None, Some((usage, mut evidence))) => {
            // Few misreadings are near to one of five words.
            evidence.confidence = confidence::supported(evidence.confidence);
            Field::read(usage, evidence)
        }
        (None, None) => match printed.evidence() {
            Some(evidence) => Field::refused(Reason::Malformed, evidence.clone()),
            None => Field::null(reader.missing(Label::Usage)),
        },
    };
    // What the five do not say is kept as printed.
    let other = match (&usage, printed.value()) {
        (Field::Read { value, .. }, Some(text))
            if fold_latin(text) == fold_latin(value.spelled()) =>
        {
            Field::null(Reason::NotPrinted)
        }
        (Field::Read { .. }, None) => Field::null(Reason::NotPrinted),
        (_, Some(_)) => printed,
        (Field::Null { .. }, None) => arabic,
    };
    (usage, other)
}

/// The owner's family and given name. A company is a family name without a given one.
fn owner(reader: &Reader<'_>) -> (Bilingual, Bilingual) {
    if reader.rows.has(Label::OwnerGiven) {
        let family =
            if reader.rows.has(Label::OwnerFamily) { Label::OwnerFamily } else { Label::Owner };
        return (
            reader.bilingual(family, 1, latin_name, arabic_name),
            reader.bilingual(Label::OwnerGiven, 1, latin_name, arabic_name),
        );
    }
    let (latin, arabic) = (owner_in(reader, Script::Latin), owner_in(reader, Script::Arabic));
    (Bilingual { fr: latin.0, ar: arabic.0 }, Bilingual { fr: latin.1, ar: arabic.1 })
}

fn owner_in(reader: &Reader<'_>, script: Script) -> (Field<String>, Field<String>) {
    let Some(words) = reader.rows.value(Label::Owner, script, 2) else {
        let missing = reader.missing(Label::Owner);
        return (Field::null(missing), Field::null(missing));
    };
    let latin = script == Script::Latin;
    let normalise: fn(&str) -> String = if latin { latin_name } else { arabic_name };
    let whole = joined(&words);
    if if latin { is_company(&whole) } else { is_arabic_company(&whole) } {
        let keep: fn(&str) -> String = if latin { latin_value } else { arabic_value };
        return (reader.text_of(&words, keep), Field::null(Reason::NotPrinted));
    }
    let lines = printed_lines(&words);
    if let [first, second] = lines.as_slice() {
        let (upper, lower) = (reader.text_of(first, normalise), reader.text_of(second, normalise));
        // On two lines the given name stands above, unless the two are known the other way.
        let part = |field: &Field<String>, part| {
            field.value().is_some_and(|name| {
                if latin {
                    lexicon::is_part(part, name)
                } else {
                    lexicon::is_arabic_part(part, name)
                }
            })
        };
        let crossed = (part(&upper, Part::Family) && !part(&upper, Part::Given))
            && (part(&lower, Part::Given) || !part(&lower, Part::Family));
        return if crossed { (upper, lower) } else { (lower, upper) };
    }
    let field = reader.text_of(&words, normalise);
    let Field::Read { value, evidence } = field else {
        return (field, Field::null(Reason::NotFound));
    };
    match if latin { split_latin(&value) } else { split_arabic(&value) } {
        Some((family, given)) => {
            (Field::read(family, evidence.clone()), Field::read(given, evidence))
        }
        None => (Field::read(value, evidence), Field::null(Reason::NotPrinted)),
    }
}

/// Words by printed line, from top to bottom.
fn printed_lines(words: &[Word]) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Word>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if union(line).vertical_overlap(&word.rect) > 0.4 => line.push(word.clone()),
            _ => lines.push(vec![word.clone()]),
        }
    }
    lines
}
