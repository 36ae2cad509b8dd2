//! Pictures without a single letter.

use image::{Rgb, RgbImage};
use rand::Rng;

use crate::data::one_of;
use crate::light;
use crate::sheet::{Sheet, mix};

/// The sizes that such pictures have, in pixels.
const SIZES: &[(u32, u32)] = &[(1280, 960), (960, 1280), (1012, 638), (800, 800)];

pub(super) fn noise(rng: &mut impl Rng) -> Sheet {
    let (width, height) = *one_of(rng, SIZES);
    let grey = rng.random_range(60..200_u8);
    let coarse = *one_of(rng, &[1, 2, 5, 12]);
    let mut fine = RgbImage::from_pixel(width / coarse, height / coarse, Rgb([grey, grey, grey]));
    light::add_noise(&mut fine, rng.random_range(20.0..90.0), rng);
    let filter = image::imageops::FilterType::Nearest;
    Sheet::new(image::imageops::resize(&fine, width, height, filter))
}

pub(super) fn blank(rng: &mut impl Rng) -> Sheet {
    let (width, height) = *one_of(rng, SIZES);
    let (from, to) = (colour(rng), colour(rng));
    let flat = rng.random_bool(0.4);
    let (across, down) = (rng.random_range(0.0..1.0_f32), rng.random_range(0.0..1.0_f32));
    Sheet::new(RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        let share = (u * across + v * down) / (across + down).max(0.01);
        mix(from, to, if flat { 0.0 } else { share })
    }))
}

pub(super) fn landscape(rng: &mut impl Rng) -> Sheet {
    let (width, height) = *one_of(rng, SIZES);
    let sky = *one_of(rng, &[Rgb([140, 190, 235]), Rgb([250, 190, 130]), Rgb([60, 70, 110])]);
    let hills: Vec<(f32, f32, f32, Rgb<u8>)> = (0..4)
        .map(|nth| {
            let crest = 0.4 + 0.15 * nth as f32;
            let wave = rng.random_range(2.0..9.0);
            let green = 150 - 30 * nth as u8;
            (crest, wave, rng.random_range(0.0..6.0), Rgb([green / 2, green, green / 3]))
        })
        .collect();
    let sun = (rng.random_range(0.1..0.9_f32), rng.random_range(0.08..0.3_f32));
    let mut image = RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        let hill = hills
            .iter()
            .rev()
            .find(|(crest, wave, phase, _)| v > crest + 0.05 * (u * wave + phase).sin());
        match hill {
            Some((.., colour)) => *colour,
            None if (u - sun.0).hypot(v - sun.1) < 0.06 => Rgb([255, 240, 190]),
            None => mix(sky, Rgb([255, 255, 255]), v),
        }
    });
    light::add_noise(&mut image, 6.0, rng);
    Sheet::new(image)
}

pub(super) fn shapes(rng: &mut impl Rng) -> Sheet {
    let (width, height) = *one_of(rng, SIZES);
    let mut image = RgbImage::from_pixel(width, height, colour(rng));
    for _ in 0..rng.random_range(4..30) {
        let ink = colour(rng);
        let at = (rng.random_range(0..width as i32), rng.random_range(0..height as i32));
        let size = rng.random_range(20..300_u32);
        if rng.random_bool(0.5) {
            imageproc::drawing::draw_filled_circle_mut(&mut image, at, size as i32 / 2, ink);
        } else {
            let other = rng.random_range(20..300_u32);
            let area = imageproc::rect::Rect::at(at.0, at.1).of_size(size, other);
            imageproc::drawing::draw_filled_rect_mut(&mut image, area, ink);
        }
    }
    Sheet::new(image)
}

fn colour(rng: &mut impl Rng) -> Rgb<u8> {
    Rgb(std::array::from_fn(|_| rng.random()))
}
