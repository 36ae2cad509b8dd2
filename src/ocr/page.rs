//! What OCR makes of one side of a card: words with boxes, in lines, in two scripts.
//!
//! This is the vocabulary between the engines and the documents: rules read a
//! [`Page`] and never see a pixel.

use serde::{Deserialize, Serialize};

use crate::imaging::{Placement, Rect};

/// The model that a line was read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// French: left to right, Western digits.
    Latin,
    /// Arabic, in logical order.
    Arabic,
}

impl Script {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Latin => Self::Arabic,
            Self::Arabic => Self::Latin,
        }
    }
}

/// What reads print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Our own line recogniser.
    Recogniser,
    /// libtesseract.
    Tesseract,
}

/// What one engine read.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct EngineReading {
    /// Which.
    pub engine: Engine,
    /// The text, in logical order.
    pub text: String,
    /// Its certainty, 0 to 1.
    pub confidence: f32,
}

impl std::fmt::Debug for EngineReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // As of a word: never its text.
        f.debug_struct("EngineReading")
            .field("engine", &self.engine)
            .field("confidence", &self.confidence)
            .finish_non_exhaustive()
    }
}

/// One word as it was read.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The text, in logical order.
    pub text: String,
    /// How certain it is, 0 to 1: the engine's word, more where engines agree, less
    /// where they do not.
    pub confidence: f32,
    /// Where it stands on the upright card, in card pixels.
    pub rect: Rect,
    /// What each engine that was asked read there, one reading of each at most, with the
    /// blank behind it: put one after the other they say what an engine read in a line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<EngineReading>,
}

impl Word {
    /// A word of which no more is known.
    pub fn new(text: impl Into<String>, confidence: f32, rect: Rect) -> Self {
        Self { text: text.into(), confidence, rect, readings: Vec::new() }
    }
}

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A word of a card is personal data: logs may hold its place, never its text.
        f.debug_struct("Word")
            .field("rect", &self.rect)
            .field("confidence", &self.confidence)
            .finish_non_exhaustive()
    }
}

/// Words of one script that stand on one printed line, in reading order.
///
/// A printed row that holds French on the left and Arabic on the right gives
/// two lines, one of each script.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The script it was read in.
    pub script: Script,
    /// The words in reading order (the rightmost first in Arabic).
    pub words: Vec<Word>,
}

impl Line {
    /// The words joined by single blanks.
    pub fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The box around all words.
    pub fn rect(&self) -> Rect {
        self.words
            .iter()
            .map(|word| word.rect)
            .reduce(|all, one| all.union(&one))
            .unwrap_or_default()
    }

    /// The mean certainty of the words, weighted by their length.
    pub fn confidence(&self) -> f32 {
        let letters: usize = self.words.iter().map(|word| word.text.chars().count()).sum();
        let weighted: f32 =
            self.words.iter().map(|word| word.confidence * word.text.chars().count() as f32).sum();
        weighted / (letters.max(1) as f32)
    }
}

/// Everything that was read on one side of a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Width of the upright card image, in pixels.
    pub width: f32,
    /// Height of the upright card image, in pixels.
    pub height: f32,
    /// Lines from top to bottom; both scripts, in one list.
    pub lines: Vec<Line>,
    /// Candidate readings of each line of a machine-readable zone, top to
    /// bottom; empty where none was seen. One inner list per printed line, the
    /// likeliest reading first.
    pub mrz: Vec<Vec<Line>>,
    /// Where a portrait stands, when one was found.
    pub portrait: Option<Rect>,
    /// From this page to the uploaded picture.
    pub placement: Placement,
}
