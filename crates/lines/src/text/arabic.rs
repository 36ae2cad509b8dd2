//! Names, places and addresses in Arabic letters.

use rand::Rng;
use specimen::data::{CITIES, NAMES, one_of};
use specimen::person::{AVENUES, COMPOSED_PLACES, Person, QUARTERS};

use super::letters::arabic_word;

const PARTICLES: &[&str] = &[
    "بن",
    "بنت",
    "آيت",
    "أيت",
    "ولد",
    "أولاد",
    "بو",
    "أبو",
    "مولاي",
    "سيدي",
    "لالة",
    "عبد",
    "الحاج",
    "ابن",
    "أم",
    "بني",
];

/// Names: one of a person, or parts of names put together anew.
pub(super) fn name(rng: &mut impl Rng) -> String {
    let person = Person::invent(rng, (1940, 2012));
    let word = listed(rng);
    match rng.random_range(0..20) {
        0..3 => person.given.ar,
        3..6 => person.family.ar,
        6..8 => person.mother.ar,
        8 => person.father.ar,
        9 => format!("{} {}", person.given.ar, person.family.ar),
        10 => format!("و {}", person.mother.ar),
        11 => format!("{} {}", one_of(rng, &["ابن", "بنت"]), person.father.ar),
        12..15 => format!("{} {}", one_of(rng, PARTICLES), arabic_word(rng)),
        15 => format!("{} {} {word}", arabic_word(rng), one_of(rng, PARTICLES)),
        16 => format!("{word} {} {}", one_of(rng, PARTICLES), listed(rng)),
        _ => format!("{word} {}", arabic_word(rng)),
    }
}

/// A name of the lists.
fn listed(rng: &mut impl Rng) -> String {
    let list = *one_of(rng, &[&NAMES.men, &NAMES.women, &NAMES.families]);
    one_of(rng, list).ar.clone()
}

/// Invented words, at times with a sign or a number.
pub(super) fn letters(rng: &mut impl Rng) -> String {
    let count = *one_of(rng, &[1, 1, 1, 2, 2, 3, 4]);
    let words: Vec<String> = (0..count).map(|_| arabic_word(rng)).collect();
    let text = words.join(" ");
    match rng.random_range(0..20) {
        0 => format!("{text} {}", rng.random_range(0..10_000)),
        1 => format!("{text} :"),
        2 => format!("{text}، {}", arabic_word(rng)),
        3 => format!("({text})"),
        4 => format!("{text} - {}", arabic_word(rng)),
        5 => format!("{text}."),
        6 => format!("{}/{text}", arabic_word(rng)),
        _ => text,
    }
}

/// A town, at times with its preposition, or a commune with its prefecture.
pub(super) fn place(rng: &mut impl Rng) -> String {
    let city = &one_of(rng, &CITIES).name.ar;
    match rng.random_range(0..10) {
        0..2 => one_of(rng, COMPOSED_PLACES).1.to_owned(),
        2 => format!("ب {city}"),
        3 => format!("ب{city}"),
        4 => format!("بـ {city}"),
        5 => format!("{city} - {}", one_of(rng, &CITIES).name.ar),
        6 => format!("في {city}"),
        7 => format!("{} {city}", one_of(rng, &["إقليم", "عمالة", "جماعة", "قيادة", "دائرة"])),
        _ => city.clone(),
    }
}

/// Where somebody lives, with numbers among the words.
pub(super) fn address(rng: &mut impl Rng) -> String {
    let city = &one_of(rng, &CITIES).name.ar;
    let (house, street, flat) =
        (rng.random_range(1..400), rng.random_range(1..120), rng.random_range(1..60));
    let quarter = match rng.random_range(0..10) {
        0..4 => one_of(rng, QUARTERS).1.to_owned(),
        4..6 => one_of(rng, AVENUES).1.to_owned(),
        _ => arabic_word(rng),
    };
    match rng.random_range(0..14) {
        0..3 => Person::invent(rng, (1940, 2012)).address.ar,
        3 => format!("زنقة {street} رقم {house} حي {quarter} {city}"),
        4 => format!("{house} زنقة {street} حي {quarter}"),
        5 => format!("إقامة {quarter} عمارة {street} طابق {} شقة {flat}", flat % 7),
        6 => format!("تجزئة {quarter} رقم {house}/{flat} {city}"),
        7 => format!("حي {quarter} بلوك {} رقم {house}", char::from(b'A' + (flat % 26) as u8)),
        8 => format!("دوار {quarter} جماعة {} {city}", arabic_word(rng)),
        9 => format!("رقم {house} م {street} {quarter}"),
        10 => format!("{quarter} {street}-{flat} {city}"),
        11 => format!("{house}، شارع {quarter}، {city}"),
        12 => format!("درب {quarter} ز {street} ر {house}"),
        _ => format!("شارع {quarter} عمارة {street} رقم {house}"),
    }
}
