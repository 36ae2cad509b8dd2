//! The driving licence.

mod captioned;

use chrono::NaiveDate;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::cin::finish;
use crate::data::{CITIES, one_of};
use crate::identity::{self, spelled};
use crate::labels::{self, variant};
use crate::person::{Person, day, years_later};
use crate::picture::Script;
use crate::rows::{self, Arrangement, Row, Value};
use crate::sheet::{Anchor, Sheet};
use crate::style::Style;
use crate::{DrawError, Faces, Kind, art};

pub(crate) const LAYOUTS: &[&str] =
    &["inline", "below", "columns", "stacked", "alternating", captioned::LAYOUT];

/// The categories in the order of the table: as the contract spells them, as
/// cards print them otherwise, and in Arabic.
const CATEGORIES: &[(&str, [&str; 2], &str)] = &[
    ("AM", ["AM", "AM"], ""),
    ("A1", ["A1", "A1"], "1أ"),
    ("A", ["A", "A"], "أ"),
    ("B", ["B", "B"], "ب"),
    ("C", ["C", "C"], "ج"),
    ("D", ["D", "D"], "د"),
    ("E(B)", ["EB", "BE"], "ه(ب)"),
    ("E(C)", ["EC", "CE"], "ه(ج)"),
    ("E(D)", ["ED", "DE"], "ه(د)"),
];

/// The categories that people hold together.
const HOLDINGS: &[&[&str]] = &[
    &["B"],
    &["B"],
    &["B"],
    &["B"],
    &["A", "B"],
    &["A1", "B"],
    &["A1"],
    &["AM", "B"],
    &["B", "C"],
    &["B", "C", "E(C)"],
    &["B", "D"],
    &["B", "E(B)"],
    &["A", "B", "C", "D"],
    &["B", "C", "D", "E(D)"],
];

/// A held category.
struct Held {
    category: &'static str,
    since: NaiveDate,
    limit: Option<&'static str>,
}

/// Where a table stands on the back, in fractions of it.
struct Frame {
    /// The left edges of category, date and restriction.
    columns: [f32; 3],
    right: f32,
    /// The baselines of the headings, French and Arabic.
    headings: [f32; 2],
    top: f32,
    height: f32,
}

/// The table across the back.
const TABLE: Frame = Frame {
    columns: [0.05, 0.33, 0.68],
    right: 0.95,
    headings: [0.075, 0.135],
    top: 0.165,
    height: 0.61,
};

/// Everything that a licence says.
struct Licence {
    person: Person,
    number: String,
    centre: String,
    held: Vec<Held>,
    /// Which of `held` was issued on the date that the recto prints.
    main: usize,
    expiry: NaiveDate,
    serial: String,
}

pub(crate) fn draw(style: &Style, rng: &mut ChaCha8Rng) -> Result<Faces, DrawError> {
    let licence = Licence::invent(rng);
    let (recto, verso) = if style.layout == captioned::LAYOUT {
        (licence.captioned_recto(style, rng)?, licence.captioned_verso(style, rng)?)
    } else {
        (licence.recto(style, rng)?, licence.verso(style, rng)?)
    };
    Ok(Faces { recto: recto.finish(), verso: verso.finish(), truth: licence.truth() })
}

impl Licence {
    fn invent(rng: &mut ChaCha8Rng) -> Self {
        let person = Person::invent(rng, (1945, 2000));
        let categories = *one_of(rng, HOLDINGS);
        let mut since =
            years_later(person.birth, rng.random_range(18..24)).max(day(rng, 2007, 2012));
        let held: Vec<Held> = categories
            .iter()
            .map(|category| {
                let limit =
                    rng.random_bool(0.12).then(|| *one_of(rng, &["01", "01.06", "70", "78"]));
                let one = Held { category, since, limit };
                // Each category has a date of its own, so that the date on the
                // recto names the main one.
                since = years_later(since, 1) + chrono::Days::new(rng.random_range(1..300));
                one
            })
            .collect();
        let main = rng.random_range(0..held.len());
        let last = held.iter().map(|one| one.since).max().unwrap_or(since);
        let card = last + chrono::Days::new(rng.random_range(0..900));
        Self {
            number: format!(
                "{:02}/{:06}",
                rng.random_range(1..90),
                rng.random_range(1000..999_999)
            ),
            centre: {
                let city = title_case(&one_of(rng, &CITIES[..40]).name.fr);
                if city == "Casablanca" { "Casa nord".to_owned() } else { city }
            },
            serial: (0..16).map(|_| char::from(b'0' + rng.random_range(0..10_u8))).collect(),
            expiry: years_later(card, 10),
            person,
            held,
            main,
        }
    }

    fn truth(&self) -> serde_json::Value {
        let main = &self.held[self.main];
        json!({
            "permis": {
                "numero_permis": self.number,
                "date_delivrance": spelled(main.since),
                "date_expiration": spelled(self.expiry),
                "categorie": main.category,
            },
            "identite": identity::names(&self.person),
            "naissance": identity::birth(&self.person),
        })
    }

