//! The library alone, without our own recogniser: what a tree without its model builds.

use wathiqa::ocr::{Engines, Line, Model, OcrEngine, OcrError, Page, Snippet};

/// Engines that do not have our own recogniser.
pub(crate) struct Library<'a>(pub(crate) &'a dyn Engines);

impl Engines for Library<'_> {
    fn with_engine(
        &self,
        work: &mut dyn FnMut(&mut dyn OcrEngine) -> Result<Page, OcrError>,
    ) -> Result<Page, OcrError> {
        self.0.with_engine(&mut |engine| work(&mut Alone(engine)))
    }
}

struct Alone<'a>(&'a mut dyn OcrEngine);

impl OcrEngine for Alone<'_> {
    fn has(&self, model: Model) -> bool {
        model != Model::Own && self.0.has(model)
    }

    fn read(&mut self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError> {
        self.0.read(snippets)
    }
}
