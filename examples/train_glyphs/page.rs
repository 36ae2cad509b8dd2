//! Draws a page of glyphs, photographs it badly, and takes the glyphs out again
//! as the service does.

use ab_glyph::{Font, FontVec, PxScale, ScaleFont, point};
use anyhow::Context;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use imageproc::filter::gaussian_blur_f32;
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};
use rand::Rng;
use rand::seq::IndexedRandom;
use wathiqa::imaging::{Rect, decode, find_print, rectify};
use wathiqa::ocr::glyphs::{ALPHABET, OTHER, Patch, Row};

use crate::fonts::Fonts;

pub(crate) const WIDTH: u32 = 1012;
pub(crate) const HEIGHT: u32 = 638;

/// What is neither a digit nor a plate letter, nor looks like one.
const STRANGERS: &[char] = &[
    'A', 'B', 'C', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'T', 'U', 'V', 'W', 'X',
    'Y', 'a', 'c', 'd', 'e', 'f', 'h', 'k', 'm', 'n', 'r', 't', 'u', 'v', 'w', 'x', '/', '(', ')',
    '&', '#',
];

/// A glyph as the network sees it and what it is.
pub(crate) struct Example {
    pub(crate) patch: Patch,
    pub(crate) class: usize,
}

/// A glyph where it was drawn.
struct Drawn {
    class: usize,
    rect: Rect,
}

/// The glyphs of a page that chance draws.
pub(crate) fn glyphs(fonts: &Fonts, rng: &mut impl Rng) -> anyhow::Result<Vec<Example>> {
    let paper = rng.random_range(170..=255_u8);
    let mut page = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([paper]));
    if rng.random_bool(0.5) {
        pattern(&mut page, rng);
    }
    let mut drawn = Vec::new();
    let mut y = 20.0;
    while y < HEIGHT as f32 - 90.0 {
        y += row(&mut page, fonts, y, &mut drawn, rng) + rng.random_range(14.0..30.0);
    }
    let slope = rng.random_range(-0.03..0.03_f32);
    let picture = photographed(&page, slope, paper, rng)?;
    let photo = decode(&picture).context("a page does not decode")?;
    let card = rectify(&photo);
    let print = find_print(&card.pixels);
    let mut examples = Vec::new();
    for segment in &print.segments {
        let Some(row) = Row::find(&print.marks, &segment.rect, segment.letter_height) else {
            continue;
        };
        for glyph in row.glyphs.iter().filter(|glyph| !glyph.is_sign) {
            let place = card.placement.upload_box(&glyph.rect);
            let Some(class) = class_at(&place, &drawn, slope) else { continue };
            let mut line = row.line;
            line.height *= rng.random_range(0.9..1.1);
            examples.extend(
                Patch::cut(&card.pixels, &glyph.rect, &line).map(|patch| Example { patch, class }),
            );
        }
    }
    Ok(examples)
}

/// What was drawn in a box of the picture: one glyph that fills it, or several;
/// nothing where neither is clear.
fn class_at(place: &Rect, drawn: &[Drawn], slope: f32) -> Option<usize> {
    let (mid_x, mid_y) = (WIDTH as f32 / 2.0, HEIGHT as f32 / 2.0);
    let covered: Vec<(f32, &Drawn)> = drawn
        .iter()
        .filter_map(|one| {
            let (x, y) = (one.rect.mid_x() - mid_x, one.rect.mid_y() - mid_y);
            let (x, y) = (mid_x + x - slope * y, mid_y + y + slope * x);
            let rect = Rect::new(
                x - one.rect.width / 2.0,
                y - one.rect.height / 2.0,
                one.rect.width,
                one.rect.height,
            );
            let across = rect.right().min(place.right()) - rect.x.max(place.x);
            let down = rect.bottom().min(place.bottom()) - rect.y.max(place.y);
            let covered = across.max(0.0) * down.max(0.0) / (rect.width * rect.height);
            (covered > 0.25).then_some((covered, one))
        })
        .collect();
    match covered.as_slice() {
        [(covered, one)] => {
            let ratio = place.width * place.height / (one.rect.width * one.rect.height);
            (*covered > 0.8 && (0.5..2.0).contains(&ratio)).then_some(one.class)
        }
        [_, _, ..] => Some(OTHER),
        [] => None,
    }
}

