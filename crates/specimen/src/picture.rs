//! A drawn side: its pixels, and where each text stands on them.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

/// The alphabet of a printed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// French, and numbers and dates on their own.
    Latin,
    /// Arabic, right to left.
    Arabic,
    /// A line of the machine-readable zone, in OCR-B.
    Mrz,
}

/// A text on a picture.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PlacedText {
    /// The leaf of the contract that it prints, such as `naissance.date`.
    /// Nothing for labels, titles and numbers outside the contract.
    pub path: Option<String>,
    /// The text as printed, in logical order.
    pub text: String,
    /// Its alphabet.
    pub script: Script,
    /// The family of the typeface that it is printed in.
    pub family: &'static str,
    /// The corners of its box in image pixels: the card's top left, top right,
    /// bottom right, bottom left.
    pub polygon: [[f32; 2]; 4],
}

impl PlacedText {
    /// The upright box around the corners: left, top, right, bottom.
    pub fn bounds(&self) -> [f32; 4] {
        let mut bounds = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for [x, y] in self.polygon {
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
        bounds
    }
}

/// A picture of one side of a card.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The pixels.
    pub image: RgbImage,
    /// The quality that [`Picture::encode`] compresses with; PNG when there is none.
    pub jpeg: Option<u8>,
    /// Everything that is printed, in the order of printing.
    pub texts: Vec<PlacedText>,
}

/// The picture could not be encoded.
#[derive(Debug, thiserror::Error)]
#[error("the picture cannot be encoded")]
pub struct EncodeError(#[from] image::ImageError);

impl Picture {
    /// Encodes the picture as a client would upload it: JPEG, or PNG when clean.
    ///
    /// # Errors
    ///
    /// [`EncodeError`] when the encoder refuses, which a drawn picture never causes.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut bytes = Vec::new();
        match self.jpeg {
            Some(quality) => {
                self.image
                    .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))?;
            }
            None => self.image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?,
        }
        Ok(bytes)
    }

    /// The ending of a file that holds what [`Picture::encode`] gives.
    pub const fn extension(&self) -> &'static str {
        if self.jpeg.is_some() { "jpg" } else { "png" }
    }
}
