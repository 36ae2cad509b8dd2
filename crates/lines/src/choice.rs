//! Which faces a line may be printed in.

use std::sync::LazyLock;

use rand::Rng;
use specimen::data::one_of;

use crate::alphabet::is_arabic;
use crate::faces::{Face, faces};
use crate::fonts::{FAMILIES, Family, Purpose};
use crate::{DrawError, Filters, Kind, Split};

/// The family of the machine-readable zone.
const MRZ: &str = "OCR B";

/// How often chance passes a display face by: cards are printed in text faces, and
/// what a small network learns of ornaments it does not learn of them.
const DISPLAY_SKIPPED: f64 = 0.85;

/// The installed faces of every family, by its row.
static INSTALLED: LazyLock<Vec<Vec<&'static Face>>> = LazyLock::new(|| {
    let mut families: Vec<Vec<&Face>> = FAMILIES.iter().map(|_| Vec::new()).collect();
    for face in faces() {
        families[usize::from(face.family)].push(face);
    }
    families
});

/// The families that a split and the filters let through.
pub(crate) struct Choice {
    latin: Vec<usize>,
    arabic: Vec<usize>,
}

impl Choice {
    /// The families to choose from.
    ///
    /// # Errors
    ///
    /// [`DrawError::FontsMissing`] where the filters do not say to do without.
    pub(crate) fn of(split: Split, filters: &Filters) -> Result<Self, DrawError> {
        if !filters.installed {
            complete(split)?;
        }
        let fit = |row: &usize| FAMILIES[*row].split.is_for(split) && !INSTALLED[*row].is_empty();
        let rows: Vec<usize> = (0..FAMILIES.len()).filter(fit).collect();
        let with = |writes: fn(&Family) -> bool| {
            let all: Vec<usize> =
                rows.iter().copied().filter(|row| writes(&FAMILIES[*row])).collect();
            let named = |part: &String| {
                all.iter().copied().filter(|row| FAMILIES[*row].name.contains(part)).collect()
            };
            // A filter that names a family of one script leaves the other free.
            let named: Vec<usize> = filters.fonts.as_ref().map(named).unwrap_or_default();
            if named.is_empty() { all } else { named }
        };
        Ok(Self { latin: with(Family::is_latin), arabic: with(Family::is_arabic) })
    }

    /// A face for French and one for Arabic that have every letter of the text.
    ///
    /// # Errors
    ///
    /// [`DrawError::NoFont`] where no family has them.
    pub(crate) fn faces(
        &self,
        kind: Kind,
        text: &str,
        rng: &mut impl Rng,
    ) -> Result<(&'static Face, &'static Face), DrawError> {
        let is_mark = |letter: char| letter == '\u{640}';
        let (arabic, latin): (Vec<char>, Vec<char>) =
            text.chars().filter(|letter| !is_mark(*letter)).partition(|letter| is_arabic(*letter));
        let one_family = rng.random_bool(0.35) && !arabic.is_empty();
        let arabic = pick(&self.arabic, &arabic, rng).ok_or(DrawError::NoFont("Arabic"))?;
        let zone = zone().filter(|_| kind == Kind::Mrz && rng.random_bool(0.9));
        let fits = one_family
            && FAMILIES[usize::from(arabic.family)].is_latin()
            && arabic.writes(latin.iter().copied());
        let own = fits.then_some(arabic);
        let latin = zone.or(own).or_else(|| pick(&self.latin, &latin, rng));
        let latin = latin.ok_or(DrawError::NoFont("French"))?;
        Ok((latin, arabic))
    }
}

/// The face of the machine-readable zone, where it is installed.
fn zone() -> Option<&'static Face> {
    let row = FAMILIES.iter().position(|family| family.name == MRZ)?;
    INSTALLED[row].first().copied()
}

/// A face of the families that has all letters. Chance chooses the family first,
/// so that one with many cuts is not seen more often.
fn pick(families: &[usize], letters: &[char], rng: &mut impl Rng) -> Option<&'static Face> {
    if families.is_empty() {
        return None;
    }
    for _ in 0..12 {
        let family = *one_of(rng, families);
        if FAMILIES[family].purpose == Purpose::Display && rng.random_bool(DISPLAY_SKIPPED) {
            continue;
        }
        let face = *one_of(rng, &INSTALLED[family]);
        if face.writes(letters.iter().copied()) {
            return Some(face);
        }
    }
    // Rare letters: the first family from a place of chance on that has them.
    let start = rng.random_range(0..families.len());
    let turned = families[start..].iter().chain(&families[..start]);
    let mut faces = turned.flat_map(|row| INSTALLED[*row].iter().copied());
    faces.find(|face| face.writes(letters.iter().copied()))
}

/// Whether every family of a split is installed.
fn complete(split: Split) -> Result<(), DrawError> {
    let missing = missing(split);
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|family| family.name.as_str()).collect();
    let mut packages: Vec<&str> = missing.iter().flat_map(|family| family.packages()).collect();
    packages.sort_unstable();
    packages.dedup();
    Err(DrawError::FontsMissing {
        count: names.len(),
        families: names.join(", "),
        packages: packages.join(" "),
    })
}

/// Families of a split of which a file is not installed.
pub fn missing(split: Split) -> Vec<&'static Family> {
    let rows = FAMILIES.iter().zip(INSTALLED.iter());
    let wanted = rows.filter(|(family, _)| family.split.is_for(split));
    wanted.filter(|(family, faces)| faces.len() < family.files().count()).map(|row| row.0).collect()
}
