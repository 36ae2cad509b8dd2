//! The cards of a folder: which pictures belong together, by their names.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use wathiqa::digest::sha256;

/// How the names of pictures end, by side.
const RECTO: [&str; 4] = ["recto", "front", "avant", "face"];
const VERSO: [&str; 4] = ["verso", "back", "arriere", "dos"];
/// Endings of files that the service takes.
const ENDINGS: [&str; 7] = ["jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp"];

/// The pictures of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    /// What both names begin with, for people.
    pub(super) name: String,
    recto: PathBuf,
    verso: Option<PathBuf>,
}

/// The bytes of a card's pictures.
pub(super) struct Pictures {
    pub(super) recto: Vec<u8>,
    pub(super) verso: Option<Vec<u8>>,
}

/// What was found in folders.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Cards in the order of their names.
    pub(super) cards: Vec<Card>,
    /// Cards that cannot be sent, with what is wrong.
    pub(super) incomplete: Vec<(String, &'static str)>,
}

impl Card {
    /// A card without pictures.
    #[cfg(test)]
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), recto: PathBuf::new(), verso: None }
    }

    /// Reads the pictures.
    pub(super) fn read(&self) -> io::Result<Pictures> {
        Ok(Pictures {
            recto: fs::read(&self.recto)?,
            verso: self.verso.as_ref().map(fs::read).transpose()?,
        })
    }
}

impl Pictures {
    /// Tells these pictures from all others, in hexadecimal digits.
    pub(super) fn digest(&self) -> String {
        let mut all = sha256(&self.recto).to_vec();
        all.extend(self.verso.as_deref().map(sha256).into_iter().flatten());
        sha256(&all).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Finds the cards in folders and the folders in them.
///
/// # Errors
///
/// When a folder cannot be read.
pub(super) fn find(folders: &[PathBuf], needs_verso: bool) -> anyhow::Result<Found> {
    let mut sides: BTreeMap<String, [Vec<PathBuf>; 2]> = BTreeMap::new();
    for folder in folders {
        for path in pictures(folder)? {
            let Some((name, side)) = name_and_side(&path) else { continue };
            sides.entry(name).or_default()[side].push(path);
        }
    }
    let mut found = Found::default();
    for (name, [recto, verso]) in sides {
        match (&recto[..], &verso[..]) {
            ([_, _, ..], _) | (_, [_, _, ..]) => {
                found.incomplete.push((name, "two pictures of one side"));
            }
            ([], _) => found.incomplete.push((name, "no recto")),
            (_, []) if needs_verso => found.incomplete.push((name, "no verso")),
            ([recto], verso) => {
                found.cards.push(Card {
                    name,
                    recto: recto.clone(),
                    verso: verso.first().cloned(),
                });
            }
        }
    }
    Ok(found)
}

/// The pictures below a folder; what is hidden is left out.
fn pictures(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry.with_context(|| folder.display().to_string())?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        // A link to a folder may lead in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(pictures(&path)?);
        } else if is_picture(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// What a card is called, and the place of the picture's side: 0 for the recto, 1 for
/// the verso. Nothing for a name that tells no side.
fn name_and_side(path: &Path) -> Option<(String, usize)> {
    let stem = path.file_stem()?.to_string_lossy();
    let is_mark = |c: char| matches!(c, '-' | '_' | '.' | ' ');
    let (name, side) = stem.rsplit_once(is_mark).unwrap_or(("", &stem));
    let side = side.to_lowercase().replace('è', "e");
    let side = [RECTO, VERSO].iter().position(|names| names.contains(&side.as_str()))?;
    let folder = path.parent().unwrap_or(Path::new("")).display().to_string();
    let name = name.trim_end_matches(is_mark);
    Some((if name.is_empty() { folder } else { format!("{folder}/{name}") }, side))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cards, each with whether it has a verso, and what is incomplete, by their names
    /// below the folder.
    type Listed = (Vec<(String, bool)>, Vec<(String, String)>);

    fn found(files: &[&str], needs_verso: bool) -> Listed {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        let found = find(&[folder.path().to_owned()], needs_verso).unwrap();
        let base = format!("{}/", folder.path().display());
        let short = |name: &str| name.replace(&base, "");
        let cards = found.cards.iter().map(|card| (short(&card.name), card.verso.is_some()));
        let incomplete =
            found.incomplete.iter().map(|(name, why)| (short(name), (*why).to_owned()));
        (cards.collect(), incomplete.collect())
    }

    #[test]
    fn pictures_belong_together_by_folder_or_by_name() {
        let files = [
            "17/recto.jpg",
            "17/verso.png",
            "17/truth.json",
            "a-recto.JPG",
            "a-verso.jpeg",
            "b 2 Front.webp",
            "b 2 back.tif",
            "c_avant.jpg",
            "c_arrière.jpg",
            ".hidden/recto.jpg",
            ".hidden/verso.jpg",
            "picture.jpg",
        ];

        let (cards, incomplete) = found(&files, true);

        let names: Vec<&str> = cards.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["17", "a", "b 2", "c"]);
        assert!(cards.iter().all(|(_, has_verso)| *has_verso));
        assert_eq!(incomplete, []);
    }

    #[test]
    fn a_card_without_a_side_or_with_one_twice_is_told() {
        let files = ["a-recto.jpg", "b-verso.jpg", "c-recto.jpg", "c-recto.png", "c-verso.jpg"];

        let (cards, incomplete) = found(&files, true);
        let (alone, _) = found(&files, false);

        let told = |name: &str, why: &str| (name.to_owned(), why.to_owned());
        assert_eq!(cards, []);
        assert_eq!(
            incomplete,
            [told("a", "no verso"), told("b", "no recto"), told("c", "two pictures of one side")]
        );
        assert_eq!(alone, [("a".to_owned(), false)]);
    }

    #[test]
    fn pictures_are_told_from_others_and_their_sides_apart() {
        let digest = |recto: &[u8], verso: Option<&[u8]>| {
            Pictures { recto: recto.to_vec(), verso: verso.map(<[u8]>::to_vec) }.digest()
        };

        let one = digest(b"a", Some(b"b"));

        assert_eq!(one, digest(b"a", Some(b"b")));
        assert_ne!(one, digest(b"b", Some(b"a")));
        assert_ne!(one, digest(b"a", None));
        assert_ne!(digest(b"ab", None), digest(b"a", Some(b"b")));
    }
}
