//! Draws pictures that are none of the documents: what people send by mistake,
//! and what looks like a document without being one.
//!
//! A reader of documents must refuse every one of them. Like the specimens they
//! are functions of a seed, name people who do not exist, and bear the word
//! SPECIMEN where they name somebody.

mod cards;
mod pages;
mod scenes;

use std::fmt;

use image::Rgb;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::data::one_of;
use crate::face::{ARABIC, Face, LATIN};
use crate::picture::{Picture, Script};
use crate::sheet::{Anchor, Brush, Sheet};
use crate::{DrawError, Level, degrade};

/// What a picture shows that is no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distractor {
    /// Noise of a sensor, fine or coarse, grey or coloured.
    Noise,
    /// One colour, or a gradient.
    Blank,
    /// Hills below a sky.
    Landscape,
    /// Discs and rectangles of many colours.
    Shapes,
    /// A page of French running text, on documents among other things.
    FrenchPage,
    /// A page of Arabic running text.
    ArabicPage,
    /// An invoice with a table, dates and amounts.
    Invoice,
    /// An administrative form whose labels are those of documents.
    Form,
    /// A telephone's screen with a list of messages or of entries.
    Screenshot,
    /// A business card.
    BusinessCard,
    /// A card of a bank or a shop: name, long number, expiry.
    BankCard,
    /// A student's card: portrait, names in both scripts, dates.
    StudentCard,
    /// An identity card of a country that does not exist, with its zone.
    ForeignIdentity,
    /// A foreigner's residence permit of the kingdom.
    ResidencePermit,
    /// The page of a passport that shows its holder.
    PassportPage,
}

impl Distractor {
    /// Everything that can be drawn.
    pub const ALL: [Self; 15] = [
        Self::Noise,
        Self::Blank,
        Self::Landscape,
        Self::Shapes,
        Self::FrenchPage,
        Self::ArabicPage,
        Self::Invoice,
        Self::Form,
        Self::Screenshot,
        Self::BusinessCard,
        Self::BankCard,
        Self::StudentCard,
        Self::ForeignIdentity,
        Self::ResidencePermit,
        Self::PassportPage,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::Blank => "blank",
            Self::Landscape => "landscape",
            Self::Shapes => "shapes",
            Self::FrenchPage => "french page",
            Self::ArabicPage => "arabic page",
            Self::Invoice => "invoice",
            Self::Form => "form",
            Self::Screenshot => "screenshot",
            Self::BusinessCard => "business card",
            Self::BankCard => "bank card",
            Self::StudentCard => "student card",
            Self::ForeignIdentity => "foreign identity card",
            Self::ResidencePermit => "residence permit",
            Self::PassportPage => "passport page",
        }
    }
}

impl fmt::Display for Distractor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Draws a picture that is no document, photographed at `level`.
///
/// # Errors
///
/// [`DrawError::FontMissing`] on a machine that was not set up.
pub fn draw_distractor(
    distractor: Distractor,
    level: Level,
    seed: u64,
) -> Result<Picture, DrawError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // Far from the streams that specimens of the same seed are drawn from.
    rng.set_stream(1024 + distractor as u64);
    let rng = &mut rng;
    let sheet = match distractor {
        Distractor::Noise => scenes::noise(rng),
        Distractor::Blank => scenes::blank(rng),
        Distractor::Landscape => scenes::landscape(rng),
        Distractor::Shapes => scenes::shapes(rng),
        Distractor::FrenchPage => pages::running(Script::Latin, rng)?,
        Distractor::ArabicPage => pages::running(Script::Arabic, rng)?,
        Distractor::Invoice => pages::invoice(rng)?,
        Distractor::Form => pages::form(rng)?,
        Distractor::Screenshot => pages::screenshot(rng)?,
        Distractor::BusinessCard => cards::business(rng)?,
        Distractor::BankCard => cards::bank(rng)?,
        Distractor::StudentCard => cards::student(rng)?,
        Distractor::ForeignIdentity => cards::foreign_identity(rng)?,
        Distractor::ResidencePermit => cards::residence_permit(rng)?,
        Distractor::PassportPage => cards::passport_page(rng)?,
    };
    let picture = sheet.finish();
    let aspect = picture.image.width() as f32 / picture.image.height() as f32;
    Ok(degrade::photograph(picture, aspect, level, rng))
}

/// The faces and the ink of one distractor.
struct Hand {
    latin: Face,
    arabic: Face,
    ink: Rgb<u8>,
    /// The em of ordinary text, in pixels.
    em: f32,
}

impl Hand {
    fn choose(sheet: &Sheet, em: f32, rng: &mut impl Rng) -> Self {
        let dark = rng.random_range(0..70_u8);
        Self {
            latin: *one_of(rng, LATIN),
            arabic: *one_of(rng, ARABIC),
            ink: *one_of(rng, &[Rgb([dark, dark, dark]), Rgb([24, 36, 90]), Rgb([80, 20, 24])]),
            em: em * sheet.height(),
        }
    }

    /// Writes at fractions of the sheet, `size` times as large as ordinary text.
    /// What finds no room is left out: a distractor owes no text to anybody.
    fn write(
        &self,
        sheet: &mut Sheet,
        text: &str,
        size: f32,
        (anchor, x, y): (Anchor, f32, f32),
    ) -> Result<(), DrawError> {
        let arabic = text.chars().any(|letter| ('\u{600}'..'\u{700}').contains(&letter));
        let (face, script) =
            if arabic { (self.arabic, Script::Arabic) } else { (self.latin, Script::Latin) };
        let brush = Brush { face, size: self.em * size, colour: self.ink, script };
        let (w, h) = (sheet.width(), sheet.height());
        let room = match anchor {
            Anchor::Left => (0.98 - x) * w,
            Anchor::Middle => 0.94 * w,
            Anchor::Right => (x - 0.02) * w,
        };
        match sheet.put(text, &brush, (anchor, x * w, y * h), room, None) {
            Ok(_) | Err(DrawError::Crowded(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The word SPECIMEN, in red.
    fn mark(&self, sheet: &mut Sheet) -> Result<(), DrawError> {
        let colour = Rgb([190, 60, 60]);
        let brush = Brush { face: self.latin, size: self.em, colour, script: Script::Latin };
        sheet.mark_as_specimen(&brush)
    }
}
