//! One card through the pipeline, compared with its truth leaf by leaf.

use std::time::{Duration, Instant};

use serde_json::Value;
use specimen::{PlacedText, Script};
use wathiqa::documents::{DocumentKind, KindVisitor, Leaf, visit_kinds};
use wathiqa::ocr::{EngineReading, Engines};
use wathiqa::pipeline::{ExtractError, extract};

/// The path that the machine-readable zone is counted under.
pub(crate) const ZONE: &str = "mrz";

/// A leaf as it should be and as it was read.
pub(crate) struct Outcome {
    pub(crate) path: String,
    pub(crate) expected: Option<String>,
    pub(crate) got: Option<String>,
    pub(crate) raw: Option<String>,
    pub(crate) confidence: f32,
    /// What each engine read.
    pub(crate) engines: String,
}

impl Outcome {
    pub(crate) fn is_right(&self) -> bool {
        self.expected == self.got
    }

    /// A value was given that is not on the card.
    pub(crate) fn is_wrong(&self) -> bool {
        self.got.is_some() && !self.is_right()
    }
}

/// What the pipeline made of a card.
pub(crate) struct Reading {
    pub(crate) outcomes: Vec<Outcome>,
    /// How many fields were given a value.
    pub(crate) given: u32,
    /// The name of the error, when the card gave no record.
    pub(crate) rejected: Option<String>,
    pub(crate) time: Duration,
}

/// Whether a side bears a machine-readable zone.
pub(crate) fn has_zone(texts: &[PlacedText]) -> bool {
    texts.iter().any(|text| text.script == Script::Mrz)
}

/// Reads the sides and compares with `truth`, and expects the zone's check
/// digits to hold when it `has_zone`.
pub(crate) fn read(
    engines: &dyn Engines,
    slug: &str,
    recto: &[u8],
    verso: Option<&[u8]>,
    truth: &Value,
    has_zone: bool,
) -> Reading {
    let mut visit = Visit { engines, slug, recto, verso, result: None };
    let begun = Instant::now();
    visit_kinds(&mut visit);
    let time = begun.elapsed();
    let (leaves, answer, rejected) = match visit.result {
        Some(Ok((leaves, answer))) => (leaves, answer, None),
        Some(Err(error)) => (Vec::new(), Value::Null, Some(name(&error))),
        None => (Vec::new(), Value::Null, Some("no such kind".to_owned())),
    };
    let mut expected = Vec::new();
    flatten("", truth, &mut expected);
    let mut outcomes: Vec<Outcome> = expected
        .into_iter()
        .map(|(path, expected)| {
            let leaf = leaves.iter().find(|leaf| leaf.path == path);
            Outcome {
                expected,
                got: leaf.and_then(|leaf| spelled(&leaf.value)),
                raw: leaf.and_then(|leaf| leaf.raw.clone()),
                confidence: leaf.map_or(0.0, |leaf| leaf.confidence),
                engines: leaf.map_or_else(String::new, read_by),
                path,
            }
        })
        .collect();
    if has_zone {
        let digits = answer["mrz"]["check_digits"].as_object();
        outcomes.push(Outcome {
            path: format!("{ZONE}.check_digits"),
            expected: Some("true".to_owned()),
            got: digits.map(|digits| digits.values().all(|holds| holds == true).to_string()),
            raw: None,
            // The zone is no field of its own and claims no confidence.
            confidence: 0.0,
            engines: String::new(),
        });
    }
    let given = leaves.iter().filter(|leaf| !leaf.value.is_null()).count() as u32;
    Reading { outcomes, given, rejected, time }
}

/// What each engine read of a leaf.
fn read_by(leaf: &Leaf) -> String {
    let one = |reading: &EngineReading| {
        format!("{:?} {:?} {:.2}", reading.engine, reading.text, reading.confidence)
    };
    leaf.readings.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Reads as the kind of a slug.
struct Visit<'a> {
    engines: &'a dyn Engines,
    slug: &'a str,
    recto: &'a [u8],
    verso: Option<&'a [u8]>,
    result: Option<Result<(Vec<Leaf>, Value), ExtractError>>,
}

impl KindVisitor for Visit<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        if K::SLUG == self.slug {
            let extraction = extract::<K>(self.engines, self.recto, self.verso);
            self.result = Some(extraction.map(|extraction| {
                let answer = Value::Object(extraction.answer());
                (extraction.leaves, answer)
            }));
        }
    }
}

/// The variant, without what it carries.
fn name(error: &ExtractError) -> String {
    match error {
        ExtractError::Image { .. } => "picture not decoded",
        ExtractError::NotADocument { .. } => "not a document",
        ExtractError::Quality { .. } => "picture not legible",
        ExtractError::WrongDocument { .. } => "wrong document",
        ExtractError::SameSideTwice => "same side twice",
        ExtractError::SideMissing => "side missing",
        ExtractError::NumberUnreadable { .. } => "number unreadable",
        ExtractError::Ocr(_) => "engine failed",
    }
    .to_owned()
}

/// Every leaf of a nested answer with its dotted path.
fn flatten(prefix: &str, value: &Value, leaves: &mut Vec<(String, Option<String>)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path =
                    if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&path, member, leaves);
            }
        }
        leaf => leaves.push((prefix.to_owned(), spelled(leaf))),
    }
}

fn spelled(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
