//! The traps of the registration and every wording of its labels.

use super::*;
use crate::documents::Repair;

fn owner(lines: &[(f32, f32, &str)]) -> GrisFields {
    let card = Printed::card().at(0.35, 0.05, "CARTE GRISE").at(0.97, 0.05, "البطاقة الرمادية");
    let card = lines.iter().fold(card, |card, (x, y, text)| card.at(*x, *y, text));
    read(card, technical_rows(&[]))
}

fn technical(replaced: &[(usize, &'static str, &'static str)]) -> GrisFields {
    read(owner_rows(&[]), technical_rows(replaced))
}

#[test]
fn both_titles_are_recognised_in_either_script() {
    for title in ["CARTE GRISE", "CERTIFICAT D'IMMATRICULATION", "Carte grise"] {
        let page = Printed::card().at(0.3, 0.1, title).at(0.03, 0.5, "Mutation le --").page();
        assert_eq!(Gris::recognise(&page).unwrap().side, Side::Recto, "{title}");
    }
    for title in ["البطاقة الرمادية", "شهادة التسجيل"] {
        let page = Printed::card().at(0.9, 0.1, title).at(0.03, 0.5, "Mutation le --").page();
        assert_eq!(Gris::recognise(&page).unwrap().side, Side::Recto, "{title}");
    }
}

#[test]
fn dashes_in_all_their_readings_are_null_and_never_a_default() {
    for dash in ["--", "-", "–", "=", "_"] {
        let fields = owner(&[(0.03, 0.4, "Mutation le"), (0.4, 0.4, dash)]);
        assert_eq!(leaf(&fields, "mutation.date").reason, Some(Reason::MarkedAbsent), "{dash}");
    }
}

#[test]
fn the_transfer_is_read_at_every_wording() {
    for label in ["Mutation le", "MUTATION LE :", "mutation le"] {
        let fields = owner(&[(0.03, 0.4, &format!("{label} 01/02/2018"))]);
        expect(&fields, &[("mutation.date", "01.02.2018")]);
    }
    for label in ["تحويل بتاريخ", "تاريخ انتقال الملكية"] {
        let fields = owner(&[(0.97, 0.4, label), (0.4, 0.4, "01/02/2018")]);
        expect(&fields, &[("mutation.date", "01.02.2018")]);
    }
}

#[test]
fn an_owner_of_labelled_names_is_read_at_every_wording() {
    let fields = owner(&[
        (0.03, 0.4, "Propriétaire Nom : ALAOUI"),
        (0.97, 0.4, "المالك الاسم العائلي : العلوي"),
        (0.03, 0.5, "Prénom : KARIM"),
        (0.97, 0.5, "الاسم الشخصي : كريم"),
    ]);
    expect(
        &fields,
        &[
            ("identite.nom.fr", "ALAOUI"),
            ("identite.nom.ar", "العلوي"),
            ("identite.prenom.fr", "KARIM"),
            ("identite.prenom.ar", "كريم"),
        ],
    );
}

#[test]
fn type_and_fuel_body_and_fuel_are_told_apart() {
    let fields = technical(&[
        (1, "Type SDJF4", "الصنف"),
        (2, "Genre CAMIONNETTE", "النوع"),
        (4, "Type carburant ESSENCE", "نوع الوقود"),
    ]);
    expect(&fields, &[("Type", "SDJF4"), ("Genre", "CAMIONNETTE"), ("type_carburant", "ESSENCE")]);
}

#[test]
fn an_arabic_label_read_into_a_french_value_is_no_part_of_it() {
    let card = technical_rows(&[(0, "Marque DACIA الاسم التجاري", "")]);
    expect(&read(owner_rows(&[]), card), &[("marque", "DACIA")]);
}

#[test]
fn counts_outside_their_range_are_refused_and_buses_have_many_seats() {
    let fields = technical(&[
        (6, "Nombre de cylindres --", ""),
        (8, "Nombre de places 55", ""),
        (7, "Puissance fiscale O6", ""),
    ]);
    expect(
        &fields,
        &[("nombre_cylindres", "null"), ("nombre_places", "55"), ("puissance_fiscale", "6")],
    );
    let fields = technical(&[(6, "Nombre de cylindres 0", ""), (7, "Puissance fiscale 200", "")]);
    expect(&fields, &[("nombre_cylindres", "null"), ("puissance_fiscale", "null")]);
}

fn plate(text: &str, first_use: &str) -> GrisFields {
    owner(&[(0.03, 0.2, "Numéro d'immatriculation"), (0.4, 0.2, text), (0.03, 0.4, first_use)])
}

#[test]
fn plates_are_read_in_either_order_and_of_one_digit_regions() {
    for (printed, expected) in [
        ("12345-أ-6", "12345 أ 6"),
        ("6-أ-12345", "12345 أ 6"),
        ("12345 | ب | 72", "12345 ب 72"),
        ("1-د-89", "1 د 89"),
    ] {
        let fields = plate(printed, "Première mise en circulation 03/04/2015");
        expect(&fields, &[("numero_matricule_marocain.numero", expected)]);
    }
}

