//! The characters that a label may have, and how a text is brought to them.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// The alphabet as the trainer and the service read it: one line, the blank first.
const FILE: &str = include_str!("../data/alphabet.txt");

/// The characters of the alphabet in the order of the network's classes.
pub static ALPHABET: LazyLock<Vec<char>> =
    LazyLock::new(|| FILE.trim_end_matches('\n').chars().collect());

/// `text` composed, without what no label has: marks of vowels, lengthened
/// joins and marks of direction. Runs of blanks become one blank.
pub fn plain(text: &str) -> String {
    let kept: String = text.nfc().filter(|letter| !is_unlabelled(*letter)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character may be printed but is no part of a label.
fn is_unlabelled(letter: char) -> bool {
    let is_vowel_mark = ('\u{64b}'..='\u{65f}').contains(&letter) || letter == '\u{670}';
    let is_direction = matches!(
        letter,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    is_vowel_mark || is_direction || letter == '\u{640}'
}

/// Whether a letter is joined and written from right to left.
pub(crate) fn is_arabic(letter: char) -> bool {
    ('\u{600}'..='\u{6ff}').contains(&letter) || ('\u{750}'..='\u{77f}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_stands_once_and_the_blank_is_first() {
        let mut sorted = ALPHABET.clone();
        sorted.sort_unstable();
        sorted.dedup();

        assert_eq!(sorted.len(), ALPHABET.len());
        assert_eq!(ALPHABET[0], ' ');
    }

    #[test]
    fn lengthened_joins_and_vowels_are_no_part_of_a_label() {
        assert_eq!(plain("بـ  مُحَمَّد"), "ب محمد");
        assert_eq!(plain("e\u{301}tat\u{a0}civil"), "état civil");
    }
}
