//! What print stands on: paper, tints and the fine patterns of secured cards.

use image::{GrayImage, Luma};
use imageproc::drawing::draw_antialiased_line_segment_mut;
use rand::Rng;
use specimen::data::one_of;

use crate::Split;
use crate::raster::{cloud, towards};

/// A family of grounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// One tone.
    Plain,
    /// A tone that fades into another.
    Gradient,
    /// Fine waves, one below the other.
    Waves,
    /// Rings around several centres.
    Rosette,
    /// Rows of words too small to read.
    Microprint,
    /// Two families of lines that cross.
    Crossing,
    /// A tint of fine threads.
    Weave,
    /// Large soft spots.
    Blotch,
    /// A star in a ring, or large pale letters.
    Emblem,
    /// Paper with grain.
    Paper,
    /// Paper with fibres.
    Fibre,
    /// Slanted bands of two tones.
    Bands,
    /// Rings around one centre that swing.
    Rings,
    /// A lattice of lozenges with dots.
    Lattice,
    /// Patches of three tones.
    Mosaic,
}

impl Ground {
    /// Every ground, in the order that the stream numbers them.
    pub const ALL: [Self; 15] = [
        Self::Plain,
        Self::Gradient,
        Self::Waves,
        Self::Rosette,
        Self::Microprint,
        Self::Crossing,
        Self::Weave,
        Self::Blotch,
        Self::Emblem,
        Self::Paper,
        Self::Fibre,
        Self::Bands,
        Self::Rings,
        Self::Lattice,
        Self::Mosaic,
    ];

    /// Whether a split may use it: the last three are kept for measuring.
    pub fn is_for(self, split: Split) -> bool {
        matches!(self, Self::Rings | Self::Lattice | Self::Mosaic) == (split == Split::Held)
    }

    /// Paints it; `unit` is the height of a capital in pixels.
    pub(crate) fn paint(
        self,
        size: (u32, u32),
        paper: u8,
        unit: f32,
        rng: &mut impl Rng,
    ) -> GrayImage {
        let mut canvas = GrayImage::from_pixel(size.0, size.1, Luma([paper]));
        // Patterns are mostly darker than paper, at times lighter.
        let depth = rng.random_range(6..52_u8);
        let tone = if rng.random_bool(0.85) {
            paper.saturating_sub(depth)
        } else {
            paper.saturating_add(depth)
        };
        let mut brush = Brush { canvas: &mut canvas, tone, unit, strength: 1.0 };
        match self {
            Self::Plain => {}
            Self::Gradient => brush.gradient(rng),
            Self::Waves => brush.waves(rng),
            Self::Rosette => brush.rings(rng, 3..7),
            Self::Microprint => brush.microprint(rng),
            Self::Crossing => brush.crossing(rng),
            Self::Weave => brush.weave(rng),
            Self::Blotch => brush.spots(rng, 0.7, 3.0),
            Self::Emblem => brush.emblem(rng),
            Self::Paper => brush.spots(rng, 0.04, 0.12),
            Self::Fibre => brush.fibres(rng),
            Self::Bands => brush.bands(rng),
            Self::Rings => brush.rings(rng, 1..2),
            Self::Lattice => brush.lattice(rng),
            Self::Mosaic => brush.mosaic(rng),
        }
        canvas
    }
}

/// Paints patterns of one tone.
struct Brush<'a> {
    canvas: &'a mut GrayImage,
    tone: u8,
    unit: f32,
    /// How much of the tone shows at most.
    strength: f32,
}

/// Light that an embossed hologram throws back over print and ground.
pub(crate) fn shine(canvas: &mut GrayImage, unit: f32, rng: &mut impl Rng) {
    let strength = rng.random_range(0.1..0.5);
    let mut brush = Brush { canvas, tone: 255, unit, strength };
    match rng.random_range(0..4) {
        0 => brush.rings(rng, 1..4),
        1 => brush.waves(rng),
        2 => brush.bands(rng),
        _ => brush.emblem(rng),
    }
}

