//! The ways in which a piece of print is read: by which model, at which size.
//!
//! The engine's time grows with the width of a picture at its own fixed height,
//! so the first look, which all print gets, is at slightly narrowed letters:
//! narrow faces are as familiar to the models, and what they leave in doubt is
//! read again at its own width.

use super::{Model, Script};

/// One way of reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    pub(super) model: Model,
    /// What the height of letters is brought to, in pixels.
    pub(super) height: f32,
    /// What their width is multiplied with beside that.
    pub(super) stretch: f32,
}

impl Way {
    /// By our own recogniser, which brings lines to a height of its own.
    pub(super) const OWN: Self = Self::new(Model::Own, 0.0);

    /// A model at a height, letters as wide as printed.
    pub(super) const fn new(model: Model, height: f32) -> Self {
        Self { model, height, stretch: 1.0 }
    }

    const fn narrowed(model: Model, height: f32, stretch: f32) -> Self {
        Self { model, height, stretch }
    }

    /// The ways of the first look in a script: the first for all print, the others
    /// where it was not sure.
    pub(super) const fn first_look(script: Script) -> &'static [Self; 3] {
        match script {
            Script::Latin => &FRENCH_LOOK,
            Script::Arabic => &ARABIC_LOOK,
        }
    }
}

const FRENCH_LOOK: [Way; 3] = [
    Way::narrowed(Model::French, 34.0, 0.87),
    Way::new(Model::French, 28.0),
    Way::new(Model::French, 44.0),
];

/// The Arabic model likes letters small.
const ARABIC_LOOK: [Way; 3] = [
    Way::narrowed(Model::Arabic, 20.0, 0.9),
    Way::new(Model::Arabic, 16.0),
    Way::new(Model::Arabic, 25.0),
];

/// How doubtful French print is read after the first look.
pub(super) const FRENCH: [Way; 3] =
    [Way::new(Model::French, 28.0), Way::new(Model::English, 34.0), Way::new(Model::French, 44.0)];

/// The same for codes. The English model knows no accents and is better at
/// letters between digits.
pub(super) const CODE: [Way; 4] = [
    Way::new(Model::English, 34.0),
    Way::new(Model::French, 28.0),
    Way::new(Model::English, 26.0),
    Way::new(Model::French, 44.0),
];

/// Codes of which the French model was sure of nothing.
pub(super) const FAINT: [Way; 2] = [Way::new(Model::English, 34.0), Way::new(Model::English, 26.0)];

/// How Arabic print is read again.
pub(super) const ARABIC: [Way; 2] = [Way::new(Model::Arabic, 16.0), Way::new(Model::Arabic, 25.0)];

/// The same where it may be none.
pub(super) const ARABIC_OR_NOT: [Way; 3] =
    [Way::new(Model::Arabic, 16.0), Way::new(Model::Arabic, 25.0), Way::new(Model::English, 34.0)];
