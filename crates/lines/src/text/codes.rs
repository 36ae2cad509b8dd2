//! Numbers, dates, codes and the machine-readable zone.

use chrono::{Datelike, NaiveDate};
use rand::Rng;
use specimen::Td1;
use specimen::data::one_of;
use specimen::person::{Person, day, years_later};
use specimen::vehicle::Vehicle;

use super::letters::latin_word;

const MONTHS: &[&str] = &[
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Digits, at times in groups.
pub(super) fn number(rng: &mut impl Rng) -> String {
    let length = rng.random_range(1..11);
    match rng.random_range(0..8) {
        0 => format!("{} {} {} {}", digits(rng, 4), digits(rng, 4), digits(rng, 4), digits(rng, 4)),
        1 => digits(rng, 16),
        2 => format!("{}/{}", digits(rng, 3), rng.random_range(1930..2030)),
        3 => format!("{} {}", digits(rng, 3), digits(rng, 3)),
        4 => format!("{}-{}", digits(rng, length), digits(rng, 3)),
        _ => digits(rng, length),
    }
}

fn digits(rng: &mut impl Rng, length: usize) -> String {
    (0..length).map(|_| char::from(b'0' + rng.random_range(0..10_u8))).collect()
}

/// A day in one of the spellings of the documents, at times with its label.
pub(super) fn date(rng: &mut impl Rng) -> String {
    let date = day(rng, 1930, 2045);
    let sign = *one_of(rng, &[".", ".", ".", "/", "/", "/", "/", "-", " "]);
    let (day, month, year) = (date.day(), date.month(), date.year());
    let figures = format!("{day:02}{sign}{month:02}{sign}{year}");
    match rng.random_range(0..20) {
        0 => format!("{day:02} {sign} {month:02} {sign} {year}"),
        1 => format!("{day:02}{sign}{month:02}{sign}{:02}", year % 100),
        2 => year.to_string(),
        3 => format!("{day} {} {year}", MONTHS[date.month0() as usize]),
        4 => format!("{month:02}{sign}{year}"),
        5 => format!("{} {figures}", one_of(rng, &["le", "Le", "Né le", "Née le", "au", "du"])),
        6 => format!("{year}{sign}{month:02}{sign}{day:02}"),
        _ => figures,
    }
}

/// A number of a person, a card, a licence or a vehicle.
pub(super) fn code(rng: &mut impl Rng) -> String {
    let person = Person::invent(rng, (1940, 2012));
    match rng.random_range(0..14) {
        0..4 => person.cin,
        4 => {
            let letters: String = (0..rng.random_range(1..3)).map(|_| letter(rng)).collect();
            let length = rng.random_range(4..8);
            format!("{letters}{}", digits(rng, length))
        }
        5 => format!("N° {}", person.cin),
        6 => format!("{} {}", &person.cin[..1], &person.cin[1..]),
        7 => Vehicle::invent(rng).chassis,
        8 => (0..17).map(|_| of(rng, b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789")).collect(),
        9..11 => format!("{}/{}", rng.random_range(1..90), digits(rng, 6)),
        11 => (0..8).map(|_| of(rng, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")).collect(),
        12 => format!("CAN {}", digits(rng, 6)),
        _ => Vehicle::invent(rng).type_code,
    }
}

fn of(rng: &mut impl Rng, letters: &[u8]) -> char {
    char::from(*one_of(rng, letters))
}

fn letter(rng: &mut impl Rng) -> char {
    char::from(b'A' + rng.random_range(0..26_u8))
}

/// A weight, a power, a count or a price.
pub(super) fn amount(rng: &mut impl Rng) -> String {
    let vehicle = Vehicle::invent(rng);
    let [laden, empty, _] = vehicle.weights;
    match rng.random_range(0..8) {
        0 => laden,
        1 => empty,
        2 => vehicle.power.printed,
        3 => format!("{} CV", rng.random_range(4..40)),
        4 => format!("{} {:03} KG", rng.random_range(1..40), rng.random_range(0..1000)),
        5 => format!("{},{:02} DH", rng.random_range(1..3000), rng.random_range(0..100)),
        6 => format!("{} cm3", rng.random_range(49..3000)),
        _ => format!("{}%", rng.random_range(0..101)),
    }
}

/// One of the three lines of a zone whose check digits hold.
pub(super) fn mrz(rng: &mut impl Rng) -> String {
    let person = Person::invent(rng, (1940, 2015));
    let card: String = (0..8).map(|_| of(rng, b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789")).collect();
    let invented = rng.random_bool(0.4);
    let family = if invented { latin_word(rng) } else { person.family.fr };
    let document_code = *one_of(rng, &["ID", "ID", "ID", "I"]);
    let zone = Td1 {
        document_code,
        card_number: &card,
        cin: &person.cin,
        birth: person.birth,
        female: person.female,
        expiry: expiry(rng),
        family: &family,
        given: &person.given.fr,
    };
    let [first, second, third] = zone.lines();
    match rng.random_range(0..3) {
        0 => first,
        1 => second,
        _ => third,
    }
}

fn expiry(rng: &mut impl Rng) -> NaiveDate {
    years_later(day(rng, 2018, 2026), 10)
}
