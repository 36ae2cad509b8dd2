//! The order in which a text stands on paper, left to right.

use unicode_bidi::{BidiInfo, Level};

use crate::alphabet::{is_arabic, plain};

const LEFT_TO_RIGHT_MARK: &str = "\u{200e}";

/// A stretch of one direction, as it stands from left to right on a line.
pub(crate) struct Run {
    /// Its characters in the order in which they are read.
    pub(crate) text: String,
    /// Whether they are read from right to left.
    pub(crate) leftwards: bool,
}

/// The label of a text given in the order in which it is read: NFC, as it stands
/// from left to right, so that a word in Arabic letters comes out reversed.
///
/// A text with one lone Arabic letter, such as the plate `12345-أ-6` or the
/// category `1أ`, stands on the documents as it is typed.
///
/// ```
/// assert_eq!(lines::visual("رقم 12"), "12 مقر");
/// assert_eq!(lines::visual("12345 | أ | 6"), "12345 | أ | 6");
/// ```
pub fn visual(logical: &str) -> String {
    let text: String = runs(logical)
        .iter()
        .flat_map(|run| {
            let letters: Vec<char> = run.text.chars().collect();
            if run.leftwards { letters.into_iter().rev().map(mirrored).collect() } else { letters }
        })
        .collect();
    plain(&text)
}

/// The stretches of a text from left to right.
pub(crate) fn runs(logical: &str) -> Vec<Run> {
    let (text, base) = if has_lone_letter(logical) {
        (guarded(logical), Some(Level::ltr()))
    } else {
        (logical.to_owned(), None)
    };
    let bidi = BidiInfo::new(&text, base);
    let Some(paragraph) = bidi.paragraphs.first() else { return Vec::new() };
    let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
    let run = |range: std::ops::Range<usize>| Run {
        leftwards: levels[range.start].is_rtl(),
        text: text[range].replace(LEFT_TO_RIGHT_MARK, ""),
    };
    runs.into_iter().map(run).filter(|run| !run.text.is_empty()).collect()
}

/// Whether there is one Arabic letter and no other.
fn has_lone_letter(text: &str) -> bool {
    text.chars().filter(|letter| is_arabic(*letter)).count() == 1
}

/// The text with marks around its Arabic letter that keep what is beside it in place.
fn guarded(text: &str) -> String {
    text.chars().fold(String::new(), |mut guarded, letter| {
        let mark = if is_arabic(letter) { LEFT_TO_RIGHT_MARK } else { "" };
        guarded.extend([mark, letter.encode_utf8(&mut [0; 4]), mark]);
        guarded
    })
}

/// A bracket as it looks where it is read from right to left.
fn mirrored(letter: char) -> char {
    match letter {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_reversed_and_a_number_in_it_is_not() {
        assert_eq!(visual("محمد"), "دمحم");
        assert_eq!(visual("زنقة 12 رقم 5 حي الرياض"), "ضايرلا يح 5 مقر 12 ةقنز");
        assert_eq!(visual("رقم 12/345"), "12/345 مقر");
    }

    #[test]
    fn a_number_before_the_first_word_stands_at_the_right() {
        assert_eq!(visual("12 زنقة فاس"), "ساف ةقنز 12");
    }

    #[test]
    fn french_among_arabic_stays_as_it_is() {
        assert_eq!(visual("عمارة AB شقة 3"), "3 ةقش AB ةرامع");
        assert_eq!(visual("CIN رقم"), "CIN مقر");
    }

    #[test]
    fn brackets_are_as_they_look() {
        assert_eq!(visual("مزداد(ة)"), "(ة)دادزم");
        assert_eq!(visual("Né(e) le"), "Né(e) le");
    }

    #[test]
    fn a_plate_stands_with_its_number_on_the_left() {
        for plate in ["12345-أ-6", "12345 | ب | 26", "7 د 1", "1أ"] {
            assert_eq!(visual(plate), plate);
        }
    }

    #[test]
    fn no_text_has_an_empty_label() {
        assert_eq!(visual(""), "");
    }
}
