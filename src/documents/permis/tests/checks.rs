//! What of a licence speaks for or against what else of it.

use super::*;
use crate::documents::{Check, Outcome};

fn check<'a>(fields: &'a PermisFields, name: &str) -> &'a Check {
    fields.checks().iter().find(|check| check.check == name).unwrap()
}

#[test]
fn on_a_licence_read_right_every_check_that_can_be_made_agrees() {
    let fields = read(recto(), Some(verso(&ROWS, "Date de fin de validité : 12/09/2035")));
    let outcomes: Vec<_> =
        fields.checks().iter().map(|check| (check.check, check.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            ("issue_date_among_categories", Outcome::Agrees),
            ("birth_before_issue", Outcome::Agrees),
            ("minimum_age", Outcome::Agrees),
            ("issue_before_expiry", Outcome::Agrees),
            // This series prints the expiry on the back alone.
            ("sides_expiry", Outcome::NotChecked),
            ("cin_form", Outcome::Agrees),
            ("scripts_family_name", Outcome::Agrees),
            ("scripts_given_name", Outcome::Agrees),
            ("scripts_birthplace", Outcome::Agrees),
        ]
    );
}

#[test]
fn a_date_of_issue_of_no_category_is_information() {
    let mut rows = ROWS;
    rows[2].1 = "12/10/2015";
    let fields = read(recto(), Some(verso(&rows, "Fin de validité 12/09/2035")));
    let check = check(&fields, "issue_date_among_categories");
    assert_eq!((check.outcome, check.advisory), (Outcome::Disagrees, true));
    assert!(fields.date_delivrance.confidence() > 0.9);
}

#[test]
fn a_category_held_too_young_is_a_warning() {
    let mut rows = ROWS;
    rows[1].1 = "03/02/1998";
    let fields = read(recto(), Some(verso(&rows, "Fin de validité 12/09/2035")));
    let check = check(&fields, "minimum_age");
    assert_eq!((check.outcome, check.advisory), (Outcome::Disagrees, true));
    assert_eq!(check.readings.as_ref().unwrap(), &["15.07.1981", "03.02.1998"]);
    assert!(fields.naissance_date.confidence() > 0.9);
}

#[test]
fn an_expiry_before_the_issue_is_doubtful() {
    let fields = read(recto(), Some(verso(&ROWS, "Fin de validité 12/09/2014")));
    assert_eq!(check(&fields, "issue_before_expiry").outcome, Outcome::Disagrees);
    assert!(fields.date_expiration.confidence() < 0.5);
}

#[test]
fn an_expiry_that_differs_between_the_sides_is_doubtful() {
    let recto = || recto().at(0.04, 0.86, "Fin de validité 12/09/2035");
    let fields = read(recto(), Some(verso(&ROWS, "Fin de validité 12/09/2036")));
    assert_eq!(check(&fields, "sides_expiry").outcome, Outcome::Disagrees);
    assert!(fields.date_expiration.confidence() < 0.5);
    let fields = read(recto(), Some(verso(&ROWS, "Fin de validité 12/09/2035")));
    assert_eq!(check(&fields, "sides_expiry").outcome, Outcome::Agrees);
}

#[test]
fn a_slash_that_was_restored_is_listed() {
    let recto =
        Printed::card().at(0.03, 0.1, "PERMIS DE CONDUIRE").at(0.04, 0.5, "Permis N° 55193059");
    let fields = read(recto, None);
    expect(&fields, &[("permis.numero_permis", "55/193059")]);
    let leaf = fields.leaves().into_iter().find(|leaf| leaf.path == "permis.numero_permis");
    assert_eq!(
        leaf.unwrap().repairs,
        [crate::documents::Repair { from: String::new(), to: "/".to_owned() }]
    );
}
