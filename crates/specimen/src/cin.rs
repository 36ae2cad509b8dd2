//! The national identity card, of 2008 and of 2020.

mod captioned;

use chrono::{Datelike, NaiveDate};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::data::{Pair, one_of};
use crate::identity::{self, spelled};
use crate::labels::{self, variant};
use crate::mrz::Td1;
use crate::person::{Person, day, years_later};
use crate::picture::Script;
use crate::rows::{self, Arrangement, Row, Value};
use crate::sheet::{Anchor, Brush, Sheet, width_of};
use crate::style::Style;
use crate::{DrawError, Faces, Kind, art, face};

pub(crate) const LAYOUTS_2008: &[&str] =
    &["official", "labelled", "below", "columns", "paired", captioned::LAYOUT];
pub(crate) const LAYOUTS_2020: &[&str] =
    &["official", "family-first", "labelled", "below", "columns", "paired", captioned::LAYOUT];

/// Everything that a card says.
struct Card {
    kind: Kind,
    person: Person,
    /// The birth date as printed: some old cards know the year alone.
    birth: String,
    birth_truth: String,
    expiry: NaiveDate,
    /// Number and year of the entry in the civil register; not on every card.
    civil_status: Option<String>,
    document_number: String,
    can: String,
}

pub(crate) fn draw(kind: Kind, style: &Style, rng: &mut ChaCha8Rng) -> Result<Faces, DrawError> {
    let card = Card::invent(kind, style, rng);
    let (recto, verso) = if style.layout == captioned::LAYOUT {
        (card.captioned_recto(style, rng)?, card.captioned_verso(style, rng)?)
    } else {
        (card.recto(style, rng)?, card.verso(style, rng)?)
    };
    Ok(Faces { recto: recto.finish(), verso: verso.finish(), truth: card.truth() })
}

impl Card {
    fn invent(kind: Kind, style: &Style, rng: &mut ChaCha8Rng) -> Self {
        let new = kind == Kind::Cin2020;
        let person = Person::invent(rng, if new { (1938, 2006) } else { (1930, 1990) });
        let issue = if new { day(rng, 2021, 2025) } else { day(rng, 2009, 2019) };
        let year_alone = !new && rng.random_bool(0.02);
        let (birth, birth_truth) = if year_alone {
            (person.birth.year().to_string(), person.birth.year().to_string())
        } else {
            (style.date(person.birth), spelled(person.birth))
        };
        let alphabet = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
        let letters: String = (0..3).map(|_| char::from(*one_of(rng, alphabet))).collect();
        let civil_status = rng
            .random_bool(0.85)
            .then(|| format!("{}/{}", rng.random_range(1..3000), person.birth.year()));
        Self {
            kind,
            birth,
            birth_truth,
            expiry: years_later(issue, 10),
            civil_status,
            document_number: format!("{letters}{:05}", rng.random_range(0..100_000)),
            can: format!("{:06}", rng.random_range(0..1_000_000)),
            person,
        }
    }

    fn truth(&self) -> serde_json::Value {
        let mut birth = identity::birth(&self.person);
        birth["date"] = json!(self.birth_truth);
        json!({
            "cin": self.person.cin,
            "identite": identity::names(&self.person),
            "naissance": birth,
            "adresse": identity::bilingual(&self.person.address),
            "sexe": if self.person.female { "F" } else { "M" },
            "validite": spelled(self.expiry),
            "parents": {
                "pere": identity::bilingual(&self.person.father),
                "mere": identity::bilingual(&self.person.mother),
            },
            "etat_civil": { "numero_etat_civil": self.civil_status },
        })
    }

    fn recto(&self, style: &Style, rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(self.kind, style.width, rng));
        let new = self.kind == Kind::Cin2020;
        title(&mut sheet, style)?;
        let (portrait, texts) = if new {
            ([0.035, 0.21, 0.315, 0.82], [0.36, 0.185, 0.93, 0.845])
        } else {
            ([0.69, 0.2, 0.97, 0.7], [0.03, 0.19, 0.665, 0.86])
        };
        let area = sheet.area(portrait);
        art::portrait(&mut sheet, area, 1.0, rng);
        self.foot(&mut sheet, style, rng)?;
        let area = sheet.area(texts);
        rows::set(&mut sheet, style, &self.recto_rows(style), recto_arrangement(style), area)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    fn recto_rows(&self, style: &Style) -> Vec<Row> {
        let labelled = matches!(style.layout, "labelled" | "below" | "columns");
        let [given, family] = if labelled {
            [variant(style, 0, labels::GIVEN), variant(style, 0, labels::FAMILY)]
        } else {
            [("", ""); 2]
        };
        let given = identity::given_row(style, &self.person, given);
        let family = identity::family_row(style, &self.person, family);
        // Without labels the order says which is which; labels free it.
        let family_first = style.layout == "family-first" || (labelled && style.coin(2));
        let mut rows = if family_first { vec![family, given] } else { vec![given, family] };
        rows.push(identity::birth_row(style, &self.person, self.birth.clone()));
        rows.push(identity::birthplace_row(style, &self.person));
        if self.kind == Kind::Cin2008 {
            rows.push(self.expiry_row(style));
        }
        rows
    }

