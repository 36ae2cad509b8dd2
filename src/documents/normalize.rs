//! Text as it is compared and text as it is given: folding of both scripts,
//! Western digits, and what the engine adds around a value.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Whether a character is an Arabic letter (not a digit, not a vowel sign).
pub(crate) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{063A}' | '\u{0641}'..='\u{064A}' | '\u{0671}'..='\u{06D3}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// Maps Arabic-Indic and Persian digits to 0-9; other characters stay.
pub(crate) fn western_digit(c: char) -> char {
    let digit = match c {
        '\u{0660}'..='\u{0669}' => c as u32 - 0x0660,
        '\u{06F0}'..='\u{06F9}' => c as u32 - 0x06F0,
        _ => return c,
    };
    char::from_digit(digit, 10).unwrap_or(c)
}

/// Whether a character only steers the direction of text, stretches it or
/// vowels it: none of them is part of a value.
fn is_decoration(c: char) -> bool {
    matches!(c, '\u{0640}' | '\u{064B}'..='\u{0652}' | '\u{0670}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Folds Latin text for comparing: lower case without accents, letters and
/// digits only.
pub(crate) fn fold_latin(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(western_digit)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Folds Arabic text for comparing: one alif, no hamza seats, `ه` for `ة`,
/// `ي` for `ى`; letters and Western digits only.
pub(crate) fn fold_arabic(text: &str) -> String {
    text.nfkc()
        .filter(|c| !is_decoration(*c))
        .map(western_digit)
        .map(|c| match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' | 'ئ' | 'ی' => 'ي',
            'ة' => 'ه',
            'ؤ' => 'و',
            'ک' => 'ك',
            other => other,
        })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// An Arabic value as it is given: logical order, base letters, Western
/// digits, no bidi controls, tatweel or vowel signs, single blanks.
pub(crate) fn arabic_value(text: &str) -> String {
    let clean: String = text
        .nfkc()
        .filter(|c| !is_decoration(*c))
        .map(western_digit)
        .map(|c| match c {
            'ک' => 'ك',
            'ی' => 'ي',
            other => other,
        })
        .collect();
    trimmed(&clean)
}

/// An Arabic name or place: an [`arabic_value`] of Arabic letters alone, for no
/// digit, Latin letter or sign belongs there.
pub(crate) fn arabic_name(text: &str) -> String {
    let letters: String = arabic_value(text)
        .chars()
        .map(|c| if is_arabic(c) || matches!(c, '-' | '(' | ')') { c } else { ' ' })
        .collect();
    trimmed(&letters)
}

/// A Latin value as it is given: composed, single blanks, without the marks that a
/// frame or a label's colon leaves at its ends.
pub(crate) fn latin_value(text: &str) -> String {
    let clean: String = text
        .nfc()
        .filter(|c| !is_decoration(*c))
        .map(|c| match c {
            '’' | '‘' | '`' | '´' => '\'',
            '–' | '—' | '‐' => '-',
            other => western_digit(other),
        })
        .collect();
    trimmed(&clean)
}

/// A person's or place's Latin name: capitals when it is printed so, letters,
/// blanks, hyphens and apostrophes only.
pub(crate) fn latin_name(text: &str) -> String {
    let kept: String =
        latin_value(text)
            .chars()
            .map(|c| {
                if c.is_alphabetic() || matches!(c, '-' | '\'' | '.' | '(' | ')') { c } else { ' ' }
            })
            .filter(|c| !is_arabic(*c))
            .collect();
    // A parenthesis without its other half is a letter's part.
    let kept = if kept.matches('(').count() == kept.matches(')').count() {
        kept
    } else {
        kept.replace(['(', ')'], "")
    };
    let upper = kept.chars().filter(|c| c.is_uppercase()).count();
    let lower = kept.chars().filter(|c| c.is_lowercase()).count();
    trimmed(&if upper > lower { capitals(without_small_lead(&kept)) } else { kept })
}

/// A text in capitals; letters whose capital is more than one letter stay.
fn capitals(text: &str) -> String {
    let capital = |c: char| {
        let mut upper = c.to_uppercase();
        upper.next().filter(|_| upper.next().is_none()).unwrap_or(c)
    };
    text.chars().map(capital).collect()
}

/// A text whose words are printed in one case: where a small letter stands before a
/// capital, as in `vP`, all are capitals.
pub(crate) fn in_one_case(text: &str) -> String {
    let word = |word: &str| {
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        let mixed = letters.windows(2).any(|two| two[0].is_lowercase() && two[1].is_uppercase());
        if mixed { word.to_uppercase() } else { word.to_owned() }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A name without the small letters before its capitals: a neighbour's strokes, where
/// they are no particle.
fn without_small_lead(name: &str) -> &str {
    const PARTICLES: [&str; 11] =
        ["el", "al", "ben", "bent", "ait", "ould", "bou", "abd", "ibn", "et", "de"];
    let mut rest = name.trim_start();
    while let Some((first, after)) = rest.split_once(' ') {
        let small = first.chars().count() <= 3
            && first.chars().all(char::is_lowercase)
            && !PARTICLES.contains(&first);
        if !small || !after.chars().any(char::is_uppercase) {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

fn trimmed(text: &str) -> String {
    let frame = |c: char| {
        matches!(
            c,
            ':' | ';'
                | ','
                | '.'
                | '|'
                | '_'
                | '~'
                | '='
                | '-'
                | '*'
                | '«'
                | '»'
                | '"'
                | '\''
                | '،'
                | '؛'
                | '<'
                | '>'
                | '°'
                | '!'
                | '\\'
                | '/'
                | '['
                | ']'
                | '{'
                | '}'
        ) || c.is_whitespace()
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_matches(frame).to_owned()
}

/// Digits that stand where only digits can: `O1Z` becomes `012`. Other
/// characters stay as they are.
pub(crate) fn as_digit(c: char) -> char {
    match c {
        'O' | 'o' | 'Q' | 'D' => '0',
        'I' | 'l' | 'i' | '|' | '!' => '1',
        'Z' | 'z' => '2',
        'S' | 's' => '5',
        'B' => '8',
        'G' => '6',
        other => western_digit(other),
    }
}

/// Letters that stand where only capitals can: `0` becomes `O`.
pub(crate) fn as_letter(c: char) -> char {
    match c {
        '0' => 'O',
        '1' | '|' | 'l' => 'I',
        '2' => 'Z',
        '5' | '$' => 'S',
        '8' => 'B',
        '6' => 'G',
        other => other.to_ascii_uppercase(),
    }
}

/// Whether a printed value says that there is none: dashes and what the
/// engine makes of them.
pub(crate) fn is_marked_absent(text: &str) -> bool {
    let mut dashes = 0;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '-' | '–' | '—' | '=' | '_' | '~' | '*' | '−' | '‐' | 'ـ' => dashes += 1,
            '.' | ':' | '\'' => {}
            _ => return false,
        }
    }
    dashes > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strokes_before_a_name_in_capitals_are_none_of_it() {
        assert_eq!(latin_name("ve MOULAY ALI BEN AZIZ"), "MOULAY ALI BEN AZIZ");
        assert_eq!(latin_name("el IDRISSI"), "EL IDRISSI");
        assert_eq!(in_one_case("vP"), "VP");
        assert_eq!(in_one_case("Voiture particulière"), "Voiture particulière");
    }

    #[test]
    fn arabic_spellings_of_one_label_fold_alike() {
        assert_eq!(fold_arabic("صالحة إلى غاية"), fold_arabic("صالحه الى غايه"));
        assert_eq!(fold_arabic("الســـــم"), fold_arabic("السم"));
        assert_eq!(fold_arabic("\u{202B}محمد\u{202C}"), "محمد");
    }

    #[test]
    fn presentation_forms_become_letters() {
        assert_eq!(arabic_value("\u{FEE3}\u{FEA4}\u{FEE4}\u{FEAA}"), "محمد");
    }

    #[test]
    fn a_label_in_presentation_forms_folds_like_any_other() {
        assert_eq!(
            fold_arabic("\u{FE8D}\u{FEDF}\u{FECC}\u{FEE8}\u{FEEE}\u{FE8D}\u{FEE5}"),
            fold_arabic("العنوان")
        );
    }

    #[test]
    fn arabic_indic_digits_become_western() {
        assert_eq!(arabic_value("حي ٢٣ رقم ۷"), "حي 23 رقم 7");
    }

    #[test]
    fn an_arabic_name_holds_letters_only() {
        assert_eq!(arabic_name("| محمد 9 علي :"), "محمد علي");
    }

    #[test]
    fn a_latin_name_keeps_hyphen_and_apostrophe() {
        assert_eq!(latin_name(": M’HAMED AL-AMiN ."), "M'HAMED AL-AMIN");
    }

    #[test]
    fn labels_fold_without_accents_and_signs() {
        assert_eq!(fold_latin("Né(e) le :"), "neele");
        assert_eq!(fold_latin("P.T.A.C"), "ptac");
    }

    #[test]
    fn dashes_in_all_their_readings_mark_absence() {
        for printed in ["--", "-", "–", "=", "_", "- -", "— —", "****"] {
            assert!(is_marked_absent(printed), "{printed}");
        }
        assert!(!is_marked_absent("B--"));
        assert!(!is_marked_absent(""));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in ".{0,40}") {
            prop_assert_eq!(arabic_value(&arabic_value(&text)), arabic_value(&text));
            prop_assert_eq!(latin_value(&latin_value(&text)), latin_value(&text));
            prop_assert_eq!(fold_arabic(&fold_arabic(&text)), fold_arabic(&text));
        }

        #[test]
        fn no_value_holds_a_bidi_control(text in "[ا-ي\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069} ]{0,20}") {
            let value = arabic_value(&text);
            let bidi = value.chars().any(|c| matches!(c, '\u{200E}'..='\u{2069}'));
            prop_assert!(!bidi);
        }
    }
}
