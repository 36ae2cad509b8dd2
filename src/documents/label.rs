//! Finds printed labels among words, whatever the engine and the printer made
//! of their accents, colons, blanks and letter case.

use std::collections::HashSet;
use std::ops::Range;

use crate::documents::normalize::{fold_arabic, fold_latin};
use crate::ocr::{Rect, Script, Word};

/// A label of a kind, with every wording seen on its cards.
#[derive(Debug)]
pub(crate) struct Wording<L: 'static> {
    /// What it means.
    pub(crate) label: L,
    /// French wordings.
    pub(crate) latin: &'static [&'static str],
    /// Arabic wordings.
    pub(crate) arabic: &'static [&'static str],
}

/// A wording, folded.
#[derive(Debug)]
struct Form<L> {
    label: L,
    script: Script,
    folded: String,
    length: usize,
}

/// The labels of a kind, ready to be found.
#[derive(Debug)]
pub(crate) struct Labels<L> {
    forms: Vec<Form<L>>,
    /// Every word of the wordings, folded.
    words: HashSet<String>,
}

/// A label found on a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag<L> {
    /// Which.
    pub(crate) label: L,
    /// In which script it is printed.
    pub(crate) script: Script,
    /// The words of the line that it takes.
    pub(crate) words: Range<usize>,
    /// Its place.
    pub(crate) rect: Rect,
    /// How alike it is to the wording, 0 to 1.
    pub(crate) likeness: f64,
    /// Letters of the wording: a long one is hardly found by chance.
    pub(crate) length: usize,
}

impl<L: Copy + PartialEq + 'static> Labels<L> {
    /// Folds the wordings.
    pub(crate) fn new(wordings: &'static [Wording<L>]) -> Self {
        Self::of(wordings.iter())
    }

    /// The same without one label, for a side that never prints it.
    pub(crate) fn without(wordings: &'static [Wording<L>], label: L) -> Self {
        Self::of(wordings.iter().filter(move |wording| wording.label != label))
    }

    fn of(wordings: impl Iterator<Item = &'static Wording<L>> + Clone) -> Self {
        let mut forms = Vec::new();
        for wording in wordings.clone() {
            let latin = wording.latin.iter().map(|text| (Script::Latin, fold_latin(text)));
            let arabic = wording.arabic.iter().map(|text| (Script::Arabic, fold_arabic(text)));
            forms.extend(latin.chain(arabic).map(|(script, folded)| Form {
                label: wording.label,
                script,
                length: folded.chars().count(),
                folded,
            }));
        }
        // The longest first: `Type carburant` before `Type`, `Prénom` before `Nom`.
        forms.sort_by_key(|form| std::cmp::Reverse(form.length));
        let latin = wordings.clone().flat_map(|wording| wording.latin);
        let arabic = wordings.flat_map(|wording| wording.arabic);
        let words_of = |script| {
            move |text: &&str| -> Vec<String> {
                text.split_whitespace().map(|word| fold(script, word)).collect()
            }
        };
        let words = latin
            .flat_map(|text| words_of(Script::Latin)(text))
            .chain(arabic.flat_map(|text| words_of(Script::Arabic)(text)))
            .filter(|word| !word.is_empty())
            .collect();
        Self { forms, words }
    }
}

impl<L: Copy + PartialEq> Labels<L> {
    /// Whether a folded word is of one of the wordings.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Finds the labels of one line, none overlapping another. The best match
    /// of the most letters is taken first.
    pub(crate) fn find(&self, script: Script, words: &[Word]) -> Vec<Tag<L>> {
        let found = self.candidates(script, words);
        let grown = |tag: &Tag<L>| found.iter().any(|other| is_grown(tag, other));
        let mut found: Vec<Tag<L>> = found.iter().filter(|tag| !grown(tag)).cloned().collect();
        let strength = |tag: &Tag<L>| tag.length as f64 * tag.likeness * tag.likeness;
        found.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
        let mut tags: Vec<Tag<L>> = Vec::new();
        for tag in found {
            let free = |other: &Tag<L>| {
                tag.words.end <= other.words.start || other.words.end <= tag.words.start
            };
            if tags.iter().all(free) {
                tags.push(tag);
            }
        }
        tags.sort_by_key(|tag| tag.words.start);
        tags
    }

