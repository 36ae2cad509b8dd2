//! Boxes on a card and where they stand on the uploaded picture.

use serde::{Deserialize, Serialize};

/// An axis-aligned rectangle in pixels; the origin is top-left.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, never negative.
    pub width: f32,
    /// Height, never negative.
    pub height: f32,
}

impl Rect {
    /// Makes a rectangle from its left, top, width and height.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// The right edge.
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The bottom edge.
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// The vertical centre.
    pub fn mid_y(&self) -> f32 {
        self.y + self.height / 2.0
    }

    /// The horizontal centre.
    pub fn mid_x(&self) -> f32 {
        self.x + self.width / 2.0
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self::new(x, y, right - x, bottom - y)
    }

    /// What two boxes have in common; of no or less than no width or height where
    /// that is nothing.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (left, top) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        Self::new(left, top, right - left, bottom - top)
    }

    /// How much of the smaller height the two share, 0 to 1: near 1 for
    /// neighbours on one printed line.
    pub fn vertical_overlap(&self, other: &Self) -> f32 {
        let shared = self.bottom().min(other.bottom()) - self.y.max(other.y);
        (shared / self.height.min(other.height).max(1.0)).clamp(0.0, 1.0)
    }
}

/// A 3 × 3 projective map, row by row, from card pixels to the pixels of the
/// uploaded picture as displayed (its EXIF orientation applied).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement(pub [f32; 9]);

impl Placement {
    /// The card is the whole picture.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);

    /// Maps a point of the card to the uploaded picture.
    pub fn map(&self, x: f32, y: f32) -> (f32, f32) {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }

    /// The upright box in the uploaded picture around a box of the card.
    pub fn upload_box(&self, rect: &Rect) -> Rect {
        let corners = [
            self.map(rect.x, rect.y),
            self.map(rect.right(), rect.y),
            self.map(rect.x, rect.bottom()),
            self.map(rect.right(), rect.bottom()),
        ];
        let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for (x, y) in corners {
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        Rect::new(left, top, right - left, bottom - top)
    }
}

/// A point of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

impl Point {
    pub(super) const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The point at `share` of the way to `other`.
    pub(super) fn towards(self, other: Self, share: f32) -> Self {
        Self::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }

    pub(super) fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// Twice the signed area of a triangle: positive when it turns clockwise on a
/// picture, whose y grows downwards.
pub(super) fn turn(a: Point, b: Point, c: Point) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Where the line through `a` and `b` meets the line through `c` and `d`;
/// nothing when they are nearly parallel.
pub(super) fn meeting(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let across = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
    if across.abs() < 1e-3 {
        return None;
    }
    let share = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / across;
    Some(a.towards(b, share))
}

/// Four corners, clockwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quad(pub(super) [Point; 4]);

impl Quad {
    /// The sides as pairs of corners, clockwise from the first corner.
    pub(super) fn sides(&self) -> [(Point, Point); 4] {
        let [a, b, c, d] = self.0;
        [(a, b), (b, c), (c, d), (d, a)]
    }

    /// Whether the boxes around two quadrilaterals have hardly anything in common.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        let shared = self.bounds().intersection(&other.bounds());
        let area = |rect: &Rect| rect.width.max(0.0) * rect.height.max(0.0);
        area(&shared) < 0.1 * area(&self.bounds()).min(area(&other.bounds()))
    }

    /// The box around it.
    fn bounds(&self) -> Rect {
        let ends = |measure: fn(&Point) -> f32| {
            self.0
                .iter()
                .map(measure)
                .fold((f32::MAX, f32::MIN), |(low, high), at| (low.min(at), high.max(at)))
        };
        let ((left, right), (top, bottom)) = (ends(|point| point.x), ends(|point| point.y));
        Rect::new(left, top, right - left, bottom - top)
    }

    pub(super) fn area(&self) -> f32 {
        let [a, b, c, d] = self.0;
        f32::midpoint(turn(a, b, c), turn(a, c, d))
    }

    /// Whether all corners turn the same way, none of them sharply.
    pub(super) fn is_convex(&self) -> bool {
        let [a, b, c, d] = self.0;
        [(a, b, c), (b, c, d), (c, d, a), (d, a, b)].into_iter().all(|(before, corner, after)| {
            let sine = turn(before, corner, after)
                / (before.distance(corner) * corner.distance(after)).max(1.0);
            sine > 0.8
        })
    }

    #[must_use]
    pub(super) fn scaled(&self, factor: f32) -> Self {
        Self(self.0.map(|corner| Point::new(corner.x * factor, corner.y * factor)))
    }

    /// The same corners, the next one first.
    #[must_use]
    pub(super) fn turned(&self) -> Self {
        let [a, b, c, d] = self.0;
        Self([b, c, d, a])
    }

    /// The mean length of the first and third side, and of the others.
    pub(super) fn size(&self) -> (f32, f32) {
        let [top, right, bottom, left] = self.sides().map(|(from, to)| from.distance(to));
        (f32::midpoint(top, bottom), f32::midpoint(left, right))
    }

    /// The map from a picture of `width` × `height` pixels onto this quadrilateral.
    pub(super) fn placement(&self, width: f32, height: f32) -> Placement {
        let [a, b, c, d] = self.0;
        let (sum_x, sum_y) = (a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y);
        let (bx, by) = (b.x - c.x, b.y - c.y);
        let (dx, dy) = (d.x - c.x, d.y - c.y);
        let across = bx * dy - dx * by;
        let (g, h) = ((sum_x * dy - dx * sum_y) / across, (bx * sum_y - sum_x * by) / across);
        Placement([
            (b.x - a.x + g * b.x) / width,
            (d.x - a.x + h * d.x) / height,
            a.x,
            (b.y - a.y + g * b.y) / width,
            (d.y - a.y + h * d.y) / height,
            a.y,
            g / width,
            h / height,
            1.0,
        ])
    }
}

impl Placement {
    /// The same map into a picture `factor` times as large.
    #[must_use]
    pub(super) fn magnified(mut self, factor: f32) -> Self {
        for part in &mut self.0[..6] {
            *part *= factor;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placement_takes_the_corners_of_the_card_to_the_corners_of_the_outline() {
        let corners = [
            Point::new(10.0, 20.0),
            Point::new(110.0, 30.0),
            Point::new(105.0, 95.0),
            Point::new(5.0, 80.0),
        ];
        let placement = Quad(corners).placement(1400.0, 880.0);
        let card = [(0.0, 0.0), (1400.0, 0.0), (1400.0, 880.0), (0.0, 880.0)];
        for ((x, y), corner) in card.into_iter().zip(corners) {
            let (left, top) = placement.map(x, y);
            assert!((left - corner.x).abs() < 0.01 && (top - corner.y).abs() < 0.01);
        }
    }
}
