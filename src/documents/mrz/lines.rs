//! One line of the zone: what each position holds, and repairs of readings.
//!
//! No engine gets the number of fillers right, so a line is read from its fixed
//! points (`MAR`, the first filler, the last digit) and filled up again.

use std::fmt;

use crate::documents::normalize::{as_digit, as_letter};

/// Length of a TD1 line.
const LENGTH: usize = 30;

/// A character replaced because its position, or the check digit over it, demands another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Replaced {
    /// Its position in the line, from 1.
    pub(super) position: usize,
    /// As read.
    pub(super) from: char,
    /// As given.
    pub(super) to: char,
}

impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} read as {}", self.position, self.from, self.to)
    }
}

/// What line 1 holds.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct First {
    /// The card number.
    pub(super) number: String,
    /// Its check digit as read.
    check: char,
    /// The CIN.
    pub(super) cin: String,
    /// Whether the CIN is all of the optional data.
    pub(super) is_whole: bool,
    /// Whether the check digit holds.
    pub(super) number_holds: bool,
    /// What was repaired.
    pub(super) repairs: Vec<Replaced>,
}

/// What line 2 holds.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Second {
    /// YYMMDD.
    pub(super) birth: String,
    birth_check: char,
    /// `M` or `F`.
    pub(super) sex: Option<char>,
    /// YYMMDD.
    pub(super) expiry: String,
    expiry_check: char,
    composite: char,
    /// Whether the birth date's check digit holds.
    pub(super) birth_holds: bool,
    /// Whether the expiry date's check digit holds.
    pub(super) expiry_holds: bool,
    /// What was repaired.
    pub(super) repairs: Vec<Replaced>,
}

/// The check digit of ICAO Doc 9303-3: weights 7, 3, 1; `A` counts 10, `<` counts 0.
pub fn check_digit(text: &str) -> u32 {
    let value = |c: char| match c {
        '<' => 0,
        c => c.to_digit(36).unwrap_or(0),
    };
    text.chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, weight)| value(c) * weight)
        .sum::<u32>()
        % 10
}

fn holds(text: &str, digit: char) -> bool {
    digit.to_digit(10) == Some(check_digit(text))
}

/// A reading in the zone's alphabet: capitals, digits and fillers.
pub(super) fn zone_text(text: &str) -> String {
    let mut zone = String::with_capacity(LENGTH);
    for c in text.chars() {
        match c {
            '«' => zone.push_str("<<"),
            '‹' | '(' | '[' | '{' | '¢' | '€' => zone.push('<'),
            c if c.is_ascii_alphanumeric() || c == '<' => zone.push(c.to_ascii_uppercase()),
            _ => {}
        }
    }
    zone
}

/// Reads a text as line 1 in every way that its fillers may have been lost;
/// empty when it is not one.
pub(super) fn read_first(zone: &str) -> Vec<First> {
    let chars: Vec<char> = zone.chars().collect();
    let Some(start) = country_at(&chars, 1..=3) else { return Vec::new() };
    let rest = &chars[start + 3..];
    let head_is_letter = matches!(chars.first(), Some('I' | '1' | 'L' | 'T' | '|'));
    if rest.len() < 12 || !head_is_letter {
        return Vec::new();
    }
    // After the 8 characters stand a filler and the check digit; the filler may be lost.
    let mut readings = Vec::new();
    for (check_at, lost) in [(9, false), (8, true)] {
        let filler =
            rest.get(8).is_some_and(|c| matches!(c, '<' | 'K' | 'C' | 'L' | 'E' | 'S' | 'X'));
        if !lost && !filler {
            continue;
        }
        let number: String = rest[..8].iter().collect();
        // A name: card numbers hold no filler.
        if number.contains('<') {
            continue;
        }
        let Some(check) = rest.get(check_at).copied().map(as_digit) else { continue };
        let tail: String = rest[check_at + 1..].iter().collect();
        for (number, mut repairs) in number_readings(&number, check) {
            for Optional { cin, repairs: repair, is_whole } in cin_readings(&tail) {
                repairs.extend(&repair);
                readings.push(First {
                    number_holds: holds(&format!("{number}<"), check),
                    number: number.clone(),
                    check,
                    cin,
                    is_whole,
                    repairs: repairs.clone(),
                });
                repairs.truncate(repairs.len() - repair.len());
            }
        }
    }
    readings
}

