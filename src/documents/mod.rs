//! Pages of text in, checked fields out, and their rows: one folder per kind.

pub mod cin;
pub mod gris;
pub mod permis;

pub mod confidence;
pub mod lexicon;
pub mod mrz;
pub mod statistics;
mod towns;

mod answer;
mod check;
mod cin_number;
mod date;
mod field;
mod known;
mod label;
mod marks;
mod normalize;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod parsers;
mod places;
#[cfg(test)]
mod printed;
#[cfg(test)]
mod properties;
mod record;
mod repair;
mod rows;
mod scripts;
mod side_reader;
mod transliteration;

pub use answer::{REVIEW_BELOW, nested, status};
pub use check::{Check, Outcome};
pub use date::PartialDate;
pub use field::{Bilingual, Evidence, Field, Leaf, Part, Reason, Source};
pub use known::Known;
pub use record::{
    Column, DocumentRecord, Erased, Form, Found, ListPage, PicturesDigest, Scope, Standing, Status,
    Stored, attachments, browse, review, search,
};
pub use repair::Repair;

use serde::Serialize;

use crate::ocr::Page;

/// A side of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The front. On the vehicle registration: the owner's side.
    Recto,
    /// The back. On the vehicle registration: the technical side.
    Verso,
}

impl Side {
    /// The spelling in answers, paths and columns.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recto => "recto",
            Self::Verso => "verso",
        }
    }
}

/// What a page was recognised as, from what is printed on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Recognised {
    /// The slug of the kind, such as `cin`.
    pub kind: &'static str,
    /// The side.
    pub side: Side,
    /// The series of the card where it can be told, such as `2020`.
    pub generation: Option<&'static str>,
    /// How many independent marks speak for it; at least 2 is certain enough
    /// to record.
    pub marks: u32,
}

/// A page with the upload part that it came in.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What was read.
    pub page: Page,
    /// The part of the upload.
    pub part: Part,
    /// What the page was recognised as, of any kind.
    pub recognised: Option<Recognised>,
}

impl Sheet {
    /// Whether it was recognised as a document of the kind with this slug.
    pub fn shows(&self, slug: &str) -> bool {
        self.recognised.is_some_and(|recognised| recognised.kind == slug)
    }
}

/// The sides of one card, told apart by what is printed on them.
#[derive(Debug, Clone, Default)]
pub struct Sides {
    /// The front, when it was sent.
    pub recto: Option<Sheet>,
    /// The back, when it was sent.
    pub verso: Option<Sheet>,
}

/// What the fields of every kind can do.
pub trait Fields: Send + 'static {
    /// Every leaf of the contract's answer, in the contract's order, then
    /// this project's additional ones.
    fn leaves(&self) -> Vec<Leaf>;

    /// The number that identifies the document, without which it is not
    /// recorded.
    fn number(&self) -> Option<&str>;

    /// The cross-checks that were made between the fields, in a stable order.
    fn checks(&self) -> &[Check];

    /// Members of the answer that are no leaf, such as all licence categories.
    fn additional(&self) -> serde_json::Map<String, serde_json::Value> {
        serde_json::Map::new()
    }
}

/// A kind of document: its names, how it is recognised, read and recorded.
pub trait DocumentKind: 'static {
    /// The name in routes, tables and logs.
    const SLUG: &'static str;
    /// Whether `process` demands the back too.
    const VERSO_REQUIRED: bool;
    /// What a card says.
    type Fields: Fields;
    /// The row.
    type Record: DocumentRecord<Fields = Self::Fields>;

    /// Recognises a page of this kind, or nothing when it bears too few of
    /// its marks.
    fn recognise(page: &Page) -> Option<Recognised>;

    /// Whether a word, folded, stands in one of the kind's labels.
    fn prints(word: &str) -> bool;

    /// Reads the fields off the sides. What cannot be read is a null field
    /// with its reason, never an error.
    fn read(sides: &Sides) -> Self::Fields;
}

/// Recognises a page as whichever kind bears the most marks on it: what a picture
/// shows that is not the document it was sent as.
pub fn recognise_any(page: &Page) -> Option<Recognised> {
    struct Best<'a>(&'a Page, Option<Recognised>);
    impl KindVisitor for Best<'_> {
        fn visit<K: DocumentKind>(&mut self) {
            let marks = |found: &Option<Recognised>| found.map_or(0, |found| found.marks);
            let found = K::recognise(self.0);
            if marks(&found) > marks(&self.1) {
                self.1 = found;
            }
        }
    }
    let mut best = Best(page, None);
    visit_kinds(&mut best);
    best.1
}

/// Something to be done once for each kind; see [`visit_kinds`].
pub trait KindVisitor {
    /// Is called with each kind in turn.
    fn visit<K: DocumentKind>(&mut self);
}

/// Calls `visitor` with every kind. A new kind is registered by a line here.
pub fn visit_kinds(visitor: &mut impl KindVisitor) {
    visitor.visit::<cin::Cin>();
    visitor.visit::<permis::Permis>();
    visitor.visit::<gris::Gris>();
}

/// The slugs of all kinds.
pub fn slugs() -> Vec<&'static str> {
    struct Slugs(Vec<&'static str>);
    impl KindVisitor for Slugs {
        fn visit<K: DocumentKind>(&mut self) {
            self.0.push(K::SLUG);
        }
    }
    let mut slugs = Slugs(Vec::new());
    visit_kinds(&mut slugs);
    slugs.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::printed::Printed;

    #[test]
    fn what_every_document_prints_proves_none() {
        let page = Printed::card()
            .at(0.03, 0.05, "ROYAUME DU MAROC")
            .at(0.97, 0.05, "المملكة المغربية")
            .page();
        assert!(recognise_any(&page).is_none_or(|found| found.marks < 2));
    }

    #[test]
    fn the_text_tells_the_kind_and_not_where_it_was_sent() {
        let kind = |fr: &str, ar: &str| {
            let page = Printed::card().at(0.03, 0.1, fr).at(0.97, 0.1, ar).page();
            recognise_any(&page).map(|found| found.kind)
        };
        assert_eq!(kind("CARTE NATIONALE D'IDENTITE", "البطاقة الوطنية للتعريف"), Some("cin"));
        assert_eq!(kind("PERMIS DE CONDUIRE", "رخصة السياقة"), Some("permis"));
        assert_eq!(kind("CARTE GRISE", "البطاقة الرمادية"), Some("gris"));
        assert_eq!(kind("BIENVENUE", "مرحبا"), None);
    }
}
