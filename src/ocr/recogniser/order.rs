//! From characters as they stand, left to right, to lines as they are spoken.
//!
//! A row may hold French on the left and Arabic on the right; each becomes a line of its
//! own. Within Arabic, words and their letters run from right to left, numbers do not: the
//! reverse of what the bidirectional algorithm (UAX #9) does to a line of either script.

use super::decode::Letter;
use crate::ocr::script::is_arabic;
use crate::ocr::{Line, Rect, Script, Word};

/// A picture without print has no letters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The characters from left to right, blanks between words among them.
    pub letters: Vec<Letter>,
    /// Columns of the picture to one step.
    step: f32,
    /// Rows of the picture.
    height: f32,
    /// How likely there is no print.
    blank: f32,
}

/// The most letters that name a block of houses.
const BLOCK_MAX: usize = 2;

/// From this chance on a picture without letters is one without print.
const BLANK: f32 = 0.9;

/// Letters without a blank between them.
struct Standing<'a> {
    letters: &'a [Letter],
    rect: Rect,
    belongs: Belongs,
}

/// Where a word belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Belongs {
    Latin,
    Arabic,
    /// To its neighbours: numbers, signs, and numbers with a letter.
    Either,
}

impl Reading {
    /// Of letters seen in steps of `step` columns, in a picture `height` rows high, which
    /// has no print with the chance `blank`.
    pub(super) fn new(letters: Vec<Letter>, step: f32, height: f32, blank: f32) -> Self {
        Self { letters, step, height, blank }
    }

    /// The characters as they stand.
    pub fn as_it_stands(&self) -> String {
        self.letters.iter().map(|letter| letter.text).collect()
    }

    /// How often such a reading has every character right, or there is no print, 0 to 1.
    pub fn confidence(&self) -> f32 {
        if self.letters.is_empty() { self.blank } else { all_right(&self.letters) }
    }

    /// The words in reading order, a line for each script, the leftmost first; boxes are
    /// in pixels of the picture. A plate is one line, as it stands. Where there is no print
    /// for sure that is a line without words; where that is not sure there is no line.
    pub fn lines(&self) -> Vec<Line> {
        if self.letters.is_empty() && self.blank >= BLANK {
            return vec![Line { script: Script::Latin, words: Vec::new() }];
        }
        let mut words: Vec<Standing> = self
            .letters
            .split(|letter| letter.text == ' ')
            .filter(|letters| !letters.is_empty())
            .map(|letters| self.standing(letters))
            .collect();
        if is_plate(&self.letters) {
            return vec![Line {
                script: Script::Latin,
                words: words.iter().map(read_on).collect(),
            }];
        }
        settle(&mut words);
        words
            .chunk_by(|left, right| left.belongs == right.belongs)
            .map(|words| match words[0].belongs {
                Belongs::Arabic => Line { script: Script::Arabic, words: spoken(words) },
                _ => Line { script: Script::Latin, words: words.iter().map(read_on).collect() },
            })
            .collect()
    }

    fn standing<'a>(&self, letters: &'a [Letter]) -> Standing<'a> {
        let middle = |letter: &Letter| f32::midpoint(letter.steps.0 as f32, letter.steps.1 as f32);
        let (first, last) = (middle(&letters[0]), middle(&letters[letters.len() - 1]));
        // A character is seen at a point of it: its sides are half an advance away.
        let advance = match letters.len() {
            1 => self.height / self.step / 2.0,
            count => (last - first) / (count - 1) as f32,
        };
        let left = (first - advance / 2.0).max(0.0) * self.step;
        let right = (last + advance / 2.0) * self.step;
        let rect = Rect::new(left, 0.0, right - left, self.height);
        Standing { letters, rect, belongs: belongs(letters) }
    }
}

fn belongs(letters: &[Letter]) -> Belongs {
    let count = |is: fn(char) -> bool| letters.iter().filter(|letter| is(letter.text)).count();
    let latin = count(|letter| letter.is_alphabetic() && !is_arabic(letter));
    match (count(is_arabic), latin, count(|letter| letter.is_ascii_digit())) {
        (1.., ..) => Belongs::Arabic,
        (0, 0, _) | (0, ..=2, 1..) => Belongs::Either,
        _ => Belongs::Latin,
    }
}

