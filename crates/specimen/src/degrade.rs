//! Photographs a drawn card: where it lies, what lies below, light, lens, sensor.

use image::{Rgb, RgbImage, imageops};
use rand::Rng;

use crate::Level;
use crate::data::one_of;
use crate::light::{self, Glare};
use crate::picture::Picture;
use crate::scene::{Placed, Point, Pose, bounds};
use crate::sheet::mix;

/// Everything that chance decides about one picture.
struct Shot {
    pose: Pose,
    /// Width and height; nothing when the margins around the card decide.
    size: Option<(u32, u32)>,
    surface: light::Surface,
    /// How much the light falls off across the picture, 0 to 1.
    unevenness: f32,
    /// 1 is bright enough.
    exposure: f32,
    glare: Option<Glare>,
    /// Standard deviation of the lens's blur, in pixels.
    blur: f32,
    /// Pixels that the camera moved, and in which direction (radians).
    motion: Option<(f32, f32)>,
    /// Standard deviation of the sensor's noise, in grey levels.
    noise: f32,
    quality: u8,
}

/// The card as a client would photograph it at `level`; `aspect` is its width
/// over its height.
pub(crate) fn photograph(face: Picture, aspect: f32, level: Level, rng: &mut impl Rng) -> Picture {
    let shot = match level {
        Level::Clean => return face,
        Level::Scan => Shot::scan(rng),
        Level::Photo => Shot::photo(rng),
        Level::Hard => Shot::hard(rng),
    };
    shot.take(face, aspect, rng)
}

impl Shot {
    fn scan(rng: &mut impl Rng) -> Self {
        Self {
            pose: Pose {
                width: rng.random_range(950.0..1400.0),
                turn: rng.random_range(-2.0..2.0),
                perspective: 0.0,
            },
            size: None,
            surface: light::Surface::scanner(rng),
            unevenness: 0.02,
            exposure: rng.random_range(0.95..1.03),
            glare: None,
            blur: rng.random_range(0.3..0.6),
            motion: None,
            noise: rng.random_range(1.5..4.0),
            quality: rng.random_range(70..=90),
        }
    }

    fn photo(rng: &mut impl Rng) -> Self {
        let width = rng.random_range(1520..1680_u32);
        Self {
            pose: Pose {
                width: width as f32 * rng.random_range(0.52..0.84),
                turn: rng.random_range(-8.0..8.0),
                perspective: rng.random_range(0.005..0.03),
            },
            size: Some((width, width * 3 / 4)),
            surface: light::Surface::table(rng),
            unevenness: rng.random_range(0.08..0.3),
            exposure: rng.random_range(0.8..1.08),
            glare: rng.random_bool(0.5).then(|| Glare::invent(rng, 25.0..75.0)),
            blur: rng.random_range(0.5..1.1),
            motion: None,
            noise: rng.random_range(2.5..7.0),
            quality: rng.random_range(50..=80),
        }
    }

    fn hard(rng: &mut impl Rng) -> Self {
        let turns = *one_of(rng, &[0_u8, 1, 2, 3, 1, 2]);
        let turn = f32::from(turns) * 90.0;
        let small = rng.random_bool(0.5);
        let width =
            if small { rng.random_range(580.0..640.0) } else { rng.random_range(800.0..1150.0) };
        let long = (width * rng.random_range(1.15..1.5)) as u32;
        let quarter = turns % 2 == 1;
        let mut size = (long, long * 3 / 4);
        if quarter {
            size = (size.1, size.0);
        }
        let dark = rng.random_bool(0.4);
        let motion = width * rng.random_range(0.003..0.009);
        Self {
            pose: Pose {
                width,
                turn: turn + rng.random_range(-9.0..9.0),
                perspective: rng.random_range(0.01..0.045),
            },
            size: Some(size),
            surface: light::Surface::table(rng),
            unevenness: rng.random_range(0.1..0.45),
            exposure: if dark { rng.random_range(0.3..0.5) } else { rng.random_range(0.75..1.1) },
            glare: rng.random_bool(0.5).then(|| Glare::invent(rng, 90.0..170.0)),
            blur: rng.random_range(0.5..1.0),
            motion: rng.random_bool(0.45).then(|| (motion, rng.random_range(0.0..3.1))),
            noise: if dark { rng.random_range(3.0..6.0) } else { rng.random_range(3.0..8.0) },
            quality: rng.random_range(50..=80),
        }
    }