impl Brush<'_> {
    /// Moves each pixel towards the tone by a share that its place decides.
    fn shade(&mut self, share: impl Fn(f32, f32) -> f32) {
        let (tone, most) = (self.tone, self.strength * 255.0);
        for (y, row) in self.canvas.rows_mut().enumerate() {
            for (x, Luma([pixel])) in row.enumerate() {
                let share = share(x as f32, y as f32).clamp(0.0, 1.0);
                *pixel = towards(*pixel, tone, (share * most) as u8);
            }
        }
    }

    fn gradient(&mut self, rng: &mut impl Rng) {
        let (sin, cos) = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
        let length = self.unit * rng.random_range(4.0..25.0);
        let from = rng.random_range(-0.5..0.5);
        self.shade(|x, y| from + (x * cos + y * sin) / length);
    }

    fn waves(&mut self, rng: &mut impl Rng) {
        for _ in 0..rng.random_range(1..3) {
            let pitch = self.unit * rng.random_range(0.18..0.7);
            let length = self.unit * rng.random_range(1.5..7.0);
            let bend = self.unit * rng.random_range(0.2..1.2);
            let width = rng.random_range(0.12..0.5);
            let phase = rng.random_range(0.0..6.0);
            let waves: Vec<f32> = (0..self.canvas.width())
                .map(|x| (x as f32 / length + phase).sin() * bend)
                .collect();
            self.shade(|x, y| crest((y + waves[x as usize]) / pitch, width));
        }
    }

    fn rings(&mut self, rng: &mut impl Rng, count: std::ops::Range<usize>) {
        let pitch = self.unit * rng.random_range(0.2..0.8);
        let width = rng.random_range(0.12..0.45);
        let bulge = rng.random_range(0.0..0.35);
        let (wide, high) = (self.canvas.width() as f32, self.canvas.height() as f32);
        let reach = self.unit * rng.random_range(3.0..14.0);
        let centres: Vec<(f32, f32)> = (0..rng.random_range(count))
            .map(|_| (rng.random_range(-0.1..1.1) * wide, rng.random_range(-1.0..2.0) * high))
            .collect();
        self.shade(|x, y| {
            let share = |(cx, cy): &(f32, f32)| {
                let (dx, dy) = (x - cx, y - cy);
                let away = (dx * dx + dy * dy).sqrt();
                let place = away + bulge * (dx.abs() - dy.abs());
                crest(place / pitch, width) * (1.6 - away / reach).clamp(0.0, 1.0)
            };
            centres.iter().map(share).fold(0.0, f32::max)
        });
    }

    fn microprint(&mut self, rng: &mut impl Rng) {
        let row = (self.unit * rng.random_range(0.16..0.34)).max(3.0) as u32;
        let gap = row + (self.unit * rng.random_range(0.05..0.6)) as u32;
        let slope = rng.random_range(-0.2..0.2_f32);
        // A word's strokes are narrower than a pixel: stubs of chance look the same.
        let period = rng.random_range(40..160_u32);
        let strokes: Vec<u8> =
            (0..period * row).map(|_| if rng.random_bool(0.45) { 210 } else { 0 }).collect();
        let blanks: Vec<bool> = (0..period / 2).map(|_| rng.random_bool(0.16)).collect();
        self.shade(|x, y| {
            let line = (y + slope * x + 4096.0) as u32;
            let (column, row_at) = (x as u32 % period, line % gap);
            let is_blank = blanks.get(column as usize / 2).copied().unwrap_or(false);
            if row_at >= row || is_blank {
                return 0.0;
            }
            f32::from(strokes[(row_at * period + column) as usize]) / 255.0
        });
    }

    fn crossing(&mut self, rng: &mut impl Rng) {
        for _ in 0..2 {
            let (sin, cos) = rng.random_range(0.0..std::f32::consts::PI).sin_cos();
            let pitch = self.unit * rng.random_range(0.25..1.6);
            let width = rng.random_range(0.06..0.25);
            self.shade(|x, y| crest((x * cos + y * sin) / pitch, width));
        }
    }

    fn bands(&mut self, rng: &mut impl Rng) {
        let (sin, cos) = rng.random_range(0.0..std::f32::consts::PI).sin_cos();
        let pitch = self.unit * rng.random_range(0.8..5.0);
        let hardness = rng.random_range(1.0..6.0);
        self.shade(|x, y| 0.5 + (crest((x * cos + y * sin) / pitch, 1.0) - 0.5) * hardness);
    }

    fn weave(&mut self, rng: &mut impl Rng) {
        let (warp, weft) = (rng.random_range(2.0..5.0), rng.random_range(2.0..5.0));
        self.shade(|x, y| 0.5 * crest(x / warp, 0.8) + 0.5 * crest(y / weft, 0.8));
    }

    /// Soft spots between `smallest` and `largest` capitals wide.
    fn spots(&mut self, rng: &mut impl Rng, smallest: f32, largest: f32) {
        let spot = (self.unit * rng.random_range(smallest..largest)).max(1.2);
        let fibre = if rng.random_bool(0.3) { rng.random_range(2.0..6.0) } else { 1.0 };
        let clouds = cloud(self.canvas.dimensions(), (spot * fibre, spot), rng);
        for (Luma([pixel]), Luma([share])) in self.canvas.pixels_mut().zip(clouds.pixels()) {
            *pixel = towards(*pixel, self.tone, *share);
        }
    }

    fn emblem(&mut self, rng: &mut impl Rng) {
        let (wide, high) = (self.canvas.width() as f32, self.canvas.height() as f32);
        let centre = (rng.random_range(0.0..1.0) * wide, rng.random_range(0.0..1.0) * high);
        let radius = self.unit * rng.random_range(1.0..4.0);
        let turn = rng.random_range(0.0..6.0_f32);
        let fifth = std::f32::consts::TAU / 5.0;
        self.shade(|x, y| {
            let (dx, dy) = (x - centre.0, y - centre.1);
            let away = dx.hypot(dy) / radius;
            if away > 1.0 {
                return 0.0;
            }
            let angle = ((dy.atan2(dx) + turn).rem_euclid(fifth) - fifth / 2.0).abs();
            let star = (0.34 / (0.42 + angle * 0.55) - 0.36).clamp(0.1, 0.7);
            if away > 0.88 || away < star { 1.0 } else { 0.0 }
        });
    }

    fn fibres(&mut self, rng: &mut impl Rng) {
        let (wide, high) = self.canvas.dimensions();
        let count = wide * high / rng.random_range(500..3000);
        for _ in 0..count {
            let from = (rng.random_range(0..wide) as i32, rng.random_range(0..high) as i32);
            let reach = (self.unit * 0.7).max(3.0) as i32;
            let to = (
                from.0 + rng.random_range(-reach..reach),
                from.1 + rng.random_range(-reach..reach),
            );
            let tone = Luma([self.tone]);
            let blend = |Luma([line]): Luma<u8>, Luma([was]): Luma<u8>, share: f32| {
                Luma([towards(was, line, (share * 180.0) as u8)])
            };
            draw_antialiased_line_segment_mut(self.canvas, from, to, tone, blend);
        }
    }

    fn lattice(&mut self, rng: &mut impl Rng) {
        let pitch = self.unit * rng.random_range(0.4..1.8);
        let lean = rng.random_range(0.5..1.6);
        let width = rng.random_range(0.08..0.25);
        self.shade(|x, y| {
            let (left, right) = ((x + y * lean) / pitch, (x - y * lean) / pitch + 4096.0);
            let dot = crest(left + 0.5, 0.4) * crest(right + 0.5, 0.4);
            crest(left, width).max(crest(right, width)).max(dot)
        });
    }

    fn mosaic(&mut self, rng: &mut impl Rng) {
        let cell = self.unit * rng.random_range(0.5..2.0);
        let clouds = cloud(self.canvas.dimensions(), (cell, cell), rng);
        let cuts = *one_of(rng, &[[90, 150], [110, 170], [70, 120]]);
        for (Luma([pixel]), Luma([height])) in self.canvas.pixels_mut().zip(clouds.pixels()) {
            let share = cuts.iter().filter(|cut| height > cut).count() as u8 * 127;
            *pixel = towards(*pixel, self.tone, share);
        }
    }
}

/// A line where `place` is near a whole number: 1 in its middle; `width` is the
/// part of the pitch that it fills.
fn crest(place: f32, width: f32) -> f32 {
    // Far from zero, so that cutting is rounding down: a call for each pixel is slow.
    let place = place + 4096.0;
    let off = (place - (place as u32) as f32 - 0.5).abs() * 2.0;
    ((off - (1.0 - width)) / width * 1.6).clamp(0.0, 1.0)
}
