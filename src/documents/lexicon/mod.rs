//! Names and places of Morocco, as evidence: a reading that is a known word is
//! likelier right. No reading is ever replaced by a known word, and neither
//! script is ever made out of the other.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::documents::normalize::{fold_arabic, fold_latin};

static NAMES: &str = include_str!("names.csv");
static CITIES: &str = include_str!("cities.csv");

/// Parts of names that stand beside any other.
const PARTICLES: [&str; 18] = [
    "el", "al", "ben", "bent", "ait", "ould", "oulad", "abou", "bou", "moulay", "sidi", "lalla",
    "b", "ibn", "bnt", "abd", "ou", "haj",
];
const ARABIC_PARTICLES: [&str; 13] =
    ["بن", "بنت", "ابن", "ايت", "اولاد", "ولد", "ابو", "مولاي", "سيدي", "لاله", "للا", "عبد", "الله"];

/// The same as they are written: `آيت` is one misread.
const SPELLED_PARTICLES: [&str; 13] =
    ["بن", "بنت", "ابن", "أيت", "أولاد", "ولد", "أبو", "مولاي", "سيدي", "لالة", "للا", "عبد", "الله"];

/// What kind of words a value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Given and family names.
    Names,
    /// Towns and prefectures.
    Places,
}

#[derive(Default)]
struct Lexicon {
    latin: HashSet<String>,
    arabic: HashSet<String>,
    /// Arabic words and wholes as they are written, not folded.
    spelled: HashSet<String>,
    /// Folded Latin word to the folded Arabic words that pair with it.
    pairs: HashMap<String, HashSet<String>>,
}

impl Lexicon {
    fn add(&mut self, fr: &str, ar: &str) {
        let whole = (fold_latin(fr), fold_arabic(ar));
        self.spelled.extend(ar.split([' ', '-']).chain([ar]).map(str::to_owned));
        let (fr, ar): (Vec<_>, Vec<_>) =
            (latin_words(fr).collect(), ar.split_whitespace().map(fold_arabic).collect());
        if fr.len() == ar.len() {
            for (fr, ar) in fr.iter().zip(&ar) {
                self.pairs.entry(fr.clone()).or_default().insert(ar.clone());
            }
        }
        self.latin.extend(fr);
        self.arabic.extend(ar);
        self.pairs.entry(whole.0.clone()).or_default().insert(whole.1.clone());
        self.latin.insert(whole.0);
        self.arabic.insert(whole.1);
    }
}

fn latin_words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split([' ', '-', '\'', '(', ')', '/']).map(fold_latin).filter(|word| !word.is_empty())
}

fn load(csv: &'static str) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for row in csv::Reader::from_reader(csv.as_bytes()).records().flatten() {
        if let (Some(fr), Some(ar)) = (row.get(0), row.get(1)) {
            lexicon.add(fr, ar);
        }
    }
    lexicon
}

fn lexicon(words: Words) -> &'static Lexicon {
    static PEOPLE: LazyLock<Lexicon> = LazyLock::new(|| load(NAMES));
    static PLACES: LazyLock<Lexicon> = LazyLock::new(|| load(CITIES));
    match words {
        Words::Names => &PEOPLE,
        Words::Places => &PLACES,
    }
}

/// The part of a person's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A given name.
    Given,
    /// A family name.
    Family,
}

/// The known names of one part, folded: Latin, Arabic.
fn part_names(part: Part) -> &'static [HashSet<String>; 2] {
    static PARTS: LazyLock<[[HashSet<String>; 2]; 2]> = LazyLock::new(|| {
        let mut parts = <[[HashSet<String>; 2]; 2]>::default();
        for row in csv::Reader::from_reader(NAMES.as_bytes()).records().flatten() {
            let names = &mut parts[usize::from(row.get(2) == Some("family"))];
            names[0].insert(fold_latin(row.get(0).unwrap_or_default()));
            names[1].insert(fold_arabic(row.get(1).unwrap_or_default()));
        }
        parts
    });
    &PARTS[usize::from(part == Part::Family)]
}

/// Whether a Latin name is a known given or family name.
pub fn is_part(part: Part, value: &str) -> bool {
    let [known, _] = part_names(part);
    known.contains(&fold_latin(value))
        || (part == Part::Given && latin_words(value).all(|word| known.contains(&word)))
}

