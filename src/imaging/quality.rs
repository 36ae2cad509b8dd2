//! Says what is wrong with a picture of a card before anything on it is read.
//!
//! Nothing here knows what a card says: only where it lies, how sharply its
//! print stands out, and how the light falls on it.

use serde::Serialize;

use super::geometry::Point;
use super::light::Light;
use super::outline::ASPECT;
use super::segment::{Print, Segment, find_portrait};
use super::{Card, Photo, Rect};

/// Cards of fewer pixels along their long side hold print of less than nine.
const SIDE_MIN: f32 = 420.0;
/// Below this side small print is often misread.
const SIDE_ADVISED: f32 = 700.0;
/// The width of an edge for the height of letters, from which they run together.
const BLUR: Limits = Limits { advised: 0.20, refused: 0.34 };
/// The share of the card that is burnt out in one spot.
const GLARE: Limits = Limits { advised: 0.012, refused: 0.2 };
/// A card whose usual tone is this bright is burnt out all over.
const OVEREXPOSED: f32 = 250.0;
/// The usual tone of the card; print on darker cards drowns in noise.
const DARK_ADVISED: f32 = 60.0;
const DARK_REFUSED: f32 = 16.0;
/// A card has tinted grounds: with less colour for its brightness it is a copy.
const COLOUR_MIN: f32 = 0.005;
/// A camera's noise leaves fewer neighbours exactly alike than a screen does.
const ALIKE_MAX: f32 = 0.75;
/// How far a picture's shape may be from a card's for it to be one, edge to edge.
const SHAPE: f32 = 0.1;
/// Pieces of print that a side of a card has at least.
const PIECES_MIN: usize = 3;

/// From where a fault is told, and from where the picture is refused for it.
struct Limits {
    advised: f32,
    refused: f32,
}

/// Something that is wrong with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The card has too few pixels for its print.
    TooSmall,
    /// Print runs together: out of focus, or the camera moved.
    Blurred,
    /// Light is reflected off the card.
    Glare,
    /// Too little light.
    Dark,
    /// A part of the card lies outside the picture.
    Cropped,
    /// No outline of a card stands out from what is around it.
    NoOutline,
    /// No print stands out anywhere.
    NoPrint,
    /// Without colour, as a photocopy is.
    Photocopy,
    /// Without a camera's noise, as a picture of a screen's memory is.
    Screenshot,
}

/// A fault and how much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// Whether the picture is refused for it; else it is advice.
    pub refused: bool,
}

/// A half of a card, as it lies in its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// What was measured of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measures {
    /// The card's long side, in pixels of the upload.
    pub card_width: f32,
    /// The width of an edge of print for the height of letters; 0.1 is crisp.
    pub blur: f32,
    /// The share of the card that one reflection covers, 0 to 1.
    pub glare: f32,
    /// The usual tone of the card, 0 to 255.
    pub brightness: f32,
    /// How far the channels of its colours lie apart, 0 to 255.
    pub colour: f32,
    /// The share of neighbouring pixels that are exactly alike, 0 to 1.
    pub alike: f32,
}

/// The verdict on one picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// Whether the outline of a card was found; else the whole picture is taken.
    pub outline_found: bool,
    /// The corners of the card in the upload, clockwise from its top left.
    pub corners: [(f32, f32); 4],
    /// The half of the card that a portrait stands in, when there is one.
    pub portrait: Option<Half>,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What it rests on.
    pub measures: Measures,
}

impl Quality {
    /// Whether reading the picture is worth the time.
    pub fn is_acceptable(&self) -> bool {
        self.refusal().is_none()
    }

    /// The fault that the picture is refused for.
    pub fn refusal(&self) -> Option<Fault> {
        self.findings.iter().find(|finding| finding.refused).map(|finding| finding.fault)
    }
}

