//! How well a Latin and an Arabic reading can be one name, by the spelling habits of
//! Moroccan registers.
//!
//! The two are separate records and neither is made out of the other: the consonants are
//! only held against each other, and what one script does not write is passed over.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::documents::normalize::{arabic_value, is_arabic};

/// What holding two readings against each other says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// They can be one name.
    Agrees,
    /// A letter is strange: a misreading, or a habit not known here.
    Undecided,
    /// They are two names.
    Disagrees,
}

/// From here on two readings can be one name: vowels apart no letter is strange.
const AGREES: f32 = 0.86;

/// Below this they are two names: a strange letter in a short one, two in a long one.
const DISAGREES: f32 = 0.7;

/// Letters beyond which a name is as long as any: a strange letter counts the same.
const LONG: usize = 4;

/// Says whether two readings can be one name, or nothing where there is none to compare.
pub(crate) fn verdict(latin: &str, arabic: &str) -> Option<Verdict> {
    likeness(latin, arabic).map(|likeness| match likeness {
        likeness if likeness >= AGREES => Verdict::Agrees,
        likeness if likeness < DISAGREES => Verdict::Disagrees,
        _ => Verdict::Undecided,
    })
}

/// How alike two readings are, 0 to 1: the price of the cheapest alignment, in
/// consonants.
pub(crate) fn likeness(latin: &str, arabic: &str) -> Option<f32> {
    let (latin, arabic) = (latin_letters(latin), arabic_letters(arabic));
    let skeleton = consonants(&latin).max(strong(&arabic));
    if latin.is_empty() || arabic.is_empty() {
        return None;
    }
    let length = skeleton.clamp(2, LONG) as f32;
    Some((1.0 - price(&latin, &arabic) / length).max(0.0))
}

/// Whether a Latin reading can tell every letter of an Arabic one. It cannot where letters
/// that are misread for each other sound alike: `ي ى` and `ة ه` at the end of a word, the
/// seats of a hamza, `ذ` as `d`.
pub(crate) fn tells_all(arabic: &str) -> bool {
    arabic.split([' ', '-']).filter(|word| !word.is_empty()).all(|word| {
        let stem = word.strip_prefix("ال").unwrap_or(word);
        !stem.starts_with('ا')
            && !word.ends_with(['ي', 'ى', 'ة', 'ه'])
            && !word.contains(['أ', 'إ', 'آ', 'ؤ', 'ئ', 'ء', 'ذ', 'ث'])
    })
}

/// Lower-case letters without accents, words parted by one blank.
fn latin_letters(text: &str) -> Vec<char> {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’'));
    words(plain.flat_map(char::to_lowercase), |c| c.is_ascii_lowercase())
}

/// Arabic letters, one alif for all, words parted by one blank.
fn arabic_letters(text: &str) -> Vec<char> {
    let folded = arabic_value(text).replace(['أ', 'إ', 'آ', 'ٱ'], "ا").replace('گ', "ڭ");
    words(folded.chars(), is_arabic)
}

