//! The fonts that pages are drawn with.

use std::path::Path;

use ab_glyph::{Font, FontVec};
use anyhow::ensure;
use wathiqa::ocr::glyphs::ALPHABET;

/// Families kept for tests of what the network makes of fonts that it never saw.
const KEPT_BACK: [&str; 3] = ["amiri", "notosans-regular", "notosans-bold"];

/// Faces whose digits or letters are ornaments.
const ORNAMENTAL: [&str; 12] = [
    "ae_shado",
    "ae_metal",
    "ae_japan",
    "ae_jet",
    "ae_ostorah",
    "ae_graph",
    "ae_dimnah",
    "nastaliq",
    "kacstart",
    "kacstdecorative",
    "symbol",
    "dingbats",
];

/// Fonts by what they can write.
pub(crate) struct Fonts {
    /// With digits and Latin capitals.
    pub(crate) latin: Vec<FontVec>,
    /// With the letters of plates.
    pub(crate) arabic: Vec<FontVec>,
}

impl Fonts {
    /// Loads the fonts under a folder.
    pub(crate) fn load(folder: &Path) -> anyhow::Result<Self> {
        let mut fonts = Self { latin: Vec::new(), arabic: Vec::new() };
        let mut folders = vec![folder.to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() { &mut folders } else { &mut files }.push(path);
            }
        }
        files.sort();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            let is_font = extension == "ttf" || extension == "otf";
            let left_out = is_left_out(&name);
            // Most Noto fonts share their digits.
            let again =
                name.starts_with("notosans") && !name.contains("arabic") && !name.contains("mono")
                    || name.starts_with("notoserif") && !name.starts_with("notoserif-");
            if !is_font || left_out || again {
                continue;
            }
            let bytes = std::fs::read(&file)?;
            let has = |font: &FontVec, letters: &[char]| {
                letters.iter().all(|letter| font.glyph_id(*letter).0 != 0)
            };
            if let Ok(font) = FontVec::try_from_vec(bytes.clone())
                && has(&font, &ALPHABET[10..])
            {
                fonts.arabic.push(font);
            }
            if let Ok(font) = FontVec::try_from_vec(bytes)
                && has(&font, &ALPHABET[..10])
                && has(&font, &['A', 'K', 'X', 'Z', 'a', 'x', '/'])
            {
                fonts.latin.push(font);
            }
        }
        ensure!(!fonts.latin.is_empty() && !fonts.arabic.is_empty(), "no fonts were found");
        Ok(fonts)
    }
}

/// Whether a font, by its name in lower case, takes no part.
pub(crate) fn is_left_out(name: &str) -> bool {
    KEPT_BACK.iter().chain(&ORNAMENTAL).any(|part| name.contains(part))
}
