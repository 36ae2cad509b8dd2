//! Which town a birthplace or an address names.

use std::sync::LazyLock;

use crate::documents::normalize::fold_latin;

/// A town's name in capitals, and as folded words.
struct Town {
    name: String,
    words: Vec<String>,
}

static TOWNS: LazyLock<Vec<Town>> = LazyLock::new(|| {
    let rows = csv::Reader::from_reader(include_str!("lexicon/cities.csv").as_bytes());
    let town = |row: csv::StringRecord| {
        let name = row.get(0)?;
        Some(Town { name: name.to_uppercase(), words: words(name) })
    };
    rows.into_records().flatten().filter_map(town).collect()
});

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric());
    parts.map(fold_latin).filter(|word| !word.is_empty()).collect()
}

/// Names the town that a Latin text contains as whole words: of several the
/// last, because an address ends with its town, and of those the longest.
pub(crate) fn town_in(text: &str) -> Option<&'static str> {
    let text = words(text);
    let found = TOWNS.iter().filter_map(|town| {
        let start = text.windows(town.words.len()).rposition(|part| part == town.words)?;
        Some((start + town.words.len(), town.words.len(), town.name.as_str()))
    });
    found.max_by_key(|&(end, length, _)| (end, length)).map(|(_, _, name)| name)
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
    fn a_part_of_a_word_is_no_town() {
        assert_eq!(town_in("SAFIA"), None);
        assert_eq!(town_in("DOUAR INCONNU"), None);
        assert_eq!(town_in(""), None);
    }
}
