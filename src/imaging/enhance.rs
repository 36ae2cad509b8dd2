//! Takes shadows, tinted grounds and faint print out of a grey picture.
//!
//! The result is still grey: a recogniser that was trained on grey print loses
//! half of it when it is handed black and white.

use image::{GrayImage, Luma};

/// Pixels of the picture for one of the map of its ground, each way.
const CELL: u32 = 4;

/// Divides `grey` by its own ground, a smoothed closing, and stretches what is
/// left so that paper is white and print is black.
pub(super) fn even_out(grey: &GrayImage) -> GrayImage {
    let (width, height) = grey.dimensions();
    let mut ground = brightest_of_cells(grey);
    // Wider than any stroke, narrower than a line of print is long.
    let radius = (width.max(height) / CELL / 60).max(3) as usize;
    ground = extreme(&ground, radius, u8::max);
    ground = extreme(&ground, radius, u8::min);
    ground = blur(&blur(&ground, radius), radius);
    let mut even = GrayImage::new(width, height);
    let across: Vec<(usize, usize, u32)> = (0..width).map(|x| between(x, ground.width())).collect();
    let columns = ground.width() as usize;
    for y in 0..height {
        let (above, below, down) = between(y, ground.height());
        let upper = &ground.as_raw()[above * columns..][..columns];
        let lower = &ground.as_raw()[below * columns..][..columns];
        let row = y as usize * width as usize;
        let source = &grey.as_raw()[row..][..width as usize];
        let target = &mut even.as_mut()[row..][..width as usize];
        for ((target, &source), &(left, right, over)) in target.iter_mut().zip(source).zip(&across)
        {
            let top = u32::from(upper[left]) * (8 - over) + u32::from(upper[right]) * over;
            let bottom = u32::from(lower[left]) * (8 - over) + u32::from(lower[right]) * over;
            let paper = (top * (8 - down) + bottom * down).max(64);
            *target = (u32::from(source) * 255 * 64 / paper).min(255) as u8;
        }
    }
    stretch(&mut even);
    even
}

/// The two cells around a pixel and how far it is to the second, in eighths.
fn between(position: u32, cells: u32) -> (usize, usize, u32) {
    let at = (position * 2 + 1).saturating_sub(CELL);
    let (cell, part) = (at / (2 * CELL), at % (2 * CELL));
    let last = cells - 1;
    (cell.min(last) as usize, (cell + 1).min(last) as usize, part)
}

fn brightest_of_cells(grey: &GrayImage) -> GrayImage {
    let (width, height) = grey.dimensions();
    let mut cells = GrayImage::new(width.div_ceil(CELL), height.div_ceil(CELL));
    let columns = cells.width() as usize;
    for (y, row) in grey.as_raw().chunks_exact(width as usize).enumerate() {
        let target = &mut cells.as_mut()[y / CELL as usize * columns..][..columns];
        for (cell, pixels) in target.iter_mut().zip(row.chunks(CELL as usize)) {
            *cell = pixels.iter().copied().fold(*cell, u8::max);
        }
    }
    cells
}

/// The largest or smallest of a square of `2 * radius + 1` pixels.
fn extreme(grey: &GrayImage, radius: usize, pick: fn(u8, u8) -> u8) -> GrayImage {
    transposed(&extreme_rows(&transposed(&extreme_rows(grey, radius, pick)), radius, pick))
}

fn extreme_rows(grey: &GrayImage, radius: usize, pick: fn(u8, u8) -> u8) -> GrayImage {
    let mut result = grey.clone();
    let width = grey.width() as usize;
    for (source, target) in
        grey.as_raw().chunks_exact(width).zip(result.as_mut().chunks_exact_mut(width))
    {
        for (x, target) in target.iter_mut().enumerate() {
            let window = &source[x.saturating_sub(radius)..(x + radius + 1).min(width)];
            *target = window.iter().copied().reduce(pick).unwrap_or(source[x]);
        }
    }
    result
}

fn blur(grey: &GrayImage, radius: usize) -> GrayImage {
    transposed(&blur_rows(&transposed(&blur_rows(grey, radius)), radius))
}

fn blur_rows(grey: &GrayImage, radius: usize) -> GrayImage {
    let mut result = grey.clone();
    let width = grey.width() as usize;
    let mut sums = vec![0_u32; width + 1];
    for (source, target) in
        grey.as_raw().chunks_exact(width).zip(result.as_mut().chunks_exact_mut(width))
    {
        for (x, &pixel) in source.iter().enumerate() {
            sums[x + 1] = sums[x] + u32::from(pixel);
        }
        for (x, target) in target.iter_mut().enumerate() {
            let (from, to) = (x.saturating_sub(radius), (x + radius + 1).min(width));
            *target = ((sums[to] - sums[from]) / (to - from) as u32) as u8;
        }
    }
    result
}

fn transposed(grey: &GrayImage) -> GrayImage {
    GrayImage::from_fn(grey.height(), grey.width(), |x, y| *grey.get_pixel(y, x))
}

/// Spreads the grey values so that the darkest hundredth is black and the
/// commonest tone, the paper, nearly white.
fn stretch(grey: &mut GrayImage) {
    let mut counts = [0_usize; 256];
    for &pixel in grey.as_raw() {
        counts[usize::from(pixel)] += 1;
    }
    let total: usize = counts.iter().sum();
    let mut seen = 0;
    let black = counts.iter().position(|count| {
        seen += count;
        seen * 100 > total
    });
    let black = black.unwrap_or(0).min(150);
    let paper = (150..256).max_by_key(|&tone| counts[tone]).unwrap_or(255).max(black + 40);
    let tones: Vec<u8> = (0..256)
        .map(|tone: usize| (tone.saturating_sub(black) * 250 / (paper - black)).min(255) as u8)
        .collect();
    for Luma([pixel]) in grey.pixels_mut() {
        *pixel = tones[usize::from(*pixel)];
    }
}
