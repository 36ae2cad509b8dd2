//! Finds the outline of a card in a picture: the quadrilateral whose sides are
//! edges and whose shape can be an ID-1 card, or none.

use image::{GrayImage, RgbImage};

use super::geometry::{Point, Quad, meeting, turn};
use super::ink::{Neighbours, runs};
use super::scale::{grey, reduced};

/// Width to height of an ID-1 card (ISO/IEC 7810).
pub(super) const ASPECT: f32 = 85.60 / 53.98;

/// The long side of the picture in which outlines are looked for, in pixels.
const SIDE: u32 = 640;

/// The share of the picture that a card must fill.
const AREA_MIN: f32 = 0.12;

/// The same for a picture that has the shape of a card itself: there a small
/// quadrilateral is likelier a portrait or a frame on the card.
const AREA_MIN_CARD: f32 = 0.45;

/// Samples along a side.
const SAMPLES: usize = 48;

/// How far an edge is looked for on either side of a first guess, in pixels.
const SEARCH: i32 = 12;

/// The least step of brightness or colour that is an edge.
const CONTRAST: f32 = 10.0;

/// The outlines of the cards in `photo`, in its pixels, clockwise: the clearest,
/// and the clearest beside it. Empty when no quadrilateral is clearly one.
pub(super) fn find_outlines(photo: &RgbImage) -> Vec<Quad> {
    let step = photo.width().max(photo.height()).div_ceil(SIDE).max(1);
    let small = reduced(photo, step);
    let planes = [grey(&small), unlikeness(&small)];
    let mut found: Vec<(f32, Quad)> = Vec::new();
    for mask in planes.iter().flat_map(masks) {
        for quad in quads(&mask, small.width() as usize) {
            let Some(quad) = refined(&quad, &planes) else { continue };
            let Some(score) = score(&quad, &planes) else { continue };
            found.push((score, quad));
        }
    }
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    let clearest = found.first().map(|(_, quad)| *quad);
    let beside = clearest.and_then(|clearest| {
        found.iter().map(|(_, quad)| *quad).find(|other| other.is_apart_from(&clearest))
    });
    clearest.into_iter().chain(beside).map(|quad| quad.scaled(step as f32)).collect()
}