    fn recto(&self, style: &Style, rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Permis, style.width, rng));
        title(&mut sheet, style, labels::PERMIS_TITLE)?;
        let area = sheet.area([0.72, 0.24, 0.965, 0.72]);
        art::portrait(&mut sheet, area, 1.0, rng);
        let area = sheet.area([0.76, 0.77, 0.94, 0.9]);
        art::signature(&mut sheet, area, rng);
        self.category_box(&mut sheet, style)?;
        let arrangement = match style.layout {
            "below" => Arrangement::Below,
            "columns" => Arrangement::Columns,
            "stacked" => Arrangement::Stacked,
            "alternating" => Arrangement::Alternating,
            _ => Arrangement::Inline,
        };
        let area = sheet.area([0.035, 0.19, 0.7, 0.845]);
        rows::set(&mut sheet, style, &self.recto_rows(style), arrangement, area)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    fn recto_rows(&self, style: &Style) -> Vec<Row> {
        let single = |labels, value| Row::new(style, labels, value, Value::none());
        let main = &self.held[self.main];
        let given = identity::given_row(style, &self.person, labels::GIVEN[0]);
        let family = identity::family_row(style, &self.person, labels::FAMILY[0]);
        let mut rows = if style.coin(2) { vec![family, given] } else { vec![given, family] };
        let cin = variant(style, 1, labels::PERMIS_CIN);
        rows.push(single(cin, Value::plain(&self.person.cin)));
        let born = variant(style, 4, labels::PERMIS_BORN);
        let date = style.date(self.person.birth);
        rows.push(single(born, Value::new("naissance.date", date)));
        let place = &self.person.birthplace;
        rows.push(Row::new(
            style,
            variant(style, 6, labels::PERMIS_BIRTHPLACE),
            Value::new("naissance.lieu.fr", &place.fr),
            Value::new("naissance.lieu.ar", &place.ar),
        ));
        let number = variant(style, 8, labels::PERMIS_NUMBER);
        rows.push(single(number, Value::new("permis.numero_permis", &self.number)));
        let date = Value::new("permis.date_delivrance", style.date(main.since));
        let issued = if style.coin(3) {
            let mut row = single(("Délivré à", "في"), Value::plain(&self.centre));
            row.tail = vec![("le".to_owned(), date)];
            row
        } else {
            let mut row = single(("Délivré le", "سلمت بتاريخ"), date);
            row.tail = vec![("à".to_owned(), Value::plain(&self.centre))];
            row
        };
        rows.push(issued);
        if expiry_on_recto(style) {
            rows.push(self.expiry_row(style));
        }
        rows
    }

    fn expiry_row(&self, style: &Style) -> Row {
        let value = Value::new("permis.date_expiration", style.date(self.expiry));
        Row::new(style, variant(style, 10, labels::PERMIS_EXPIRY), value, Value::none())
    }

    /// The held categories in a box at the bottom left.
    fn category_box(&self, sheet: &mut Sheet, style: &Style) -> Result<(), DrawError> {
        let held: Vec<&str> =
            self.held.iter().map(|one| printed_category(style, one.category)).collect();
        let held = held.join(if style.coin(12) { " " } else { ", " });
        let single = self.held.len() == 1;
        let area = sheet.area([0.04, 0.865, 0.09 + 0.045 * self.held.len() as f32, 0.955]);
        let mut brush = style.value(Script::Latin, sheet.height());
        brush.size *= 1.1;
        let place = (Anchor::Middle, f32::midpoint(area[0], area[2]), area[3] - area[1] * 0.025);
        let path = single.then_some("permis.categorie");
        let drawn = sheet.put(&held, &brush, place, (area[2] - area[0]) * 0.84, path)?;
        art::frame(sheet, area);
        sheet.reserve(area);
        if style.coin(5) {
            let brush = style.label_brush(Script::Latin, sheet.height());
            let text = style.label(if single { "Catégorie" } else { "Catégories" });
            let place = (Anchor::Left, area[2] + sheet.width() * 0.015, drawn[3]);
            sheet.put(&text, &brush, place, sheet.width() * 0.25, None)?;
        }
        Ok(())
    }

    fn verso(&self, style: &Style, rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
        let mut sheet = Sheet::new(art::background(Kind::Permis, style.width, rng));
        self.table(&mut sheet, style, &TABLE)?;
        if !expiry_on_recto(style) {
            let area = sheet.area([0.04, 0.79, 0.96, 0.87]);
            rows::set(&mut sheet, style, &[self.expiry_row(style)], Arrangement::Inline, area)?;
        }
        let groups: Vec<&str> = (0..4).map(|nth| &self.serial[nth * 4..nth * 4 + 4]).collect();
        let serial = if style.coin(6) { groups.join(" ") } else { self.serial.clone() };
        let brush = style.value(Script::Latin, sheet.height());
        let place = (Anchor::Left, sheet.width() * 0.04, sheet.height() * 0.945);
        sheet.put(&serial, &brush, place, sheet.width() * 0.6, None)?;
        finish(&mut sheet, style)?;
        Ok(sheet)
    }

    /// A row for each category that exists, whether held or not.
    fn table(&self, sheet: &mut Sheet, style: &Style, frame: &Frame) -> Result<(), DrawError> {
        let (w, h) = (sheet.width(), sheet.height());
        let columns = frame.columns;
        let ends = [columns[1], columns[2], frame.right];
        let headings = [labels::CATEGORIES, labels::CATEGORY_ISSUE, labels::CATEGORY_LIMITS];
        for (nth, (french, arabic)) in headings.into_iter().enumerate() {
            let (column, room) = (columns[nth], (ends[nth] - columns[nth] - 0.02).min(0.27) * w);
            let brush = style.label_brush(Script::Latin, h);
            let place = (Anchor::Left, column * w, frame.headings[0] * h);
            sheet.put(french, &brush, place, room, None)?;
            let brush = style.label_brush(Script::Arabic, h);
            let place = (Anchor::Left, column * w, frame.headings[1] * h);
            sheet.put(arabic, &brush, place, room, None)?;
        }
        // Few cards have the row of mopeds; it is there when it is held.
        let mopeds = self.held.iter().any(|one| one.category == "AM") || style.coin(15);
        let rows = if mopeds { CATEGORIES } else { &CATEGORIES[1..] };
        let pitch = frame.height / rows.len() as f32;
        let size = (pitch * 0.66 / style.value_size).min(1.0);
        for (nth, (category, _, arabic)) in rows.iter().enumerate() {
            let y = h * (frame.top + pitch * (nth as f32 + 0.76));
            let held = self.held.iter().find(|one| one.category == *category);
            if style.coin(7) {
                let top = h * (frame.top + pitch * nth as f32);
                art::rule(sheet, [columns[0] * w, top, frame.right * w, top + 1.5]);
            }
            let mut brush = style.value(Script::Latin, h);
            brush.size *= size;
            let name = printed_category(style, category);
            sheet.put(name, &brush, (Anchor::Left, columns[0] * w, y), 0.1 * w, None)?;
            if style.coin(8) && !arabic.is_empty() {
                let mut brush = style.label_brush(Script::Arabic, h);
                brush.size *= size;
                sheet.put(
                    arabic,
                    &brush,
                    (Anchor::Right, (columns[1] - 0.09).max(columns[0] + 0.16) * w, y),
                    0.1 * w,
                    None,
                )?;
            }
            let empty = if style.coin(9) { "****" } else { "" };
            let date = held.map_or_else(|| empty.to_owned(), |one| style.date(one.since));
            sheet.put(&date, &brush, (Anchor::Left, columns[1] * w, y), 0.3 * w, None)?;
            let limit = held.map_or(empty, |one| one.limit.unwrap_or_default());
            sheet.put(
                limit,
                &brush,
                (Anchor::Left, columns[2] * w, y),
                (ends[2] - columns[2]).min(0.26) * w,
                None,
            )?;
        }
        Ok(())
    }
}

