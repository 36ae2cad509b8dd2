//! Words that nobody has, so that letters are learned and not a list of words.

use rand::Rng;
use specimen::data::one_of;

/// Arabic letters, the common ones several times.
const ARABIC: &str = "اااابببتتتثجججحححخخدددذرررزززسسسششصصضططظعععغفففققككلللمممنننهههوووييييء";
/// What words may end in beside those.
const ENDINGS: &[char] = &['ة', 'ى', 'ي', 'ا', 'ء', 'ه', 'ن'];
const HAMZAS: &[char] = &['أ', 'إ', 'آ', 'ؤ', 'ئ'];
/// Letters of Berber and foreign names.
const GUESTS: &[char] = &['ڭ', 'گ', 'ڤ'];

const ONSETS: &[&str] = &[
    "B", "BR", "CH", "D", "DJ", "DR", "F", "G", "GH", "H", "J", "K", "KH", "L", "M", "N", "OU",
    "P", "Q", "R", "S", "T", "TR", "V", "W", "X", "Y", "Z", "",
];
const VOWELS: &[&str] = &["A", "E", "I", "O", "U", "AA", "OU", "AI", "IE", "Y", "EI"];
const CODAS: &[&str] =
    &["", "", "", "N", "R", "S", "T", "L", "M", "D", "B", "H", "CH", "F", "K", "Z"];

/// A word of Arabic letters.
pub(super) fn arabic_word(rng: &mut impl Rng) -> String {
    let common: Vec<char> = ARABIC.chars().collect();
    let length = rng.random_range(2..9);
    let mut word: String = (0..length)
        .map(|_| match rng.random_range(0..100) {
            0..8 => *one_of(rng, HAMZAS),
            8..10 => *one_of(rng, GUESTS),
            _ => *one_of(rng, &common),
        })
        .collect();
    if rng.random_bool(0.35) {
        word.insert_str(0, "ال");
    }
    if rng.random_bool(0.35) {
        word.push(*one_of(rng, ENDINGS));
    }
    word
}

/// A word of Latin capitals that can be spoken.
pub(super) fn latin_word(rng: &mut impl Rng) -> String {
    let syllables = rng.random_range(1..5);
    let syllable = |_| {
        let (onset, vowel) = (*one_of(rng, ONSETS), *one_of(rng, VOWELS));
        format!("{onset}{vowel}{}", one_of(rng, CODAS))
    };
    (0..syllables).map(syllable).collect()
}

/// The word with accents on some letters of French, in small letters.
pub(super) fn accented(word: &str, rng: &mut impl Rng) -> String {
    word.to_lowercase()
        .chars()
        .map(|letter| {
            let variants: &[char] = match letter {
                'a' => &['à', 'â'],
                'e' => &['é', 'é', 'è', 'ê', 'ë'],
                'i' => &['î', 'ï'],
                'o' => &['ô'],
                'u' => &['ù', 'û'],
                'c' => &['ç'],
                _ => &[],
            };
            if variants.is_empty() || rng.random_bool(0.6) {
                letter
            } else {
                *one_of(rng, variants)
            }
        })
        .collect()
}

/// The word with a capital first.
pub(super) fn titled(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + &letters.as_str().to_lowercase()
}
