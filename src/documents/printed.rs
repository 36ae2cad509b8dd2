//! Test support: a page made of rows of text with positions, as a perfect engine
//! would read it.

use crate::documents::normalize::is_arabic;
use crate::documents::{Part, Sheet};
use crate::ocr::{Line, Page, Placement, Rect, Script, Word};

/// The width of a test card in pixels.
const WIDTH: f32 = 1600.0;
/// The height.
const HEIGHT: f32 = 1010.0;
/// The height of a line of print.
const LETTER: f32 = 40.0;

/// A page being printed.
pub(crate) struct Printed {
    page: Page,
}

impl Printed {
    /// An empty card.
    pub(crate) fn card() -> Self {
        Self {
            page: Page {
                width: WIDTH,
                height: HEIGHT,
                lines: Vec::new(),
                mrz: Vec::new(),
                portrait: None,
                placement: Placement::IDENTITY,
            },
        }
    }

    /// Prints a text: Latin from `x` on to the right, Arabic from `x` to the left. Both are
    /// fractions of the card, `y` that of the line's middle.
    #[must_use]
    pub(crate) fn at(mut self, x: f32, y: f32, text: &str) -> Self {
        // A plate, which starts with a digit, stands in a line of the Latin script.
        let script = match text.chars().find(|c| c.is_alphanumeric()) {
            Some(first) if is_arabic(first) => Script::Arabic,
            _ => Script::Latin,
        };
        let mut edge = x * WIDTH;
        let top = y * HEIGHT - LETTER / 2.0;
        let words = text.split(' ').map(|text| {
            let width = text.chars().count() as f32 * LETTER * 0.55;
            let left = if script == Script::Latin { edge } else { edge - width };
            let step = width + LETTER * 0.4;
            edge += if script == Script::Latin { step } else { -step };
            let rect = Rect::new(left, top, width, LETTER);
            Word::new(text, 0.95, rect)
        });
        let line = Line { script, words: words.collect() };
        self.page.lines.push(line);
        self
    }

    /// A stain, in which an engine sees a few letters without being sure of them.
    #[must_use]
    pub(crate) fn stain(mut self, x: f32, y: f32, text: &str) -> Self {
        self = self.at(x, y, text);
        for word in self.page.lines.last_mut().into_iter().flat_map(|line| &mut line.words) {
            (word.rect.height, word.confidence) = (LETTER * 0.4, 0.8);
        }
        self
    }

    /// Prints rows of a French text on the left and an Arabic one on the right,
    /// evenly spaced from `top` to the bottom.
    #[must_use]
    pub(crate) fn rows(mut self, top: f32, rows: &[(&str, &str)]) -> Self {
        let step = (0.95 - top) / rows.len() as f32;
        for (index, (left, right)) in rows.iter().enumerate() {
            let y = top + step * index as f32;
            if !left.is_empty() {
                self = self.at(0.03, y, left);
            }
            if !right.is_empty() {
                self = self.at(0.97, y, right);
            }
        }
        self
    }

    /// Prints a machine-readable zone.
    #[must_use]
    pub(crate) fn mrz(mut self, lines: [&str; 3]) -> Self {
        self.page.mrz = lines
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let rect = Rect::new(40.0, 700.0 + 90.0 * index as f32, 1500.0, 50.0);
                let word = Word::new(*text, 0.9, rect);
                vec![Line { script: Script::Latin, words: vec![word] }]
            })
            .collect();
        self
    }

    /// The page, its lines from top to bottom.
    pub(crate) fn page(mut self) -> Page {
        self.page.lines.sort_by(|a, b| a.rect().mid_y().total_cmp(&b.rect().mid_y()));
        self.page
    }

    /// The page as one part of an upload.
    pub(crate) fn sheet(self, part: Part) -> Sheet {
        Sheet { page: self.page(), part, recognised: None }
    }
}
