//! Engines that read a snippet once: a picture that is sent as every document
//! shows them the same snippets each time.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use wathiqa::ocr::{Engines, Line, Model, OcrEngine, OcrError, Page, Snippet};

/// What was read of each snippet so far.
type Readings = HashMap<u64, Vec<Line>>;

/// Engines with a memory.
pub(crate) struct Remembering<'a> {
    engines: &'a dyn Engines,
    readings: Mutex<Readings>,
}

impl<'a> Remembering<'a> {
    pub(crate) fn new(engines: &'a dyn Engines) -> Self {
        Self { engines, readings: Mutex::default() }
    }

    fn readings(&self) -> MutexGuard<'_, Readings> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engines for Remembering<'_> {
    fn with_engine(
        &self,
        work: &mut dyn FnMut(&mut dyn OcrEngine) -> Result<Page, OcrError>,
    ) -> Result<Page, OcrError> {
        self.engines.with_engine(&mut |engine| work(&mut Reminded { engine, memory: self }))
    }
}

/// An engine that is asked only for what is not remembered.
struct Reminded<'a> {
    engine: &'a mut dyn OcrEngine,
    memory: &'a Remembering<'a>,
}

impl OcrEngine for Reminded<'_> {
    fn has(&self, model: Model) -> bool {
        self.engine.has(model)
    }

    fn read(&mut self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError> {
        let keys: Vec<u64> = snippets.iter().map(key).collect();
        let known = |key: &u64| self.memory.readings().contains_key(key);
        let (new_keys, new): (Vec<u64>, Vec<Snippet>) = keys
            .iter()
            .zip(snippets)
            .filter(|(key, _)| !known(key))
            .map(|(k, s)| (*k, s.clone()))
            .unzip();
        let read = if new.is_empty() { Vec::new() } else { self.engine.read(&new)? };
        let mut readings = self.memory.readings();
        readings.extend(new_keys.into_iter().zip(read));
        Ok(keys.iter().map(|key| readings.get(key).cloned().unwrap_or_default()).collect())
    }
}

fn key(snippet: &Snippet) -> u64 {
    let mut hasher = DefaultHasher::new();
    snippet.image.dimensions().hash(&mut hasher);
    snippet.image.as_raw().hash(&mut hasher);
    (snippet.model as u8, snippet.layout as u8).hash(&mut hasher);
    hasher.finish()
}
