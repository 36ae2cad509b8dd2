//! Makes pictures smaller and takes projected views of them.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{GrayImage, RgbImage};

use super::Placement;

/// Brightness of colour pixels, as the eye weighs it.
pub(super) fn grey(photo: &RgbImage) -> GrayImage {
    let pixels = photo
        .as_raw()
        .chunks_exact(3)
        .map(|pixel| {
            let sum =
                u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29;
            (sum >> 8) as u8
        })
        .collect();
    GrayImage::from_raw(photo.width(), photo.height(), pixels).unwrap_or_default()
}

/// The means of squares of `step` × `step` pixels of `channels` bytes.
fn means(pixels: &[u8], width: u32, height: u32, step: u32, channels: usize) -> Vec<u8> {
    let (wide, high) = ((width / step) as usize, (height / step) as usize);
    let (stride, step) = (width as usize * channels, step as usize);
    let mut result = Vec::with_capacity(wide * high * channels);
    let mut sums = vec![0_u32; wide * channels];
    for row in 0..high {
        sums.fill(0);
        for line in pixels[row * step * stride..].chunks_exact(stride).take(step) {
            for (column, square) in line.chunks_exact(step * channels).enumerate() {
                for pixel in square.chunks_exact(channels) {
                    for (sum, part) in sums[column * channels..].iter_mut().zip(pixel) {
                        *sum += u32::from(*part);
                    }
                }
            }
        }
        result.extend(sums.iter().map(|sum| (sum / (step * step) as u32) as u8));
    }
    result
}

/// The picture `step` times smaller.
pub(super) fn reduced(photo: &RgbImage, step: u32) -> RgbImage {
    let (width, height) = photo.dimensions();
    let pixels = means(photo.as_raw(), width, height, step, 3);
    RgbImage::from_raw(width / step, height / step, pixels).unwrap_or_default()
}

/// The same for grey pixels.
pub(super) fn reduced_grey(grey: &GrayImage, step: u32) -> GrayImage {
    let (width, height) = grey.dimensions();
    let pixels = means(grey.as_raw(), width, height, step, 1);
    GrayImage::from_raw(width / step, height / step, pixels).unwrap_or_default()
}

/// What `grey` shows where `placement` puts a picture of `width` × `height`
/// pixels, bilinear; beyond its edges it is continued by them.
pub(super) fn view(grey: &GrayImage, placement: &Placement, width: u32, height: u32) -> GrayImage {
    let m = &placement.0;
    let (columns, rows) = (grey.width() as usize, grey.height() as usize);
    let (right, bottom) = (columns as f32 - 1.001, rows as f32 - 1.001);
    let source = grey.as_raw();
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height {
        let y = y as f32 + 0.5;
        for x in 0..width {
            let x = x as f32 + 0.5;
            let w = 1.0 / (m[6] * x + m[7] * y + m[8]);
            let from_x = ((m[0] * x + m[1] * y + m[2]) * w - 0.5).clamp(0.0, right.max(0.0));
            let from_y = ((m[3] * x + m[4] * y + m[5]) * w - 0.5).clamp(0.0, bottom.max(0.0));
            let (left, top) = (from_x as usize, from_y as usize);
            let (over, down) = (from_x - left as f32, from_y - top as f32);
            let at = top * columns + left;
            let (a, b) = (f32::from(source[at]), f32::from(source[at + 1]));
            let (c, d) = (f32::from(source[at + columns]), f32::from(source[at + columns + 1]));
            let upper = a + (b - a) * over;
            let lower = c + (d - c) * over;
            pixels.push((upper + (lower - upper) * down + 0.5) as u8);
        }
    }
    GrayImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// A part of a picture, in its pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// How pixels are weighed when a picture is brought to another size.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Filter {
    /// By their distance: soft.
    Linear,
    /// By a cubic curve: sharp, for print that is enlarged.
    Cubic,
}

/// A part of `grey`, brought to `width` × `height` pixels; a blank picture where the
/// part is not within it.
pub(crate) fn resized(
    grey: &GrayImage,
    part: Window,
    (width, height): (u32, u32),
    filter: Filter,
) -> GrayImage {
    let filter = match filter {
        Filter::Linear => FilterType::Bilinear,
        Filter::Cubic => FilterType::CatmullRom,
    };
    let crop = [part.left, part.top, part.width, part.height].map(f64::from);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(crop[0], crop[1], crop[2], crop[3]);
    let mut target = GrayImage::new(width, height);
    let source = ImageRef::new(grey.width(), grey.height(), grey.as_raw(), PixelType::U8);
    let drawn = Image::from_slice_u8(width, height, target.as_mut(), PixelType::U8);
    if let (Ok(source), Ok(mut drawn)) = (source, drawn) {
        // What cannot be is a part beyond the picture.
        let _ = Resizer::new().resize(&source, &mut drawn, &options);
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_part_keeps_its_tones_in_another_size() {
        let left_dark = |x| Luma([if x < 20 { 10 } else { 200 }]);
        let grey = GrayImage::from_fn(60, 30, |x, _| left_dark(x));
        let part = Window { left: 10, top: 5, width: 20, height: 20 };

        for filter in [Filter::Linear, Filter::Cubic] {
            for size in [(8, 8), (50, 40)] {
                let small = resized(&grey, part, size, filter);
                assert_eq!(small.dimensions(), size);
                assert_eq!(small.get_pixel(0, 0).0, [10]);
                assert_eq!(small.get_pixel(size.0 - 1, size.1 - 1).0, [200]);
            }
        }
    }

    #[test]
    fn beyond_a_picture_there_is_nothing() {
        let part = Window { left: 50, top: 0, width: 20, height: 10 };
        let none = resized(&GrayImage::new(60, 30), part, (4, 4), Filter::Linear);
        assert_eq!(none.dimensions(), (4, 4));
    }
}
