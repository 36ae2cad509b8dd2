//! What documents know of print while it is still being read: where a second
//! look would tell nothing new.

use crate::documents::label::fold;
use crate::documents::lexicon::{self, Words};
use crate::documents::{DocumentKind, KindVisitor, mrz, visit_kinds};
use crate::ocr::{Knowledge, Line, Script};

/// The labels of all kinds, the names and places, and the check digits.
#[derive(Debug, Clone, Copy)]
pub struct Known;

impl Knowledge for Known {
    fn is_known(&self, line: &Line) -> bool {
        let mut words = line.words.iter().map(|word| bare(&word.text)).filter(|w| !w.is_empty());
        line.words.iter().any(|word| word.text.chars().any(char::is_alphabetic))
            && words.all(|word| is_known_word(line.script, word))
    }

    fn zone_holds(&self, lines: &[Vec<Line>]) -> bool {
        mrz::read_zone(lines)
            .is_some_and(|zone| zone.checks.all() && zone.lines[2].as_ref().is_some_and(is_whole))
    }
}

/// Whether a line of the zone has all its thirty letters.
fn is_whole(line: &Line) -> bool {
    line.text().chars().count() == 30
}

/// A word without the signs around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| !letter.is_alphanumeric())
}

fn is_known_word(script: Script, word: &str) -> bool {
    let in_lexicon = match script {
        Script::Latin => {
            [Words::Names, Words::Places].into_iter().any(|of| lexicon::knows_latin(of, word))
        }
        Script::Arabic => {
            [Words::Names, Words::Places].into_iter().any(|of| lexicon::spells_arabic(of, word))
        }
    };
    in_lexicon || is_label_word(script, word)
}

/// Whether a label of any kind holds the word.
fn is_label_word(script: Script, word: &str) -> bool {
    struct Visit<'a>(&'a str, bool);
    impl KindVisitor for Visit<'_> {
        fn visit<K: DocumentKind>(&mut self) {
            self.1 |= K::prints(self.0);
        }
    }
    let folded = fold(script, word);
    let mut visit = Visit(&folded, false);
    visit_kinds(&mut visit);
    visit.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::{Rect, Word};

    fn line(script: Script, text: &str) -> Line {
        let word = |text: &str| Word::new(text, 0.85, Rect::default());
        Line { script, words: text.split(' ').map(word).collect() }
    }

    #[test]
    fn labels_names_and_places_are_known() {
        assert!(Known.is_known(&line(Script::Arabic, "المملكة المغربية")));
        assert!(Known.is_known(&line(Script::Arabic, "تاريخ الازدياد :")));
        assert!(Known.is_known(&line(Script::Latin, "Nom : BENALI")));
        assert!(Known.is_known(&line(Script::Arabic, "محمد بن علي")));
    }

    #[test]
    fn what_is_spelled_otherwise_is_not() {
        assert!(!Known.is_known(&line(Script::Arabic, "محمذ")));
        assert!(!Known.is_known(&line(Script::Latin, "MOHANED")));
        assert!(!Known.is_known(&line(Script::Latin, "AB123456")));
        assert!(!Known.is_known(&line(Script::Arabic, ":")));
    }
}
