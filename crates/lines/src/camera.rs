//! What a line goes through between card and service: a camera or scanner with
//! its pose, light, lens, sensor and compression.

use rand::Rng;
use specimen::Level;

use crate::Split;

/// A family of cameras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Camera {
    /// The card as it was drawn.
    Direct,
    /// A flatbed scanner.
    Flatbed,
    /// A copier: hard tones, streaks.
    Copier,
    /// A phone above a table.
    Phone,
    /// A phone that sharpens its pictures.
    Sharpened,
    /// A phone below a lamp: uneven light, glare.
    Lamp,
    /// A camera that moved.
    Shaken,
    /// A camera in a dark room.
    Dark,
    /// A camera far from the card.
    Far,
    /// A camera with a flash.
    Flash,
    /// The page of a document that was saved as a picture.
    Export,
    /// A scanner that draws cards in: stretched, streaked.
    Feeder,
    /// A picture that a messenger made smaller and compressed twice.
    Messenger,
    /// A camera in a screen: few pixels, noise, sharpened.
    Webcam,
}

/// Everything that chance decides about one picture.
pub(crate) struct Shot {
    /// Pixels that the card is wide.
    pub(crate) width: f32,
    /// Degrees that levelling left over.
    pub(crate) turn: f32,
    /// How far upright strokes lean, as a tangent.
    pub(crate) shear: f32,
    /// How much wider one end is, as a part of the whole.
    pub(crate) keystone: f32,
    /// How much longer rows are than they should be.
    pub(crate) stretch: f32,
    /// Standard deviation of the lens's blur, in pixels.
    pub(crate) blur: f32,
    /// Pixels that the camera moved, and in which direction (radians).
    pub(crate) motion: Option<(f32, f32)>,
    /// 1 is bright enough.
    pub(crate) exposure: f32,
    /// Grey levels that black is above zero.
    pub(crate) haze: f32,
    /// How much the light falls off across a card, 0 to 1.
    pub(crate) unevenness: f32,
    /// Grey levels that glare adds at its centre.
    pub(crate) glare: f32,
    /// Standard deviation of the sensor's noise, in grey levels.
    pub(crate) noise: f32,
    /// Grey levels by which rows or columns differ.
    pub(crate) streaks: f32,
    /// How much edges are overdone.
    pub(crate) sharpness: f32,
    /// How hard tones are; 1 is as they are.
    pub(crate) contrast: f32,
    /// Qualities of the compressions that it goes through.
    pub(crate) qualities: Vec<u8>,
}

impl Camera {
    /// Every camera, in the order that the stream numbers them.
    pub const ALL: [Self; 14] = [
        Self::Direct,
        Self::Flatbed,
        Self::Copier,
        Self::Phone,
        Self::Sharpened,
        Self::Lamp,
        Self::Shaken,
        Self::Dark,
        Self::Far,
        Self::Flash,
        Self::Export,
        Self::Feeder,
        Self::Messenger,
        Self::Webcam,
    ];

    /// The level of its pictures.
    pub const fn level(self) -> Level {
        match self {
            Self::Direct | Self::Export => Level::Clean,
            Self::Flatbed | Self::Copier | Self::Feeder => Level::Scan,
            Self::Phone | Self::Sharpened | Self::Lamp | Self::Messenger => Level::Photo,
            Self::Shaken | Self::Dark | Self::Far | Self::Flash | Self::Webcam => Level::Hard,
        }
    }

    /// Whether a split may use it: one of each level is kept for measuring.
    pub fn is_for(self, split: Split) -> bool {
        let held = matches!(self, Self::Export | Self::Feeder | Self::Messenger | Self::Webcam);
        held == (split == Split::Held)
    }

    /// A picture of its kind.
    pub(crate) fn shoot(self, rng: &mut impl Rng) -> Shot {
        match self.level() {
            Level::Clean => self.clean(rng),
            Level::Scan => self.scan(rng),
            Level::Photo => self.photo(rng),
            Level::Hard => self.hard(rng),
        }
    }

    fn clean(self, rng: &mut impl Rng) -> Shot {
        let export = self == Self::Export;
        Shot {
            width: if export { rng.random_range(1000.0..1500.0) } else { 1600.0 },
            turn: 0.0,
            shear: 0.0,
            keystone: 0.0,
            stretch: 0.0,
            blur: if export { rng.random_range(0.2..0.45) } else { 0.0 },
            motion: None,
            exposure: 1.0,
            haze: 0.0,
            unevenness: 0.0,
            glare: 0.0,
            noise: 0.0,
            streaks: 0.0,
            sharpness: 0.0,
            contrast: 1.0,
            qualities: if export { vec![rng.random_range(80..=90)] } else { Vec::new() },
        }
    }

