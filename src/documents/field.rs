//! A field of a card: a value with its evidence, or nothing with a reason.

use chrono::NaiveDate;
use serde::Serialize;

use crate::documents::Repair;
use crate::documents::confidence;
use crate::ocr::{Engine, EngineReading, Page, Rect, Word};

/// The printed zone that a value was read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The front of the card.
    Recto,
    /// The back of the card.
    Verso,
    /// The machine-readable zone (ICAO Doc 9303-5).
    Mrz,
}

/// The part of the upload that a side came in. The two differ from
/// [`Source`] when a client swapped the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The part named `recto`.
    Recto,
    /// The part named `verso`.
    Verso,
}

impl Part {
    /// Its name in the multipart body.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recto => "recto",
            Self::Verso => "verso",
        }
    }
}

/// Why a field has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its label or place was not found on the card.
    NotFound,
    /// The card says that there is none (`--`).
    MarkedAbsent,
    /// Something stands there, but it does not have the field's form.
    Malformed,
    /// It was read with too little certainty to give.
    Unreadable,
    /// The side that prints it was not sent.
    SideMissing,
    /// This generation of the card does not print it.
    NotPrinted,
}

/// What was read, and where.
#[derive(Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// The text as printed and read, before normalisation.
    pub raw: String,
    /// The probability that the value is right, 0 to 1.
    pub confidence: f32,
    /// The side or zone.
    pub source: Source,
    /// The upload part whose pixels `bounding_box` counts.
    pub image: Part,
    /// The box in the uploaded picture, in pixels as displayed.
    pub bounding_box: Rect,
    /// What was replaced in the text because its position demands it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<Repair>,
    /// What each engine read there, one reading of each at most; an engine that did not
    /// read all of it is not among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<EngineReading>,
}

impl Evidence {
    /// Gathers words of `page` into evidence; the confidence is that of the
    /// weakest word.
    pub fn of_words<'a>(
        page: &Page,
        source: Source,
        image: Part,
        words: impl IntoIterator<Item = &'a Word>,
    ) -> Option<Self> {
        let words: Vec<&Word> = words.into_iter().collect();
        let rect = words.iter().map(|word| word.rect).reduce(|all, one| all.union(&one))?;
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let engines = [Engine::Recogniser, Engine::Tesseract];
        Some(Self {
            raw: texts.join(" "),
            confidence: words.iter().map(|word| word.confidence).fold(1.0, f32::min),
            source,
            image,
            bounding_box: page.placement.upload_box(&rect),
            repairs: Vec::new(),
            readings: engines.into_iter().filter_map(|engine| read_by(engine, &words)).collect(),
        })
    }
}

/// What an engine read in all of the words; nothing where it did not read one.
fn read_by(engine: Engine, words: &[&Word]) -> Option<EngineReading> {
    let by_it =
        |word: &&Word| word.readings.iter().find(|reading| reading.engine == engine).cloned();
    let readings: Vec<EngineReading> = words.iter().map(by_it).collect::<Option<_>>()?;
    let confidence = readings.iter().map(|reading| reading.confidence).fold(1.0, f32::min);
    let text: String = readings.into_iter().map(|reading| reading.text).collect();
    Some(EngineReading { engine, text: text.trim().to_owned(), confidence })
}

/// A value of type `T` with its evidence, or no value with a reason.
#[derive(Clone, PartialEq)]
pub enum Field<T> {
    /// Read on the card.
    Read {
        /// The normalised value.
        value: T,
        /// What it rests on.
        evidence: Evidence,
    },
    /// Not given.
    Null {
        /// Why not.
        reason: Reason,
        /// What was read and refused, if anything was.
        evidence: Option<Evidence>,
    },
}

impl<T> Field<T> {
    /// A value that rests on `evidence`.
    pub const fn read(value: T, evidence: Evidence) -> Self {
        Self::Read { value, evidence }
    }

    /// No value, for `reason`.
    pub const fn null(reason: Reason) -> Self {
        Self::Null { reason, evidence: None }
    }

    /// No value although something was read.
    pub const fn refused(reason: Reason, evidence: Evidence) -> Self {
        Self::Null { reason, evidence: Some(evidence) }
    }

