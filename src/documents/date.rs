//! Dates as cards print them: sometimes only a year, or a month and a year.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use crate::documents::Repair;
use crate::documents::normalize::{as_digit, western_digit};

/// A calendar date of which the day, or the day and the month, may be unknown:
/// some cards print a birth year alone. Nothing is invented to complete it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartialDate {
    /// Only the year is printed.
    Year(i32),
    /// Year and month.
    Month(i32, u32),
    /// The whole date.
    Day(NaiveDate),
}

impl PartialDate {
    /// The date, when all of it is known.
    pub const fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Day(date) => Some(*date),
            Self::Year(_) | Self::Month(..) => None,
        }
    }

    /// The contract's spelling: `DD.MM.YYYY`, `MM.YYYY` or `YYYY`.
    pub fn spelled(&self) -> String {
        match self {
            Self::Day(date) => date.format("%d.%m.%Y").to_string(),
            Self::Month(year, month) => format!("{month:02}.{year:04}"),
            Self::Year(year) => format!("{year:04}"),
        }
    }

    /// The year.
    pub fn year(&self) -> i32 {
        match self {
            Self::Day(date) => date.year(),
            Self::Year(year) | Self::Month(year, _) => *year,
        }
    }
}

impl std::fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PartialDate(redacted)")
    }
}

/// Reads a text that is one date: day, month and four-digit year, any of
/// `. / -` and blanks between them or nothing (`0503/1990`), letters that look
/// like digits taken for them. Only a valid date of the calendar is given.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(\d{2})[./,\-·: ]{0,3}(\d{2})[./,\-·: ]{0,3}((?:19|20)\d{2})$").ok()
    });
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    if text.chars().filter(|c| western_digit(*c).is_ascii_digit()).count() < 6 {
        return None;
    }
    let digits: String = text.chars().map(as_digit).collect();
    if let Some(date) = FORM.as_ref()?.captures(&digits).and_then(|found| calendar(&found)) {
        return Some(date);
    }
    separator_read_as_digit(&digits)
}

/// A slash between the groups is sometimes read as a `1` or a `7`:
/// `12109/2015`, `12/0912015`, `1210912015`.
fn separator_read_as_digit(digits: &str) -> Option<NaiveDate> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(\d{2})[17./-](\d{2})[17./-]((?:19|20)\d{2})$").ok());
    FORM.as_ref()?.captures(digits).and_then(|found| calendar(&found))
}

/// What had to be replaced in a text to read a date in it: letters among its digits,
/// separators lost or read as digits. Which separator is printed does not matter.
pub(crate) fn date_repairs(text: &str, date: NaiveDate) -> Vec<Repair> {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric()).replace(' ', "/");
    let parts = text.split(['.', '/', ',', '-', '·', ':']).filter(|part| !part.is_empty());
    let read: String = parts.collect::<Vec<_>>().join("/").chars().map(western_digit).collect();
    Repair::list(&read, &date.format("%d/%m/%Y").to_string())
}

fn calendar(found: &regex::Captures<'_>) -> Option<NaiveDate> {
    let number = |group: usize| found.get(group)?.as_str().parse::<u32>().ok();
    NaiveDate::from_ymd_opt(number(3)? as i32, number(2)?, number(1)?)
}

/// Reads a birth date, of which a card may print the year alone, or month and
/// year; zeros or signs in place of day or month mean unknown.
pub(crate) fn parse_partial_date(text: &str) -> Option<PartialDate> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^(?:(?:00|XX|\*\*|--)[./\- ]{0,3})?(?:(00|XX|\*\*|--|\d{2})[./\- ]{1,3})?((?:19|20)\d{2})$",
        )
        .ok()
    });
    if let Some(date) = parse_date(text) {
        return Some(PartialDate::Day(date));
    }
    let found = FORM.as_ref()?.captures(text.trim())?;
    let year = found.get(2)?.as_str().parse().ok()?;
    match found.get(1).map(|month| month.as_str().parse::<u32>()) {
        Some(Ok(month @ 1..=12)) => Some(PartialDate::Month(year, month)),
        None | Some(Ok(0) | Err(_)) => Some(PartialDate::Year(year)),
        Some(Ok(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        parse_date(text).map(|date| date.format("%Y-%m-%d").to_string())
    }

    #[test]
    fn every_separator_is_a_date() {
        for printed in ["05.03.1990", "05/03/1990", "05-03-1990", "05 03 1990", "05 / 03 / 1990"] {
            assert_eq!(day(printed).as_deref(), Some("1990-03-05"), "{printed}");
        }
    }

    #[test]
    fn a_glued_separator_is_split_again() {
        assert_eq!(day("0503/1990").as_deref(), Some("1990-03-05"));
        assert_eq!(day("12/092015").as_deref(), Some("2015-09-12"));
        assert_eq!(day("01072008").as_deref(), Some("2008-07-01"));
        assert_eq!(day("22.052019").as_deref(), Some("2019-05-22"));
    }

    #[test]
    fn letters_that_look_like_digits_are_digits() {
        assert_eq!(day("O5.03.199O").as_deref(), Some("1990-03-05"));
    }

    #[test]
    fn a_slash_read_as_a_digit_is_a_slash() {
        assert_eq!(day("12/0912015").as_deref(), Some("2015-09-12"));
    }

    #[test]
    fn a_date_lists_what_was_replaced_in_it() {
        let repairs = |text: &str| date_repairs(text, parse_date(text).unwrap());
        assert_eq!(repairs("0503/1990"), Repair::list("0503", "05/03"));
        assert_eq!(repairs("O5.03.199O"), Repair::list("O.O", "0.0"));
        assert_eq!(repairs("12/0912015"), Repair::list("1", "/"));
        for printed in ["05.03.1990", "05 / 03 / 1990", "٠٥-٠٣-١٩٩٠", "05/03/1990."] {
            assert_eq!(repairs(printed), [], "{printed}");
        }
    }

    #[test]
    fn what_no_calendar_holds_is_no_date() {
        for printed in ["31.02.1990", "00.01.1990", "12.13.1990", "12.10.1790", "125/1990", "MARS"]
        {
            assert_eq!(day(printed), None, "{printed}");
        }
    }

    #[test]
    fn a_birth_year_alone_stays_a_year() {
        assert_eq!(parse_partial_date("1957").map(|d| d.spelled()).as_deref(), Some("1957"));
        assert_eq!(parse_partial_date("00.00.1957").map(|d| d.spelled()).as_deref(), Some("1957"));
        assert_eq!(parse_partial_date("07.1957").map(|d| d.spelled()).as_deref(), Some("07.1957"));
        assert_eq!(
            parse_partial_date("01.07.1957").map(|d| d.spelled()).as_deref(),
            Some("01.07.1957")
        );
        assert!(parse_partial_date("1857").is_none());
    }
}
