//! The same rows in other arrangements: values in the middle between the labels,
//! or below both, with units and fuller wordings.

use super::*;

/// French label, value, Arabic label of the technical side.
const ROWS: [(&str, &str, &str); 10] = [
    ("Marque", "DACIA", "الاسم التجاري"),
    ("Type", "SDJF4-A", "الصنف"),
    ("Genre", "VP", "النوع"),
    ("Modèle", "LOGAN", "النموذج"),
    ("Type carburant", "DIESEL", "نوع الوقود"),
    ("N° du chassis", "UU1KSDJF4AB123456", "رقم الإطار الحديدي"),
    ("Nombre de cylindres", "4", "عدد الأسطوانات"),
    ("Puissance fiscale", "6", "القوة الجبائية"),
    ("Nombre de places", "5", "عدد المقاعد"),
    ("Restrictions", "USAGE PRIVE", "التقييدات"),
];

const EXPECTED: [(&str, &str); 8] = [
    ("marque", "DACIA"),
    ("Type", "SDJF4-A"),
    ("Genre", "VP"),
    ("type_carburant", "DIESEL"),
    ("numero_chassis", "UU1KSDJF4AB123456"),
    ("nombre_cylindres", "4"),
    ("puissance_fiscale", "6"),
    ("restriction", "USAGE PRIVE"),
];

fn assert_read(verso: Printed) {
    let leaves = read(owner_rows(&[]), verso).leaves();
    for (path, value) in EXPECTED {
        let leaf = leaves.iter().find(|leaf| leaf.path == path).unwrap();
        let read = leaf.value.as_str().map_or_else(|| leaf.value.to_string(), str::to_owned);
        assert_eq!(read, value, "{path}");
    }
}

fn arranged(place: impl Fn(Printed, f32, &(&str, &str, &str)) -> Printed) -> Printed {
    let step = 0.09;
    let rows = ROWS.iter().enumerate();
    rows.fold(Printed::card(), |card, (index, row)| place(card, 0.06 + step * index as f32, row))
}

#[test]
fn values_stand_in_the_middle_between_the_labels() {
    for x in [0.35, 0.45, 0.55] {
        assert_read(arranged(|card, y, (fr, value, ar)| {
            card.at(0.03, y, fr).at(x, y, value).at(0.97, y, ar)
        }));
    }
}

#[test]
fn values_stand_below_their_labels() {
    for x in [0.03, 0.2, 0.45] {
        assert_read(arranged(|card, y, (fr, value, ar)| {
            card.at(0.03, y, fr).at(0.97, y, ar).at(x, y + 0.045, value)
        }));
    }
}

#[test]
fn values_stand_below_a_caption_in_both_scripts() {
    for x in [0.03, 0.2] {
        assert_read(arranged(|card, y, (fr, value, ar)| {
            card.at(0.03, y, fr).at(0.5, y, ar).at(x, y + 0.045, value)
        }));
    }
}

#[test]
fn values_follow_fuller_wordings_and_units() {
    let fuller = [
        ("Marque du véhicule", "DACIA", "العلامة"),
        ("Type du véhicule", "SDJF4-A", "الصنف"),
        ("Genre du véhicule", "VP", "النوع"),
        ("Modèle", "LOGAN", "النموذج"),
        ("Carburant", "DIESEL", "الوقود"),
        ("Châssis N°", "UU1KSDJF4AB123456", "رقم الهيكل"),
        ("Nbre cylindres", "4", "عدد الأساطين"),
        ("Puissance fiscale (CV)", "6", "القوة الجبائية"),
        ("Places", "5", "عدد المقاعد"),
        ("Restriction", "USAGE PRIVE", "التقييدات"),
    ];
    let rows = fuller.iter().enumerate();
    assert_read(rows.fold(Printed::card(), |card, (index, (fr, value, ar))| {
        let y = 0.06 + 0.09 * index as f32;
        card.at(0.03, y, fr).at(0.45, y, value).at(0.97, y, ar)
    }));
}

/// The owner's side in two columns: French label, below it on the column's other edge the
/// Arabic one, below both the value.
fn captioned_owner(step: f32) -> Printed {
    let columns = [
        (
            0.03,
            0.48,
            [
                ("Numéro d'immatriculation", "رقم التسجيل", "12345-أ-6"),
                ("Immatriculation antérieure", "الترقيم السابق", "--"),
                ("Première mise en circulation", "أول شروع في الإستخدام", "03/04/2015"),
            ],
        ),
        (
            0.52,
            0.97,
            [
                ("M.C au maroc", "أول استخدام بالمغرب", "05/06/2016"),
                ("Mutation le", "تحويل بتاريخ", "--"),
                ("Fin de validité", "نهاية الصلاحية", "06/06/2026"),
            ],
        ),
    ];
    let card = Printed::card()
        .at(0.03, 0.05, "ROYAUME DU MAROC")
        .at(0.03, 0.1, "CERTIFICAT D'IMMATRICULATION")
        .at(0.97, 0.1, "شهادة التسجيل");
    columns.iter().enumerate().fold(card, |card, (column, (left, right, rows))| {
        rows.iter().enumerate().fold(card, |card, (index, (fr, ar, value))| {
            let y = 0.17 + 3.0 * step * index as f32;
            let (first, second) =
                if column == 0 { (y, y + step) } else { (y - 0.4 * step, y + 0.6 * step) };
            card.at(*left, first, fr).at(*right, second, ar).at(
                *left,
                second + if column == 0 { step } else { 0.8 * step },
                value,
            )
        })
    })
}

#[test]
fn values_stand_below_captions_of_two_lines_in_two_columns() {
    for step in [0.042, 0.05, 0.06] {
        let leaves = read(captioned_owner(step), technical_rows(&[])).leaves();
        for (path, value) in [
            ("numero_matricule_marocain.numero", "12345 أ 6"),
            ("mise_en_circulation.date", "03.04.2015"),
            ("mise_en_circulation_au_maroc.date", "05.06.2016"),
            ("valiadtion", "06.06.2026"),
        ] {
            let leaf = leaves.iter().find(|leaf| leaf.path == path).unwrap();
            assert_eq!(leaf.value.as_str(), Some(value), "{path} at {step}");
        }
    }
}

#[test]
fn a_value_stands_below_the_lost_label_of_the_other_script() {
    let rows = [("Numéro d'immatriculation", "12345-أ-6"), ("Mutation le", "03/04/2015")];
    let card = rows.iter().enumerate().fold(Printed::card(), |card, (row, (label, value))| {
        let y = 0.2 + 0.25 * row as f32;
        card.at(0.03, y, label).at(0.03, y + 0.125, value)
    });
    let leaves = read(card, technical_rows(&[])).leaves();
    let mutation = leaves.iter().find(|leaf| leaf.path == "mutation.date").unwrap();
    assert_eq!(mutation.value.as_str(), Some("03.04.2015"));
}