/// Judges a picture by the card that was cut out of it and the print on that.
pub fn judge(photo: &Photo, card: &Card, print: &Print) -> Quality {
    let (width, height) = (card.pixels.width() as f32, card.pixels.height() as f32);
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
        .map(|(x, y)| card.placement.map(x, y));
    let [a, b, c, d] = corners.map(|(x, y)| Point::new(x, y));
    let light = Light::on(photo, card);
    let measures = Measures {
        card_width: a.distance(b).max(b.distance(c)).max(c.distance(d)),
        blur: blur(card, &print.segments),
        glare: light.glare,
        brightness: light.brightness,
        colour: light.colour,
        alike: light.alike,
    };
    let mut findings = findings(&measures, print);
    if is_cropped(photo, card, print, corners) {
        findings.push(Finding { fault: Fault::Cropped, refused: false });
    }
    let shape = photo.pixels.width() as f32 / photo.pixels.height() as f32;
    if !card.is_framed && (shape.max(1.0 / shape) / ASPECT - 1.0).abs() > SHAPE {
        findings.push(Finding { fault: Fault::NoOutline, refused: false });
    }
    findings.sort_by_key(|finding| !finding.refused);
    let portrait = find_portrait(print, width, height)
        .map(|face| if face.mid_x() < width / 2.0 { Half::Left } else { Half::Right });
    Quality { portrait, outline_found: card.is_framed, corners, findings, measures }
}

fn findings(measures: &Measures, print: &Print) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |fault, advised: bool, refused: bool| {
        if advised || refused {
            findings.push(Finding { fault, refused });
        }
    };
    let Measures { card_width, blur, glare, brightness, colour, alike } = *measures;
    find(Fault::TooSmall, card_width < SIDE_ADVISED, card_width < SIDE_MIN);
    find(Fault::Dark, brightness < DARK_ADVISED, brightness < DARK_REFUSED);
    let glaring = glare > GLARE.advised || brightness >= OVEREXPOSED;
    find(Fault::Glare, glaring, glare > GLARE.refused);
    find(Fault::Blurred, blur > BLUR.advised, blur > BLUR.refused);
    let pieces = print.segments.iter().filter(|segment| segment.marks.len() >= 3).count();
    find(Fault::NoPrint, false, pieces < PIECES_MIN);
    let lit = brightness >= DARK_ADVISED;
    find(Fault::Photocopy, lit && colour < COLOUR_MIN * brightness, false);
    find(Fault::Screenshot, lit && alike > ALIKE_MAX, false);
    findings
}

/// How wide the edges of print are for the height of its letters, usually.
fn blur(card: &Card, segments: &[Segment]) -> f32 {
    let mut widths: Vec<f32> = segments
        .iter()
        .filter(|segment| segment.marks.len() >= 4)
        .filter_map(|segment| edge_width(card, segment))
        .collect();
    widths.sort_by(f32::total_cmp);
    widths.get(widths.len() / 2).copied().unwrap_or(0.0)
}

/// The step from paper to ink over the steepest slope between them, in letter
/// heights.
fn edge_width(card: &Card, segment: &Segment) -> Option<f32> {
    let Rect { x, y, width, height } = segment.rect;
    let (left, top) = (x.max(1.0) as u32, y.max(0.0) as u32);
    let right = ((x + width) as u32).min(card.pixels.width().saturating_sub(1));
    let bottom = ((y + height) as u32).min(card.pixels.height());
    let tone = |x: u32, y: u32| card.pixels.get_pixel(x, y).0[0];
    let mut tones = Vec::new();
    let mut slopes = Vec::new();
    for (x, y) in (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))) {
        tones.push(tone(x, y));
        slopes.push(tone(x + 1, y).abs_diff(tone(x - 1, y)));
    }
    let step = f32::from(share(&mut tones, 0.95)?) - f32::from(share(&mut tones, 0.05)?);
    let slope = f32::from(share(&mut slopes, 0.97)?) / 2.0;
    (slope > 0.0 && step > 20.0).then(|| step / slope / segment.letter_height.max(1.0))
}

/// The value below which this share of the others lies.
fn share(values: &mut [u8], share: f32) -> Option<u8> {
    let at = ((values.len() as f32 * share) as usize).min(values.len().checked_sub(1)?);
    Some(*values.select_nth_unstable(at).1)
}