/// How unlike the usual colour of the picture's border every pixel is.
fn unlikeness(photo: &RgbImage) -> GrayImage {
    let (width, height) = photo.dimensions();
    let border = |x: u32, y: u32| x < 6 || y < 6 || x + 6 >= width || y + 6 >= height;
    let mut tones: [Vec<u8>; 3] = Default::default();
    for (x, y, pixel) in photo.enumerate_pixels() {
        if border(x, y) {
            for (tones, tone) in tones.iter_mut().zip(pixel.0) {
                tones.push(tone);
            }
        }
    }
    let usual = tones.map(|mut tones| {
        tones.sort_unstable();
        tones.get(tones.len() / 2).copied().unwrap_or(0)
    });
    let pixels = photo
        .as_raw()
        .chunks_exact(3)
        .map(|pixel| {
            let apart: u32 =
                pixel.iter().zip(usual).map(|(tone, usual)| u32::from(tone.abs_diff(usual))).sum();
            apart.min(255) as u8
        })
        .collect();
    GrayImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// Where a card may lie: what is brighter or darker than the rest, and what is
/// fenced in by edges.
fn masks(plane: &GrayImage) -> Vec<Vec<bool>> {
    let level = imageproc::contrast::otsu_level(plane);
    let lower = level / 2;
    vec![
        plane.as_raw().iter().map(|&tone| tone > level).collect(),
        plane.as_raw().iter().map(|&tone| tone <= level).collect(),
        plane.as_raw().iter().map(|&tone| tone > lower).collect(),
        fenced(plane, 12),
        fenced(plane, 28),
    ]
}

/// What cannot be reached from the border without crossing an edge.
fn fenced(plane: &GrayImage, contrast: u8) -> Vec<bool> {
    let (width, height) = (plane.width() as usize, plane.height() as usize);
    let tones = plane.as_raw();
    let mut edge = vec![false; width * height];
    for y in 2..height.saturating_sub(2) {
        for x in 2..width.saturating_sub(2) {
            let at = y * width + x;
            let across = tones[at - 2].abs_diff(tones[at + 2]);
            let down = tones[at - 2 * width].abs_diff(tones[at + 2 * width]);
            edge[at] = across.max(down) > contrast;
        }
    }
    let mut reached = vec![false; width * height];
    let mut open: Vec<usize> = (0..width)
        .flat_map(|x| [x, (height - 1) * width + x])
        .chain((0..height).flat_map(|y| [y * width, y * width + width - 1]))
        .collect();
    while let Some(at) = open.pop() {
        if reached[at] || edge[at] {
            continue;
        }
        reached[at] = true;
        let (x, y) = (at % width, at / width);
        if x > 0 {
            open.push(at - 1);
        }
        if x + 1 < width {
            open.push(at + 1);
        }
        if y > 0 {
            open.push(at - width);
        }
        if y + 1 < height {
            open.push(at + width);
        }
    }
    reached.into_iter().map(|reached| !reached).collect()
}

/// Quadrilaterals around the largest areas of a mask.
fn quads(mask: &[bool], width: usize) -> Vec<Quad> {
    let mut areas = areas(mask, width);
    areas.sort_by_key(|area| std::cmp::Reverse(area.0));
    areas
        .into_iter()
        .take(3)
        .filter(|(pixels, _)| *pixels as f32 > 0.5 * AREA_MIN * mask.len() as f32)
        .filter_map(|(_, points)| around(hull(points)))
        .collect()
}

/// The large connected areas of a mask: how many pixels, and the ends of its rows.
fn areas(mask: &[bool], width: usize) -> Vec<(usize, Vec<Point>)> {
    let runs = runs(mask, width, Neighbours::Straight);
    let mut pixels = vec![0; runs.len()];
    for run in &runs {
        pixels[run.area] += run.to - run.from;
    }
    let mut ends: Vec<Vec<Point>> = vec![Vec::new(); runs.len()];
    for run in runs.iter().filter(|run| pixels[run.area] * 40 > mask.len()) {
        let end = |x: usize| Point::new(x as f32, run.row as f32);
        ends[run.area].extend([end(run.from), end(run.to)]);
    }
    pixels.into_iter().zip(ends).filter(|(_, ends)| !ends.is_empty()).collect()
}

/// The convex hull, clockwise on the picture (Andrew's monotone chain).
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|left, right| left.x.total_cmp(&right.x).then(left.y.total_cmp(&right.y)));
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., before, last] = chain.as_slice() {
                if turn(*before, *last, point) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    hull
}

/// The quadrilateral around a hull: sides are left out, each time the one that
/// adds the least area, until four are left. Rounded corners fill up so.
fn around(mut hull: Vec<Point>) -> Option<Quad> {
    while hull.len() > 4 {
        let count = hull.len();
        let (_, index, corner) = (0..count)
            .filter_map(|index| {
                let [before, from, to, after] =
                    [count - 1, 0, 1, 2].map(|step| hull[(index + step) % count]);
                let corner = meeting(before, from, to, after)?;
                let added = turn(from, corner, to);
                // The neighbours must meet outside the side.
                (added > 0.0).then_some((added, index, corner))
            })
            .min_by(|left, right| left.0.total_cmp(&right.0))?;
        hull[index] = corner;
        hull.remove((index + 1) % count);
    }
    let quad = Quad(hull.try_into().ok()?);
    Some(quad)
}

/// The quadrilateral with every side moved onto the strongest edge near it.
fn refined(quad: &Quad, planes: &[GrayImage; 2]) -> Option<Quad> {
    if quad.area() < 1.0 {
        return None;
    }
    let lines = quad.sides().map(|(from, to)| edge_near(from, to, planes).unwrap_or((from, to)));
    let mut corners = quad.0;
    for (index, corner) in corners.iter_mut().enumerate() {
        let ((a, b), (c, d)) = (lines[(index + 3) % 4], lines[index]);
        *corner = meeting(a, b, c, d)?;
    }
    Some(Quad(corners))
}

/// The tone of a plane at a point, continued beyond the border.
fn tone(plane: &GrayImage, point: Point) -> f32 {
    let x = (point.x.max(0.0) as u32).min(plane.width() - 1);
    let y = (point.y.max(0.0) as u32).min(plane.height() - 1);
    f32::from(plane.get_pixel(x, y).0[0])
}