/// Where `MAR` stands, one letter of it perhaps misread.
fn country_at(chars: &[char], places: std::ops::RangeInclusive<usize>) -> Option<usize> {
    let faults = |at: usize| {
        let window = chars.get(at..at + 3)?;
        Some(window.iter().zip("MAR".chars()).filter(|(a, b)| **a != *b).count())
    };
    let mut best = places.filter_map(|at| faults(at).map(|n| (n, at))).collect::<Vec<_>>();
    best.sort_unstable();
    best.first().filter(|(faults, _)| *faults <= 1).map(|(_, at)| *at)
}

/// The card number as read and, where its check digit fails, with one look-alike replaced.
fn number_readings(number: &str, check: char) -> Vec<(String, Vec<Replaced>)> {
    let mut readings = vec![(number.to_owned(), Vec::new())];
    if holds(&format!("{number}<"), check) {
        return readings;
    }
    for (index, c) in number.char_indices() {
        for other in look_alikes(c) {
            let mut repaired: Vec<char> = number.chars().collect();
            if let Some(place) = repaired.get_mut(index) {
                *place = *other;
            }
            let repaired: String = repaired.into_iter().collect();
            if holds(&format!("{repaired}<"), check) {
                let replaced = Replaced { position: index + 6, from: c, to: *other };
                readings.push((repaired, vec![replaced]));
            }
        }
    }
    readings
}

const fn look_alikes(c: char) -> &'static [char] {
    match c {
        '0' => &['O', 'D', 'Q', 'U'],
        'O' => &['0', 'Q', 'D'],
        'D' | 'Q' | 'U' => &['0', 'O'],
        '1' => &['I', 'L', 'T', '7'],
        'I' => &['1', 'L'],
        'L' | 'T' => &['1', 'I'],
        '2' => &['Z'],
        'Z' => &['2', '7'],
        '5' => &['S'],
        'S' => &['5'],
        '8' => &['B', '3'],
        'B' => &['8', '3'],
        '6' => &['G'],
        'G' => &['6', 'C'],
        '4' => &['A'],
        'A' => &['4'],
        '7' => &['1', 'Z'],
        '3' => &['8', 'B'],
        _ => &[],
    }
}

/// The CIN at the start of the optional data: letters then digits by position. Whether
/// a second letter or a digit was printed only the composite digit can tell.
fn cin_readings(tail: &str) -> Vec<Optional> {
    let body = tail.split('<').next().unwrap_or_default();
    let mut readings: Vec<Optional> = Vec::new();
    let mut lengths = vec![body.len()];
    // A filler read as a letter ends the number too early to be seen by `split`.
    let digits_end = body.rfind(char::is_numeric).map_or(0, |at| at + 1);
    lengths.extend((digits_end != body.len()).then_some(digits_end));
    for length in lengths {
        let Some(body) = body.get(..length).filter(|body| (4..=10).contains(&body.len())) else {
            continue;
        };
        for letters in [1, 2] {
            let mut repairs = Vec::new();
            let number: String = body
                .chars()
                .enumerate()
                .map(|(index, c)| {
                    let due = if index < letters { as_letter(c) } else { as_digit(c) };
                    if due != c {
                        repairs.push(Replaced { position: index + 16, from: c, to: due });
                    }
                    due
                })
                .collect();
            let formed = number.chars().take(letters).all(|c| c.is_ascii_uppercase())
                && number.chars().skip(letters).all(|c| c.is_ascii_digit());
            if formed && !readings.iter().any(|other| other.cin == number) {
                let is_whole = fill(&tail[length..], length + 16, &mut repairs);
                readings.push(Optional { cin: number, repairs, is_whole });
            }
        }
    }
    readings.sort_by_key(|reading| (!reading.is_whole, reading.repairs.len()));
    readings
}

/// The optional data of line 1.
struct Optional {
    cin: String,
    repairs: Vec<Replaced>,
    /// Whether nothing but fillers stands behind the CIN; else it may be cut short.
    is_whole: bool,
}

