//! The traps of the licence and every wording of its labels.

use super::*;

/// A recto of its title and more lines.
fn titled(lines: &[(f32, f32, &str)]) -> Printed {
    let card = Printed::card().at(0.03, 0.08, "PERMIS DE CONDUIRE").at(0.97, 0.08, "رخصة السياقة");
    lines.iter().fold(card, |card, (x, y, text)| card.at(*x, *y, text))
}

fn styles(label: &str) -> [String; 4] {
    [label.to_owned(), label.to_uppercase(), label.to_lowercase(), format!("{label} :")]
}

#[test]
fn the_expiry_is_read_at_every_wording_on_either_side() {
    for label in ["Date de fin de validité", "Fin de validité", "Valable jusqu'au"] {
        for label in styles(label) {
            let line = format!("{label} 12/09/2035");
            let front = read(titled(&[(0.04, 0.8, &line)]), None);
            let back = read(titled(&[]), Some(verso(&ROWS, &line)));
            for fields in [front, back] {
                expect(&fields, &[("permis.date_expiration", "12.09.2035")]);
            }
        }
    }
}

#[test]
fn the_date_of_issue_is_read_at_every_wording() {
    for lines in [
        ["Délivré le 12/09/2015", ""],
        ["DÉLIVRÉ LE : 12/09/2015", ""],
        ["Délivré le 12/09/2015 à RABAT", ""],
        ["Délivré à RABAT Le 12/09/2015", ""],
        ["Casa nord le 12/09/2015", ""],
        ["سلمت بتاريخ 12/09/2015", ""],
    ] {
        let card = titled(&[
            (0.04, 0.5, "Né le 15/07/1981"),
            (0.04, 0.7, "Permis N° 55/193059"),
            (if lines[0].starts_with('س') { 0.9 } else { 0.04 }, 0.78, lines[0]),
        ]);
        let fields = read(card, None);
        assert_eq!(
            value(&fields, "permis.date_delivrance").as_deref(),
            Some("12.09.2015"),
            "{}",
            lines[0]
        );
        expect(&fields, &[("naissance.date", "15.07.1981")]);
    }
}

#[test]
fn the_number_is_read_at_every_wording() {
    for label in ["Permis N°", "PERMIS N° :", "N° de permis"] {
        let card = titled(&[(0.04, 0.7, &format!("{label} 55/193059"))]);
        expect(&read(card, None), &[("permis.numero_permis", "55/193059")]);
    }
    for label in ["رقم الرخصة", "رخصة رقم", "رخصة السياقة رقم"] {
        let card = titled(&[(0.97, 0.7, label), (0.4, 0.7, "55/193059")]);
        expect(&read(card, None), &[("permis.numero_permis", "55/193059")]);
    }
}

#[test]
fn of_two_dates_without_labels_the_first_is_the_birth() {
    let card = titled(&[(0.04, 0.4, "15/07/1981"), (0.04, 0.7, "Casa nord le 12/09/2015")]);
    expect(
        &read(card, None),
        &[("naissance.date", "15.07.1981"), ("permis.date_delivrance", "12.09.2015")],
    );
}

#[test]
fn a_date_that_stands_in_no_row_belongs_to_no_category() {
    let rows = [("", ""), ("", ""), ("", "12/09/2015")];
    let fields = read(titled(&[]), Some(verso(&rows, "Fin de validité 12/09/2035")));
    assert!(fields.categories.is_empty());
    assert_eq!(value(&fields, "permis.categorie"), None);
    expect(&fields, &[("permis.date_expiration", "12.09.2035")]);
}

#[test]
fn rows_without_a_date_are_not_held_whatever_they_print() {
    for nothing in ["", "****", "--"] {
        let mut rows = ROWS.map(|(letter, _)| (letter, nothing));
        rows[2].1 = "12/09/2015";
        rows[5].1 = "03/04/2019";
        let fields = read(recto(), Some(verso(&rows, "Fin de validité 12/09/2035")));
        let held: Vec<_> = fields.categories.iter().map(|held| held.category.spelled()).collect();
        assert_eq!(held, ["B", "E(B)"], "{nothing}");
    }
}

#[test]
fn the_centre_is_never_the_birthplace() {
    let card = titled(&[
        (0.04, 0.4, "Né le 15/07/1981"),
        (0.04, 0.7, "Permis N° 55/193059"),
        (0.04, 0.78, "Salé le 12/09/2015"),
    ]);
    let fields = read(card, None);
    assert_eq!(value(&fields, "naissance.lieu.fr"), None);
    expect(&fields, &[("permis.lieu_delivrance", "Salé")]);
}

