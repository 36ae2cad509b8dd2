//! Operations on grey pictures that several steps share.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::GrayImage;
use rand::Rng;

/// A box in a picture: left, top, width and height in pixels.
pub(crate) type Area = [f32; 4];

/// The part of a picture in `area`, brought to a size. Pixels between pixels are
/// interpolated, and averaged where they become fewer.
pub(crate) fn view(picture: &GrayImage, area: Area, width: u32, height: u32) -> GrayImage {
    resized(picture, Some(area), (width, height), FilterType::Bilinear)
}

/// The whole picture brought to a size, with softer transitions.
pub(crate) fn enlarged(picture: &GrayImage, width: u32, height: u32) -> GrayImage {
    resized(picture, None, (width, height), FilterType::CatmullRom)
}

fn resized(
    picture: &GrayImage,
    area: Option<Area>,
    (width, height): (u32, u32),
    filter: FilterType,
) -> GrayImage {
    let mut options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    if let Some(area) = area {
        let [left, top, across, down] = area.map(f64::from);
        options = options.crop(left, top, across, down);
    }
    let mut target = Image::new(width, height, PixelType::U8);
    let source = ImageRef::new(picture.width(), picture.height(), picture.as_raw(), PixelType::U8);
    // Callers ask for areas inside the picture; any other gives an empty view.
    if let Ok(source) = source {
        let _ = Resizer::new().resize(&source, &mut target, &options);
    }
    GrayImage::from_raw(width, height, target.into_vec()).unwrap_or_default()
}

/// The box as far as it lies inside a picture of this size, at least 2 pixels
/// wide and high.
pub(crate) fn inside([left, top, width, height]: Area, (wide, high): (u32, u32)) -> Area {
    let (wide, high) = (wide as f32, high as f32);
    let (x, y) = (left.clamp(0.0, wide - 2.0), top.clamp(0.0, high - 2.0));
    let (right, bottom) = ((left + width).min(wide), (top + height).min(high));
    [x, y, (right - x).max(2.0), (bottom - y).max(2.0)]
}

/// Smooth random tones; spots are some `cell` pixels wide and high.
pub(crate) fn cloud(size: (u32, u32), cell: (f32, f32), rng: &mut impl Rng) -> GrayImage {
    let columns = (size.0 as f32 / cell.0).ceil() as u32 + 2;
    let rows = (size.1 as f32 / cell.1).ceil() as u32 + 2;
    let mut small = GrayImage::new(columns, rows);
    rng.fill_bytes(&mut small);
    enlarged(&small, size.0, size.1)
}

/// A picture blurred as by a lens; `sigma` in pixels.
pub(crate) fn blurred(picture: &GrayImage, sigma: f32) -> GrayImage {
    if sigma < 0.15 { picture.clone() } else { separable(picture, &bell(sigma)) }
}

/// Weights of a normal distribution, in 256ths.
fn bell(sigma: f32) -> Vec<u32> {
    let radius = (sigma * 2.5).ceil().max(1.0) as i32;
    let weights: Vec<f32> =
        (-radius..=radius).map(|at| (-(at * at) as f32 / (2.0 * sigma * sigma)).exp()).collect();
    let sum: f32 = weights.iter().sum();
    let mut whole: Vec<u32> =
        weights.iter().map(|weight| (weight / sum * 256.0).round() as u32).collect();
    let middle = radius as usize;
    let others = whole.iter().sum::<u32>() - whole[middle];
    whole[middle] = 256_u32.saturating_sub(others);
    whole
}

/// The picture weighed along rows, then along columns; its edges continue.
fn separable(picture: &GrayImage, weights: &[u32]) -> GrayImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let radius = weights.len() / 2;
    let mut across = picture.clone();
    let mut padded = vec![0_u8; width + 2 * radius];
    let mut sums = vec![0_u32; width];
    for (row, target) in picture.as_raw().chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        padded[..radius].fill(row[0]);
        padded[radius..radius + width].copy_from_slice(row);
        padded[radius + width..].fill(row[width - 1]);
        sums.fill(128);
        for (offset, weight) in weights.iter().enumerate() {
            for (sum, &pixel) in sums.iter_mut().zip(&padded[offset..]) {
                *sum += u32::from(pixel) * weight;
            }
        }
        for (pixel, sum) in target.iter_mut().zip(&sums) {
            *pixel = (sum >> 8).min(255) as u8;
        }
    }
    let mut down = across.clone();
    for (y, target) in down.chunks_exact_mut(width).enumerate() {
        sums.fill(128);
        for (offset, weight) in weights.iter().enumerate() {
            let from = (y + offset).saturating_sub(radius).min(height - 1);
            let row = &across.as_raw()[from * width..][..width];
            for (sum, &pixel) in sums.iter_mut().zip(row) {
                *sum += u32::from(pixel) * weight;
            }
        }
        for (pixel, sum) in target.iter_mut().zip(&sums) {
            *pixel = (sum >> 8).min(255) as u8;
        }
    }
    down
}

/// Moves every pixel a share (in 256ths) towards a tone.
pub(crate) fn towards(pixel: u8, tone: u8, share: u8) -> u8 {
    let (pixel, tone, share) = (u32::from(pixel), u32::from(tone), u32::from(share));
    ((pixel * (255 - share) + tone * share + 127) / 255) as u8
}
