//! The layout in which a value stands below one caption in both scripts. It is
//! kept from development: nothing of it may be made alike to the others.

use rand_chacha::ChaCha8Rng;

use super::{Card, finish, parents};
use crate::labels::{self, Label, kept, variant};
use crate::rows::{self, Arrangement, Row, Value};
use crate::sheet::Sheet;
use crate::style::Style;
use crate::{DrawError, Kind, art, heading, identity};

/// Its name.
pub(super) const LAYOUT: &str = "captioned";

impl Card {
    pub(super) fn captioned_recto(
        &self,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(self.kind, style.width, rng));
        let new = self.kind == Kind::Cin2020;
        heading::centred(&mut sheet, style, &[labels::KINGDOM, kept::CIN_TITLE])?;
        let (portrait, number, texts) = if new {
            ([0.03, 0.25, 0.28, 0.77], [0.03, 0.785, 0.28, 0.95], [0.32, 0.225, 0.92, 0.965])
        } else {
            ([0.73, 0.25, 0.97, 0.73], [0.73, 0.745, 0.97, 0.9], [0.03, 0.225, 0.7, 0.97])
        };
        let area = sheet.area(portrait);
        art::portrait(&mut sheet, area, 1.0, rng);
        let area = sheet.area(number);
        rows::set(
            &mut sheet,
            style,
            &[self.captioned_number(style)],
            Arrangement::Captioned,
            area,
        )?;
        if new {
            self.access_number(&mut sheet, style)?;
        }
        let area = sheet.area(texts);
        let holder = self.captioned_holder(style);
        rows::set(&mut sheet, style, &holder, Arrangement::Captioned, area)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    /// Names, birth and expiry: date and place of birth on one line or apart.
    fn captioned_holder(&self, style: &Style) -> Vec<Row> {
        let mut rows = vec![
            identity::family_row(style, &self.person, labels::FAMILY[0]),
            identity::given_row(style, &self.person, labels::GIVEN[0]),
        ];
        let place = &self.person.birthplace;
        let date = Value::new("naissance.date", self.birth.clone());
        let (french, arabic) = (
            Value::new("naissance.lieu.fr", &place.fr),
            Value::new("naissance.lieu.ar", &place.ar),
        );
        if style.coin(1) {
            let mut row = Row::new(style, variant(style, 3, kept::BIRTH), date, arabic);
            row.tail = vec![(["à", "-", ""][style.whim as usize % 3].to_owned(), french)];
            rows.push(row);
        } else {
            rows.push(Row::new(style, variant(style, 3, kept::BORN), date, Value::none()));
            rows.push(Row::new(style, variant(style, 5, kept::BIRTHPLACE), french, arabic));
        }
        rows.push(self.captioned_expiry(style));
        rows
    }

    fn captioned_expiry(&self, style: &Style) -> Row {
        let value = Value::new("validite", style.date(self.expiry));
        Row::new(style, variant(style, 7, kept::EXPIRY), value, Value::none())
    }

    fn captioned_number(&self, style: &Style) -> Row {
        let value = Value::new("cin", &self.person.cin);
        Row::new(style, variant(style, 8, kept::CIN_NUMBER), value, Value::none())
    }

    pub(super) fn captioned_verso(
        &self,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(self.kind, style.width, rng));
        if self.kind == Kind::Cin2020 {
            let area = sheet.area([0.6, 0.025, 0.965, 0.07]);
            art::barcode(&mut sheet, area, false, rng);
            self.captioned_numbers(&mut sheet, style)?;
            self.machine_readable_zone(&mut sheet)?;
            self.captioned_family(&mut sheet, style, [0.22, 0.45, 0.655])?;
        } else {
            let area = sheet.area([0.035, 0.04, 0.965, 0.16]);
            art::barcode(&mut sheet, area, style.coin(13), rng);
            self.captioned_family(&mut sheet, style, [0.19, 0.44, 0.68])?;
            self.captioned_foot(&mut sheet, style)?;
        }
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    /// Parents and address, from the first height over the second to the last.
    fn captioned_family(
        &self,
        sheet: &mut Sheet,
        style: &Style,
        [top, middle, bottom]: [f32; 3],
    ) -> Result<(), DrawError> {
        let area = sheet.area([0.035, top, 0.965, middle]);
        rows::set(sheet, style, &parents(style, &self.person), Arrangement::Stacked, area)?;
        let area = sheet.area([0.035, middle, 0.965, bottom]);
        let address = identity::address_row(style, &self.person.address);
        rows::set(sheet, style, &[address], Arrangement::Captioned, area)
    }

    /// The numbers and the sex of a card of 2020 side by side below their captions.
    fn captioned_numbers(&self, sheet: &mut Sheet, style: &Style) -> Result<(), DrawError> {
        let card = Row::new(style, ("", ""), Value::plain(&self.document_number), Value::none());
        let area = sheet.area([0.8, 0.145, 0.965, 0.215]);
        rows::set(sheet, style, &[card], Arrangement::Captioned, area)?;
        self.cells(sheet, style, [0.035, 0.32, 0.62, 0.78], [0.08, 0.215])
    }

    /// The numbers and the sex of a card of 2008 at its foot, above the expiry.
    fn captioned_foot(&self, sheet: &mut Sheet, style: &Style) -> Result<(), DrawError> {
        self.cells(sheet, style, [0.035, 0.36, 0.72, 0.965], [0.69, 0.83])?;
        let area = sheet.area([0.035, 0.84, 0.7, 0.92]);
        rows::set(sheet, style, &[self.captioned_expiry(style)], Arrangement::Inline, area)
    }

    /// CIN, civil-status number and sex, from left to right between the `edges`.
    fn cells(
        &self,
        sheet: &mut Sheet,
        style: &Style,
        edges: [f32; 4],
        [top, bottom]: [f32; 2],
    ) -> Result<(), DrawError> {
        let french = |label: Label| (label.0, "");
        let sex = Value::new("sexe", if self.person.female { "F" } else { "M" });
        let mut civil_status = self.civil_status_row(style);
        if let Some(row) = &mut civil_status {
            row.arabic_label = String::new();
        }
        let cells = [
            Some(self.captioned_number(style)),
            civil_status,
            Some(Row::new(style, french(labels::SEX), sex, Value::none())),
        ];
        for (nth, row) in cells.into_iter().enumerate() {
            let area = sheet.area([edges[nth], top, edges[nth + 1] - 0.02, bottom]);
            rows::set(sheet, style, row.as_slice(), Arrangement::Captioned, area)?;
        }
        Ok(())
    }
}