/// Makes fillers of what is read for them behind the CIN, listed as repairs; false
/// where something stands there that no filler looks like.
fn fill(rest: &str, position: usize, repairs: &mut Vec<Replaced>) -> bool {
    let strange = |c: char| !matches!(c, '<' | 'K' | 'C' | 'L' | 'E' | 'S' | 'X');
    let letters = rest.chars().enumerate().filter(|(_, c)| *c != '<');
    let fillers =
        letters.map(|(index, from)| Replaced { position: position + index, from, to: '<' });
    repairs.extend(fillers);
    !rest.contains(strange)
}

/// Reads a text as line 2; empty when it is not one.
pub(super) fn read_second(zone: &str) -> Vec<Second> {
    let chars: Vec<char> = zone.chars().collect();
    let Some(country) = country_at(&chars, 14..=17) else { return Vec::new() };
    if country < 15 {
        return Vec::new();
    }
    let fixed = &chars[country - 15..country];
    let mut repairs = Vec::new();
    let mut digit = |index: usize, c: char| {
        let due = as_digit(c);
        if due != c {
            repairs.push(Replaced { position: index + 1, from: c, to: due });
        }
        due
    };
    let mut digits = |from: usize, to: usize| -> String {
        (from..to).map(|index| digit(index, fixed[index])).collect()
    };
    let (birth, birth_check) = (digits(0, 6), digits(6, 7));
    let (expiry, expiry_check) = (digits(8, 14), digits(14, 15));
    let dates = [&birth, &expiry].into_iter().all(|text| {
        text.chars().filter(char::is_ascii_digit).count() >= 2
            && text.chars().all(|c| c.is_ascii_digit() || c == '<')
    });
    if !dates {
        return Vec::new();
    }
    let sex = match fixed[7] {
        'M' | 'H' | 'N' => Some('M'),
        'F' | 'P' | 'E' => Some('F'),
        _ => None,
    };
    let last = chars[country + 3..].iter().rev().find(|c| **c != '<').copied().unwrap_or('<');
    let (birth_check, expiry_check) =
        (birth_check.chars().next().unwrap_or('<'), expiry_check.chars().next().unwrap_or('<'));
    vec![Second {
        birth_holds: holds(&birth, birth_check),
        expiry_holds: holds(&expiry, expiry_check),
        birth,
        birth_check,
        sex,
        expiry,
        expiry_check,
        composite: as_digit(last),
        repairs,
    }]
}

/// Whether the digit over both lines holds: line 1 from 6 to 30, line 2 from 1 to 7, 9
/// to 15 and 19 to 29.
pub(super) fn composite_holds(first: &First, second: &Second) -> bool {
    // What was cut off would count: without it the digit holds by chance.
    if !first.is_whole {
        return false;
    }
    let line1 = format!("{:<<9}{}{:<<15}", first.number, first.check, first.cin);
    let line2 =
        format!("{}{}{}{}", second.birth, second.birth_check, second.expiry, second.expiry_check);
    holds(&format!("{line1}{line2}<<<<<<<<<<<"), second.composite)
}

/// What line 3 holds.
#[derive(Clone, Default)]
pub(super) struct Third {
    /// The family name, fillers as blanks.
    pub(super) family: String,
    /// The given names.
    pub(super) given: String,
    /// What was repaired.
    pub(super) repairs: Vec<Replaced>,
}

/// Reads a text as line 3: `FAMILY<<GIVEN`, fillers as blanks. Only letters
/// stand there. Nothing when it holds no two parts.
pub(super) fn read_names(zone: &str) -> Option<Third> {
    let mut repairs = Vec::new();
    let mut letter = |(index, c): (usize, char)| {
        let due = if c == '<' { '<' } else { as_letter(c) };
        if due != c {
            repairs.push(Replaced { position: index + 1, from: c, to: due });
        }
        due
    };
    let letters: String = zone.chars().enumerate().map(&mut letter).collect();
    let (family, given) = letters.trim_matches('<').split_once("<<")?;
    let given = given.split("<<").next().unwrap_or_default();
    let name = |part: &str| part.replace('<', " ").trim().to_owned();
    let (family, given) = (name(family), name(given));
    (family.len() >= 2 && given.len() >= 2).then_some(Third { family, given, repairs })
}
