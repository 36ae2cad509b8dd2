//! The layout with labels at both edges, values in the middle between them and
//! the owner first. It is kept from development: nothing of it may be made
//! alike to the others.

use rand_chacha::ChaCha8Rng;

use super::{Certificate, Manner, dashed};
use crate::cin::finish;
use crate::data::Pair;
use crate::labels::{self, Label, kept, variant};
use crate::rows::{self, Arrangement, Row, Value};
use crate::sheet::{LEFT_TO_RIGHT, Sheet};
use crate::style::Style;
use crate::{DrawError, Kind, art, heading, identity};

/// Its name.
pub(super) const LAYOUT: &str = "centred";

impl Certificate {
    pub(super) fn centred_recto(
        &self,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Gris, style.width, rng));
        let name = variant(style, 0, kept::GRIS_TITLE);
        heading::centred(&mut sheet, style, &[labels::KINGDOM, name])?;
        let mut all = self.centred_owner(style);
        all.push(identity::address_row(style, &self.holder.address));
        all.extend(self.centred_registration(style));
        let area = sheet.area([0.03, 0.22, 0.97, 0.96]);
        rows::set(&mut sheet, style, &all, Arrangement::Centred, area)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    /// A company on one row; of a person family and given name on rows of their own.
    fn centred_owner(&self, style: &Style) -> Vec<Row> {
        let owner = |label, names: &Pair, french, arabic| {
            let value = Value::new(french, &names.fr);
            Row::new(style, label, value, Value::new(arabic, &names.ar))
        };
        if let Some(company) = &self.company {
            let label = kept::OWNER_COMPANY;
            return vec![owner(label, company, "identite.nom.fr", "identite.nom.ar")];
        }
        let holder = &self.holder;
        if self.manner == Manner::OneLine {
            let both = holder.family.then(&holder.given);
            return vec![owner(labels::OWNER[0], &both, "identite", "identite")];
        }
        vec![
            identity::family_row(style, holder, kept::OWNER_FAMILY),
            identity::given_row(style, holder, labels::GIVEN[0]),
        ]
    }

    /// The expiry, the dates from the latest to the first, then the plates.
    fn centred_registration(&self, style: &Style) -> Vec<Row> {
        let row = |nth, wordings: &[Label], path, text: String| {
            let value = Value::new(path, text);
            Row::new(style, variant(style, nth, wordings), value, Value::none())
        };
        let plate = format!("{LEFT_TO_RIGHT}{}", self.vehicle.plate.printed(style.whim));
        let former = format!("{LEFT_TO_RIGHT}{}", self.former.printed);
        let plates = [
            row(9, kept::PLATE, "numero_matricule_marocain.numero", plate),
            row(10, kept::FORMER_PLATE, "immatriculation_anterieure.numero", former),
        ];
        let here = style.date(self.first_use_here);
        let dates = [
            row(11, kept::USAGE, "usage.type", self.vehicle.usage.0.to_owned()),
            row(4, kept::TRANSFER, "mutation.date", dashed(style, self.transfer)),
            row(3, kept::FIRST_USE_HERE, "mise_en_circulation_au_maroc.date", here),
            row(2, kept::FIRST_USE, "mise_en_circulation.date", style.date(self.first_use)),
            row(7, kept::EXPIRY, "valiadtion", style.date(self.expiry)),
        ];
        plates.into_iter().chain(dates).collect()
    }

    pub(super) fn centred_verso(
        &self,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Gris, style.width, rng));
        let area = sheet.area([0.04, 0.88, 0.4, 0.96]);
        art::barcode(&mut sheet, area, false, rng);
        let area = sheet.area([0.86, 0.84, 0.96, 0.97]);
        art::chip(&mut sheet, area);
        let area = sheet.area([0.04, 0.03, 0.96, 0.83]);
        let all = self.centred_vehicle(style);
        rows::set(&mut sheet, style, &all, Arrangement::Centred, area)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    /// What the vehicle is, its number, its weights, then its engine.
    fn centred_vehicle(&self, style: &Style) -> Vec<Row> {
        let vehicle = &self.vehicle;
        let row = |nth, wordings: &[Label], value| {
            Row::new(style, variant(style, nth, wordings), value, Value::none())
        };
        let cylinders = Value::new("nombre_cylindres", &vehicle.cylinders.printed);
        let power = Value::new("puissance_fiscale", &vehicle.power.printed);
        let restriction = Value::new("restriction", &vehicle.restriction.printed);
        vec![
            row(1, kept::BODY, Value::new("Genre", vehicle.body)),
            row(2, kept::MAKE, Value::new("marque", vehicle.make)),
            row(0, kept::MODEL, Value::plain(&vehicle.model.printed)),
            row(2, kept::TYPE, Value::new("Type", &vehicle.type_code)),
            row(3, kept::CHASSIS, Value::new("numero_chassis", &vehicle.chassis)),
            row(0, kept::SEATS, Value::plain(vehicle.seats.to_string())),
            row(0, kept::EMPTY_WEIGHT, Value::plain(&vehicle.weights[1])),
            row(0, kept::LADEN, Value::plain(&vehicle.weights[0])),
            row(0, kept::TRAIN_WEIGHT, Value::plain(&vehicle.weights[2])),
            row(4, kept::FUEL, Value::new("type_carburant", vehicle.fuel)),
            row(5, kept::POWER, power),
            row(6, kept::CYLINDERS, cylinders),
            row(0, kept::RESTRICTIONS, restriction),
        ]
    }
}
