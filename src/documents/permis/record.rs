//! The row of a driving licence, in `permi_data`.
#![expect(clippy::ref_option_ref, reason = "in the code that AsChangeset makes")]

use chrono::NaiveDate;
use diesel::dsl::{count, count_star, max, now, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::Date;

use crate::documents::permis::{Category, PermisFields};
use crate::documents::record::{beginning_of, document_record, flat_row, mean_confidence, text};
use crate::documents::{PartialDate, Scope};
use crate::store::schema::permi_data;
use crate::store::{StoreError, StoredDay};

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

document_record!(PermisRecord, PermisFields, "permis", permi_data.numero_permis, PermisValues::of);

impl PermisRecord {
    /// Counts the organisation's rows by main category.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn count_by_category(
        connection: &mut PgConnection,
        scope: Scope,
    ) -> Result<Vec<(Option<String>, i64)>, StoreError> {
        Ok(Self::rows(scope)
            .group_by(permi_data::categorie)
            .order((count_star().desc(), permi_data::categorie))
            .select((permi_data::categorie, count_star()))
            .load(connection)?)
    }
}
