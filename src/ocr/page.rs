//! What OCR makes of one side of a card: words with boxes, in lines, in two scripts.
//!
//! This is the vocabulary between the engines and the documents: rules read a
//! [`Page`] and never see a pixel.

use serde::{Deserialize, Serialize};

/// An axis-aligned rectangle in pixels; the origin is top-left.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, never negative.
    pub width: f32,
    /// Height, never negative.
    pub height: f32,
}

impl Rect {
    /// Makes a rectangle from its left, top, width and height.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// The right edge.
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The bottom edge.
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// The vertical centre.
    pub fn mid_y(&self) -> f32 {
        self.y + self.height / 2.0
    }

    /// The horizontal centre.
    pub fn mid_x(&self) -> f32 {
        self.x + self.width / 2.0
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self::new(x, y, right - x, bottom - y)
    }

    /// How much of the smaller height the two share, 0 to 1: near 1 for
    /// neighbours on one printed line.
    pub fn vertical_overlap(&self, other: &Self) -> f32 {
        let shared = self.bottom().min(other.bottom()) - self.y.max(other.y);
        (shared / self.height.min(other.height).max(1.0)).clamp(0.0, 1.0)
    }
}

/// The model that a line was read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// French: left to right, Western digits.
    Latin,
    /// Arabic, in logical order.
    Arabic,
}

/// One word as the engine read it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The text, in logical order.
    pub text: String,
    /// The engine's certainty, 0 to 1.
    pub confidence: f32,
    /// Where it stands on the upright card, in card pixels.
    pub rect: Rect,
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

/// A 3 × 3 projective map, row by row, from card pixels to the pixels of the
/// uploaded picture as displayed (its EXIF orientation applied).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement(pub [f32; 9]);

impl Placement {
    /// The card is the whole picture.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);

    /// Maps a point of the card to the uploaded picture.
    pub fn map(&self, x: f32, y: f32) -> (f32, f32) {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }

    /// The upright box in the uploaded picture around a box of the card.
    pub fn upload_box(&self, rect: &Rect) -> Rect {
        let corners = [
            self.map(rect.x, rect.y),
            self.map(rect.right(), rect.y),
            self.map(rect.x, rect.bottom()),
            self.map(rect.right(), rect.bottom()),
        ];
        let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for (x, y) in corners {
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        Rect::new(left, top, right - left, bottom - top)
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
