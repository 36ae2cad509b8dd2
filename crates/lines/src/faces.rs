//! The installed faces, read once and kept for all threads.

use std::sync::OnceLock;

use harfrust::ShaperData;
use swash::scale::ScaleContext;
use swash::{CacheKey, FontRef};

use crate::fonts::{FAMILIES, installed_files};

/// A cut of a family: one font file.
pub(crate) struct Face {
    /// The row of its family.
    pub(crate) family: u16,
    bytes: Vec<u8>,
    key: CacheKey,
    shaper: ShaperData,
    /// Heights of `H` and of alef, as parts of the em; zero where it has none.
    pub(crate) capital: f32,
    pub(crate) alef: f32,
}

impl Face {
    fn open(family: u16, path: &std::path::Path) -> Option<Self> {
        let bytes = std::fs::read(path).ok()?;
        let key = FontRef::from_index(&bytes, 0)?.key;
        let shaper = ShaperData::new(&harfrust::FontRef::new(&bytes).ok()?);
        let mut face = Self { family, bytes, key, shaper, capital: 0.0, alef: 0.0 };
        face.capital = face.height('H');
        face.alef = face.height('ا');
        Some(face)
    }

    /// The font for rasterising.
    pub(crate) fn font(&self) -> FontRef<'_> {
        // The key is that of the first opening: glyphs scaled before are found by it.
        FontRef { data: &self.bytes, offset: 0, key: self.key }
    }

    /// The font for shaping; nothing for a broken file.
    pub(crate) fn shaper(&self) -> Option<harfrust::Shaper<'_>> {
        let font = harfrust::FontRef::new(&self.bytes).ok()?;
        Some(self.shaper.shaper(&font).build())
    }

    /// Whether it has a glyph for every character but blanks.
    pub(crate) fn writes(&self, mut letters: impl Iterator<Item = char>) -> bool {
        let glyphs = self.font().charmap();
        letters.all(|letter| letter == ' ' || glyphs.map(letter) != 0)
    }

    fn height(&self, letter: char) -> f32 {
        let font = self.font();
        let glyph = font.charmap().map(letter);
        let mut context = ScaleContext::new();
        let outline = context.builder(font).size(100.0).build().scale_outline(glyph);
        outline.filter(|_| glyph != 0).map_or(0.0, |outline| outline.bounds().max.y / 100.0)
    }
}

/// Every installed face of a family that some split uses.
pub(crate) fn faces() -> &'static [Face] {
    static FACES: OnceLock<Vec<Face>> = OnceLock::new();
    FACES.get_or_init(|| {
        let files = installed_files();
        let file = |stem: &str| {
            let at = files.partition_point(|path| path.file_stem().is_some_and(|it| it < stem));
            let mut near = files[at..].iter().take(4);
            near.find(|path| path.file_stem().is_some_and(|found| found == stem))
        };
        let rows = FAMILIES.iter().enumerate();
        let named = rows.flat_map(|(row, family)| family.files().map(move |stem| (row, stem)));
        named.filter_map(|(row, stem)| Face::open(row as u16, file(stem)?)).collect()
    })
}
