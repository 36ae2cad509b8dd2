//! The layout with the portrait on the left and values below captions in both
//! scripts. It is kept from development: nothing of it may be made alike to the others.

use rand_chacha::ChaCha8Rng;

use super::{Frame, Licence, expiry_on_recto, printed_category};
use crate::cin::finish;
use crate::labels::{self, kept, variant};
use crate::picture::Script;
use crate::rows::{self, Arrangement, Row, Value};
use crate::sheet::{Anchor, Sheet};
use crate::style::Style;
use crate::{DrawError, Kind, art, heading, identity};

/// Its name.
pub(super) const LAYOUT: &str = "captioned";

/// The table on the right of the back, its headings one below the other.
const TABLE: Frame = Frame {
    columns: [0.34, 0.53, 0.79],
    right: 0.97,
    headings: [0.2, 0.255],
    top: 0.285,
    height: 0.68,
};

impl Licence {
    pub(super) fn captioned_recto(
        &self,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Permis, style.width, rng));
        let name = labels::PERMIS_TITLE[0];
        let agency = if style.coin(18) { kept::AGENCY } else { ("", "") };
        heading::centred(&mut sheet, style, &[labels::KINGDOM, name, agency])?;
        let area = sheet.area([0.03, 0.25, 0.27, 0.72]);
        art::portrait(&mut sheet, area, 1.0, rng);
        let area = sheet.area([0.05, 0.75, 0.25, 0.86]);
        art::signature(&mut sheet, area, rng);
        for (row, area) in [
            (self.number_row(style), [0.3, 0.225, 0.63, 0.35]),
            (self.cin_row(style), [0.66, 0.225, 0.97, 0.35]),
        ] {
            let area = sheet.area(area);
            rows::set(&mut sheet, style, &[row], Arrangement::Captioned, area)?;
        }
        let area = sheet.area([0.3, 0.36, 0.97, 0.78]);
        rows::set(&mut sheet, style, &self.holder(style), Arrangement::Captioned, area)?;
        let area = sheet.area([0.3, 0.79, 0.97, 0.965]);
        rows::set(&mut sheet, style, &self.issue(style), Arrangement::Inline, area)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    fn number_row(&self, style: &Style) -> Row {
        let value = Value::new("permis.numero_permis", &self.number);
        Row::new(style, variant(style, 8, kept::PERMIS_NUMBER), value, Value::none())
    }

    fn cin_row(&self, style: &Style) -> Row {
        let label = variant(style, 1, kept::CIN_NUMBER);
        Row::new(style, label, Value::plain(&self.person.cin), Value::none())
    }

    /// Names and birth: date and place on one line.
    fn holder(&self, style: &Style) -> Vec<Row> {
        let place = &self.person.birthplace;
        let mut birth = Row::new(
            style,
            variant(style, 4, kept::BIRTH),
            Value::new("naissance.date", style.date(self.person.birth)),
            Value::new("naissance.lieu.ar", &place.ar),
        );
        let before = ["à", "-", ""][style.whim as usize % 3].to_owned();
        birth.tail = vec![(before, Value::new("naissance.lieu.fr", &place.fr))];
        vec![
            identity::family_row(style, &self.person, labels::FAMILY[0]),
            identity::given_row(style, &self.person, labels::GIVEN[0]),
            birth,
        ]
    }

    /// Place and date of issue, the expiry where it stands on this side, and
    /// the categories as a row like the others.
    fn issue(&self, style: &Style) -> Vec<Row> {
        let main = &self.held[self.main];
        let date = Value::new("permis.date_delivrance", style.date(main.since));
        let centre = Value::plain(&self.centre);
        let mut issued = Row::new(style, ("Délivré à", "سلمت بتاريخ"), centre, Value::none());
        issued.tail = vec![(style.label("Le"), date)];
        let held: Vec<&str> =
            self.held.iter().map(|one| printed_category(style, one.category)).collect();
        let held = held.join(if style.coin(12) { " - " } else { " " });
        let held = if self.held.len() == 1 {
            Value::new("permis.categorie", held)
        } else {
            Value::plain(held)
        };
        let categories = Row::new(style, variant(style, 11, kept::HELD), held, Value::none());
        let expiry = expiry_on_recto(style).then(|| self.captioned_expiry(style));
        [issued].into_iter().chain(expiry).chain([categories]).collect()
    }

    fn captioned_expiry(&self, style: &Style) -> Row {
        let value = Value::new("permis.date_expiration", style.date(self.expiry));
        Row::new(style, variant(style, 10, kept::EXPIRY), value, Value::none())
    }

    pub(super) fn captioned_verso(
        &self,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Permis, style.width, rng));
        if !expiry_on_recto(style) {
            let area = sheet.area([0.3, 0.03, 0.96, 0.125]);
            rows::set(
                &mut sheet,
                style,
                &[self.captioned_expiry(style)],
                Arrangement::Inline,
                area,
            )?;
        }
        self.table(&mut sheet, style, &TABLE)?;
        let area = sheet.area([0.04, 0.05, 0.25, 0.4]);
        art::barcode(&mut sheet, area, true, rng);
        let brush = style.value(Script::Latin, sheet.height());
        for (nth, half) in [&self.serial[..8], &self.serial[8..]].into_iter().enumerate() {
            let y = sheet.height() * (0.52 + 0.07 * nth as f32);
            let text = format!("{} {}", &half[..4], &half[4..]);
            let place = (Anchor::Left, sheet.width() * 0.04, y);
            sheet.put(&text, &brush, place, sheet.width() * 0.26, None)?;
        }
        finish(&mut sheet, style)?;
        Ok(sheet)
    }
}
