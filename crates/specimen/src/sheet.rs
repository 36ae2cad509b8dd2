//! One side of a card while it is being printed.

use image::{Rgb, RgbImage};

use crate::DrawError;
use crate::face::Face;
use crate::pen::{self, Ink};
use crate::picture::{Picture, PlacedText, Script};

/// Before a text that is printed left to right even where it holds Arabic
/// letters, as a plate is. The character itself prints nothing.
pub(crate) const LEFT_TO_RIGHT: char = '\u{202d}';

/// A rectangle on the sheet: left, top, right, bottom, in pixels.
pub(crate) type Area = [f32; 4];

/// How a text is inked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brush {
    pub(crate) face: Face,
    /// The em in pixels, before the face's own scale.
    pub(crate) size: f32,
    pub(crate) colour: Rgb<u8>,
    pub(crate) script: Script,
}

/// Which edge of a text stands at the given place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Middle,
    Right,
}

/// One side of a card: pixels, and the texts printed so far.
pub(crate) struct Sheet {
    pub(crate) image: RgbImage,
    texts: Vec<PlacedText>,
    /// Where no text may stand: texts, the portrait, a barcode.
    taken: Vec<Area>,
}

impl Sheet {
    pub(crate) fn new(image: RgbImage) -> Self {
        Self { image, texts: Vec::new(), taken: Vec::new() }
    }

    pub(crate) fn width(&self) -> f32 {
        self.image.width() as f32
    }

    pub(crate) fn height(&self) -> f32 {
        self.image.height() as f32
    }

    /// The area of the given fractions of the sheet.
    pub(crate) fn area(&self, [left, top, right, bottom]: [f32; 4]) -> Area {
        let (w, h) = (self.width(), self.height());
        [left * w, top * h, right * w, bottom * h]
    }