/// Digits with one Arabic letter among them and no other.
fn is_plate(letters: &[Letter]) -> bool {
    let count = |is: fn(char) -> bool| letters.iter().filter(|letter| is(letter.text)).count();
    let arabic = count(|letter| is_arabic(letter) && letter.is_alphabetic());
    arabic == 1 && count(char::is_alphabetic) == 1 && count(|letter| letter.is_ascii_digit()) >= 2
}

/// Gives every word that may belong to either script to the nearer of its neighbours, and
/// to Arabic the letter of a block among its words: French stands on the left of a row.
fn settle(words: &mut [Standing]) {
    let arabic = |word: &Standing| word.belongs == Belongs::Arabic;
    if let (Some(first), Some(last)) =
        (words.iter().position(arabic), words.iter().rposition(arabic))
    {
        for word in &mut words[first..last] {
            if word.letters.len() <= BLOCK_MAX {
                word.belongs = Belongs::Arabic;
            }
        }
    }
    let sure: Vec<(Belongs, Rect)> = words
        .iter()
        .filter(|word| word.belongs != Belongs::Either)
        .map(|word| (word.belongs, word.rect))
        .collect();
    for word in words.iter_mut().filter(|word| word.belongs == Belongs::Either) {
        let gap = |rect: &Rect| (rect.x - word.rect.right()).max(word.rect.x - rect.right());
        let nearest = sure.iter().min_by(|left, right| gap(&left.1).total_cmp(&gap(&right.1)));
        word.belongs = nearest.map_or(Belongs::Latin, |(script, _)| *script);
    }
}

/// A word that runs from left to right.
fn read_on(word: &Standing) -> Word {
    let text: String = word.letters.iter().map(|letter| letter.text).collect();
    Word::new(text, all_right(word.letters), word.rect)
}

fn all_right(letters: &[Letter]) -> f32 {
    letters.iter().map(|letter| letter.confidence).product()
}

/// The words of an Arabic row, the rightmost first.
fn spoken(words: &[Standing]) -> Vec<Word> {
    let mut after_arabic = false;
    let one = |word: &Standing| {
        let standing: Vec<char> = word.letters.iter().map(|letter| letter.text).collect();
        let text = reversed(&standing, after_arabic);
        after_arabic |= word.belongs == Belongs::Arabic && standing.iter().copied().any(is_arabic);
        Word::new(text, all_right(word.letters), word.rect)
    };
    words.iter().rev().map(one).collect()
}

/// A word of an Arabic row as it is spoken: reversed, but for its numbers. A hyphen joins
/// two of them only before the first Arabic letter: after one they stand the other way round.
fn reversed(standing: &[char], after_arabic: bool) -> String {
    let mut after_arabic = after_arabic;
    let mut text = String::with_capacity(standing.len() * 2);
    let mut right = standing.len();
    while right > 0 {
        let letter = standing[right - 1];
        if letter.is_ascii_alphanumeric() {
            let left = number_start(standing, right, after_arabic);
            text.extend(&standing[left..right]);
            right = left;
        } else {
            after_arabic |= is_arabic(letter) && letter.is_alphabetic();
            text.push(mirrored(letter));
            right -= 1;
        }
    }
    text
}

/// Where the number begins that ends before `right`.
fn number_start(standing: &[char], right: usize, after_arabic: bool) -> usize {
    let joins = |sign: char| ".,/:".contains(sign) || sign == '-' && !after_arabic;
    let mut left = right - 1;
    while left > 0 {
        let before = standing[left - 1];
        let joined = left > 1 && joins(before) && standing[left - 2].is_ascii_digit();
        if before.is_ascii_alphanumeric() {
            left -= 1;
        } else if joined && standing[left].is_ascii_digit() {
            left -= 2;
        } else {
            break;
        }
    }
    left
}

