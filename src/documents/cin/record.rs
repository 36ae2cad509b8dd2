//! The row of a national identity card, in `cin_data`.
#![expect(clippy::ref_option_ref, reason = "in the code that AsChangeset makes")]

use chrono::NaiveDate;
use diesel::dsl::{max, now, sql};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Text};

use crate::documents::cin::{CinFields, Sex};
use crate::documents::cin_number::parse_cin;
use crate::documents::record::{document_record, flat_row, text};
use crate::documents::towns::town_of;
use crate::documents::{Column, Form, PartialDate, Scope};
use crate::store::schema::cin_data;
use crate::store::{OrganisationId, StoreError, StoredDay, record_turns};

flat_row! {
    /// A row as the contract's list shows it.
    pub struct CinRecord of cin_data {
        id: i32,
        cin: Option<String>,
        nom_fr: Option<String>,
        nom_ar: Option<String>,
        prenom_fr: Option<String>,
        prenom_ar: Option<String>,
        date_naissance: Option<StoredDay>,
        lieu_fr: Option<String>,
        lieu_ar: Option<String>,
        adresse_fr: Option<String>,
        adresse_ar: Option<String>,
        sexe: Option<String>,
        validite: Option<StoredDay>,
        pere_fr: Option<String>,
        pere_ar: Option<String>,
        mere_fr: Option<String>,
        mere_ar: Option<String>,
        numero_etat_civil: Option<String>,
    }
}

/// What the card says, as columns. What a newer card does not say is emptied:
/// a row describes one card and never mixes two.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = cin_data, treat_none_as_null = true)]
struct CinValues<'a> {
    cin: Option<&'a str>,
    nom_fr: Option<&'a str>,
    nom_ar: Option<&'a str>,
    prenom_fr: Option<&'a str>,
    prenom_ar: Option<&'a str>,
    date_naissance: Option<NaiveDate>,
    lieu_fr: Option<&'a str>,
    lieu_ar: Option<&'a str>,
    adresse_fr: Option<&'a str>,
    adresse_ar: Option<&'a str>,
    sexe: Option<&'a str>,
    validite: Option<NaiveDate>,
    pere_fr: Option<&'a str>,
    pere_ar: Option<&'a str>,
    mere_fr: Option<&'a str>,
    mere_ar: Option<&'a str>,
    numero_etat_civil: Option<&'a str>,
    /// Empty when the card names none that is known.
    town: Option<&'a str>,
}

impl<'a> CinValues<'a> {
    fn of(fields: &'a CinFields) -> Self {
        Self {
            cin: text(&fields.cin),
            nom_fr: text(&fields.nom.fr),
            nom_ar: text(&fields.nom.ar),
            prenom_fr: text(&fields.prenom.fr),
            prenom_ar: text(&fields.prenom.ar),
            date_naissance: fields.naissance_date.value().and_then(PartialDate::day),
            lieu_fr: text(&fields.lieu.fr),
            lieu_ar: text(&fields.lieu.ar),
            adresse_fr: text(&fields.adresse.fr),
            adresse_ar: text(&fields.adresse.ar),
            sexe: fields.sexe.value().copied().map(Sex::letter),
            validite: fields.validite.value().copied(),
            pere_fr: text(&fields.pere.fr),
            pere_ar: text(&fields.pere.ar),
            mere_fr: text(&fields.mere.fr),
            mere_ar: text(&fields.mere.ar),
            numero_etat_civil: text(&fields.numero_etat_civil),
            town: town_of(text(&fields.lieu.fr), text(&fields.adresse.fr)).or(Some("")),
        }
    }
}

document_record!(
    CinRecord,
    CinFields,
    "cin",
    cin_data.cin until validite,
    CinValues::of,
    COLUMNS
);

/// The columns that a person may correct, with the leaves that they hold.
static COLUMNS: &[Column] = &[
    Column { name: "cin", path: "cin", form: Form::Number(number) },
    Column::text("nom_fr", "identite.nom.fr"),
    Column::text("nom_ar", "identite.nom.ar"),
    Column::text("prenom_fr", "identite.prenom.fr"),
    Column::text("prenom_ar", "identite.prenom.ar"),
    Column::day("date_naissance", "naissance.date"),
    Column::text("lieu_fr", "naissance.lieu.fr"),
    Column::text("lieu_ar", "naissance.lieu.ar"),
    Column::text("adresse_fr", "adresse.fr"),
    Column::text("adresse_ar", "adresse.ar"),
    Column { name: "sexe", path: "sexe", form: Form::OneOf(&["M", "F"]) },
    Column::day("validite", "validite"),
    Column::text("pere_fr", "parents.pere.fr"),
    Column::text("pere_ar", "parents.pere.ar"),
    Column::text("mere_fr", "parents.mere.fr"),
    Column::text("mere_ar", "parents.mere.ar"),
    Column::text("numero_etat_civil", "etat_civil.numero_etat_civil"),
];

/// A national number as a person types it.
fn number(text: &str) -> Option<String> {
    parse_cin(text).filter(|number| number.repairs.is_empty()).map(|number| number.value)
}

/// An organisation, as a query names it.
#[derive(QueryableByName)]
struct Organisation {
    #[diesel(sql_type = BigInt)]
    organisation_id: OrganisationId,
}

impl CinRecord {
    /// Lists the organisations that have rows whose town nobody looked up yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn list_without_town(
        connection: &mut PgConnection,
    ) -> Result<Vec<OrganisationId>, StoreError> {
        let found = sql_query(
            "SELECT DISTINCT organisation_id FROM cin_data WHERE town IS NULL ORDER BY 1",
        );
        let found = found.load::<Organisation>(connection)?;
        Ok(found.into_iter().map(|row| row.organisation_id).collect())
    }

    /// Looks up the towns of at most `limit` rows of the organisation, and returns of how
    /// many: rows that somebody else has locked are left to the next time. To be called
    /// within a transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses or cannot be reached.
    pub fn look_up_towns(
        connection: &mut PgConnection,
        scope: Scope,
        limit: i64,
    ) -> Result<usize, StoreError> {
        record_turns::take(connection, scope.organisation)?;
        let rows: Vec<(i32, Option<String>, Option<String>)> = Self::rows(scope)
            .filter(cin_data::town.is_null())
            .order(cin_data::id)
            .limit(limit)
            .select((cin_data::id, cin_data::lieu_fr, cin_data::adresse_fr))
            .for_update()
            .skip_locked()
            .load(connection)?;
        let towns = rows.iter().map(|(_, birthplace, address)| {
            town_of(birthplace.as_deref(), address.as_deref()).unwrap_or_default()
        });
        let towns: Vec<&str> = towns.collect();
        let ids: Vec<i32> = rows.iter().map(|(id, ..)| *id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        Ok(sql_query(
            "UPDATE cin_data SET town = found.town
             FROM unnest($1, $2) AS found (id, town) WHERE cin_data.id = found.id",
        )
        .bind::<Array<Integer>, _>(ids)
        .bind::<Array<Text>, _>(towns)
        .execute(connection)?)
    }
}
