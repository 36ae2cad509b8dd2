//! A picture of a line as the network takes it: of one height, evenly dark.

use image::GrayImage;

use crate::imaging::{Filter, Window, resized};

/// The rows of a strip.
pub const HEIGHT: u32 = 40;

/// The widest strip; what is wider is squeezed. A machine-readable line of 30
/// characters has some 700 columns, the longest address 1 000.
const WIDEST: u32 = 1200;

/// The narrowest strip: a bar.
const NARROWEST: u32 = 12;

/// So many of a hundred pixels may be darker, or lighter, than black and white.
const TAIL: usize = 2;

/// Ink is at least so much darker than its ground, in grey levels: less is noise
/// that is not to be made more of.
const CONTRAST: f32 = 24.0;

/// What white paper is in a strip.
pub(super) const WHITE: f32 = 1.0;

/// The width of the strip of a picture, and its rows for one of the picture.
pub fn strip_size(width: u32, height: u32) -> (u32, f32) {
    let factor = HEIGHT as f32 / height.max(1) as f32;
    (((width as f32 * factor).round() as u32).clamp(NARROWEST, WIDEST), factor)
}

/// A line's pixels from about -1 (ink) to [`WHITE`].
pub(super) struct Strip {
    /// Row by row.
    pub(super) pixels: Vec<f32>,
    width: u32,
    /// Columns of the strip for one of the picture.
    pub(super) factor: f32,
}

impl Strip {
    /// Brings a picture to the height of strips, and its print to one contrast; letters
    /// become `stretch` times as wide as they are.
    pub(super) fn of(line: &GrayImage, stretch: f32) -> Self {
        let (width, height) = (line.width().max(1), line.height().max(1));
        let (wide, _) = strip_size((width as f32 * stretch).round() as u32, height);
        let factor = wide as f32 / width as f32;
        let whole = Window { left: 0, top: 0, width, height };
        let pixels = if (wide, HEIGHT) == line.dimensions() {
            evened(line.as_raw())
        } else {
            evened(resized(line, whole, (wide, HEIGHT), Filter::Cubic).as_raw())
        };
        Self { pixels, width: wide, factor }
    }

    pub(super) fn width(&self) -> usize {
        self.width as usize
    }
}

/// Grey levels such that nearly all lie between the darkest and the lightest.
fn evened(pixels: &[u8]) -> Vec<f32> {
    let (low, high) = tails(pixels);
    let range = (high - low).max(CONTRAST);
    let even = |level: u8| ((f32::from(level) - low) / range).clamp(-0.5, 1.5) * 2.0 - 1.0;
    let levels: [f32; 256] = std::array::from_fn(|level| even(level as u8));
    pixels.iter().map(|pixel| levels[usize::from(*pixel)]).collect()
}

/// The levels below and above which lie two of a hundred pixels each.
fn tails(pixels: &[u8]) -> (f32, f32) {
    let mut counts = [0_usize; 256];
    for pixel in pixels {
        counts[usize::from(*pixel)] += 1;
    }
    let few = pixels.len() * TAIL / 100;
    (beyond(counts.iter().enumerate(), few), beyond(counts.iter().enumerate().rev(), few))
}

/// The first level that more than `few` pixels have reached.
fn beyond<'a>(levels: impl Iterator<Item = (usize, &'a usize)>, few: usize) -> f32 {
    let mut seen = 0;
    let mut reached = levels.skip_while(|(_, count)| {
        seen += **count;
        seen <= few
    });
    reached.next().map_or(0.0, |(level, _)| level as f32)
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn faint_print_becomes_as_dark_as_black() {
        let faint = GrayImage::from_fn(200, 80, |x, _| Luma([if x % 8 < 2 { 150 } else { 200 }]));
        let strip = Strip::of(&faint, 1.0);
        assert_eq!((strip.width(), strip.pixels.len()), (100, 4000));
        let least = strip.pixels.iter().copied().fold(f32::MAX, f32::min);
        let most = strip.pixels.iter().copied().fold(f32::MIN, f32::max);
        assert!(least < -0.6 && most > 0.9, "{least} {most}");
    }

    #[test]
    fn noise_on_blank_paper_stays_faint() {
        let noise = GrayImage::from_fn(80, 40, |x, y| Luma([200 + ((x * 7 + y * 13) % 5) as u8]));
        let strip = Strip::of(&noise, 1.0);
        let spread = strip.pixels.iter().map(|pixel| pixel.abs()).fold(0.0, f32::max);
        assert!(spread <= 1.0 + f32::EPSILON);
        let range = strip.pixels.iter().copied().fold(f32::MIN, f32::max)
            - strip.pixels.iter().copied().fold(f32::MAX, f32::min);
        assert!(range < 0.5, "{range}");
    }

    #[test]
    fn any_picture_makes_a_strip() {
        for (width, height) in [(1, 1), (5000, 10), (3, 900), (12, 40), (0, 0)] {
            let strip = Strip::of(&GrayImage::new(width, height), 1.0);
            assert!((12..=1200).contains(&strip.width()));
            assert_eq!(strip.pixels.len(), strip.width() * 40);
        }
    }
}