    fn expiry_row(&self, style: &Style) -> Row {
        let label = variant(style, 7, labels::CIN_EXPIRY);
        Row::new(style, label, Value::new("validite", style.date(self.expiry)), Value::none())
    }

    fn number_row(&self, style: &Style) -> Row {
        let (label, _) = variant(style, 8, labels::CIN_NUMBER);
        Row::new(style, (label, ""), Value::new("cin", &self.person.cin), Value::none())
    }

    /// The CIN below the portrait; on the 2020 card also the expiry, the CAN
    /// up the right edge, the ghost portrait and the signature.
    fn foot(
        &self,
        sheet: &mut Sheet,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<(), DrawError> {
        if self.kind == Kind::Cin2008 {
            let area = sheet.area([0.69, 0.73, 0.97, 0.83]);
            rows::set(sheet, style, &[self.number_row(style)], Arrangement::Inline, area)?;
            let area = sheet.area([0.72, 0.86, 0.94, 0.97]);
            art::signature(sheet, area, rng);
            return Ok(());
        }
        let area = sheet.area([0.04, 0.865, 0.33, 0.965]);
        rows::set(sheet, style, &[self.number_row(style)], Arrangement::Inline, area)?;
        let area = sheet.area([0.36, 0.865, 0.93, 0.965]);
        rows::set(sheet, style, &[self.expiry_row(style)], Arrangement::Inline, area)?;
        self.access_number(sheet, style)
    }

    /// The CAN, up the right edge.
    fn access_number(&self, sheet: &mut Sheet, style: &Style) -> Result<(), DrawError> {
        let brush = style.label_brush(Script::Latin, sheet.height());
        let (x, y) = (sheet.width() * 0.955, sheet.height() * 0.84);
        sheet.put_upwards(&format!("CAN {}", self.can), &brush, x, y)
    }

    fn verso(&self, style: &Style, rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(self.kind, style.width, rng));
        if self.kind == Kind::Cin2020 {
            let area = sheet.area([0.035, 0.03, 0.4, 0.075]);
            art::barcode(&mut sheet, area, false, rng);
            self.first_line(&mut sheet, style)?;
            self.machine_readable_zone(&mut sheet)?;
        } else {
            let area = sheet.area([0.035, 0.8, 0.965, 0.95]);
            art::barcode(&mut sheet, area, style.coin(13), rng);
        }
        let bottom = if self.kind == Kind::Cin2020 { 0.65 } else { 0.77 };
        let top = if self.kind == Kind::Cin2020 { 0.165 } else { 0.03 };
        let area = sheet.area([0.035, top, 0.965, bottom]);
        rows::set(&mut sheet, style, &self.verso_rows(style), verso_arrangement(style), area)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    fn verso_rows(&self, style: &Style) -> Vec<Row> {
        let [father, mother] = parents(style, &self.person);
        let sex = Value::new("sexe", if self.person.female { "F" } else { "M" });
        let sex = Row::new(style, labels::SEX, sex, Value::none());
        let address = identity::address_row(style, &self.person.address);
        if self.kind == Kind::Cin2020 {
            return if style.coin(14) {
                vec![sex, father, mother, address]
            } else {
                vec![father, mother, address, sex]
            };
        }
        let mut number = self.number_row(style);
        number.arabic_label = style.arabic_label("رقم");
        let mut all = vec![number];
        all.extend(self.civil_status_row(style));
        all.extend([father, mother, address, sex, self.expiry_row(style)]);
        all
    }

    fn civil_status_row(&self, style: &Style) -> Option<Row> {
        let number = self.civil_status.as_ref()?;
        let value = Value::new("etat_civil.numero_etat_civil", number);
        Some(Row::new(style, labels::CIVIL_STATUS, value, Value::none()))
    }

    /// CIN, civil-status number and card number, in that order from the left.
    fn first_line(&self, sheet: &mut Sheet, style: &Style) -> Result<(), DrawError> {
        let area = sheet.area([0.035, 0.09, 0.3, 0.165]);
        rows::set(sheet, style, &[self.number_row(style)], Arrangement::Inline, area)?;
        if let Some(mut row) = self.civil_status_row(style) {
            row.arabic_label = String::new();
            let area = sheet.area([0.33, 0.09, 0.7, 0.165]);
            rows::set(sheet, style, &[row], Arrangement::Inline, area)?;
        }
        let card = Row::new(style, ("", ""), Value::plain(&self.document_number), Value::none());
        let area = sheet.area([0.76, 0.09, 0.965, 0.165]);
        rows::set(sheet, style, &[card], Arrangement::Inline, area)
    }

    fn machine_readable_zone(&self, sheet: &mut Sheet) -> Result<(), DrawError> {
        let zone = Td1 {
            document_code: "ID",
            card_number: &self.document_number,
            cin: &self.person.cin,
            birth: self.person.birth,
            female: self.person.female,
            expiry: self.expiry,
            family: &self.person.family.fr,
            given: &self.person.given.fr,
        };
        let colour = image::Rgb([20, 20, 20]);
        let mut brush = Brush { face: face::MRZ, size: 40.0, colour, script: Script::Mrz };
        brush.size *= sheet.width() * 0.9 / width_of(&"M".repeat(30), &brush)?;
        for (row, line) in zone.lines().iter().enumerate() {
            let y = sheet.height() * (0.745 + 0.088 * row as f32);
            let place = (Anchor::Left, sheet.width() * 0.045, y);
            sheet.put(line, &brush, place, sheet.width(), None)?;
        }
        Ok(())
    }
}

/// The rows of father and mother, labelled in the holder's gender.
fn parents(style: &Style, person: &Person) -> [Row; 2] {
    let (father, mother) = if person.female {
        (("Fille de", "بنت"), ("et de", "و"))
    } else {
        (("Fils de", "ابن"), ("et de", "و"))
    };
    let parent = |label, names: &Pair, french, arabic| {
        let mut row =
            Row::new(style, label, Value::new(french, &names.fr), Value::new(arabic, &names.ar));
        // A conjunction or a preposition before a name takes no colon.
        label.1.clone_into(&mut row.arabic_label);
        row
    };
    [
        parent(father, &person.father, "parents.pere.fr", "parents.pere.ar"),
        parent(mother, &person.mother, "parents.mere.fr", "parents.mere.ar"),
    ]
}

fn recto_arrangement(style: &Style) -> Arrangement {
    match style.layout {
        "below" => Arrangement::Below,
        "columns" => Arrangement::Columns,
        "labelled" | "paired" => Arrangement::Inline,
        _ => Arrangement::Stacked,
    }
}

fn verso_arrangement(style: &Style) -> Arrangement {
    match style.layout {
        "below" => Arrangement::Below,
        "columns" => Arrangement::Columns,
        "family-first" => Arrangement::Stacked,
        "paired" => Arrangement::Alternating,
        _ => Arrangement::Inline,
    }
}

/// The kingdom and the card's name, in both scripts, at the top.
fn title(sheet: &mut Sheet, style: &Style) -> Result<(), DrawError> {
    let name = ("CARTE NATIONALE D'IDENTITE", "البطاقة الوطنية للتعريف");
    for (nth, (french, arabic)) in [labels::KINGDOM, name].into_iter().enumerate() {
        let y = sheet.height() * (0.075 + 0.08 * nth as f32);
        let room = sheet.width() * 0.52;
        let brush = style.label_brush(Script::Latin, sheet.height());
        let left = (Anchor::Left, sheet.width() * 0.03, y);
        let drawn = sheet.put(french, &brush, left, room, None)?;
        let brush = style.label_brush(Script::Arabic, sheet.height());
        let right = (Anchor::Right, sheet.width() * 0.97, y);
        let room = sheet.width() * 0.95 - drawn[2];
        sheet.put(arabic, &brush, right, room, None)?;
    }
    Ok(())
}

/// The word SPECIMEN, in red, where it covers nothing.
pub(crate) fn finish(sheet: &mut Sheet, style: &Style) -> Result<(), DrawError> {
    let mut brush = style.label_brush(Script::Latin, sheet.height());
    brush.colour = image::Rgb([190, 60, 60]);
    sheet.mark_as_specimen(&brush)
}
