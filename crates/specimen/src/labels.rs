//! The wordings of labels, French and Arabic: cards differ between series,
//! centres and years.

use crate::style::Style;

/// A label in French and Arabic.
pub type Label = (&'static str, &'static str);

/// The wording that the card's style picks among `variants`.
pub(crate) fn variant(style: &Style, nth: u32, variants: &[Label]) -> Label {
    let pick = (style.whim >> (nth % 24)) as usize % variants.len();
    variants[pick]
}

pub(crate) const KINGDOM: Label = ("ROYAUME DU MAROC", "المملكة المغربية");
pub(crate) const GIVEN: &[Label] = &[("Prénom", "الاسم الشخصي")];
pub(crate) const FAMILY: &[Label] = &[("Nom", "الاسم العائلي")];
pub(crate) const BORN_M: &[Label] = &[
    ("Né le", "مزداد بتاريخ"),
    ("Né le", "مزداد بتاريخ"),
    ("Né le", "تاريخ الازدياد"),
    ("Date de naissance", "تاريخ الازدياد"),
];
pub(crate) const BORN_F: &[Label] = &[
    ("Née le", "مزدادة بتاريخ"),
    ("Née le", "مزدادة بتاريخ"),
    ("Née le", "تاريخ الازدياد"),
    ("Date de naissance", "تاريخ الازدياد"),
];
pub(crate) const BIRTHPLACE: &[Label] =
    &[("à", "ب"), ("à", "ب"), ("Lieu de naissance", "مكان الازدياد")];
pub(crate) const CIN_EXPIRY: &[Label] = &[
    ("Valable jusqu'au", "صالحة إلى غاية"),
    ("Valable jusqu'au", "صالحة إلى غاية"),
    ("Valable jusqu'au", "صالحة الى غاية"),
    ("Fin de validité", "نهاية الصلاحية"),
];
pub(crate) const CIN_NUMBER: &[Label] = &[("N°", "رقم"), ("N°", "رقم"), ("CNIE N°", "رقم")];
pub(crate) const CIVIL_STATUS: Label = ("N° état civil", "رقم الحالة المدنية");
pub(crate) const SEX: Label = ("Sexe", "الجنس");
pub(crate) const ADDRESS: Label = ("Adresse", "العنوان");

pub(crate) const PERMIS_TITLE: &[Label] = &[("PERMIS DE CONDUIRE", "رخصة السياقة")];
pub(crate) const PERMIS_BORN: &[Label] = &[
    ("Né(e) le", "تاريخ الولادة"),
    ("Né(e) le", "تاريخ الازدياد"),
    ("Date de naissance", "تاريخ الولادة"),
];
pub(crate) const PERMIS_BIRTHPLACE: &[Label] =
    &[("", ""), ("à", "بـ"), ("Lieu de naissance", "مكان الازدياد")];
pub(crate) const PERMIS_CIN: &[Label] =
    &[("C.N.I.", ""), ("N° de la C.I.N.", ""), ("C.N.I.", "رقم")];
pub(crate) const PERMIS_NUMBER: &[Label] =
    &[("Permis N°", "رقم الرخصة"), ("Permis N°", "رخصة السياقة رقم"), ("Permis N°", "رخصة رقم")];
pub(crate) const PERMIS_EXPIRY: &[Label] = &[
    ("Date de fin de validité", "تاريخ نهاية الصلاحية"),
    ("Fin de validité", "نهاية الصلاحية"),
    ("Valable jusqu'au", "صالحة إلى غاية"),
];
pub(crate) const CATEGORIES: Label = ("Catégories", "الأصناف");
pub(crate) const CATEGORY_ISSUE: Label = ("Date de délivrance", "تاريخ التسليم");
pub(crate) const CATEGORY_LIMITS: Label = ("Restrictions", "التقييدات");

pub(crate) const GRIS_TITLE: &[Label] = &[
    ("CARTE GRISE", "البطاقة الرمادية"),
    ("CARTE GRISE", "البطاقة الرمادية"),
    ("CERTIFICAT D'IMMATRICULATION", "شهادة التسجيل"),
];
pub(crate) const PLATE: &[Label] = &[("Numéro d'immatriculation", "رقم التسجيل")];
pub(crate) const FORMER_PLATE: &[Label] = &[("Immatriculation antérieure", "الترقيم السابق")];
pub(crate) const FIRST_USE: &[Label] = &[
    ("Première mise en circulation", "أول شروع في الإستخدام"),
    ("Première mise en circulation", "أول شروع في الاستخدام"),
    ("1ère M.C.", "أول شروع في الإستخدام"),
];
pub(crate) const FIRST_USE_HERE: &[Label] =
    &[("M.C au maroc", "أول استخدام بالمغرب"), ("M.C. au Maroc", "أول استخدام بالمغرب")];
