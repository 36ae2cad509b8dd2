//! The words that name a value, and rows of both scripts.

use std::sync::LazyLock;

use rand::Rng;
use specimen::data::one_of;
use specimen::labels::{Label, wordings};
use specimen::person::Person;
use specimen::vehicle::USAGES;

use super::{Wording, codes};
use crate::press::Piece;

/// Labels of the specimens and others of the same documents.
static LABELS: LazyLock<Vec<Label>> = LazyLock::new(|| [wordings(), MORE.to_vec()].concat());

const MORE: &[Label] = &[
    ("CARTE NATIONALE D'IDENTITÉ", "البطاقة الوطنية للتعريف الإلكترونية"),
    ("Nom et prénom", "الاسم الكامل"),
    ("Fils de", "ابن"),
    ("Fille de", "بنت"),
    ("et de", "و"),
    ("Épouse de", "زوجة"),
    ("Veuve de", "أرملة"),
    ("Nationalité", "الجنسية"),
    ("Délivré le", "سلمت بتاريخ"),
    ("Délivré à", "سلمت ب"),
    ("Signature du titulaire", "توقيع صاحب البطاقة"),
    ("Directeur Général", "المدير العام للأمن الوطني"),
    ("Ministère de l'Équipement et du Transport", "وزارة التجهيز والنقل"),
    ("Profession", "المهنة"),
    ("Observations", "ملاحظات"),
    ("Groupe sanguin", "فصيلة الدم"),
    ("Titulaire", "صاحب الرخصة"),
    ("Catégorie", "الصنف"),
    ("Valable du", "صالحة من"),
    ("Commune", "الجماعة"),
    ("Préfecture", "العمالة"),
    ("Province", "الإقليم"),
    ("Téléphone", "الهاتف"),
    ("Date d'expiration", "تاريخ انتهاء الصلاحية"),
    ("Sous réserve de vérification", "مع مراعاة التحقق"),
    ("Couleur", "اللون"),
    ("Énergie", "الطاقة"),
    ("N° de série", "الرقم التسلسلي"),
];

/// A label in French, at times with a colon, in capitals, or with its value.
pub(super) fn french(rng: &mut impl Rng) -> String {
    let label = loop {
        let label = one_of(rng, &LABELS).0;
        if !label.is_empty() {
            break label;
        }
    };
    match rng.random_range(0..12) {
        0 => format!("{label}:"),
        1 => format!("{label} :"),
        2 => label.to_uppercase(),
        3 => format!("{label} {}", codes::date(rng)),
        4 => format!("{label} : {}", codes::code(rng)),
        5 => format!("{label} {}", super::latin::name(rng)),
        6 => label.to_lowercase(),
        _ => label.to_owned(),
    }
}

/// A label in Arabic, at times with a colon or its value.
pub(super) fn arabic(rng: &mut impl Rng) -> String {
    let label = loop {
        let label = one_of(rng, &LABELS).1;
        if !label.is_empty() {
            break label;
        }
    };
    match rng.random_range(0..12) {
        0 => format!("{label}:"),
        1 => format!("{label} :"),
        2 => format!("{label} {}", codes::number(rng)),
        3 => format!("{label} : {}", super::arabic::name(rng)),
        4 => format!("{label} {}", super::arabic::place(rng)),
        5 => one_of(rng, USAGES).1.to_owned(),
        6 => (*one_of(rng, &["بنزين", "ديزل", "غازوال", "هجين", "كهربائي", "غاز", "ذكر", "أنثى"]))
            .to_owned(),
        _ => label.to_owned(),
    }
}

/// French at the left and Arabic at the right, as rows of the documents are.
pub(super) fn mixed(rng: &mut impl Rng) -> Wording {
    let label = *one_of(rng, &LABELS);
    let person = Person::invent(rng, (1940, 2012));
    let (left, right) = match rng.random_range(0..10) {
        0..4 => (label.0.to_owned(), label.1.to_owned()),
        4 => (person.given.fr, person.given.ar),
        5 => (person.family.fr, person.family.ar),
        6 => (codes::date(rng), label.1.to_owned()),
        7 => (codes::code(rng), label.1.to_owned()),
        8 => (person.birthplace.fr, person.birthplace.ar),
        _ => (format!("{} {}", label.0, codes::date(rng)), label.1.to_owned()),
    };
    let pieces = [left, right].into_iter().filter(|text| !text.is_empty());
    let pieces = pieces.enumerate().map(|(nth, text)| Piece {
        text,
        gap: if nth == 0 { 0.0 } else { rng.random_range(0.4..2.6) },
    });
    Wording { pieces: pieces.collect() }
}
