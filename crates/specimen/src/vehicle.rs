//! An invented vehicle: what a registration certificate says of it.

use rand::Rng;

use crate::data::{CITIES, one_of};

/// Makes with their models.
pub const MODELS: &[(&str, &[&str])] = &[
    ("DACIA", &["LOGAN", "SANDERO", "DUSTER", "LODGY"]),
    ("RENAULT", &["CLIO", "MEGANE", "EXPRESS", "CAPTUR"]),
    ("PEUGEOT", &["208", "301", "308", "PARTNER"]),
    ("CITROEN", &["C3", "BERLINGO", "C-ELYSEE"]),
    ("VOLKSWAGEN", &["GOLF", "POLO", "TIGUAN"]),
    ("HYUNDAI", &["I10", "ACCENT", "TUCSON"]),
    ("FIAT", &["PUNTO", "DOBLO", "500"]),
    ("TOYOTA", &["YARIS", "COROLLA"]),
    ("KIA", &["PICANTO", "SPORTAGE"]),
    ("FORD", &["FIESTA", "FOCUS"]),
    ("MERCEDES-BENZ", &["SPRINTER", "C 220"]),
    ("OPEL", &["CORSA", "ASTRA"]),
    ("LAND ROVER", &["DEFENDER"]),
    ("SKODA", &["FABIA", "OCTAVIA"]),
];

/// Fuels as certificates name them.
pub const FUELS: &[&str] = &[
    "DIESEL",
    "DIESEL",
    "ESSENCE",
    "ESSENCE",
    "Diesel",
    "Essence",
    "GASOIL",
    "HYBRIDE",
    "ELECTRIQUE",
];

/// Bodies and kinds.
pub const BODIES: &[&str] = &[
    "VP",
    "VU",
    "VOITURE PARTICULIERE",
    "CONDUITE INTERIEURE",
    "CAMIONNETTE",
    "VEHICULE UTILITAIRE",
];

/// What is printed for a usage, in French and Arabic, and the contract's type.
pub const USAGES: &[(&str, &str, &str)] = &[
    ("PARTICULIER", "خصوصي", "Particulier"),
    ("Particulier", "خصوصي", "Particulier"),
    ("particulier", "خصوصي", "Particulier"),
    ("PARTICULIER", "خصوصي", "Particulier"),
    ("VEHICULE PARTICULIER", "خصوصي", "Particulier"),
    ("TRANSPORT DE MARCHANDISES", "نقل البضائع", "Transport de marchandises"),
    ("Transport de marchandises", "نقل البضائع", "Transport de marchandises"),
    ("TRANSPORT EN COMMUN", "النقل العمومي", "Transport en commun"),
    ("LOCATION AVEC CHAUFFEUR", "كراء بسائق", "Location avec chauffeur"),
    ("LOCATION SANS CHAUFFEUR", "كراء بدون سائق", "Location sans chauffeur"),
];

/// A registration plate.
#[derive(Debug, Clone)]
pub struct Plate {
    number: u32,
    letter: char,
    region: u32,
}

impl Plate {
    /// A plate of the series since 2000, of a region where plates are given.
    pub fn invent(rng: &mut impl Rng) -> Self {
        let codes: Vec<u32> =
            CITIES.iter().flat_map(|city| city.plate_codes.iter().copied()).collect();
        let digits = *one_of(rng, &[3, 4, 5, 5, 5]);
        Self {
            number: rng.random_range(10_u32.pow(digits - 1)..10_u32.pow(digits)),
            letter: *one_of(rng, &['أ', 'أ', 'ب', 'د', 'ه', 'و', 'ط']),
            region: *one_of(rng, &codes),
        }
    }

    /// The contract's spelling.
    pub fn spelled(&self) -> String {
        format!("{} {} {}", self.number, self.letter, self.region)
    }

    /// One of the spellings on cards, number on the left.
    pub fn printed(&self, spelling: u32) -> String {
        let Self { number, letter, region } = self;
        match spelling % 5 {
            0 | 1 => format!("{number}-{letter}-{region}"),
            2 => format!("{number} - {letter} - {region}"),
            3 => format!("{number} | {letter} | {region}"),
            _ => format!("{number}-{letter}-{region:02}"),
        }
    }
}

/// A value as printed, and as the contract answers it: nothing for `--`.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What the card shows.
    pub printed: String,
    /// What it means; nothing for `--`.
    pub truth: Option<String>,
}

impl Entry {
    /// A value that is answered as it is printed.
    pub fn same(text: impl Into<String>) -> Self {
        let printed = text.into();
        Self { truth: Some(printed.clone()), printed }
    }

    /// The two dashes of a row without a value.
    pub fn absent() -> Self {
        Self { printed: "--".to_owned(), truth: None }
    }
}