    /// Everything in a line that may be a label, overlapping or not.
    fn candidates(&self, script: Script, words: &[Word]) -> Vec<Tag<L>> {
        let folded: Vec<String> = words.iter().map(|word| fold(script, &word.text)).collect();
        // A colon ends a label: what follows is the value. No wording has a number in it:
        // that is the value too, before its unit.
        let holds = |range: &Range<usize>| {
            let ended = words[range.start..range.end - 1].iter().any(|w| w.text.ends_with(':'));
            !ended && !folded[range.clone()].iter().any(|word| is_number(word))
        };
        let mut found: Vec<Tag<L>> = Vec::new();
        for form in self.forms.iter().filter(|form| form.script == script) {
            for range in windows(&folded, form.length).into_iter().filter(holds) {
                let likeness = likeness(&folded[range.clone()].concat(), form);
                let plausible = |likeness: &f64| is_plausible(form, *likeness, words, &range);
                if let Some(likeness) = likeness.filter(plausible) {
                    found.push(Tag {
                        label: form.label,
                        script,
                        rect: union(&words[range.clone()]),
                        words: range,
                        likeness,
                        length: form.length,
                    });
                }
            }
        }
        found
    }

    /// Splits a word that a label and its value were glued into (`Néle01.01.1990`,
    /// `NomALAMI`), and says after how many of its characters.
    pub(crate) fn glued(&self, script: Script, text: &str) -> Option<usize> {
        let folded = fold(script, text);
        self.forms
            .iter()
            .filter(|form| form.script == script && form.length >= 5)
            .filter_map(|form| folded.strip_prefix(form.folded.as_str()).map(|rest| (form, rest)))
            .find(|(_, rest)| rest.chars().count() >= 3)
            .and_then(|(form, _)| prefix_length(script, text, form.length))
    }
}

