//! What the vehicle registration prints around its values, and what that says about the page.

use std::sync::LazyLock;

use crate::documents::Side;
use crate::documents::label::{Labels, Wording};
use crate::documents::marks::{Mark, Weight};

/// A label of the vehicle registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Kingdom,
    Title,
    Number,
    PreviousNumber,
    FirstUse,
    FirstUseInMorocco,
    Transfer,
    Usage,
    Owner,
    OwnerFamily,
    OwnerGiven,
    Address,
    ValidUntil,
    Make,
    Type,
    Genre,
    Model,
    Fuel,
    Chassis,
    Cylinders,
    FiscalPower,
    Seats,
    LadenWeight,
    EmptyWeight,
    TrailerWeight,
    Restrictions,
    Authority,
}

static WORDINGS: [Wording<Label>; 27] = [
    Wording {
        label: Label::Kingdom, latin: &["Royaume du Maroc"], arabic: &["المملكة المغربية"]
    },
    Wording {
        label: Label::Title,
        latin: &["Carte grise", "Certificat d'immatriculation"],
        arabic: &["البطاقة الرمادية", "شهادة التسجيل"],
    },
    Wording {
        label: Label::Number,
        latin: &[
            "Numéro d'immatriculation",
            "N° d'immatriculation",
            "Immatriculation",
            "N° immatriculation",
        ],
        arabic: &["رقم التسجيل", "رقم الترقيم", "رقم تسجيل المركبة"],
    },
    Wording {
        label: Label::PreviousNumber,
        latin: &[
            "Immatriculation antérieure",
            "N° antérieur",
            "Numéro antérieur",
            "Immatriculation précédente",
            "N° d'immatriculation antérieure",
        ],
        arabic: &["الترقيم السابق", "رقم التسجيل السابق", "التسجيل السابق"],
    },
    Wording {
        label: Label::FirstUse,
        latin: &[
            "Première mise en circulation",
            "1ère M.C",
            "1ère mise en circulation",
            "Date de première mise en circulation",
            "Mise en circulation",
            "1ere M.C.",
        ],
        arabic: &[
            "أول شروع في الإستخدام",
            "أول شروع في الاستخدام",
            "تاريخ أول استخدام",
            "أول استخدام",
        ],
    },
    Wording {
        label: Label::FirstUseInMorocco,
        latin: &[
            "M.C au Maroc",
            "Mise en circulation au Maroc",
            "Première M.C au Maroc",
            "Première mise en circulation au Maroc",
            "1ère M.C au Maroc",
        ],
        arabic: &["أول استخدام بالمغرب", "أول شروع في الاستخدام بالمغرب"],
    },
    Wording {
        label: Label::Transfer,
        latin: &["Mutation le", "Mutation", "Date de mutation", "Date mutation"],
        arabic: &["تحويل بتاريخ", "تاريخ انتقال الملكية", "انتقال الملكية", "تاريخ التحويل"],
    },
    Wording {
        label: Label::Usage,
        latin: &["Usage", "Type d'usage", "Usage du véhicule"],
        arabic: &["نوع الإستعمال", "نوع الاستعمال", "الاستعمال"],
    },
    Wording {
        label: Label::Owner,
        latin: &["Propriétaire", "Nom du propriétaire", "Nom et prénom"],
        arabic: &["المالك", "اسم المالك"],
    },
    Wording {
        label: Label::OwnerFamily,
        latin: &["Propriétaire Nom", "Nom"],
        arabic: &["المالك الاسم العائلي", "الاسم العائلي"],
    },
    Wording {
        label: Label::OwnerGiven,
        latin: &["Propriétaire Prénom", "Prénom"],
        arabic: &["المالك الاسم الشخصي", "الاسم الشخصي"],
    },
    Wording { label: Label::Address, latin: &["Adresse"], arabic: &["العنوان"] },
    Wording {
        label: Label::ValidUntil,
        latin: &["Fin de validité", "Date de fin de validité", "Valable jusqu'au"],
        arabic: &["نهاية الصلاحية", "تاريخ نهاية الصلاحية", "صالحة إلى غاية"],
    },
    Wording {
        label: Label::Make,
        latin: &["Marque", "Marque du véhicule"],
        arabic: &["الاسم التجاري", "العلامة", "العلامة التجارية"],
    },
    Wording { label: Label::Type, latin: &["Type", "Type du véhicule"], arabic: &["الصنف"] },
    Wording {
        label: Label::Genre,
        latin: &["Genre", "Genre du véhicule", "Carrosserie"],
        arabic: &["النوع"],
    },
    Wording {
        label: Label::Model, latin: &["Modèle"], arabic: &["النموذج", "الطراز"]
    },
    Wording {
        label: Label::Fuel,
        latin: &["Type carburant", "Type de carburant", "Carburant", "Energie"],
        arabic: &["نوع الوقود", "الوقود"],
    },
    Wording {
        label: Label::Chassis,
        latin: &[
            "N° du châssis",
            "N° de châssis",
            "N° châssis",
            "Numéro de châssis",
            "Numéro du châssis",
            "N° dans la série du type",
            "Châssis N°",
            "Châssis",
        ],
        arabic: &["رقم الإطار الحديدي", "رقم الهيكل"],
    },
    Wording {
        label: Label::Cylinders,
        latin: &[
            "Nombre de cylindres",
            "Nbre de cylindres",
            "Nb cylindres",
            "Nombre cylindres",
            "Nbre cylindres",
            "Cylindres",
        ],
        arabic: &["عدد الأسطوانات", "عدد الأساطين"],
    },
    Wording {
        label: Label::FiscalPower,
        latin: &["Puissance fiscale", "Puissance fiscale (CV)", "Puissance (CV)", "Puissance"],
        arabic: &["القوة الجبائية"],
    },
    Wording {
        label: Label::Seats,
        latin: &["Nombre de places", "Nbre de places", "Nb de places", "Places assises", "Places"],
        arabic: &["عدد المقاعد"],
    },
    Wording {
        label: Label::LadenWeight,
        latin: &["P.T.A.C", "Poids total autorisé en charge"],
        arabic: &["الوزن الإجمالي"],
    },
    Wording {
        label: Label::EmptyWeight,
        latin: &["Poids à vide"],
        arabic: &["الوزن الفارغ", "الوزن فارغا"],
    },
    Wording {
        label: Label::TrailerWeight,
        latin: &["P.T.M.C.T", "P.T.R.A"],
        arabic: &["الوزن الإجمالي مع المجرور", "الوزن الإجمالي مع المجرورة"],
    },
    Wording {
        label: Label::Restrictions,
        latin: &["Restrictions", "Restriction"],
        arabic: &["التقييدات"],
    },
    Wording {
        label: Label::Authority,
        latin: &[
            "Agence Nationale de la Sécurité Routière",
            "NARSA",
            "Ministère de l'Equipement et du Transport",
        ],
        arabic: &["الوكالة الوطنية للسلامة الطرقية", "وزارة التجهيز والنقل"],
    },
];

