//! Where a card lies in a picture: the projective map, and its rounded outline.

use imageproc::geometric_transformations::Projection;
use rand::Rng;

/// A point in pixels.
pub(crate) type Point = (f32, f32);

/// Radius of a card's corners over its width (ISO/IEC 7810: 3.18 mm of 85.60 mm).
const CORNER: f32 = 3.18 / 85.60;

/// How a card is laid into a picture.
pub(crate) struct Pose {
    /// Width of the card in the picture, in pixels.
    pub(crate) width: f32,
    /// Degrees clockwise.
    pub(crate) turn: f32,
    /// How far each corner may wander, as a fraction of the card's width.
    pub(crate) perspective: f32,
}

/// A card of `width` × `height` pixels in a picture.
pub(crate) struct Placed {
    card: (f32, f32),
    to_picture: Projection,
    to_card: Projection,
}

impl Placed {
    /// The corners of a card in `pose` around the origin: top left, top right,
    /// bottom right, bottom left.
    pub(crate) fn corners(pose: &Pose, aspect: f32, rng: &mut impl Rng) -> [Point; 4] {
        let (w, h) = (pose.width / 2.0, pose.width / aspect / 2.0);
        let (sin, cos) = pose.turn.to_radians().sin_cos();
        [(-w, -h), (w, -h), (w, h), (-w, h)].map(|(x, y)| {
            let wander = pose.perspective * pose.width;
            let x = x + rng.random_range(-1.0..=1.0_f32) * wander;
            let y = y + rng.random_range(-1.0..=1.0_f32) * wander;
            (x * cos - y * sin, x * sin + y * cos)
        })
    }

    /// Lays a card of `card` pixels onto `corners`; nothing when they are degenerate.
    pub(crate) fn new(card: (f32, f32), corners: [Point; 4]) -> Option<Self> {
        let (w, h) = card;
        let edges = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)];
        let to_picture = Projection::from_control_points(edges, corners)?;
        Some(Self { card, to_picture, to_card: to_picture.invert() })
    }

    /// A point of the card in the picture.
    pub(crate) fn in_picture(&self, point: Point) -> Point {
        self.to_picture * point
    }

    /// A point of the picture on the card.
    pub(crate) fn on_card(&self, point: Point) -> Point {
        self.to_card * point
    }

    /// Pixels of the card between a point of it and its outline: negative inside.
    pub(crate) fn outside(&self, (x, y): Point) -> f32 {
        let (w, h) = self.card;
        let radius = CORNER * w;
        let dx = (x - w / 2.0).abs() - (w / 2.0 - radius);
        let dy = (y - h / 2.0).abs() - (h / 2.0 - radius);
        dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius
    }
}

/// The box around points: left, top, right, bottom.
pub(crate) fn bounds(points: &[Point]) -> [f32; 4] {
    points.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |all, (x, y)| {
        [all[0].min(*x), all[1].min(*y), all[2].max(*x), all[3].max(*y)]
    })
}
