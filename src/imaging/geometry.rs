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
