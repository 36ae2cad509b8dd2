//! What of an identity card speaks for or against what else of it: the machine-readable
//! zone, the two sides, the two scripts.

use chrono::Datelike;

use crate::documents::check::{Check, spelled};
use crate::documents::cin::proof::is_same_name;
use crate::documents::cin::recto::Recto;
use crate::documents::cin::verso::{Verso, Zone, mother_ar, mother_fr, parent_ar};
use crate::documents::cin::{CinFields, Sex};
use crate::documents::lexicon::Words;
use crate::documents::normalize::latin_name;
use crate::documents::scripts::settle_as;
use crate::documents::side_reader::dispute;
use crate::documents::{Field, PartialDate, scripts, towns};

/// Makes the checks, and settles the confidence of what they speak of. Only the 2020 card
/// has a zone; only the 2008 card prints its expiry on both sides.
pub(super) fn make(
    fields: &mut CinFields,
    recto: Option<&Recto>,
    verso: Option<&Verso>,
    is_2020: bool,
) -> Vec<Check> {
    let mut checks = Vec::new();
    if is_2020 {
        let zone = verso.and_then(|verso| verso.zone.as_ref());
        checks.extend(check_digits(zone));
        checks.extend(zone_against_print(zone, recto, verso));
    }
    checks.push(same_number(recto, verso));
    if !is_2020 {
        checks.push(same_expiry(recto, verso));
    }
    checks.push(birth_before_expiry(fields));
    checks.push(number_of_birthplace(fields));
    checks.extend(scripts(fields));
    checks
}

fn check_digits(zone: Option<&Zone>) -> [Check; 4] {
    let held = zone.map(|zone| zone.mrz.checks);
    let composite = &["cin", "carte.numero", "naissance.date", "validite"];
    [
        Check::of("mrz_check_digit_number", &["carte.numero"], held.map(|held| held.number)),
        Check::of("mrz_check_digit_birth", &["naissance.date"], held.map(|held| held.birth)),
        Check::of("mrz_check_digit_expiry", &["validite"], held.map(|held| held.expiry)),
        Check::of("mrz_check_digit_composite", composite, held.map(|held| held.composite)),
    ]
}

/// What the zone repeats of the print, each as printed and as the zone says it.
fn zone_against_print(
    zone: Option<&Zone>,
    recto: Option<&Recto>,
    verso: Option<&Verso>,
) -> [Check; 6] {
    let mrz = zone.map(|zone| &zone.mrz);
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let in_zone = mrz.and_then(|mrz| text(&mrz.cin));
    let number = printed_number(recto, verso, in_zone.as_deref());
    let birth = recto.and_then(|recto| recto.birth.value()).map(PartialDate::spelled);
    let expiry = recto.and_then(|recto| recto.valid_until.value()).copied().map(spelled);
    let sex = verso.and_then(|verso| verso.sex.value()).map(|sex| Sex::letter(*sex).to_owned());
    let family = mrz.and_then(|mrz| text(&mrz.family));
    let given = mrz.and_then(|mrz| text(&mrz.given));
    [
        Check::same("mrz_cin", &["cin"], number, in_zone),
        Check::same(
            "mrz_birth",
            &["naissance.date"],
            birth,
            mrz.and_then(|mrz| mrz.birth).map(|birth| birth.spelled()),
        ),
        Check::same(
            "mrz_expiry",
            &["validite"],
            expiry,
            mrz.and_then(|mrz| mrz.expiry).map(spelled),
        ),
        Check::same("mrz_sex", &["sexe"], sex, mrz.and_then(|mrz| mrz.sex).map(String::from)),
        same_name("mrz_family_name", &["identite.nom.fr"], recto, family.as_ref()),
        same_name("mrz_given_name", &["identite.prenom.fr"], recto, given.as_ref()),
    ]
}

