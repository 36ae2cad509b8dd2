//! The row of a vehicle registration, in `gris_data`.
#![expect(clippy::ref_option_ref, reason = "in the code that AsChangeset makes")]

use chrono::NaiveDate;
use diesel::dsl::{count, count_star, max, now, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{Date, Text};

use crate::documents::Scope;
use crate::documents::gris::{GrisFields, Usage};
use crate::documents::record::{beginning_of, document_record, flat_row, mean_confidence, text};
use crate::store::schema::gris_data;
use crate::store::{StoreError, StoredDay};

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
    gris_data.numero_matricule_marocain,
    GrisValues::of
);

impl GrisRecord {
    /// Counts the organisation's rows by type of usage.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn count_by_usage(
        connection: &mut PgConnection,
        scope: Scope,
    ) -> Result<Vec<(Option<String>, i64)>, StoreError> {
        Ok(Self::rows(scope)
            .group_by(gris_data::usage_type)
            .order((count_star().desc(), gris_data::usage_type))
            .select((gris_data::usage_type, count_star()))
            .load(connection)?)
    }

    /// Counts the organisation's rows by the month of first circulation, as
    /// `2020-01`, ascending.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn count_by_month_of_circulation(
        connection: &mut PgConnection,
        scope: Scope,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        // The query builder cannot group by an expression.
        let month = || sql::<Text>("to_char(date_premiere_immatriculation, 'YYYY-MM')");
        Ok(Self::rows(scope)
            .filter(gris_data::date_premiere_immatriculation.is_not_null())
            .group_by(month())
            .order(month())
            .select((month(), count_star()))
            .load(connection)?)
    }
}
