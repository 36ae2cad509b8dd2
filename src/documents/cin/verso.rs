//! The back of the identity card: parents, address, civil status, sex; on the 2020
//! card the card number and the machine-readable zone.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::documents::cin::Sex;
use crate::documents::cin::labels::{Label, labels};
use crate::documents::cin_number::{CinReading, cin_field, cin_readings};
use crate::documents::date::parse_date;
use crate::documents::mrz::{Mrz, read_mrz};
use crate::documents::normalize::{
    arabic_name, arabic_value, as_digit, fold_arabic, latin_name, latin_value,
};
use crate::documents::rows::{Run, joined, owner};
use crate::documents::scripts::names_agree;
use crate::documents::side_reader::SideReader;
use crate::documents::{
    Bilingual, Evidence, Field, Reason, Repair, Sheet, Source, confidence, lexicon,
};
use crate::ocr::Script;

/// What the back says.
pub(super) struct Verso {
    /// Everything of a CIN's form, with its field; the card number may be among them.
    pub(super) numbers: Vec<Field<String>>,
    pub(super) card_number: Field<String>,
    pub(super) father: Bilingual,
    pub(super) mother: Bilingual,
    pub(super) address: Bilingual,
    pub(super) civil_status: Field<String>,
    pub(super) sex: Field<Sex>,
    /// Printed on the 2008 card.
    pub(super) valid_until: Field<NaiveDate>,
    pub(super) zone: Option<Zone>,
    /// Whether `Fille de` or `بنت` says that the holder is a woman.
    pub(super) feminine: Option<bool>,
}

/// The machine-readable zone and where its lines stand.
pub(super) struct Zone {
    pub(super) mrz: Mrz,
    pub(super) evidence: [Option<Evidence>; 3],
}

type Reader<'a> = SideReader<'a, Label>;

/// Reads the back.
pub(super) fn read(sheet: &Sheet) -> Verso {
    let reader = SideReader::new(sheet, Source::Verso, labels());
    let readings = cin_readings(&reader, Label::Number);
    Verso {
        numbers: ranked(readings).iter().map(|reading| cin_field(&reader, reading)).collect(),
        card_number: card_number(&reader),
        father: with_arabic(
            &reader,
            Label::Father,
            parent_ar,
            reader.bilingual(Label::Father, 1, latin_name, parent_ar),
        ),
        mother: mother(&reader),
        address: reader.bilingual(Label::Address, 2, latin_value, arabic_value),
        civil_status: civil_status(&reader),
        sex: sex(&reader),
        valid_until: reader.date(Label::ValidUntil),
        zone: zone(sheet),
        feminine: feminine(&reader),
    }
}

fn zone(sheet: &Sheet) -> Option<Zone> {
    let mrz = read_mrz(&sheet.page)?;
    let evidence = mrz.lines.each_ref().map(|line| {
        let words = &line.as_ref()?.words;
        Evidence::of_words(&sheet.page, Source::Mrz, sheet.part, words)
    });
    Some(Zone { mrz, evidence })
}

/// The CIN stands left on the first line, the card number right: labelled ones
/// first, then from the left.
fn ranked(mut readings: Vec<CinReading>) -> Vec<CinReading> {
    let left = |reading: &CinReading| reading.words.first().map_or(0.0, |word| word.rect.x);
    readings.sort_by(|a, b| {
        (b.labelled, b.number.usual)
            .cmp(&(a.labelled, a.number.usual))
            .then(left(a).total_cmp(&left(b)))
    });
    readings
}

/// Eight letters and digits that are no CIN, in the upper part; told from a CIN of eight
/// characters by the zone alone (see the cross-checks).
fn card_number(reader: &Reader<'_>) -> Field<String> {
    let form = |text: &str| {
        text.len() == 8
            && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && text.chars().filter(char::is_ascii_digit).count() >= 2
            && text.chars().any(|c| c.is_ascii_uppercase())
    };
    let upper = reader.rows.height * 0.4;
    let found = reader
        .rows
        .runs()
        .flat_map(|(_, run)| &run.words)
        .filter(|word| word.rect.mid_y() < upper && form(&word.text))
        .max_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    let Some(mut evidence) = found.and_then(|word| reader.evidence(std::slice::from_ref(word)))
    else {
        return Field::null(Reason::NotFound);
    };
    evidence.confidence = confidence::alone(evidence.confidence);
    Field::read(evidence.raw.clone(), evidence)
}