/// The step across a side at a point of it, over both planes.
fn step_across(point: Point, normal: Point, planes: &[GrayImage; 2]) -> f32 {
    let at = |offset: f32| Point::new(point.x + normal.x * offset, point.y + normal.y * offset);
    planes
        .iter()
        .map(|plane| {
            let inside = tone(plane, at(-1.5)) + tone(plane, at(-3.0));
            let outside = tone(plane, at(1.5)) + tone(plane, at(3.0));
            (inside - outside).abs() / 2.0
        })
        .fold(0.0, f32::max)
}

/// The unit normal of a side that points out of a clockwise quadrilateral.
fn normal(from: Point, to: Point) -> Point {
    let length = from.distance(to).max(1e-3);
    Point::new((to.y - from.y) / length, (from.x - to.x) / length)
}

/// The straight edge that most of the side's neighbourhood agrees on.
fn edge_near(from: Point, to: Point, planes: &[GrayImage; 2]) -> Option<(Point, Point)> {
    let normal = normal(from, to);
    let mut points = Vec::new();
    for sample in 0..SAMPLES {
        let share = 0.06 + 0.88 * sample as f32 / (SAMPLES - 1) as f32;
        let base = from.towards(to, share);
        let strongest = (-SEARCH..=SEARCH)
            .map(|offset| {
                let offset = offset as f32;
                let point = Point::new(base.x + normal.x * offset, base.y + normal.y * offset);
                // Of two edges alike the nearer is likelier.
                (step_across(point, normal, planes) - 0.4 * offset.abs(), point)
            })
            .max_by(|left, right| left.0.total_cmp(&right.0))?;
        if strongest.0 > CONTRAST {
            points.push(strongest.1);
        }
    }
    if points.len() < SAMPLES / 3 {
        return None;
    }
    let mut best: (usize, Point, Point) = (0, from, to);
    for (index, &first) in points.iter().enumerate() {
        for &second in points.iter().skip(index + points.len() / 3) {
            let length = first.distance(second).max(1.0);
            let near = |point: &&Point| (turn(first, second, **point) / length).abs() < 1.2;
            let agreeing = points.iter().filter(near).count();
            if agreeing > best.0 {
                best = (agreeing, first, second);
            }
        }
    }
    (best.0 * 3 > points.len()).then_some((best.1, best.2))
}

/// How surely a quadrilateral is a card; nothing when it cannot be one.
fn score(quad: &Quad, planes: &[GrayImage; 2]) -> Option<f32> {
    let (width, height) = (planes[0].width() as f32, planes[0].height() as f32);
    let room = 0.02 * width.max(height);
    let inside = |corner: &Point| {
        (-room..=width + room).contains(&corner.x) && (-room..=height + room).contains(&corner.y)
    };
    let share = quad.area() / (width * height);
    let like_card = (width.max(height) / width.min(height) / ASPECT - 1.0).abs() < 0.07;
    let least = if like_card { AREA_MIN_CARD } else { AREA_MIN };
    if !quad.is_convex() || share < least || share > 0.98 || !quad.0.iter().all(inside) {
        return None;
    }
    let (across, down) = quad.size();
    let aspect = across.max(down) / across.min(down) / ASPECT;
    if !(0.80..=1.25).contains(&aspect) {
        return None;
    }
    let supports = quad.sides().map(|(from, to)| {
        let normal = normal(from, to);
        let support = (0..SAMPLES)
            .filter(|sample| {
                let point = from.towards(to, 0.06 + 0.88 * *sample as f32 / (SAMPLES - 1) as f32);
                step_across(point, normal, planes) > CONTRAST
            })
            .count();
        support as f32 / SAMPLES as f32
    });
    let least = supports.iter().copied().fold(1.0, f32::min);
    let mean = supports.iter().sum::<f32>() / 4.0;
    if least < 0.35 || mean < 0.6 {
        return None;
    }
    Some(mean * (1.0 - 2.0 * (aspect - 1.0).abs()).max(0.2) * share.powf(0.25))
}

#[cfg(test)]
mod tests;