#[test]
fn a_plates_letter_told_by_its_look_alone_is_doubtful_and_listed() {
    let fields = plate("4321-1-81", "Première mise en circulation 03/04/2015");
    expect(&fields, &[("numero_matricule_marocain.numero", "4321 أ 81")]);
    let leaf = leaf(&fields, "numero_matricule_marocain.numero");
    assert!(leaf.confidence < 0.5);
    assert_eq!(leaf.repairs, [Repair { from: "1".into(), to: "أ".into() }]);
}

#[test]
fn before_letters_were_printed_a_digit_is_none() {
    let fields = plate("4321-1-81", "Première mise en circulation 03/04/1998");
    expect(&fields, &[("numero_matricule_marocain.numero", "null")]);
    let fields = plate("4321-1-81", "Mutation le --");
    expect(&fields, &[("numero_matricule_marocain.numero", "null")]);
}

#[test]
fn every_kind_of_previous_registration_is_spelled() {
    for (printed, expected) in [
        ("WW123456", "WW-123456"),
        ("WW-12", "WW-12"),
        ("1234-56/7", "1234-56/7"),
        ("12345-ب-6", "12345 ب 6"),
        ("AB123CD", "AB123CD"),
        ("--", "null"),
    ] {
        let fields = owner(&[(0.03, 0.3, "Immatriculation antérieure"), (0.4, 0.3, printed)]);
        expect(&fields, &[("immatriculation_anterieure.numero", expected)]);
    }
}

#[test]
fn a_plate_is_told_by_its_form_where_its_label_is_lost() {
    let rows =
        |previous| owner_rows(&[(0, "Nuéro dimtriulatn", ""), (1, previous, "الترقيم السابق")]);
    let number = |recto| {
        let leaves = read(recto, technical_rows(&[])).leaves();
        leaves.into_iter().find(|leaf| leaf.path == "numero_matricule_marocain.numero").unwrap()
    };

    let others = ["Immatriculation antérieure WW123456", "Immatriculation antérieure 777-ب-9"];
    for previous in others {
        let leaf = number(rows(previous));
        assert_eq!(leaf.value.as_str(), Some("12345 أ 6"), "{previous}");
        assert!(leaf.confidence < crate::documents::confidence::CERTAIN, "{previous}");
    }
    // Of two that are told apart by nothing neither is taken.
    let two = rows("Immatriculation antérieure --").at(0.4, 0.9, "777-ب-9");
    assert!(number(two).value.is_null());
}

#[test]
fn the_previous_registration_is_never_the_number() {
    let rows = [
        ("Nuéro dimtriulatn", "رقم"),
        ("Immtrcltn anteur 777-ب-9", "الترقم"),
        ("Première mise en circulation 03/04/2015", "أول شروع في الإستخدام"),
        ("Mutation le --", "تحويل بتاريخ"),
        ("Usage PARTICULIER", "نوع الإستعمال"),
    ];
    let recto = Printed::card().at(0.35, 0.12, "CARTE GRISE").rows(0.2, &rows);
    let leaves = read(recto, technical_rows(&[])).leaves();
    let leaf = leaves.iter().find(|leaf| leaf.path == "numero_matricule_marocain.numero");
    assert!(leaf.unwrap().value.is_null());
}

#[test]
fn a_colon_behind_a_value_is_none_of_it() {
    let recto = owner_rows(&[(2, "Première mise en circulation : 03/04/2015 :", "")]);
    let leaves = read(recto, technical_rows(&[])).leaves();
    let date = leaves.iter().find(|leaf| leaf.path == "mise_en_circulation.date").unwrap();
    assert_eq!(date.value.as_str(), Some("03.04.2015"));
    assert_eq!(date.raw.as_deref(), Some("03/04/2015"));
}

#[test]
fn a_value_that_begins_as_a_label_goes_on_is_whole() {
    for printed in ["Genre : VEHICULE UTILITAIRE", "Genre VEHICULE UTILITAIRE"] {
        let verso = technical_rows(&[(2, printed, "النوع")]);
        let leaves = read(owner_rows(&[]), verso).leaves();
        let body = leaves.iter().find(|leaf| leaf.path == "Genre").unwrap();
        assert_eq!(body.value.as_str(), Some("VEHICULE UTILITAIRE"), "{printed}");
    }
}

#[test]
fn a_number_before_its_unit_is_no_part_of_the_label() {
    let verso = technical_rows(&[(2, "Puissance fiscale 7 CV", "القوة الجبائية")]);
    let leaves = read(owner_rows(&[]), verso).leaves();
    let power = leaves.iter().find(|leaf| leaf.path == "puissance_fiscale").unwrap();
    assert_eq!(power.value.as_u64(), Some(7));
}

#[test]
fn a_stain_below_an_address_is_no_line_of_it() {
    let card = Printed::card()
        .at(0.35, 0.05, "CARTE GRISE")
        .at(0.03, 0.4, "Adresse 12 RUE FES RABAT")
        .stain(0.2, 0.44, "C");
    let fields = read(card, technical_rows(&[]));
    expect(&fields, &[("adresse.fr", "12 RUE FES RABAT")]);
}

#[test]
fn a_word_of_an_address_that_looks_like_a_label_does_not_end_it() {
    let fields =
        owner(&[(0.03, 0.4, "Adresse DR ESSALAM"), (0.97, 0.4, "العنوان دوار السلام أيت ملول")]);
    expect(&fields, &[("adresse.ar", "دوار السلام أيت ملول")]);
}
