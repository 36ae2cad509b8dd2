//! What of a driving licence speaks for or against what else of it.

use chrono::{Datelike, NaiveDate};

use crate::documents::check::{Check, spelled};
use crate::documents::cin_number::parse_cin;
use crate::documents::lexicon::Words;
use crate::documents::permis::recto::Recto;
use crate::documents::permis::verso::Verso;
use crate::documents::permis::{HeldCategory, PermisFields};
use crate::documents::side_reader::{confirm, dispute};
use crate::documents::{PartialDate, scripts};

/// Nobody drives younger, not even a moped.
const YOUNGEST: i32 = 14;

/// Makes the checks, and settles the confidence of what they speak of.
pub(super) fn make(
    fields: &mut PermisFields,
    recto: Option<&Recto>,
    verso: Option<&Verso>,
) -> Vec<Check> {
    let held = verso.map_or(&[][..], |verso| &verso.held);
    let mut checks = vec![
        issued_with_a_category(fields, held),
        old_enough_when_issued(fields),
        old_enough_for_categories(fields, held),
        expiry_after_issue(fields),
        same_expiry(recto, verso),
        national_number(fields),
    ];
    checks.extend(names_and_place(fields));
    checks
}

/// The recto's date of issue is one of the verso's rows. It need not be: a licence that
/// was renewed bears dates of its own.
fn issued_with_a_category(fields: &mut PermisFields, held: &[HeldCategory]) -> Check {
    let issued = fields.date_delivrance.value();
    let dates: Vec<&NaiveDate> = held.iter().filter_map(|held| held.date.value()).collect();
    let found = issued.filter(|_| !dates.is_empty()).map(|issued| dates.contains(&issued));
    if found == Some(true) {
        confirm(&mut fields.date_delivrance);
    }
    Check::of("issue_date_among_categories", &["permis.date_delivrance"], found).advisory()
}

/// Birth comes years before the issue.
fn old_enough_when_issued(fields: &mut PermisFields) -> Check {
    let born = fields.naissance_date.value();
    let issued = fields.date_delivrance.value();
    let both = born.zip(issued);
    let old = both.map(|(born, issued)| issued.year() >= born.year() + YOUNGEST);
    let readings = both.map(|(born, issued)| (born.spelled(), spelled(*issued)));
    if old == Some(false) {
        dispute(&mut fields.naissance_date);
        dispute(&mut fields.date_delivrance);
    }
    Check::of("birth_before_issue", &["naissance.date", "permis.date_delivrance"], old)
        .with_readings(readings)
}

/// Each category has its least age, which older law set otherwise: information only.
fn old_enough_for_categories(fields: &PermisFields, held: &[HeldCategory]) -> Check {
    let born = fields.naissance_date.value();
    let old = |held: &HeldCategory| {
        let date = held.date.value()?;
        Some((old_enough(born?, held.category.minimum_age(), *date), *date))
    };
    let rows: Vec<(bool, NaiveDate)> = held.iter().filter_map(old).collect();
    let worst = rows.iter().min_by_key(|(old, date)| (*old, *date));
    let readings = born.zip(worst).map(|(born, (_, date))| (born.spelled(), spelled(*date)));
    Check::of("minimum_age", &["naissance.date", "permis.categorie"], worst.map(|(old, _)| *old))
        .with_readings(readings)
        .advisory()
}

/// Whether somebody may have been that old; of a birth year alone, at most.
fn old_enough(born: &PartialDate, age: i32, on: NaiveDate) -> bool {
    let birthday = |date: NaiveDate| (date.month(), date.day());
    match born.day() {
        Some(day) => (on.year() - day.year(), birthday(on)) >= (age, birthday(day)),
        None => on.year() - born.year() >= age,
    }
}

fn expiry_after_issue(fields: &mut PermisFields) -> Check {
    let both = fields.date_delivrance.value().zip(fields.date_expiration.value());
    let after = both.map(|(issued, until)| issued < until);
    let readings = both.map(|(issued, until)| (spelled(*issued), spelled(*until)));
    if after == Some(false) {
        dispute(&mut fields.date_expiration);
    }
    let paths = &["permis.date_delivrance", "permis.date_expiration"];
    Check::of("issue_before_expiry", paths, after).with_readings(readings)
}

/// Either side may print the expiry; both must say the same.
fn same_expiry(recto: Option<&Recto>, verso: Option<&Verso>) -> Check {
    let front = recto.and_then(|recto| recto.valid_until.value());
    let back = verso.and_then(|verso| verso.valid_until.value());
    let paths = &["permis.date_expiration"];
    Check::same("sides_expiry", paths, front.copied().map(spelled), back.copied().map(spelled))
}

/// The holder's national number has its usual form.
fn national_number(fields: &PermisFields) -> Check {
    let usual = fields.cin.value().map(|cin| parse_cin(cin).is_some_and(|number| number.usual));
    Check::of("cin_form", &["identite.cin"], usual)
}

fn names_and_place(fields: &mut PermisFields) -> [Check; 3] {
    const FAMILY: &[&str] = &["identite.nom.fr", "identite.nom.ar"];
    const GIVEN: &[&str] = &["identite.prenom.fr", "identite.prenom.ar"];
    const PLACE: &[&str] = &["naissance.lieu.fr", "naissance.lieu.ar"];
    [
        scripts::settle("scripts_family_name", FAMILY, &mut fields.nom, Words::Names),
        scripts::settle("scripts_given_name", GIVEN, &mut fields.prenom, Words::Names),
        scripts::settle("scripts_birthplace", PLACE, &mut fields.lieu, Words::Places),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_counted_to_the_day_and_of_a_year_at_most() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let born = PartialDate::Day(day(1990, 5, 20));
        assert!(old_enough(&born, 18, day(2008, 5, 20)));
        assert!(!old_enough(&born, 18, day(2008, 5, 19)));
        assert!(old_enough(&PartialDate::Year(1990), 18, day(2008, 1, 1)));
        assert!(!old_enough(&PartialDate::Year(1990), 18, day(2007, 12, 31)));
    }
}
