//! The towns that a birthplace or an address names.

use std::sync::LazyLock;

use crate::documents::normalize::{fold_arabic, fold_latin};
use crate::documents::transliteration::{self, Verdict};

/// A town's name in capitals, as it is written and as folded words of both scripts, and what is known of it.
struct Town {
    name: String,
    french: String,
    written_arabic: String,
    latin: Vec<String>,
    arabic: Vec<String>,
    /// The letters that the offices there begin their national numbers with.
    prefixes: Vec<String>,
    /// Whether its Arabic name is another than its French one, not a spelling of it.
    own_arabic_name: bool,
}

static TOWNS: LazyLock<Vec<Town>> = LazyLock::new(|| {
    let rows = csv::Reader::from_reader(include_str!("lexicon/cities.csv").as_bytes());
    let town = |row: csv::StringRecord| {
        let (name, arabic) = (row.get(0)?, row.get(1)?);
        let prefixes = row.get(3)?.split(';').filter(|prefix| !prefix.is_empty());
        Some(Town {
            name: name.to_uppercase(),
            french: name.to_owned(),
            written_arabic: arabic.to_owned(),
            latin: words(name),
            arabic: arabic_words(arabic),
            prefixes: prefixes.map(str::to_owned).collect(),
            own_arabic_name: transliteration::verdict(name, arabic) != Some(Verdict::Agrees),
        })
    };
    rows.into_records().flatten().filter_map(town).collect()
});

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric());
    parts.map(fold_latin).filter(|word| !word.is_empty()).collect()
}

fn arabic_words(text: &str) -> Vec<String> {
    text.split([' ', '-']).map(fold_arabic).filter(|word| !word.is_empty()).collect()
}

/// Where the words of a town stand among others.
fn place_in(text: &[String], town: &[String]) -> Option<usize> {
    text.windows(town.len().max(1)).position(|part| part == town)
}

/// The town that a Latin text contains as whole words: of several the last, because an
/// address ends with its town, and of those the longest.
fn last_town(text: &str) -> Option<&'static Town> {
    let text = words(text);
    let found = TOWNS.iter().filter_map(|town| {
        let start = text.windows(town.latin.len()).rposition(|part| part == town.latin)?;
        Some((start + town.latin.len(), town.latin.len(), town))
    });
    found.max_by_key(|&(end, length, _)| (end, length)).map(|(_, _, town)| town)
}

/// Names the town of a card: that of the birthplace, else that of the address.
pub(crate) fn town_of(birthplace: Option<&str>, address: Option<&str>) -> Option<&'static str> {
    birthplace.and_then(town_in).or_else(|| address.and_then(town_in))
}

/// How a town that [`town_in`] names is written, in French and in Arabic.
pub(crate) fn spelled(town: &str) -> Option<(&'static str, &'static str)> {
    let town = TOWNS.iter().find(|known| known.name == town)?;
    Some((&town.french, &town.written_arabic))
}

/// Names the town that a Latin text contains.
pub(crate) fn town_in(text: &str) -> Option<&'static str> {
    last_town(text).map(|town| town.name.as_str())
}

/// Whether a national number begins with letters of the town that a Latin place names;
/// nothing where no town or none of its letters are known. They are those of the office
/// where the first card was asked for: a hint at the birthplace, no more.
pub(crate) fn issues_at(place: &str, number: &str) -> Option<bool> {
    let letters = number.trim_end_matches(|c: char| c.is_ascii_digit());
    let town = last_town(place).filter(|town| !town.prefixes.is_empty())?;
    Some(town.prefixes.iter().any(|prefix| prefix == letters))
}

/// What two readings of a place hold beside the towns that both name: folded words.
pub(crate) fn without_pairs(latin: &str, arabic: &str) -> (String, String) {
    let (mut latin, mut arabic) = (words(latin), arabic_words(arabic));
    for town in TOWNS.iter() {
        while let (Some(here), Some(there)) =
            (place_in(&latin, &town.latin), place_in(&arabic, &town.arabic))
        {
            latin.drain(here..here + town.latin.len());
            arabic.drain(there..there + town.arabic.len());
        }
    }
    (latin.join(" "), arabic.join(" "))
}

/// Whether a Latin place names a town whose Arabic name is no spelling of it.
pub(crate) fn has_own_arabic_name(latin: &str) -> bool {
    let latin = words(latin);
    TOWNS.iter().any(|town| town.own_arabic_name && place_in(&latin, &town.latin).is_some())
}

/// Whether an Arabic text is the name of a town.
pub(crate) fn is_arabic_town(arabic: &str) -> bool {
    let arabic = arabic_words(arabic);
    TOWNS.iter().any(|town| town.arabic == arabic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_found_among_other_words() {
        assert_eq!(town_in("HAY SALAM 4 RUE 12 N 7 CASABLANCA"), Some("CASABLANCA"));
        assert_eq!(town_in("Fes"), town_in("FÈS"));
        assert_eq!(town_in("AVENUE DE RABAT, AGADIR"), Some("AGADIR"));
    }

    #[test]
    fn the_birthplace_goes_before_the_address() {
        assert_eq!(town_of(Some("FES"), Some("8 RUE FICTIVE RABAT")), Some("FÈS"));
        assert_eq!(town_of(Some("NULLE PART"), Some("8 RUE FICTIVE RABAT")), Some("RABAT"));
        assert_eq!(town_of(None, None), None);
        assert_eq!(spelled("FÈS"), Some(("Fès", "فاس")));
    }

    #[test]
    fn a_part_of_a_word_is_no_town() {
        assert_eq!(town_in("SAFIA"), None);
        assert_eq!(town_in("DOUAR INCONNU"), None);
        assert_eq!(town_in(""), None);
    }

    #[test]
    fn the_letters_of_a_number_hint_at_an_office() {
        assert_eq!(issues_at("CASABLANCA", "BK123456"), Some(true));
        assert_eq!(issues_at("HAY SALAM SALE", "AB123456"), Some(true));
        assert_eq!(issues_at("TANGER", "BK123456"), Some(false));
        assert_eq!(issues_at("DOUAR INCONNU", "BK123456"), None);
        assert_eq!(issues_at("SKHIRAT", "BK123456"), None);
    }

    #[test]
    fn towns_that_both_scripts_name_are_taken_out() {
        let rest = |latin, arabic| without_pairs(latin, arabic);
        assert_eq!(rest("TANGER ASSILAH - TANGER", "طنجة أصيلة - طنجة"), pair("assilah", "اصيله"));
        assert_eq!(rest("CASABLANCA", "الدار البيضاء"), pair("", ""));
        assert_eq!(rest("RABAT", "سلا"), pair("rabat", "سلا"));
    }

    fn pair(latin: &str, arabic: &str) -> (String, String) {
        (latin.to_owned(), arabic.to_owned())
    }
}
