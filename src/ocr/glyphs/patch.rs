//! Brings a glyph to the size and tone that the network was trained on.

use image::GrayImage;

use super::network::{MEASURES, SIDE};
use crate::imaging::{Filter, Window, resized};
use crate::ocr::Rect;

/// The larger side of a glyph in its square; the rest is margin.
const INNER: f32 = 20.0;

/// Print whose darkest and lightest pixels differ by less is none.
const CONTRAST_MIN: u8 = 24;

/// How large a glyph is and where it stands, which its square no longer shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Width over height.
    pub aspect: f32,
    /// Its height over that of the line's digits.
    pub height: f32,
    /// How far its middle lies below that of the line, in heights of its digits.
    pub drop: f32,
}

impl Shape {
    fn of(rect: &Rect, line: &Rect) -> Self {
        let high = line.height.max(1.0);
        Self {
            aspect: rect.width / rect.height.max(1.0),
            height: rect.height / high,
            drop: (rect.mid_y() - line.mid_y()) / high,
        }
    }

    /// The inputs of the network beside the pixels.
    pub fn measures(&self) -> [f32; MEASURES] {
        [
            self.aspect.clamp(0.0, 3.0) - 0.7,
            self.height.clamp(0.0, 2.0) - 0.8,
            self.drop.clamp(-1.0, 1.0),
        ]
    }
}

/// A glyph in its square, 1 for ink and 0 for paper.
#[derive(Debug, Clone)]
pub struct Patch {
    /// `SIDE` × `SIDE` values, row by row.
    pub pixels: Vec<f32>,
    /// Its size and place.
    pub shape: Shape,
}

impl Patch {
    /// Cuts the box `rect` out of a card; nothing where there is no print.
    pub fn cut(card: &GrayImage, rect: &Rect, line: &Rect) -> Option<Self> {
        let (left, top) = (rect.x.max(0.0) as u32, rect.y.max(0.0) as u32);
        let right = (rect.right().ceil() as u32).min(card.width());
        let bottom = (rect.bottom().ceil() as u32).min(card.height());
        let (wide, high) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
        if wide == 0 || high == 0 {
            return None;
        }
        let row = |y: u32| {
            let start = (y * card.width() + left) as usize;
            card.as_raw()[start..start + wide as usize].iter().copied()
        };
        let tones = || (top..bottom).flat_map(row);
        let (dark, light) = (tones().min()?, tones().max()?);
        if light.saturating_sub(dark) < CONTRAST_MIN {
            return None;
        }
        let factor = INNER / wide.max(high) as f32;
        let size = |side: u32| ((side as f32 * factor).round() as u32).clamp(1, SIDE as u32);
        let part = Window { left, top, width: wide, height: high };
        let small = resized(card, part, (size(wide), size(high)), Filter::Linear);
        let mut pixels = vec![0.0; SIDE * SIDE];
        let (across, down) =
            ((SIDE - small.width() as usize) / 2, (SIDE - small.height() as usize) / 2);
        for (x, y, pixel) in small.enumerate_pixels() {
            let ink = f32::from(light.saturating_sub(pixel.0[0])) / f32::from(light - dark);
            pixels[(down + y as usize) * SIDE + across + x as usize] = ink;
        }
        Some(Self { pixels, shape: Shape::of(rect, line) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_glyph_fills_its_square_whatever_its_size_and_tone() {
        for (side, ink) in [(10, 0), (40, 120)] {
            let mut card = GrayImage::from_pixel(100, 100, Luma([240]));
            for (x, y) in (0..side / 2).flat_map(|x| (0..side).map(move |y| (x, y))) {
                card.put_pixel(20 + x, 20 + y, Luma([ink]));
            }
            let rect = Rect::new(19.0, 20.0, side as f32 / 2.0 + 2.0, side as f32);

            let patch = Patch::cut(&card, &rect, &rect).unwrap();

            assert!(patch.pixels[SIDE * SIDE / 2 + SIDE / 2] > 0.95);
            assert!(patch.pixels[0] < 0.05 && patch.pixels[SIDE * 12] < 0.05);
        }
    }

    #[test]
    fn blank_paper_is_no_glyph() {
        let card = GrayImage::from_pixel(50, 50, Luma([200]));
        let rect = Rect::new(10.0, 10.0, 20.0, 20.0);
        assert!(Patch::cut(&card, &rect, &rect).is_none());
        let outside = Rect::new(60.0, 10.0, 20.0, 20.0);
        assert!(Patch::cut(&card, &outside, &outside).is_none());
    }
}
