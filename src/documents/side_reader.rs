//! One side being read: its rows, and fields made of words with their evidence.

use chrono::NaiveDate;

use crate::documents::date::{date_repairs, parse_date, parse_partial_date};
use crate::documents::label::{Labels, union};
use crate::documents::normalize::is_marked_absent;
use crate::documents::rows::{Rows, Run, joined};
use crate::documents::{
    Bilingual, Evidence, Field, Part, PartialDate, Reason, Repair, Sheet, Source, confidence,
};
use crate::ocr::{Page, Script, Word};

/// A date with the words that it was read on.
#[derive(Clone)]
pub(crate) struct DateReading {
    /// The date.
    pub(crate) date: NaiveDate,
    /// Where it stands.
    pub(crate) words: Vec<Word>,
    /// What was replaced to read it.
    pub(crate) repairs: Vec<Repair>,
}

/// One side of a card and its labels.
pub(crate) struct SideReader<'a, L> {
    /// The words.
    pub(crate) page: &'a Page,
    /// The rows.
    pub(crate) rows: Rows<L>,
    source: Source,
    part: Part,
}

impl<'a, L: Copy + PartialEq> SideReader<'a, L> {
    /// Sorts a sheet into rows.
    pub(crate) fn new(sheet: &'a Sheet, source: Source, labels: &Labels<L>) -> Self {
        Self { page: &sheet.page, rows: Rows::of(&sheet.page, labels), source, part: sheet.part }
    }

    /// Words as evidence of a field.
    pub(crate) fn evidence(&self, words: &[Word]) -> Option<Evidence> {
        Evidence::of_words(self.page, self.source, self.part, words)
    }

    /// A field of words, their text normalised by `normalise`; empty means refused.
    pub(crate) fn text_of(
        &self,
        words: &[Word],
        normalise: impl Fn(&str) -> String,
    ) -> Field<String> {
        let Some(mut evidence) = self.evidence(words) else {
            return Field::null(Reason::NotFound);
        };
        if is_marked_absent(&evidence.raw) {
            return Field::refused(Reason::MarkedAbsent, evidence);
        }
        let value = normalise(&evidence.raw);
        if value.is_empty() {
            return Field::refused(Reason::Unreadable, evidence);
        }
        evidence.confidence = confidence::alone(evidence.confidence);
        Field::read(value, evidence)
    }

    /// The text beside or below a label; at most `lines` printed lines.
    pub(crate) fn text(
        &self,
        label: L,
        script: Script,
        lines: usize,
        normalise: impl Fn(&str) -> String,
    ) -> Field<String> {
        let words = self.rows.value(label, script, lines);
        words.map_or_else(
            || Field::null(self.missing(label)),
            |words| self.text_of(&words, normalise),
        )
    }

    /// The text of a label that is words: a lone mark beside it, or a number
    /// that has strayed there, is passed over.
    pub(crate) fn words(
        &self,
        label: L,
        script: Script,
        lines: usize,
        normalise: impl Fn(&str) -> String,
    ) -> Field<String> {
        let words = self.rows.value_like(label, script, lines, is_wordy);
        words.map_or_else(
            || Field::null(self.missing(label)),
            |words| self.text_of(&words, normalise),
        )
    }

    /// Both scripts of a label's value, which is words.
    pub(crate) fn bilingual(
        &self,
        label: L,
        lines: usize,
        latin: impl Fn(&str) -> String,
        arabic: impl Fn(&str) -> String,
    ) -> Bilingual {
        Bilingual {
            fr: self.words(label, Script::Latin, lines, latin),
            ar: self.words(label, Script::Arabic, lines, arabic),
        }
    }

    /// Why there is no value at a label.
    pub(crate) fn missing(&self, label: L) -> Reason {
        if self.rows.has(label) { Reason::Unreadable } else { Reason::NotFound }
    }

    /// The date of a label: in its row, else below it. `--` marks it absent.
    pub(crate) fn date(&self, label: L) -> Field<NaiveDate> {
        let places: Vec<(usize, Script)> =
            self.rows.tags(label).map(|(row, tag)| (row, tag.script)).collect();
        for (row, _) in &places {
            let runs: Vec<&Run> = self.rows.own_runs(*row, label).collect();
            let mut dates: Vec<DateReading> =
                runs.iter().flat_map(|run| dates_in(&run.words)).collect();
            if let Some(first) = (!dates.is_empty()).then(|| dates.remove(0)) {
                return self.date_field(&first, &dates);
            }
            if let Some(dash) = runs.iter().find(|run| is_marked_absent(&run.text()))
                && let Some(evidence) = self.evidence(&dash.words)
            {
                return Field::refused(Reason::MarkedAbsent, evidence);
            }
        }
        for script in [Script::Latin, Script::Arabic] {
            let Some(words) = self.rows.value(label, script, 2) else { continue };
            if let Some(found) = dates_in(&words).first() {
                return self.date_field(found, &[]);
            }
            if let Some(evidence) = self.evidence(&words) {
                let absent = is_marked_absent(&evidence.raw);
                let reason = if absent { Reason::MarkedAbsent } else { Reason::Malformed };
                return Field::refused(reason, evidence);
            }
        }
        Field::null(self.missing(label))
    }

