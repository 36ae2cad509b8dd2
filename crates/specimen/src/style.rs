//! How one card is printed: the choices that the seed makes before its content.

use image::Rgb;
use rand::Rng;

use crate::data::{capitals, one_of};
use crate::face::{ARABIC, Face, LATIN};
use crate::picture::Script;
use crate::sheet::Brush;
use crate::{DEVELOPMENT_SEEDS, DrawError, Kind, layouts};

/// The letter case of French labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    AsWritten,
    Capitals,
    BareCapitals,
    Small,
}

/// The look of a card: the same on both sides.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// The layout family, one of [`layouts`].
    pub(crate) layout: &'static str,
    /// Width of the card in pixels.
    pub(crate) width: u32,
    latin: Face,
    latin_label: Face,
    arabic: Face,
    ink: Rgb<u8>,
    label_ink: Rgb<u8>,
    /// The em of values, as a fraction of the card's height.
    pub(crate) value_size: f32,
    label_size: f32,
    case: Case,
    /// What follows a label.
    colon: &'static str,
    /// What stands between day, month and year.
    pub(crate) date_separator: char,
    /// A number for choices that one layout makes alone.
    pub(crate) whim: u32,
}

impl Style {
    pub(crate) fn choose(
        rng: &mut impl Rng,
        kind: Kind,
        seed: u64,
        layout: Option<&str>,
    ) -> Result<Self, DrawError> {
        let all = layouts(kind);
        let development = seed < DEVELOPMENT_SEEDS;
        let open = if development { all.len() - 1 } else { all.len() };
        let chosen = all[rng.random_range(0..open)];
        let layout = match layout {
            None => chosen,
            Some(name) => all
                .iter()
                .find(|one| **one == name)
                .ok_or_else(|| DrawError::UnknownLayout(name.to_owned(), all.join(", ")))?,
        };
        // The fonts at the end of each list are kept back together with the layout.
        let kept_back = if development { 2 } else { 0 };
        let latin = *one_of(rng, &LATIN[..LATIN.len() - kept_back]);
        let label = *one_of(rng, &LATIN[..LATIN.len() - kept_back]);
        let arabic = *one_of(rng, &ARABIC[..ARABIC.len() - kept_back]);
        let dark = rng.random_range(0..60_u8);
        let separator = match kind {
            Kind::Cin2008 | Kind::Cin2020 => one_of(rng, &['.', '.', '.', '.', '/', '-']),
            Kind::Permis | Kind::Gris => one_of(rng, &['/', '/', '/', '/', '.', '-']),
        };
        let mut style = Self {
            layout,
            width: *one_of(rng, &[1012, 1012, 1012, 1100, 1200, 1350, 1500]),
            latin,
            latin_label: if rng.random_bool(0.7) { Face { bold: false, ..latin } } else { label },
            arabic,
            ink: Rgb([dark, dark, dark.saturating_add(rng.random_range(0..15))]),
            label_ink: *one_of(
                rng,
                &[
                    Rgb([dark, dark, dark]),
                    Rgb([70, 70, 70]),
                    Rgb([40, 60, 110]),
                    Rgb([110, 40, 40]),
                    Rgb([30, 80, 60]),
                ],
            ),
            value_size: rng.random_range(0.047..0.056),
            label_size: rng.random_range(0.74..0.95),
            case: *one_of(
                rng,
                &[
                    Case::AsWritten,
                    Case::AsWritten,
                    Case::AsWritten,
                    Case::Capitals,
                    Case::BareCapitals,
                ],
            ),
            colon: if rng.random_bool(0.4) { " :" } else { "" },
            date_separator: *separator,
            whim: rng.random(),
        };
        if all.last() == Some(&style.layout) {
            style.estrange();
        }
        Ok(style)
    }

    /// Gives the layout that is kept from development what the others do not
    /// print, so that it measures more than another order of the same rows.
    fn estrange(&mut self) {
        let pick = |shift: u32| (self.whim >> shift) as usize % 4;
        let case = [Case::Small, Case::Capitals, Case::AsWritten, Case::AsWritten][pick(25)];
        let colon = ["", ":", ":", " :"][pick(27)];
        let separator = [' ', '-', '/', '.'][pick(29)];
        (self.case, self.colon, self.date_separator) = (case, colon, separator);
    }

    /// A yes or no that layouts may ask for: the `nth` is always the same for a card.
    pub(crate) const fn coin(&self, nth: u32) -> bool {
        (self.whim >> (nth % 32)) & 1 == 1
    }

    /// A French label in the card's letter case, with its colon if the card has them.
    pub(crate) fn label(&self, text: &str) -> String {
        let text = match self.case {
            Case::AsWritten => text.to_owned(),
            Case::Capitals => text.to_uppercase(),
            Case::BareCapitals => capitals(text),
            Case::Small => text.to_lowercase(),
        };
        self.with_colon(text)
    }

    /// An Arabic label, with its colon if the card has them.
    pub(crate) fn arabic_label(&self, text: &str) -> String {
        self.with_colon(text.to_owned())
    }

    fn with_colon(&self, label: String) -> String {
        if label.is_empty() { label } else { label + self.colon }
    }

    /// What values are printed with on a card `height` pixels high.
    pub(crate) fn value(&self, script: Script, height: f32) -> Brush {
        let face = if script == Script::Arabic { self.arabic } else { self.latin };
        Brush { face, size: self.value_size * height, colour: self.ink, script }
    }

    /// What labels are printed with on a card `height` pixels high.
    pub(crate) fn label_brush(&self, script: Script, height: f32) -> Brush {
        let face = match script {
            Script::Arabic => Face { bold: false, ..self.arabic },
            Script::Latin | Script::Mrz => self.latin_label,
        };
        let size = self.value_size * self.label_size * height;
        Brush { face, size, colour: self.label_ink, script }
    }

    /// A date in the card's spelling.
    pub(crate) fn date(&self, date: chrono::NaiveDate) -> String {
        date.format("%d/%m/%Y").to_string().replace('/', &self.date_separator.to_string())
    }
}
