//! What a national identity card says.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::documents::{Bilingual, Check, Field, Fields, Leaf, PartialDate, Reason};

/// The holder's sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `M`, *masculin*.
    Male,
    /// `F`, *féminin*.
    Female,
}

impl Sex {
    /// The contract's letter, `M` or `F`.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
        }
    }
}

/// What a national identity card says.
#[derive(Debug, Clone, PartialEq)]
pub struct CinFields {
    /// The national number, such as `BK123456`.
    pub cin: Field<String>,
    /// The family name.
    pub nom: Bilingual,
    /// The given names.
    pub prenom: Bilingual,
    /// The date of birth; some cards print the year alone.
    pub naissance_date: Field<PartialDate>,
    /// The birthplace, without `à` and `ب`.
    pub lieu: Bilingual,
    /// The address, its lines joined by one blank.
    pub adresse: Bilingual,
    /// The sex.
    pub sexe: Field<Sex>,
    /// The day up to which the card is valid.
    pub validite: Field<NaiveDate>,
    /// The father, without `Fils de`.
    pub pere: Bilingual,
    /// The mother, without `et de`.
    pub mere: Bilingual,
    /// The number of the civil status, such as `125/1990`.
    pub numero_etat_civil: Field<String>,
    /// The number of the card itself, 8 letters and digits (2020 only).
    pub numero_carte: Field<String>,
    /// The card access number, 6 digits at the right edge (2020 only).
    pub can: Field<String>,
    /// What the machine-readable zone proved, when one was read (2020 only).
    pub mrz: Option<Value>,
    /// The cross-checks.
    pub checks: Vec<Check>,
}

impl CinFields {
    /// A card of which nothing was read.
    pub fn unread() -> Self {
        let none = Reason::NotFound;
        Self {
            cin: Field::null(none),
            nom: Bilingual::null(none),
            prenom: Bilingual::null(none),
            naissance_date: Field::null(none),
            lieu: Bilingual::null(none),
            adresse: Bilingual::null(none),
            sexe: Field::null(none),
            validite: Field::null(none),
            pere: Bilingual::null(none),
            mere: Bilingual::null(none),
            numero_etat_civil: Field::null(none),
            numero_carte: Field::null(none),
            can: Field::null(none),
            mrz: None,
            checks: Vec::new(),
        }
    }
}

impl Fields for CinFields {
    fn leaves(&self) -> Vec<Leaf> {
        vec![
            Leaf::text("cin", &self.cin),
            Leaf::text("identite.nom.fr", &self.nom.fr),
            Leaf::text("identite.nom.ar", &self.nom.ar),
            Leaf::text("identite.prenom.fr", &self.prenom.fr),
            Leaf::text("identite.prenom.ar", &self.prenom.ar),
            Leaf::new("naissance.date", &self.naissance_date, |date| json!(date.spelled())),
            Leaf::text("naissance.lieu.fr", &self.lieu.fr),
            Leaf::text("naissance.lieu.ar", &self.lieu.ar),
            Leaf::text("adresse.fr", &self.adresse.fr),
            Leaf::text("adresse.ar", &self.adresse.ar),
            Leaf::new("sexe", &self.sexe, |sex| json!(sex.letter())),
            Leaf::date("validite", &self.validite),
            Leaf::text("parents.pere.fr", &self.pere.fr),
            Leaf::text("parents.pere.ar", &self.pere.ar),
            Leaf::text("parents.mere.fr", &self.mere.fr),
            Leaf::text("parents.mere.ar", &self.mere.ar),
            Leaf::text("etat_civil.numero_etat_civil", &self.numero_etat_civil),
            Leaf::text("carte.numero", &self.numero_carte).extra(),
            Leaf::text("carte.can", &self.can).extra(),
        ]
    }

    fn number(&self) -> Option<&str> {
        self.cin.value().map(String::as_str)
    }

    fn checks(&self) -> &[Check] {
        &self.checks
    }

    fn additional(&self) -> Map<String, Value> {
        self.mrz.iter().map(|mrz| ("mrz".to_owned(), mrz.clone())).collect()
    }
}