    /// A date with what other readings of the same print say of it.
    pub(crate) fn date_field(
        &self,
        found: &DateReading,
        others: &[DateReading],
    ) -> Field<NaiveDate> {
        let Some(mut evidence) = self.evidence(&found.words) else {
            return Field::null(Reason::NotFound);
        };
        evidence.confidence = confidence::formed(evidence.confidence);
        if let Some(other) = others.first() {
            evidence.confidence = if other.date == found.date {
                confidence::supported(evidence.confidence)
            } else {
                confidence::disputed(evidence.confidence)
            };
        }
        evidence.repairs.clone_from(&found.repairs);
        Field::read(found.date, evidence)
    }

    /// Every date of the side with the index of its row, from top to bottom; two readings
    /// of one print count once.
    pub(crate) fn dates(&self) -> Vec<(usize, DateReading)> {
        let mut found: Vec<(usize, DateReading)> = Vec::new();
        for (row, run) in self.rows.runs() {
            for reading in dates_in(&run.words) {
                let rect = union(&reading.words);
                let twice = found.iter().any(|(other, seen)| {
                    let seen = union(&seen.words);
                    *other == row && rect.x < seen.right() && seen.x < rect.right()
                });
                if !twice {
                    found.push((row, reading));
                }
            }
        }
        found
    }

    /// The birth date at a label, of which a card may print the year alone.
    pub(crate) fn birth_date(&self, label: L) -> Field<PartialDate> {
        match self.date(label) {
            Field::Read { value, evidence } => Field::read(PartialDate::Day(value), evidence),
            Field::Null { reason, evidence } => {
                let partial = [Script::Latin, Script::Arabic].into_iter().find_map(|script| {
                    let words = self.rows.value(label, script, 1)?;
                    words.iter().enumerate().find_map(|(i, word)| {
                        let pair =
                            words.get(i + 1).map(|next| format!("{} {}", word.text, next.text));
                        let date = pair
                            .and_then(|pair| parse_partial_date(&pair))
                            .or_else(|| parse_partial_date(&word.text))?;
                        let mut evidence = self.evidence(std::slice::from_ref(word))?;
                        evidence.confidence = confidence::alone(evidence.confidence);
                        Some(Field::read(date, evidence))
                    })
                });
                partial.unwrap_or(Field::Null { reason, evidence })
            }
        }
    }
}

/// The dates in a run: in one word, or in up to five neighbours that the engine split.
pub(crate) fn dates_in(words: &[Word]) -> Vec<DateReading> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < words.len() {
        let reading = (1..=5.min(words.len() - index)).find_map(|count| {
            let taken = &words[index..index + count];
            let text = joined(taken);
            let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
            let (date, repairs) = date_in(inner)?;
            Some((count, DateReading { date, words: taken.to_vec(), repairs }))
        });
        match reading {
            Some((count, reading)) => {
                found.push(reading);
                index += count;
            }
            None => index += 1,
        }
    }
    found
}

/// The date that a text is, with what was replaced in it.
fn date_in(text: &str) -> Option<(NaiveDate, Vec<Repair>)> {
    let unspaced = unspaced(text);
    let forms = [Some(text), without_label(text), unspaced.as_deref()];
    forms.into_iter().flatten().find_map(|form| {
        let date = parse_date(form)?;
        Some((date, date_repairs(form, date)))
    })
}

/// A date in which a wide digit was taken for a word: `1 1/09/2007`.
fn unspaced(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let other = text.chars().any(char::is_alphabetic);
    let unspaced = || text.chars().filter(|c| !c.is_whitespace()).collect();
    (digits == 8 && !other).then(unspaced)
}

/// Whether a run can be words of a name, a place or an address: two letters at
/// least and more of them than digits, or the mark that there is none.
fn is_wordy(run: &Run) -> bool {
    let text = run.text();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    // The small letters of a few Arabic strokes: values are printed in capitals.
    let strokes = run.script == Script::Latin
        && letters < 4
        && text.chars().all(|c| !c.is_uppercase() && !c.is_ascii_digit());
    letters >= 2 && !strokes && (letters > digits || run.words.len() > 2) || is_marked_absent(&text)
}

/// A date that a short label was glued to: `le01.01.1990`.
fn without_label(word: &str) -> Option<&str> {
    let start = word.char_indices().find(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at)?;
    let prefix = &word[..start];
    let glued = !prefix.is_empty() && prefix.chars().all(|c| c.is_alphabetic() || c == ':');
    (glued && !word.contains(' ')).then(|| &word[start..])
}

/// Raises the confidence of a field that something independent confirms.
pub(crate) fn confirm<T>(field: &mut Field<T>) {
    if let Field::Read { evidence, .. } = field {
        evidence.confidence = confidence::supported(evidence.confidence);
    }
}

/// Lowers the confidence of a field that another reading contradicts.
pub(crate) fn dispute<T>(field: &mut Field<T>) {
    if let Field::Read { evidence, .. } = field {
        evidence.confidence = confidence::disputed(evidence.confidence);
    }
}
