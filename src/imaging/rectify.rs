//! Makes the card of a picture flat, level and evenly lit.

use image::GrayImage;

use super::enhance::even_out;
use super::geometry::{Point, Quad};
use super::level::find_rows;
use super::outline::{ASPECT, find_outlines};
use super::scale::{grey, reduced_grey, view};
use super::{Card, Photo};

/// The longest side of a card image, in pixels: on a card of 85.6 mm print of
/// 2 mm is then 33 pixels high.
const SIDE_MAX: f32 = 1400.0;

/// The least: small cards are enlarged to it, so that letters are not cut from
/// a handful of pixels.
const SIDE_MIN: f32 = 1000.0;

/// Cuts the card out of its picture and levels it. Where no outline is clear
/// the whole picture is taken. A card that lies upside down stays so: only
/// reading tells.
pub fn rectify(photo: &Photo) -> Card {
    find_cards(photo).0
}

/// The same, with the card that lies beside the clearest one, if any.
pub fn find_cards(photo: &Photo) -> (Card, Option<Card>) {
    let grey = grey(&photo.pixels);
    let outlined = |quad: &Quad| cut(&grey, &landscape(*quad), Some(ASPECT), photo.scale);
    match find_outlines(&photo.pixels).as_slice() {
        [] => (cut(&grey, &levelled(&grey), None, photo.scale), None),
        [clearest, beside @ ..] => (outlined(clearest), beside.first().map(outlined)),
    }
}

/// The corners in the order in which the long side is on top, turned as little
/// as that allows.
fn landscape(quad: Quad) -> Quad {
    let turns = [quad, quad.turned(), quad.turned().turned(), quad.turned().turned().turned()];
    let rightwards = |quad: &Quad| {
        let [from, to, ..] = quad.0;
        (to.x - from.x) / from.distance(to).max(1.0)
    };
    let lies = |quad: &&Quad| {
        let (across, down) = quad.size();
        across >= down
    };
    turns
        .iter()
        .filter(lies)
        .max_by(|left, right| rightwards(left).total_cmp(&rightwards(right)))
        .copied()
        .unwrap_or(quad)
}

/// The whole picture, turned so that its rows of print are level.
fn levelled(grey: &GrayImage) -> Quad {
    let (width, height) = (grey.width() as f32, grey.height() as f32);
    let rows = find_rows(grey);
    let corners = if rows.upright {
        [(width, 0.0), (width, height), (0.0, height), (0.0, 0.0)]
    } else {
        [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    };
    let (sine, cosine) = rows.slope.atan().sin_cos();
    let (mid_x, mid_y) = (width / 2.0, height / 2.0);
    Quad(corners.map(|(x, y)| {
        let (x, y) = (x - mid_x, y - mid_y);
        Point::new(mid_x + x * cosine - y * sine, mid_y + x * sine + y * cosine)
    }))
}

/// Projects a quadrilateral onto a card image and evens it out.
fn cut(grey: &GrayImage, quad: &Quad, aspect: Option<f32>, scale: f32) -> Card {
    let (across, down) = quad.size();
    let side = across.max(down).clamp(SIDE_MIN, SIDE_MAX);
    let (width, height) = match aspect {
        Some(aspect) => (side, side / aspect),
        None => (side * across / across.max(down), side * down / across.max(down)),
    };
    let step = ((across / width) as u32).max(1);
    let (source, quad) = if step > 1 {
        (&reduced_grey(grey, step), quad.scaled(1.0 / step as f32))
    } else {
        (grey, *quad)
    };
    let (width, height) = (width.round().max(1.0), height.round().max(1.0));
    let placement = quad.placement(width, height);
    let flat = view(source, &placement, width as u32, height as u32);
    Card {
        pixels: even_out(&flat),
        placement: placement.magnified(scale * step as f32),
        is_framed: aspect.is_some(),
    }
}
