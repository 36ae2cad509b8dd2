//! What of a registration speaks for or against what else of it.

use super::*;
use crate::documents::{Check, Outcome, Repair, confidence};

fn check<'a>(fields: &'a GrisFields, name: &str) -> &'a Check {
    fields.checks().iter().find(|check| check.check == name).unwrap()
}

fn technical(replaced: &[(usize, &'static str, &'static str)]) -> GrisFields {
    read(owner_rows(&[]), technical_rows(replaced))
}

#[test]
fn on_a_registration_read_right_every_check_that_can_be_made_agrees() {
    let fields = technical(&[(11, "P.T.M.C.T 3000 kg", "")]);
    let outcomes: Vec<_> =
        fields.checks().iter().map(|check| (check.check, check.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            ("plate_region", Outcome::Agrees),
            ("vin_alphabet", Outcome::Agrees),
            // Of a European car.
            ("vin_check_digit", Outcome::Disagrees),
            ("first_use_before_first_use_in_morocco", Outcome::Agrees),
            // The transfer is marked absent.
            ("first_use_in_morocco_before_transfer", Outcome::NotChecked),
            ("dates_before_expiry", Outcome::Agrees),
            ("empty_weight_below_laden", Outcome::Agrees),
            ("laden_weight_below_trailer", Outcome::Agrees),
            ("scripts_family_name", Outcome::Agrees),
            ("scripts_given_name", Outcome::Agrees),
        ]
    );
}

#[test]
fn a_vins_check_digit_confirms_and_never_disputes() {
    let holds = technical(&[(5, "N° du chassis 1M8GDM9AXKP042788", "")]);
    let fails = technical(&[(5, "N° du chassis 1M8GDM9AXKP042789", "")]);
    assert_eq!(check(&holds, "vin_check_digit").outcome, Outcome::Agrees);
    assert_eq!(check(&fails, "vin_check_digit").outcome, Outcome::Disagrees);
    assert!(check(&fails, "vin_check_digit").advisory);
    assert!(holds.numero_chassis.confidence() >= confidence::CERTAIN);
    assert!((fails.numero_chassis.confidence() - confidence::alone(0.95)).abs() < 1e-6);
}

#[test]
fn a_short_vin_of_an_older_vehicle_is_given_with_a_warning() {
    let fields = technical(&[(5, "N° du chassis ABC1234567", "")]);
    expect(&fields, &[("numero_chassis", "ABC1234567")]);
    let check = check(&fields, "vin_alphabet");
    assert_eq!((check.outcome, check.advisory), (Outcome::Disagrees, true));
}

#[test]
fn letters_that_no_vin_has_are_repaired_and_listed() {
    let fields = technical(&[(5, "N° du chassis UU1KSDJF4ABI2345O", "")]);
    expect(&fields, &[("numero_chassis", "UU1KSDJF4AB123450")]);
    let repair = |from: &str, to: &str| Repair { from: from.into(), to: to.into() };
    assert_eq!(leaf(&fields, "numero_chassis").repairs, [repair("I", "1"), repair("O", "0")]);
}

#[test]
fn a_region_that_there_is_not_is_named() {
    let card = Printed::card()
        .at(0.35, 0.12, "CARTE GRISE")
        .at(0.03, 0.2, "Numéro d'immatriculation")
        .at(0.4, 0.2, "12345-أ-97");
    let fields = read(card, technical_rows(&[]));
    assert_eq!(fields.numero.value(), None);
    assert_eq!(check(&fields, "plate_region").outcome, Outcome::Disagrees);
}

#[test]
fn dates_must_follow_each_other() {
    let fields =
        read(owner_rows(&[(4, "Mutation le 01/02/2016", "تحويل بتاريخ")]), technical_rows(&[]));
    assert_eq!(check(&fields, "first_use_in_morocco_before_transfer").outcome, Outcome::Disagrees);
    assert!(fields.mutation.confidence() < 0.5);
    let fields = read(
        owner_rows(&[(8, "Fin de validité 04/06/2016", "نهاية الصلاحية")]),
        technical_rows(&[]),
    );
    assert_eq!(check(&fields, "dates_before_expiry").outcome, Outcome::Disagrees);
    assert!(fields.validite.confidence() < 0.5);
}

#[test]
fn a_car_bought_new_in_morocco_has_one_date_twice() {
    let fields = read(
        owner_rows(&[(3, "M.C au maroc 03/04/2015", "أول استخدام بالمغرب")]),
        technical_rows(&[]),
    );
    let check = check(&fields, "first_use_before_first_use_in_morocco");
    assert_eq!(check.outcome, Outcome::Agrees);
}

#[test]
fn weights_out_of_order_are_doubtful() {
    let fields = technical(&[(10, "Poids à vide 2905 kg", "الوزن الفارغ")]);
    assert_eq!(check(&fields, "empty_weight_below_laden").outcome, Outcome::Disagrees);
    assert!(fields.ptac.confidence() < 0.5 && fields.poids_a_vide.confidence() < 0.5);
    let fields = technical(&[(11, "P.T.M.C.T 1000 kg", "")]);
    assert_eq!(check(&fields, "laden_weight_below_trailer").outcome, Outcome::Disagrees);
    assert!(fields.ptmct.confidence() < 0.5);
}

#[test]
fn a_companys_name_is_translated_and_not_compared() {
    let fields = read(
        owner_rows(&[(6, "Propriétaire STE ATLAS TRANSPORT SARL", "المالك شركة الأطلس")]),
        technical_rows(&[]),
    );
    assert_eq!(check(&fields, "scripts_family_name").outcome, Outcome::NotChecked);
    assert!(fields.nom.fr.confidence() > 0.5);
}
