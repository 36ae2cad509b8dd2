//! Licences as rows of text, and the traps that they hold.

mod arrangements;
mod checks;
mod traps;

use super::*;
use crate::documents::printed::Printed;
use crate::documents::{Fields, Part, Side};

fn recto() -> Printed {
    Printed::card()
        .at(0.03, 0.05, "ROYAUME DU MAROC")
        .at(0.97, 0.05, "المملكة المغربية")
        .at(0.03, 0.13, "PERMIS DE CONDUIRE")
        .at(0.97, 0.13, "رخصة السياقة")
        .at(0.04, 0.22, "Prénom")
        .at(0.64, 0.22, "الاسم الشخصي كريم")
        .at(0.04, 0.28, "KARIM")
        .at(0.04, 0.34, "Nom")
        .at(0.64, 0.34, "الاسم العائلي العلوي")
        .at(0.04, 0.40, "ALAOUI")
        .at(0.04, 0.47, "C.N.I. BK123456")
        .at(0.04, 0.54, "Né(e) le 15/07/1981")
        .at(0.64, 0.54, "تاريخ الولادة")
        .at(0.64, 0.60, "الرباط")
        .at(0.04, 0.66, "RABAT")
        .at(0.04, 0.73, "Permis N° 55/193059")
        .at(0.64, 0.73, "رقم الرخصة")
        .at(0.04, 0.80, "Casa nord le 12/09/2015")
        .at(0.06, 0.90, "B")
        .at(0.5, 0.95, "BENACEUR BOULAAJOUL")
}

fn verso(rows: &[(&str, &str)], below: &str) -> Printed {
    let mut card = Printed::card()
        .at(0.04, 0.08, "Catégories")
        .at(0.3, 0.08, "Date de délivrance")
        .at(0.65, 0.08, "Restrictions")
        .at(0.97, 0.08, "الأصناف");
    for (index, (letter, date)) in rows.iter().enumerate() {
        let y = 0.16 + 0.08 * index as f32;
        if !letter.is_empty() {
            card = card.at(0.05, y, letter);
        }
        if !date.is_empty() {
            card = card.at(0.3, y, date);
        }
    }
    card.at(0.04, 0.86, below).at(0.3, 0.95, "1234 5678 9012 3456")
}

const ROWS: [(&str, &str); 8] = [
    ("A1", "****"),
    ("A", "03/02/2018"),
    ("B", "12/09/2015"),
    ("C", "****"),
    ("D", "****"),
    ("EB", "****"),
    ("EC", "****"),
    ("ED", "****"),
];

fn read(recto: Printed, verso: Option<Printed>) -> PermisFields {
    Permis::read(&Sides {
        recto: Some(recto.sheet(Part::Recto)),
        verso: verso.map(|verso| verso.sheet(Part::Verso)),
    })
}

fn value(fields: &PermisFields, path: &str) -> Option<String> {
    let leaf = fields.leaves().into_iter().find(|leaf| leaf.path == path).unwrap();
    leaf.value.as_str().map(str::to_owned)
}

#[track_caller]
fn expect(fields: &PermisFields, expected: &[(&str, &str)]) {
    for (path, text) in expected {
        assert_eq!(value(fields, path).as_deref(), Some(*text), "{path}");
    }
}

#[test]
fn a_licence_is_read_whole() {
    let fields = read(recto(), Some(verso(&ROWS, "Date de fin de validité : 12/09/2035")));
    expect(
        &fields,
        &[
            ("permis.numero_permis", "55/193059"),
            ("permis.date_delivrance", "12.09.2015"),
            ("permis.date_expiration", "12.09.2035"),
            ("permis.categorie", "B"),
            ("identite.nom.fr", "ALAOUI"),
            ("identite.nom.ar", "العلوي"),
            ("identite.prenom.fr", "KARIM"),
            ("identite.prenom.ar", "كريم"),
            ("naissance.date", "15.07.1981"),
            ("naissance.lieu.fr", "RABAT"),
            ("naissance.lieu.ar", "الرباط"),
            ("identite.cin", "BK123456"),
            ("permis.lieu_delivrance", "Casa nord"),
            ("permis.numero_serie", "1234567890123456"),
        ],
    );
    let held: Vec<_> = fields.categories.iter().map(|held| held.category.spelled()).collect();
    assert_eq!(held, ["A", "B"]);
}

