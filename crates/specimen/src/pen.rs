//! Shapes and rasterises one line of text, in either direction.

use std::cell::RefCell;
use std::sync::OnceLock;

use cosmic_text::fontdb::Database;
use cosmic_text::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, SwashCache, Weight, Wrap};
use image::{GrayImage, Luma};

use crate::DrawError;
use crate::face::{self, Face};

/// A rasterised line: how much ink each pixel takes.
#[derive(Debug, Clone)]
pub(crate) struct Ink {
    /// 255 where all of the pixel is inked; cropped to the inked pixels.
    pub(crate) mask: GrayImage,
    /// From the baseline down to the top of the mask: negative for most texts.
    pub(crate) top: i32,
    /// From the pen's start to the left of the mask: the first letter's bearing.
    pub(crate) left: i32,
}

impl Ink {
    /// The same ink turned a quarter counter-clockwise, to be read upwards.
    pub(crate) fn upwards(&self) -> Self {
        Self { mask: image::imageops::rotate270(&self.mask), top: 0, left: 0 }
    }
}

/// The fonts of this thread.
struct Pen {
    fonts: FontSystem,
    scaler: SwashCache,
}

thread_local! {
    static PEN: RefCell<Option<Pen>> = const { RefCell::new(None) };
}

/// Rasterises `text` in `face` with an em of `size` pixels, on one line.
pub(crate) fn write(text: &str, face: Face, size: f32) -> Result<Ink, DrawError> {
    static DATABASE: OnceLock<Result<Database, DrawError>> = OnceLock::new();
    PEN.with_borrow_mut(|slot| {
        if slot.is_none() {
            let database = DATABASE.get_or_init(face::database).clone()?;
            let fonts = FontSystem::new_with_locale_and_db("fr-MA".to_owned(), database);
            *slot = Some(Pen { fonts, scaler: SwashCache::new() });
        }
        Ok(slot.as_mut().map_or_else(
            || Ink { mask: GrayImage::new(1, 1), top: 0, left: 0 },
            |pen| pen.write(text, face, size),
        ))
    })
}

impl Pen {
    fn write(&mut self, text: &str, face: Face, size: f32) -> Ink {
        let em = size * face.scale;
        let weight = if face.bold { Weight::BOLD } else { Weight::NORMAL };
        let attrs = Attrs::new().family(Family::Name(face.family)).weight(weight);
        let mut buffer = Buffer::new(&mut self.fonts, Metrics::new(em, em * 1.5));
        buffer.set_wrap(Wrap::None);
        buffer.set_text(&marked(text), &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);

        let mut blots = Vec::new();
        for glyph in buffer.layout_runs().flat_map(|run| run.glyphs) {
            let placed = glyph.physical((0.0, 0.0), 1.0);
            let Some(image) = self.scaler.get_image_uncached(&mut self.fonts, placed.cache_key)
            else {
                continue;
            };
            let (left, top) = (placed.x + image.placement.left, placed.y - image.placement.top);
            blots.push((left, top, image.placement.width, image.placement.height, image.data));
        }
        gather(&blots)
    }
}

/// `text` with a mark of its direction where it starts with a digit and goes on
/// in Arabic: the shaper loses digits before the first strong letter of a
/// right-to-left line.
fn marked(text: &str) -> String {
    let arabic = text.chars().any(|letter| ('\u{600}'..'\u{700}').contains(&letter));
    let mark = arabic && text.starts_with(|first: char| first.is_ascii_digit());
    if mark { format!("\u{200f}{text}") } else { text.to_owned() }
}

/// One glyph: left, top, width, height, and a byte of ink for each pixel.
type Blot = (i32, i32, u32, u32, Vec<u8>);

fn gather(blots: &[Blot]) -> Ink {
    let inked = || blots.iter().filter(|blot| blot.2 > 0 && blot.3 > 0);
    let left = inked().map(|blot| blot.0).min().unwrap_or(0);
    let top = inked().map(|blot| blot.1).min().unwrap_or(0);
    let right = inked().map(|blot| blot.0 + blot.2 as i32).max().unwrap_or(1);
    let bottom = inked().map(|blot| blot.1 + blot.3 as i32).max().unwrap_or(1);
    let mut mask = GrayImage::new((right - left).max(1) as u32, (bottom - top).max(1) as u32);
    for (x, y, width, height, data) in inked() {
        for row in 0..*height {
            for column in 0..*width {
                let Some(&ink) = data.get((row * width + column) as usize) else { continue };
                let Luma([was]) =
                    mask.get_pixel_mut((x - left) as u32 + column, (y - top) as u32 + row);
                *was = (*was).max(ink);
            }
        }
    }
    Ink { mask, top, left }
}
