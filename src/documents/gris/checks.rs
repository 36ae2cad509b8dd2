//! What of a vehicle registration speaks for or against what else of it.

use chrono::NaiveDate;

use crate::documents::check::{Check, Outcome};
use crate::documents::gris::GrisFields;
use crate::documents::gris::owner::{is_arabic_company, is_company};
use crate::documents::gris::plate::is_region;
use crate::documents::gris::vin::{check_digit_holds, is_standard};
use crate::documents::lexicon::Words;
use crate::documents::side_reader::dispute;
use crate::documents::{Field, scripts};

/// Makes the checks, and settles the confidence of what they speak of.
pub(super) fn make(fields: &mut GrisFields) -> Vec<Check> {
    let mut checks = vec![plate_region(fields)];
    checks.extend(chassis(fields));
    checks.extend(dates(fields));
    checks.extend(weights(fields));
    checks.extend(owner(fields));
    checks
}

/// Regions count from 1 to 89. A number that is given has one of them; one that was
/// refused may have been so for another.
fn plate_region(fields: &GrisFields) -> Check {
    let raw = fields.numero.evidence().map(|evidence| evidence.raw.as_str());
    let holds = match fields.numero.value() {
        Some(_) => Some(true),
        None => raw.and_then(is_region),
    };
    Check::of("plate_region", &["numero_matricule_marocain.numero"], holds)
}

/// Both are information: older vehicles have shorter numbers, and only North America
/// demands the check digit, which most cars on Moroccan roads fail.
fn chassis(fields: &GrisFields) -> [Check; 2] {
    const PATHS: &[&str] = &["numero_chassis"];
    let vin = fields.numero_chassis.value();
    let standard = vin.map(|vin| is_standard(vin));
    let held = vin.filter(|vin| is_standard(vin)).map(|vin| check_digit_holds(vin));
    [
        Check::of("vin_alphabet", PATHS, standard).advisory(),
        Check::of("vin_check_digit", PATHS, held).advisory(),
    ]
}

/// First circulation, that in Morocco, transfer and expiry follow each other.
fn dates(fields: &mut GrisFields) -> Vec<Check> {
    let into_morocco = Check::in_order(
        "first_use_before_first_use_in_morocco",
        &["mise_en_circulation.date", "mise_en_circulation_au_maroc.date"],
        [&fields.mise_en_circulation, &fields.mise_en_circulation_au_maroc],
    );
    let transfer = Check::in_order(
        "first_use_in_morocco_before_transfer",
        &["mise_en_circulation_au_maroc.date", "mutation.date"],
        [&fields.mise_en_circulation_au_maroc, &fields.mutation],
    );
    let earlier =
        [&fields.mise_en_circulation, &fields.mise_en_circulation_au_maroc, &fields.mutation];
    let latest = earlier.into_iter().filter_map(Field::value).max().copied();
    let expiry = Check::of(
        "dates_before_expiry",
        &[
            "mise_en_circulation.date",
            "mise_en_circulation_au_maroc.date",
            "mutation.date",
            "valiadtion",
        ],
        latest.zip(fields.validite.value().copied()).map(|(latest, until)| latest < until),
    );
    if into_morocco.outcome == Outcome::Disagrees {
        dispute(&mut fields.mise_en_circulation);
        dispute(&mut fields.mise_en_circulation_au_maroc);
    }
    if transfer.outcome == Outcome::Disagrees {
        dispute(&mut fields.mutation);
    }
    if expiry.outcome == Outcome::Disagrees {
        dispute::<NaiveDate>(&mut fields.validite);
    }
    vec![into_morocco, transfer, expiry]
}

/// Laden is no less than empty, with a trailer no less than laden.
fn weights(fields: &mut GrisFields) -> [Check; 2] {
    let ordered = |check, paths, less: &Field<u32>, more: &Field<u32>| {
        let both = less.value().zip(more.value());
        let spelled = both.map(|(less, more)| (less.to_string(), more.to_string()));
        Check::of(check, paths, both.map(|(less, more)| less <= more)).with_readings(spelled)
    };
    let laden = ordered(
        "empty_weight_below_laden",
        &["poids_a_vide", "ptac"],
        &fields.poids_a_vide,
        &fields.ptac,
    );
    let trailer =
        ordered("laden_weight_below_trailer", &["ptac", "ptmct"], &fields.ptac, &fields.ptmct);
    if laden.outcome == Outcome::Disagrees {
        dispute(&mut fields.poids_a_vide);
        dispute(&mut fields.ptac);
    }
    if trailer.outcome == Outcome::Disagrees {
        dispute(&mut fields.ptmct);
    }
    [laden, trailer]
}

/// A person's names agree across the scripts; a company's is translated, not spelled.
fn owner(fields: &mut GrisFields) -> [Check; 2] {
    const FAMILY: &[&str] = &["identite.nom.fr", "identite.nom.ar"];
    const GIVEN: &[&str] = &["identite.prenom.fr", "identite.prenom.ar"];
    let company = fields.nom.fr.value().is_some_and(|name| is_company(name))
        || fields.nom.ar.value().is_some_and(|name| is_arabic_company(name));
    if company {
        return [
            Check::of("scripts_family_name", FAMILY, Outcome::NotChecked),
            Check::of("scripts_given_name", GIVEN, Outcome::NotChecked),
        ];
    }
    [
        scripts::settle("scripts_family_name", FAMILY, &mut fields.nom, Words::Names),
        scripts::settle("scripts_given_name", GIVEN, &mut fields.prenom, Words::Names),
    ]
}
