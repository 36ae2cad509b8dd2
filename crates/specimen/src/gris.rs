//! The vehicle registration certificate; its recto is the owner's side.

mod centred;

use chrono::{Days, NaiveDate};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::cin::finish;
use crate::data::{Pair, one_of};
use crate::identity::{self, halves, spelled};
use crate::labels::{self, Label, variant};
use crate::permis::title;
use crate::person::{Person, day, years_later};
use crate::rows::{self, Arrangement, Row, Value};
use crate::sheet::{LEFT_TO_RIGHT, Sheet};
use crate::style::Style;
use crate::vehicle::{Entry, Vehicle, former_plate};
use crate::{DrawError, Faces, Kind, art};

pub(crate) const LAYOUTS: &[&str] =
    &["columns", "inline", "grid", "ruled", "stacked", centred::LAYOUT];

/// Companies that own vehicles.
const COMPANIES: &[(&str, &str)] = &[
    ("STE ATLAS EXEMPLE TRANSPORT", "شركة أطلس مثال للنقل"),
    ("SOCIETE FICTIVE DU NORD SARL", "الشركة الخيالية للشمال"),
    ("STE NAKHIL LOCATION", "شركة النخيل للكراء"),
    ("COOPERATIVE ESSAADA MODELE", "تعاونية السعادة النموذجية"),
    ("STE RIMAL TRAVAUX SARL", "شركة رمال للأشغال"),
];

/// How the owner is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Family name then given name on one line.
    OneLine,
    /// The given name on a line, the family name on the next.
    TwoLines,
    /// Labelled rows of their own.
    Labelled,
}

/// Everything that a certificate says.
struct Certificate {
    vehicle: Vehicle,
    former: Entry,
    holder: Person,
    company: Option<Pair>,
    manner: Manner,
    first_use: NaiveDate,
    first_use_here: NaiveDate,
    transfer: Option<NaiveDate>,
    expiry: NaiveDate,
}

pub(crate) fn draw(style: &Style, rng: &mut ChaCha8Rng) -> Result<Faces, DrawError> {
    let certificate = Certificate::invent(style, rng);
    let (recto, verso) = if style.layout == centred::LAYOUT {
        (certificate.centred_recto(style, rng)?, certificate.centred_verso(style, rng)?)
    } else {
        (certificate.recto(style, rng)?, certificate.verso(style, rng)?)
    };
    Ok(Faces { recto: recto.finish(), verso: verso.finish(), truth: certificate.truth() })
}

impl Certificate {
    fn invent(style: &Style, rng: &mut ChaCha8Rng) -> Self {
        let first_use = day(rng, 2001, 2022);
        let imported = rng.random_bool(0.3);
        let first_use_here =
            first_use + Days::new(if imported { rng.random_range(90..900) } else { 0 });
        let transfer = (imported || rng.random_bool(0.5))
            .then(|| first_use_here + Days::new(rng.random_range(30..1000)));
        let manner = *one_of(rng, &[Manner::OneLine, Manner::TwoLines, Manner::Labelled]);
        let (fr, ar) = *one_of(rng, COMPANIES);
        let company = rng.random_bool(0.15).then(|| Pair::new(fr, ar));
        Self {
            vehicle: Vehicle::invent(rng),
            former: former_plate(rng, style.whim),
            holder: Person::invent(rng, (1945, 2000)),
            company,
            manner,
            first_use,
            first_use_here,
            transfer,
            expiry: years_later(transfer.unwrap_or(first_use_here), 10)
                + Days::new(rng.random_range(0..90)),
        }
    }

