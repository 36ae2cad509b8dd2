//! An invented holder: names, parents, birth, address, identity number.

use chrono::{Datelike, Days, NaiveDate};
use rand::Rng;

use crate::data::{CITIES, City, NAMES, Pair, one_of};

/// A person who does not exist.
#[derive(Debug, Clone)]
pub struct Person {
    /// Whether she is a woman.
    pub female: bool,
    /// One given name or two.
    pub given: Pair,
    /// The family name, its particle included.
    pub family: Pair,
    /// The birth date.
    pub birth: NaiveDate,
    /// A town, or a commune with its prefecture.
    pub birthplace: Pair,
    /// The father's given name and often his patronymic.
    pub father: Pair,
    /// The mother's.
    pub mother: Pair,
    /// Where the person lives.
    pub address: Pair,
    /// The national number.
    pub cin: String,
}

/// Communes with their prefecture, as birthplaces name them, in French and Arabic.
pub const COMPOSED_PLACES: &[(&str, &str)] = &[
    ("TANGER ASSILAH - TANGER", "طنجة أصيلة - طنجة"),
    ("AIN CHOCK - CASABLANCA", "عين الشق - الدار البيضاء"),
    ("HAY HASSANI - CASABLANCA", "الحي الحسني - الدار البيضاء"),
    ("SIDI BERNOUSSI - CASABLANCA", "سيدي البرنوصي - الدار البيضاء"),
    ("MENARA - MARRAKECH", "المنارة - مراكش"),
    ("AGADIR IDA OUTANANE - AGADIR", "أكادير إدا وتنان - أكادير"),
    ("OUJDA ANGAD - OUJDA", "وجدة أنكاد - وجدة"),
    ("SKHIRAT TEMARA - TEMARA", "الصخيرات تمارة - تمارة"),
    ("CHTOUKA AIT BAHA - BIOUGRA", "اشتوكة أيت باها - بيوكرى"),
    ("ZOUAGHA - FES", "زواغة - فاس"),
];

/// Quarters and residences, in French and Arabic.
pub const QUARTERS: &[(&str, &str)] = &[
    ("EL HOUDA", "الهدى"),
    ("ESSALAM", "السلام"),
    ("EL WAHDA", "الوحدة"),
    ("ENNAHDA", "النهضة"),
    ("EL MASSIRA", "المسيرة"),
    ("EL FARAH", "الفرح"),
    ("EL AMAL", "الأمل"),
    ("RIAD", "الرياض"),
    ("NASR", "النصر"),
    ("EL MOHAMMADI", "المحمدي"),
    ("EL QODS", "القدس"),
    ("ANDALOUS", "الأندلس"),
    ("YASMINE", "الياسمين"),
    ("ZITOUN", "الزيتون"),
    ("NAKHIL", "النخيل"),
    ("EL ADIL", "العدل"),
    ("SAADA", "السعادة"),
    ("EL INBIAT", "الانبعاث"),
];

/// Avenues, in French and Arabic.
pub const AVENUES: &[(&str, &str)] = &[
    ("MOHAMMED V", "محمد الخامس"),
    ("HASSAN II", "الحسن الثاني"),
    ("DES FAR", "الجيش الملكي"),
    ("MOULAY ISMAIL", "مولاي إسماعيل"),
    ("ALLAL BEN ABDELLAH", "علال بن عبد الله"),
    ("DE LA LIBERTE", "الحرية"),
    ("IBN SINA", "ابن سينا"),
];

impl Person {
    /// Invents a person born between the two years, first and last included.
    pub fn invent(rng: &mut impl Rng, born: (i32, i32)) -> Self {
        let female = rng.random_bool(0.5);
        let home = one_of(rng, &CITIES);
        let birth_city = if rng.random_bool(0.5) { home } else { one_of(rng, &CITIES) };
        Self {
            female,
            given: given(rng, female),
            family: family(rng),
            birth: day(rng, born.0, born.1),
            birthplace: birthplace(rng, birth_city),
            father: parent(rng, false),
            mother: parent(rng, true),
            address: address(rng, home),
            cin: cin(rng, birth_city),
        }
    }
}

/// A day of the years `first` to `last`.
pub fn day(rng: &mut impl Rng, first: i32, last: i32) -> NaiveDate {
    let year = rng.random_range(first..=last.max(first));
    NaiveDate::from_yo_opt(year, rng.random_range(1..=365)).unwrap_or_default()
}

/// The day `years` later; the 28th for the 29th of February.
pub fn years_later(date: NaiveDate, years: i32) -> NaiveDate {
    date.with_year(date.year() + years)
        .or_else(|| date.checked_sub_days(Days::new(1))?.with_year(date.year() + years))
        .unwrap_or(date)
}

