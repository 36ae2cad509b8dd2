//! What stands at the top of a card: the kingdom and the card's own name.

use crate::DrawError;
use crate::labels::Label;
use crate::picture::Script;
use crate::sheet::{Anchor, Sheet};
use crate::style::Style;

/// Prints names in both scripts on the middle of the card, each on a line of
/// its own and the Arabic one first, from the top down to a fifth of the height.
pub(crate) fn centred(sheet: &mut Sheet, style: &Style, names: &[Label]) -> Result<(), DrawError> {
    let (w, h) = (sheet.width(), sheet.height());
    let lines = names.iter().flat_map(|(french, arabic)| {
        [(Script::Arabic, *arabic), (Script::Latin, *french)].into_iter()
    });
    let lines: Vec<_> = lines.filter(|(_, text)| !text.is_empty()).collect();
    let pitch = 0.2 / lines.len() as f32;
    for (nth, (script, text)) in lines.into_iter().enumerate() {
        let mut brush = style.label_brush(script, h);
        brush.size = brush.size.min(pitch * h * 0.72);
        let y = h * (0.012 + pitch * (nth as f32 + 0.74));
        sheet.put(text, &brush, (Anchor::Middle, 0.5 * w, y), 0.8 * w, None)?;
    }
    Ok(())
}
