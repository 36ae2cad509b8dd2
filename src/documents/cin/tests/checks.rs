//! What of a card speaks for or against what else of it.

use super::*;
use crate::documents::{Check, Field, Outcome, confidence};

fn check<'a>(fields: &'a CinFields, name: &str) -> &'a Check {
    fields.checks().iter().find(|check| check.check == name).unwrap()
}

#[track_caller]
fn expect_outcomes(fields: &CinFields, expected: &[(&str, Outcome)]) {
    for (name, outcome) in expected {
        assert_eq!(check(fields, name).outcome, *outcome, "{name}");
    }
}

#[test]
fn on_a_card_read_right_every_check_that_can_be_made_agrees() {
    let fields = read(recto_2020(), verso_2020());
    let made: Vec<&str> = fields
        .checks()
        .iter()
        .filter(|check| check.outcome == Outcome::Agrees)
        .map(|check| check.check)
        .collect();
    assert_eq!(
        made,
        [
            "mrz_check_digit_number",
            "mrz_check_digit_birth",
            "mrz_check_digit_expiry",
            "mrz_check_digit_composite",
            "mrz_cin",
            "mrz_birth",
            "mrz_expiry",
            "mrz_sex",
            "mrz_family_name",
            "mrz_given_name",
            "sides_cin",
            "birth_before_expiry",
            "cin_prefix_birthplace",
            "scripts_family_name",
            "scripts_given_name",
            "scripts_birthplace",
            "scripts_father",
            "scripts_mother",
        ]
    );
    assert_eq!(fields.checks().len(), made.len());
}

#[test]
fn a_2008_card_is_checked_side_against_side_and_has_no_zone() {
    let fields = read(recto_2008(), verso_2008());
    expect_outcomes(&fields, &[("sides_cin", Outcome::Agrees), ("sides_expiry", Outcome::Agrees)]);
    assert!(fields.checks().iter().all(|check| !check.check.starts_with("mrz")));

    let verso = Printed::card().at(0.03, 0.1, "N° FA123456").at(0.03, 0.22, "Fils de AHMED").at(
        0.03,
        0.75,
        "Valable jusqu'au 31.01.2018",
    );
    let fields = read(recto_2008(), verso);
    expect_outcomes(&fields, &[("sides_expiry", Outcome::Disagrees)]);
    assert!(fields.validite.confidence() < 0.5);
}

#[test]
fn print_that_the_zone_contradicts_is_shown_beside_it() {
    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.363, 0.28, "FATIMA ZAHRA")
        .at(0.363, 0.38, "BEN TESS")
        .at(0.363, 0.44, "Née le 02.01.1990")
        .at(0.12, 0.92, "N° BK000128")
        .at(0.45, 0.92, "Valable jusqu'au 14.06.2031");
    let fields = read(recto, verso_2020());
    expect_outcomes(
        &fields,
        &[
            ("mrz_cin", Outcome::Disagrees),
            ("mrz_birth", Outcome::Disagrees),
            ("mrz_expiry", Outcome::Agrees),
            ("mrz_family_name", Outcome::Disagrees),
            ("mrz_given_name", Outcome::Agrees),
            ("sides_cin", Outcome::Disagrees),
        ],
    );
    let readings = check(&fields, "mrz_birth").readings.clone().unwrap();
    assert_eq!(readings, ["02.01.1990", "01.01.1990"]);
    // The proved date is given all the same.
    expect(&fields, &[("naissance.date", "01.01.1990"), ("cin", "BK000123")]);
}

#[test]
fn a_failed_check_digit_is_named() {
    let zone = [ZONE[0], "9001017F3106143MAR<<<<<<<<<<<5", ZONE[2]];
    let verso = Printed::card().at(0.03, 0.3, "Fille de ALI").mrz(zone);
    expect_outcomes(
        &read(recto_2020(), verso),
        &[
            ("mrz_check_digit_number", Outcome::Agrees),
            ("mrz_check_digit_birth", Outcome::Disagrees),
            ("mrz_check_digit_expiry", Outcome::Agrees),
            ("mrz_check_digit_composite", Outcome::Disagrees),
        ],
    );
}

