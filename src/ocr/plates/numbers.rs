//! The digits of a plate, and what the engine may have made of them.

use super::DIGITS_MAX;

/// What stands before and behind the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) first: String,
    pub(super) last: String,
}

impl Numbers {
    /// One to five digits and the one or two of a region; the print may run
    /// from right to left.
    pub(super) fn are_possible(&self) -> bool {
        let (low, high) =
            (self.first.len().min(self.last.len()), self.first.len().max(self.last.len()));
        (1..=2).contains(&low) && high <= DIGITS_MAX
    }

    /// Whether one has at least three digits, as nearly all plates have.
    pub(super) fn is_usual(&self) -> bool {
        self.first.len().max(self.last.len()) >= 3
    }

    /// The pairs that the engine's reading of a row may mean: two numbers with
    /// at most two digits between them, which stand for the letter.
    pub(super) fn all_in(text: &str) -> Vec<Self> {
        let numbers = text.split(|letter: char| !letter.is_ascii_digit());
        let numbers: Vec<&str> = numbers.filter(|number| !number.is_empty()).collect();
        let pair = |first: &&str, last: &&str| Self {
            first: (*first).to_owned(),
            last: (*last).to_owned(),
        };
        let letter_between = |three: &&[&str]| three[1].len() <= 2;
        let mut pairs: Vec<Self> = numbers
            .windows(3)
            .filter(letter_between)
            .map(|three| pair(&three[0], &three[2]))
            .collect();
        pairs.extend(numbers.windows(2).map(|two| pair(&two[0], &two[1])));
        // All in one, the letter as a digit or not at all.
        for whole in numbers.iter().filter(|whole| (4..=2 + DIGITS_MAX + 1).contains(&whole.len()))
        {
            for (end, start) in [(1, 0), (2, 0), (1, 1), (2, 1)] {
                if let Some(split) = whole.len().checked_sub(end + start) {
                    pairs.push(pair(&&whole[..split], &&whole[split + start..]));
                }
            }
        }
        pairs.retain(Self::are_possible);
        pairs
    }

    pub(super) fn distance(&self, other: &Self) -> usize {
        strsim::levenshtein(&self.first, &other.first)
            + strsim::levenshtein(&self.last, &other.last)
    }
}

/// How many digits a row has that are of no date.
pub(super) fn digits_beside_dates(latin: &str) -> usize {
    let words = latin.split_whitespace().filter(|word| !is_date(word));
    words.flat_map(str::chars).filter(char::is_ascii_digit).count()
}

/// Whether a word is of the form 31/12/2024: nothing between the numbers of a plate is
/// read as a slash or a full stop twice.
fn is_date(word: &str) -> bool {
    let word = word.trim_matches(|letter: char| !letter.is_ascii_digit());
    let parts: Vec<&str> = word.split(['/', '.']).collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.iter().all(digits) && parts.iter().map(|part| part.len()).eq([2, 2, 4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_paired_with_or_without_what_stood_between() {
        let pairs = |text: &str| -> Vec<(String, String)> {
            Numbers::all_in(text).into_iter().map(|pair| (pair.first, pair.last)).collect()
        };
        let pair = ("12345".to_owned(), "6".to_owned());
        for read in ["12345-»-6", "12345-9-6", "12345-6", "1234596"] {
            assert!(pairs(read).contains(&pair), "{read}");
        }
        assert!(pairs("Numéro").is_empty());
    }

    #[test]
    fn digits_of_dates_are_of_no_plate() {
        for (row, digits) in [
            ("Mutation le : 03/04/2015", 0),
            ("31.12.1999:", 0),
            ("12345-9-6 03/04/2015", 7),
            ("12/34-1956", 8),
            ("1956-11-12", 8),
        ] {
            assert_eq!(digits_beside_dates(row), digits, "{row}");
        }
    }
}
