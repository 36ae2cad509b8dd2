//! What lines say: invented, of every kind that stands on the documents.

mod arabic;
mod codes;
mod labels;
mod latin;
mod letters;
mod vehicle;

use std::fmt;
use std::str::FromStr;

use rand::Rng;
use specimen::data::one_of;

use crate::press::Piece;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Names in Latin capitals.
    LatinName,
    /// Invented words and mere letters in Latin script.
    LatinLetters,
    /// French labels, with their accents.
    LatinLabel,
    /// Invented words in small letters with accents.
    LatinWords,
    /// Digits.
    Number,
    /// Days, months and years.
    Date,
    /// Numbers of persons, cards, licences and vehicles.
    Code,
    /// Weights, powers and prices.
    Amount,
    /// Streets, quarters and towns in French.
    LatinAddress,
    /// Makes, models, bodies, fuels, uses.
    Vehicle,
    /// Names in Arabic.
    ArabicName,
    /// Invented words of all Arabic letters.
    ArabicLetters,
    /// Towns and communes in Arabic.
    ArabicPlace,
    /// Arabic labels.
    ArabicLabel,
    /// Streets, quarters and towns in Arabic, with numbers.
    ArabicAddress,
    /// Registration plates.
    Plate,
    /// A line of a machine-readable zone.
    Mrz,
    /// French at the left and Arabic at the right.
    Mixed,
    /// Dashes, asterisks, a lone digit or letter.
    Mark,
    /// No text.
    Nothing,
}

/// A line to print.
#[derive(Debug, Clone)]
pub(crate) struct Wording {
    /// Its parts from left to right.
    pub(crate) pieces: Vec<Piece>,
}

impl Wording {
    fn of(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece { text: text.into(), gap: 0.0 }] }
    }

    /// What it says, in the order in which each part is read.
    pub(crate) fn text(&self) -> String {
        let parts: Vec<&str> = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        parts.join(" ")
    }

    /// Its label.
    pub(crate) fn visual(&self) -> String {
        let parts: Vec<String> =
            self.pieces.iter().map(|piece| crate::visual(&piece.text)).collect();
        parts.join(" ")
    }
}

impl Kind {
    /// Every kind, in the order that the stream numbers them.
    pub const ALL: [Self; 20] = [
        Self::LatinName,
        Self::LatinLetters,
        Self::LatinLabel,
        Self::LatinWords,
        Self::Number,
        Self::Date,
        Self::Code,
        Self::Amount,
        Self::LatinAddress,
        Self::Vehicle,
        Self::ArabicName,
        Self::ArabicLetters,
        Self::ArabicPlace,
        Self::ArabicLabel,
        Self::ArabicAddress,
        Self::Plate,
        Self::Mrz,
        Self::Mixed,
        Self::Mark,
        Self::Nothing,
    ];

    /// How often it is drawn among all, and its name.
    const fn share(self) -> (u32, &'static str) {
        match self {
            Self::LatinName => (75, "latin-name"),
            Self::LatinLetters => (75, "latin-letters"),
            Self::LatinLabel => (60, "latin-label"),
            Self::LatinWords => (35, "latin-words"),
            Self::Number => (40, "number"),
            Self::Date => (65, "date"),
            Self::Code => (65, "code"),
            Self::Amount => (20, "amount"),
            Self::LatinAddress => (50, "latin-address"),
            Self::Vehicle => (40, "vehicle"),
            Self::ArabicName => (95, "arabic-name"),
            Self::ArabicLetters => (110, "arabic-letters"),
            Self::ArabicPlace => (40, "arabic-place"),
            Self::ArabicLabel => (60, "arabic-label"),
            Self::ArabicAddress => (80, "arabic-address"),
            Self::Plate => (45, "plate"),
            Self::Mrz => (25, "mrz"),
            Self::Mixed => (60, "mixed"),
            Self::Mark => (20, "mark"),
            Self::Nothing => (40, "nothing"),
        }
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        self.share().1
    }

    /// One of `among`, as often as it is drawn.
    pub(crate) fn choose(among: &[Self], rng: &mut impl Rng) -> Self {
        let all: u32 = among.iter().map(|kind| kind.share().0).sum();
        let mut left = rng.random_range(0..all.max(1));
        let mut chosen = among.iter().copied().filter(|kind| {
            let share = kind.share().0;
            let hit = left < share;
            left = if hit { u32::MAX } else { left - share };
            hit
        });
        chosen.next().unwrap_or(Self::Nothing)
    }

    /// A line of this kind; no piece where there is nothing to read.
    pub(crate) fn invent(self, rng: &mut impl Rng) -> Wording {
        match self {
            Self::LatinName => Wording::of(latin::name(rng)),
            Self::LatinLetters => Wording::of(latin::letters(rng)),
            Self::LatinLabel => Wording::of(labels::french(rng)),
            Self::LatinWords => Wording::of(latin::words(rng)),
            Self::Number => Wording::of(codes::number(rng)),
            Self::Date => Wording::of(codes::date(rng)),
            Self::Code => Wording::of(codes::code(rng)),
            Self::Amount => Wording::of(codes::amount(rng)),
            Self::LatinAddress => Wording::of(latin::address(rng)),
            Self::Vehicle => Wording::of(vehicle::words(rng)),
            Self::ArabicName => Wording::of(arabic::name(rng)),
            Self::ArabicLetters => Wording::of(arabic::letters(rng)),
            Self::ArabicPlace => Wording::of(arabic::place(rng)),
            Self::ArabicLabel => Wording::of(labels::arabic(rng)),
            Self::ArabicAddress => Wording::of(arabic::address(rng)),
            Self::Plate => Wording::of(vehicle::plate(rng)),
            Self::Mrz => Wording::of(codes::mrz(rng)),
            Self::Mixed => labels::mixed(rng),
            Self::Mark => Wording::of(mark(rng)),
            Self::Nothing => Wording { pieces: Vec::new() },
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no kind.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no kind of line; `lines kinds` names them")]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// What stands where a value is missing, and lone letters and digits.
fn mark(rng: &mut impl Rng) -> String {
    let marks = ["--", "- -", "-", "***", "****", "*****", "* * *", "---", "/", ":", "M", "F"];
    match rng.random_range(0..10) {
        0..5 => (*one_of(rng, &marks)).to_owned(),
        5..8 => rng.random_range(0..10).to_string(),
        8 => char::from(b'A' + rng.random_range(0..26_u8)).to_string(),
        _ => (*one_of(rng, &["أ", "ب", "ج", "د", "ه", "و", "ط", "ي", "م", "ن"])).to_owned(),
    }
}