    fn truth(&self) -> serde_json::Value {
        let vehicle = &self.vehicle;
        let (printed, _, kind) = vehicle.usage;
        // A wording that says more than the type is kept as its description.
        let description = (!printed.eq_ignore_ascii_case(kind)).then_some(printed);
        let names = self.company.as_ref().map_or_else(
            || identity::names(&self.holder),
            |company| json!({ "nom": identity::bilingual(company), "prenom": { "fr": null, "ar": null } }),
        );
        json!({
            "numero_matricule_marocain": { "numero": vehicle.plate.spelled() },
            "immatriculation_anterieure": { "numero": self.former.truth },
            "mise_en_circulation": { "date": spelled(self.first_use) },
            "mise_en_circulation_au_maroc": { "date": spelled(self.first_use_here) },
            "mutation": { "date": self.transfer.map(spelled) },
            "usage": { "type": kind, "description": description },
            "marque": vehicle.make,
            "Type": vehicle.type_code,
            "Genre": vehicle.body,
            "type_carburant": vehicle.fuel,
            "numero_chassis": vehicle.chassis,
            "nombre_cylindres": count(&vehicle.cylinders),
            "puissance_fiscale": count(&vehicle.power),
            "restriction": vehicle.restriction.truth,
            "identite": names,
            "adresse": identity::bilingual(&self.holder.address),
            "valiadtion": spelled(self.expiry),
        })
    }