#[test]
fn a_birth_after_the_expiry_makes_both_doubtful() {
    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.02, 0.53, "Né le 15.07.2021")
        .at(0.02, 0.72, "Valable jusqu'au 31.01.2019");
    let fields = read(recto, Printed::card().at(0.03, 0.22, "Fils de AHMED"));
    expect_outcomes(&fields, &[("birth_before_expiry", Outcome::Disagrees)]);
    assert!(fields.naissance_date.confidence() < 0.5 && fields.validite.confidence() < 0.5);
}

#[test]
fn the_letters_of_the_number_are_a_hint_that_lowers_nothing() {
    let born_in = |town: &str| {
        let recto = Printed::card()
            .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
            .at(0.02, 0.53, "Né le 15.07.1981")
            .at(0.02, 0.66, town)
            .at(0.7, 0.79, "N° FA123456");
        read(recto, verso_2008())
    };
    let (here, elsewhere) = (born_in("à BERKANE"), born_in("à TANGER"));
    expect_outcomes(&here, &[("cin_prefix_birthplace", Outcome::Agrees)]);
    expect_outcomes(&elsewhere, &[("cin_prefix_birthplace", Outcome::Disagrees)]);
    assert!(check(&elsewhere, "cin_prefix_birthplace").advisory);
    assert!((here.cin.confidence() - elsewhere.cin.confidence()).abs() < f32::EPSILON);
}

fn family_of(fr: &str, ar: &str) -> CinFields {
    let recto = Printed::card()
        .at(0.3, 0.1, "CARTE NATIONALE D'IDENTITE")
        .at(0.35, 0.2, &format!("Nom : {fr}"))
        .at(0.98, 0.2, &format!("الاسم العائلي : {ar}"))
        .at(0.35, 0.3, "Prénom : AHMED")
        .at(0.98, 0.3, "الاسم الشخصي : أحمد");
    read(recto, verso_2008())
}

#[test]
fn scripts_that_agree_make_an_unknown_name_likelier() {
    let fields = family_of("BOUZKRAN", "بوزكران");
    expect_outcomes(&fields, &[("scripts_family_name", Outcome::Agrees)]);
    assert!(fields.nom.fr.confidence() >= confidence::CERTAIN);
    assert!(fields.nom.ar.confidence() >= confidence::CERTAIN);
}

#[test]
fn arabic_letters_that_french_does_not_write_are_never_certain_by_it() {
    let fields = family_of("BOUZKRANI", "بوزكرانى");
    expect_outcomes(&fields, &[("scripts_family_name", Outcome::Agrees)]);
    assert!(fields.nom.ar.confidence() < confidence::CERTAIN);
}

#[test]
fn scripts_that_contradict_each_other_are_shown_and_doubtful() {
    let fields = family_of("BOUZKRAN", "بوشكرات");
    let check = check(&fields, "scripts_family_name");
    assert_eq!(check.outcome, Outcome::Disagrees);
    assert_eq!(check.readings.as_ref().unwrap(), &["BOUZKRAN", "بوشكرات"]);
    assert!(fields.nom.fr.confidence() < 0.5 && fields.nom.ar.confidence() < 0.5);
}

#[test]
fn a_particle_lost_in_arabic_makes_the_arabic_doubtful_alone() {
    let verso = Printed::card()
        .at(0.03, 0.3, "Fils de ALI")
        .at(0.03, 0.38, "et de KHADIJA BENT AHMED")
        .at(0.97, 0.38, "و خديجة أحمد");
    let fields = read(recto_2008(), verso);
    assert_eq!(check(&fields, "scripts_mother").outcome, Outcome::Disagrees);
    assert!(fields.mere.fr.confidence() >= confidence::CERTAIN);
    assert!(fields.mere.ar.confidence() < 0.5);
}

