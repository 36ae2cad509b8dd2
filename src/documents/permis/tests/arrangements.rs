//! The front's rows in other arrangements: captions in both scripts above or
//! beside, date and place of birth together, names in either order of lines.

use super::*;

const EXPECTED: [(&str, &str); 9] = [
    ("permis.numero_permis", "55/193059"),
    ("permis.date_delivrance", "12.09.2015"),
    ("identite.nom.fr", "ALAOUI"),
    ("identite.nom.ar", "العلوي"),
    ("identite.prenom.fr", "KARIM"),
    ("identite.prenom.ar", "كريم"),
    ("naissance.date", "15.07.1981"),
    ("naissance.lieu.fr", "RABAT"),
    ("naissance.lieu.ar", "الرباط"),
];

fn assert_read(recto: Printed) {
    let fields = read(recto, Some(verso(&ROWS, "Fin de validité 12/09/2025")));
    for (path, expected) in EXPECTED {
        assert_eq!(value(&fields, path).as_deref(), Some(expected), "{path}");
    }
    assert_eq!(value(&fields, "permis.date_expiration").as_deref(), Some("12.09.2025"));
}

fn titled() -> Printed {
    Printed::card()
        .at(0.03, 0.05, "ROYAUME DU MAROC")
        .at(0.97, 0.05, "المملكة المغربية")
        .at(0.35, 0.12, "PERMIS DE CONDUIRE")
        .at(0.97, 0.12, "رخصة السياقة")
}

/// A French and an Arabic text.
type Pair = (&'static str, &'static str);

/// A caption, then the value.
const ROWS_OF_FRONT: [(Pair, Pair); 4] = [
    (("Nom", "الاسم العائلي"), ("ALAOUI", "العلوي")),
    (("Prénom", "الاسم الشخصي"), ("KARIM", "كريم")),
    (("Date de naissance", "تاريخ الولادة"), ("15/07/1981", "")),
    (("Lieu de naissance", "مكان الازدياد"), ("RABAT", "الرباط")),
];

fn bottom(card: Printed) -> Printed {
    card.at(0.03, 0.80, "Permis N° 55/193059")
        .at(0.97, 0.80, "رقم الرخصة")
        .at(0.03, 0.88, "Délivré le 12/09/2015")
        .at(0.97, 0.88, "سلمت بتاريخ")
}

#[test]
fn values_stand_below_captions_in_both_scripts() {
    for arabic in [0.45, 0.97] {
        let rows = ROWS_OF_FRONT.iter().enumerate();
        let card = rows.fold(titled(), |card, (index, ((fr, ar), (latin, other)))| {
            let y = 0.22 + 0.14 * index as f32;
            let card = card.at(0.03, y, fr).at(arabic, y, ar).at(0.03, y + 0.06, latin);
            if other.is_empty() { card } else { card.at(arabic, y + 0.06, other) }
        });
        assert_read(bottom(card));
    }
}

#[test]
fn values_stand_in_the_middle_between_the_labels() {
    let rows = ROWS_OF_FRONT.iter().enumerate();
    let card = rows.fold(titled(), |card, (index, ((fr, ar), (latin, other)))| {
        let y = 0.22 + 0.14 * index as f32;
        let card = card.at(0.03, y, fr).at(0.97, y, ar).at(0.32, y, latin);
        if other.is_empty() { card } else { card.at(0.7, y, other) }
    });
    assert_read(bottom(card));
}

#[test]
fn date_and_place_of_birth_stand_on_one_line() {
    for caption in [false, true] {
        let card = titled()
            .at(0.03, 0.24, "Nom ALAOUI")
            .at(0.97, 0.24, "الاسم العائلي العلوي")
            .at(0.03, 0.34, "Prénom KARIM")
            .at(0.97, 0.34, "الاسم الشخصي كريم");
        let card = if caption {
            card.at(0.03, 0.46, "Date et lieu de naissance")
                .at(0.97, 0.46, "تاريخ ومكان الازدياد")
                .at(0.03, 0.54, "15/07/1981 RABAT")
                .at(0.97, 0.54, "الرباط")
        } else {
            card.at(0.03, 0.46, "Né le 15/07/1981 à RABAT").at(0.97, 0.46, "مزداد بتاريخ ب الرباط")
        };
        assert_read(bottom(card));
    }
}

#[test]
fn the_expiry_is_read_in_small_letters_with_blanks_on_either_side() {
    for (label, date) in [
        ("fin de validité", "12 09 2025"),
        ("Date de fin de validité :", "12.09.2025"),
        ("valable jusqu'au", "12-09-2025"),
    ] {
        let beside = verso(&ROWS, &format!("{label} {date}"));
        let apart = verso(&ROWS, label).at(0.45, 0.86, date);
        for back in [beside, apart] {
            let fields = read(recto(), Some(back));
            assert_eq!(
                value(&fields, "permis.date_expiration").as_deref(),
                Some("12.09.2025"),
                "{label}"
            );
        }
        let front = recto().at(0.5, 0.87, &format!("{label} {date}"));
        let fields = read(front, Some(verso(&ROWS, "")));
        assert_eq!(
            value(&fields, "permis.date_expiration").as_deref(),
            Some("12.09.2025"),
            "{label}"
        );
    }
}

#[test]
fn a_back_is_told_by_its_table_whatever_its_headings() {
    let table = |letters: &[&str]| {
        let card = Printed::card().at(0.03, 0.1, "Obtenu");
        letters.iter().enumerate().fold(card, |card, (row, letter)| {
            let y = 0.2 + 0.08 * row as f32;
            card.at(0.05, y, letter).at(0.3, y, "****")
        })
    };
    let recognised =
        Permis::recognise(&table(&["A1", "A", "B", "C", "D", "EB"]).page()).map(|it| it.side);
    assert_eq!(recognised, Some(Side::Verso));
    // A few letters, or letters in no order, are no table.
    for letters in [&["A", "B", "C"][..], &["D", "B", "A", "C", "A1"]] {
        assert!(Permis::recognise(&table(letters).page()).is_none(), "{letters:?}");
    }
}
