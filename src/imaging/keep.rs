//! A picture as it is kept.

use image::codecs::jpeg::JpegEncoder;

use super::{ImagingError, decode};

/// Fine enough to read every letter again; a third of what cameras write.
const QUALITY: u8 = 85;

/// Encodes an uploaded picture anew, as displayed and twelve million pixels at most: what
/// a camera writes beside the pixels, such as where it was, is gone.
///
/// # Errors
///
/// Those of [`decode()`].
pub fn encode_for_keeping(bytes: &[u8]) -> Result<Vec<u8>, ImagingError> {
    let photo = decode(bytes)?;
    let mut kept = Vec::new();
    JpegEncoder::new_with_quality(&mut kept, QUALITY)
        .encode_image(&photo.pixels)
        .map_err(|_| ImagingError::Damaged)?;
    Ok(kept)
}
