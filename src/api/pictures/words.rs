//! What is written in pictures: numbers as each language writes them, and texts that XML
//! can hold, whatever somebody wrote into the database.

use super::super::language::{Language, Text};

/// Characters of a label; what is longer is cut.
const LONGEST: usize = 26;

/// Instead of a picture of nothing.
pub(super) const NO_DATA: Text =
    Text { fr: "Aucune donnée", ar: "لا توجد بيانات", en: "No data" };

/// A whole number, its thousands apart. Arabic is written with the digits of Morocco.
pub(crate) fn number(value: i64, language: Language) -> String {
    let apart = match language {
        Language::French => '\u{202f}',
        Language::Arabic => '.',
        Language::English => ',',
    };
    let digits = value.unsigned_abs().to_string();
    let mut written = String::from(if value < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            written.push(apart);
        }
        written.push(digit);
    }
    written
}

/// A number that has to fit over a narrow bar.
pub(super) fn short_number(value: i64, language: Language) -> String {
    let (whole, unit) = match value {
        ..10_000 => return value.to_string(),
        10_000..1_000_000 => (value / 1000, Text { fr: " k", ar: " ألف", en: "k" }),
        _ => (value / 1_000_000, Text { fr: " M", ar: " م", en: "M" }),
    };
    format!("{}{}", number(whole, language), unit.in_language(language))
}

/// A share in percent, with so many decimals.
pub(crate) fn percent(share: f64, decimals: usize, language: Language) -> String {
    let written = format!("{share:.decimals$}");
    match language {
        Language::French => format!("{}\u{202f}%", written.replace('.', ",")),
        Language::Arabic => format!("{}%", written.replace('.', ",")),
        Language::English => format!("{written}%"),
    }
}

/// A text as a label: without what XML cannot hold or what turns the direction of the text
/// around it, and cut where it is too long.
pub(super) fn label(text: &str) -> String {
    let plain = text.chars().filter(|letter| !letter.is_control() && !turns(*letter));
    let mut plain: Vec<char> = plain.collect();
    if plain.len() > LONGEST {
        plain.truncate(LONGEST - 1);
        plain.push('…');
    }
    plain.into_iter().collect()
}

/// A label as it is drawn: one in Latin letters keeps its direction on an Arabic sheet.
pub(super) fn written(text: &str, language: Language) -> String {
    let label = label(text);
    if language == Language::Arabic { format!("\u{2068}{label}\u{2069}") } else { label }
}

const fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

/// A text as it is written between the tags of XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_as_each_language_writes_them() {
        assert_eq!(number(1_234_567, Language::French), "1\u{202f}234\u{202f}567");
        assert_eq!(number(1_234, Language::Arabic), "1.234");
        assert_eq!(number(123, Language::English), "123");
        assert_eq!(number(0, Language::French), "0");
    }

    #[test]
    fn shares_have_the_decimal_sign_of_the_language() {
        assert_eq!(percent(97.5, 1, Language::French), "97,5\u{202f}%");
        assert_eq!(percent(97.5, 1, Language::Arabic), "97,5%");
        assert_eq!(percent(33.0, 0, Language::English), "33%");
    }

    #[test]
    fn a_label_holds_nothing_that_breaks_the_picture() {
        assert_eq!(label("a\u{1}\u{202e}b\n"), "ab");
        assert_eq!(label(&"x".repeat(30)).chars().count(), LONGEST);
        assert_eq!(escaped("<&>"), "&lt;&amp;&gt;");
    }
}
