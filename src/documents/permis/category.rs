//! The categories of the driving licence.

use crate::documents::normalize::fold_arabic;

/// A category of vehicles; the order is that of the rows on the verso.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Mopeds.
    AM,
    /// Motorcycles up to 125 cm³.
    A1,
    /// Motorcycles.
    A,
    /// Cars.
    B,
    /// Lorries.
    C,
    /// Buses.
    D,
    /// Cars with a trailer.
    EB,
    /// Lorries with a trailer.
    EC,
    /// Buses with a trailer.
    ED,
}

impl Category {
    /// All, in the order of the verso's rows.
    pub const ALL: [Self; 9] =
        [Self::AM, Self::A1, Self::A, Self::B, Self::C, Self::D, Self::EB, Self::EC, Self::ED];

    /// The contract's spelling, such as `E(B)`, however the card prints it.
    pub const fn spelled(self) -> &'static str {
        match self {
            Self::AM => "AM",
            Self::A1 => "A1",
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::EB => "E(B)",
            Self::EC => "E(C)",
            Self::ED => "E(D)",
        }
    }

    /// The age from which it may be held; that of mopeds is told differently.
    pub(super) const fn minimum_age(self) -> i32 {
        match self {
            Self::AM => 14,
            Self::A1 => 16,
            Self::A | Self::B | Self::EB => 18,
            Self::C | Self::D | Self::EC | Self::ED => 21,
        }
    }

    /// Reads a category in any printed spelling: `EB`, `BE`, `E B`, `E(B)`.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: String = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        Some(match letters.as_str() {
            "AM" => Self::AM,
            "A1" | "AI" | "AL" => Self::A1,
            "A" => Self::A,
            "B" => Self::B,
            "C" => Self::C,
            "D" => Self::D,
            "EB" | "BE" => Self::EB,
            "EC" | "CE" => Self::EC,
            "ED" | "DE" => Self::ED,
            _ => return None,
        })
    }

    /// Reads a category in the Arabic letters that stand beside the Latin ones: `أ`,
    /// `1أ`, `ه(ب)`.
    pub fn parse_arabic(text: &str) -> Option<Self> {
        Some(match fold_arabic(text).as_str() {
            "ا1" | "1ا" => Self::A1,
            "ا" => Self::A,
            "ب" => Self::B,
            "ج" => Self::C,
            "د" => Self::D,
            "هب" => Self::EB,
            "هج" => Self::EC,
            "هد" => Self::ED,
            _ => return None,
        })
    }

    /// Reads a category where only one can stand: a look-alike is taken for the letter.
    pub fn parse_in_table(text: &str) -> Option<Self> {
        let trimmed = text.trim_matches(|c: char| matches!(c, '|' | '[' | ']' | ':' | '.' | '_'));
        Self::parse(trimmed).or(match trimmed {
            "8" | "P" | "E(8)" => Some(if trimmed.len() > 1 { Self::EB } else { Self::B }),
            "(" | "G" => Some(Self::C),
            "0" | "O" => Some(Self::D),
            "E8" => Some(Self::EB),
            "E0" | "EO" | "E(0)" | "E(O)" => Some(Self::ED),
            "EG" | "E(G)" => Some(Self::EC),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printed_spelling_becomes_the_contracts() {
        for printed in ["EB", "BE", "E B", "E(B)"] {
            assert_eq!(Category::parse(printed).unwrap().spelled(), "E(B)", "{printed}");
        }
        assert_eq!(Category::parse("a1").unwrap().spelled(), "A1");
        assert_eq!(Category::parse("AM").unwrap().spelled(), "AM");
        assert_eq!(Category::parse("X"), None);
        assert_eq!(Category::parse(""), None);
    }

    #[test]
    fn arabic_letters_name_the_same_categories() {
        let named = |text| Category::parse_arabic(text).map(Category::spelled);
        for (arabic, latin) in [
            ("1أ", "A1"),
            ("أ", "A"),
            ("ب", "B"),
            ("ج", "C"),
            ("د", "D"),
            ("ه(ب)", "E(B)"),
            ("ه(ج)", "E(C)"),
            ("ه(د)", "E(D)"),
        ] {
            assert_eq!(named(arabic), Some(latin), "{arabic}");
        }
        assert_eq!(named("الأصناف"), None);
    }

    #[test]
    fn look_alikes_count_only_in_the_table() {
        assert_eq!(Category::parse("8"), None);
        assert_eq!(Category::parse_in_table("8"), Some(Category::B));
        assert_eq!(Category::parse_in_table("0"), Some(Category::D));
        assert_eq!(Category::parse_in_table("("), Some(Category::C));
        assert_eq!(Category::parse_in_table("55"), None);
    }
}
