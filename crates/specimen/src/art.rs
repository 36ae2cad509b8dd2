//! What is drawn on a card beside its texts: backgrounds, portraits, a chip, barcodes.

use image::{Rgb, RgbImage};
use rand::Rng;

use crate::Kind;
use crate::data::one_of;
use crate::sheet::{Area, Sheet, mix};

/// Width of an ID-1 card over its height (ISO/IEC 7810).
pub(crate) const ASPECT: f32 = 85.60 / 53.98;

/// An empty card in the tint of its kind, with a pattern of fine waves.
pub(crate) fn background(kind: Kind, width: u32, rng: &mut impl Rng) -> RgbImage {
    let height = (width as f32 / ASPECT).round() as u32;
    let (top, bottom) = match kind {
        Kind::Cin2020 => (Rgb([246, 228, 226]), Rgb([232, 222, 232])),
        Kind::Cin2008 => (Rgb([228, 238, 212]), Rgb([244, 238, 206])),
        Kind::Permis => (Rgb([248, 248, 246]), Rgb([238, 240, 244])),
        Kind::Gris => (Rgb([232, 234, 236]), Rgb([240, 236, 226])),
    };
    let line = *one_of(rng, &[Rgb([170, 120, 130]), Rgb([110, 150, 120]), Rgb([130, 130, 170])]);
    let depth = rng.random_range(0.06..0.2);
    let (long, short) = (rng.random_range(60.0..160.0_f32), rng.random_range(7.0..16.0_f32));
    let (bend, phase) = (rng.random_range(6.0..26.0_f32), rng.random_range(0.0..6.0_f32));
    let unit = width as f32 / 1012.0;
    let waves: Vec<f32> =
        (0..width).map(|x| (x as f32 / (long * unit) + phase).sin() * bend * unit).collect();
    RgbImage::from_fn(width, height, |x, y| {
        let base = mix(top, bottom, y as f32 / height as f32);
        let place = (y as f32 + waves[x as usize]) / (short * unit);
        // Far from zero, so that cutting is rounding down: a call for each pixel is slow.
        let place = place + 64.0;
        let crest = (place - (place as u32) as f32 - 0.5).abs() * 2.0;
        let share = if crest > 0.82 { depth * (crest - 0.82) / 0.18 } else { 0.0 };
        mix(base, line, share)
    })
}

/// A head and shoulders of nobody, in a frame; `strength` below 1 for the ghost.
pub(crate) fn portrait(sheet: &mut Sheet, area: Area, strength: f32, rng: &mut impl Rng) {
    let backdrop =
        *one_of(rng, &[Rgb([214, 222, 230]), Rgb([226, 226, 222]), Rgb([200, 214, 226])]);
    let skin = *one_of(rng, &[Rgb([198, 152, 122]), Rgb([222, 184, 156]), Rgb([150, 108, 82])]);
    let hair = *one_of(rng, &[Rgb([36, 28, 24]), Rgb([70, 50, 38]), Rgb([60, 60, 64])]);
    let coat = *one_of(rng, &[Rgb([52, 60, 84]), Rgb([92, 40, 48]), Rgb([70, 84, 70])]);
    let (w, h) = (area[2] - area[0], area[3] - area[1]);
    let (face, tall) = (rng.random_range(0.19..0.24), rng.random_range(0.2..0.24));
    let inside = |u: f32, v: f32, cx: f32, cy: f32, rx: f32, ry: f32| {
        ((u - cx) / rx).powi(2) + ((v - cy) / ry).powi(2) <= 1.0
    };
    paint(sheet, area, strength, |x, y| {
        let (u, v) = ((x - area[0]) / w, (y - area[1]) / h);
        let colour = if inside(u, v, 0.5, 0.42, face, tall) {
            let eye =
                inside(u, v, 0.42, 0.4, 0.025, 0.012) || inside(u, v, 0.58, 0.4, 0.025, 0.012);
            if eye { hair } else { mix(skin, Rgb([90, 60, 50]), (u - 0.4).abs() * 0.5) }
        } else if inside(u, v, 0.5, 0.36, face + 0.05, tall + 0.02) {
            hair
        } else if inside(u, v, 0.5, 0.64, 0.09, 0.14) {
            skin
        } else if inside(u, v, 0.5, 1.02, 0.42, 0.32) {
            coat
        } else {
            mix(backdrop, Rgb([255, 255, 255]), v * 0.3)
        };
        Some(colour)
    });
    sheet.reserve(area);
}

