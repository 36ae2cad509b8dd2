//! A clean card image in, text with confidence out.

mod alignment;
mod child;
mod doubt;
mod draft;
mod election;
pub mod glance;
pub mod glyphs;
mod numerals;
mod own;
mod page;
mod piece;
mod plates;
mod pool;
mod protocol;
mod reader;
pub mod recogniser;
mod script;
mod tally;
mod tesseract;
mod way;
pub mod worker;
mod zone;

use image::GrayImage;
use serde::{Deserialize, Serialize};

use crate::imaging::{Card, Segment};
pub use crate::imaging::{Placement, Rect};
pub use page::{Engine, EngineReading, Line, Page, Script, Word};
pub use pool::{Busy, OcrPool};
pub use reader::read_card;
pub use tally::OcrState;

/// A piece of print as our own recogniser is handed it.
pub fn cut_line(card: &Card, segment: &Segment) -> GrayImage {
    piece::Piece::strip(card, &segment.rect, segment.letter_height).snippet.image
}

/// Why the engine gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// The worker ran past its deadline on this picture and was killed.
    #[error("the picture took too long to read")]
    Deadline,
    /// The worker died on this picture; it has been replaced.
    #[error("the engine failed on the picture")]
    Crashed,
    /// No worker could be started, or none came free in time.
    #[error("the engine cannot be started")]
    Unavailable,
}

/// Hands out engines: one worker process each, waited for when all are at work.
pub trait Engines: Sync {
    /// Runs `work` with an engine that nobody else uses meanwhile.
    ///
    /// # Errors
    ///
    /// [`OcrError::Unavailable`] when no engine can be had; else what `work` says.
    fn with_engine(
        &self,
        work: &mut dyn FnMut(&mut dyn OcrEngine) -> Result<Page, OcrError>,
    ) -> Result<Page, OcrError>;
}

/// Reads pixels; libtesseract in a worker process, or a script in tests.
pub trait OcrEngine {
    /// Whether a model is there to be asked.
    fn has(&self, model: Model) -> bool;

    /// Reads every snippet on its own; the lines of each, in the same order, with
    /// boxes in the pixels of the snippet. A model that is not there reads nothing.
    ///
    /// # Errors
    ///
    /// After an error the engine is of no further use to this picture.
    fn read(&mut self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError>;
}

/// What those who understand documents know of print, so that no second look is
/// spent where the first is enough.
pub trait Knowledge: Sync {
    /// Whether a line says, letter by letter, what cards are known to say: labels,
    /// names and places.
    fn is_known(&self, line: &Line) -> bool;

    /// Whether the check digits of a machine-readable zone hold in what was read of
    /// its lines, as in [`Page::mrz`].
    fn zone_holds(&self, lines: &[Vec<Line>]) -> bool;
}

/// A piece of a card to be read, dark print on light ground, never binarised.
#[derive(Debug, Clone)]
pub struct Snippet {
    /// The grey pixels.
    pub image: GrayImage,
    /// What it is read with.
    pub model: Model,
    /// How much print it holds.
    pub layout: Layout,
}

/// The loaded models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Model {
    /// French print.
    French,
    /// Arabic print.
    Arabic,
    /// Machine-readable lines: capitals, digits and `<` alone.
    Mrz,
    /// Latin print without accents, codes of letters and digits above all.
    English,
    /// Our own recogniser: one line of either script, or of both.
    Own,
}

impl Model {
    /// All, in the order of their numbers on the wire.
    pub(crate) const ALL: [Self; 5] =
        [Self::French, Self::Arabic, Self::Mrz, Self::English, Self::Own];

    /// Whose model it is.
    pub(crate) const fn engine(self) -> Engine {
        match self {
            Self::Own => Engine::Recogniser,
            Self::French | Self::Arabic | Self::Mrz | Self::English => Engine::Tesseract,
        }
    }

    /// The script that a model of the library reads.
    pub(crate) const fn script(self) -> Script {
        match self {
            Self::Arabic => Script::Arabic,
            Self::French | Self::Mrz | Self::English | Self::Own => Script::Latin,
        }
    }
}

/// How much print a snippet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// A block of lines.
    Block,
    /// One line.
    Line,
    /// One word.
    Word,
    /// Print here and there.
    Sparse,
}

impl Layout {
    /// All, in the order of their numbers on the wire.
    pub(crate) const ALL: [Self; 4] = [Self::Block, Self::Line, Self::Word, Self::Sparse];
}
