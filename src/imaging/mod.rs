//! Encoded bytes in, a flat, upright, evenly lit card out.

mod decode;
mod enhance;
mod geometry;
mod ink;
mod jpeg;
mod keep;
mod level;
mod light;
mod outline;
pub mod quality;
mod rectify;
mod scale;
mod segment;

use image::GrayImage;

pub use decode::{Photo, decode};
pub use geometry::{Placement, Rect};
pub use keep::encode_for_keeping;
pub use rectify::{find_cards, rectify};
pub(crate) use scale::{Filter, Window, resized};
pub use segment::{Print, Segment, find_portrait, find_print};

/// Why a picture cannot be used, by what the client can do about it.
#[derive(Debug, thiserror::Error)]
pub enum ImagingError {
    /// Not a picture of an accepted format (JPEG, PNG, BMP, TIFF, WebP), whatever its name says.
    #[error("not a JPEG, PNG, BMP, TIFF or WebP picture")]
    UnknownFormat,
    /// The header is right, the data is cut or damaged.
    #[error("the picture is damaged")]
    Damaged,
    /// More pixels than are ever needed.
    #[error("the picture has too many pixels")]
    TooLarge,
    /// Too few pixels for print to be legible.
    #[error("the picture has too few pixels")]
    TooSmall,
}

/// A card cut out of its picture: flat, evenly lit, its rows of print level.
#[derive(Debug, Clone)]
pub struct Card {
    /// Grey pixels, dark print on light ground.
    pub pixels: GrayImage,
    /// From these pixels to the uploaded picture as displayed.
    pub placement: Placement,
    /// Whether an outline was found; else this is the whole picture.
    pub is_framed: bool,
}

impl Card {
    /// The same card, turned upside down.
    #[must_use]
    pub fn turned(&self) -> Self {
        let (width, height) = (self.pixels.width() as f32, self.pixels.height() as f32);
        let m = &self.placement.0;
        let mut turned = [0.0; 9];
        for row in 0..3 {
            let [across, down, shift] = [m[row * 3], m[row * 3 + 1], m[row * 3 + 2]];
            turned[row * 3] = -across;
            turned[row * 3 + 1] = -down;
            turned[row * 3 + 2] = across * width + down * height + shift;
        }
        Self {
            pixels: image::imageops::rotate180(&self.pixels),
            placement: Placement(turned),
            is_framed: self.is_framed,
        }
    }
}
