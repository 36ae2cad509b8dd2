//! Registration plates: number, series letter, region; provisional, dealer's, older
//! and foreign ones.

use std::sync::LazyLock;

use regex::Regex;

use crate::documents::Repair;
use crate::documents::date::parse_date;
use crate::documents::normalize::western_digit;

/// A plate of the series used since 2000.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Plate {
    /// 1 to 5 digits.
    number: String,
    letter: char,
    /// 1 to 89, not padded.
    region: u32,
    /// The letter as read, where that was another.
    repairs: Vec<Repair>,
}

impl Plate {
    /// The contract's spelling `1234 أ 56`.
    pub(super) fn spelled(&self) -> String {
        format!("{} {} {}", self.number, self.letter, self.region)
    }

    /// What was replaced in its letter.
    pub(super) fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// Whether number and region are the same, whatever the letter.
    pub(super) fn same_digits(&self, other: &Self) -> bool {
        self.number == other.number && self.region == other.region
    }
}

/// Reads a plate in any reading order: an Arabic line gives the region first. The
/// longer group is the number; of two short ones the left.
pub(super) fn parse_plate(text: &str) -> Option<Plate> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(\d{1,5})[-/. |]*(\p{Arabic})[-/. |]*(\d{1,5})$").ok());
    plate(&one_dash(text), FORM.as_ref()?, letter)
}

/// Reads a plate whose letter was taken for a look-alike or for its Latin equivalent.
/// Only for a plate of the series with letters: before, digits stood in the middle.
pub(super) fn parse_plate_by_look(text: &str) -> Option<Plate> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(\d{1,5})[-/ ]+([195A-Zl|!»])[-/ ]+(\d{1,5})$").ok());
    plate(&one_dash(text), FORM.as_ref()?, look_alike)
}

/// Whether the region of what may be a plate is one of the kingdom's; nothing where the
/// text is no plate at all.
pub(super) fn is_region(text: &str) -> Option<bool> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^\d{3,5}[-/. |]*\p{Arabic}[-/. |]*(\d{1,3})$").ok());
    let text = one_dash(text);
    let region = FORM.as_ref()?.captures(&text)?.get(1)?.as_str().parse::<u32>().ok()?;
    Some(REGIONS.contains(&region))
}

/// The regions of the kingdom.
const REGIONS: std::ops::RangeInclusive<u32> = 1..=89;

/// A plate's text with Western digits and one kind of dash, trimmed.
fn one_dash(text: &str) -> String {
    let text: String = text
        .chars()
        .map(western_digit)
        .filter(|c| !matches!(c, '\u{200E}' | '\u{200F}' | '\u{0640}' | ':' | '*' | ','))
        .map(|c| if matches!(c, '–' | '—' | '_' | '−' | '~' | '\\') { '-' } else { c })
        .collect();
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

fn plate(text: &str, form: &Regex, letter: fn(char) -> Option<char>) -> Option<Plate> {
    let found = form.captures(text)?;
    let (first, second) = (found.get(1)?.as_str(), found.get(3)?.as_str());
    let (number, region) = match (first.len() > 2, second.len() > 2) {
        (_, false) => (first, second),
        (false, true) => (second, first),
        (true, true) => return None,
    };
    let region: u32 = region.parse().ok().filter(|region| REGIONS.contains(region))?;
    let number = number.trim_start_matches('0');
    if number.is_empty() {
        return None;
    }
    let read = found.get(2)?.as_str();
    let letter = letter(read.chars().next()?)?;
    let repairs = Repair::list(read, &letter.to_string());
    Some(Plate { number: number.to_owned(), letter, region, repairs })
}

/// The series letter that a character stands for. Look-alikes of other scripts
/// (`1`, `9`, `5`) are none: each may stand for several letters.
fn letter(c: char) -> Option<char> {
    Some(match c {
        'أ' | 'ا' | 'إ' | 'آ' => 'أ',
        'ه' | 'ة' => 'ه',
        'ي' | 'ى' => 'ي',
        'ب' | 'ج' | 'د' | 'و' | 'ط' => c,
        _ => return None,
    })
}

/// The series letter that a digit, a stroke or a Latin letter is read for.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        '1' | '|' | '!' | '»' | 'I' | 'l' | 'A' => 'أ',
        'B' => 'ب',
        'J' => 'ج',
        'D' => 'د',
        '5' | 'E' | 'H' => 'ه',
        '9' | 'O' | 'W' => 'و',
        'T' => 'ط',
        'Y' => 'ي',
        _ => return None,
    })
}

/// What the row of the previous registration holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlateKind {
    /// `WW` and digits.
    Provisional,
    /// `W18` and digits.
    Dealer,
    /// Of the series since 2000.
    Ordinary,
    /// `1234-56/7`, before 2000.
    Older,
    /// Of another country, or not told.
    Other,
}