    fn recto(&self, style: &Style, rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Gris, style.width, rng));
        title(&mut sheet, style, labels::GRIS_TITLE)?;
        let (registration, owner) = (self.registration_rows(style), self.owner_rows(style));
        if style.layout == "grid" {
            let (left, right) = registration.split_at(registration.len() / 2);
            let area = sheet.area([0.03, 0.17, 0.49, 0.62]);
            rows::set(&mut sheet, style, left, Arrangement::Below, area)?;
            let area = sheet.area([0.52, 0.17, 0.97, 0.62]);
            rows::set(&mut sheet, style, right, Arrangement::Below, area)?;
            let area = sheet.area([0.03, 0.63, 0.97, 0.93]);
            rows::set(&mut sheet, style, &owner, Arrangement::Inline, area)?;
        } else {
            let mut all = registration;
            let expiry = all.pop();
            all.extend(owner);
            all.extend(expiry);
            let area = sheet.area([0.03, 0.17, 0.97, 0.93]);
            rows::set(&mut sheet, style, &all, arrangement(style), area)?;
        }
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    /// The rows of the registration; the last is the expiry.
    fn registration_rows(&self, style: &Style) -> Vec<Row> {
        let plate = format!("{LEFT_TO_RIGHT}{}", self.vehicle.plate.printed(style.whim));
        let former = format!("{LEFT_TO_RIGHT}{}", self.former.printed);
        let (usage, usage_ar, _) = self.vehicle.usage;
        let usage_ar = if style.coin(4) { Value::plain(usage_ar) } else { Value::none() };
        let row = |nth, labels: &[Label], path, text: String| {
            Row::new(style, variant(style, nth, labels), Value::new(path, text), Value::none())
        };
        let usage = Row::new(
            style,
            variant(style, 5, labels::USAGE),
            Value::new("usage.type", usage),
            usage_ar,
        );
        vec![
            row(0, labels::PLATE, "numero_matricule_marocain.numero", plate),
            row(1, labels::FORMER_PLATE, "immatriculation_anterieure.numero", former),
            row(2, labels::FIRST_USE, "mise_en_circulation.date", style.date(self.first_use)),
            row(
                3,
                labels::FIRST_USE_HERE,
                "mise_en_circulation_au_maroc.date",
                style.date(self.first_use_here),
            ),
            row(4, labels::TRANSFER, "mutation.date", dashed(style, self.transfer)),
            usage,
            row(6, labels::GRIS_EXPIRY, "valiadtion", style.date(self.expiry)),
        ]
    }

    fn owner_rows(&self, style: &Style) -> Vec<Row> {
        let label = labels::OWNER[0];
        let mut rows = match (&self.company, self.manner) {
            (Some(company), manner) => {
                let lines = |text: &str| {
                    if manner == Manner::TwoLines { halves(text) } else { vec![text.to_owned()] }
                };
                let value = Value::of_lines("identite.nom.fr", lines(&company.fr));
                let arabic = Value::of_lines("identite.nom.ar", lines(&company.ar));
                vec![Row::new(style, label, value, arabic)]
            }
            (None, Manner::OneLine) => {
                let both = self.holder.family.then(&self.holder.given);
                // The path of the member: the line holds two leaves of it.
                vec![Row::new(
                    style,
                    label,
                    Value::new("identite", both.fr),
                    Value::new("identite", both.ar),
                )]
            }
            (None, Manner::TwoLines) => {
                let given = identity::given_row(style, &self.holder, label);
                vec![given, identity::family_row(style, &self.holder, ("", ""))]
            }
            (None, Manner::Labelled) => vec![
                identity::family_row(style, &self.holder, labels::OWNER_FAMILY[0]),
                identity::given_row(style, &self.holder, labels::GIVEN[0]),
            ],
        };
        rows.push(identity::address_row(style, &self.holder.address));
        rows
    }

    fn verso(&self, style: &Style, rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Gris, style.width, rng));
        let rows = self.technical_rows(style);
        if style.layout == "grid" {
            let (left, right) = rows.split_at(rows.len().div_ceil(2));
            let area = sheet.area([0.03, 0.03, 0.49, 0.93]);
            rows::set(&mut sheet, style, left, Arrangement::Below, area)?;
            let area = sheet.area([0.52, 0.03, 0.97, 0.8]);
            rows::set(&mut sheet, style, right, Arrangement::Below, area)?;
        } else {
            let wide = style.layout == "ruled" || style.coin(20);
            if !wide {
                let area = sheet.area([0.06, 0.36, 0.2, 0.56]);
                art::chip(&mut sheet, area);
                let area = sheet.area([0.05, 0.68, 0.22, 0.9]);
                art::barcode(&mut sheet, area, true, rng);
                let area = sheet.area([0.08, 0.08, 0.18, 0.26]);
                art::emblem(&mut sheet, area);
            }
            let area = sheet.area([if wide { 0.04 } else { 0.29 }, 0.02, 0.97, 0.95]);
            if style.layout == "ruled" {
                for nth in 1..rows.len() {
                    let y = area[1] + (area[3] - area[1]) * nth as f32 / rows.len() as f32;
                    art::rule(&mut sheet, [area[0], y, area[2], y + 1.5]);
                }
            }
            let arrangement = match arrangement(style) {
                // A card's worth of lines has no room for two each.
                Arrangement::Stacked => Arrangement::Inline,
                other => other,
            };
            rows::set(&mut sheet, style, &rows, arrangement, area)?;
        }
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    fn technical_rows(&self, style: &Style) -> Vec<Row> {
        let vehicle = &self.vehicle;
        let row = |labels: &[Label], value| {
            Row::new(style, variant(style, 3, labels), value, Value::none())
        };
        vec![
            row(labels::MAKE, Value::new("marque", vehicle.make)),
            row(labels::TYPE, Value::new("Type", &vehicle.type_code)),
            row(labels::BODY, Value::new("Genre", vehicle.body)),
            row(labels::MODEL, Value::plain(&vehicle.model.printed)),
            row(labels::FUEL, Value::new("type_carburant", vehicle.fuel)),
            row(labels::CHASSIS, Value::new("numero_chassis", &vehicle.chassis)),
            row(labels::CYLINDERS, Value::new("nombre_cylindres", &vehicle.cylinders.printed)),
            row(labels::POWER, Value::new("puissance_fiscale", &vehicle.power.printed)),
            row(labels::SEATS, Value::plain(vehicle.seats.to_string())),
            row(labels::LADEN, Value::plain(&vehicle.weights[0])),
            row(labels::EMPTY_WEIGHT, Value::plain(&vehicle.weights[1])),
            row(labels::TRAIN_WEIGHT, Value::plain(&vehicle.weights[2])),
            row(labels::RESTRICTIONS, Value::new("restriction", &vehicle.restriction.printed)),
        ]
    }
}

/// A date as printed, or the dashes that stand for none.
fn dashed(style: &Style, date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "--".to_owned(), |date| style.date(date))
}

/// A count as the JSON number that the answer holds.
fn count(entry: &Entry) -> Option<u32> {
    entry.truth.as_deref()?.parse().ok()
}

fn arrangement(style: &Style) -> Arrangement {
    match style.layout {
        "inline" => Arrangement::Inline,
        "stacked" => Arrangement::Stacked,
        _ => Arrangement::Columns,
    }
}
