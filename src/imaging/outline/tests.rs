//! Cards in pictures as hands take them: tilted, turned, beside another card.

use image::{Rgb, RgbImage};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};
use specimen::{Kind, Level};

use super::*;

/// The distance of the camera, in widths of the card.
const DISTANCE: f32 = 2.2;

/// How a card lies before the camera, in degrees.
#[derive(Debug, Clone, Copy)]
struct Pose {
    /// Turned in the plane of the picture.
    roll: f32,
    /// Tilted away about its upright and its level axis.
    yaw: f32,
    pitch: f32,
}

impl Pose {
    /// The corners on a picture of `width` × `height`, clockwise from the
    /// card's own top left; `share` of the picture's width is the card's.
    fn corners(self, (width, height): (f32, f32), share: f32) -> [(f32, f32); 4] {
        let (yaw, pitch, roll) =
            (self.yaw.to_radians(), self.pitch.to_radians(), self.roll.to_radians());
        let (half, low) = (0.5, 0.5 / ASPECT);
        [(-half, -low), (half, -low), (half, low), (-half, low)].map(|(x, y)| {
            let (x, y, z) = (x * yaw.cos(), y, x * yaw.sin());
            let (y, z) = (y * pitch.cos() - z * pitch.sin(), y * pitch.sin() + z * pitch.cos());
            let scale = share * width * DISTANCE / (DISTANCE + z);
            let (x, y) = (x * scale, y * scale);
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            (width / 2.0 + x, height / 2.0 + y)
        })
    }
}

/// A table with some grain, of a tone that a seed chooses.
fn table(width: u32, height: u32, seed: u32) -> RgbImage {
    const TONES: [[u8; 3]; 4] = [[92, 64, 44], [40, 44, 52], [150, 120, 90], [70, 96, 80]];
    let tone = TONES[seed as usize % TONES.len()];
    RgbImage::from_fn(width, height, |x, y| {
        let grain = (x.wrapping_mul(31) ^ y.wrapping_mul(17) ^ (x * y)) % 13;
        Rgb(tone.map(|part| part.saturating_add(grain as u8)))
    })
}

/// Lays a card on a picture with its corners there.
fn lay(picture: &mut RgbImage, card: &RgbImage, corners: [(f32, f32); 4]) {
    let (right, bottom) = (card.width() as f32, card.height() as f32);
    let from = [(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)];
    let projection = Projection::from_control_points(from, corners).unwrap();
    let hole = Rgb([255, 0, 255]);
    let mut layer = RgbImage::new(picture.width(), picture.height());
    let border = Border::Constant(hole);
    warp_into(card, projection, Interpolation::Bilinear, border, &mut layer);
    for (below, above) in picture.pixels_mut().zip(layer.pixels()) {
        if *above != hole {
            *below = *above;
        }
    }
}

/// How far the found corners are from the drawn ones, in card widths, at worst;
/// the found quadrilateral may begin at any corner.
fn error(found: &Quad, drawn: [(f32, f32); 4]) -> f32 {
    let drawn = drawn.map(|(x, y)| Point::new(x, y));
    let width = drawn[0].distance(drawn[1]).max(drawn[1].distance(drawn[2]));
    (0..4)
        .map(|turn| {
            let apart = (0..4).map(|index| found.0[(index + turn) % 4].distance(drawn[index]));
            apart.fold(0.0, f32::max) / width
        })
        .fold(f32::MAX, f32::min)
}

fn face(kind: Kind, seed: u64) -> RgbImage {
    specimen::draw(kind, Level::Clean, seed).unwrap().recto.image
}

#[test]
fn a_card_is_found_however_it_is_turned_and_tilted() {
    let mut found = 0;
    let mut poses = 0;
    for (index, roll) in [0.0, 20.0, 45.0, 90.0, 135.0, 180.0, 250.0, 315.0].into_iter().enumerate()
    {
        for (yaw, pitch) in [(0.0, 0.0), (30.0, 0.0), (0.0, -30.0), (20.0, 20.0)] {
            let pose = Pose { roll, yaw, pitch };
            let mut picture = table(1000, 1000, index as u32);
            let corners = pose.corners((1000.0, 1000.0), 0.7);
            lay(&mut picture, &face(Kind::Cin2020, index as u64), corners);
            poses += 1;
            let quads = find_outlines(&picture);
            if quads.first().is_some_and(|quad| error(quad, corners) < 0.02) {
                found += 1;
            }
        }
    }
    assert!(found >= poses - 1, "{found} of {poses} poses");
}

#[test]
fn both_of_two_cards_in_one_picture_are_cut_out_whole() {
    for seed in 0..4 {
        let mut picture = table(1500, 1400, seed);
        let pose = Pose { roll: 4.0, yaw: 6.0, pitch: 5.0 };
        let shifted = |by: f32| pose.corners((1500.0, 1400.0), 0.62).map(|(x, y)| (x, y + by));
        let (upper, lower) = (shifted(-340.0), shifted(340.0));
        lay(&mut picture, &face(Kind::Cin2020, u64::from(seed)), upper);
        lay(&mut picture, &face(Kind::Permis, u64::from(seed)), lower);

        let quads = find_outlines(&picture);

        assert_eq!(quads.len(), 2, "seed {seed}");
        for drawn in [upper, lower] {
            let nearest = quads.iter().map(|quad| error(quad, drawn)).fold(f32::MAX, f32::min);
            assert!(nearest < 0.03, "seed {seed}: {nearest}");
        }
    }
}

#[test]
fn a_table_without_a_card_has_no_outline() {
    assert!(find_outlines(&table(1200, 900, 2)).is_empty());
}
