//! The front of the identity card. Its names bear no label on most cards: they
//! stand between the title and the birth date, the given name above the family name.

use crate::documents::cin::labels::{Label, labels};
use crate::documents::cin_number::best_cin;
use crate::documents::label::union;
use crate::documents::normalize::{arabic_name, fold_arabic, latin_name};
use crate::documents::places::{Zone, birthplace};
use crate::documents::rows::Run;
use crate::documents::side_reader::SideReader;
use crate::documents::{Bilingual, Field, PartialDate, Reason, Sheet, Source, confidence};
use crate::ocr::{Script, Word};
use chrono::NaiveDate;

/// What the front says.
pub(super) struct Recto {
    pub(super) cin: Field<String>,
    /// The name printed above.
    pub(super) upper: Bilingual,
    /// The name printed below.
    pub(super) lower: Bilingual,
    /// Whether the names bore labels, so that `upper` is the given name for certain.
    pub(super) labelled: bool,
    pub(super) birth: Field<PartialDate>,
    pub(super) place: Bilingual,
    pub(super) valid_until: Field<NaiveDate>,
    pub(super) can: Field<String>,
    /// Whether a birth word agrees in gender with a woman; no evidence by itself.
    pub(super) feminine: Option<bool>,
}

type Reader<'a> = SideReader<'a, Label>;

/// Reads the front.
pub(super) fn read(sheet: &Sheet) -> Recto {
    let reader = SideReader::new(sheet, Source::Recto, labels());
    let birth_row = birth_row(&reader);
    let (upper, lower, labelled) = names(&reader, birth_row);
    Recto {
        cin: best_cin(&reader, Label::Number),
        upper,
        lower,
        labelled,
        birth: birth(&reader),
        place: place(&reader, birth_row),
        valid_until: valid_until(&reader),
        can: can(&reader),
        feminine: feminine(&reader),
    }
}

/// The row of the birth date, by its label or as the first date of the side.
fn birth_row(reader: &Reader<'_>) -> usize {
    let first_date = || reader.dates().first().map(|(row, _)| *row);
    reader.rows.row_of(Label::Birth).or_else(first_date).unwrap_or(reader.rows.list.len() / 2)
}

fn birth(reader: &Reader<'_>) -> Field<PartialDate> {
    let labelled = reader.birth_date(Label::Birth);
    if labelled.value().is_some() {
        return labelled;
    }
    // Without its label: the first of two dates, and earlier than the other.
    let dates = reader.dates();
    match dates.as_slice() {
        [(_, first), .., (_, last)] if first.date < last.date => {
            match reader.date_field(first, &[]) {
                Field::Read { value, evidence } => Field::read(PartialDate::Day(value), evidence),
                Field::Null { reason, evidence } => Field::Null { reason, evidence },
            }
        }
        _ => labelled,
    }
}

fn valid_until(reader: &Reader<'_>) -> Field<NaiveDate> {
    let labelled = reader.date(Label::ValidUntil);
    if labelled.value().is_some() {
        return labelled;
    }
    let dates = reader.dates();
    match dates.as_slice() {
        [(_, first), .., (_, last)] if first.date < last.date => reader.date_field(last, &[]),
        _ => labelled,
    }
}

/// The names, upper and lower; with labels where the card has them.
fn names(reader: &Reader<'_>, birth_row: usize) -> (Bilingual, Bilingual, bool) {
    if reader.rows.has(Label::GivenName) && reader.rows.has(Label::Name) {
        let given = reader.bilingual(Label::GivenName, 1, latin_name, arabic_name);
        let family = reader.bilingual(Label::Name, 1, latin_name, arabic_name);
        return (given, family, true);
    }
    let latin = unlabelled(reader, Script::Latin, birth_row);
    let arabic = unlabelled(reader, Script::Arabic, birth_row);
    let [upper, lower] = zip(latin, arabic);
    (upper, lower, false)
}

fn zip(latin: [Field<String>; 2], arabic: [Field<String>; 2]) -> [Bilingual; 2] {
    let ([a, b], [c, d]) = (latin, arabic);
    [Bilingual { fr: a, ar: c }, Bilingual { fr: b, ar: d }]
}

