//! A clean card image in, text with confidence out.

mod page;

pub use page::{Line, Page, Placement, Rect, Script, Word};

/// Why the engine gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// The worker ran past its deadline on this picture and was killed.
    #[error("the picture took too long to read")]
    Deadline,
    /// The worker died on this picture; it has been replaced.
    #[error("the engine failed on the picture")]
    Crashed,
    /// No worker could be started.
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
pub trait OcrEngine {}
