//! Parts of a whole: one bar that they share, and what each of them is.

use plotters::prelude::Rectangle;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Area, Drawn, Part, colour, counted, scaled, text, words};
use crate::api::language::Language;

/// Pixels: the height of the bar, the gap between two parts, the height of a row below, the
/// side of the square that shows its colour.
const THICKNESS: i32 = 64;
const GAP: i32 = 2;
const ROW: i32 = 44;
const SQUARE: i32 = 20;

/// Draws the bar and the rows below.
pub(super) fn draw(
    area: &Area<'_>,
    (width, _): (i32, i32),
    parts: &[Part],
    language: Language,
) -> Drawn {
    let whole: i64 = parts.iter().map(|part| part.value).sum();
    let labels = text(17, Pos::new(HPos::Left, VPos::Center));
    let values = text(17, Pos::new(HPos::Right, VPos::Center));
    let mut before = 0;
    for ((part, index), row) in parts.iter().zip(0..).zip(0..) {
        let begin = scaled(width, before, whole);
        before += part.value;
        let end = scaled(width, before, whole);
        if part.value > 0 {
            let end = if before == whole { end } else { end - GAP };
            let corners = [(begin, 0), (end.max(begin + 1), THICKNESS)];
            area.draw(&Rectangle::new(corners, colour(index)))?;
        }
        let top = THICKNESS + 28 + ROW * row;
        let middle = top + SQUARE / 2;
        area.draw(&Rectangle::new([(0, top), (SQUARE, top + SQUARE)], colour(index)))?;
        area.draw_text(&words::written(&part.label, language), &labels, (SQUARE + 12, middle))?;
        area.draw_text(&counted(part, language), &values, (width, middle))?;
    }
    Ok(())
}
