//! What a vehicle registration says.

use chrono::NaiveDate;
use serde_json::json;

use crate::documents::{Bilingual, Check, Field, Fields, Leaf, Reason};

/// What the vehicle is registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// A private car.
    Private,
    /// Goods transport.
    Goods,
    /// Public transport.
    PublicTransport,
    /// Hired out with a driver.
    HireWithDriver,
    /// Hired out without a driver.
    HireWithoutDriver,
}

impl Usage {
    /// The contract's spelling.
    pub const fn spelled(self) -> &'static str {
        match self {
            Self::Private => "Particulier",
            Self::Goods => "Transport de marchandises",
            Self::PublicTransport => "Transport en commun",
            Self::HireWithDriver => "Location avec chauffeur",
            Self::HireWithoutDriver => "Location sans chauffeur",
        }
    }
}

/// What a vehicle registration says.
#[derive(Debug, Clone, PartialEq)]
pub struct GrisFields {
    /// The plate, such as `1234 أ 56`.
    pub numero: Field<String>,
    /// The plate before, such as `WW-123456`.
    pub immatriculation_anterieure: Field<String>,
    /// The first circulation anywhere.
    pub mise_en_circulation: Field<NaiveDate>,
    /// The first circulation in Morocco.
    pub mise_en_circulation_au_maroc: Field<NaiveDate>,
    /// The transfer to the present owner.
    pub mutation: Field<NaiveDate>,
    /// The usage, one of the contract's five.
    pub usage_type: Field<Usage>,
    /// The usage as printed.
    pub usage_description: Field<String>,
    /// The make.
    pub marque: Field<String>,
    /// The manufacturer's code of the model.
    pub type_constructeur: Field<String>,
    /// The body, such as `VP`.
    pub genre: Field<String>,
    /// The fuel as printed.
    pub type_carburant: Field<String>,
    /// The vehicle identification number.
    pub numero_chassis: Field<String>,
    /// The number of cylinders.
    pub nombre_cylindres: Field<u32>,
    /// The fiscal power in CV.
    pub puissance_fiscale: Field<u32>,
    /// The restrictions as printed.
    pub restriction: Field<String>,
    /// The owner's family name, or a company's whole name.
    pub nom: Bilingual,
    /// The owner's given names.
    pub prenom: Bilingual,
    /// The owner's address, its lines joined by one blank.
    pub adresse: Bilingual,
    /// The day up to which the card is valid (the contract's `valiadtion`).
    pub validite: Field<NaiveDate>,
    /// The trade name.
    pub modele: Field<String>,
    /// The number of seats.
    pub nombre_places: Field<u32>,
    /// The laden weight in kg (P.T.A.C).
    pub ptac: Field<u32>,
    /// The empty weight in kg.
    pub poids_a_vide: Field<u32>,
    /// The laden weight with a trailer in kg (P.T.M.C.T).
    pub ptmct: Field<u32>,
    /// The cross-checks.
    pub checks: Vec<Check>,
}

impl GrisFields {
    /// A registration of which nothing was read.
    pub fn unread() -> Self {
        let none = Reason::NotFound;
        Self {
            numero: Field::null(none),
            immatriculation_anterieure: Field::null(none),
            mise_en_circulation: Field::null(none),
            mise_en_circulation_au_maroc: Field::null(none),
            mutation: Field::null(none),
            usage_type: Field::null(none),
            usage_description: Field::null(none),
            marque: Field::null(none),
            type_constructeur: Field::null(none),
            genre: Field::null(none),
            type_carburant: Field::null(none),
            numero_chassis: Field::null(none),
            nombre_cylindres: Field::null(none),
            puissance_fiscale: Field::null(none),
            restriction: Field::null(none),
            nom: Bilingual::null(none),
            prenom: Bilingual::null(none),
            adresse: Bilingual::null(none),
            validite: Field::null(none),
            modele: Field::null(none),
            nombre_places: Field::null(none),
            ptac: Field::null(none),
            poids_a_vide: Field::null(none),
            ptmct: Field::null(none),
            checks: Vec::new(),
        }
    }
}

impl Fields for GrisFields {
    fn leaves(&self) -> Vec<Leaf> {
        vec![
            Leaf::text("numero_matricule_marocain.numero", &self.numero),
            Leaf::text("immatriculation_anterieure.numero", &self.immatriculation_anterieure),
            Leaf::date("mise_en_circulation.date", &self.mise_en_circulation),
            Leaf::date("mise_en_circulation_au_maroc.date", &self.mise_en_circulation_au_maroc),
            Leaf::date("mutation.date", &self.mutation),
            Leaf::new("usage.type", &self.usage_type, |usage| json!(usage.spelled())),
            Leaf::text("usage.description", &self.usage_description),
            Leaf::text("marque", &self.marque),
            Leaf::text("Type", &self.type_constructeur),
            Leaf::text("Genre", &self.genre),
            Leaf::text("type_carburant", &self.type_carburant),
            Leaf::text("numero_chassis", &self.numero_chassis),
            Leaf::number("nombre_cylindres", &self.nombre_cylindres),
            Leaf::number("puissance_fiscale", &self.puissance_fiscale),
            Leaf::text("restriction", &self.restriction),
            Leaf::text("identite.nom.fr", &self.nom.fr),
            Leaf::text("identite.nom.ar", &self.nom.ar),
            Leaf::text("identite.prenom.fr", &self.prenom.fr),
            Leaf::text("identite.prenom.ar", &self.prenom.ar),
            Leaf::text("adresse.fr", &self.adresse.fr),
            Leaf::text("adresse.ar", &self.adresse.ar),
            Leaf::date("valiadtion", &self.validite),
            Leaf::text("modele", &self.modele).extra(),
            Leaf::number("nombre_places", &self.nombre_places).extra(),
            Leaf::number("ptac", &self.ptac).extra(),
            Leaf::number("poids_a_vide", &self.poids_a_vide).extra(),
            Leaf::number("ptmct", &self.ptmct).extra(),
        ]
    }

    fn number(&self) -> Option<&str> {
        self.numero.value().map(String::as_str)
    }

    fn checks(&self) -> &[Check] {
        &self.checks
    }
}