/// Draws a row from the left margin on and says how high it is.
fn row(
    page: &mut GrayImage,
    fonts: &Fonts,
    top: f32,
    drawn: &mut Vec<Drawn>,
    rng: &mut impl Rng,
) -> f32 {
    let (Some(latin), Some(arabic)) = (fonts.latin.choose(rng), fonts.arabic.choose(rng)) else {
        return HEIGHT as f32;
    };
    let em = rng.random_range(18.0..58.0_f32);
    let arabic_em = em * rng.random_range(0.6..1.6);
    let ink = rng.random_range(0..110_u8);
    let baseline = top + em * 1.1;
    let mut pen = rng.random_range(20.0..80.0_f32);
    let mut spread = 1.0;
    while pen < WIDTH as f32 - 2.0 * em {
        if rng.random_bool(0.15) {
            spread = rng.random_range(0.95..1.25);
        }
        let (letter, class) = match rng.random_range(0..100) {
            0..52 => chosen(&ALPHABET[..10], 0, rng),
            52..80 => chosen(&ALPHABET[10..], 10, rng),
            80..88 => (*STRANGERS.choose(rng).unwrap_or(&'X'), OTHER),
            88..94 => ('-', OTHER),
            _ => (' ', OTHER),
        };
        // Many cards print a bare alif.
        let letter = if letter == 'أ' && rng.random_bool(0.25) { 'ا' } else { letter };
        let is_arabic = !letter.is_ascii();
        let (font, size) = if is_arabic { (arabic, arabic_em) } else { (latin, em) };
        let place = (pen, baseline);
        let (advance, rect) = letter_at(page, font, letter, size, place, ink);
        if let Some(rect) = rect {
            drawn.push(Drawn { class, rect });
        }
        pen += advance * spread + if is_arabic { 0.2 * em } else { 0.0 };
    }
    em * 1.6
}

fn chosen(letters: &[char], first: usize, rng: &mut impl Rng) -> (char, usize) {
    let index = rng.random_range(0..letters.len());
    (letters[index], first + index)
}

/// Draws one letter; how far the pen moves, and the box of its ink.
fn letter_at(
    page: &mut GrayImage,
    font: &FontVec,
    letter: char,
    em: f32,
    place: (f32, f32),
    ink: u8,
) -> (f32, Option<Rect>) {
    let units = font.units_per_em().unwrap_or(1000.0);
    let scale = PxScale::from(em * font.height_unscaled() / units);
    let id = font.glyph_id(letter);
    let advance = font.as_scaled(scale).h_advance(id);
    let glyph = id.with_scale_and_position(scale, point(place.0, place.1));
    let Some(outline) = font.outline_glyph(glyph) else { return (advance, None) };
    let bounds = outline.px_bounds();
    outline.draw(|x, y, cover| {
        let (x, y) = (bounds.min.x as i32 + x as i32, bounds.min.y as i32 + y as i32);
        if x >= 0 && y >= 0 && (x as u32) < page.width() && (y as u32) < page.height() {
            let Luma([pixel]) = page.get_pixel_mut(x as u32, y as u32);
            *pixel = (f32::from(*pixel) * (1.0 - cover) + f32::from(ink) * cover) as u8;
        }
    });
    (advance, Some(Rect::new(bounds.min.x, bounds.min.y, bounds.width(), bounds.height())))
}

/// A background of waves, as security prints have.
pub(crate) fn pattern(page: &mut GrayImage, rng: &mut impl Rng) {
    let (depth, pitch) = (rng.random_range(3.0..28.0_f32), rng.random_range(4.0..40.0_f32));
    let (turn, wave) = (rng.random_range(0.0..3.2_f32), rng.random_range(20.0..200.0_f32));
    for (x, y, Luma([pixel])) in page.enumerate_pixels_mut() {
        let (x, y) = (x as f32, y as f32);
        let across = x * turn.cos()
            + y * turn.sin()
            + 6.0 * ((y * turn.cos() - x * turn.sin()) / wave).sin();
        *pixel = (f32::from(*pixel)
            - depth * (0.5 + 0.5 * (across / pitch * std::f32::consts::TAU).sin()))
        .max(0.0) as u8;
    }
}

/// Turns, blurs, dims and spoils a page and encodes it.
pub(crate) fn photographed(
    page: &GrayImage,
    slope: f32,
    paper: u8,
    rng: &mut impl Rng,
) -> anyhow::Result<Vec<u8>> {
    let mut picture =
        rotate_about_center(page, slope, Interpolation::Bicubic, Border::Constant(Luma([paper])));
    if rng.random_bool(0.75) {
        picture = gaussian_blur_f32(&picture, rng.random_range(0.3..1.7));
    }
    let (noise, fall) = (rng.random_range(0.0..14.0_f32), rng.random_range(0.0..0.4_f32));
    for (x, _, Luma([pixel])) in picture.enumerate_pixels_mut() {
        let light = 1.0 - fall * x as f32 / WIDTH as f32;
        let grain = noise * (rng.random::<f32>() + rng.random::<f32>() - 1.0);
        *pixel = (f32::from(*pixel) * light + grain).clamp(0.0, 255.0) as u8;
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, rng.random_range(45..96)).encode_image(&picture)?;
    Ok(bytes)
}