    /// The value, when there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Read { value, .. } => Some(value),
            Self::Null { .. } => None,
        }
    }

    /// What was read, whether or not it gave a value.
    pub const fn evidence(&self) -> Option<&Evidence> {
        match self {
            Self::Read { evidence, .. } => Some(evidence),
            Self::Null { evidence, .. } => evidence.as_ref(),
        }
    }

    /// The probability that the value is right; 0 without a value.
    pub fn confidence(&self) -> f32 {
        match self {
            Self::Read { evidence, .. } => evidence.confidence,
            Self::Null { .. } => 0.0,
        }
    }
}

impl<T> std::fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values of a card are personal data and must not reach a log through `{:?}`.
        match self {
            Self::Read { evidence, .. } => write!(f, "Read(redacted, {:.2})", evidence.confidence),
            Self::Null { reason, .. } => write!(f, "Null({reason:?})"),
        }
    }
}

/// A French and an Arabic value that stand beside each other on the card.
/// Neither is ever derived from the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Bilingual {
    /// The Latin reading.
    pub fr: Field<String>,
    /// The Arabic reading.
    pub ar: Field<String>,
}

impl Bilingual {
    /// Neither script, for one reason.
    pub const fn null(reason: Reason) -> Self {
        Self { fr: Field::null(reason), ar: Field::null(reason) }
    }
}

/// One leaf of a document's answer, with its type forgotten: what the HTTP
/// edge, the accuracy table and the review of a record need of a field.
#[derive(Clone, PartialEq, Serialize)]
pub struct Leaf {
    /// The contract's dotted path, such as `identite.nom.fr`.
    #[serde(skip)]
    pub path: &'static str,
    /// The value in the contract's spelling (dates `DD.MM.YYYY`), or null.
    pub value: serde_json::Value,
    /// The text before normalisation.
    pub raw: Option<String>,
    /// The probability that the value is right, 0 to 1.
    pub confidence: f32,
    /// The side or zone.
    pub source: Option<Source>,
    /// The upload part that `bounding_box` counts in.
    pub image: Option<Part>,
    /// In pixels of that picture.
    pub bounding_box: Option<Rect>,
    /// What was replaced in the text because its position demands it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<Repair>,
    /// What each engine that was asked read there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<EngineReading>,
    /// Whether it is this project's own, beyond the contract.
    #[serde(skip)]
    pub additional: bool,
    /// Why `value` is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl Leaf {
    /// Describes `field` under `path`, its value spelled by `spell`.
    pub fn new<T>(
        path: &'static str,
        field: &Field<T>,
        spell: impl Fn(&T) -> serde_json::Value,
    ) -> Self {
        let evidence = field.evidence();
        Self {
            path,
            value: field.value().map_or(serde_json::Value::Null, spell),
            raw: evidence.map(|evidence| evidence.raw.clone()),
            confidence: confidence::calibrated(field.confidence()),
            source: evidence.map(|evidence| evidence.source),
            image: evidence.map(|evidence| evidence.image),
            bounding_box: evidence.map(|evidence| evidence.bounding_box),
            repairs: evidence.map(|evidence| evidence.repairs.clone()).unwrap_or_default(),
            readings: evidence.map(|evidence| evidence.readings.clone()).unwrap_or_default(),
            additional: false,
            reason: match field {
                Field::Null { reason, .. } => Some(*reason),
                Field::Read { .. } => None,
            },
        }
    }

    /// Describes a text field.
    pub fn text(path: &'static str, field: &Field<String>) -> Self {
        Self::new(path, field, |value| value.as_str().into())
    }

    /// Describes a field that holds a whole date, spelled `DD.MM.YYYY`.
    pub fn date(path: &'static str, field: &Field<NaiveDate>) -> Self {
        Self::new(path, field, |date| date.format("%d.%m.%Y").to_string().into())
    }

    /// Describes a field that holds a count; it is a JSON number.
    pub fn number(path: &'static str, field: &Field<u32>) -> Self {
        Self::new(path, field, |number| (*number).into())
    }

    /// Marks the leaf as this project's own, beyond the contract: its absence
    /// sends no record to review.
    #[must_use]
    pub fn extra(mut self) -> Self {
        self.additional = true;
        self
    }
}