    /// Keeps later texts away from `area`.
    pub(crate) fn reserve(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Whether nothing stands on `area`, nor within `gap` pixels of it.
    pub(crate) fn is_free(&self, area: Area, gap: f32) -> bool {
        let inside = area[0] >= 2.0
            && area[1] >= 2.0
            && area[2] <= self.width() - 2.0
            && area[3] <= self.height() - 2.0;
        inside && !self.taken.iter().any(|other| overlap(*other, area, gap))
    }

    /// Prints `text` with its anchor at `x` on the baseline `y`. It shrinks to
    /// `room` pixels and away from what stands there already.
    pub(crate) fn put(
        &mut self,
        text: &str,
        brush: &Brush,
        (anchor, x, y): (Anchor, f32, f32),
        room: f32,
        path: Option<&str>,
    ) -> Result<Area, DrawError> {
        if text.is_empty() {
            return Ok([x, y, x, y]);
        }
        let mut size = brush.size;
        while size > brush.size * 0.5 {
            let ink = pen::write(text, brush.face, size)?;
            let width = ink.mask.width() as f32;
            if width > room {
                size *= (room / width).min(0.985);
                continue;
            }
            // Machine-readable lines stand letter below letter, bearings included.
            let bearing = if brush.script == Script::Mrz { ink.left as f32 } else { 0.0 };
            let area = place(&ink, anchor, x + bearing, y);
            if !self.is_free(area, 1.0) {
                size *= 0.95;
                continue;
            }
            self.stain(&ink, area, brush.colour, 1.0);
            self.note(text, brush, area, path);
            return Ok(area);
        }
        Err(DrawError::Crowded(path.map_or_else(|| text.to_owned(), str::to_owned)))
    }

    /// Prints `text` upwards, its lower left corner at `x`, `y`.
    pub(crate) fn put_upwards(
        &mut self,
        text: &str,
        brush: &Brush,
        x: f32,
        y: f32,
    ) -> Result<(), DrawError> {
        let ink = pen::write(text, brush.face, brush.size)?.upwards();
        let (w, h) = (ink.mask.width() as f32, ink.mask.height() as f32);
        let area = [x, y - h, x + w, y];
        if !self.is_free(area, 1.0) {
            return Err(DrawError::Crowded(text.to_owned()));
        }
        self.stain(&ink, area, brush.colour, 1.0);
        self.note(text, brush, area, None);
        Ok(())
    }

    /// Prints the word SPECIMEN where it covers nothing: in the first free
    /// place of a raster, in lighter ink where the place is large.
    pub(crate) fn mark_as_specimen(&mut self, brush: &Brush) -> Result<(), DrawError> {
        // Far enough inside for the rounded corners.
        let margin = self.width() * 0.015;
        let far = self.width() * 0.02;
        let tries =
            [(1.0, far), (0.8, far), (1.0, 8.0), (0.8, 8.0), (0.62, 8.0), (0.5, 6.0), (0.35, 6.0)];
        for (shrink, gap) in tries {
            let ink = pen::write("SPECIMEN", brush.face, brush.size * shrink)?;
            for upright in [true, false] {
                let ink = if upright { ink.clone() } else { ink.upwards() };
                let (w, h) = (ink.mask.width() as f32, ink.mask.height() as f32);
                for row in 0..24 {
                    for column in 0..24 {
                        let x = (self.width() * 0.97 - w) * column as f32 / 23.0 + margin;
                        let y =
                            (self.height() - h - 2.0 * margin) * (23 - row) as f32 / 23.0 + margin;
                        let area = [x, y, x + w, y + h];
                        if self.is_free(area, gap) {
                            self.stain(&ink, area, brush.colour, 0.8);
                            self.note("SPECIMEN", brush, area, None);
                            return Ok(());
                        }
                    }
                }
            }
        }
        Err(DrawError::Crowded("SPECIMEN".to_owned()))
    }

    /// The finished side.
    pub(crate) fn finish(self) -> Picture {
        Picture { image: self.image, jpeg: None, texts: self.texts }
    }

    fn note(&mut self, text: &str, brush: &Brush, area: Area, path: Option<&str>) {
        let [left, top, right, bottom] = area;
        self.taken.push(area);
        self.texts.push(PlacedText {
            path: path.map(str::to_owned),
            text: text.replace(LEFT_TO_RIGHT, ""),
            script: brush.script,
            family: brush.face.family,
            polygon: [[left, top], [right, top], [right, bottom], [left, bottom]],
        });
    }

    fn stain(&mut self, ink: &Ink, area: Area, colour: Rgb<u8>, strength: f32) {
        let (left, top) = (area[0] as i64, area[1] as i64);
        for (x, y, amount) in ink.mask.enumerate_pixels() {
            let share = f32::from(amount[0]) / 255.0 * strength;
            let (x, y) = (left + i64::from(x), top + i64::from(y));
            if share > 0.0
                && x >= 0
                && y >= 0
                && let Some(pixel) = self.image.get_pixel_mut_checked(x as u32, y as u32)
            {
                *pixel = mix(*pixel, colour, share);
            }
        }
    }
}

/// `under` with a `share` of `over` on it, 0 to 1.
pub(crate) fn mix(under: Rgb<u8>, over: Rgb<u8>, share: f32) -> Rgb<u8> {
    Rgb(std::array::from_fn(|i| {
        (f32::from(under[i]) * (1.0 - share) + f32::from(over[i]) * share + 0.5) as u8
    }))
}

/// How wide `text` comes out, in pixels.
pub(crate) fn width_of(text: &str, brush: &Brush) -> Result<f32, DrawError> {
    if text.is_empty() {
        return Ok(0.0);
    }
    Ok(pen::write(text, brush.face, brush.size)?.mask.width() as f32)
}

fn place(ink: &Ink, anchor: Anchor, x: f32, y: f32) -> Area {
    let (w, h) = (ink.mask.width() as f32, ink.mask.height() as f32);
    let left = match anchor {
        Anchor::Left => x,
        Anchor::Middle => x - w / 2.0,
        Anchor::Right => x - w,
    }
    .round();
    let top = y.round() + ink.top as f32;
    [left, top, left + w, top + h]
}

fn overlap(a: Area, b: Area, gap: f32) -> bool {
    a[0] < b[2] + gap && b[0] < a[2] + gap && a[1] < b[3] + gap && b[1] < a[3] + gap
}
