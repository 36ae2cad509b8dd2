//! The lines that are measured: drawn ones, and ones cut from drawn cards.

use anyhow::Context;
use image::GrayImage;
use lines::{FAMILIES, Filters, Kind as LineKind, Level, LineSpecimen, Purpose, Split};
use specimen::{DEVELOPMENT_SEEDS, Kind, PlacedText, Script, Specimen};
use wathiqa::ocr::Model;

use crate::card_lines::{self, CardLine};
use crate::groups::Group;

/// A line and what it says.
pub(crate) struct Sample {
    pub(crate) image: GrayImage,
    /// What it says: in the order in which it is read, or as it stands from left to right.
    pub(crate) text: String,
    pub(crate) group: Group,
    pub(crate) level: Level,
    /// The row of [`FAMILIES`] that its letters are of; none where nothing is printed.
    pub(crate) font: Option<u16>,
    /// The library's model for it: what a line is, is told to the library.
    pub(crate) model: Model,
    /// What it is, for who looks at what was misread.
    pub(crate) name: String,
}

impl Sample {
    /// Whether its face is one that titles and signs are written in, not documents.
    pub(crate) fn is_display(&self) -> bool {
        let family = self.font.and_then(|row| FAMILIES.get(usize::from(row)));
        family.is_some_and(|family| family.purpose == Purpose::Display)
    }

    /// Whether a reading says what stands there. Blanks apart: how wide one is, is nobody's
    /// to tell, and in a plate they say nothing.
    pub(crate) fn is_read_as(&self, text: &str) -> bool {
        let same = |left: &str, right: &str| {
            if self.group == Group::Plates {
                let letters = |text: &str| -> String { text.split_whitespace().collect() };
                return letters(left) == letters(right);
            }
            left.split_whitespace().eq(right.split_whitespace())
        };
        same(&self.text, text) || same(&self.text, &lines::visual(text))
    }

    fn drawn(line: LineSpecimen) -> Self {
        Self {
            group: Group::of(line.kind),
            level: line.level,
            font: Some(line.font),
            model: Group::model(line.kind),
            name: line.kind.to_string(),
            image: line.image,
            text: line.text,
        }
    }

    fn cut(line: CardLine, level: Level) -> Self {
        let first = line.texts.first();
        let is_arabic = |text: &PlacedText| text.script == Script::Arabic;
        let family = first.map_or("", |text| text.family);
        let font = FAMILIES.iter().position(|other| other.name == family);
        Self {
            group: Group::of_card(&line.texts),
            level,
            font: font.map(|row| row as u16),
            model: match first.map(|text| text.script) {
                Some(Script::Mrz) => Model::Mrz,
                Some(_) if line.texts.iter().all(is_arabic) => Model::Arabic,
                _ => Model::French,
            },
            name: first.and_then(|text| text.path.clone()).unwrap_or_default(),
            image: line.image,
            text: line.visual,
        }
    }
}

/// So many drawn lines of each group and level.
///
/// # Errors
///
/// When a family is not installed.
pub(crate) fn drawn(
    split: Split,
    seed: u64,
    count: u64,
    levels: &[Level],
) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for group in Group::ALL {
        for level in levels {
            let kinds: Vec<LineKind> = group.kinds().to_vec();
            let filters = Filters { kinds, levels: vec![*level], ..Filters::default() };
            for index in 0..count {
                samples.push(Sample::drawn(lines::draw(split, seed, index, &filters)?));
            }
        }
    }
    Ok(samples)
}

/// The lines of so many cards of each document and level, cut as the service cuts them; of
/// [`Split::Held`] those alone that are printed in faces which training never saw.
///
/// # Errors
///
/// When a card cannot be drawn.
pub(crate) fn of_cards(
    split: Split,
    seed: u64,
    count: u64,
    levels: &[Level],
) -> anyhow::Result<Vec<Sample>> {
    let first = if split == Split::Held { DEVELOPMENT_SEEDS } else { 0 } + seed;
    let mut samples = Vec::new();
    for (kind, level) in Kind::ALL.iter().flat_map(|kind| levels.iter().map(move |l| (kind, l))) {
        for seed in first..first + count {
            let Specimen { recto, verso, .. } = specimen::draw(*kind, *level, seed)?;
            for side in [recto, verso] {
                let lines = card_lines::cut(&side, split).context("a drawn card")?;
                samples.extend(lines.into_iter().map(|line| Sample::cut(line, *level)));
            }
        }
    }
    Ok(samples)
}
