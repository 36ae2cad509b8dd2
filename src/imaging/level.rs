//! Which way rows of print run on a picture that shows a card and little else.

use image::GrayImage;

use super::enhance::even_out;
use super::scale::reduced_grey;
use super::segment::letters;

/// How far rows may slope, in degrees.
const SLOPE_MAX: f32 = 12.0;

/// The way that rows of print run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rows {
    /// How far they fall to the right, as a tangent; rows that run down the
    /// picture are measured after a quarter turn against the clock.
    pub(super) slope: f32,
    /// Whether they run down the picture.
    pub(super) upright: bool,
}

/// Finds the direction in which letters line up best.
pub(super) fn find_rows(grey: &GrayImage) -> Rows {
    let step = (grey.width().max(grey.height()) / 700).max(1);
    let even = even_out(&reduced_grey(grey, step));
    let mut across = Vec::new();
    let mut down = Vec::new();
    for letter in letters(&even) {
        let right = even.width() as f32 - letter.right();
        for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
            across.push((letter.mid_x(), letter.y + share * letter.height));
            down.push((letter.mid_y(), right + share * letter.width));
        }
    }
    let (level, along) = best_slope(&across);
    let (tilt, athwart) = best_slope(&down);
    // Letters line up along rows far better than across them; and few lay a
    // card on its side in a picture that lies.
    let bias = if grey.width() > grey.height() { 1.6 } else { 1.1 };
    if athwart > bias * along {
        Rows { slope: tilt, upright: true }
    } else {
        Rows { slope: level, upright: false }
    }
}

/// The slope at which the points fall into the fewest rows, and how few.
fn best_slope(points: &[(f32, f32)]) -> (f32, f32) {
    let most = SLOPE_MAX.to_radians().tan();
    let mut best = (0.0, crispness(points, 0.0) * 1.01);
    for (range, steps) in [(most, 48), (most / 24.0, 10)] {
        let middle = best.0;
        for step in -steps..=steps {
            let slope = middle + range * step as f32 / steps as f32;
            let crisp = crispness(points, slope);
            if crisp > best.1 {
                best = (slope, crisp);
            }
        }
    }
    best
}

/// How unevenly points are spread over rows of this slope.
fn crispness(points: &[(f32, f32)], slope: f32) -> f32 {
    let mut rows = [0_u32; 4096];
    for (x, y) in points {
        let row = (y - x * slope + 1200.0) as usize;
        rows[row.min(4095)] += 1;
    }
    let steps = rows.windows(2).map(|pair| f64::from(pair[0].abs_diff(pair[1])).powi(2));
    (steps.sum::<f64>() / points.len().max(1) as f64) as f32
}