/// `125/1990`, or more parts; at its label, else anywhere if it is no date.
fn civil_status(reader: &Reader<'_>) -> Field<String> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^\d{1,6}(?:[/\-]\d{1,6})*[/\-](?:1[89]|20)\d{2}$").ok());
    static PARTS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^\d+(?:[/\-]\d+)+$").ok());
    let mut best: Option<(u8, Field<String>)> = None;
    for (index, run) in reader.rows.runs() {
        let row = &reader.rows.list[index];
        let at_label = owner(row, run) == Some(Label::CivilStatus)
            || index.checked_sub(1).is_some_and(|above| {
                reader.rows.list[above].tags.iter().any(|tag| {
                    tag.label == Label::CivilStatus
                        && tag.rect.x < run.rect.right()
                        && run.rect.x < tag.rect.right()
                })
            });
        for start in 0..run.words.len() {
            for count in 1..=3.min(run.words.len() - start) {
                let words = &run.words[start..start + count];
                let text: String = words.iter().flat_map(|word| word.text.chars()).collect();
                let text = text.trim_matches(|c: char| !c.is_alphanumeric());
                let digits = text.chars().filter(char::is_ascii_digit).count();
                // `2606/1950` would be a date with a separator lost.
                let whole_date = text.matches(['/', '.', '-']).count() != 1 || !at_label;
                if digits < 4 || (whole_date && parse_date(text).is_some()) {
                    continue;
                }
                let read = text;
                let text: String = read.chars().map(as_digit).collect();
                let year = FORM.as_ref().is_some_and(|form| form.is_match(&text));
                let parts = at_label && PARTS.as_ref().is_some_and(|form| form.is_match(&text));
                if !year && !parts {
                    continue;
                }
                let rank = u8::from(at_label) * 2 + u8::from(year);
                if best.as_ref().is_none_or(|(other, _)| rank > *other)
                    && let Some(mut evidence) = reader.evidence(words)
                {
                    let engine = evidence.confidence;
                    evidence.confidence = if year && at_label {
                        confidence::formed(engine)
                    } else {
                        confidence::alone(engine)
                    };
                    evidence.repairs = Repair::list(read, &text);
                    best = Some((rank, Field::read(text.replace('-', "/"), evidence)));
                }
            }
        }
    }
    best.map_or_else(|| Field::null(reader.missing(Label::CivilStatus)), |(_, field)| field)
}

/// The letter at `Sexe`, beside or below it.
fn sex(reader: &Reader<'_>) -> Field<Sex> {
    for (index, tag) in reader.rows.tags(Label::Sex) {
        let rows = reader.rows.list.iter().skip(index).take(2);
        for word in rows.flat_map(|row| &row.runs).flat_map(|run| &run.words) {
            let near =
                (word.rect.mid_x() - tag.rect.mid_x()).abs() < 25.0 * reader.rows.line_height;
            let sex = match word.text.trim_matches(|c: char| !c.is_alphabetic()) {
                "M" | "ذكر" | "MASCULIN" | "Masculin" => Sex::Male,
                "F" | "أنثى" | "انثى" | "FEMININ" | "Féminin" => Sex::Female,
                _ => continue,
            };
            if near && let Some(mut evidence) = reader.evidence(std::slice::from_ref(word)) {
                evidence.confidence = confidence::alone(evidence.confidence);
                return Field::read(sex, evidence);
            }
        }
    }
    Field::null(reader.missing(Label::Sex))
}

/// An Arabic parent: the label cut, never an inner `بن`.
pub(super) fn parent_ar(text: &str) -> String {
    let name = arabic_name(text);
    let labels = ["ابن ", "إبن ", "بنت ", "أبن "];
    labels.iter().find_map(|label| name.strip_prefix(label)).map_or(name.clone(), str::to_owned)
}

