//! The national number (CIN): one or two letters, then digits. It stands on the
//! identity card and, as C.N.I., on the driving licence. No check digit is public.

use std::sync::LazyLock;

use regex::Regex;

use crate::documents::normalize::{as_digit, as_letter, western_digit};
use crate::documents::rows::{Run, joined, owner};
use crate::documents::side_reader::SideReader;
use crate::documents::{Field, Reason, Repair, confidence};
use crate::ocr::Word;

/// A number of the right form.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CinNumber {
    /// Letters and digits, nothing between them.
    pub(crate) value: String,
    /// Whether it has the usual form: 3 to 6 digits after the first, which is no 0.
    pub(crate) usual: bool,
    /// The look-alikes that were replaced.
    pub(crate) repairs: Vec<Repair>,
}

/// Reads a number. Look-alikes are repaired only where most of the text is digits
/// already, so that a short name (`A1I`, `EL`) never becomes a number.
pub(crate) fn parse_cin(text: &str) -> Option<CinNumber> {
    static WIDE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[A-Z]{1,2}[0-9]{3,8}$").ok());
    static USUAL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[A-Z]{1,2}[1-9][0-9]{3,6}$").ok());
    let wide = |text: &str| WIDE.as_ref().is_some_and(|form| form.is_match(text));
    let usual = |text: &str| USUAL.as_ref().is_some_and(|form| form.is_match(text));
    let read: String =
        text.chars().map(western_digit).filter(|c| c.is_alphanumeric()).collect::<String>();
    let read = read.to_uppercase();
    if !(4..=9).contains(&read.chars().count()) || !read.is_ascii() {
        return None;
    }
    if wide(&read) {
        let usual = usual(&read) && read.len() <= 8;
        return Some(CinNumber { usual, value: read, repairs: Vec::new() });
    }
    let digits = read.chars().filter(char::is_ascii_digit).count();
    if digits < 3 || digits * 2 < read.len() || digits == read.len() {
        return None;
    }
    let repaired = |letters: usize| -> String {
        read.chars()
            .enumerate()
            .map(|(index, c)| if index < letters { as_letter(c) } else { as_digit(c) })
            .collect()
    };
    let second_is_letter = read.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic());
    let lengths = if second_is_letter { [2, 1] } else { [1, 2] };
    let value = lengths.into_iter().map(repaired).find(|text| usual(text))?;
    let repairs = Repair::list(&read, &value);
    Some(CinNumber { value, usual: true, repairs })
}

/// Reads a number whose one letter was taken for a digit. Only a number's own
/// label tells that the first of so many digits is a letter.
fn lettered(text: &str) -> Option<CinNumber> {
    let digits = text.trim_start_matches([':', ' ', '.']);
    let is_whole = (6..=7).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    let first = digits.chars().next().filter(|_| is_whole)?;
    let letter = Some(as_letter(first)).filter(char::is_ascii_alphabetic)?;
    let value = format!("{letter}{}", &digits[1..]);
    Some(CinNumber { usual: true, repairs: Repair::list(digits, &value), value })
}

/// A number of the right form and where it stands.
#[derive(Clone)]
pub(crate) struct CinReading {
    /// The number.
    pub(crate) number: CinNumber,
    /// Its words.
    pub(crate) words: Vec<Word>,
    /// Whether it stands at a number's label.
    pub(crate) labelled: bool,
}

/// Everything on a side that has the form of a number. Without a label it is not
/// repaired, for any word might then become one.
pub(crate) fn cin_readings<L: Copy + PartialEq>(
    reader: &SideReader<'_, L>,
    label: L,
) -> Vec<CinReading> {
    let mut found = Vec::new();
    for (index, run) in reader.rows.runs() {
        let row = &reader.rows.list[index];
        let below = index.checked_sub(1).and_then(|above| reader.rows.list.get(above));
        let under_label = below.is_some_and(|above| {
            above.tags.iter().any(|tag| {
                tag.label == label && tag.rect.x < run.rect.right() && run.rect.x < tag.rect.right()
            })
        });
        let labelled = owner(row, run).is_some_and(|of| of == label) || under_label;
        found.extend(in_run(run, labelled));
    }
    found
}