/// Brackets look the other way from right to left.
fn mirrored(sign: char) -> char {
    match sign {
        '(' => ')',
        ')' => '(',
        '<' => '>',
        '>' => '<',
        '[' => ']',
        ']' => '[',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use specimen::data::{CITIES, NAMES};

    use super::*;

    /// A reading of characters as they stand, with `gaps` further steps at blanks.
    fn reading(standing: &str, gaps: &[usize]) -> Reading {
        let mut at = 0;
        let mut gaps = gaps.iter();
        let letters = standing
            .chars()
            .map(|text| {
                at += 3;
                if text == ' ' {
                    at += gaps.next().copied().unwrap_or(0);
                }
                Letter { text, confidence: 0.99, others: Vec::new(), steps: (at, at + 1) }
            })
            .collect();
        Reading::new(letters, 4.0, 40.0, 0.0)
    }

    fn lines(standing: &str, gaps: &[usize]) -> Vec<(Script, String)> {
        let lines = reading(standing, gaps).lines();
        lines.into_iter().map(|line| (line.script, line.text())).collect()
    }

    #[test]
    fn arabic_runs_from_right_to_left_and_its_numbers_do_not() {
        let arabic = |text: &str| vec![(Script::Arabic, text.to_owned())];
        assert_eq!(lines("يولعلا دمحم", &[]), arabic("محمد العلوي"));
        assert_eq!(lines("طابرلا 12 ةقنز", &[]), arabic("زنقة 12 الرباط"));
        assert_eq!(lines("12/5 مقر", &[]), arabic("رقم 12/5"));
        assert_eq!(lines("5-12 مقر", &[]), arabic("رقم 12-5"));
        assert_eq!(lines("مقر 12-5", &[]), arabic("12-5 رقم"));
        assert_eq!(lines("يح B12 مقر", &[]), arabic("رقم B12 حي"));
        assert_eq!(lines("(طابرلا)", &[]), arabic("(الرباط)"));
    }

    #[test]
    fn french_on_the_left_and_arabic_on_the_right_are_two_lines() {
        let read = lines("Né le 12.03.1990 خيراتب دادزم", &[0, 0, 9]);
        assert_eq!(
            read,
            [
                (Script::Latin, "Né le 12.03.1990".to_owned()),
                (Script::Arabic, "مزداد بتاريخ".to_owned())
            ]
        );
        let read = lines("RABAT 12 مقر", &[9, 0]);
        assert_eq!(
            read,
            [(Script::Latin, "RABAT".to_owned()), (Script::Arabic, "رقم 12".to_owned())]
        );
    }

    #[test]
    fn what_training_labels_as_it_stands_is_read_as_it_is_spoken() {
        for (name, city) in NAMES.men.iter().zip(CITIES.iter().cycle()) {
            let (name, city) = (&name.ar, &city.name.ar);
            for text in [
                format!("{name} {city}"),
                format!("زنقة 12 رقم 345 {city}"),
                format!("{name} ({city})"),
                format!("حي {name} بلوك B رقم 7 - {city}"),
                format!("مكرر 12-5 شارع {name}، {city}"),
            ] {
                assert_eq!(lines(&lines::visual(&text), &[]), [(Script::Arabic, text.clone())]);
            }
        }
    }

    #[test]
    fn a_plate_stays_as_it_stands() {
        assert_eq!(lines("12345 | أ | 6", &[]), [(Script::Latin, "12345 | أ | 6".to_owned())]);
    }

    #[test]
    fn words_have_their_place_and_the_share_of_all_their_letters() {
        let words = &reading("AB CD", &[]).lines()[0].words;
        assert!(words[0].rect.right() < words[1].rect.x);
        assert!((words[0].confidence - 0.99 * 0.99).abs() < 1e-4);
    }

    #[test]
    fn no_print_is_told_from_print_that_was_not_read() {
        assert!(Reading::new(Vec::new(), 4.0, 40.0, 0.5).lines().is_empty());
        let lines = Reading::new(Vec::new(), 4.0, 40.0, 0.99).lines();
        assert!(lines.len() == 1 && lines[0].words.is_empty());
    }
}
