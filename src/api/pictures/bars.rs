//! Labels by how many bear them: a bar for each, from where one begins to read.

use plotters::prelude::Rectangle;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Area, Drawn, Part, colour, counted, scaled, text, words};
use crate::api::language::Language;

/// Pixels for the labels, and for what is written after the longest bar.
const LABELS: i32 = 210;
const VALUES: i32 = 130;
/// The greatest height of a row in pixels, and what share of it the bar is.
const ROW: i32 = 46;
const THICKNESS: f64 = 0.62;

/// Draws a bar for each part.
pub(super) fn draw(
    area: &Area<'_>,
    (width, height): (i32, i32),
    parts: &[Part],
    language: Language,
) -> Drawn {
    let row = (height / parts.len().max(1) as i32).min(ROW);
    let longest = parts.iter().map(|part| part.value).max().unwrap_or_default();
    let thickness = (f64::from(row) * THICKNESS) as i32;
    let labels = text(15, Pos::new(HPos::Right, VPos::Center));
    let values = text(14, Pos::new(HPos::Left, VPos::Center));
    for (part, index) in parts.iter().zip(0..) {
        let (top, middle) = (row * index + (row - thickness) / 2, row * index + row / 2);
        let end = LABELS + scaled(width - LABELS - VALUES, part.value, longest).max(1);
        area.draw_text(&words::written(&part.label, language), &labels, (LABELS - 10, middle))?;
        area.draw(&Rectangle::new([(LABELS, top), (end, top + thickness)], colour(0)))?;
        area.draw_text(&counted(part, language), &values, (end + 8, middle))?;
    }
    Ok(())
}
