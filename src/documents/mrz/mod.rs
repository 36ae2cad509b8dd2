//! The machine-readable zone TD1 of the 2020 identity card (ICAO Doc 9303-5):
//! three lines of 30, proved by four check digits.

mod lines;

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use crate::documents::mrz::lines::{First, Replaced, Second, Third};
use crate::documents::{PartialDate, Repair};
use crate::ocr::{Line, Page};

pub use lines::check_digit;

/// Which check digits hold.
#[expect(clippy::struct_excessive_bools, reason = "the zone has four independent check digits")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checks {
    /// That of the card number.
    pub number: bool,
    /// That of the birth date.
    pub birth: bool,
    /// That of the expiry date.
    pub expiry: bool,
    /// The one over both lines; the only one that covers the CIN.
    pub composite: bool,
}

impl Checks {
    /// Whether all four hold.
    pub const fn all(self) -> bool {
        self.number && self.birth && self.expiry && self.composite
    }

    fn count(self) -> u32 {
        [self.number, self.birth, self.expiry, self.composite].into_iter().map(u32::from).sum()
    }
}

/// A zone as read and repaired.
#[derive(Clone, PartialEq)]
pub struct Mrz {
    /// The 8 characters of the card number.
    pub number: String,
    /// The CIN.
    pub cin: String,
    /// The birth date; the MRZ may leave day or month out.
    pub birth: Option<PartialDate>,
    /// `M` or `F`.
    pub sex: Option<char>,
    /// The expiry date.
    pub expiry: Option<NaiveDate>,
    /// The family name, fillers as blanks; perhaps cut off.
    pub family: String,
    /// The given names; perhaps cut off.
    pub given: String,
    /// Which check digits hold.
    pub checks: Checks,
    /// What was replaced in each line.
    replaced: [Vec<Replaced>; 3],
    /// The readings that were chosen, for their boxes.
    pub lines: [Option<Line>; 3],
}

impl Mrz {
    /// Positions repaired, such as `line 2, 5: O read as 0`; in the first two lines only
    /// where a check digit holds.
    pub fn repairs(&self) -> Vec<String> {
        let numbered = (1..).zip(&self.replaced);
        let line = |(line, all): (u32, &Vec<Replaced>)| -> Vec<String> {
            all.iter().map(|replaced| format!("line {line}, {replaced}")).collect()
        };
        numbered.flat_map(line).collect()
    }

    /// What was repaired at some positions, from 1, of a line, from 1.
    pub(crate) fn repairs_at(&self, line: usize, positions: &RangeInclusive<usize>) -> Vec<Repair> {
        let all = line.checked_sub(1).and_then(|line| self.replaced.get(line));
        let here = all.into_iter().flatten().filter(|one| positions.contains(&one.position));
        here.map(|one| Repair { from: one.from.to_string(), to: one.to.to_string() }).collect()
    }
}

impl std::fmt::Debug for Mrz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mrz").field("checks", &self.checks).finish_non_exhaustive()
    }
}

/// Reads the zone of a page: of all readings of its lines the combination of
/// which the most check digits hold, and among those the least repaired.
pub fn read_mrz(page: &Page) -> Option<Mrz> {
    let stray = page.lines.iter().filter(|line| line.text().matches('<').count() >= 4);
    best_of(candidates(page.mrz.iter().flatten().chain(stray)))
}

/// The same for the readings of a zone's lines alone, as in [`Page::mrz`].
pub fn read_zone(lines: &[Vec<Line>]) -> Option<Mrz> {
    best_of(candidates(lines.iter().flatten()))
}