fn given(rng: &mut impl Rng, female: bool) -> Pair {
    let names = if female { &NAMES.women } else { &NAMES.men };
    let first = one_of(rng, names);
    let second = one_of(rng, names);
    let simple = !first.fr.contains(' ') && !second.fr.contains(' ') && first != second;
    if simple && rng.random_bool(0.12) { first.then(second) } else { first.clone() }
}

fn family(rng: &mut impl Rng) -> Pair {
    let men: Vec<&Pair> = NAMES.men.iter().filter(|name| !name.fr.contains(' ')).collect();
    let ancestor = *one_of(rng, &men);
    match rng.random_range(0..100) {
        0..6 => Pair::new("BEN", "بن").then(ancestor),
        6..11 => Pair::new("AIT", "أيت").then(ancestor),
        11..14 => Pair::new("OULD", "ولد").then(ancestor),
        14..16 => Pair::new("BOU", "بو").then(ancestor),
        _ => one_of(rng, &NAMES.families).clone(),
    }
}

fn parent(rng: &mut impl Rng, female: bool) -> Pair {
    let own = given(rng, female);
    if rng.random_bool(0.35) {
        return own;
    }
    let particle = if female { Pair::new("BENT", "بنت") } else { Pair::new("BEN", "بن") };
    let father = one_of(rng, &NAMES.men);
    let mut chain = own.then(&particle).then(father);
    if rng.random_bool(0.2) && !own.fr.contains(' ') && !father.fr.contains(' ') {
        chain = chain.then(&Pair::new("BEN", "بن")).then(one_of(rng, &NAMES.men));
    }
    chain
}

fn birthplace(rng: &mut impl Rng, city: &City) -> Pair {
    if rng.random_bool(0.12) {
        let (fr, ar) = *one_of(rng, COMPOSED_PLACES);
        return Pair::new(fr, ar);
    }
    city.name.clone()
}

fn address(rng: &mut impl Rng, city: &City) -> Pair {
    let (quarter, quarter_ar) = *one_of(rng, QUARTERS);
    let (avenue, avenue_ar) = *one_of(rng, AVENUES);
    let (house, street, flat) =
        (rng.random_range(1..260), rng.random_range(1..60), rng.random_range(1..40));
    let block = char::from(b'A' + rng.random_range(0..8_u8));
    let Pair { fr: city, ar: city_ar } = &city.name;
    let nr = *one_of(rng, &["NR", "N", "NO"]);
    let flat_word = *one_of(rng, &["APT", "APPT"]);
    let (fr, ar) = match rng.random_range(0..7) {
        0 => (
            format!("{house} RUE {street} HAY {quarter} {city}"),
            format!("{house} زنقة {street} حي {quarter_ar} {city_ar}"),
        ),
        1 => (
            format!("HAY {quarter} RUE {street} {nr} {house} {city}"),
            format!("حي {quarter_ar} زنقة {street} رقم {house} {city_ar}"),
        ),
        2 => (
            format!("RES {quarter} IMM {street} {flat_word} {flat} {city}"),
            format!("إقامة {quarter_ar} عمارة {street} شقة {flat} {city_ar}"),
        ),
        3 => (
            format!("LOT {quarter} {nr} {house} {city}"),
            format!("تجزئة {quarter_ar} رقم {house} {city_ar}"),
        ),
        4 => (format!("DR {quarter} {city}"), format!("دوار {quarter_ar} {city_ar}")),
        5 => (
            format!("{house} AV {avenue} {flat_word} {flat} {city}"),
            format!("{house} شارع {avenue_ar} شقة {flat} {city_ar}"),
        ),
        _ => (
            format!("BD {avenue} IMM {block}{flat} {nr} {house} {city}"),
            format!("شارع {avenue_ar} عمارة {flat} رقم {house} {city_ar}"),
        ),
    };
    Pair::new(fr, ar)
}

/// An identity number: the letters of an office, a first digit that is not
/// zero, and at most 8 characters.
fn cin(rng: &mut impl Rng, birth_city: &City) -> String {
    let office = if rng.random_bool(0.8) { birth_city } else { one_of(rng, &CITIES) };
    let prefix =
        if office.cin_prefixes.is_empty() { "BE" } else { one_of(rng, &office.cin_prefixes) };
    let digits = *one_of(rng, &[4, 5, 5, 6, 6, 6]);
    let number = rng.random_range(10_u32.pow(digits - 1)..10_u32.pow(digits));
    format!("{prefix}{number}")
}