pub(crate) const TRANSFER: &[Label] =
    &[("Mutation le", "تحويل بتاريخ"), ("Mutation le", "تاريخ انتقال الملكية")];
pub(crate) const USAGE: &[Label] = &[("Usage", "نوع الإستعمال"), ("Usage", "نوع الاستعمال")];
pub(crate) const OWNER: &[Label] = &[("Propriétaire", "المالك")];
pub(crate) const OWNER_FAMILY: &[Label] = &[("Propriétaire Nom", "المالك الاسم العائلي")];
pub(crate) const GRIS_EXPIRY: &[Label] =
    &[("Fin de validité", "نهاية الصلاحية"), ("Date de fin de validité", "تاريخ نهاية الصلاحية")];
pub(crate) const MAKE: &[Label] = &[("Marque", "الاسم التجاري"), ("Marque", "العلامة")];
pub(crate) const TYPE: &[Label] = &[("Type", "الصنف")];
pub(crate) const BODY: &[Label] = &[("Genre", "النوع")];
pub(crate) const MODEL: &[Label] = &[("Modèle", "النموذج")];
pub(crate) const FUEL: &[Label] = &[("Type carburant", "نوع الوقود")];
pub(crate) const CHASSIS: &[Label] = &[("N° du chassis", "رقم الإطار الحديدي")];
pub(crate) const CYLINDERS: &[Label] =
    &[("Nombre de cylindres", "عدد الأسطوانات"), ("Nombre de cylindres", "عدد الأساطين")];
pub(crate) const POWER: &[Label] = &[("Puissance fiscale", "القوة الجبائية")];
pub(crate) const SEATS: &[Label] = &[("Nombre de places", "عدد المقاعد")];
pub(crate) const LADEN: &[Label] = &[("P.T.A.C", "الوزن الإجمالي")];
pub(crate) const EMPTY_WEIGHT: &[Label] = &[("Poids à vide", "الوزن الفارغ")];
pub(crate) const TRAIN_WEIGHT: &[Label] =
    &[("P.T.M.C.T", "الوزن الإجمالي مع المجرور"), ("P.T.R.A", "الوزن الإجمالي مع المجرور")];
pub(crate) const RESTRICTIONS: &[Label] = &[("Restrictions", "التقييدات")];

/// Every wording but those of the layouts that are kept from development.
pub fn wordings() -> Vec<Label> {
    let lists: &[&[Label]] = &[
        &[KINGDOM, CIVIL_STATUS, SEX, ADDRESS, CATEGORIES, CATEGORY_ISSUE, CATEGORY_LIMITS],
        GIVEN,
        FAMILY,
        BORN_M,
        BORN_F,
        BIRTHPLACE,
        CIN_EXPIRY,
        CIN_NUMBER,
        PERMIS_TITLE,
        PERMIS_BORN,
        PERMIS_BIRTHPLACE,
        PERMIS_CIN,
        PERMIS_NUMBER,
        PERMIS_EXPIRY,
        GRIS_TITLE,
        PLATE,
        FORMER_PLATE,
        FIRST_USE,
        FIRST_USE_HERE,
        TRANSFER,
        USAGE,
        OWNER,
        OWNER_FAMILY,
        GRIS_EXPIRY,
        MAKE,
        TYPE,
        BODY,
        MODEL,
        FUEL,
        CHASSIS,
        CYLINDERS,
        POWER,
        SEATS,
        LADEN,
        EMPTY_WEIGHT,
        TRAIN_WEIGHT,
        RESTRICTIONS,
    ];
    lists.concat()
}

/// The wordings of the layouts that are kept from development. Most of them no
/// other layout prints; all could stand on a card.
pub(crate) mod kept {
    use super::Label;