/// The number of the front, else that of the back which is likest to the zone's.
fn printed_number(
    recto: Option<&Recto>,
    verso: Option<&Verso>,
    in_zone: Option<&str>,
) -> Option<String> {
    let likest = |verso: &Verso| {
        let of_card = verso.zone.as_ref().map(|zone| &zone.mrz.number);
        let numbers = verso.numbers.iter().filter_map(Field::value);
        let numbers = numbers.filter(|number| Some(*number) != of_card);
        let away = |number: &&String| in_zone.map(|zone| strsim::levenshtein(number, zone));
        numbers.min_by_key(away).cloned()
    };
    recto.and_then(|recto| recto.cin.value().cloned()).or_else(|| verso.and_then(likest))
}

/// Of the two printed names the one that is meant: the likest.
fn same_name(
    check: &'static str,
    paths: &'static [&'static str],
    recto: Option<&Recto>,
    in_zone: Option<&String>,
) -> Check {
    let printed = recto.into_iter().flat_map(|recto| [&recto.upper.fr, &recto.lower.fr]);
    let pairs = printed.filter_map(|name| name.value().cloned().zip(in_zone.cloned()));
    let likeness = |pair: &(String, String)| strsim::normalized_levenshtein(&pair.0, &pair.1);
    let likest = pairs.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let same = likest.as_ref().map(|(printed, in_zone)| is_same_name(printed, in_zone));
    Check::of(check, paths, same).with_readings(likest)
}

/// The number of the front is one of those on the back, of which one may be the card's.
fn same_number(recto: Option<&Recto>, verso: Option<&Verso>) -> Check {
    let front = recto.and_then(|recto| recto.cin.value().cloned());
    let back = printed_number(None, verso, front.as_deref());
    Check::same("sides_cin", &["cin"], front, back)
}

fn same_expiry(recto: Option<&Recto>, verso: Option<&Verso>) -> Check {
    let front = recto.and_then(|recto| recto.valid_until.value()).copied();
    let back = verso.and_then(|verso| verso.valid_until.value()).copied();
    Check::same("sides_expiry", &["validite"], front.map(spelled), back.map(spelled))
}

/// Nobody is born after the card expires; of a birth year alone only the year tells.
fn birth_before_expiry(fields: &mut CinFields) -> Check {
    let both = fields.naissance_date.value().zip(fields.validite.value());
    let before = both.map(|(birth, until)| match birth.day() {
        Some(day) => day < *until,
        None => birth.year() <= until.year(),
    });
    let readings = both.map(|(birth, until)| (birth.spelled(), spelled(*until)));
    if before == Some(false) {
        dispute(&mut fields.naissance_date);
        dispute(&mut fields.validite);
    }
    Check::of("birth_before_expiry", &["naissance.date", "validite"], before)
        .with_readings(readings)
}

/// A hint: the letters are those of the office of the first card, often the birthplace's.
fn number_of_birthplace(fields: &CinFields) -> Check {
    let both = fields.cin.value().cloned().zip(fields.lieu.fr.value().cloned());
    let hint = both.as_ref().and_then(|(number, place)| towns::issues_at(place, number));
    Check::of("cin_prefix_birthplace", &["cin", "naissance.lieu.fr"], hint)
        .with_readings(both)
        .advisory()
}

/// French against Arabic, of every name and of the birthplace.
fn scripts(fields: &mut CinFields) -> [Check; 5] {
    const FAMILY: &[&str] = &["identite.nom.fr", "identite.nom.ar"];
    const GIVEN: &[&str] = &["identite.prenom.fr", "identite.prenom.ar"];
    const PLACE: &[&str] = &["naissance.lieu.fr", "naissance.lieu.ar"];
    const FATHER: &[&str] = &["parents.pere.fr", "parents.pere.ar"];
    const MOTHER: &[&str] = &["parents.mere.fr", "parents.mere.ar"];
    const NAMES: Words = Words::Names;
    [
        scripts::settle("scripts_family_name", FAMILY, &mut fields.nom, Words::Names),
        scripts::settle("scripts_given_name", GIVEN, &mut fields.prenom, Words::Names),
        scripts::settle("scripts_birthplace", PLACE, &mut fields.lieu, Words::Places),
        settle_as([latin_name, parent_ar], "scripts_father", FATHER, &mut fields.pere, NAMES),
        settle_as([mother_fr, mother_ar], "scripts_mother", MOTHER, &mut fields.mere, NAMES),
    ]
}
