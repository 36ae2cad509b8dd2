//! The row of a driving licence, in `permi_data`.
#![expect(clippy::ref_option_ref, reason = "in the code that AsChangeset makes")]

use chrono::NaiveDate;
use diesel::dsl::{max, now, sql};
use diesel::prelude::*;

use crate::documents::permis::{Category, PermisFields};
use crate::documents::record::{document_record, flat_row, text};
use crate::documents::{Column, Form, PartialDate};
use crate::store::StoredDay;
use crate::store::schema::permi_data;

flat_row! {
    /// A row as the contract's list shows it.
    pub struct PermisRecord of permi_data {
        id: i32,
        numero_permis: Option<String>,
        nom_fr: Option<String>,
        nom_ar: Option<String>,
        prenom_fr: Option<String>,
        prenom_ar: Option<String>,
        date_naissance: Option<StoredDay>,
        lieu_fr: Option<String>,
        lieu_ar: Option<String>,
        date_delivrance: Option<StoredDay>,
        date_expiration: Option<StoredDay>,
        categorie: Option<String>,
    }
}

/// What the card says, as columns. What a newer card does not say is emptied:
/// a row describes one card and never mixes two.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = permi_data, treat_none_as_null = true)]
struct PermisValues<'a> {
    numero_permis: Option<&'a str>,
    nom_fr: Option<&'a str>,
    nom_ar: Option<&'a str>,
    prenom_fr: Option<&'a str>,
    prenom_ar: Option<&'a str>,
    date_naissance: Option<NaiveDate>,
    lieu_fr: Option<&'a str>,
    lieu_ar: Option<&'a str>,
    date_delivrance: Option<NaiveDate>,
    date_expiration: Option<NaiveDate>,
    categorie: Option<&'a str>,
}

impl<'a> PermisValues<'a> {
    fn of(fields: &'a PermisFields) -> Self {
        Self {
            numero_permis: text(&fields.numero_permis),
            nom_fr: text(&fields.nom.fr),
            nom_ar: text(&fields.nom.ar),
            prenom_fr: text(&fields.prenom.fr),
            prenom_ar: text(&fields.prenom.ar),
            date_naissance: fields.naissance_date.value().and_then(PartialDate::day),
            lieu_fr: text(&fields.lieu.fr),
            lieu_ar: text(&fields.lieu.ar),
            date_delivrance: fields.date_delivrance.value().copied(),
            date_expiration: fields.date_expiration.value().copied(),
            categorie: fields.categorie.value().copied().map(Category::spelled),
        }
    }
}

document_record!(
    PermisRecord,
    PermisFields,
    "permis",
    permi_data.numero_permis until date_expiration,
    PermisValues::of,
    COLUMNS
);

/// The columns that a person may correct, with the leaves that they hold.
static COLUMNS: &[Column] = &[
    Column { name: "numero_permis", path: "permis.numero_permis", form: Form::Number(number) },
    Column::text("nom_fr", "identite.nom.fr"),
    Column::text("nom_ar", "identite.nom.ar"),
    Column::text("prenom_fr", "identite.prenom.fr"),
    Column::text("prenom_ar", "identite.prenom.ar"),
    Column::day("date_naissance", "naissance.date"),
    Column::text("lieu_fr", "naissance.lieu.fr"),
    Column::text("lieu_ar", "naissance.lieu.ar"),
    Column::day("date_delivrance", "permis.date_delivrance"),
    Column::day("date_expiration", "permis.date_expiration"),
    Column { name: "categorie", path: "permis.categorie", form: Form::OneOf(CATEGORIES) },
];

const CATEGORIES: &[&str] = &["AM", "A1", "A", "B", "C", "D", "E(B)", "E(C)", "E(D)"];

/// A licence number as a person types it: the office, a slash, the number.
fn number(text: &str) -> Option<String> {
    let (office, rest) = text.split_once('/')?;
    let is_number = |part: &str, most| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    (is_number(office, 3) && is_number(rest, 9)).then(|| text.to_owned())
}
