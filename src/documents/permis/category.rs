//! The categories of the driving licence.

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
}
