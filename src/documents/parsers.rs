//! The parsers of single values as plain functions from text to text. Compiled
//! for property tests and for fuzzing alone.

use chrono::NaiveDate;

use crate::documents::{cin_number, date, gris, normalize};

/// A date, see [`date::parse_date`].
pub fn date(text: &str) -> Option<NaiveDate> {
    date::parse_date(text)
}

/// A birth date in the contract's spelling: the year alone may be known.
pub fn partial_date(text: &str) -> Option<String> {
    date::parse_partial_date(text).map(|date| date.spelled())
}

/// A registration plate in the contract's spelling.
pub fn plate(text: &str) -> Option<String> {
    gris::spelled_plate(text)
}

/// A previous registration in the contract's spelling.
pub fn previous_plate(text: &str) -> Option<String> {
    gris::spelled_previous_plate(text)
}

/// A national number.
pub fn cin(text: &str) -> Option<String> {
    cin_number::parse_cin(text).map(|number| number.value)
}

/// A Latin value as it is given.
pub fn latin_value(text: &str) -> String {
    normalize::latin_value(text)
}

/// A Latin name or place as it is given.
pub fn latin_name(text: &str) -> String {
    normalize::latin_name(text)
}

/// An Arabic value as it is given.
pub fn arabic_value(text: &str) -> String {
    normalize::arabic_value(text)
}

/// An Arabic name or place as it is given.
pub fn arabic_name(text: &str) -> String {
    normalize::arabic_name(text)
}

/// Latin text folded for comparing.
pub fn fold_latin(text: &str) -> String {
    normalize::fold_latin(text)
}

/// Arabic text folded for comparing.
pub fn fold_arabic(text: &str) -> String {
    normalize::fold_arabic(text)
}