/// Whether the card, or a row of its print, runs over the picture's edge.
fn is_cropped(photo: &Photo, card: &Card, print: &Print, corners: [(f32, f32); 4]) -> bool {
    let width = photo.pixels.width() as f32 * photo.scale;
    let height = photo.pixels.height() as f32 * photo.scale;
    let beyond = 0.01 * width.max(height);
    if card.is_framed {
        return corners.iter().any(|&(x, y)| {
            x < -beyond || y < -beyond || x > width + beyond || y > height + beyond
        });
    }
    let edge = 0.004 * width.max(height);
    print.segments.iter().filter(|segment| segment.marks.len() >= 3).any(|segment| {
        let place = card.placement.upload_box(&segment.rect);
        place.x < edge
            || place.y < edge
            || place.right() > width - edge
            || place.bottom() > height - edge
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat, RgbImage, imageops};
    use specimen::{Kind, Level};

    use super::*;
    use crate::imaging::{decode, find_print, rectify};

    fn photographed(seed: u64) -> RgbImage {
        specimen::draw(Kind::Cin2020, Level::Photo, seed).unwrap().recto.image
    }

    fn judged(picture: &RgbImage) -> Quality {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::from(picture.clone());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        let photo = decode(bytes.get_ref()).unwrap();
        let card = rectify(&photo);
        judge(&photo, &card, &find_print(&card.pixels))
    }

    fn told(quality: &Quality, fault: Fault) -> bool {
        quality.findings.iter().any(|finding| finding.fault == fault)
    }

    #[test]
    fn a_good_photo_is_accepted_with_the_place_of_its_card() {
        let quality = judged(&photographed(1));
        assert!(quality.is_acceptable() && quality.outline_found);
        assert!(!told(&quality, Fault::Blurred) && !told(&quality, Fault::Cropped));
    }

    #[test]
    fn print_that_runs_together_is_refused_as_blurred() {
        let blurred = imageproc::filter::gaussian_blur_f32(&photographed(1), 9.0);
        assert_eq!(judged(&blurred).refusal(), Some(Fault::Blurred));
    }

    #[test]
    fn a_card_of_few_pixels_is_refused_as_too_small() {
        let small = imageops::thumbnail(&photographed(1), 320, 240);
        assert_eq!(judged(&small).refusal(), Some(Fault::TooSmall));
    }

    #[test]
    fn a_reflection_over_much_of_the_card_is_refused_as_glare() {
        let mut picture = photographed(1);
        let (x, y) = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
        for (column, row, pixel) in picture.enumerate_pixels_mut() {
            let away = (column as f32 - x).hypot(row as f32 - y) / 230.0;
            let light = 420.0 * (-away * away).exp();
            pixel.0 = pixel.0.map(|part| (f32::from(part) + light).min(255.0) as u8);
        }
        assert_eq!(judged(&picture).refusal(), Some(Fault::Glare));
    }

    #[test]
    fn a_picture_without_light_is_refused_as_dark() {
        let mut picture = photographed(1);
        picture.iter_mut().for_each(|part| *part /= 20);
        assert_eq!(judged(&picture).refusal(), Some(Fault::Dark));
    }

    #[test]
    fn a_card_that_leaves_the_picture_is_told() {
        let picture = photographed(1);
        let (width, height) = picture.dimensions();
        let part = imageops::crop_imm(&picture, width / 5, 0, width * 4 / 5, height).to_image();
        let quality = judged(&part);
        assert!(told(&quality, Fault::Cropped), "{:?}", quality.findings);
    }

    #[test]
    fn a_grey_copy_and_a_screenshot_are_told_and_accepted() {
        let copy = DynamicImage::from(photographed(1)).grayscale().into_rgb8();
        let copy = judged(&copy);
        assert!(told(&copy, Fault::Photocopy) && copy.is_acceptable());
        let drawn = specimen::draw(Kind::Cin2020, Level::Clean, 1).unwrap().recto.image;
        let drawn = judged(&drawn);
        assert!(told(&drawn, Fault::Screenshot) && drawn.is_acceptable());
    }

    #[test]
    fn a_blank_has_no_print() {
        let blank = RgbImage::from_pixel(1200, 760, image::Rgb([200, 190, 180]));
        assert_eq!(judged(&blank).refusal(), Some(Fault::NoPrint));
    }
}