/// The contacts of a chip.
pub(crate) fn chip(sheet: &mut Sheet, area: Area) {
    let (w, h) = (area[2] - area[0], area[3] - area[1]);
    paint(sheet, area, 1.0, |x, y| {
        let (u, v) = ((x - area[0]) / w, (y - area[1]) / h);
        let groove = [0.33, 0.66].iter().any(|at| (v - at).abs() < 0.02)
            || (u - 0.35).abs() < 0.02
            || (u - 0.65).abs() < 0.02;
        Some(if groove {
            Rgb([120, 96, 50])
        } else {
            mix(Rgb([214, 186, 120]), Rgb([240, 220, 170]), u)
        })
    });
    sheet.reserve(area);
}

/// A barcode of bars, or of dots in a matrix. It encodes nothing.
pub(crate) fn barcode(sheet: &mut Sheet, area: Area, matrix: bool, rng: &mut impl Rng) {
    let module = (sheet.width() / 330.0).max(2.0);
    let columns = ((area[2] - area[0]) / module) as usize + 1;
    let rows = if matrix { ((area[3] - area[1]) / module) as usize + 1 } else { 1 };
    let dark: Vec<bool> = (0..columns * rows).map(|_| rng.random_bool(0.5)).collect();
    paint(sheet, area, 1.0, |x, y| {
        let column = ((x - area[0]) / module) as usize;
        let row = if matrix { ((y - area[1]) / module) as usize } else { 0 };
        let is_dark = dark.get(row * columns + column).copied().unwrap_or(false);
        Some(if is_dark { Rgb([30, 30, 34]) } else { Rgb([244, 244, 244]) })
    });
    sheet.reserve(area);
}

/// An emblem: a star in a ring.
pub(crate) fn emblem(sheet: &mut Sheet, area: Area) {
    let (cx, cy) = (f32::midpoint(area[0], area[2]), f32::midpoint(area[1], area[3]));
    let radius = (area[2] - area[0]).min(area[3] - area[1]) / 2.0;
    paint(sheet, area, 0.75, |x, y| {
        let (dx, dy) = (x - cx, y - cy);
        let distance = dx.hypot(dy) / radius;
        let fifth = std::f32::consts::TAU / 5.0;
        let angle = (dx.atan2(-dy).rem_euclid(fifth) - fifth / 2.0).abs();
        let star = 0.34 / (0.42 + angle * 0.55).max(0.1) - 0.36;
        if distance > 0.86 && distance < 1.0 {
            Some(Rgb([170, 40, 44]))
        } else if distance < star.clamp(0.1, 0.7) {
            Some(Rgb([30, 110, 70]))
        } else {
            None
        }
    });
    sheet.reserve(area);
}

/// A flourish that stands for a signature.
pub(crate) fn signature(sheet: &mut Sheet, area: Area, rng: &mut impl Rng) {
    let (w, h) = (area[2] - area[0], area[3] - area[1]);
    let (a, b) = (rng.random_range(2.0..4.0_f32), rng.random_range(5.0..9.0_f32));
    let stroke = (sheet.width() / 700.0).max(1.2);
    for step in 0..900 {
        let t = step as f32 / 900.0;
        let x = area[0] + w * (0.5 + 0.46 * (t * a).sin() * (0.4 + 0.6 * t));
        let y = area[1] + h * (0.5 + 0.44 * (t * b * 1.7).cos() * (1.0 - 0.5 * t));
        let dot = [x - stroke, y - stroke, x + stroke, y + stroke];
        paint(sheet, dot, 0.6, |_, _| Some(Rgb([40, 44, 96])));
    }
    sheet.reserve(area);
}

/// A thin line from left to right, or a thin frame's edge.
pub(crate) fn rule(sheet: &mut Sheet, area: Area) {
    paint(sheet, area, 0.6, |_, _| Some(Rgb([120, 120, 124])));
}

/// A thin frame around `area`.
pub(crate) fn frame(sheet: &mut Sheet, [left, top, right, bottom]: Area) {
    for edge in [
        [left, top, right, top + 2.0],
        [left, bottom - 2.0, right, bottom],
        [left, top, left + 2.0, bottom],
        [right - 2.0, top, right, bottom],
    ] {
        rule(sheet, edge);
    }
}

fn paint(
    sheet: &mut Sheet,
    area: Area,
    strength: f32,
    colour: impl Fn(f32, f32) -> Option<Rgb<u8>>,
) {
    let (width, height) = sheet.image.dimensions();
    let bound = |value: f32, most: u32| (value.max(0.0) as u32).min(most);
    for y in bound(area[1], height)..bound(area[3], height) {
        for x in bound(area[0], width)..bound(area[2], width) {
            if let Some(ink) = colour(x as f32, y as f32) {
                let pixel = sheet.image.get_pixel_mut(x, y);
                *pixel = mix(*pixel, ink, strength);
            }
        }
    }
}