    fn take(&self, face: Picture, aspect: f32, rng: &mut impl Rng) -> Picture {
        let corners = Placed::corners(&self.pose, aspect, rng);
        let ((width, height), corners) = self.frame(corners, rng);
        // Fewer pixels than were drawn: average them first, or the warp would skip some.
        let shrink = (self.pose.width / face.image.width() as f32).min(1.0);
        let card = if shrink < 0.95 {
            let (w, h) = (face.image.width() as f32 * shrink, face.image.height() as f32 * shrink);
            imageops::resize(&face.image, w as u32, h as u32, imageops::FilterType::Triangle)
        } else {
            face.image.clone()
        };
        let size = (card.width() as f32, card.height() as f32);
        let Some(placed) = Placed::new(size, corners) else { return face };

        let mut image = self.expose(&card, &placed, (width, height), rng);
        if let Some((length, direction)) = self.motion {
            image = light::smear(&image, length, direction);
        }
        image = imageproc::filter::gaussian_blur_f32(&image, self.blur);
        light::add_noise(&mut image, self.noise, rng);

        let scale = size.0 / face.image.width() as f32;
        let texts = face.texts.into_iter().map(|mut text| {
            text.polygon = text.polygon.map(|[x, y]| {
                let (x, y) = placed.in_picture((x * scale, y * scale));
                [x, y]
            });
            text
        });
        Picture { texts: texts.collect(), image, jpeg: Some(self.quality) }
    }

    /// The picture's size, and the corners moved into it.
    fn frame(&self, corners: [Point; 4], rng: &mut impl Rng) -> ((u32, u32), [Point; 4]) {
        let [left, top, right, bottom] = bounds(&corners);
        let (w, h) = (right - left, bottom - top);
        let margin = self.pose.width * rng.random_range(0.03..0.12);
        let (width, height) = self.size.map_or((w + 2.0 * margin, h + 2.0 * margin), |size| {
            // A wide card may be higher than the picture: then the picture grows.
            ((size.0 as f32).max(w * 1.04), (size.1 as f32).max(h * 1.04))
        });
        let x = (width - w) * rng.random_range(0.3..0.7) - left;
        let y = (height - h) * rng.random_range(0.3..0.7) - top;
        ((width as u32, height as u32), corners.map(|point| (point.0 + x, point.1 + y)))
    }

    /// The surface with the card on it, in the light of the scene.
    fn expose(
        &self,
        card: &RgbImage,
        placed: &Placed,
        (width, height): (u32, u32),
        rng: &mut impl Rng,
    ) -> RgbImage {
        let from = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
        let shadow = self.pose.width * rng.random_range(0.006..0.02);
        RgbImage::from_fn(width, height, |x, y| {
            let at = placed.on_card((x as f32, y as f32));
            let outside = placed.outside(at);
            let mut colour = Rgb([0, 0, 0]);
            if outside > -1.0 {
                colour = self.surface.colour(x as f32, y as f32);
                let depth = (1.0 - outside / shadow).clamp(0.0, 1.0) * self.surface.shadow;
                colour = mix(colour, Rgb([10, 10, 12]), depth);
            }
            if outside < 0.5 {
                colour = mix(colour, sample(card, at), (0.5 - outside).clamp(0.0, 1.0));
            }
            let (u, v) = (x as f32 / width as f32 - 0.5, y as f32 / height as f32 - 0.5);
            let fall = 1.0 + (u * from.0 + v * from.1) * self.unevenness * 1.6
                - (u * u + v * v) * self.unevenness * 0.8;
            let glare = self.glare.as_ref().map_or(0.0, |glare| {
                glare.at(at.0 / card.width() as f32, at.1 / card.height() as f32)
            });
            Rgb(colour.0.map(|part| {
                (f32::from(part) * fall * self.exposure + glare).clamp(0.0, 255.0) as u8
            }))
        })
    }
}

/// The colour between pixels, bilinear; the border repeats.
fn sample(image: &RgbImage, (x, y): Point) -> Rgb<u8> {
    let (right, bottom) = (image.width() - 1, image.height() - 1);
    let (x, y) = (x.clamp(0.0, right as f32), y.clamp(0.0, bottom as f32));
    let (x0, y0) = (x as u32, y as u32);
    let (x1, y1) = ((x0 + 1).min(right), (y0 + 1).min(bottom));
    let (fx, fy) = (x.fract(), y.fract());
    let pixels = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| image.get_pixel(x, y).0);
    Rgb(std::array::from_fn(|channel| {
        let [a, b, c, d] = pixels.map(|pixel| f32::from(pixel[channel]));
        let (above, below) = (a + (b - a) * fx, c + (d - c) * fx);
        (above + (below - above) * fy + 0.5) as u8
    }))
}
