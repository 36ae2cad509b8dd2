//! The driving licence (*permis de conduire*).

mod category;
mod checks;
mod fields;
mod labels;
pub mod record;
mod recto;
mod verso;

#[cfg(test)]
mod tests;

pub use category::Category;
pub use fields::{HeldCategory, PermisFields};

use chrono::NaiveDate;

use crate::documents::marks::{Tally, Weight};
use crate::documents::permis::labels::{MARKS, labels};
use crate::documents::permis::recto::Recto;
use crate::documents::permis::verso::Verso;
use crate::documents::side_reader::{confirm, dispute};
use crate::documents::{
    Bilingual, DocumentKind, Field, Reason, Recognised, Side, Sides, confidence,
};
use crate::ocr::Page;

/// The kind, for type parameters.
#[derive(Debug)]
pub struct Permis;

impl DocumentKind for Permis {
    type Fields = PermisFields;
    type Record = record::PermisRecord;

    const SLUG: &'static str = "permis";
    const VERSO_REQUIRED: bool = false;

    fn recognise(page: &Page) -> Option<Recognised> {
        let mut tally = Tally::of(page, labels(), &MARKS);
        if verso::has_table(page) {
            tally.add(Weight::Own, Some(Side::Verso));
        }
        tally.verdict(Self::SLUG, None)
    }

    fn prints(word: &str) -> bool {
        labels().has_word(word)
    }

    fn read(sides: &Sides) -> PermisFields {
        let recto = sides.recto.as_ref().map(recto::read);
        let verso = sides.verso.as_ref().map(verso::read);
        combine(recto.as_ref(), verso.as_ref())
    }
}

fn combine(recto: Option<&Recto>, verso: Option<&Verso>) -> PermisFields {
    let mut fields = PermisFields::unread();
    let held = verso.map_or(&[][..], |verso| &verso.held);
    fields.categorie = main_category(recto, verso.is_some(), held);
    fields.date_expiration = expiry(recto, verso);
    if let Some(recto) = recto {
        fields.numero_permis = recto.number.clone();
        fields.date_delivrance = recto.issued_on.clone();
        fields.nom = recto.family.clone();
        fields.prenom = recto.given.clone();
        fields.naissance_date = recto.birth.clone();
        fields.lieu = recto.place.clone();
        fields.cin = recto.cin.clone();
        fields.lieu_delivrance = recto.issued_at.clone();
    } else {
        let missing = Bilingual::null(Reason::SideMissing);
        (fields.nom, fields.prenom, fields.lieu) = (missing.clone(), missing.clone(), missing);
        fields.numero_permis = Field::null(Reason::SideMissing);
        fields.date_delivrance = Field::null(Reason::SideMissing);
        fields.naissance_date = Field::null(Reason::SideMissing);
    }
    fields.checks = checks::make(&mut fields, recto, verso);
    if let Some(verso) = verso {
        fields.numero_serie = verso.serial.clone();
        fields.categories.clone_from(&verso.held);
    }
    fields
}

/// The main category: the row of the recto's date of issue, else the only one held
/// or printed on the front. Of several rows of that date the one that the front's
/// box names alone.
fn main_category(
    recto: Option<&Recto>,
    verso_sent: bool,
    held: &[HeldCategory],
) -> Field<Category> {
    let boxed = recto.map_or(&[][..], |recto| &recto.categories);
    let issued = recto.and_then(|recto| recto.issued_on.value());
    let of_issue: Vec<&HeldCategory> =
        held.iter().filter(|held| issued.is_some() && held.date.value() == issued).collect();
    let in_box = |category: Category| boxed.iter().any(|field| field.value() == Some(&category));
    let from_row = |held: &HeldCategory, supported: bool| {
        let Some(mut evidence) = held.date.evidence().cloned() else {
            return Field::null(Reason::Unreadable);
        };
        evidence.repairs.clone_from(&held.repairs);
        evidence.confidence = if supported {
            confidence::supported(evidence.confidence)
        } else {
            confidence::alone(evidence.confidence)
        };
        Field::read(held.category, evidence)
    };
    if let [row] = of_issue.as_slice() {
        return from_row(row, in_box(row.category) || held.len() == 1);
    }
    if let [only] = boxed {
        return only.clone();
    }
    if let ([row], []) = (held, of_issue.as_slice()) {
        return from_row(row, false);
    }
    if let Some(row) = of_issue.iter().find(|row| row.category == Category::B).or(of_issue.first())
    {
        let mut field = from_row(row, false);
        dispute(&mut field);
        return field;
    }
    let evidence = boxed.first().and_then(|field| field.evidence().cloned());
    match evidence {
        Some(evidence) => Field::refused(Reason::Unreadable, evidence),
        None if verso_sent => Field::null(Reason::NotFound),
        None => Field::null(Reason::SideMissing),
    }
}

/// The expiry, wherever it is printed.
fn expiry(recto: Option<&Recto>, verso: Option<&Verso>) -> Field<NaiveDate> {
    let front = recto.map(|recto| recto.valid_until.clone());
    let back = verso.map(|verso| verso.valid_until.clone());
    match (front, back) {
        (Some(mut front), Some(back)) if front.value().is_some() => {
            if back.value().is_some() {
                if back.value() == front.value() {
                    confirm(&mut front);
                } else {
                    dispute(&mut front);
                }
            }
            front
        }
        (_, Some(back)) => back,
        (Some(front), None) if front.value().is_some() => front,
        _ => Field::null(Reason::SideMissing),
    }
}