/// Whether words that are so like a wording stand as a label does: the shorter it is, the
/// sooner a value is spelled like it.
fn is_plausible<L>(form: &Form<L>, likeness: f64, words: &[Word], range: &Range<usize>) -> bool {
    let opens = || opens(form.script, words, range.start);
    match form.length {
        0..=3 => {
            let is_sign = NUMBER_SIGNS.contains(&form.folded.as_str());
            opens() && (!is_sign || numbers(form.script, words, range.end))
        }
        4..=SHORT => likeness >= 1.0 || opens(),
        _ => true,
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a label is another one and the beginning of its value: `Genre` before `VEHICULE
/// UTILITAIRE` is not `Genre du véhicule`.
fn is_grown<L: PartialEq>(tag: &Tag<L>, other: &Tag<L>) -> bool {
    tag.label == other.label
        && tag.words.start == other.words.start
        && tag.words.end > other.words.end
        && tag.likeness < SPELLED
        && other.likeness >= 1.0
}

/// How many characters of `text` make `letters` folded ones.
fn prefix_length(script: Script, text: &str, letters: usize) -> Option<usize> {
    let mut so_far = String::new();
    text.chars().enumerate().find_map(|(index, c)| {
        so_far.push(c);
        (fold(script, &so_far).chars().count() == letters).then_some(index + 1)
    })
}

/// Folds in the way of a script.
pub(crate) fn fold(script: Script, text: &str) -> String {
    match script {
        Script::Latin => fold_latin(text),
        Script::Arabic => fold_arabic(text),
    }
}

/// The box around words.
pub(crate) fn union(words: &[Word]) -> Rect {
    words.iter().map(|word| word.rect).reduce(|a, b| a.union(&b)).unwrap_or_default()
}

/// Letters of a wording that, misread, is not told from a word within a value: `السلام` in an
/// address from `العلامة`.
const SHORT: usize = 9;

/// A long wording is not seen in what is less alike to it where a short one stands as it is
/// spelled.
const SPELLED: f64 = 0.93;

/// Signs that stand before the number of a card, and of a house.
const NUMBER_SIGNS: [&str; 3] = ["n", "no", "رقم"];

/// Whether what follows a number sign can be the number of a card: nothing close, or a
/// word of letters and digits. `N° 12` stands in an address.
fn numbers(script: Script, words: &[Word], next: usize) -> bool {
    let Some(word) = words.get(next) else { return true };
    let mixed = word.text.chars().any(char::is_alphabetic)
        && word.text.chars().filter(char::is_ascii_digit).count() >= 3;
    mixed || opens(script, words, next)
}

/// Whether a word opens its line or stands after a wide blank: only there is a
/// short label told from a part of a name (`بن`, `le`, `N°`).
fn opens(script: Script, words: &[Word], index: usize) -> bool {
    let Some(before) = index.checked_sub(1).and_then(|at| words.get(at)) else { return true };
    let (before, word) = (before.rect, words[index].rect);
    let blank = match script {
        Script::Latin => word.x - before.right(),
        Script::Arabic => before.x - word.right(),
    };
    blank > 1.2 * word.height
}

/// Every run of words that has about `length` letters together.
fn windows(folded: &[String], length: usize) -> Vec<Range<usize>> {
    let slack = length / 4;
    let mut windows = Vec::new();
    for start in 0..folded.len() {
        let mut letters = 0;
        if folded[start].is_empty() {
            continue;
        }
        for (end, word) in folded.iter().enumerate().skip(start) {
            let count = word.chars().count();
            letters += count;
            if letters > length + slack {
                break;
            }
            if count > 0 && letters + slack >= length {
                windows.push(start..end + 1);
            }
        }
    }
    windows
}

/// How alike a text is to a wording, or nothing when it is another. A short
/// label must be read without fault, for much else looks like it.
fn likeness<L>(text: &str, form: &Form<L>) -> Option<f64> {
    let faults = match form.length {
        0..=3 => 0,
        // One letter more or less makes a name of a short Arabic word.
        4..=5 if form.script == Script::Arabic => 0,
        4..=6 => 1,
        7..=9 => 2,
        length => length / 4,
    };
    let distance = strsim::levenshtein(text, &form.folded);
    (distance <= faults).then(|| 1.0 - distance as f64 / form.length.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Label {
        Name,
        GivenName,
        Type,
        Fuel,
        Birth,
        Kind,
    }

    static WORDINGS: [Wording<Label>; 6] = [
        Wording { label: Label::Name, latin: &["Nom"], arabic: &["الاسم العائلي"] },
        Wording {
            label: Label::GivenName, latin: &["Prénom"], arabic: &["الاسم الشخصي"]
        },
        Wording { label: Label::Type, latin: &["Type"], arabic: &["الصنف"] },
        Wording {
            label: Label::Fuel, latin: &["Type carburant"], arabic: &["نوع الوقود"]
        },
        Wording { label: Label::Birth, latin: &["Né le", "Née le", "Né(e) le"], arabic: &[] },
        Wording { label: Label::Kind, latin: &["Genre"], arabic: &["النوع"] },
    ];

    fn labels(script: Script, line: &str) -> Vec<Label> {
        let words: Vec<Word> =
            line.split(' ').map(|text| Word::new(text, 1.0, Rect::default())).collect();
        Labels::new(&WORDINGS).find(script, &words).iter().map(|tag| tag.label).collect()
    }

    #[test]
    fn the_longer_label_wins() {
        assert_eq!(labels(Script::Latin, "Type carburant DIESEL"), [Label::Fuel]);
        assert_eq!(labels(Script::Latin, "Type SDJF4"), [Label::Type]);
        assert_eq!(labels(Script::Arabic, "نوع الوقود"), [Label::Fuel]);
        assert_eq!(labels(Script::Arabic, "النوع"), [Label::Kind]);
    }

    #[test]
    fn a_given_name_label_is_no_family_name_label() {
        assert_eq!(labels(Script::Latin, "Prénom ALI"), [Label::GivenName]);
        assert_eq!(labels(Script::Latin, "PRENOM : ALI"), [Label::GivenName]);
        assert_eq!(labels(Script::Latin, "Nom ALAMI"), [Label::Name]);
        assert_eq!(labels(Script::Latin, "NAJIM"), []);
    }

    #[test]
    fn misread_letters_and_blanks_are_tolerated_in_long_labels() {
        assert_eq!(labels(Script::Latin, "Tvpe carburant"), [Label::Fuel]);
        assert_eq!(labels(Script::Latin, "Pré nom"), [Label::GivenName]);
        assert_eq!(labels(Script::Arabic, "الإسم العايلي"), [Label::Name]);
        assert_eq!(labels(Script::Latin, "Née le 01.01.1990"), [Label::Birth]);
    }

    #[test]
    fn a_value_glued_to_its_label_is_cut_off() {
        let labels = Labels::new(&WORDINGS);
        assert_eq!(labels.glued(Script::Latin, "Prénom:FATIMA"), Some(6));
        assert_eq!(labels.glued(Script::Latin, "Prénom"), None);
        assert_eq!(labels.glued(Script::Latin, "CASABLANCA"), None);
    }
}
