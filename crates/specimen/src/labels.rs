//! The wordings of labels, French and Arabic: cards differ between series,
//! centres and years.

use crate::style::Style;

/// A label in French and Arabic.
pub(crate) type Label = (&'static str, &'static str);

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
