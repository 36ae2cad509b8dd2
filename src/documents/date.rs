//! Dates as cards print them: sometimes only a year, or a month and a year.

use chrono::NaiveDate;

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
}

impl std::fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PartialDate(redacted)")
    }
}
