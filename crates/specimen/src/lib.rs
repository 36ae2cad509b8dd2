//! Draws fictitious Moroccan identity documents, each marked SPECIMEN, with their truth.
//!
//! The people, numbers and addresses are invented from lists of common names
//! and places. A card is a function of its kind, level and seed alone; the same
//! seed gives the same card at every [`Level`]. [`draw_distractor`] draws what
//! is no document at all.
//!
//! Seeds below [`DEVELOPMENT_SEEDS`] are for writing extractors: they never
//! choose the last layout of a kind nor the fonts kept back, so that larger
//! seeds measure what was not seen.

mod art;
pub mod data;
mod degrade;
mod distractor;
mod face;
mod gris;
mod heading;
mod identity;
pub mod labels;
mod light;
mod mrz;
mod pen;
mod permis;
pub mod person;
mod picture;
mod rows;
mod scene;
mod sheet;
mod style;
pub mod vehicle;

mod cin;

use std::fmt;
use std::str::FromStr;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

pub use distractor::{Distractor, draw_distractor};
pub use mrz::{Td1, check_digit};
pub use picture::{EncodeError, Picture, PlacedText, Script};

/// Seeds below this one are for development; see the crate's description.
pub const DEVELOPMENT_SEEDS: u64 = 1_000_000;

/// A document and, of the national identity card, its generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The national identity card of 2008: portrait right, no MRZ.
    Cin2008,
    /// The national identity card of 2020: portrait left, CAN, TD1 MRZ.
    Cin2020,
    /// The driving licence.
    Permis,
    /// The vehicle registration certificate; its recto is the owner's side.
    Gris,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Cin2008, Self::Cin2020, Self::Permis, Self::Gris];

    /// The name that the service uses for the document, in any generation.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Cin2008 | Self::Cin2020 => "cin",
            Self::Permis => "permis",
            Self::Gris => "gris",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Cin2008 => "cin-2008",
            Self::Cin2020 => "cin-2020",
            Self::Permis => "permis",
            Self::Gris => "gris",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no kind or level.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not one of {1}")]
pub struct UnknownName(String, &'static str);

impl FromStr for Kind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| UnknownName(name.to_owned(), "cin-2008, cin-2020, permis, gris"))
    }
}

/// How a card was photographed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// The card fills the picture; nothing is degraded.
    Clean,
    /// On a scanner: slight skew, margins, noise, JPEG.
    Scan,
    /// On a table: perspective, turned up to 8 degrees, uneven light, JPEG.
    Photo,
    /// Quarter and half turns, few pixels, glare, motion blur, dark.
    Hard,
}

impl Level {
    /// Every level, easiest first.
    pub const ALL: [Self; 4] = [Self::Clean, Self::Scan, Self::Photo, Self::Hard];

    const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Scan => "scan",
            Self::Photo => "photo",
            Self::Hard => "hard",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Level {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|level| level.name() == name)
            .ok_or_else(|| UnknownName(name.to_owned(), "clean, scan, photo, hard"))
    }
}

/// Why a card was not drawn.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DrawError {
    /// A font that the cards need is not installed.
    #[error("the font file {0} was not found below {1}: run scripts/setup")]
    FontMissing(&'static str, &'static str),
    /// The kind has no layout of that name.
    #[error("no layout `{0}`; there are: {1}")]
    UnknownLayout(String, String),
    /// Two texts would overlap or one would not fit, which is a mistake in a layout.
    #[error("the layout has no room for {0}")]
    Crowded(String),
}

/// A fictitious card.
#[derive(Debug, Clone)]
pub struct Specimen {
    /// The front; of the vehicle registration, the owner's side.
    pub recto: Picture,
    /// The back; of the vehicle registration, the technical side.
    pub verso: Picture,
    /// What a perfect reader answers: the contract's nested answer.
    pub truth: serde_json::Value,
    /// The layout family, one of [`layouts`].
    pub layout: &'static str,
}

/// The two sides of a card, before it is photographed.
struct Faces {
    recto: Picture,
    verso: Picture,
    truth: serde_json::Value,
}

/// The layout families of a kind; the last is kept from development seeds.
pub fn layouts(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Cin2008 => cin::LAYOUTS_2008,
        Kind::Cin2020 => cin::LAYOUTS_2020,
        Kind::Permis => permis::LAYOUTS,
        Kind::Gris => gris::LAYOUTS,
    }
}

/// Draws a card; the seed chooses the layout.
///
/// # Errors
///
/// [`DrawError::FontMissing`] on a machine that was not set up.
pub fn draw(kind: Kind, level: Level, seed: u64) -> Result<Specimen, DrawError> {
    draw_with(kind, level, seed, None)
}

/// Draws a card in a layout of [`layouts`], or in one that the seed chooses.
///
/// # Errors
///
/// [`DrawError::UnknownLayout`] when the kind has no such layout, else as [`draw`].
pub fn draw_with(
    kind: Kind,
    level: Level,
    seed: u64,
    layout: Option<&str>,
) -> Result<Specimen, DrawError> {
    let mut style = style::Style::choose(&mut stream(kind, seed, 1), kind, seed, layout)?;
    let faces = loop {
        match print(kind, &style, &mut stream(kind, seed, 2)) {
            // A tall face may touch its neighbours: print the whole card smaller.
            Err(DrawError::Crowded(_)) if style.value_size > SMALLEST => style.value_size *= 0.94,
            printed => break printed?,
        }
    };
    Ok(Specimen {
        recto: degrade::photograph(faces.recto, art::ASPECT, level, &mut stream(kind, seed, 3)),
        verso: degrade::photograph(faces.verso, art::ASPECT, level, &mut stream(kind, seed, 4)),
        truth: faces.truth,
        layout: style.layout,
    })
}

/// The smallest em of values, as a fraction of the card's height.
const SMALLEST: f32 = 0.036;

fn print(kind: Kind, style: &style::Style, rng: &mut ChaCha8Rng) -> Result<Faces, DrawError> {
    match kind {
        Kind::Cin2008 | Kind::Cin2020 => cin::draw(kind, style, rng),
        Kind::Permis => permis::draw(style, rng),
        Kind::Gris => gris::draw(style, rng),
    }
}

/// An independent source of chance for one purpose of one card.
fn stream(kind: Kind, seed: u64, purpose: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(purpose * 16 + kind as u64);
    rng
}
