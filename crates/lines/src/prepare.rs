//! What the service does to a card before it is read, done to the patch around
//! one line: the ground is divided out and tones are stretched.

use image::{GrayImage, Luma};
use imageproc::filter::box_filter;

use crate::raster::view;

/// Pixels of the picture for one of the map of its ground, each way.
const CELL: u32 = 4;

/// Divides a patch of a card that is `side` pixels wide by its own ground, a
/// smoothed closing, and stretches what is left: `darkest` in a thousand pixels
/// become black, the commonest tone nearly white.
pub(crate) fn even_out(patch: &mut GrayImage, side: f32, darkest: usize) {
    let (width, height) = patch.dimensions();
    let radius = (side as u32 / CELL / 60).max(3);
    let ground = extreme(&brightest_of_cells(patch), radius, u8::max);
    let ground = extreme(&ground, radius, u8::min);
    let ground = box_filter(&box_filter(&ground, radius, radius), radius, radius);
    let area = [0.0, 0.0, ground.width() as f32, ground.height() as f32];
    let ground = view(&ground, area, width, height);
    for (Luma([pixel]), Luma([paper])) in patch.pixels_mut().zip(ground.pixels()) {
        *pixel = (u32::from(*pixel) * 255 / u32::from(*paper).max(64)).min(255) as u8;
    }
    stretch(patch, darkest);
}

fn brightest_of_cells(patch: &GrayImage) -> GrayImage {
    let (width, height) = patch.dimensions();
    let mut cells = GrayImage::new(width.div_ceil(CELL), height.div_ceil(CELL));
    let columns = cells.width() as usize;
    for (y, row) in patch.as_raw().chunks_exact(width as usize).enumerate() {
        let target = &mut cells.as_mut()[y / CELL as usize * columns..][..columns];
        for (cell, pixels) in target.iter_mut().zip(row.chunks(CELL as usize)) {
            *cell = pixels.iter().copied().fold(*cell, u8::max);
        }
    }
    cells
}

/// The largest or smallest of a square of `2 * radius + 1` pixels.
fn extreme(map: &GrayImage, radius: u32, pick: fn(u8, u8) -> u8) -> GrayImage {
    let (width, height) = (map.width() as usize, map.height() as usize);
    let radius = radius as usize;
    let mut across = map.clone();
    for (source, target) in map.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        for (x, target) in target.iter_mut().enumerate() {
            let window = &source[x.saturating_sub(radius)..(x + radius + 1).min(width)];
            *target = window.iter().copied().fold(source[x], pick);
        }
    }
    let mut both = across.clone();
    for (y, target) in both.chunks_exact_mut(width).enumerate() {
        for row in y.saturating_sub(radius)..(y + radius + 1).min(height) {
            for (target, &pixel) in target.iter_mut().zip(&across.as_raw()[row * width..]) {
                *target = pick(*target, pixel);
            }
        }
    }
    both
}

fn stretch(patch: &mut GrayImage, darkest: usize) {
    let mut counts = [0_usize; 256];
    for &pixel in patch.as_raw() {
        counts[usize::from(pixel)] += 1;
    }
    let total: usize = counts.iter().sum();
    let mut seen = 0;
    let black = counts.iter().position(|count| {
        seen += count;
        seen * 1000 > total * darkest
    });
    let black = black.unwrap_or(0).min(150);
    let paper = (150..256).max_by_key(|&tone| counts[tone]).unwrap_or(255).max(black + 40);
    let tones: Vec<u8> = (0..256)
        .map(|tone: usize| (tone.saturating_sub(black) * 250 / (paper - black)).min(255) as u8)
        .collect();
    for Luma([pixel]) in patch.pixels_mut() {
        *pixel = tones[usize::from(*pixel)];
    }
}
