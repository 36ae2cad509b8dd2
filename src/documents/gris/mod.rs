//! The vehicle registration (*carte grise*). Its recto is the owner's side,
//! its verso the technical one.

mod fields;
pub mod record;

pub use fields::{GrisFields, Usage};

use crate::documents::{DocumentKind, Recognised, Sides};
use crate::ocr::Page;

/// The kind, for type parameters.
#[derive(Debug)]
pub struct Gris;

impl DocumentKind for Gris {
    type Fields = GrisFields;
    type Record = record::GrisRecord;

    const SLUG: &'static str = "gris";
    const VERSO_REQUIRED: bool = true;

    fn recognise(page: &Page) -> Option<Recognised> {
        let _ = page;
        None
    }

    fn read(sides: &Sides) -> GrisFields {
        let _ = sides;
        GrisFields::unread()
    }
}
