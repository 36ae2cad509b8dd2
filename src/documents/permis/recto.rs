//! The front of the driving licence.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::documents::cin_number::best_cin;
use crate::documents::date::parse_date;
use crate::documents::label::union;
use crate::documents::normalize::{arabic_name, as_digit, latin_name, western_digit};
use crate::documents::permis::Category;
use crate::documents::permis::labels::{Label, labels};
use crate::documents::places::{Zone, birthplace};
use crate::documents::rows::owner;
use crate::documents::side_reader::SideReader;
use crate::documents::{Bilingual, Field, PartialDate, Reason, Repair, Sheet, Source, confidence};
use crate::ocr::{Script, Word};

/// What the front says.
pub(super) struct Recto {
    pub(super) number: Field<String>,
    pub(super) family: Bilingual,
    pub(super) given: Bilingual,
    pub(super) birth: Field<PartialDate>,
    pub(super) place: Bilingual,
    pub(super) cin: Field<String>,
    pub(super) issued_on: Field<NaiveDate>,
    pub(super) issued_at: Field<String>,
    pub(super) valid_until: Field<NaiveDate>,
    /// The letters of the box.
    pub(super) categories: Vec<Field<Category>>,
}

type Reader<'a> = SideReader<'a, Label>;

/// Reads the front.
pub(super) fn read(sheet: &Sheet) -> Recto {
    let reader = SideReader::new(sheet, Source::Recto, labels());
    let birth = birth(&reader);
    let issued_on = issued_on(&reader, &birth);
    Recto {
        number: number(&reader),
        family: reader.bilingual(Label::Name, 1, latin_name, arabic_name),
        given: reader.bilingual(Label::GivenName, 1, latin_name, arabic_name),
        place: place(&reader),
        cin: best_cin(&reader, Label::Cin),
        issued_at: issued_at(&reader),
        valid_until: reader.date(Label::ValidUntil),
        categories: categories(&reader),
        birth,
        issued_on,
    }
}

fn birth(reader: &Reader<'_>) -> Field<PartialDate> {
    let labelled = reader.birth_date(Label::Birth);
    if labelled.value().is_some() {
        return labelled;
    }
    // Of two dates on the front the earlier is the birth.
    let dates = reader.dates();
    match dates.iter().min_by_key(|(_, reading)| reading.date) {
        Some((_, first)) if dates.len() >= 2 => match reader.date_field(first, &[]) {
            Field::Read { value, mut evidence } => {
                evidence.confidence = confidence::alone(evidence.confidence);
                Field::read(PartialDate::Day(value), evidence)
            }
            Field::Null { reason, evidence } => Field::Null { reason, evidence },
        },
        _ => labelled,
    }
}

/// The date of issue: labelled, else the date after the licence number, else the one
/// that is neither birth nor expiry.
fn issued_on(reader: &Reader<'_>, birth: &Field<PartialDate>) -> Field<NaiveDate> {
    let labelled = reader.date(Label::IssuedOn);
    if labelled.value().is_some() {
        return labelled;
    }
    let at_place = reader.date(Label::IssuedAt);
    if at_place.value().is_some() {
        return at_place;
    }
    let born = birth.value().and_then(PartialDate::day);
    let until = reader.rows.row_of(Label::ValidUntil);
    let valid_until = reader.date(Label::ValidUntil).value().copied();
    let others: Vec<_> = reader
        .dates()
        .into_iter()
        .filter(|(row, reading)| {
            Some(reading.date) != born && Some(reading.date) != valid_until && Some(*row) != until
        })
        .filter(|(_, reading)| born.is_none_or(|born| reading.date > born))
        .collect();
    let number_row = reader.rows.row_of(Label::Number);
    let after_number = others.iter().find(|(row, _)| number_row.is_some_and(|at| *row >= at));
    match after_number.or_else(|| others.last()) {
        Some((_, reading)) => reader.date_field(reading, &[]),
        None => labelled,
    }
}

/// The birthplace stands between birth date and licence number; what follows the
/// number is the centre.
fn place(reader: &Reader<'_>) -> Bilingual {
    let first_date = || reader.dates().first().map(|(row, _)| *row);
    let from = reader.rows.row_of(Label::Birth).or_else(first_date).unwrap_or(0);
    let stops = [
        Label::Number,
        Label::IssuedOn,
        Label::IssuedAt,
        Label::ValidUntil,
        Label::Cin,
        Label::Name,
        Label::GivenName,
        Label::Authority,
        Label::Signatory,
        Label::Categories,
    ];
    let zone = Zone { from, to: reader.rows.list.len(), stops: &stops };
    birthplace(reader, Label::BirthPlace, &zone)
}