fn words(letters: impl Iterator<Item = char>, kept: impl Fn(char) -> bool) -> Vec<char> {
    let text: String = letters.map(|c| if kept(c) { c } else { ' ' }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect()
}

const fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Consonants of a Latin name; one that is doubled, or an `h` after another, counts no more.
fn consonants(latin: &[char]) -> usize {
    let letter = |at: usize| latin.get(at).copied();
    let counts = |at: &usize| {
        let (c, before) = (latin[*at], at.checked_sub(1).and_then(letter));
        c.is_alphabetic()
            && !is_vowel(c)
            && before != Some(c)
            && (c != 'h' || before.is_none_or(|b| b == ' ' || is_vowel(b)))
    };
    (0..latin.len()).filter(counts).count()
}

/// Letters of an Arabic name that Latin print never leaves out.
fn strong(arabic: &[char]) -> usize {
    let weak = |c: &&char| matches!(c, ' ' | 'ا' | 'و' | 'ي' | 'ى' | 'ة' | 'ع' | 'ء' | 'ئ' | 'ؤ');
    arabic.iter().filter(|c| !weak(c)).count()
}

/// The price of the cheapest alignment of both names.
fn price(latin: &[char], arabic: &[char]) -> f32 {
    let width = arabic.len() + 1;
    let mut best = vec![f32::INFINITY; (latin.len() + 1) * width];
    best[0] = 0.0;
    for i in 0..=latin.len() {
        for j in 0..=arabic.len() {
            let here = best[i * width + j];
            let mut step = |letters: usize, others: usize, price: f32| {
                let next = &mut best[(i + letters) * width + j + others];
                *next = next.min(here + price);
            };
            let (rest, other) = (&latin[i..], &arabic[j..]);
            if let Some(c) = rest.first() {
                step(1, 0, latin_alone(latin, i));
                if let Some(article) = latin_article(latin, i) {
                    step(article, 0, 0.2);
                }
                if let Some(sound) = other.first().filter(|sound| **sound != ' ' && *c != ' ') {
                    step(1, 1, 1.0);
                    for (spelling, price) in spellings(*sound) {
                        if starts_with(rest, spelling) && !cuts(spelling, rest) {
                            step(spelling.len(), 1, *price);
                        }
                    }
                }
            }
            if !other.is_empty() {
                step(0, 1, arabic_alone(arabic, j));
                if word_starts(arabic, j) && other.starts_with(&['ا', 'ل']) {
                    step(0, 2, 0.1);
                }
            }
        }
    }
    best[latin.len() * width + arabic.len()]
}

fn starts_with(letters: &[char], spelling: &str) -> bool {
    spelling.chars().enumerate().all(|(at, c)| letters.get(at) == Some(&c))
}

/// Whether a spelling is but the first letter of `ch`, which is a letter of its own.
fn cuts(spelling: &str, rest: &[char]) -> bool {
    spelling == "c" && rest.get(1) == Some(&'h')
}

fn word_starts(letters: &[char], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| letters[before] == ' ')
}

fn word_ends(letters: &[char], at: usize) -> bool {
    letters.get(at + 1).is_none_or(|next| *next == ' ')
}

/// The letters of an article with a blank after it, which Arabic may lack.
fn latin_article(latin: &[char], at: usize) -> Option<usize> {
    let article = ["el ", "al ", "l "].into_iter().find(|text| starts_with(&latin[at..], text))?;
    word_starts(latin, at).then_some(article.len())
}

/// The price of a Latin letter that answers no Arabic one.
fn latin_alone(latin: &[char], at: usize) -> f32 {
    let c = latin[at];
    // `ER RACHIDI`, `ESSALHI`, `ECH CHERKI`: the article takes the sound of the next letter.
    let rest: Vec<char> = latin[at + 1..].iter().copied().filter(|c| *c != ' ').take(4).collect();
    let doubled = rest.first() == Some(&c)
        || (c == 'c' && rest.starts_with(&['h', 'c', 'h']))
        || (at >= 2 && c == 'h' && starts_with(&latin[at - 1..], "ch") && starts_with(&rest, "ch"));
    match c {
        ' ' => 0.0,
        _ if doubled && !is_vowel(c) => 0.02,
        'e' if word_ends(latin, at) => 0.0,
        c if is_vowel(c) => 0.03,
        'h' if word_ends(latin, at) => 0.05,
        'y' => 0.15,
        'h' => 0.5,
        'w' => 0.4,
        _ => 1.0,
    }
}

/// The price of an Arabic letter that answers no Latin one.
fn arabic_alone(arabic: &[char], at: usize) -> f32 {
    let next = arabic.get(at + 1).copied().unwrap_or(' ');
    let after_alif = at.checked_sub(1).is_some_and(|b| arabic[b] == 'ا' && word_starts(arabic, b));
    match arabic[at] {
        ' ' => 0.0,
        'ل' if after_alif && is_sun(next) => 0.0,
        'ء' | 'ة' => 0.03,
        'ا' if word_starts(arabic, at) => 0.03,
        'ا' | 'ئ' | 'ى' => 0.1,
        'ع' | 'ؤ' => 0.15,
        'ه' if word_ends(arabic, at) => 0.1,
        'ه' => 0.4,
        'و' | 'ي' => 0.5,
        _ => 1.0,
    }
}

