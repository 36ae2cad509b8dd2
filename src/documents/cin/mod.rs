//! The national identity card (CIN, CNIE), of 2008 and of 2020.

mod fields;
pub mod record;

pub use fields::{CinFields, Sex};

use crate::documents::{DocumentKind, Recognised, Sides};
use crate::ocr::Page;

/// The kind, for type parameters.
#[derive(Debug)]
pub struct Cin;

impl DocumentKind for Cin {
    type Fields = CinFields;
    type Record = record::CinRecord;

    const SLUG: &'static str = "cin";
    const VERSO_REQUIRED: bool = true;

    fn recognise(page: &Page) -> Option<Recognised> {
        let _ = page;
        None
    }

    fn read(sides: &Sides) -> CinFields {
        let _ = sides;
        CinFields::unread()
    }
}
