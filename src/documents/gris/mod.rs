//! The vehicle registration (*carte grise*). Its recto is the owner's side,
//! its verso the technical one.

mod checks;
mod fields;
mod labels;
mod owner;
mod plate;
pub mod record;
mod recto;
mod usage;
mod verso;
mod vin;

#[cfg(test)]
mod tests;

pub use fields::{GrisFields, Usage};

use crate::documents::gris::labels::{MARKS, labels};
use crate::documents::marks::Tally;
use crate::documents::{Bilingual, DocumentKind, Field, Reason, Recognised, Sides};
use crate::ocr::Page;

/// The kind, for type parameters.
#[derive(Debug)]
pub struct Gris;

impl DocumentKind for Gris {
    type Fields = GrisFields;
    type Record = record::GrisRecord;

    const SLUG: &'static str = "gris";
    const VERSO_REQUIRED: bool = true;

    fn recognise(page: &Page) -> Option<Recognised> {
        Tally::of(page, labels(), &MARKS).verdict(Self::SLUG, None)
    }

    fn prints(word: &str) -> bool {
        labels().has_word(word)
    }

    fn read(sides: &Sides) -> GrisFields {
        let mut fields = GrisFields::unread();
        owner_side(&mut fields, sides);
        technical_side(&mut fields, sides);
        fields.checks = checks::make(&mut fields);
        fields
    }
}

/// A plate in the contract's spelling.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) fn spelled_plate(text: &str) -> Option<String> {
    plate::parse_plate(text).map(|plate| plate.spelled())
}

/// A previous registration in the contract's spelling.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) fn spelled_previous_plate(text: &str) -> Option<String> {
    plate::parse_previous(text).map(|(spelled, _)| spelled)
}

fn owner_side(fields: &mut GrisFields, sides: &Sides) {
    let Some(recto) = sides.recto.as_ref().map(recto::read) else {
        fields.numero = Field::null(Reason::SideMissing);
        (fields.nom, fields.prenom) =
            (Bilingual::null(Reason::SideMissing), Bilingual::null(Reason::SideMissing));
        return;
    };
    fields.numero = recto.number;
    fields.immatriculation_anterieure = recto.previous;
    fields.mise_en_circulation = recto.first_use;
    fields.mise_en_circulation_au_maroc = recto.first_use_in_morocco;
    fields.mutation = recto.transfer;
    fields.usage_type = recto.usage;
    fields.usage_description = recto.usage_printed;
    fields.nom = recto.family;
    fields.prenom = recto.given;
    fields.adresse = recto.address;
    fields.validite = recto.valid_until;
}

fn technical_side(fields: &mut GrisFields, sides: &Sides) {
    let Some(verso) = sides.verso.as_ref().map(verso::read) else {
        let missing = || Field::null(Reason::SideMissing);
        (fields.marque, fields.type_constructeur, fields.genre) = (missing(), missing(), missing());
        (fields.type_carburant, fields.numero_chassis) = (missing(), missing());
        return;
    };
    fields.marque = verso.make;
    fields.type_constructeur = verso.type_code;
    fields.genre = verso.genre;
    fields.modele = verso.model;
    fields.type_carburant = verso.fuel;
    fields.numero_chassis = verso.chassis;
    fields.nombre_cylindres = verso.cylinders;
    fields.puissance_fiscale = verso.fiscal_power;
    fields.nombre_places = verso.seats;
    fields.ptac = verso.laden;
    fields.poids_a_vide = verso.empty;
    fields.ptmct = verso.with_trailer;
    fields.restriction = verso.restriction;
}
