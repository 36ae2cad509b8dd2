//! The typefaces that cards are printed in, and where their files are.

use std::path::{Path, PathBuf};

use cosmic_text::fontdb::Database;

use crate::DrawError;

/// Where Debian installs fonts; see `scripts/setup`.
const FONT_ROOT: &str = "/usr/share/fonts";

/// A typeface by its family name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Face {
    /// The family, as its files name themselves.
    pub(crate) family: &'static str,
    /// Whether the bold cut is used.
    pub(crate) bold: bool,
    /// What an em of it is multiplied with, so that all faces look equally large.
    pub(crate) scale: f32,
}

const fn face(family: &'static str, bold: bool, scale: f32) -> Face {
    Face { family, bold, scale }
}

/// Faces for French and numbers; the last two are kept from development seeds.
pub(crate) const LATIN: &[Face] = &[
    face("Liberation Sans", false, 1.0),
    face("Liberation Sans", true, 1.0),
    face("DejaVu Sans", false, 0.92),
    face("DejaVu Sans", true, 0.9),
    face("Open Sans", false, 1.0),
    face("Open Sans", true, 0.97),
    face("Carlito", false, 1.1),
    face("Carlito", true, 1.1),
    face("FreeSans", false, 1.02),
    face("FreeSans", true, 1.0),
    face("Noto Sans", false, 0.98),
    face("Noto Sans", true, 0.96),
    face("Liberation Serif", false, 1.06),
    face("Liberation Serif", true, 1.04),
];

/// Faces for Arabic; the last two are kept from development seeds.
pub(crate) const ARABIC: &[Face] = &[
    face("Noto Naskh Arabic", false, 1.12),
    face("Noto Naskh Arabic", true, 1.1),
    face("Noto Sans Arabic", false, 1.05),
    face("DejaVu Sans", false, 1.0),
    face("DejaVu Sans", true, 0.97),
    face("Scheherazade", false, 1.5),
    face("Scheherazade", true, 1.45),
    face("KacstBook", false, 1.25),
    face("KacstOffice", false, 1.2),
    face("KacstNaskh", false, 1.25),
    face("Noto Kufi Arabic", false, 0.95),
    face("Amiri", false, 1.25),
    face("Amiri", true, 1.22),
    face("FreeSerif", false, 1.2),
    face("FreeSerif", true, 1.15),
];

/// The face of the machine-readable zone.
pub(crate) const MRZ: Face = face("OCR B", false, 1.0);

/// The files of those fonts. The list is closed so that the same machine image always draws the same cards.
const FILES: &[&str] = &[
    "LiberationSans-Regular.ttf",
    "LiberationSans-Bold.ttf",
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "OpenSans-Regular.ttf",
    "OpenSans-Bold.ttf",
    "Carlito-Regular.ttf",
    "Carlito-Bold.ttf",
    "FreeSans.ttf",
    "FreeSansBold.ttf",
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "LiberationSerif-Regular.ttf",
    "LiberationSerif-Bold.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoKufiArabic-Regular.ttf",
    "Scheherazade-Regular.ttf",
    "Scheherazade-Bold.ttf",
    "KacstBook.ttf",
    "KacstOffice.ttf",
    "KacstNaskh.ttf",
    "Amiri-Regular.ttf",
    "Amiri-Bold.ttf",
    "FreeSerif.ttf",
    "FreeSerifBold.ttf",
    "OCRB.otf",
];

/// Opens the fonts of the closed list below the system's font folder.
pub(crate) fn database() -> Result<Database, DrawError> {
    let mut found = Vec::new();
    collect(Path::new(FONT_ROOT), 0, &mut found);
    let mut database = Database::new();
    for &name in FILES {
        let path = found.iter().find(|path| path.file_name().is_some_and(|file| file == name));
        let loaded = path.is_some_and(|path| database.load_font_file(path).is_ok());
        if !loaded {
            return Err(DrawError::FontMissing(name, FONT_ROOT));
        }
    }
    Ok(database)
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth < 4 {
            collect(&path, depth + 1, found);
        } else {
            found.push(path);
        }
    }
}
