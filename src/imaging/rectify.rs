//! Makes the card of a picture flat, level and evenly lit.

use image::{DynamicImage, GrayImage, imageops::FilterType};

use super::enhance::even_out;
use super::{Card, Photo, Placement};

/// The longest side of a card image, in pixels: on a card of 85.6 mm print of
/// 2 mm is then 33 pixels high.
const SIDE: u32 = 1400;

/// Cuts the card out of its picture.
pub fn rectify(photo: &Photo) -> Card {
    let grey = DynamicImage::ImageRgb8(photo.pixels.clone()).into_luma8();
    let longest = grey.width().max(grey.height());
    let factor = SIDE as f32 / longest as f32;
    let (wide, high) =
        ((grey.width() as f32 * factor) as u32, (grey.height() as f32 * factor) as u32);
    let grey: GrayImage = if factor < 0.95 {
        image::imageops::resize(&grey, wide, high, FilterType::Triangle)
    } else {
        grey
    };
    let scale = photo.scale * photo.pixels.width() as f32 / grey.width() as f32;
    Card {
        pixels: even_out(&grey),
        placement: Placement([scale, 0.0, 0.0, 0.0, scale, 0.0, 0.0, 0.0, 1.0]),
    }
}
