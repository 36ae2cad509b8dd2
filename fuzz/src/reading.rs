//! From a page to the answer, as every document and on every side.

use serde_json::Value;
use wathiqa::documents::{
    self, DocumentKind, Fields, KindVisitor, Part, Recognised, Sheet, Side, Sides,
};
use wathiqa::ocr::Page;
use wathiqa::pipeline::{Extraction, Timings};

/// Reads a page as every kind, whatever it is recognised as: as the recto, as the
/// verso or as both sides, which `choice` decides.
///
/// # Panics
///
/// When a field claims what no field may: that is what the fuzzer looks for.
pub fn read_as_every_kind(page: &Page, choice: u8) {
    let recognised = documents::recognise_any(page);
    let sheet = |part| Sheet { page: page.clone(), part, recognised };
    let sides = Sides {
        recto: (choice % 3 != 1).then(|| sheet(Part::Recto)),
        verso: (choice % 3 != 2).then(|| sheet(Part::Verso)),
    };
    documents::visit_kinds(&mut Reading { sides, recognised });
}

struct Reading {
    sides: Sides,
    recognised: Option<Recognised>,
}

impl KindVisitor for Reading {
    fn visit<K: DocumentKind>(&mut self) {
        let fields = K::read(&self.sides);
        let leaves = fields.leaves();
        for leaf in &leaves {
            let (path, sure) = (leaf.path, leaf.confidence);
            assert!((0.0..=1.0).contains(&sure), "{path}: {sure}");
            assert!(leaf.value.is_null() || leaf.raw.is_some(), "{path} from nothing");
        }
        let status = documents::status(&leaves);
        let recto = self.recognised.unwrap_or(Recognised {
            kind: K::SLUG,
            side: Side::Recto,
            generation: None,
            marks: 2,
        });
        let extraction = Extraction::<K> {
            fields,
            recto,
            verso: self.recognised,
            status,
            leaves,
            quality: Vec::new(),
            timings: Timings::default(),
        };
        let answer = extraction.answer();
        let spelled = Value::Object(answer).to_string();
        assert!(serde_json::from_str::<Value>(&spelled).is_ok());
    }
}
