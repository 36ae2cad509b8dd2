//! The lines of a page as the rules read them: Western digits, and Arabic in logical
//! order even where the engine gave it as it is seen, from left to right.

use crate::documents::label::Labels;
use crate::documents::normalize::{is_arabic, western_digit};
use crate::ocr::{EngineReading, Line, Page, Script, Word};

/// Letters of a label that is hardly found backwards by chance.
const LONG: usize = 5;

/// The lines of a page in logical order. That they are not, a known label tells that is
/// read backwards; every Arabic line is then turned.
pub(super) fn logical<L: Copy + PartialEq>(page: &Page, labels: &Labels<L>) -> Vec<Line> {
    let lines: Vec<Line> = page
        .lines
        .iter()
        .map(with_western_digits)
        .flat_map(|line| without_arabic_labels(line, labels))
        .collect();
    let letters = |words: &[Word]| -> usize {
        let tags = labels.find(Script::Arabic, words);
        tags.iter().map(|tag| tag.length).filter(|length| *length > LONG).sum()
    };
    let arabic = || lines.iter().filter(|line| line.script == Script::Arabic);
    let as_given: usize = arabic().map(|line| letters(&line.words)).sum();
    let turned_round = || arabic().map(|line| letters(&turned(line).words)).sum::<usize>();
    if as_given > 0 || turned_round() == 0 {
        return lines;
    }
    let turn = |line: &Line| match line.script {
        Script::Arabic => turned(line),
        Script::Latin => line.clone(),
    };
    lines.iter().map(turn).collect()
}

fn with_western_digits(line: &Line) -> Line {
    let western =
        |word: &Word| Word { text: word.text.chars().map(western_digit).collect(), ..word.clone() };
    Line { script: line.script, words: line.words.iter().map(western).collect() }
}

/// A Latin line without the Arabic labels that the engine read into it: they make a line
/// of their own. Other Arabic stays, such as the letter of a plate.
fn without_arabic_labels<L: Copy + PartialEq>(line: Line, labels: &Labels<L>) -> Vec<Line> {
    let is_arabic_word = |word: &&Word| word.text.chars().any(is_arabic);
    let arabic: Vec<Word> = line.words.iter().filter(is_arabic_word).cloned().collect();
    if line.script == Script::Arabic || labels.find(Script::Arabic, &arabic).is_empty() {
        return vec![line];
    }
    let latin = line.words.into_iter().filter(|word| !is_arabic_word(&word)).collect();
    vec![
        Line { script: Script::Latin, words: latin },
        Line { script: Script::Arabic, words: arabic },
    ]
}

/// An Arabic line the other way round, the rightmost word first.
fn turned(line: &Line) -> Line {
    let mut words: Vec<Word> = line
        .words
        .iter()
        .map(|word| {
            let turned = |reading: &EngineReading| EngineReading {
                text: backwards(reading.text.trim()) + " ",
                ..reading.clone()
            };
            let readings = word.readings.iter().map(turned).collect();
            Word { text: backwards(&word.text), readings, ..word.clone() }
        })
        .collect();
    words.sort_by(|a, b| b.rect.right().total_cmp(&a.rect.right()));
    Line { script: line.script, words }
}

/// A word backwards; its numbers run from left to right in either order.
fn backwards(text: &str) -> String {
    let mut turned = String::with_capacity(text.len());
    let mut number = String::new();
    for c in text.chars().rev() {
        if c.is_ascii_digit() || (!number.is_empty() && matches!(c, '/' | '.' | '-')) {
            number.push(c);
            continue;
        }
        turned.extend(number.drain(..).rev());
        turned.push(match c {
            '(' => ')',
            ')' => '(',
            other => other,
        });
    }
    turned.extend(number.drain(..).rev());
    turned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::label::Wording;
    use crate::documents::printed::Printed;

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Label {
        Kingdom,
    }

    static WORDINGS: [Wording<Label>; 1] = [Wording {
        label: Label::Kingdom,
        latin: &["Royaume du Maroc"],
        arabic: &["المملكة المغربية"],
    }];

    fn texts(card: Printed) -> Vec<String> {
        let lines = logical(&card.page(), &Labels::new(&WORDINGS));
        lines.iter().map(Line::text).collect()
    }

    #[test]
    fn a_label_read_backwards_turns_every_arabic_line() {
        let card = Printed::card()
            .at(0.03, 0.1, "ROYAUME DU MAROC")
            .at(0.97, 0.2, "ةكلمملا ةيبرغملا")
            .at(0.97, 0.3, "يح 23 يولعلا");
        assert_eq!(texts(card), ["ROYAUME DU MAROC", "المملكة المغربية", "حي 23 العلوي"]);
    }

    #[test]
    fn words_that_come_from_the_left_are_put_in_order() {
        let mut page = Printed::card().at(0.97, 0.2, "ةكلمملا ةيبرغملا").page();
        page.lines[0].words.reverse();
        let lines = logical(&page, &Labels::new(&WORDINGS));
        assert_eq!(lines[0].text(), "المملكة المغربية");
    }

    #[test]
    fn a_page_in_logical_order_or_without_labels_stays() {
        let card = Printed::card().at(0.97, 0.2, "المملكة المغربية").at(0.97, 0.3, "العلوي");
        assert_eq!(texts(card), ["المملكة المغربية", "العلوي"]);
        assert_eq!(texts(Printed::card().at(0.97, 0.3, "العلوي")), ["العلوي"]);
    }

    #[test]
    fn an_arabic_label_inside_a_french_line_is_parted_from_it() {
        let card = Printed::card().at(0.03, 0.2, "DACIA المملكة المغربية");
        assert_eq!(texts(card), ["DACIA", "المملكة المغربية"]);
        assert_eq!(texts(Printed::card().at(0.03, 0.2, "12345 - أ - 6")), ["12345 - أ - 6"]);
    }

    #[test]
    fn numbers_inside_a_line_keep_their_order() {
        assert_eq!(backwards("12/3مقر"), "رقم12/3");
        assert_eq!(backwards("(ب)ه"), "ه(ب)");
    }

    #[test]
    fn arabic_indic_digits_are_western() {
        assert_eq!(texts(Printed::card().at(0.97, 0.3, "حي ٢٣")), ["حي 23"]);
    }
}