/// The mother. An Arabic label of one letter is often glued to the name: then the name
/// is the Arabic beside the French one.
fn mother(reader: &Reader<'_>) -> Bilingual {
    let mut mother = reader.bilingual(Label::Mother, 1, mother_fr, mother_ar);
    if mother.ar.value().is_none()
        && let Some((_, tag)) = reader.rows.find(Label::Mother, Script::Latin)
        && let Some((_, run)) = reader.rows.runs().find(|(_, run)| {
            let apart = (run.rect.mid_y() - tag.rect.mid_y()).abs();
            run.script == Script::Arabic
                && apart < 2.2 * reader.rows.line_height
                && run.words.first().is_some_and(|word| {
                    word.text.starts_with('و') || word.text.chars().count() == 1
                })
        })
    {
        mother.ar = reader.text_of(&run.words, mother_ar);
    }
    with_arabic(reader, Label::Mother, mother_ar, mother)
}

/// A parent whose Arabic label, of three letters at most, was lost or misread: the name is
/// the Arabic near the French label that says what the French name does.
fn with_arabic(
    reader: &Reader<'_>,
    label: Label,
    normalise: fn(&str) -> String,
    mut parent: Bilingual,
) -> Bilingual {
    if parent.ar.value().is_some() {
        return parent;
    }
    let (Some(french), Some((_, tag))) =
        (parent.fr.value(), reader.rows.find(label, Script::Latin))
    else {
        return parent;
    };
    let near = |run: &&Run| {
        let apart = (run.rect.mid_y() - tag.rect.mid_y()).abs();
        run.script == Script::Arabic && apart < 2.2 * reader.rows.line_height
    };
    let runs = reader.rows.runs().map(|(_, run)| run).filter(near);
    // What is left of the label may stand before the name.
    let parts = runs.flat_map(|run| [run.words.as_slice(), run.words.get(1..).unwrap_or_default()]);
    let mut named = parts.filter(|words| names_agree(french, &normalise(&joined(words))));
    if let Some(words) = named.next() {
        parent.ar = reader.text_of(words, normalise);
    }
    parent
}

/// A French mother: the label cut where the name was glued to it (`et deITTO`).
pub(super) fn mother_fr(text: &str) -> String {
    let name = latin_name(text);
    let label = ["ET DE", "ETDE", "et de"].into_iter().find_map(|label| name.strip_prefix(label));
    label.map_or(name.clone(), |rest| rest.trim().to_owned())
}

/// An Arabic mother: the leading `و` cut, apart always, glued unless the name itself
/// begins with it (وفاء, وداد).
pub(super) fn mother_ar(text: &str) -> String {
    let name = parent_ar(text);
    let first = name.split(' ').next().unwrap_or_default();
    // No name begins with a lone letter: it is the label, misread or not.
    if let Some((_, rest)) = name.split_once(' ').filter(|_| first.chars().count() == 1) {
        return rest.trim().to_owned();
    }
    let known = |word: &str| lexicon::knows_arabic(lexicon::Words::Names, word);
    match first.strip_prefix('و') {
        Some(rest) if !known(first) && known(rest) => name.replacen('و', "", 1),
        _ => name,
    }
}

/// `Fille de` and `بنت` against `Fils de` and `ابن`.
fn feminine(reader: &Reader<'_>) -> Option<bool> {
    reader.rows.lines.iter().find_map(|line| {
        let text = line.text();
        let first = text.split_whitespace().next().unwrap_or_default();
        match line.script {
            Script::Latin => {
                let folded = crate::documents::normalize::fold_latin(&text);
                if folded.starts_with("fillede") {
                    Some(true)
                } else {
                    folded.starts_with("filsde").then_some(false)
                }
            }
            Script::Arabic => match fold_arabic(first).as_str() {
                "بنت" => Some(true),
                "ابن" => Some(false),
                _ => None,
            },
        }
    })
}
