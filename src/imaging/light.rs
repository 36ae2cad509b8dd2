//! How light falls on a card, sampled on its picture.

use super::ink::components;
use super::{Card, Photo};

/// Samples along the long and the short side of a card.
const COLUMNS: usize = 160;
const ROWS: usize = 100;

/// A sample whose every channel is at least this bright may be burnt out.
const BURNT: u8 = 248;

/// On a card that is this bright all over, white is paper.
const WHITE: f32 = 225.0;

/// What the samples say.
pub(super) struct Light {
    /// The share of the card in its largest burnt-out spot.
    pub(super) glare: f32,
    /// The median tone.
    pub(super) brightness: f32,
    /// The mean distance of a sample's channels.
    pub(super) colour: f32,
    /// The share of samples whose right neighbour is exactly alike.
    pub(super) alike: f32,
}

impl Light {
    /// Samples the card in its picture.
    pub(super) fn on(photo: &Photo, card: &Card) -> Self {
        let (right, bottom) = (photo.pixels.width() - 1, photo.pixels.height() - 1);
        let at = |column: usize, row: usize| {
            let x = (column as f32 + 0.5) / COLUMNS as f32 * card.pixels.width() as f32;
            let y = (row as f32 + 0.5) / ROWS as f32 * card.pixels.height() as f32;
            let (x, y) = card.placement.map(x, y);
            let (x, y) = ((x / photo.scale).max(0.0) as u32, (y / photo.scale).max(0.0) as u32);
            (x.min(right.saturating_sub(1)), y.min(bottom))
        };
        let mut tones = Vec::with_capacity(COLUMNS * ROWS);
        let mut burnt = Vec::with_capacity(COLUMNS * ROWS);
        let (mut colour, mut alike) = (0_u32, 0_u32);
        for (column, row) in (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |x| (x, row))) {
            let (x, y) = at(column, row);
            let pixel = photo.pixels.get_pixel(x, y);
            let [red, green, blue] = pixel.0;
            let (low, high) = (red.min(green).min(blue), red.max(green).max(blue));
            tones.push(green);
            burnt.push(low >= BURNT);
            colour += u32::from(high - low);
            alike += u32::from(pixel == photo.pixels.get_pixel(x + 1, y));
        }
        let count = tones.len() as f32;
        tones.sort_unstable();
        let brightness = f32::from(tones[tones.len() / 2]);
        let glare = if brightness < WHITE { largest_spot(&burnt) / count } else { 0.0 };
        Self { glare, brightness, colour: colour as f32 / count, alike: alike as f32 / count }
    }
}

/// The samples in the largest connected spot.
fn largest_spot(burnt: &[bool]) -> f32 {
    let spots = components(burnt, COLUMNS);
    spots.iter().map(|spot| spot.pixels).max().unwrap_or(0) as f32
}
