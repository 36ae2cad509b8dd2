//! Draws pictures of single printed lines, cut as the service cuts them from a
//! card, with what they say: for training and measuring a line recogniser.
//!
//! A picture is a function of its split, seed, index and filters alone. Nothing
//! in it comes from a real document. What the splits share is told by
//! [`Share`], [`Ground::is_for`] and [`Camera::is_for`].

mod alphabet;
mod camera;
mod choice;
mod clutter;
mod cut;
mod draw;
mod faces;
mod fonts;
mod ground;
mod ink;
mod optics;
mod order;
mod prepare;
mod press;
mod raster;
mod record;
mod sheet;
mod text;

use std::fmt;
use std::str::FromStr;

use image::GrayImage;
pub use specimen::Level;

pub use alphabet::{ALPHABET, plain};
pub use camera::Camera;
pub use choice::missing;
pub use cut::{HEIGHT, WIDTHS};
pub use draw::draw;
pub use fonts::{FAMILIES, Family, Purpose, Scripts, Share, installed_files, packages};
pub use ground::Ground;
pub use order::visual;
pub use record::write_record;
pub use sheet::{contact_sheet, family_sheet};
pub use text::{Kind, UnknownKind};

/// What pictures are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// To learn from.
    Train,
    /// To know when learning is enough: fonts, grounds and cameras of training,
    /// other texts.
    Check,
    /// To measure: fonts, grounds and cameras that training never sees.
    Held,
}

impl Split {
    /// Every split.
    pub const ALL: [Self; 3] = [Self::Train, Self::Check, Self::Held];

    const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Check => "check",
            Self::Held => "held",
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no split.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not one of train, check, held")]
pub struct UnknownSplit(String);

impl FromStr for Split {
    type Err = UnknownSplit;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|split| split.name() == name)
            .ok_or_else(|| UnknownSplit(name.to_owned()))
    }
}

/// Which pictures are drawn.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// These kinds; all where there is none.
    pub kinds: Vec<Kind>,
    /// These levels; all where there is none.
    pub levels: Vec<Level>,
    /// Families whose name has this part, where the split has such for the script.
    pub fonts: Option<String>,
    /// Whether families that are not installed are done without.
    pub installed: bool,
}

/// A picture of a line and what it says.
#[derive(Debug, Clone)]
pub struct LineSpecimen {
    /// Dark on light, [`HEIGHT`] pixels high, as wide as [`WIDTHS`] allow.
    pub image: GrayImage,
    /// What it says, in the order in which it is read.
    pub text: String,
    /// Its label: what it says as it stands from left to right. See [`visual`].
    pub visual: String,
    /// What kind of line it is.
    pub kind: Kind,
    /// How hard it is to read.
    pub level: Level,
    /// The row of [`FAMILIES`] that its letters are of.
    pub font: u16,
    /// What it stands on.
    pub ground: Ground,
    /// What took it.
    pub camera: Camera,
}

/// Why a picture was not drawn.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DrawError {
    /// Families of the split are missing on this machine.
    #[error("{} families are not installed ({families}); apt-get install {packages}", .count)]
    FontsMissing {
        /// How many.
        count: usize,
        /// Their names.
        families: String,
        /// The packages that bring them.
        packages: String,
    },
    /// No installed family of the split writes a script.
    #[error("no font is installed that writes {0} and that the filters let through")]
    NoFont(&'static str),
}
