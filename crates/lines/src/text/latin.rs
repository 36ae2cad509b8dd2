//! Names, words and addresses in Latin letters.

use rand::Rng;
use rand::seq::SliceRandom;
use specimen::data::{CITIES, NAMES, one_of};
use specimen::person::{AVENUES, COMPOSED_PLACES, Person, QUARTERS};

use super::letters::{accented, latin_word, titled};

const PARTICLES: &[&str] =
    &["EL", "AL", "BEN", "BENT", "AIT", "OULD", "OULAD", "BOU", "ABOU", "MOULAY", "SIDI", "LALLA"];

/// Names in capitals: one of a person, or parts of names put together anew.
pub(super) fn name(rng: &mut impl Rng) -> String {
    let person = Person::invent(rng, (1940, 2012));
    let word = listed(rng);
    match rng.random_range(0..20) {
        0..3 => person.given.fr,
        3..6 => person.family.fr,
        6..8 => person.mother.fr,
        8 => person.father.fr,
        9 => format!("{} {}", person.given.fr, person.family.fr),
        10..12 => person.birthplace.fr,
        12..15 => format!("{} {}", one_of(rng, PARTICLES), latin_word(rng)),
        15 => format!("{word}-{}", latin_word(rng)),
        16 => format!("M'{}", latin_word(rng)),
        17 => format!("{} {} {word}", latin_word(rng), one_of(rng, PARTICLES)),
        _ => format!("{word} {}", latin_word(rng)),
    }
}

/// A name of the lists.
fn listed(rng: &mut impl Rng) -> String {
    let list = *one_of(rng, &[&NAMES.men, &NAMES.women, &NAMES.families]);
    one_of(rng, list).fr.clone()
}

/// Invented words in capitals, letters in any order, and letters with digits.
pub(super) fn letters(rng: &mut impl Rng) -> String {
    match rng.random_range(0..10) {
        0..4 => several(rng, latin_word),
        4..7 => several(rng, |rng| {
            let length = rng.random_range(1..9);
            (0..length).map(|_| char::from(b'A' + rng.random_range(0..26_u8))).collect()
        }),
        _ => {
            let mut mixed: Vec<u8> = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890123456789-./'".to_vec();
            mixed.shuffle(rng);
            let length = rng.random_range(2..14);
            mixed.iter().take(length).map(|&byte| char::from(byte)).collect()
        }
    }
}

/// Invented words in small letters with accents and signs.
pub(super) fn words(rng: &mut impl Rng) -> String {
    let text = several(rng, |rng| {
        let word = latin_word(rng);
        let word = accented(&word, rng);
        match rng.random_range(0..10) {
            0..4 => titled(&word),
            4 => word.to_uppercase(),
            5 => titled(&word) + *one_of(rng, &[".", ":", "(e)", ",", "(s)", ";", "!", "?"]),
            6 => format!("{}'{word}", one_of(rng, &["d", "l", "L", "D", "jusqu"])),
            _ => word,
        }
    });
    let signs = ["°", "²", "«", "»", "&", "%", "€", "+", "=", "@", "_", "#", "\"", "œ", "Œ", "["];
    if rng.random_bool(0.15) { format!("{text} {}", one_of(rng, &signs)) } else { text }
}

/// One word to four.
fn several<R: Rng>(rng: &mut R, word: impl Fn(&mut R) -> String) -> String {
    let count = *one_of(rng, &[1, 1, 1, 2, 2, 3, 4]);
    let words: Vec<String> = (0..count).map(|_| word(rng)).collect();
    words.join(" ")
}

/// Where somebody lives, in the abbreviations of the documents.
pub(super) fn address(rng: &mut impl Rng) -> String {
    let city = &one_of(rng, &CITIES).name.fr;
    let (house, street, flat) =
        (rng.random_range(1..400), rng.random_range(1..120), rng.random_range(1..60));
    let quarter = match rng.random_range(0..10) {
        0..4 => one_of(rng, QUARTERS).0.to_owned(),
        4..6 => one_of(rng, AVENUES).0.to_owned(),
        _ => latin_word(rng),
    };
    let number = *one_of(rng, &["NR", "N°", "N", "NO"]);
    match rng.random_range(0..12) {
        0..3 => Person::invent(rng, (1940, 2012)).address.fr,
        3 => format!("{house} RUE {street} HAY {quarter}"),
        4 => format!("RES {quarter} IMM {street} ETG {} APPT {flat}", flat % 7),
        5 => format!("LOT {quarter} {number} {house} {city}"),
        6 => format!("BD {quarter} IMM {} {number} {house}", char::from(b'A' + (flat % 26) as u8)),
        7 => format!("DR {quarter} {city}"),
        8 => format!("{house}, rue {}, {}", titled(&quarter), titled(city)),
        9 => format!("{quarter} {house}/{flat} QT {} {city}", latin_word(rng)),
        10 => one_of(rng, COMPOSED_PLACES).0.to_owned(),
        _ => format!("AV. {quarter}, {number} {house} - {city}"),
    }
}
