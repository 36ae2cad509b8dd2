//! The row of a vehicle registration, in `gris_data`.
#![expect(clippy::ref_option_ref, reason = "in the code that AsChangeset makes")]

use chrono::NaiveDate;
use diesel::dsl::{max, now, sql};
use diesel::prelude::*;

use crate::documents::gris::plate::parse_plate;
use crate::documents::gris::{GrisFields, Usage};
use crate::documents::record::{document_record, flat_row, text};
use crate::documents::{Column, Form};
use crate::store::StoredDay;
use crate::store::schema::gris_data;

flat_row! {
    /// A row as the contract's list shows it.
    pub struct GrisRecord of gris_data {
        id: i32,
        numero_matricule_marocain: Option<String>,
        immatriculation_anterieure: Option<String>,
        date_premiere_immatriculation: Option<StoredDay>,
        date_derniere_immatriculation: Option<StoredDay>,
        date_mutation: Option<StoredDay>,
        marque: Option<String>,
        #[serde(rename = "type")]
        type_: Option<String>,
        genre: Option<String>,
        type_carburant: Option<String>,
        numero_chassis: Option<String>,
        nombre_cylindres: Option<i32>,
        puissance_fiscale: Option<i32>,
        restriction: Option<String>,
        usage_type: Option<String>,
        usage_description: Option<String>,
        nom_fr: Option<String>,
        nom_ar: Option<String>,
        prenom_fr: Option<String>,
        prenom_ar: Option<String>,
        adresse_fr: Option<String>,
        adresse_ar: Option<String>,
        date_validite: Option<StoredDay>,
    }
}

/// What the card says, as columns. What a newer card does not say is emptied:
/// a row describes one card and never mixes two.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = gris_data, treat_none_as_null = true)]
struct GrisValues<'a> {
    numero_matricule_marocain: Option<&'a str>,
    immatriculation_anterieure: Option<&'a str>,
    date_premiere_immatriculation: Option<NaiveDate>,
    date_derniere_immatriculation: Option<NaiveDate>,
    date_mutation: Option<NaiveDate>,
    marque: Option<&'a str>,
    type_: Option<&'a str>,
    genre: Option<&'a str>,
    type_carburant: Option<&'a str>,
    numero_chassis: Option<&'a str>,
    nombre_cylindres: Option<i32>,
    puissance_fiscale: Option<i32>,
    restriction: Option<&'a str>,
    usage_type: Option<&'a str>,
    usage_description: Option<&'a str>,
    nom_fr: Option<&'a str>,
    nom_ar: Option<&'a str>,
    prenom_fr: Option<&'a str>,
    prenom_ar: Option<&'a str>,
    adresse_fr: Option<&'a str>,
    adresse_ar: Option<&'a str>,
    date_validite: Option<NaiveDate>,
}

impl<'a> GrisValues<'a> {
    fn of(fields: &'a GrisFields) -> Self {
        Self {
            numero_matricule_marocain: text(&fields.numero),
            immatriculation_anterieure: text(&fields.immatriculation_anterieure),
            // The old names of the columns; the contract says what they hold.
            date_premiere_immatriculation: fields.mise_en_circulation.value().copied(),
            date_derniere_immatriculation: fields.mise_en_circulation_au_maroc.value().copied(),
            date_mutation: fields.mutation.value().copied(),
            marque: text(&fields.marque),
            type_: text(&fields.type_constructeur),
            genre: text(&fields.genre),
            type_carburant: text(&fields.type_carburant),
            numero_chassis: text(&fields.numero_chassis),
            nombre_cylindres: fields.nombre_cylindres.value().copied().and_then(integer),
            puissance_fiscale: fields.puissance_fiscale.value().copied().and_then(integer),
            restriction: text(&fields.restriction),
            usage_type: fields.usage_type.value().copied().map(Usage::spelled),
            usage_description: text(&fields.usage_description),
            nom_fr: text(&fields.nom.fr),
            nom_ar: text(&fields.nom.ar),
            prenom_fr: text(&fields.prenom.fr),
            prenom_ar: text(&fields.prenom.ar),
            adresse_fr: text(&fields.adresse.fr),
            adresse_ar: text(&fields.adresse.ar),
            date_validite: fields.validite.value().copied(),
        }
    }
}

fn integer(number: u32) -> Option<i32> {
    i32::try_from(number).ok()
}

document_record!(
    GrisRecord,
    GrisFields,
    "gris",
    gris_data.numero_matricule_marocain until date_validite,
    GrisValues::of,
    COLUMNS
);

/// The columns that a person may correct, with the leaves that they hold.
static COLUMNS: &[Column] = &[
    Column {
        name: "numero_matricule_marocain",
        path: "numero_matricule_marocain.numero",
        form: Form::Number(number),
    },
    Column::text("immatriculation_anterieure", "immatriculation_anterieure.numero"),
    Column::day("date_premiere_immatriculation", "mise_en_circulation.date"),
    Column::day("date_derniere_immatriculation", "mise_en_circulation_au_maroc.date"),
    Column::day("date_mutation", "mutation.date"),
    Column::text("marque", "marque"),
    Column::text("type", "Type"),
    Column::text("genre", "Genre"),
    Column::text("type_carburant", "type_carburant"),
    Column::text("numero_chassis", "numero_chassis"),
    Column { name: "nombre_cylindres", path: "nombre_cylindres", form: Form::Count },
    Column { name: "puissance_fiscale", path: "puissance_fiscale", form: Form::Count },
    Column::text("restriction", "restriction"),
    Column { name: "usage_type", path: "usage.type", form: Form::OneOf(USAGES) },
    Column::text("usage_description", "usage.description"),
    Column::text("nom_fr", "identite.nom.fr"),
    Column::text("nom_ar", "identite.nom.ar"),
    Column::text("prenom_fr", "identite.prenom.fr"),
    Column::text("prenom_ar", "identite.prenom.ar"),
    Column::text("adresse_fr", "adresse.fr"),
    Column::text("adresse_ar", "adresse.ar"),
    Column::day("date_validite", "valiadtion"),
];

const USAGES: &[&str] = &[
    "Particulier",
    "Transport de marchandises",
    "Transport en commun",
    "Location avec chauffeur",
    "Location sans chauffeur",
];

/// Characters of a plate of any series at most.
const PLATE_MAXIMUM: usize = 30;

/// A plate as a person types it: that of the current series has one spelling, older ones
/// are taken as they are.
fn number(text: &str) -> Option<String> {
    let plate = parse_plate(text).filter(|plate| plate.repairs().is_empty());
    let older = || (text.chars().count() <= PLATE_MAXIMUM).then(|| text.to_owned());
    plate.map_or_else(older, |plate| Some(plate.spelled()))
}
