//! What a driving licence says.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::documents::permis::Category;
use crate::documents::{Bilingual, Check, Field, Fields, Leaf, PartialDate, Reason, Repair};

/// A category that the holder may drive.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldCategory {
    /// Which.
    pub category: Category,
    /// Since when, from its row on the verso.
    pub date: Field<NaiveDate>,
    /// What its row restricts, as printed.
    pub restriction: Option<String>,
    /// What its letter was read as, where that was a look-alike.
    pub repairs: Vec<Repair>,
}

/// What a driving licence says.
#[derive(Debug, Clone, PartialEq)]
pub struct PermisFields {
    /// The licence number, such as `55/193059`.
    pub numero_permis: Field<String>,
    /// The recto's date of issue.
    pub date_delivrance: Field<NaiveDate>,
    /// The day up to which the card is valid.
    pub date_expiration: Field<NaiveDate>,
    /// The main category: the one whose date on the verso is the recto's date of issue.
    pub categorie: Field<Category>,
    /// The family name.
    pub nom: Bilingual,
    /// The given names.
    pub prenom: Bilingual,
    /// The date of birth.
    pub naissance_date: Field<PartialDate>,
    /// The birthplace.
    pub lieu: Bilingual,
    /// The holder's national number.
    pub cin: Field<String>,
    /// The centre that issued the licence; never the birthplace.
    pub lieu_delivrance: Field<String>,
    /// The 16 digits of the card itself; never the licence number.
    pub numero_serie: Field<String>,
    /// All categories held, in the order of the verso's rows.
    pub categories: Vec<HeldCategory>,
    /// The cross-checks.
    pub checks: Vec<Check>,
}

impl PermisFields {
    /// A licence of which nothing was read.
    pub fn unread() -> Self {
        let none = Reason::NotFound;
        Self {
            numero_permis: Field::null(none),
            date_delivrance: Field::null(none),
            date_expiration: Field::null(none),
            categorie: Field::null(none),
            nom: Bilingual::null(none),
            prenom: Bilingual::null(none),
            naissance_date: Field::null(none),
            lieu: Bilingual::null(none),
            cin: Field::null(none),
            lieu_delivrance: Field::null(none),
            numero_serie: Field::null(none),
            categories: Vec::new(),
            checks: Vec::new(),
        }
    }
}

impl Fields for PermisFields {
    fn leaves(&self) -> Vec<Leaf> {
        vec![
            Leaf::text("permis.numero_permis", &self.numero_permis),
            Leaf::date("permis.date_delivrance", &self.date_delivrance),
            Leaf::date("permis.date_expiration", &self.date_expiration),
            Leaf::new("permis.categorie", &self.categorie, |category| json!(category.spelled())),
            Leaf::text("identite.nom.fr", &self.nom.fr),
            Leaf::text("identite.nom.ar", &self.nom.ar),
            Leaf::text("identite.prenom.fr", &self.prenom.fr),
            Leaf::text("identite.prenom.ar", &self.prenom.ar),
            Leaf::new("naissance.date", &self.naissance_date, |date| json!(date.spelled())),
            Leaf::text("naissance.lieu.fr", &self.lieu.fr),
            Leaf::text("naissance.lieu.ar", &self.lieu.ar),
            Leaf::text("identite.cin", &self.cin).extra(),
            Leaf::text("permis.lieu_delivrance", &self.lieu_delivrance).extra(),
            Leaf::text("permis.numero_serie", &self.numero_serie).extra(),
        ]
    }

    fn number(&self) -> Option<&str> {
        self.numero_permis.value().map(String::as_str)
    }

    fn checks(&self) -> &[Check] {
        &self.checks
    }

    fn additional(&self) -> Map<String, Value> {
        let held = |held: &HeldCategory| {
            json!({
                "categorie": held.category.spelled(),
                "date": held.date.value().map(|date| date.format("%d.%m.%Y").to_string()),
                "restriction": held.restriction,
            })
        };
        let categories = self.categories.iter().map(held).collect();
        Map::from_iter([("categories".to_owned(), Value::Array(categories))])
    }
}
