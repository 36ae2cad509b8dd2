//! How ink lies on the ground: its tone, how much it spreads, where it is missing.

use image::{GrayImage, Luma};
use rand::Rng;

use crate::raster::{blurred, cloud, towards};

/// A print's ink.
pub(crate) struct Ink {
    /// Its tone where it is thick.
    pub(crate) tone: u8,
    /// How much of it lies, in 256ths.
    opacity: u8,
    /// What it does beside lying there.
    habit: Habit,
    /// Whether it stands out and casts light.
    raised: bool,
}

/// How a printer fails.
#[derive(Clone, Copy, PartialEq)]
enum Habit {
    Even,
    /// Blurred, then more (positive) or fewer pixels count as inked.
    Spread {
        sigma: f32,
        gain: f32,
        cut: f32,
    },
    /// Thin in places.
    Faint {
        cell: f32,
    },
    /// Missing in spots.
    Broken {
        cell: f32,
        cut: u8,
    },
    /// Of rows of burnt dots, as lasers engrave.
    Rows {
        pitch: f32,
        depth: f32,
    },
    /// In bands, as thermal heads wear out.
    Bands {
        pitch: f32,
        depth: f32,
    },
}

impl Ink {
    /// An ink that can be read on `paper`; `unit` is the height of a capital in pixels.
    pub(crate) fn choose(paper: u8, unit: f32, rng: &mut impl Rng) -> Self {
        let tone = match rng.random_range(0..100) {
            0..45 => rng.random_range(8..45),
            45..62 => rng.random_range(40..80),
            62..76 => rng.random_range(70..110),
            76..92 => rng.random_range(50..95),
            _ => rng.random_range(100..150_u8),
        };
        let habit = match rng.random_range(0..100) {
            0..46 => Habit::Even,
            46..66 => Habit::Spread {
                sigma: unit * rng.random_range(0.02..0.055),
                gain: rng.random_range(1.2..2.6),
                cut: rng.random_range(0.28..0.62),
            },
            66..76 => Habit::Faint { cell: unit * rng.random_range(0.3..2.0) },
            76..84 => Habit::Broken {
                cell: unit * rng.random_range(0.05..0.12),
                cut: rng.random_range(24..84),
            },
            84..93 => Habit::Rows {
                pitch: (unit * rng.random_range(0.06..0.12)).max(1.6),
                depth: rng.random_range(0.2..0.6),
            },
            _ => Habit::Bands {
                pitch: unit * rng.random_range(0.2..1.2),
                depth: rng.random_range(0.15..0.5),
            },
        };
        Self {
            tone: tone.min(paper.saturating_sub(70)),
            opacity: rng.random_range(205..=255),
            habit,
            raised: rng.random_bool(0.07),
        }
    }

    /// The mask as this ink lies; the same size.
    pub(crate) fn lay(&self, mask: GrayImage, rng: &mut impl Rng) -> GrayImage {
        let size = mask.dimensions();
        match self.habit {
            Habit::Even => mask,
            Habit::Spread { sigma, gain, cut } => curved(&blurred(&mask, sigma), gain, cut),
            Habit::Faint { cell } => {
                let clouds = cloud(size, (cell, cell), rng);
                weighed(mask, |x, y| 110 + clouds.get_pixel(x, y).0[0] / 2)
            }
            Habit::Broken { cell, cut } => {
                let clouds = cloud(size, (cell.max(1.0), cell.max(1.0)), rng);
                weighed(mask, |x, y| {
                    clouds.get_pixel(x, y).0[0].saturating_sub(cut).saturating_mul(8)
                })
            }
            Habit::Rows { pitch, depth } => {
                weighed(mask, |x, y| ripple(y as f32 + 0.3 * x as f32, pitch, depth))
            }
            Habit::Bands { pitch, depth } => weighed(mask, |_, y| ripple(y as f32, pitch, depth)),
        }
    }

    /// Prints a mask on the canvas with its top left pixel at a place.
    pub(crate) fn stamp(&self, canvas: &mut GrayImage, mask: &GrayImage, (left, top): (i32, i32)) {
        if self.raised {
            print(canvas, mask, (left + 1, top + 1), 255, 90);
        }
        print(canvas, mask, (left, top), self.tone, self.opacity);
    }
}

/// Moves the canvas towards a tone where the mask lies.
pub(crate) fn print(
    canvas: &mut GrayImage,
    mask: &GrayImage,
    (left, top): (i32, i32),
    tone: u8,
    opacity: u8,
) {
    let (wide, high) = (canvas.width() as i32, canvas.height() as i32);
    for (x, y, Luma([ink])) in mask.enumerate_pixels() {
        let (x, y) = (x as i32 + left, y as i32 + top);
        if *ink > 0 && (0..wide).contains(&x) && (0..high).contains(&y) {
            let Luma([pixel]) = canvas.get_pixel_mut(x as u32, y as u32);
            let share = u32::from(*ink) * u32::from(opacity) / 255;
            *pixel = towards(*pixel, tone, share as u8);
        }
    }
}

fn curved(mask: &GrayImage, gain: f32, cut: f32) -> GrayImage {
    let tones: Vec<u8> = (0..256)
        .map(|ink| (((ink as f32 / 255.0 - cut) * gain + 0.5).clamp(0.0, 1.0) * 255.0) as u8)
        .collect();
    // What has no ink stays so, wherever the curve begins.
    let inked = |ink: u8| if ink < 4 { 0 } else { tones[usize::from(ink)] };
    GrayImage::from_fn(mask.width(), mask.height(), |x, y| Luma([inked(mask.get_pixel(x, y).0[0])]))
}

fn weighed(mut mask: GrayImage, weight: impl Fn(u32, u32) -> u8) -> GrayImage {
    for (x, y, Luma([ink])) in mask.enumerate_pixels_mut() {
        if *ink > 0 {
            *ink = (u32::from(*ink) * u32::from(weight(x, y)) / 255) as u8;
        }
    }
    mask
}

fn ripple(place: f32, pitch: f32, depth: f32) -> u8 {
    let off = (place / pitch).fract() * 2.0 - 1.0;
    ((1.0 - depth * off * off) * 255.0) as u8
}