#[test]
fn the_access_number_of_a_card_beside_it_is_no_number_of_the_licence() {
    let fields = read(recto().at(0.7, 0.97, "CAN 123457"), None);
    expect(&fields, &[("permis.numero_permis", "55/193059"), ("identite.cin", "BK123456")]);
    let fields = read(titled(&[(0.7, 0.97, "CAN 123457")]), None);
    assert_eq!(value(&fields, "permis.numero_permis"), None);
    assert_eq!(value(&fields, "identite.cin"), None);
}

#[test]
fn the_serial_is_read_in_groups_or_unbroken() {
    for printed in ["1234 5678 9012 3456", "1234567890123456"] {
        let back = Printed::card().at(0.04, 0.08, "Catégories").at(0.3, 0.95, printed);
        let fields = read(titled(&[]), Some(back));
        expect(&fields, &[("permis.numero_serie", "1234567890123456")]);
        assert_eq!(value(&fields, "permis.numero_permis"), None);
    }
}

#[test]
fn the_signatory_is_never_the_holder() {
    let card = titled(&[(0.5, 0.9, "BENACEUR BOULAAJOUL"), (0.97, 0.9, "بناصر بولعجول")]);
    let fields = read(card, None);
    for path in ["identite.nom.fr", "identite.nom.ar", "identite.prenom.fr", "naissance.lieu.fr"] {
        assert_eq!(value(&fields, path), None, "{path}");
    }
}

#[test]
fn names_are_read_beside_below_and_apart_from_their_labels() {
    let beside = titled(&[
        (0.04, 0.2, "Nom ALAOUI"),
        (0.97, 0.2, "الاسم العائلي العلوي"),
        (0.04, 0.3, "Prénom KARIM"),
        (0.97, 0.3, "الاسم الشخصي كريم"),
    ]);
    let column = titled(&[
        (0.04, 0.2, "NOM :"),
        (0.3, 0.2, "ALAOUI"),
        (0.97, 0.2, "الاسم العائلي :"),
        (0.7, 0.2, "العلوي"),
        (0.04, 0.3, "PRENOM :"),
        (0.3, 0.3, "KARIM"),
        (0.97, 0.3, "الاسم الشخصي :"),
        (0.7, 0.3, "كريم"),
    ]);
    let below = titled(&[
        (0.04, 0.2, "Nom"),
        (0.04, 0.26, "ALAOUI"),
        (0.97, 0.2, "الاسم العائلي"),
        (0.97, 0.26, "العلوي"),
        (0.04, 0.4, "Prénom"),
        (0.04, 0.46, "KARIM"),
        (0.97, 0.4, "الاسم الشخصي"),
        (0.97, 0.46, "كريم"),
    ]);
    for card in [beside, column, below] {
        expect(
            &read(card, None),
            &[
                ("identite.nom.fr", "ALAOUI"),
                ("identite.nom.ar", "العلوي"),
                ("identite.prenom.fr", "KARIM"),
                ("identite.prenom.ar", "كريم"),
            ],
        );
    }
}

#[test]
fn arabic_letters_name_the_rows_where_the_latin_ones_are_lost() {
    let back = Printed::card()
        .at(0.3, 0.08, "Date de délivrance")
        .at(0.97, 0.08, "الأصناف")
        .at(0.95, 0.16, "أ")
        .at(0.95, 0.24, "ب")
        .at(0.3, 0.24, "12/09/2015")
        .at(0.95, 0.32, "ج")
        .at(0.04, 0.86, "Fin de validité 12/09/2035");
    let fields = read(titled(&[]), Some(back));
    let held: Vec<_> = fields.categories.iter().map(|held| held.category.spelled()).collect();
    assert_eq!(held, ["B"]);
}

#[test]
fn a_look_alike_in_the_table_is_a_letter_and_listed() {
    let mut rows = ROWS;
    rows[2].0 = "8";
    let fields = read(recto(), Some(verso(&rows, "Fin de validité 12/09/2035")));
    expect(&fields, &[("permis.categorie", "B")]);
    let leaf = fields.leaves().into_iter().find(|leaf| leaf.path == "permis.categorie").unwrap();
    assert_eq!(serde_json::json!(leaf.repairs), serde_json::json!([{"from": "8", "to": "B"}]));
}

#[test]
fn a_rows_restriction_is_kept_with_its_category() {
    let back = verso(&ROWS, "Fin de validité 12/09/2035").at(0.65, 0.32, "LUNETTES");
    let fields = read(recto(), Some(back));
    let restrictions: Vec<_> =
        fields.categories.iter().map(|held| held.restriction.as_deref()).collect();
    assert_eq!(restrictions, [None, Some("LUNETTES")]);
}
