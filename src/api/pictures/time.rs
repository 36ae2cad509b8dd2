//! What happened in time: a group of bars for each moment, time going as the language reads.

use plotters::prelude::{Color, PathElement, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Area, Drawn, INK, Moment, colour, number, scaled, text, words};
use crate::api::language::Language;

/// Pixels for the scale, for the legend over the bars and for the names under them.
const SCALE: i32 = 70;
const LEGEND: i32 = 46;
const NAMES: i32 = 48;
/// The narrowest place for a name, in pixels.
const NAME: i32 = 64;
/// Bars over which the value is written; where there are more, they are too narrow.
const VALUES: usize = 24;
/// Lines of the scale, the one at the bottom left out.
const LINES: i64 = 5;
/// What share of a moment's width its bars take.
const FILLED: f64 = 0.78;

/// Where the bars are.
struct Plot {
    width: i32,
    height: i32,
    /// The value at the top.
    top: i64,
}

impl Plot {
    fn y(&self, value: i64) -> i32 {
        LEGEND + self.height - scaled(self.height, value, self.top)
    }
}

/// Draws the moments.
pub(super) fn draw(
    area: &Area<'_>,
    (width, height): (i32, i32),
    unit: &str,
    series: &[String],
    moments: &[Moment],
    language: Language,
) -> Drawn {
    let values = moments.iter().flat_map(|moment| moment.values.iter().copied());
    let greatest = values.max().unwrap_or_default();
    let step = step(greatest);
    let top = (greatest + step - 1) / step * step;
    let plot = Plot { width: width - SCALE, height: height - LEGEND - NAMES, top };
    draw_legend(area, width, unit, series)?;
    draw_scale(area, &plot, step, language)?;
    draw_bars(area, &plot, moments, language)?;
    draw_names(area, &plot, moments)
}

/// A step of the scale: 1, 2 or 5 with zeros, so that there are [`LINES`] at most.
fn step(greatest: i64) -> i64 {
    let mut decade: i64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = decade.saturating_mul(factor);
            if step.saturating_mul(LINES) >= greatest {
                return step;
            }
        }
        decade = decade.saturating_mul(10);
    }
}

/// Names the series by their colours; a single one needs no more than what it counts.
fn draw_legend(area: &Area<'_>, width: i32, unit: &str, series: &[String]) -> Drawn {
    let style = text(14, Pos::new(HPos::Left, VPos::Center));
    if series.len() < 2 {
        return area.draw_text(unit, &style, (0, 8));
    }
    let place = width / series.len() as i32;
    for (name, index) in series.iter().zip(0..) {
        let left = place * index as i32;
        area.draw(&Rectangle::new([(left, 0), (left + 16, 16)], colour(index)))?;
        area.draw_text(name, &style, (left + 24, 8))?;
    }
    Ok(())
}

fn draw_scale(area: &Area<'_>, plot: &Plot, step: i64, language: Language) -> Drawn {
    let style = text(13, Pos::new(HPos::Right, VPos::Center));
    for line in 0..=plot.top / step {
        let y = plot.y(line * step);
        let strength = if line == 0 { 1.0 } else { 0.3 };
        let ends = vec![(SCALE, y), (SCALE + plot.width, y)];
        area.draw(&PathElement::new(ends, INK.mix(strength)))?;
        area.draw_text(&number(line * step, language), &style, (SCALE - 8, y))?;
    }
    Ok(())
}

fn draw_bars(area: &Area<'_>, plot: &Plot, moments: &[Moment], language: Language) -> Drawn {
    let style = text(11, Pos::new(HPos::Center, VPos::Bottom));
    let bars: usize = moments.iter().map(|moment| moment.values.len()).sum();
    let place = f64::from(plot.width) / moments.len().max(1) as f64;
    for (moment, index) in moments.iter().zip(0..) {
        let begin = f64::from(SCALE) + place * (f64::from(index) + (1.0 - FILLED) / 2.0);
        let thickness = place * FILLED / moment.values.len().max(1) as f64;
        for (value, at) in moment.values.iter().zip(0_usize..) {
            if *value == 0 {
                continue;
            }
            let left = (begin + thickness * at as f64).round() as i32;
            let right = (begin + thickness * (at + 1) as f64).round() as i32 - 1;
            let y = plot.y(*value).min(plot.y(0) - 1);
            let corners = [(left, y), (right.max(left + 1), plot.y(0))];
            area.draw(&Rectangle::new(corners, colour(at)))?;
            if bars <= VALUES {
                let written = words::short_number(*value, language);
                area.draw_text(&written, &style, (i32::midpoint(left, right), y))?;
            }
        }
    }
    Ok(())
}

/// Names the moments, as many of them as there is room for.
fn draw_names(area: &Area<'_>, plot: &Plot, moments: &[Moment]) -> Drawn {
    let style = text(14, Pos::new(HPos::Center, VPos::Top));
    let notes = text(12, Pos::new(HPos::Center, VPos::Top));
    let place = f64::from(plot.width) / moments.len().max(1) as f64;
    let every = (f64::from(NAME) / place).ceil().max(1.0) as usize;
    for (moment, index) in moments.iter().zip(0_usize..).step_by(every) {
        let middle = SCALE + (place * (index as f64 + 0.5)).round() as i32;
        area.draw_text(&moment.label, &style, (middle, plot.y(0) + 8))?;
        if let Some(note) = &moment.note {
            area.draw_text(note, &notes, (middle, plot.y(0) + 28))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_round_steps_and_few_lines() {
        let steps = [0, 1, 5, 6, 11, 26, 51, 101, 999, 1_000_000].map(step);
        assert_eq!(steps, [1, 1, 1, 2, 5, 10, 20, 50, 200, 200_000]);
    }
}
