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
