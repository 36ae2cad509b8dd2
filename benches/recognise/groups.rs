//! What lines are, as the table of results has them.

use lines::Kind;
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
