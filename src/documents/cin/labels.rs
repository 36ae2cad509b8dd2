//! What the identity card prints around its values, and what that says about the page.

use std::sync::LazyLock;

use crate::documents::Side;
use crate::documents::label::{Labels, Wording};
use crate::documents::marks::{Mark, Weight};

/// A label of the identity card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Kingdom,
    Title,
    /// The title of a document that looks alike and is none.
    LookAlike,
    Name,
    GivenName,
    Birth,
    BirthPlace,
    ValidUntil,
    Can,
    Number,
    CardNumber,
    Sex,
    Father,
    Mother,
    Address,
    CivilStatus,
    Authority,
    /// The signatory's name: never the holder's.
    Signatory,
}

static WORDINGS: [Wording<Label>; 18] = [
    Wording {
        label: Label::Kingdom, latin: &["Royaume du Maroc"], arabic: &["المملكة المغربية"]
    },
    Wording {
        label: Label::Title,
        latin: &["Carte nationale d'identité", "Carte nationale d'identité électronique"],
        arabic: &[
            "البطاقة الوطنية للتعريف",
            "البطاقة الوطنية للتعريف الإلكترونية",
            "بطاقة التعريف الوطنية",
        ],
    },
    Wording {
        label: Label::LookAlike,
        latin: &[
            "Passeport",
            "Passport",
            "Titre de séjour",
            "Carte de séjour",
            "Carte de résidence",
            "Certificat d'immatriculation",
            "Livret de famille",
            "Permis de conduire",
            "Carte grise",
        ],
        arabic: &[
            "جواز سفر",
            "بطاقة الإقامة",
            "سند الإقامة",
            "الحالة المدنية دفتر",
            "رخصة السياقة",
            "البطاقة الرمادية",
        ],
    },
    Wording {
        label: Label::Name, latin: &["Nom", "Nom de famille"], arabic: &["الاسم العائلي"]
    },
    Wording {
        label: Label::GivenName, latin: &["Prénom", "Prénoms"], arabic: &["الاسم الشخصي"]
    },
    Wording {
        label: Label::Birth,
        latin: &["Né le", "Née le", "Né(e) le", "Date de naissance", "Date et lieu de naissance"],
        arabic: &[
            "مزداد بتاريخ",
            "مزدادة بتاريخ",
            "مزداد(ة) بتاريخ",
            "تاريخ الازدياد",
            "تاريخ الولادة",
            "تاريخ ومكان الازدياد",
            "تاريخ و مكان الازدياد",
            "ازداد بتاريخ",
            "ازدادت بتاريخ",
        ],
    },
    Wording {
        label: Label::BirthPlace,
        latin: &["Lieu de naissance"],
        arabic: &["مكان الازدياد", "مكان الولادة"],
    },
    Wording {
        label: Label::ValidUntil,
        latin: &[
            "Valable jusqu'au",
            "Fin de validité",
            "Date de fin de validité",
            "Valable jusqu'à",
            "Date d'expiration",
        ],
        arabic: &["صالحة إلى غاية", "نهاية الصلاحية", "تاريخ نهاية الصلاحية", "صالحة لغاية"],
    },
    Wording { label: Label::Can, latin: &["CAN"], arabic: &[] },
    Wording {
        label: Label::Number,
        latin: &[
            "N°",
            "No",
            "CNIE N°",
            "CNIE",
            "C.I.N N°",
            "C.I.N",
            "C.N.I",
            "C.N.I.E N°",
            "CIN",
            "N° CNIE",
            "N° CIN",
            "N° de la C.I.N.",
        ],
        arabic: &["رقم", "رقم البطاقة", "رقم البطاقة الوطنية"],
    },
    Wording {
        label: Label::CardNumber,
        latin: &["N° de carte", "N° carte", "Carte N°", "Numéro de la carte"],
        arabic: &[],
    },
    Wording { label: Label::Sex, latin: &["Sexe"], arabic: &["الجنس"] },
    Wording {
        label: Label::Father,
        latin: &["Fils de", "Fille de", "Fils/Fille de"],
        arabic: &["ابن", "بنت", "إبن"],
    },
    Wording { label: Label::Mother, latin: &["et de"], arabic: &["و"] },
    Wording {
        label: Label::Address,
        latin: &["Adresse", "Domicile"],
        arabic: &["العنوان", "السكنى"],
    },
    Wording {
        label: Label::CivilStatus,
        latin: &[
            "N° état civil",
            "état civil",
            "N° d'état civil",
            "N° de l'état civil",
            "Numéro d'état civil",
        ],
        arabic: &["رقم الحالة المدنية", "الحالة المدنية", "رقم رسم الحالة المدنية"],
    },
    Wording {
        label: Label::Authority,
        latin: &[
            "Le Directeur Général de la Sûreté Nationale",
            "Direction Générale de la Sûreté Nationale",
        ],
        arabic: &["المدير العام للأمن الوطني", "المديرية العامة للأمن الوطني"],
    },
    Wording {
        label: Label::Signatory,
        latin: &["Abdellatif Hammouchi"],
        arabic: &["عبد اللطيف حموشي"],
    },
];

/// The labels, folded once.
pub(super) fn labels() -> &'static Labels<Label> {
    static LABELS: LazyLock<Labels<Label>> = LazyLock::new(|| Labels::new(&WORDINGS));
    &LABELS
}

/// What the labels say about a page.
pub(super) const MARKS: [Mark<Label>; 13] = [
    Mark { label: Label::Kingdom, side: Some(Side::Recto), weight: Weight::Shared },
    Mark { label: Label::Title, side: Some(Side::Recto), weight: Weight::Own },
    Mark { label: Label::Birth, side: Some(Side::Recto), weight: Weight::Shared },
    Mark { label: Label::Authority, side: Some(Side::Recto), weight: Weight::Own },
    Mark { label: Label::Signatory, side: Some(Side::Recto), weight: Weight::Own },
    Mark { label: Label::Can, side: Some(Side::Recto), weight: Weight::Shared },
    // On the 2008 card both sides print it.
    Mark { label: Label::ValidUntil, side: None, weight: Weight::Shared },
    Mark { label: Label::Father, side: Some(Side::Verso), weight: Weight::Own },
    Mark { label: Label::Mother, side: Some(Side::Verso), weight: Weight::Shared },
    Mark { label: Label::CivilStatus, side: Some(Side::Verso), weight: Weight::Own },
    Mark { label: Label::Sex, side: Some(Side::Verso), weight: Weight::Shared },
    Mark { label: Label::Address, side: Some(Side::Verso), weight: Weight::Shared },
    Mark { label: Label::Number, side: None, weight: Weight::Shared },
];
