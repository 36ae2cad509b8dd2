//! The families that lines are printed in: which letters they write, which
//! package brings them, and whether training may see them.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::Split;

/// The families, one a row; a record of the stream names a row.
const TABLE: &str = include_str!("../data/fonts.csv");

/// Where Debian installs fonts.
const ROOTS: [&str; 2] = ["/usr/share/fonts", "/usr/share/texmf/fonts/opentype"];

/// A typeface family.
#[derive(Debug, Clone, Deserialize)]
pub struct Family {
    /// Its name.
    #[serde(rename = "family")]
    pub name: String,
    /// What it writes.
    pub scripts: Scripts,
    /// What it was made for.
    #[serde(rename = "use")]
    pub purpose: Purpose,
    /// The Debian packages that bring it, with blanks between.
    pub package: String,
    /// Under which licence.
    pub licence: String,
    /// Who may use it.
    pub split: Share,
    /// Names of its files without extension, with semicolons between.
    files: String,
}

/// What is taken from a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scripts {
    /// Latin letters and digits.
    Latin,
    /// Arabic letters; its digits and Latin letters are not fit.
    Arabic,
    /// Both.
    Both,
}

/// What a family was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Documents and books; cards are mostly printed in such.
    Text,
    /// Titles, signs and terminals; seen less often.
    Display,
}

/// Who may use a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// The splits that a network learns from.
    Train,
    /// Only the split that measures.
    Held,
    /// All: the one family of the machine-readable zone, which a standard fixes.
    Any,
    /// None: it is an ornament, or its letters are not those of the alphabet.
    Out,
}

impl Share {
    /// Whether a split may use it.
    pub fn is_for(self, split: Split) -> bool {
        match self {
            Self::Train => split != Split::Held,
            Self::Held => split == Split::Held,
            Self::Any => true,
            Self::Out => false,
        }
    }
}

impl Family {
    /// Names of its files without extension.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.split(';')
    }

    /// The packages that bring it.
    pub fn packages(&self) -> impl Iterator<Item = &str> {
        self.package.split(' ')
    }

    /// Whether it writes Arabic.
    pub fn is_arabic(&self) -> bool {
        self.scripts != Scripts::Latin
    }

    /// Whether it writes French and digits.
    pub fn is_latin(&self) -> bool {
        self.scripts != Scripts::Arabic
    }
}

/// Every family, in the order of the table.
pub static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| {
    // A row that is no family would be missed by the tests, not by a caller.
    csv::Reader::from_reader(TABLE.as_bytes()).deserialize().flatten().collect()
});

/// Packages that bring the families of every split, sorted.
pub fn packages() -> Vec<&'static str> {
    let used = FAMILIES.iter().filter(|family| family.split != Share::Out);
    let mut packages: Vec<&str> = used.flat_map(Family::packages).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

/// Every font file on this machine, sorted by name.
pub fn installed_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for root in ROOTS {
        collect(Path::new(root), 0, &mut found);
    }
    found.sort_unstable_by(|left, right| left.file_stem().cmp(&right.file_stem()));
    found
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_font = path.extension().is_some_and(|end| end == "ttf" || end == "otf");
        if is_font {
            found.push(path);
        } else if depth < 5 && path.is_dir() {
            collect(&path, depth + 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Families of a split that write a script.
    fn count(writes: fn(&Family) -> bool, split: Option<Split>) -> usize {
        let fits = |family: &&Family| {
            writes(family)
                && split.map_or(family.split != Share::Out, |split| family.split.is_for(split))
        };
        FAMILIES.iter().filter(fits).count()
    }

    #[test]
    fn every_row_of_the_table_is_a_family_of_its_own() {
        let mut names: Vec<&str> = FAMILIES.iter().map(|family| family.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), TABLE.lines().count() - 1);
    }

    #[test]
    fn there_are_families_enough_and_a_fifth_is_held_back() {
        for (writes, least) in
            [(Family::is_arabic as fn(&Family) -> bool, 25), (Family::is_latin, 40)]
        {
            let (all, held) = (count(writes, None), count(writes, Some(Split::Held)));

            assert!(all >= least && held * 5 >= all, "{held} of {all}");
        }
    }

    #[test]
    fn what_specimens_keep_back_from_development_is_held_back_here() {
        for name in ["Liberation Serif", "FreeSerif"] {
            let family = FAMILIES.iter().find(|family| family.name == name).unwrap();

            assert_eq!(family.split, Share::Held);
        }
    }

    #[test]
    fn the_list_of_packages_is_that_of_the_table() {
        let listed: Vec<&str> = include_str!("../data/packages.txt").lines().collect();

        assert_eq!(listed, packages());
    }
}
