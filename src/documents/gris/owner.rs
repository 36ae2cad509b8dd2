//! The owner: a person of family and given name, or a company, which has one.

use crate::documents::lexicon::{self, Part};
use crate::documents::normalize::{fold_arabic, fold_latin};

/// Words of companies and administrations.
const COMPANY: [&str; 34] = [
    "ste",
    "sté",
    "societe",
    "sarl",
    "sa",
    "sas",
    "snc",
    "sarlau",
    "au",
    "banque",
    "bank",
    "leasing",
    "credit",
    "bail",
    "location",
    "commune",
    "ministere",
    "association",
    "transport",
    "transports",
    "entreprise",
    "groupe",
    "group",
    "cooperative",
    "car",
    "cars",
    "auto",
    "services",
    "travaux",
    "maroc",
    "office",
    "agence",
    "trans",
    "logistique",
];
const ARABIC_COMPANY: [&str; 12] = [
    "شركه",
    "موسسه",
    "جماعه",
    "وزاره",
    "جمعيه",
    "بنك",
    "تعاونيه",
    "مكتب",
    "وكاله",
    "مقاوله",
    "نقل",
    "مجموعه",
];

/// Words that belong to the name after them.
const PARTICLES: [&str; 14] = [
    "AIT", "EL", "AL", "BEN", "BENT", "OULD", "OULAD", "ABOU", "BOU", "MOULAY", "SIDI", "LALLA",
    "IBN", "ID",
];
const ARABIC_PARTICLES: [&str; 10] =
    ["ايت", "بن", "بنت", "ابن", "ولد", "اولاد", "ابو", "مولاي", "سيدي", "بو"];

/// Whether a Latin owner is a company.
pub(super) fn is_company(name: &str) -> bool {
    name.split([' ', '.', '-', '\'']).map(fold_latin).any(|word| COMPANY.contains(&word.as_str()))
        || name.chars().any(|c| c.is_ascii_digit() || c == '&')
        || fold_latin(name).ends_with("sarl")
}

/// Whether an Arabic owner is a company.
pub(super) fn is_arabic_company(name: &str) -> bool {
    name.split(' ').map(fold_arabic).any(|word| {
        let bare = word.strip_prefix("ال").unwrap_or(&word);
        ARABIC_COMPANY.contains(&bare)
    })
}

/// Splits a Latin owner printed on one line into family and given name.
pub(super) fn split_latin(name: &str) -> Option<(String, String)> {
    let words: Vec<&str> = name.split(' ').collect();
    let particle = |word: &str| PARTICLES.contains(&word.to_uppercase().as_str());
    let known = |given: &str| lexicon::is_part(Part::Given, given);
    let family = |family: &str| lexicon::is_part(Part::Family, family);
    split(&words, &particle, &known, &family)
}

/// Splits an Arabic owner printed on one line into family and given name.
pub(super) fn split_arabic(name: &str) -> Option<(String, String)> {
    let words: Vec<&str> = name.split(' ').collect();
    let particle = |word: &str| ARABIC_PARTICLES.contains(&fold_arabic(word).as_str());
    let known = |given: &str| lexicon::is_arabic_part(Part::Given, given);
    let family = |family: &str| lexicon::is_arabic_part(Part::Family, family);
    split(&words, &particle, &known, &family)
}

/// The family name is the first word with the particles before it, and more only where
/// the given names are known and the longer family name is too.
fn split(
    words: &[&str],
    particle: &dyn Fn(&str) -> bool,
    known_given: &dyn Fn(&str) -> bool,
    known_family: &dyn Fn(&str) -> bool,
) -> Option<(String, String)> {
    let mut least = words.iter().take_while(|word| particle(word)).count() + 1;
    if least >= words.len() {
        // `BEN ALI` alone: not to be split.
        least = 1;
    }
    if least >= words.len() {
        return None;
    }
    let at = (least..words.len())
        .find(|at| known_family(&words[..*at].join(" ")) && known_given(&words[*at..].join(" ")))
        .or_else(|| (least..words.len()).find(|at| known_family(&words[..*at].join(" "))))
        .or_else(|| (least..words.len()).find(|at| known_given(&words[*at..].join(" "))))
        .unwrap_or(least);
    Some((words[..at].join(" "), words[at..].join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(text: &str) -> Option<(String, String)> {
        split_latin(text)
    }

    #[test]
    fn the_family_name_stands_first_with_its_particles() {
        let both = |family: &str, given: &str| Some((family.to_owned(), given.to_owned()));
        assert_eq!(pair("ALAOUI KARIM"), both("ALAOUI", "KARIM"));
        assert_eq!(pair("EL AMRANI FATIMA ZAHRA"), both("EL AMRANI", "FATIMA ZAHRA"));
        assert_eq!(pair("AIT BRAHIM YOUSSEF"), both("AIT BRAHIM", "YOUSSEF"));
        assert_eq!(pair("BEN UNKNOWN SALMA"), both("BEN UNKNOWN", "SALMA"));
        assert_eq!(split_arabic("العلوي كريم"), Some(("العلوي".to_owned(), "كريم".to_owned())));
    }

    #[test]
    fn a_single_word_is_not_split() {
        assert_eq!(pair("ALAOUI"), None);
    }

    #[test]
    fn a_company_is_told_from_a_person() {
        assert!(is_company("STE ATLAS TRANSPORT SARL"));
        assert!(is_company("COMMUNE DE TEST"));
        assert!(!is_company("ALAOUI KARIM"));
        assert!(is_arabic_company("شركة الأطلس"));
        assert!(!is_arabic_company("العلوي كريم"));
    }
}
