//! The national identity card (CIN, CNIE), of 2008 and of 2020.

mod checks;
mod fields;
mod labels;
mod proof;
pub mod record;
mod recto;
mod verso;

#[cfg(test)]
mod tests;

pub use fields::{CinFields, Sex};

use crate::documents::cin::labels::{Label, MARKS, labels};
use crate::documents::marks::{Tally, Weight};
use crate::documents::mrz::read_mrz;
use crate::documents::rows::Rows;
use crate::documents::{DocumentKind, Recognised, Side, Sides};
use crate::ocr::{Page, Script};

/// The kind, for type parameters.
#[derive(Debug)]
pub struct Cin;

impl DocumentKind for Cin {
    type Fields = CinFields;
    type Record = record::CinRecord;

    const SLUG: &'static str = "cin";
    const VERSO_REQUIRED: bool = true;

    fn recognise(page: &Page) -> Option<Recognised> {
        let mut tally = Tally::of(page, labels(), &MARKS);
        let rows = Rows::of(page, labels());
        if rows.has(Label::LookAlike) && !rows.has(Label::Title) {
            return None;
        }
        // Only a zone of Morocco is read at all.
        if read_mrz(page).is_some() {
            tally.add(Weight::Own, Some(Side::Verso));
            tally.add(Weight::Own, Some(Side::Verso));
        }
        tally.verdict(Self::SLUG, generation(page, &rows, tally))
    }

    fn prints(word: &str) -> bool {
        labels().has_word(word)
    }

    fn read(sides: &Sides) -> CinFields {
        proof::combine(
            sides.recto.as_ref().map(recto::read).as_ref(),
            sides.verso.as_ref().map(verso::read).as_ref(),
            is_2020(sides),
        )
    }
}

/// The series of a page: the zone and the CAN exist since 2020, when the portrait
/// moved to the left.
fn generation(page: &Page, rows: &Rows<Label>, tally: Tally) -> Option<&'static str> {
    if read_mrz(page).is_some() || rows.find(Label::Can, Script::Latin).is_some() {
        return Some("2020");
    }
    if tally.verso > tally.recto {
        return Some("2008");
    }
    if let Some(portrait) = page.portrait {
        return Some(if portrait.mid_x() < page.width / 2.0 { "2020" } else { "2008" });
    }
    // The portrait leaves the birth label its half of the card.
    let (_, birth) = rows.find(Label::Birth, Script::Latin)?;
    Some(if birth.rect.x > page.width * 0.25 { "2020" } else { "2008" })
}

fn is_2020(sides: &Sides) -> bool {
    [&sides.verso, &sides.recto]
        .into_iter()
        .flatten()
        .filter_map(|sheet| Cin::recognise(&sheet.page))
        .any(|side| side.generation == Some("2020"))
}
