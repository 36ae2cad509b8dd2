//! Uploaded bytes to pixels: format by content, size bounded before decoding,
//! turned as displayed.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    imageops::FilterType,
};

use super::{ImagingError, jpeg};

/// The longest side of a picture that is decoded, in pixels.
const SIDE_MAX: u32 = 10_000;

/// Pixels of a picture that is decoded.
const PIXELS_MAX: u64 = 50_000_000;

/// Pixels that are kept of it: more do not make print more legible.
const PIXELS_KEPT: f64 = 12_000_000.0;

/// The shortest side at which print can be legible, in pixels.
const SIDE_MIN: u32 = 100;

/// Bytes that decoding may take.
const ALLOC_MAX: u64 = 256 << 20;

/// The formats that are accepted.
const FORMATS: [ImageFormat; 5] =
    [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP];

/// A decoded picture, as displayed.
#[derive(Debug, Clone)]
pub struct Photo {
    /// The pixels, at most twelve million.
    pub pixels: RgbImage,
    /// Displayed pixels of the upload for one of these, at least 1.
    pub scale: f32,
}

/// Decodes an uploaded picture.
///
/// # Errors
///
/// What is wrong with the picture, see [`ImagingError`].
pub fn decode(bytes: &[u8]) -> Result<Photo, ImagingError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| ImagingError::UnknownFormat)?;
    if !reader.format().is_some_and(|format| FORMATS.contains(&format)) {
        return Err(ImagingError::UnknownFormat);
    }
    if reader.format() == Some(ImageFormat::Jpeg) && !jpeg::is_whole(bytes) {
        return Err(ImagingError::Damaged);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(ALLOC_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| reason(&error))?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(ImagingError::TooLarge);
    }
    if width.min(height) < SIDE_MIN {
        return Err(ImagingError::TooSmall);
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| reason(&error))?;
    let shrink = (PIXELS_KEPT / (f64::from(width) * f64::from(height))).sqrt().min(1.0);
    if shrink < 1.0 {
        let (wide, high) = (f64::from(width) * shrink, f64::from(height) * shrink);
        picture = picture.resize_exact(wide as u32, high as u32, FilterType::Triangle);
    }
    let scale = f64::from(width) / f64::from(picture.width());
    picture.apply_orientation(orientation);
    Ok(Photo { pixels: opaque(picture), scale: scale as f32 })
}

/// Eight-bit colour; what is transparent shows white paper.
fn opaque(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let image::Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
        let over = |part: u8| {
            let alpha = u16::from(alpha);
            ((u16::from(part) * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn reason(error: &ImageError) -> ImagingError {
    match error {
        ImageError::Limits(_) => ImagingError::TooLarge,
        ImageError::Unsupported(_) => ImagingError::UnknownFormat,
        _ => ImagingError::Damaged,
    }
}
