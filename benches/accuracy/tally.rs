//! Counts of right, missing and wrong leaves, and what group a leaf belongs to.

pub(crate) use crate::interval::interval;
use crate::read::{Outcome, ZONE};

/// A confidence that claims to be sure.
const SURE: f32 = 0.9;

/// What was counted of one leaf, or of a group of leaves.
#[derive(Default, Clone, Copy)]
pub(crate) struct Tally {
    /// Leaves, printed or not.
    pub(crate) all: u32,
    /// Leaves that the card prints.
    pub(crate) printed: u32,
    /// Printed leaves read exactly.
    pub(crate) exact: u32,
    /// Printed leaves of accepted cards.
    pub(crate) printed_accepted: u32,
    /// Printed leaves given as null.
    pub(crate) null: u32,
    /// Wrong values given with a confidence of at least 0.9, invented ones included.
    pub(crate) surely_wrong: u32,
}

impl Tally {
    pub(crate) fn add(&mut self, outcome: &Outcome, accepted: bool) {
        self.all += 1;
        if outcome.expected.is_some() {
            self.printed += 1;
            self.printed_accepted += u32::from(accepted);
            self.exact += u32::from(outcome.is_right());
            self.null += u32::from(outcome.got.is_none());
        }
        self.surely_wrong += u32::from(outcome.is_wrong() && outcome.confidence >= SURE);
    }
}

/// Groups of leaves that are alike to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Zone,
    Numbers,
    Latin,
    Arabic,
    Addresses,
    Words,
}

impl Group {
    /// All, in the order of the tables.
    pub(crate) const ALL: [Self; 6] =
        [Self::Zone, Self::Numbers, Self::Latin, Self::Arabic, Self::Addresses, Self::Words];

    pub(crate) fn of(path: &str) -> Self {
        match path {
            _ if path.starts_with(ZONE) => Self::Zone,
            "adresse.fr" | "adresse.ar" => Self::Addresses,
            _ if path.rsplit('.').next() == Some("ar") => Self::Arabic,
            _ if path.rsplit('.').next() == Some("fr") => Self::Latin,
            "marque" | "Genre" | "type_carburant" | "restriction" | "usage.type"
            | "usage.description" => Self::Words,
            _ => Self::Numbers,
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Zone => "MRZ with all check digits right",
            Self::Numbers => "Numbers, dates, codes",
            Self::Latin => "Latin names, places",
            Self::Arabic => "Arabic names, places",
            Self::Addresses => "Addresses (both scripts)",
            Self::Words => "Vehicle words (make, body, fuel, usage)",
        }
    }
}

/// `hits` of `of` in percent; a dash where there is nothing to count.
pub(crate) fn percent(hits: u32, of: u32) -> String {
    if of == 0 {
        return "–".to_owned();
    }
    format!("{:.1}", 100.0 * f64::from(hits) / f64::from(of))
}
