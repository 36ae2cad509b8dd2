//! Light, lens, sensor and compression, on the patch around one line.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GenericImageView, GrayImage, ImageFormat, Luma};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};
use rand::Rng;

use crate::camera::Shot;
use crate::raster::{Area, blurred, inside, view};

/// A patch as it was photographed, and the box of the print in it.
pub(crate) struct Photo {
    pub(crate) picture: GrayImage,
    pub(crate) print: Area,
}

impl Photo {
    /// Whether dark and light differ by more than noise in every part of the print.
    pub(crate) fn is_legible(&self) -> bool {
        let [left, top, width, height] = inside(self.print, self.picture.dimensions());
        // Some parts are a blank between words: parts are as wide as the row is high, or wider.
        let parts = (width / (height * 2.5)).ceil().clamp(1.0, 8.0);
        (0..parts as u32).all(|part| {
            let left = left + width / parts * part as f32;
            let columns = (width / parts) as u32;
            let view = self.picture.view(left as u32, top as u32, columns.max(1), height as u32);
            let mut tones: Vec<u8> = view.pixels().map(|(_, _, Luma([tone]))| tone).collect();
            let last = tones.len() - 1;
            let (dark, rest) = select(&mut tones, last / 50);
            let light = select(rest, rest.len() * 4 / 5).0;
            light.saturating_sub(dark) >= LEGIBLE
        })
    }
}

/// Grey levels between ink and paper below which nobody reads.
const LEGIBLE: u8 = 26;

/// The tone of a rank, and the tones above it.
fn select(tones: &mut [u8], rank: usize) -> (u8, &mut [u8]) {
    let (_, tone, above) = tones.select_nth_unstable(rank);
    (*tone, above)
}

impl Shot {
    /// Makes what hides print weaker; says whether there was something.
    pub(crate) fn soften(&mut self) -> bool {
        let was_hidden = self.glare > 0.0 || self.exposure < 0.6 || self.haze > 2.0;
        self.glare = if self.glare < 20.0 { 0.0 } else { self.glare * 0.5 };
        self.haze *= 0.5;
        self.exposure = self.exposure.max(0.6);
        was_hidden
    }

    /// Photographs `canvas`, on which `print` is the box of the ink; `scale` is
    /// how many pixels of the camera one of the canvas is.
    pub(crate) fn take(
        &self,
        canvas: &GrayImage,
        print: Area,
        scale: f32,
        rng: &mut impl Rng,
    ) -> Photo {
        let (mut picture, print) = self.pose(canvas, print, scale);
        picture = blurred(&picture, self.blur);
        if let Some((length, direction)) = self.motion {
            picture = smeared(&picture, length, direction);
        }
        if self.is_lit() {
            self.expose(&mut picture, scale, rng);
        }
        if self.sharpness > 0.0 {
            sharpen(&mut picture, self.sharpness);
        }
        for (nth, quality) in self.qualities.iter().enumerate() {
            if nth > 0 {
                picture = shrunk_for_a_while(&picture, rng);
            }
            picture = compressed(picture, *quality);
        }
        Photo { picture, print }
    }

    /// The canvas in the camera's pixels, turned and slanted as levelling left it.
    fn pose(&self, canvas: &GrayImage, print: Area, scale: f32) -> (GrayImage, Area) {
        let (wide, high) = (canvas.width() as f32, canvas.height() as f32);
        let is_level = self.turn == 0.0 && self.keystone == 0.0 && self.shear == 0.0;
        if is_level && self.stretch == 0.0 && (scale - 1.0).abs() < 0.01 {
            return (canvas.clone(), print);
        }
        let (right, down) = (wide * scale * (1.0 + self.stretch), high * scale);
        // A long line may not climb by more than a part of its own height.
        let most = 0.55 * print[3] / print[2];
        let slope = self.turn.to_radians().tan().clamp(-most, most);
        let lean = self.shear * down / 2.0;
        let taper = self.keystone * down / 2.0;
        let corner = |x: f32, y: f32| {
            let (u, v) = (x / wide - 0.5, y / high - 0.5);
            let y = down * (v + 0.5) + slope * right * u + 4.0 * taper * u * v;
            (right * (u + 0.5) - 2.0 * lean * v, y)
        };
        let corners = [(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)];
        let placed = corners.map(|(x, y)| corner(x, y));
        let Some(projection) = Projection::from_control_points(corners, placed) else {
            return (canvas.clone(), print);
        };
        let mut picture = GrayImage::new(right.round() as u32, down.round() as u32);
        warp_into(canvas, projection, Interpolation::Bilinear, Border::Replicate, &mut picture);
        let [x, y, w, h] = print;
        let bounds = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)].map(|at| projection * at);
        (picture, around(&bounds))
    }

    /// Whether light or sensor change anything.
    fn is_lit(&self) -> bool {
        self.noise > 0.0 || self.unevenness > 0.0 || self.glare > 0.0 || self.streaks > 0.0
    }

    /// Light, glare, haze, the tone curve and the sensor's noise, in one pass.
    fn expose(&self, picture: &mut GrayImage, scale: f32, rng: &mut impl Rng) {
        let (wide, high) = (picture.width() as f32, picture.height() as f32);
        let (sin, cos) = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
        let fall = self.unevenness / (self.width * 0.5) * scale.max(0.5);
        let lamp = (rng.random_range(0.0..wide), rng.random_range(-0.5..1.5) * high);
        let reach =
            (self.width * rng.random_range(0.02..0.16), self.width * rng.random_range(0.02..0.1));
        let shine: Vec<f32> = (0..picture.width())
            .map(|x| self.glare * (-((x as f32 - lamp.0) / reach.0).powi(2)).exp())
            .collect();
        let columns: Vec<f32> =
            (0..picture.width()).map(|_| rng.random_range(-0.5..0.5) * self.streaks).collect();
        let gain = self.exposure * (255.0 - self.haze) / 255.0;
        let mut chance = vec![0_u8; picture.width() as usize * 2];
        for (y, row) in picture.rows_mut().enumerate() {
            let y = y as f32 - high / 2.0;
            let near = (-((y + high / 2.0 - lamp.1) / reach.1).powi(2)).exp();
            rng.fill_bytes(&mut chance);
            for ((x, Luma([pixel])), bytes) in row.enumerate().zip(chance.chunks_exact(2)) {
                let light = 1.0 + ((x as f32 - wide / 2.0) * cos + y * sin) * fall;
                // The sum of uniform bytes is nearly normal; 104.5 is its deviation.
                let noise = (f32::from(bytes[0]) + f32::from(bytes[1]) - 255.0) / 104.5;
                let toned = (f32::from(*pixel) - 140.0) * self.contrast + 140.0;
                let value = toned * light * gain + self.haze + shine[x] * near + columns[x];
                *pixel = (value + noise * self.noise).clamp(0.0, 255.0) as u8;
            }
        }
    }
}