fn in_run(run: &Run, labelled: bool) -> Vec<CinReading> {
    let mut found: Vec<CinReading> = Vec::new();
    for index in 0..run.words.len() {
        for count in 1..=2.min(run.words.len() - index) {
            let words = &run.words[index..index + count];
            // `N°` glued to its number.
            let text = joined(words);
            let text =
                text.trim_start_matches(['N', 'n']).trim_start_matches(['°', 'º', '*', '\'']);
            let bare =
                if text.len() + 1 < joined(words).len() { text.to_owned() } else { joined(words) };
            let parsed = parse_cin(&bare);
            let Some(number) = parsed.or_else(|| lettered(&bare).filter(|_| labelled)) else {
                continue;
            };
            // No office's letters are known to be `NO`; an address writes a house so.
            let is_house = number.value.starts_with("NO");
            if !labelled && (is_house || (!number.repairs.is_empty() && count > 1)) {
                continue;
            }
            found.push(CinReading { number, words: words.to_vec(), labelled });
            break;
        }
    }
    found
}

/// The likeliest number of a side: at its label, of the usual form, not repaired,
/// clearest.
pub(crate) fn best_cin<L: Copy + PartialEq>(reader: &SideReader<'_, L>, label: L) -> Field<String> {
    let readings = cin_readings(reader, label);
    let rank = |reading: &CinReading| {
        let clear = reading.words.iter().map(|word| word.confidence).fold(1.0, f32::min);
        let points = 2.0 * f32::from(u8::from(reading.labelled))
            + f32::from(u8::from(reading.number.usual))
            + f32::from(u8::from(reading.number.repairs.is_empty()));
        points + clear
    };
    let Some(best) = readings.iter().max_by(|a, b| rank(a).total_cmp(&rank(b))) else {
        return Field::null(if reader.rows.has(label) {
            Reason::Malformed
        } else {
            Reason::NotFound
        });
    };
    cin_field(reader, best)
}

/// A reading as a field. Without a check digit it is certain only when clear and usual.
pub(crate) fn cin_field<L: Copy + PartialEq>(
    reader: &SideReader<'_, L>,
    reading: &CinReading,
) -> Field<String> {
    let Some(mut evidence) = reader.evidence(&reading.words) else {
        return Field::null(Reason::NotFound);
    };
    evidence.confidence = match (reading.number.usual, !reading.number.repairs.is_empty()) {
        (true, false) => confidence::formed(evidence.confidence),
        (false, false) => confidence::alone(evidence.confidence),
        (_, true) => confidence::disputed(evidence.confidence + 0.1).max(0.3),
    };
    evidence.repairs.clone_from(&reading.number.repairs);
    Field::read(reading.number.value.clone(), evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        parse_cin(text).map(|number| number.value)
    }

    #[test]
    fn usual_numbers_are_read_with_or_without_blanks() {
        assert_eq!(value("BK123456").as_deref(), Some("BK123456"));
        assert_eq!(value("bk 123456").as_deref(), Some("BK123456"));
        assert_eq!(value("J9900").as_deref(), Some("J9900"));
    }

    #[test]
    fn look_alikes_are_repaired_by_position() {
        assert_eq!(value("8K123456").as_deref(), Some("BK123456"));
        assert_eq!(value("BK12345O").as_deref(), Some("BK123450"));
        assert_eq!(value("BKI23456").as_deref(), Some("BK123456"));
    }

    #[test]
    fn a_repaired_number_lists_what_was_replaced() {
        let number = parse_cin("8K12345O").unwrap();
        assert_eq!(number.value, "BK123450");
        assert_eq!(number.repairs, Repair::list("8K12345O", "BK123450"));
        assert!(parse_cin("bk 123450").unwrap().repairs.is_empty());
    }

    #[test]
    fn a_leading_zero_is_tolerated_but_not_usual() {
        let number = parse_cin("K01234567").unwrap();
        assert!(!number.usual && number.value == "K01234567");
    }

    #[test]
    fn a_short_name_never_becomes_a_number() {
        for name in ["A1I", "EL", "ALI", "SAID", "BOSSO", "OULD", "HASSI"] {
            assert_eq!(value(name), None, "{name}");
        }
    }

    #[test]
    fn a_label_tells_that_the_first_digit_is_a_letter() {
        let value = |text| lettered(text).map(|number| number.value);
        assert_eq!(value(":1595173").as_deref(), Some("I595173"));
        assert_eq!(value("3595173"), None);
        assert_eq!(value("12.05.1990"), None);
    }

    #[test]
    fn six_digits_are_no_number() {
        assert_eq!(value("123457"), None);
    }
}