/// Newer cards print the expiry on the recto.
const fn expiry_on_recto(style: &Style) -> bool {
    style.coin(10) && style.coin(16)
}

fn printed_category(style: &Style, category: &'static str) -> &'static str {
    let spelling = (style.whim >> 17) % 3;
    CATEGORIES
        .iter()
        .find(|(name, ..)| *name == category)
        .filter(|_| spelling > 0)
        .map_or(category, |(_, others, _)| others[spelling as usize - 1])
}

fn title_case(capitals: &str) -> String {
    let words = capitals.split(' ').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{first}{}", rest.to_lowercase())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The kingdom and the document's name at the top, in both scripts: on the two
/// edges, or the name in the middle.
pub(crate) fn title(
    sheet: &mut Sheet,
    style: &Style,
    names: &[labels::Label],
) -> Result<(), DrawError> {
    let name = variant(style, 0, names);
    let (w, h) = (sheet.width(), sheet.height());
    for (nth, (french, arabic)) in [labels::KINGDOM, name].into_iter().enumerate() {
        let y = h * (0.07 + 0.07 * nth as f32);
        let french_brush = style.label_brush(Script::Latin, h);
        let arabic_brush = style.label_brush(Script::Arabic, h);
        sheet.put(french, &french_brush, (Anchor::Left, 0.03 * w, y), 0.5 * w, None)?;
        sheet.put(arabic, &arabic_brush, (Anchor::Right, 0.97 * w, y), 0.4 * w, None)?;
    }
    Ok(())
}