#[test]
fn scripts_that_agree_do_not_outvote_the_zone() {
    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.98, 0.22, "فاطمة الزهراء")
        .at(0.363, 0.28, "FATIMA ZAHRA")
        .at(0.98, 0.33, "بن تكست")
        .at(0.363, 0.38, "BEN TEKST")
        .at(0.363, 0.44, "Née le 01.01.1990");
    let fields = read(recto, verso_2020());
    assert_eq!(check(&fields, "scripts_family_name").outcome, Outcome::Agrees);
    assert_eq!(check(&fields, "mrz_family_name").outcome, Outcome::Disagrees);
    assert!(fields.nom.fr.confidence() < 0.5);
}

#[test]
fn a_known_name_outlives_the_other_scripts_misreading() {
    let fields = family_of("ALAOUI", "الغلدي");
    assert_eq!(check(&fields, "scripts_family_name").outcome, Outcome::Disagrees);
    assert!(fields.nom.fr.confidence() >= confidence::CERTAIN);
    assert!(fields.nom.ar.confidence() < 0.5);
}

fn born_at(fr: &str, ar: &str) -> CinFields {
    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.363, 0.45, "Né le 01.01.1990")
        .at(0.98, 0.52, ar)
        .at(0.363, 0.58, fr)
        .at(0.363, 0.9, "Valable jusqu'au 01.01.2030");
    read(recto, verso_2008())
}

#[test]
fn a_place_agrees_by_its_own_arabic_name_or_by_its_spelling() {
    let outcome = |fr: &str, ar: &str| check(&born_at(fr, ar), "scripts_birthplace").outcome;
    assert_eq!(outcome("à CASABLANCA", "الدار البيضاء"), Outcome::Agrees);
    assert_eq!(outcome("à TANGER ASSILAH - TANGER", "طنجة أصيلة - طنجة"), Outcome::Agrees);
    assert_eq!(outcome("à GUERCIF", "كرسيف"), Outcome::Agrees);
    assert_eq!(outcome("à DOUAR INCONNU", "دوار إنكونو"), Outcome::Agrees);
    // Another name of a town that has one of its own: no letter tells.
    assert_eq!(outcome("à CASABLANCA", "أنفا"), Outcome::NotChecked);
    assert_eq!(outcome("à CASABLANCA", "الرباط"), Outcome::Disagrees);
    assert_eq!(outcome("à RABAT", "سطات"), Outcome::Disagrees);
}

#[test]
fn what_was_replaced_is_listed_with_its_field() {
    let zone = ["IDMARTE5TOA01<6BKOOO123<<<<<<<", "9OO1011F31O6143MAR<<<<<<<<<<<5", ZONE[2]];
    let verso = Printed::card().at(0.03, 0.3, "Fille de ALI").mrz(zone);
    let fields = read(recto_2020(), verso);
    let repairs = |path: &str| {
        let leaf = fields.leaves().into_iter().find(|leaf| leaf.path == path).unwrap();
        leaf.repairs.into_iter().map(|repair| repair.from + ">" + &repair.to).collect::<Vec<_>>()
    };
    assert_eq!(repairs("cin"), ["O>0", "O>0", "O>0"]);
    assert_eq!(repairs("carte.numero"), ["O>0"]);
    assert_eq!(repairs("identite.nom.fr"), [""; 0]);

    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.02, 0.53, "Né le 1507.1981")
        .at(0.7, 0.79, "N° FA12345O");
    let fields = read(recto, Printed::card().at(0.03, 0.22, "Fils de AHMED"));
    let leaf = |path: &str| fields.leaves().into_iter().find(|leaf| leaf.path == path).unwrap();
    let shown = serde_json::json!(leaf("naissance.date"));
    assert_eq!(shown["repairs"], serde_json::json!([{"from": "", "to": "/"}]));
    assert_eq!(
        serde_json::json!(leaf("cin"))["repairs"],
        serde_json::json!([{"from": "O", "to": "0"}])
    );
    assert_eq!(serde_json::json!(leaf("sexe")).get("repairs"), None);
    assert!(matches!(fields.cin, Field::Read { .. }));
}