    pub(crate) const CIN_TITLE: Label = ("CARTE NATIONALE D'IDENTITE", "البطاقة الوطنية للتعريف");
    pub(crate) const BORN: &[Label] =
        &[("Date de naissance", "تاريخ الولادة"), ("Né(e) le", "تاريخ الولادة")];
    pub(crate) const BIRTHPLACE: &[Label] =
        &[("Lieu de naissance", "مكان الازدياد"), ("Lieu de naissance", "مكان الولادة")];
    pub(crate) const BIRTH: &[Label] = &[
        ("Date et lieu de naissance", "تاريخ ومكان الازدياد"),
        ("Né(e) le", "تاريخ ومكان الازدياد"),
        ("Date et lieu de naissance", "تاريخ ومكان الولادة"),
    ];
    pub(crate) const CIN_NUMBER: &[Label] =
        &[("C.I.N N°", "رقم"), ("C.N.I.", ""), ("N° de la C.I.N.", "رقم")];
    pub(crate) const EXPIRY: &[Label] = &[
        ("Date de fin de validité", "تاريخ نهاية الصلاحية"),
        ("Fin de validité", "تاريخ نهاية الصلاحية"),
        ("Valable jusqu'au", "نهاية الصلاحية"),
    ];
    pub(crate) const PERMIS_NUMBER: &[Label] =
        &[("Permis N°", "رخصة السياقة رقم"), ("N° du permis", "رقم الرخصة")];
    pub(crate) const AGENCY: Label = ("Agence Nationale de la Sécurité Routière", "");
    pub(crate) const HELD: &[Label] = &[("Catégorie(s)", "الأصناف"), ("Catégories", "الصنف")];

    pub(crate) const GRIS_TITLE: &[Label] = &[
        ("CERTIFICAT D'IMMATRICULATION", "شهادة التسجيل"),
        ("CERTIFICAT D'IMMATRICULATION", "البطاقة الرمادية"),
    ];
    pub(crate) const PLATE: &[Label] =
        &[("N° d'immatriculation", "رقم التسجيل"), ("Immatriculation", "رقم التسجيل")];
    pub(crate) const FORMER_PLATE: &[Label] =
        &[("Immatriculation antérieure", "الترقيم السابق"), ("N° antérieur", "الترقيم السابق")];
    pub(crate) const FIRST_USE: &[Label] = &[
        ("1ère mise en circulation", "أول شروع في الاستخدام"),
        ("Date de 1ère M.C.", "أول شروع في الإستخدام"),
    ];
    pub(crate) const FIRST_USE_HERE: &[Label] = &[
        ("Mise en circulation au Maroc", "أول استخدام بالمغرب"),
        ("1ère M.C. au Maroc", "أول استخدام بالمغرب"),
    ];
    pub(crate) const TRANSFER: &[Label] =
        &[("Date de mutation", "تاريخ انتقال الملكية"), ("Mutation", "تحويل بتاريخ")];
    pub(crate) const USAGE: &[Label] = &[("Usage du véhicule", "الاستعمال"), ("Usage", "الاستعمال")];
    pub(crate) const OWNER_FAMILY: Label = ("Propriétaire Nom", "المالك الاسم العائلي");
    pub(crate) const OWNER_COMPANY: Label = ("Nom ou raison sociale", "المالك");
    pub(crate) const MAKE: &[Label] = &[("Marque", "العلامة"), ("Marque du véhicule", "العلامة")];
    pub(crate) const TYPE: &[Label] = &[("Type", "الصنف"), ("Type du véhicule", "الصنف")];
    pub(crate) const BODY: &[Label] = &[("Genre", "النوع"), ("Genre du véhicule", "النوع")];
    pub(crate) const MODEL: &[Label] = &[("Modèle", "النموذج")];
    pub(crate) const FUEL: &[Label] = &[("Carburant", "نوع الوقود"), ("Type carburant", "الوقود")];
    pub(crate) const CHASSIS: &[Label] =
        &[("N° de châssis", "رقم الإطار الحديدي"), ("Châssis N°", "رقم الهيكل")];
    pub(crate) const CYLINDERS: &[Label] =
        &[("Nbre de cylindres", "عدد الأساطين"), ("Cylindres", "عدد الأسطوانات")];
    pub(crate) const POWER: &[Label] =
        &[("Puissance fiscale (CV)", "القوة الجبائية"), ("Puissance", "القوة الجبائية")];
    pub(crate) const SEATS: &[Label] = &[("Nbre de places", "عدد المقاعد")];
    pub(crate) const LADEN: &[Label] = &[("PTAC", "الوزن الإجمالي")];
    pub(crate) const EMPTY_WEIGHT: &[Label] = &[("Poids à vide", "الوزن الفارغ")];
    pub(crate) const TRAIN_WEIGHT: &[Label] = &[("PTRA", "الوزن الإجمالي مع المجرور")];
    pub(crate) const RESTRICTIONS: &[Label] = &[("Restrictions", "التقييدات")];
}
