//! The row of a national identity card, in `cin_data`.
#![expect(clippy::ref_option_ref, reason = "in the code that AsChangeset makes")]

use chrono::NaiveDate;
use diesel::dsl::{count, count_star, max, now, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::Date;

use crate::documents::cin::{CinFields, Sex};
use crate::documents::record::{beginning_of, document_record, flat_row, mean_confidence, text};
use crate::documents::{PartialDate, Scope};
use crate::store::schema::cin_data;
use crate::store::{StoreError, StoredDay};

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
        }
    }
}

document_record!(CinRecord, CinFields, "cin", cin_data.cin, CinValues::of);

/// A value of a column, or that it is empty, with how many rows have it.
type Counts = Vec<(Option<String>, i64)>;

impl CinRecord {
    /// Counts the organisation's rows by sex, `M` or `F`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn count_by_sex(connection: &mut PgConnection, scope: Scope) -> Result<Counts, StoreError> {
        Ok(Self::rows(scope)
            .group_by(cin_data::sexe)
            .order((count_star().desc(), cin_data::sexe))
            .select((cin_data::sexe, count_star()))
            .load(connection)?)
    }

    /// Counts the organisation's rows by birthplace in Latin letters.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn count_by_birthplace(
        connection: &mut PgConnection,
        scope: Scope,
    ) -> Result<Counts, StoreError> {
        Ok(Self::rows(scope)
            .group_by(cin_data::lieu_fr)
            .select((cin_data::lieu_fr, count_star()))
            .load(connection)?)
    }

    /// Counts the organisation's rows that have no birthplace, or one of
    /// `birthplaces`, by address in Latin letters.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn count_by_address(
        connection: &mut PgConnection,
        scope: Scope,
        birthplaces: &[String],
    ) -> Result<Counts, StoreError> {
        Ok(Self::rows(scope)
            .filter(cin_data::lieu_fr.is_null().or(cin_data::lieu_fr.eq_any(birthplaces)))
            .group_by(cin_data::adresse_fr)
            .select((cin_data::adresse_fr, count_star()))
            .load(connection)?)
    }
}