/// The two lines of one script just above the birth date.
fn unlabelled(reader: &Reader<'_>, script: Script, birth_row: usize) -> [Field<String>; 2] {
    let title = reader.rows.tags(Label::Title).chain(reader.rows.tags(Label::Kingdom));
    let top = title.map(|(row, _)| row).filter(|row| *row < birth_row).max();
    let candidates: Vec<Vec<Word>> = (top.map_or(0, |row| row + 1)..birth_row)
        .filter_map(|row| name_line(reader, row, script))
        .collect();
    let field = |words: Option<&Vec<Word>>| match (words, script) {
        (Some(words), Script::Latin) => reader.text_of(words, latin_name),
        (Some(words), Script::Arabic) => reader.text_of(words, arabic_name),
        (None, _) => Field::null(Reason::NotFound),
    };
    let count = candidates.len();
    match count {
        0 => [field(None), field(None)],
        // One name is lost: which, the distance to the birth date tells.
        1 => {
            let birth_top = reader.rows.list.get(birth_row).map_or(0.0, |row| row.rect.y);
            let near = birth_top - union(&candidates[0]).bottom() < 1.6 * reader.rows.line_height;
            if near {
                [field(None), field(candidates.first())]
            } else {
                [field(candidates.first()), field(None)]
            }
        }
        _ => [field(candidates.get(count - 2)), field(candidates.get(count - 1))],
    }
}

/// The words of a row that can be a name, or nothing.
fn name_line(reader: &Reader<'_>, row: usize, script: Script) -> Option<Vec<Word>> {
    let row = reader.rows.list.get(row)?;
    let mut words: Vec<Word> = Vec::new();
    let mut runs: Vec<&Run> = row.runs.iter().filter(|run| run.script == script).collect();
    if script == Script::Arabic {
        runs.reverse();
    }
    for run in runs {
        let outside = |word: &&Word| {
            reader.page.portrait.is_none_or(|face| {
                word.rect.mid_x() < face.x
                    || word.rect.mid_x() > face.right()
                    || word.rect.mid_y() < face.y
                    || word.rect.mid_y() > face.bottom()
            })
        };
        words.extend(
            run.words.iter().filter(outside).filter(|word| nameable(script, word)).cloned(),
        );
    }
    let letters: usize = words.iter().map(|word| word.text.chars().count()).sum();
    (letters >= 2 && !words.is_empty()).then_some(words)
}

/// Whether a word may be part of a name: letters, mostly capitals in Latin, read with some certainty.
fn nameable(script: Script, word: &Word) -> bool {
    let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
    let others = word.text.chars().filter(char::is_ascii_digit).count();
    let shape = match script {
        Script::Latin => {
            let upper = word.text.chars().filter(|c| c.is_uppercase()).count();
            upper * 2 > letters
        }
        Script::Arabic => true,
    };
    letters > others && shape && word.confidence > 0.25
}

/// The birthplace stands between the birth date and the authority or the expiry.
fn place(reader: &Reader<'_>, birth_row: usize) -> Bilingual {
    let stops = [Label::Authority, Label::Signatory, Label::ValidUntil];
    let zone = Zone { from: birth_row, to: reader.rows.list.len(), stops: &stops };
    birthplace(reader, Label::BirthPlace, &zone)
}

/// The CAN: six digits beside their token, which is printed upwards and often lost.
fn can(reader: &Reader<'_>) -> Field<String> {
    let digits =
        |word: &&Word| word.text.len() == 6 && word.text.chars().all(|c| c.is_ascii_digit());
    let Some((row, _)) = reader.rows.find(Label::Can, Script::Latin) else {
        return Field::null(Reason::NotFound);
    };
    let near = reader.rows.list.iter().skip(row.saturating_sub(1)).take(3);
    let found = near.flat_map(|row| &row.runs).flat_map(|run| &run.words).find(digits);
    let Some(mut evidence) = found.and_then(|word| reader.evidence(std::slice::from_ref(word)))
    else {
        return Field::null(Reason::Unreadable);
    };
    evidence.confidence = confidence::alone(evidence.confidence);
    Field::read(evidence.raw.clone(), evidence)
}

fn feminine(reader: &Reader<'_>) -> Option<bool> {
    let row = reader.rows.find(Label::Birth, Script::Arabic)?;
    let text: String = reader
        .rows
        .lines
        .iter()
        .filter(|line| {
            line.script == Script::Arabic && line.rect().vertical_overlap(&row.1.rect) > 0.5
        })
        .map(|line| fold_arabic(&line.text()))
        .collect();
    if text.contains("مزداده") || text.contains("ازدادت") {
        Some(true)
    } else {
        text.contains("مزداد").then_some(false)
    }
}
