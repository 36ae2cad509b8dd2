//! The driving licence (*permis de conduire*).

mod category;
mod fields;
pub mod record;

pub use category::Category;
pub use fields::{HeldCategory, PermisFields};

use crate::documents::{DocumentKind, Recognised, Sides};
use crate::ocr::Page;

/// The kind, for type parameters.
#[derive(Debug)]
pub struct Permis;

impl DocumentKind for Permis {
    type Fields = PermisFields;
    type Record = record::PermisRecord;

    const SLUG: &'static str = "permis";
    const VERSO_REQUIRED: bool = false;

    fn recognise(page: &Page) -> Option<Recognised> {
        let _ = page;
        None
    }

    fn read(sides: &Sides) -> PermisFields {
        let _ = sides;
        PermisFields::unread()
    }
}