/// Reads a previous registration and spells it as the contract does.
pub(super) fn parse_previous(text: &str) -> Option<(String, PlateKind)> {
    static PROVISIONAL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[WV]{2,4}[-/ ]*([0-9OISB ]{1,8})$").ok());
    static DEALER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^W[-/ ]*[1I]8[-/ ]+([0-9 ]{1,8})$").ok());
    static OLDER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(\d{4})[- ]+(\d{1,2})[/ ]+([1-9])$").ok());
    static FREE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[A-Z0-9\-/ ]{2,15}$").ok());
    let text = text.replace('\\', "");
    let text = text.as_str();
    let upper = text.trim().trim_matches([':', '.', '|', '*']).trim().to_uppercase();
    let digits = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .map(crate::documents::normalize::as_digit)
            .collect()
    };
    if let Some(found) = DEALER.as_ref()?.captures(&upper) {
        return Some((format!("W18-{}", digits(found.get(1)?.as_str())), PlateKind::Dealer));
    }
    if let Some(found) = PROVISIONAL.as_ref()?.captures(&upper) {
        return Some((format!("WW-{}", digits(found.get(1)?.as_str())), PlateKind::Provisional));
    }
    if let Some(found) = OLDER.as_ref()?.captures(&upper) {
        let part = |group| found.get(group).map_or("", |part| part.as_str());
        return Some((format!("{}-{}/{}", part(1), part(2), part(3)), PlateKind::Older));
    }
    if let Some(plate) = parse_plate(text) {
        return Some((plate.spelled(), PlateKind::Ordinary));
    }
    if parse_date(&upper).is_some() {
        return None;
    }
    let some_digits = upper.chars().filter(char::is_ascii_digit).count() >= 2;
    (some_digits && FREE.as_ref()?.is_match(&upper)).then_some((upper, PlateKind::Other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(text: &str) -> Option<String> {
        Some(parse_plate(text)?.spelled())
    }

    #[test]
    fn dashes_blanks_and_bars_separate_the_groups() {
        for printed in
            ["12345-أ-6", "12345 أ 6", "12345 - أ - 6", "12345–أ–6", "12345/أ/6", "12345-أ-06"]
        {
            assert_eq!(spelled(printed).as_deref(), Some("12345 أ 6"), "{printed}");
        }
    }

    #[test]
    fn an_arabic_line_gives_the_region_first() {
        assert_eq!(spelled("1-ط-12345").as_deref(), Some("12345 ط 1"));
        assert_eq!(spelled("٦ - ب - ١٢٣٤").as_deref(), Some("1234 ب 6"));
    }

    #[test]
    fn a_look_alike_of_the_letter_is_no_letter() {
        for read in ["4321-1-81", "4321-|-18", "4321-9-18", "4321-5-18", "4321-A-18", "4321--18"] {
            assert_eq!(spelled(read), None, "{read}");
        }
    }

    #[test]
    fn where_a_letter_is_due_its_look_alike_is_one_and_listed() {
        let read = |text| parse_plate_by_look(text).map(|plate| plate.spelled());
        assert_eq!(read("4321-1-81").as_deref(), Some("4321 أ 81"));
        assert_eq!(read("4321-|-18").as_deref(), Some("4321 أ 18"));
        assert_eq!(read("4321 - 9 - 18").as_deref(), Some("4321 و 18"));
        assert_eq!(read("4321-5-1").as_deref(), Some("4321 ه 1"));
        assert_eq!(read("6-T-12345").as_deref(), Some("12345 ط 6"));
        assert_eq!(read("4321-7-18"), None);
        assert_eq!(read("4321118"), None);
        let plate = parse_plate_by_look("4321-1-81").unwrap();
        assert_eq!(plate.repairs(), Repair::list("1", "أ"));
        assert_eq!(parse_plate("4321-ا-81").unwrap().repairs(), Repair::list("ا", "أ"));
    }

    #[test]
    fn a_region_is_told_even_where_it_is_none() {
        assert_eq!(is_region("4321-أ-89"), Some(true));
        assert_eq!(is_region("4321-أ-90"), Some(false));
        assert_eq!(is_region("--"), None);
    }

    #[test]
    fn a_region_outside_the_kingdom_is_no_plate() {
        assert_eq!(spelled("4321-أ-90"), None);
        assert_eq!(spelled("4321-أ-0"), None);
        assert_eq!(spelled("--"), None);
    }

    #[test]
    fn previous_registrations_of_every_kind_are_spelled() {
        let read = |text| parse_previous(text).unwrap();
        assert_eq!(read("WW123456"), ("WW-123456".into(), PlateKind::Provisional));
        assert_eq!(read("WW 123 456"), ("WW-123456".into(), PlateKind::Provisional));
        assert_eq!(read("W18-4567"), ("W18-4567".into(), PlateKind::Dealer));
        assert_eq!(read("1234-56/7"), ("1234-56/7".into(), PlateKind::Older));
        assert_eq!(read("12345-أ-6"), ("12345 أ 6".into(), PlateKind::Ordinary));
        assert_eq!(read("AB123CD"), ("AB123CD".into(), PlateKind::Other));
        assert!(parse_previous("--").is_none());
        assert!(parse_previous("23/05/2005").is_none());
    }

    proptest! {
        #[test]
        fn every_plate_is_read_in_both_orders(
            number in 100u32..100_000, region in 1u32..90, letter in "[أبجدهوطي]",
        ) {
            let expected = format!("{number} {letter} {region}");
            let forward = spelled(&format!("{number}-{letter}-{region}"));
            let backward = spelled(&format!("{region} - {letter} - {number}"));
            prop_assert_eq!(forward.as_deref(), Some(expected.as_str()));
            prop_assert_eq!(backward.as_deref(), Some(expected.as_str()));
        }
    }
}