/// The box around points.
fn around(points: &[(f32, f32)]) -> Area {
    let fold = |pick: fn(f32, f32) -> f32, first: f32| {
        points
            .iter()
            .fold((first, first), |so_far, at| (pick(so_far.0, at.0), pick(so_far.1, at.1)))
    };
    let (left, top) = fold(f32::min, f32::MAX);
    let (right, bottom) = fold(f32::max, f32::MIN);
    [left, top, right - left, bottom - top]
}

/// The picture of a camera that moved `length` pixels in `direction` (radians).
fn smeared(picture: &GrayImage, length: f32, direction: f32) -> GrayImage {
    let taps = (length.ceil() as i32).max(2);
    let (sin, cos) = direction.sin_cos();
    let steps = (0..taps).map(|tap| {
        let along = (tap as f32 / (taps - 1) as f32 - 0.5) * length;
        ((along * cos).round() as i64, (along * sin).round() as i64)
    });
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut sums = vec![0_u16; width * height];
    for (dx, dy) in steps {
        for (y, target) in sums.chunks_exact_mut(width).enumerate() {
            let from = (y as i64 + dy).clamp(0, height as i64 - 1) as usize;
            let row = &picture.as_raw()[from * width..][..width];
            for (x, sum) in target.iter_mut().enumerate() {
                let at = (x as i64 + dx).clamp(0, width as i64 - 1) as usize;
                *sum += u16::from(row[at]);
            }
        }
    }
    let pixels = sums.iter().map(|sum| (sum / taps as u16) as u8).collect();
    GrayImage::from_raw(picture.width(), picture.height(), pixels).unwrap_or_default()
}

/// Overdoes edges, as phones do.
fn sharpen(picture: &mut GrayImage, amount: f32) {
    let soft = blurred(picture, 1.2);
    let amount = (amount * 256.0) as i32;
    for (Luma([pixel]), Luma([soft])) in picture.pixels_mut().zip(soft.pixels()) {
        let edge = i32::from(*pixel) - i32::from(*soft);
        *pixel = (i32::from(*pixel) + ((edge * amount) >> 8)).clamp(0, 255) as u8;
    }
}

/// Fewer pixels and as many again, as a messenger sends pictures on.
fn shrunk_for_a_while(picture: &GrayImage, rng: &mut impl Rng) -> GrayImage {
    let (wide, high) = picture.dimensions();
    let share = rng.random_range(0.7..0.98_f32);
    let few = |pixels: u32| ((pixels as f32 * share) as u32).max(8);
    let small = view(picture, [0.0, 0.0, wide as f32, high as f32], few(wide), few(high));
    view(&small, [0.0, 0.0, few(wide) as f32, few(high) as f32], wide, high)
}

/// The picture after JPEG.
fn compressed(picture: GrayImage, quality: u8) -> GrayImage {
    let mut bytes = Vec::with_capacity(picture.len() / 2);
    let (width, height) = picture.dimensions();
    let written = JpegEncoder::new_with_quality(&mut bytes, quality).encode(
        &picture,
        width,
        height,
        ExtendedColorType::L8,
    );
    let read =
        written.and_then(|()| image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg));
    // Grey pixels in memory always encode and decode; what cannot happen changes nothing.
    read.map_or(picture, image::DynamicImage::into_luma8)
}
