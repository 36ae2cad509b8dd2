//! Cuts a line out of a card as the service does, never quite the same.

use image::GrayImage;
use rand::Rng;
use specimen::data::one_of;

use crate::optics::Photo;
use crate::prepare::even_out;
use crate::raster::{Area, inside, view};

/// Pixels that every picture is high.
pub const HEIGHT: u32 = 40;

/// Pixels that a picture is wide at least and at most.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 12..=1200;

/// Cuts the print out of a photo of a card that is `width` pixels wide there;
/// `capital` is the height of a capital.
pub(crate) fn cut(photo: Photo, width: f32, capital: f32, rng: &mut impl Rng) -> GrayImage {
    let Photo { mut picture, print } = photo;
    // The service brings cards to such a width before it looks for print.
    let side = width.clamp(1000.0, 1400.0);
    let scale = side / width;
    let (wide, high) = picture.dimensions();
    let whole = [0.0, 0.0, wide as f32, high as f32];
    let grown = |pixels: u32| ((pixels as f32 * scale).round() as u32).max(2);
    picture = view(&picture, whole, grown(wide), grown(high));
    if rng.random_bool(0.5) {
        even_out(&mut picture, side, *one_of(rng, &[2, 5, 10, 10, 20, 30]));
    }
    let area = with_margins(print.map(|pixels| pixels * scale), capital * scale, rng);
    let area = inside(area, picture.dimensions());
    let wanted = (area[2] * HEIGHT as f32 / area[3] * rng.random_range(0.97..1.03)).round() as u32;
    view(&picture, area, wanted.clamp(*WIDTHS.start(), *WIDTHS.end()), HEIGHT)
}

/// The box around a print's box that the service cuts: at times too tight or too wide.
fn with_margins(print: Area, capital: f32, rng: &mut impl Rng) -> Area {
    let [x, y, width, height] = print;
    // A dash is cut as high as the letters of its row.
    let height_wanted = height.max(capital * rng.random_range(0.6..1.1));
    let y = y - (height_wanted - height) / 2.0;
    let mut margin = |usual: std::ops::Range<f32>| {
        capital
            * match rng.random_range(0..100) {
                0..9 => rng.random_range(-0.05..0.08),
                9..22 => rng.random_range(0.45..0.8),
                _ => rng.random_range(usual),
            }
    };
    let (above, below) = (margin(0.14..0.46), margin(0.14..0.46));
    let (left, right) = (margin(0.3..0.7), margin(0.3..0.7));
    [x - left, y - above, width + left + right, height_wanted + above + below]
}
