//! What looks like print and says nothing: bars, a portrait, a signature, rules.

use image::{GrayImage, Luma};
use imageproc::drawing::{draw_antialiased_line_segment_mut, draw_filled_rect_mut};
use imageproc::rect::Rect;
use rand::Rng;

use crate::raster::{Area, cloud, towards};

/// Draws something without letters into the box; at times nothing at all.
pub(crate) fn draw(canvas: &mut GrayImage, area: Area, unit: f32, tone: u8, rng: &mut impl Rng) {
    match rng.random_range(0..8) {
        0 => bars(canvas, area, unit, tone, rng),
        1 => dots(canvas, area, unit, tone, rng),
        2 => portrait(canvas, area, unit, rng),
        3 => signature(canvas, area, unit, tone, rng),
        4 => rules(canvas, area, tone, rng),
        5 => specks(canvas, area, unit, tone, rng),
        _ => {}
    }
}

/// A line below, above or through the row, as forms have.
pub(crate) fn rule(canvas: &mut GrayImage, y: f32, thickness: f32, tone: u8) {
    fill(canvas, [0.0, y, canvas.width() as f32, thickness.max(1.0)], tone);
}

fn fill(canvas: &mut GrayImage, [left, top, width, height]: Area, tone: u8) {
    let rect = Rect::at(left as i32, top as i32);
    let rect = rect.of_size((width as u32).max(1), (height as u32).max(1));
    draw_filled_rect_mut(canvas, rect, Luma([tone]));
}

fn bars(canvas: &mut GrayImage, area: Area, unit: f32, tone: u8, rng: &mut impl Rng) {
    let module = unit * rng.random_range(0.05..0.16);
    let mut x = area[0];
    while x < area[0] + area[2] {
        let width = module * f32::from(rng.random_range(1..4_u8));
        fill(canvas, [x, area[1], width, area[3]], tone);
        x += width + module * f32::from(rng.random_range(1..4_u8));
    }
}

fn dots(canvas: &mut GrayImage, area: Area, unit: f32, tone: u8, rng: &mut impl Rng) {
    let module = (unit * rng.random_range(0.09..0.25)).max(1.5);
    let (columns, rows) = ((area[2] / module) as u32, (area[3] / module) as u32);
    for (column, row) in (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))) {
        if rng.random_bool(0.5) {
            let at = (area[0] + column as f32 * module, area[1] + row as f32 * module);
            fill(canvas, [at.0, at.1, module, module], tone);
        }
    }
}

/// Soft patches of every tone, as a face or hair close to.
fn portrait(canvas: &mut GrayImage, _: Area, unit: f32, rng: &mut impl Rng) {
    let cell = unit * rng.random_range(0.3..3.0);
    let clouds = cloud(canvas.dimensions(), (cell, cell * rng.random_range(0.6..2.0)), rng);
    let (dark, depth) = (rng.random_range(20..120_u8), rng.random_range(120..=255_u8));
    for (Luma([pixel]), Luma([share])) in canvas.pixels_mut().zip(clouds.pixels()) {
        let share = u32::from(*share) * u32::from(depth) / 255;
        *pixel = towards(*pixel, dark, share as u8);
    }
}

fn signature(canvas: &mut GrayImage, area: Area, unit: f32, tone: u8, rng: &mut impl Rng) {
    let (a, b) = (rng.random_range(2.0..6.0_f32), rng.random_range(4.0..14.0_f32));
    let (phase, squeeze) = (rng.random_range(0.0..6.0_f32), rng.random_range(0.3..0.5));
    let place = |t: f32| {
        let x = area[0] + area[2] * (0.5 + 0.48 * (t * a + phase).sin() * (0.4 + 0.6 * t));
        let y = area[1] + area[3] * (0.5 + squeeze * (t * b * 1.7).cos() * (1.0 - 0.5 * t));
        (x as i32, y as i32)
    };
    let strokes = (unit * 0.08).ceil().max(1.0) as i32;
    for step in 0..160 {
        let (from, to) = (place(step as f32 / 160.0), place((step + 1) as f32 / 160.0));
        for off in 0..strokes {
            let blend = |Luma([line]): Luma<u8>, Luma([was]): Luma<u8>, share: f32| {
                Luma([towards(was, line, (share * 230.0) as u8)])
            };
            let (from, to) = ((from.0, from.1 + off), (to.0, to.1 + off));
            draw_antialiased_line_segment_mut(canvas, from, to, Luma([tone]), blend);
        }
    }
}

fn rules(canvas: &mut GrayImage, area: Area, tone: u8, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..4) {
        let thickness = rng.random_range(1.0..4.0);
        if rng.random_bool(0.7) {
            rule(canvas, area[1] + area[3] * rng.random_range(0.0..1.0), thickness, tone);
        } else {
            let x = area[0] + area[2] * rng.random_range(0.0..1.0);
            fill(canvas, [x, 0.0, thickness, canvas.height() as f32], tone);
        }
    }
}

/// Dirt and scratches.
fn specks(canvas: &mut GrayImage, area: Area, unit: f32, tone: u8, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(2..14) {
        let at = (
            area[0] + area[2] * rng.random_range(0.0..1.0),
            area[1] + area[3] * rng.random_range(0.0..1.0),
        );
        let size = unit * rng.random_range(0.03..0.12);
        fill(canvas, [at.0, at.1, size, size * rng.random_range(0.5..1.5)], tone);
    }
}
