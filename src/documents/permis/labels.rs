//! What the driving licence prints around its values, and what that says about the page.

use std::sync::LazyLock;

use crate::documents::Side;
use crate::documents::label::{Labels, Wording};
use crate::documents::marks::{Mark, Weight};

/// A label of the driving licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Kingdom,
    Title,
    Name,
    GivenName,
    Cin,
    Birth,
    BirthPlace,
    Number,
    /// The date of issue; on the verso the head of the table's date column.
    IssuedOn,
    IssuedAt,
    ValidUntil,
    Categories,
    Restrictions,
    Address,
    Authority,
    /// The signatory's name: never the holder's.
    Signatory,
}

static WORDINGS: [Wording<Label>; 16] = [
    Wording {
        label: Label::Kingdom, latin: &["Royaume du Maroc"], arabic: &["المملكة المغربية"]
    },
    Wording {
        label: Label::Title,
        latin: &["Permis de conduire"],
        arabic: &["رخصة السياقة", "رخصة القيادة"],
    },
    Wording {
        label: Label::Name,
        latin: &["Nom", "Nom de famille"],
        arabic: &["الاسم العائلي", "النسب"],
    },
    Wording {
        label: Label::GivenName, latin: &["Prénom", "Prénoms"], arabic: &["الاسم الشخصي"]
    },
    Wording {
        label: Label::Cin,
        latin: &[
            "C.N.I",
            "C.N.I.E",
            "CNIE N°",
            "C.I.N",
            "C.I.N N°",
            "N° de la C.I.N.",
            "N° C.I.N",
            "N° C.N.I",
            "C.N.I N°",
        ],
        arabic: &[
            "رقم البطاقة الوطنية",
            "رقم ب.و.ت",
            "البطاقة الوطنية",
            "رقم البطاقة الوطنية للتعريف",
        ],
    },
    Wording {
        label: Label::Birth,
        latin: &["Né le", "Née le", "Né(e) le", "Date de naissance", "Date et lieu de naissance"],
        arabic: &[
            "تاريخ الولادة",
            "تاريخ الازدياد",
            "مزداد بتاريخ",
            "مزدادة بتاريخ",
            "مزداد(ة) بتاريخ",
            "تاريخ ومكان الازدياد",
            "تاريخ و مكان الازدياد",
            "تاريخ ومكان الولادة",
        ],
    },
    Wording {
        label: Label::BirthPlace,
        latin: &["Lieu de naissance"],
        arabic: &["مكان الازدياد", "مكان الولادة"],
    },
    Wording {
        label: Label::Number,
        latin: &[
            "Permis N°",
            "N° de permis",
            "N° du permis",
            "Numéro de permis",
            "Permis de conduire N°",
        ],
        arabic: &["رقم الرخصة", "رخصة رقم", "رخصة السياقة رقم", "رقم رخصة السياقة"],
    },
    Wording {
        label: Label::IssuedOn,
        latin: &["Délivré le", "Date de délivrance", "Délivrée le", "Délivré(e) le"],
        arabic: &["سلمت بتاريخ", "تاريخ التسليم", "سلمت في", "حررت بتاريخ"],
    },
    Wording {
        label: Label::IssuedAt,
        latin: &["Délivré à", "Délivrée à", "Lieu de délivrance"],
        arabic: &["سلمت ب", "مكان التسليم"],
    },
    Wording {
        label: Label::ValidUntil,
        latin: &[
            "Date de fin de validité",
            "Fin de validité",
            "Valable jusqu'au",
            "Date d'expiration",
        ],
        arabic: &["تاريخ نهاية الصلاحية", "نهاية الصلاحية", "صالحة إلى غاية", "صالحة لغاية"],
    },
    Wording {
        label: Label::Categories,
        latin: &["Catégories", "Catégorie", "Catégorie(s)"],
        arabic: &["الأصناف", "الصنف"],
    },
    Wording {
        label: Label::Restrictions,
        latin: &["Restrictions", "Restriction"],
        arabic: &["التقييدات"],
    },
    Wording { label: Label::Address, latin: &["Adresse"], arabic: &["العنوان"] },
    Wording {
        label: Label::Authority,
        latin: &[
            "Agence Nationale de la Sécurité Routière",
            "Ministère de l'Equipement et du Transport",
            "Ministère de l'Equipement",
            "Ministère du Transport",
            "NARSA",
            "Le Directeur",
        ],
        arabic: &["الوكالة الوطنية للسلامة الطرقية", "وزارة التجهيز والنقل", "المدير"],
    },
    Wording {
        label: Label::Signatory,
        latin: &["Benaceur Boulaajoul"],
        arabic: &["بناصر بولعجول"],
    },
];

/// The labels, folded once.
pub(super) fn labels() -> &'static Labels<Label> {
    static LABELS: LazyLock<Labels<Label>> = LazyLock::new(|| Labels::new(&WORDINGS));
    &LABELS
}

/// What the labels say about a page.
pub(super) const MARKS: [Mark<Label>; 12] = [
    Mark { label: Label::Kingdom, side: Some(Side::Recto), weight: Weight::Shared },
    Mark { label: Label::Title, side: Some(Side::Recto), weight: Weight::Own },
    Mark { label: Label::Number, side: Some(Side::Recto), weight: Weight::Own },
    Mark { label: Label::Name, side: Some(Side::Recto), weight: Weight::Shared },
    Mark { label: Label::GivenName, side: Some(Side::Recto), weight: Weight::Shared },
    Mark { label: Label::Birth, side: Some(Side::Recto), weight: Weight::Shared },
    Mark { label: Label::Cin, side: Some(Side::Recto), weight: Weight::Shared },
    Mark { label: Label::Authority, side: Some(Side::Recto), weight: Weight::Own },
    Mark { label: Label::Categories, side: Some(Side::Verso), weight: Weight::Own },
    Mark { label: Label::Restrictions, side: Some(Side::Verso), weight: Weight::Shared },
    Mark { label: Label::IssuedOn, side: None, weight: Weight::Own },
    Mark { label: Label::ValidUntil, side: None, weight: Weight::Shared },
];
