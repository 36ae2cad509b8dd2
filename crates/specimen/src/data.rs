//! Common names and places, in French and Arabic, from the lists in `data/`.

use std::sync::LazyLock;

use rand::Rng;

/// A value in both scripts. Neither is derived from the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pair {
    /// In Latin letters.
    pub fr: String,
    /// In Arabic letters, logical order.
    pub ar: String,
}

impl Pair {
    /// A value and its counterpart.
    pub fn new(fr: impl Into<String>, ar: impl Into<String>) -> Self {
        Self { fr: fr.into(), ar: ar.into() }
    }

    /// Both values followed by a blank and those of `other`.
    #[must_use]
    pub fn then(&self, other: &Self) -> Self {
        Self::new(format!("{} {}", self.fr, other.fr), format!("{} {}", self.ar, other.ar))
    }
}

/// A town.
pub struct City {
    /// Its name in capitals without accents, as the cards print it.
    pub name: Pair,
    /// The letters of identity numbers first issued there.
    pub cin_prefixes: Vec<&'static str>,
    /// The region codes on plates registered there.
    pub plate_codes: Vec<u32>,
}

/// Given names of men, given names of women, and family names.
pub struct Names {
    /// Given names of men.
    pub men: Vec<Pair>,
    /// Given names of women.
    pub women: Vec<Pair>,
    /// Family names.
    pub families: Vec<Pair>,
}

/// Every row of `names.csv`.
pub static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { men: Vec::new(), women: Vec::new(), families: Vec::new() };
    for [fr, ar, kind] in rows(include_str!("../data/names.csv")) {
        let pair = Pair::new(fr, ar);
        match kind {
            "given-m" => names.men.push(pair),
            "given-f" => names.women.push(pair),
            _ => names.families.push(pair),
        }
    }
    names
});

/// Every row of `cities.csv`.
pub static CITIES: LazyLock<Vec<City>> = LazyLock::new(|| {
    rows(include_str!("../data/cities.csv"))
        .map(|[fr, ar, _region, prefixes, codes]: [&str; 5]| City {
            name: Pair::new(capitals(fr), ar),
            cin_prefixes: prefixes.split(';').filter(|one| !one.is_empty()).collect(),
            plate_codes: codes.split(';').filter_map(|one| one.parse().ok()).collect(),
        })
        .collect()
});

/// The rows of a table without quoted cells, its heading left out.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).filter_map(|line| line.split(',').collect::<Vec<_>>().try_into().ok())
}

/// Capitals without accents: the identity card prints Latin names so.
pub fn capitals(text: &str) -> String {
    text.to_uppercase()
        .chars()
        .map(|letter| match letter {
            'À' | 'Â' | 'Ä' => 'A',
            'É' | 'È' | 'Ê' | 'Ë' => 'E',
            'Î' | 'Ï' => 'I',
            'Ô' | 'Ö' => 'O',
            'Û' | 'Ü' | 'Ù' => 'U',
            'Ç' => 'C',
            other => other,
        })
        .collect()
}

/// One of `all`; `all` is never empty here.
pub fn one_of<'a, T>(rng: &mut impl Rng, all: &'a [T]) -> &'a T {
    &all[rng.random_range(0..all.len())]
}