/// A vehicle that does not exist.
#[derive(Debug, Clone)]
pub struct Vehicle {
    /// Its registration.
    pub plate: Plate,
    /// Who made it.
    pub make: &'static str,
    /// The trade name, or none.
    pub model: Entry,
    /// The manufacturer's code.
    pub type_code: String,
    /// The body or kind.
    pub body: &'static str,
    /// What drives it.
    pub fuel: &'static str,
    /// The vehicle identification number.
    pub chassis: String,
    /// How many cylinders; none where it is electric.
    pub cylinders: Entry,
    /// The fiscal power, at times with its unit.
    pub power: Entry,
    /// How many seats.
    pub seats: u32,
    /// Laden, empty, and with a trailer, in kg.
    pub weights: [String; 3],
    /// What it may not do, or nothing.
    pub restriction: Entry,
    /// What is printed in French and Arabic, and the contract's type.
    pub usage: (&'static str, &'static str, &'static str),
}

impl Vehicle {
    /// Invents a vehicle.
    pub fn invent(rng: &mut impl Rng) -> Self {
        let (make, models) = *one_of(rng, MODELS);
        let fuel = *one_of(rng, FUELS);
        let model = one_of(rng, models);
        let empty = rng.random_range(85..190_u32) * 10;
        let laden = empty + rng.random_range(40..120) * 10;
        let train = laden + rng.random_range(30..150) * 10;
        let kilograms = |weight: u32| format!("{weight} kg");
        let power = rng.random_range(5..16);
        Self {
            plate: Plate::invent(rng),
            make,
            model: if rng.random_bool(0.7) { Entry::same(*model) } else { Entry::absent() },
            type_code: code(rng),
            body: *one_of(rng, BODIES),
            fuel,
            chassis: chassis(rng),
            cylinders: if fuel == "ELECTRIQUE" {
                Entry::absent()
            } else {
                Entry::same(*one_of(rng, &["3", "4", "4", "4", "6"]))
            },
            power: if rng.random_bool(0.15) {
                Entry { printed: format!("{power} CV"), truth: Some(power.to_string()) }
            } else {
                Entry::same(power.to_string())
            },
            seats: *one_of(rng, &[2, 5, 5, 5, 7, 9]),
            weights: [
                kilograms(laden),
                kilograms(empty),
                if rng.random_bool(0.4) { "--".to_owned() } else { kilograms(train) },
            ],
            restriction: if rng.random_bool(0.15) {
                Entry::same(*one_of(rng, &["VITESSE LIMITEE A 90", "SANS REMORQUE", "USAGE PRIVE"]))
            } else {
                Entry::absent()
            },
            usage: *one_of(rng, USAGES),
        }
    }
}

/// The registration before this one: mostly none, or the provisional plate of
/// a new vehicle, an older plate, or a foreign one.
pub fn former_plate(rng: &mut impl Rng, spelling: u32) -> Entry {
    match rng.random_range(0..100) {
        0..50 => Entry::absent(),
        50..80 => {
            let number = rng.random_range(1000..999_999);
            Entry { printed: format!("WW{number}"), truth: Some(format!("WW-{number}")) }
        }
        80..90 => {
            let plate = Plate::invent(rng);
            Entry { printed: plate.printed(spelling), truth: Some(plate.spelled()) }
        }
        90..95 => Entry::same(format!(
            "{}-{}/{}",
            rng.random_range(1000..9999),
            rng.random_range(1..60),
            rng.random_range(1..9)
        )),
        _ => {
            let letters: String =
                (0..4).map(|_| char::from(b'A' + rng.random_range(0..26_u8))).collect();
            Entry::same(format!(
                "{}{:03}{}",
                &letters[..2],
                rng.random_range(1..999),
                &letters[2..]
            ))
        }
    }
}

/// A manufacturer's code such as `KSR0A5`: letters first, so that it is no number.
fn code(rng: &mut impl Rng) -> String {
    let length = rng.random_range(4..9);
    let alphabet = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    let letter = |rng: &mut _, among: &[u8]| char::from(*one_of(rng, among));
    (0..length).map(|nth| letter(rng, if nth < 2 { &alphabet[..23] } else { alphabet })).collect()
}

/// A vehicle identification number: 17 characters, never I, O or Q.
fn chassis(rng: &mut impl Rng) -> String {
    let maker =
        *one_of(rng, &["VF1", "UU1", "VF3", "VF7", "WVW", "KMH", "ZFA", "JTD", "WF0", "TMB"]);
    let letters = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    let middle: String = (0..8).map(|_| char::from(*one_of(rng, letters))).collect();
    format!("{maker}{middle}{:06}", rng.random_range(0..1_000_000))
}
