//! Words of vehicle registrations, and plates.

use rand::Rng;
use specimen::data::one_of;
use specimen::vehicle::{BODIES, FUELS, MODELS, USAGES, Vehicle, former_plate};

use super::letters::{latin_word, titled};

/// Makes that the specimens do not have.
const MAKES: &[&str] = &[
    "AUDI",
    "BMW",
    "NISSAN",
    "SUZUKI",
    "MITSUBISHI",
    "HONDA",
    "MAZDA",
    "CHEVROLET",
    "SEAT",
    "VOLVO",
    "JEEP",
    "PORSCHE",
    "MG",
    "CHERY",
    "DFSK",
    "IVECO",
    "ISUZU",
    "YAMAHA",
    "PIAGGIO",
    "ALFA ROMEO",
    "MINI",
    "LEXUS",
    "BYD",
    "JAGUAR",
    "SCANIA",
    "MAN",
    "DAF",
];
const KINDS: &[&str] = &[
    "TAXI",
    "CAMION",
    "REMORQUE",
    "UTILITAIRE -3T500",
    "CYCLOMOTEUR",
    "MOTOCYCLE",
    "AUTOBUS",
    "TRACTEUR ROUTIER",
    "SEMI-REMORQUE",
    "CTTE",
    "BERLINE",
    "BREAK",
];
const LETTERS: &[&str] =
    &["أ", "أ", "أ", "ب", "ب", "د", "ه", "و", "ط", "ي", "ج", "ا", "ك", "م", "ش"];

/// A make, a model, a body, a fuel, a use or a restriction.
pub(super) fn words(rng: &mut impl Rng) -> String {
    let vehicle = Vehicle::invent(rng);
    let (make, models) = *one_of(rng, MODELS);
    let text = match rng.random_range(0..12) {
        0 => make.to_owned(),
        1 => (*one_of(rng, MAKES)).to_owned(),
        2 => format!("{make} {}", one_of(rng, models)),
        3 => (*one_of(rng, models)).to_owned(),
        4 => (*one_of(rng, BODIES)).to_owned(),
        5 => (*one_of(rng, KINDS)).to_owned(),
        6 | 7 => (*one_of(rng, FUELS)).to_owned(),
        8 => one_of(rng, USAGES).0.to_owned(),
        9 => vehicle.restriction.printed,
        10 => format!("{} {}", one_of(rng, MAKES), vehicle.type_code),
        _ => format!("{} {}", latin_word(rng), rng.random_range(1..900)),
    };
    if rng.random_bool(0.15) { titled(&text) } else { text }
}

/// A plate of one of the series.
pub(super) fn plate(rng: &mut impl Rng) -> String {
    let digits = rng.random_range(1..6);
    let number = rng.random_range(10_u32.pow(digits - 1)..10_u32.pow(digits));
    let region = rng.random_range(1..90);
    match rng.random_range(0..100) {
        0..72 => {
            let letter = *one_of(rng, LETTERS);
            civil(rng, number, letter, region)
        }
        72..80 => {
            let letter = *one_of(rng, &["A", "B", "D", "H", "W", "T", "Y", "J"]);
            civil(rng, number, letter, region)
        }
        80..87 => format!("{}{}", one_of(rng, &["WW", "WW", "WW ", "W18", "WW-"]), number),
        87..91 => format!("{number}-{}/{}", rng.random_range(1..60), rng.random_range(1..10)),
        91..93 => format!("{} {number}", one_of(rng, &["ج", "المغرب", "م"])),
        _ => former_plate(rng, number).printed,
    }
}

/// Number, letter and region with one of the signs between.
fn civil(rng: &mut impl Rng, number: u32, letter: &str, region: u32) -> String {
    let sign = *one_of(rng, &["-", "-", " - ", " | ", " | ", "|", " ", "  ", "/", " / "]);
    let region = if rng.random_bool(0.15) { format!("{region:02}") } else { region.to_string() };
    format!("{number}{sign}{letter}{sign}{region}")
}
