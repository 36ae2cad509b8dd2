//! What lines are, as the table of results has them.

use lines::Kind;
use specimen::{PlacedText, Script};
use wathiqa::ocr::Model;

/// Kinds of lines that are measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Group {
    Latin,
    Arabic,
    ArabicAddresses,
    Plates,
    Mrz,
    ArabicWords,
    Labels,
    Mixed,
    Marks,
    Nothing,
}

impl Group {
    pub(crate) const ALL: [Self; 10] = [
        Self::Latin,
        Self::Arabic,
        Self::ArabicAddresses,
        Self::Plates,
        Self::Mrz,
        Self::ArabicWords,
        Self::Labels,
        Self::Mixed,
        Self::Marks,
        Self::Nothing,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Latin => "Latin, digits, dates",
            Self::Arabic => "Arabic names and places",
            Self::ArabicAddresses => "Arabic addresses with digits",
            Self::Plates => "Plates",
            Self::Mrz => "MRZ lines",
            Self::ArabicWords => "Invented Arabic words",
            Self::Labels => "Labels, either script",
            Self::Mixed => "Rows of both scripts",
            Self::Marks => "Dashes, lone letters and digits",
            Self::Nothing => "No text (read as none)",
        }
    }

    pub(crate) const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Latin => &[
                Kind::LatinName,
                Kind::LatinLetters,
                Kind::LatinWords,
                Kind::Number,
                Kind::Date,
                Kind::Code,
                Kind::Amount,
                Kind::LatinAddress,
                Kind::Vehicle,
            ],
            Self::Arabic => &[Kind::ArabicName, Kind::ArabicPlace],
            Self::ArabicAddresses => &[Kind::ArabicAddress],
            Self::Plates => &[Kind::Plate],
            Self::Mrz => &[Kind::Mrz],
            Self::ArabicWords => &[Kind::ArabicLetters],
            Self::Labels => &[Kind::LatinLabel, Kind::ArabicLabel],
            Self::Mixed => &[Kind::Mixed],
            Self::Marks => &[Kind::Mark],
            Self::Nothing => &[Kind::Nothing],
        }
    }

    /// The group of a kind.
    pub(crate) fn of(kind: Kind) -> Self {
        let holds = |group: &Self| group.kinds().contains(&kind);
        Self::ALL.into_iter().find(holds).unwrap_or(Self::Mixed)
    }

    /// The group of a line of a card, made of these texts. A value with its label is of the
    /// value's group.
    pub(crate) fn of_card(texts: &[PlacedText]) -> Self {
        let all = |script| texts.iter().all(|text| text.script == script);
        let of = |part: &str| {
            let holds = |path: &String| path.contains(part);
            texts.iter().any(|text| text.path.as_ref().is_some_and(holds))
        };
        match () {
            () if texts.is_empty() => Self::Nothing,
            () if all(Script::Mrz) => Self::Mrz,
            () if of("immatriculation") || of("matricule") => Self::Plates,
            () if !all(Script::Latin) && !all(Script::Arabic) => Self::Mixed,
            () if texts.iter().all(|text| text.path.is_none()) => Self::Labels,
            () if all(Script::Latin) => Self::Latin,
            () if of("adresse") => Self::ArabicAddresses,
            () => Self::Arabic,
        }
    }

    /// The library's model for a line of a kind: what it is, is told to the library.
    pub(crate) const fn model(kind: Kind) -> Model {
        match kind {
            Kind::ArabicName
            | Kind::ArabicPlace
            | Kind::ArabicAddress
            | Kind::ArabicLetters
            | Kind::ArabicLabel => Model::Arabic,
            Kind::Mrz => Model::Mrz,
            _ => Model::French,
        }
    }
}