/// The labels of the technical side: what restricts a vehicle may be its usage.
pub(super) fn technical_labels() -> &'static Labels<Label> {
    static LABELS: LazyLock<Labels<Label>> =
        LazyLock::new(|| Labels::without(&WORDINGS, Label::Usage));
    &LABELS
}

/// The labels, folded once.
pub(super) fn labels() -> &'static Labels<Label> {
    static LABELS: LazyLock<Labels<Label>> = LazyLock::new(|| Labels::new(&WORDINGS));
    &LABELS
}

const fn own(label: Label, side: Side) -> Mark<Label> {
    Mark { label, side: Some(side), weight: Weight::Own }
}

const fn shared(label: Label, side: Side) -> Mark<Label> {
    Mark { label, side: Some(side), weight: Weight::Shared }
}

/// What the labels say about a page.
pub(super) const MARKS: [Mark<Label>; 22] = [
    shared(Label::Kingdom, Side::Recto),
    own(Label::Title, Side::Recto),
    own(Label::Number, Side::Recto),
    own(Label::PreviousNumber, Side::Recto),
    own(Label::FirstUse, Side::Recto),
    own(Label::FirstUseInMorocco, Side::Recto),
    own(Label::Transfer, Side::Recto),
    shared(Label::Usage, Side::Recto),
    own(Label::Owner, Side::Recto),
    shared(Label::Address, Side::Recto),
    shared(Label::ValidUntil, Side::Recto),
    shared(Label::Make, Side::Verso),
    shared(Label::Genre, Side::Verso),
    own(Label::Fuel, Side::Verso),
    own(Label::Chassis, Side::Verso),
    own(Label::Cylinders, Side::Verso),
    own(Label::FiscalPower, Side::Verso),
    own(Label::Seats, Side::Verso),
    own(Label::LadenWeight, Side::Verso),
    own(Label::EmptyWeight, Side::Verso),
    own(Label::TrailerWeight, Side::Verso),
    shared(Label::Restrictions, Side::Verso),
];