/// The licence number: two groups, `55/193059`. The slash may be lost or read as a digit.
fn number(reader: &Reader<'_>) -> Field<String> {
    let mut best: Option<(f32, Vec<Word>, String, Vec<Repair>)> = None;
    for (index, run) in reader.rows.runs() {
        let row = &reader.rows.list[index];
        let above = index.checked_sub(1).and_then(|above| reader.rows.list.get(above));
        let under = above.is_some_and(|above| {
            row.tags.is_empty() && above.tags.iter().any(|tag| tag.label == Label::Number)
        });
        let labelled = under || owner(row, run) == Some(Label::Number);
        for start in 0..run.words.len() {
            for count in 1..=3.min(run.words.len() - start) {
                let words = &run.words[start..start + count];
                let text: String = words.iter().map(|word| word.text.as_str()).collect();
                let Some((value, repairs)) = licence_number(&text, labelled) else { continue };
                let clear = words.iter().map(|word| word.confidence).fold(1.0, f32::min);
                // That letters stand for digits is no doubt; that a slash is lost is one.
                let restored = repairs.iter().any(|repair| repair.to.contains('/'));
                let rank =
                    clear + 2.0 * f32::from(u8::from(labelled)) - f32::from(u8::from(restored));
                if best.as_ref().is_none_or(|(other, ..)| rank > *other) {
                    best = Some((rank, words.to_vec(), value, repairs));
                }
            }
        }
    }
    let Some((rank, words, value, repairs)) = best else {
        return Field::null(reader.missing(Label::Number));
    };
    let Some(mut evidence) = reader.evidence(&words) else { return Field::null(Reason::NotFound) };
    let sure = rank > 2.0;
    evidence.confidence = if sure {
        confidence::formed(evidence.confidence)
    } else {
        confidence::alone(evidence.confidence).min(0.75)
    };
    evidence.repairs = repairs;
    Field::read(value, evidence)
}

/// Reads a licence number and lists what was replaced; that only at its label.
fn licence_number(text: &str, labelled: bool) -> Option<(String, Vec<Repair>)> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\d{1,2}/\d{6}$").ok());
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    if parse_date(text).is_some() || text.chars().filter(char::is_ascii_digit).count() < 6 {
        return None;
    }
    let text: String =
        text.chars().map(western_digit).collect::<String>().replace(['\\', '-'], "/");
    let digits: String = text.chars().map(as_digit).collect();
    let formed = |text: &str| FORM.as_ref().is_some_and(|form| form.is_match(text));
    if formed(&text) {
        return Some((text, Vec::new()));
    }
    if !labelled {
        return None;
    }
    if formed(&digits) {
        let repairs = Repair::list(&text, &digits);
        return Some((digits, repairs));
    }
    let all: Vec<char> = digits.chars().collect();
    let group = |range: std::ops::Range<usize>| all[range].iter().collect::<String>();
    let restored = match all.len() {
        8 => format!("{}/{}", group(0..2), group(2..8)),
        9 => format!("{}/{}", group(0..2), group(3..9)),
        _ => return None,
    };
    formed(&restored).then(|| (restored.clone(), Repair::list(&text, &restored)))
}

/// The centre that issued the licence: labelled, or before the date after the number.
fn issued_at(reader: &Reader<'_>) -> Field<String> {
    let name = |text: &str| {
        let name = latin_name(text);
        name.strip_suffix(" le").or_else(|| name.strip_suffix(" Le")).unwrap_or(&name).to_owned()
    };
    let labelled = reader.text(Label::IssuedAt, Script::Latin, 1, name);
    if labelled.value().is_some() {
        return labelled;
    }
    let number_row = reader.rows.row_of(Label::Number).unwrap_or(usize::MAX);
    let row = reader.dates().into_iter().map(|(row, _)| row).find(|row| *row > number_row);
    let run = row.and_then(|row| {
        let runs = &reader.rows.list[row].runs;
        runs.iter().find(|run| run.script == Script::Latin && name(&run.text()).len() > 3)
    });
    run.map_or_else(|| Field::null(Reason::NotFound), |run| reader.text_of(&run.words, name))
}

/// The letters of the box: at their label, else alone in the lower part.
fn categories(reader: &Reader<'_>) -> Vec<Field<Category>> {
    let lower = reader.rows.height * 0.6;
    for (index, run) in reader.rows.runs() {
        let row = &reader.rows.list[index];
        if run.script != Script::Latin {
            continue;
        }
        let labelled = owner(row, run) == Some(Label::Categories);
        if !labelled && union(&run.words).mid_y() < lower {
            continue;
        }
        // Only the label tells that a look-alike is a letter.
        let parse = if labelled { Category::parse_in_table } else { Category::parse };
        let read: Option<Vec<_>> =
            run.words.iter().map(|word| Some((parse(&word.text)?, word))).collect();
        let Some(read) = read.filter(|read| !read.is_empty()) else { continue };
        return read
            .into_iter()
            .filter_map(|(category, word)| {
                let mut evidence = reader.evidence(std::slice::from_ref(word))?;
                evidence.confidence = confidence::alone(evidence.confidence);
                if Category::parse(&word.text).is_none() {
                    let to = category.spelled().to_owned();
                    evidence.repairs = vec![Repair { from: word.text.clone(), to }];
                }
                Some(Field::read(category, evidence))
            })
            .collect();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_or_misread_slash_is_restored_at_the_label_only() {
        let number = |text| licence_number(text, true).map(|(value, _)| value);
        assert_eq!(number("55/193059").as_deref(), Some("55/193059"));
        assert_eq!(number("55193059").as_deref(), Some("55/193059"));
        assert_eq!(number("557193059").as_deref(), Some("55/193059"));
        assert_eq!(number("55|193059").as_deref(), Some("55/193059"));
        assert_eq!(number("5/193059").as_deref(), Some("5/193059"));
        assert_eq!(licence_number("55193059", false), None);
    }

    #[test]
    fn a_restored_slash_is_listed() {
        let repairs = |text| licence_number(text, true).unwrap().1;
        assert_eq!(repairs("55193059"), Repair::list("", "/"));
        assert_eq!(repairs("557193059"), Repair::list("7", "/"));
        assert_eq!(repairs("55/193O59"), Repair::list("O", "0"));
        assert_eq!(repairs("55/193059"), []);
    }

    #[test]
    fn a_date_is_no_licence_number() {
        assert_eq!(licence_number("12/092015", true), None);
    }
}