/// Whether an Arabic name is a known given or family name.
pub fn is_arabic_part(part: Part, value: &str) -> bool {
    let [_, known] = part_names(part);
    known.contains(&fold_arabic(value))
        || (part == Part::Given && value.split(' ').all(|word| known.contains(&fold_arabic(word))))
}

/// Whether a Latin value is a known name or place, or made of known words alone.
pub fn knows_latin(words: Words, value: &str) -> bool {
    let lexicon = lexicon(words);
    let known = |word: &String| lexicon.latin.contains(word);
    let mut parts = latin_words(value).peekable();
    known(&fold_latin(value))
        || (parts.peek().is_some()
            && parts.all(|word| known(&word) || PARTICLES.contains(&word.as_str())))
}

/// Whether an Arabic value is a known name or place, or made of known words alone.
pub fn knows_arabic(words: Words, value: &str) -> bool {
    let lexicon = lexicon(words);
    let mut parts =
        value.split([' ', '-']).map(fold_arabic).filter(|word| !word.is_empty()).peekable();
    lexicon.arabic.contains(&fold_arabic(value))
        || (parts.peek().is_some()
            && parts.all(|word| {
                lexicon.arabic.contains(&word) || ARABIC_PARTICLES.contains(&word.as_str())
            }))
}

/// Whether an Arabic value is written as it is known, letter by letter: folding
/// forgets just the letters that are misread most, ي for ى and أ for ا.
pub fn spells_arabic(words: Words, value: &str) -> bool {
    let spelled = &lexicon(words).spelled;
    let mut parts = value.split([' ', '-']).filter(|word| !word.is_empty()).peekable();
    let known = |word: &str| spelled.contains(word) || SPELLED_PARTICLES.contains(&word);
    spelled.contains(value) || parts.peek().is_some() && parts.all(known)
}

/// Whether the two readings are a known pair: each script then confirms the other.
pub fn pairs(words: Words, latin: &str, arabic: &str) -> bool {
    let lexicon = lexicon(words);
    let pair = |fr: &str, ar: &str| lexicon.pairs.get(fr).is_some_and(|set| set.contains(ar));
    if pair(&fold_latin(latin), &fold_arabic(arabic)) {
        return true;
    }
    let fr: Vec<_> = latin_words(latin).collect();
    let ar: Vec<_> = arabic.split([' ', '-']).map(fold_arabic).filter(|w| !w.is_empty()).collect();
    !fr.is_empty() && fr.len() == ar.len() && fr.iter().zip(&ar).all(|(fr, ar)| pair(fr, ar))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_both_scripts() {
        assert!(knows_latin(Words::Names, "EL IDRISSI"));
        assert!(knows_latin(Words::Names, "MOHAMED BEN ALI"));
        assert!(knows_arabic(Words::Names, "محمد بن علي"));
        assert!(!knows_latin(Words::Names, "MOHANED"));
        assert!(!knows_arabic(Words::Names, ""));
    }

    #[test]
    fn a_letter_that_folding_forgets_is_another_spelling() {
        assert!(knows_arabic(Words::Places, "سيدى قاسم"));
        assert!(!spells_arabic(Words::Places, "قاسمى"));
        assert!(spells_arabic(Words::Places, "سيدي قاسم"));
        assert!(spells_arabic(Words::Names, "محمد بن علي"));
        assert!(spells_arabic(Words::Names, "أيت علي"));
        assert!(!spells_arabic(Words::Names, "آيت علي"));
        assert!(!spells_arabic(Words::Names, ""));
    }

    #[test]
    fn places_are_known_without_accents() {
        assert!(knows_latin(Words::Places, "FES"));
        assert!(knows_arabic(Words::Places, "الدار البيضاء"));
    }

    #[test]
    fn a_pair_confirms_both_scripts() {
        assert!(pairs(Words::Names, "MOHAMED ALI", "محمد علي"));
        assert!(!pairs(Words::Names, "MOHAMED", "أحمد"));
        assert!(pairs(Words::Places, "Casablanca", "الدار البيضاء"));
    }
}