#[test]
fn both_sides_are_recognised() {
    assert_eq!(Permis::recognise(&recto().page()).unwrap().side, Side::Recto);
    let back = Permis::recognise(&verso(&ROWS, "Fin de validité 12/09/2035").page()).unwrap();
    assert_eq!(back.side, Side::Verso);
    assert!(back.marks >= 2);
}

#[test]
fn the_main_category_is_that_of_the_date_of_issue() {
    let mut rows = ROWS;
    rows[1].1 = "12/09/2015";
    rows[2].1 = "03/02/2018";
    let fields = read(recto(), Some(verso(&rows, "Fin de validité 12/09/2035")));
    expect(&fields, &[("permis.categorie", "A")]);
}

#[test]
fn a_lost_letter_is_recovered_from_the_order_of_the_rows() {
    let mut rows = ROWS;
    rows[2].0 = "";
    let fields = read(recto(), Some(verso(&rows, "Fin de validité 12/09/2035")));
    expect(&fields, &[("permis.categorie", "B")]);
}

#[test]
fn the_expiry_is_never_a_categorys_date() {
    let fields = read(recto(), Some(verso(&ROWS, "--")));
    assert_eq!(value(&fields, "permis.date_expiration"), None);
    let fields = read(recto(), Some(verso(&ROWS, "12/09/2035")));
    expect(&fields, &[("permis.date_expiration", "12.09.2035")]);
}

#[test]
fn without_the_back_the_box_tells_a_single_category() {
    let fields = read(recto(), None);
    expect(&fields, &[("permis.categorie", "B")]);
    assert_eq!(value(&fields, "permis.date_expiration"), None);
}

#[test]
fn labels_and_values_on_one_line_are_read_in_either_order() {
    let recto = Printed::card()
        .at(0.03, 0.08, "PERMIS DE CONDUIRE")
        .at(0.97, 0.08, "رخصة السياقة")
        .at(0.04, 0.2, "Nom : EL AMRANI")
        .at(0.64, 0.2, "الاسم العائلي : العمراني")
        .at(0.04, 0.3, "Prénom : SALMA")
        .at(0.64, 0.3, "الاسم الشخصي : سلمى")
        .at(0.04, 0.4, "Date et lieu de naissance : 01/02/1990 à FES")
        .at(0.64, 0.47, "تاريخ ومكان الازدياد : فاس")
        .at(0.04, 0.55, "N° de la C.I.N. CD123456")
        .at(0.04, 0.63, "Permis N° 7/123456")
        .at(0.04, 0.71, "Délivré le 03/04/2016")
        .at(0.04, 0.79, "Fin de validité 03/04/2026")
        .at(0.04, 0.9, "Catégorie B");
    expect(
        &read(recto, None),
        &[
            ("identite.nom.fr", "EL AMRANI"),
            ("identite.prenom.fr", "SALMA"),
            ("identite.prenom.ar", "سلمى"),
            ("naissance.date", "01.02.1990"),
            ("naissance.lieu.fr", "FES"),
            ("naissance.lieu.ar", "فاس"),
            ("identite.cin", "CD123456"),
            ("permis.numero_permis", "7/123456"),
            ("permis.date_delivrance", "03.04.2016"),
            ("permis.date_expiration", "03.04.2026"),
            ("permis.categorie", "B"),
        ],
    );
}

#[test]
fn the_serial_number_is_never_the_licence_number() {
    let recto = Printed::card()
        .at(0.03, 0.1, "PERMIS DE CONDUIRE")
        .at(0.97, 0.1, "رخصة السياقة")
        .at(0.3, 0.95, "1234 5678 9012 3456");
    assert_eq!(read(recto, None).numero_permis.value(), None);
}