/// Letters that the article before them is assimilated to.
const fn is_sun(c: char) -> bool {
    matches!(c, 'ت' | 'ث' | 'د' | 'ذ' | 'ر' | 'ز' | 'س' | 'ش' | 'ص' | 'ض' | 'ط' | 'ظ' | 'ن')
}

/// How Latin print spells an Arabic letter, each with its price: nothing where it is the
/// habit, a little where it is seldom.
const fn spellings(letter: char) -> &'static [(&'static str, f32)] {
    match letter {
        'ب' => &[("b", 0.0), ("p", 0.1)],
        'پ' => &[("p", 0.0), ("b", 0.1)],
        'ت' => &[("t", 0.0), ("th", 0.1)],
        'ث' => &[("th", 0.0), ("t", 0.1), ("s", 0.1)],
        'ج' => &[("j", 0.0), ("dj", 0.0), ("g", 0.05), ("gu", 0.1), ("dg", 0.1)],
        'ح' => &[("h", 0.0)],
        'خ' => &[("kh", 0.0), ("k", 0.3)],
        'د' => &[("d", 0.0)],
        'ذ' => &[("dh", 0.0), ("d", 0.05), ("z", 0.05), ("th", 0.2)],
        'ر' => &[("r", 0.0)],
        'ز' => &[("z", 0.0)],
        'س' => &[("s", 0.0), ("c", 0.05), ("z", 0.4)],
        'ش' => &[("ch", 0.0), ("sh", 0.0), ("sch", 0.1)],
        'ص' => &[("s", 0.0), ("c", 0.1)],
        'ض' => &[("d", 0.0), ("dh", 0.0)],
        'ط' => &[("t", 0.0)],
        'ظ' => &[("d", 0.0), ("z", 0.0), ("dh", 0.0)],
        'ع' => &[("a", 0.0), ("aa", 0.0), ("e", 0.05), ("i", 0.05), ("o", 0.05), ("u", 0.1)],
        'غ' => &[("gh", 0.0), ("rh", 0.05), ("g", 0.1), ("r", 0.2)],
        'ف' => &[("f", 0.0), ("ph", 0.0), ("v", 0.1)],
        'ڤ' => &[("v", 0.0), ("f", 0.1)],
        'ق' => &[("k", 0.0), ("q", 0.0), ("c", 0.05), ("qu", 0.0), ("g", 0.1)],
        'ك' => &[("k", 0.0), ("c", 0.0), ("ck", 0.0), ("q", 0.1), ("g", 0.15), ("gu", 0.15)],
        'ڭ' => &[("g", 0.0), ("gu", 0.0), ("k", 0.1)],
        'ل' => &[("l", 0.0)],
        'م' => &[("m", 0.0)],
        'ن' => &[("n", 0.0)],
        'ه' => &[("h", 0.0), ("a", 0.2), ("e", 0.2)],
        'و' | 'ؤ' => &[("ou", 0.0), ("w", 0.0), ("u", 0.0), ("o", 0.0), ("v", 0.6)],
        'ي' | 'ئ' => &[("i", 0.0), ("y", 0.0), ("e", 0.05), ("a", 0.4)],
        'ى' => &[("a", 0.0), ("i", 0.05), ("e", 0.05), ("y", 0.05)],
        'ا' => &[("a", 0.0), ("e", 0.0), ("i", 0.0), ("o", 0.05), ("u", 0.05)],
        'ء' => &[("a", 0.03), ("e", 0.03), ("i", 0.03)],
        'ة' => &[("a", 0.0), ("e", 0.0), ("t", 0.1)],
        _ => &[],
    }
}

#[cfg(test)]
mod tests;