fn best_of((firsts, seconds, thirds): Candidates) -> Option<Mrz> {
    let mut best: Option<(u32, usize, &First, &Second, bool)> = None;
    for (_, first) in &firsts {
        for (_, second) in &seconds {
            let composite = lines::composite_holds(first, second);
            let checks = u32::from(composite)
                + u32::from(first.number_holds)
                + u32::from(second.birth_holds)
                + u32::from(second.expiry_holds);
            let repairs = first.repairs.len() + second.repairs.len();
            let better = best.is_none_or(|(count, least, ..)| {
                checks > count || (checks == count && repairs < least)
            });
            if better {
                best = Some((checks, repairs, first, second, composite));
            }
        }
    }
    let (first, second, composite) = match best {
        Some((_, _, first, second, composite)) => (Some(first), Some(second), composite),
        None => (firsts.first().map(|(_, f)| f), seconds.first().map(|(_, s)| s), false),
    };
    if first.is_none() && second.is_none() {
        return None;
    }
    let line_of_first = firsts.iter().find(|(_, f)| Some(f) == first).map(|(line, _)| line.clone());
    let line_of_second =
        seconds.iter().find(|(_, s)| Some(s) == second).map(|(line, _)| line.clone());
    let checks = Checks {
        number: first.is_some_and(|first| first.number_holds),
        birth: second.is_some_and(|second| second.birth_holds),
        expiry: second.is_some_and(|second| second.expiry_holds),
        composite,
    };
    let (line_of_third, third) = thirds.into_iter().next().unzip();
    let Third { family, given, repairs: third_repairs } = third.unwrap_or_default();
    let mut replaced = [Vec::new(), Vec::new(), third_repairs];
    if checks.count() > 0 {
        replaced[0].extend(first.iter().flat_map(|first| &first.repairs));
        replaced[1].extend(second.iter().flat_map(|second| &second.repairs));
    }
    Some(Mrz {
        number: first.map(|first| first.number.clone()).unwrap_or_default(),
        cin: first.map(|first| first.cin.clone()).unwrap_or_default(),
        birth: second.and_then(|second| birth_date(&second.birth, expiry_date(&second.expiry))),
        sex: second.and_then(|second| second.sex),
        expiry: second.and_then(|second| expiry_date(&second.expiry)),
        family,
        given,
        checks,
        replaced,
        lines: [line_of_first, line_of_second, line_of_third],
    })
}

type Candidates = (Vec<(Line, First)>, Vec<(Line, Second)>, Vec<(Line, Third)>);

/// Tries every reading as each of the three lines: what a line is, its form tells.
fn candidates<'a>(readings: impl Iterator<Item = &'a Line>) -> Candidates {
    let (mut firsts, mut seconds, mut thirds) = (Vec::new(), Vec::new(), Vec::new());
    for line in readings {
        let text = lines::zone_text(&line.text());
        let first = lines::read_first(&text);
        let second = lines::read_second(&text);
        if first.is_empty()
            && second.is_empty()
            && let Some(third) = lines::read_names(&text)
        {
            thirds.push((line.clone(), third));
        }
        firsts.extend(first.into_iter().map(|first| (line.clone(), first)));
        seconds.extend(second.into_iter().map(|second| (line.clone(), second)));
    }
    (firsts, seconds, thirds)
}

/// A birth date of two-digit years: in this century when the card was then issued
/// after it. Children's cards are valid for some seven years, so one that was born
/// less than five before the expiry was born a century earlier. Fillers stand for an unknown day or month.
fn birth_date(digits: &str, expiry: Option<NaiveDate>) -> Option<PartialDate> {
    let year: i32 = digits.get(0..2)?.parse().ok()?;
    let latest = expiry.map_or(FIRST_EXPIRY, |date| date.year()) - 5;
    let year = if 2000 + year > latest { 1900 + year } else { 2000 + year };
    let part = |range| digits.get(range).and_then(|text: &str| text.parse::<u32>().ok());
    match (part(2..4), part(4..6)) {
        (Some(month), Some(day)) if month > 0 && day > 0 => {
            NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::Day)
        }
        (Some(month @ 1..=12), _) => Some(PartialDate::Month(year, month)),
        _ => Some(PartialDate::Year(year)),
    }
}

/// When the first cards with a zone, issued in 2020 for ten years, expire.
const FIRST_EXPIRY: i32 = 2030;

fn expiry_date(digits: &str) -> Option<NaiveDate> {
    let part = |range| digits.get(range).and_then(|text: &str| text.parse::<u32>().ok());
    NaiveDate::from_ymd_opt(2000 + part(0..2)? as i32, part(2..4)?, part(4..6)?)
}

#[cfg(test)]
mod tests;
