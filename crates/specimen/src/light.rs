//! Surfaces below a card, glare, motion and sensor noise.

use std::ops::Range;

use image::{Rgb, RgbImage};
use rand::Rng;

use crate::data::one_of;
use crate::sheet::mix;

/// What a card lies on.
pub(crate) struct Surface {
    base: Rgb<u8>,
    grain: Rgb<u8>,
    /// How much of `grain` shows, 0 to 1.
    strength: f32,
    /// Pixels of one spot, across and along the fibre.
    spot: (f32, f32),
    /// How dark the card's shadow is, 0 to 1.
    pub(crate) shadow: f32,
    salt: u32,
}

impl Surface {
    /// The lid of a scanner: nearly white.
    pub(crate) fn scanner(rng: &mut impl Rng) -> Self {
        let grey = rng.random_range(222..=252_u8);
        Self {
            base: Rgb([grey, grey, grey]),
            grain: Rgb([grey - 8, grey - 8, grey - 6]),
            strength: 0.4,
            spot: (90.0, 90.0),
            shadow: rng.random_range(0.15..0.45),
            salt: rng.random(),
        }
    }

    /// A table, a cloth or a mat.
    pub(crate) fn table(rng: &mut impl Rng) -> Self {
        let (base, grain) = *one_of(
            rng,
            &[
                (Rgb([122, 84, 52]), Rgb([78, 48, 28])),
                (Rgb([176, 136, 94]), Rgb([140, 98, 62])),
                (Rgb([60, 58, 60]), Rgb([36, 36, 40])),
                (Rgb([150, 150, 152]), Rgb([122, 122, 126])),
                (Rgb([52, 70, 104]), Rgb([36, 50, 80])),
                (Rgb([196, 190, 176]), Rgb([170, 162, 148])),
                (Rgb([74, 100, 80]), Rgb([52, 76, 60])),
                (Rgb([120, 44, 50]), Rgb([88, 30, 36])),
            ],
        );
        let fibre = rng.random_bool(0.5);
        let spot = rng.random_range(3.0..14.0);
        Self {
            base,
            grain,
            strength: rng.random_range(0.3..1.0),
            spot: if fibre { (spot * 14.0, spot) } else { (spot, spot) },
            shadow: rng.random_range(0.2..0.6),
            salt: rng.random(),
        }
    }

    /// The colour at a pixel.
    pub(crate) fn colour(&self, x: f32, y: f32) -> Rgb<u8> {
        let coarse = self.spots(x / self.spot.0, y / self.spot.1);
        let fine = self.spots(x / 2.3 + 900.0, y / 2.3 + 900.0);
        mix(self.base, self.grain, (coarse * 0.75 + fine * 0.25) * self.strength)
    }

    /// Smooth noise, 0 to 1, one independent value per unit square.
    fn spots(&self, x: f32, y: f32) -> f32 {
        // Never negative: cutting is rounding down.
        let (column, row) = ((x as u32) as f32, (y as u32) as f32);
        let (fx, fy) = (x - column, y - row);
        let at = |dx: i32, dy: i32| {
            let cell = (column as i32 + dx) as u32;
            let mut hash = cell.wrapping_mul(0x9E37_79B1) ^ self.salt;
            hash = (hash ^ ((row as i32 + dy) as u32).wrapping_mul(0x85EB_CA77))
                .wrapping_mul(0xC2B2_AE3D);
            ((hash ^ (hash >> 15)) & 0xFFFF) as f32 / 65_535.0
        };
        let above = at(0, 0) + (at(1, 0) - at(0, 0)) * fx;
        let below = at(0, 1) + (at(1, 1) - at(0, 1)) * fx;
        above + (below - above) * fy
    }
}

/// The reflection of a lamp on the card.
pub(crate) struct Glare {
    centre: (f32, f32),
    radius: (f32, f32),
    /// Grey levels that it adds at its centre.
    strength: f32,
}

impl Glare {
    pub(crate) fn invent(rng: &mut impl Rng, strength: Range<f32>) -> Self {
        Self {
            centre: (rng.random_range(0.1..0.9), rng.random_range(0.1..0.9)),
            radius: (rng.random_range(0.06..0.2), rng.random_range(0.06..0.25)),
            strength: rng.random_range(strength),
        }
    }

    /// Grey levels to add at a place of the card, given in fractions of it.
    pub(crate) fn at(&self, u: f32, v: f32) -> f32 {
        let (du, dv) = ((u - self.centre.0) / self.radius.0, (v - self.centre.1) / self.radius.1);
        self.strength * (-(du * du + dv * dv)).exp()
    }
}

/// The picture of a camera that moved `length` pixels in `direction` (radians).
pub(crate) fn smear(image: &RgbImage, length: f32, direction: f32) -> RgbImage {
    let taps = (length.ceil() as i32).max(2);
    let (sin, cos) = direction.sin_cos();
    let steps: Vec<(i64, i64)> = (0..taps)
        .map(|tap| {
            let along = (tap as f32 / (taps - 1) as f32 - 0.5) * length;
            ((along * cos).round() as i64, (along * sin).round() as i64)
        })
        .collect();
    let (right, bottom) = (i64::from(image.width()) - 1, i64::from(image.height()) - 1);
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let mut sum = [0_u32; 3];
        for (dx, dy) in &steps {
            let (x, y) =
                ((i64::from(x) + dx).clamp(0, right), (i64::from(y) + dy).clamp(0, bottom));
            for (all, part) in sum.iter_mut().zip(image.get_pixel(x as u32, y as u32).0) {
                *all += u32::from(part);
            }
        }
        Rgb(sum.map(|all| (all / steps.len() as u32) as u8))
    })
}

/// Adds noise of the given standard deviation, in grey levels: mostly alike in
/// the three colours, partly each for itself.
pub(crate) fn add_noise(image: &mut RgbImage, deviation: f32, rng: &mut impl Rng) {
    let mut chance = vec![0_u8; image.width() as usize * 4];
    for row in image.rows_mut() {
        rng.fill_bytes(&mut chance);
        for (pixel, bytes) in row.zip(chance.chunks_exact(4)) {
            // The sum of uniform bytes is nearly normal; 74 is one byte's deviation.
            let all = (f32::from(bytes[0]) + f32::from(bytes[1]) - 255.0) / 104.5;
            for (channel, part) in pixel.0.iter_mut().enumerate() {
                let own = (f32::from(bytes[(channel + 1) % 4]) - 127.5) / 74.0;
                let noisy = f32::from(*part) + (all * 0.85 + own * 0.5) * deviation;
                *part = noisy.clamp(0.0, 255.0) as u8;
            }
        }
    }
}