    fn scan(self, rng: &mut impl Rng) -> Shot {
        let copier = self == Self::Copier;
        let feeder = self == Self::Feeder;
        Shot {
            width: rng.random_range(950.0..1400.0),
            turn: rng.random_range(-0.6..0.6),
            shear: rng.random_range(-0.01..0.01),
            keystone: 0.0,
            stretch: if feeder { rng.random_range(-0.06..0.06) } else { 0.0 },
            blur: rng.random_range(0.3..if copier { 0.9 } else { 0.65 }),
            exposure: rng.random_range(0.93..1.05),
            haze: if copier { 0.0 } else { rng.random_range(0.0..14.0) },
            unevenness: 0.03,
            noise: rng.random_range(1.5..4.5),
            streaks: if copier || feeder { rng.random_range(0.0..7.0) } else { 0.0 },
            sharpness: if rng.random_bool(0.3) { rng.random_range(0.2..0.9) } else { 0.0 },
            contrast: if copier { rng.random_range(1.2..2.2) } else { 1.0 },
            qualities: vec![rng.random_range(68..=90)],
            ..self.clean(rng)
        }
    }

    fn photo(self, rng: &mut impl Rng) -> Shot {
        let lamp = self == Self::Lamp;
        let sharpened = self == Self::Sharpened;
        let messenger = self == Self::Messenger;
        let glare = if lamp { 0.7 } else { 0.25 };
        Shot {
            width: rng.random_range(790.0..1410.0),
            turn: rng.random_range(-1.2..1.2),
            shear: rng.random_range(-0.025..0.025),
            keystone: rng.random_range(-0.03..0.03),
            stretch: rng.random_range(-0.02..0.02),
            blur: rng.random_range(0.5..1.15),
            motion: None,
            exposure: rng.random_range(0.75..1.08),
            haze: rng.random_range(0.0..24.0),
            unevenness: rng.random_range(0.08..if lamp { 0.7 } else { 0.35 }),
            glare: if rng.random_bool(glare) { rng.random_range(25.0..85.0) } else { 0.0 },
            noise: rng.random_range(2.5..7.5),
            streaks: 0.0,
            sharpness: if sharpened { rng.random_range(0.6..2.2) } else { 0.0 },
            contrast: rng.random_range(0.85..1.2),
            qualities: if messenger {
                vec![rng.random_range(60..=85), rng.random_range(50..=70)]
            } else {
                vec![rng.random_range(50..=82)]
            },
        }
    }

    fn hard(self, rng: &mut impl Rng) -> Shot {
        let small = match self {
            Self::Far => true,
            Self::Dark | Self::Flash => rng.random_bool(0.3),
            _ => false,
        };
        let width = if small { 575.0..660.0 } else { 780.0..1150.0 };
        let width = rng.random_range(width);
        let motion = match self {
            Self::Shaken => Some(width * rng.random_range(0.003..0.009)),
            Self::Dark if rng.random_bool(0.4) => Some(width * rng.random_range(0.002..0.006)),
            _ => None,
        };
        let photo = self.photo(rng);
        Shot {
            width,
            turn: rng.random_range(-2.5..2.5),
            shear: rng.random_range(-0.045..0.045),
            keystone: rng.random_range(-0.05..0.05),
            blur: rng.random_range(0.5..if small { 0.85 } else { 1.3 }),
            motion: motion.map(|length| (length, rng.random_range(0.0..3.1))),
            exposure: if self == Self::Dark {
                rng.random_range(0.25..0.5)
            } else {
                rng.random_range(0.7..1.1)
            },
            unevenness: rng.random_range(0.1..0.5),
            glare: match self {
                Self::Flash => rng.random_range(60.0..170.0),
                _ if rng.random_bool(0.2) => rng.random_range(30.0..110.0),
                _ => 0.0,
            },
            noise: rng.random_range(3.0..8.5),
            streaks: if self == Self::Webcam { rng.random_range(0.0..5.0) } else { 0.0 },
            sharpness: match self {
                Self::Webcam => rng.random_range(0.8..2.6),
                _ if rng.random_bool(0.2) => rng.random_range(0.3..1.6),
                _ => 0.0,
            },
            ..photo
        }
    }
}
