//! What became of each card, noted in a file: one line of JSON a card.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::card::Card;
use super::client::{Fate, Stop};

/// One line. It names a record, never a value of it.
#[derive(Serialize, Deserialize)]
struct Line {
    /// The service and the kind of document: the same pictures may be sent elsewhere.
    to: String,
    kind: String,
    card: String,
    pictures: String,
    at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// The notes of this and earlier runs.
pub(super) struct Journal {
    file: File,
    to: String,
    kind: String,
    stored: HashSet<String>,
    refused: HashSet<String>,
}

/// The pictures that are not sent again.
pub(super) struct Known(HashSet<String>);

impl Known {
    pub(super) fn contains(&self, pictures: &str) -> bool {
        self.0.contains(pictures)
    }
}

impl Journal {
    /// Opens the notes, or begins them, for what is sent to a service as one kind.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written.
    pub(super) fn open(path: &Path, to: &Url, kind: &str) -> anyhow::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
        let file = file.with_context(|| format!("the notes: {}", path.display()))?;
        let text =
            fs::read_to_string(path).with_context(|| format!("the notes: {}", path.display()))?;
        let mut journal = Self {
            file,
            to: to.as_str().trim_end_matches('/').to_owned(),
            kind: kind.to_owned(),
            stored: HashSet::new(),
            refused: HashSet::new(),
        };
        // A last line that was cut off tells nothing; its card is sent again.
        for line in text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
            if line.to == journal.to && line.kind == journal.kind {
                let kept = match line.refused {
                    None => &mut journal.stored,
                    Some(_) => &mut journal.refused,
                };
                kept.insert(line.pictures);
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            journal.file.write_all(b"\n")?;
        }
        Ok(journal)
    }

    /// The pictures whose fate is known; those that were refused are left out `again`.
    pub(super) fn known(&self, again: bool) -> Known {
        let mut known = self.stored.clone();
        if !again {
            known.extend(self.refused.iter().cloned());
        }
        Known(known)
    }

    /// Notes what became of a card.
    pub(super) fn note(&mut self, card: &Card, fate: &Fate) -> Result<(), Stop> {
        let (pictures, record, refused) = match fate {
            Fate::Stored { pictures, record, .. } => (pictures, Some(*record), None),
            Fate::Refused { pictures, code, .. } => (pictures, None, Some(code.clone())),
            Fate::SentBefore | Fate::Unreadable { .. } | Fate::Failed { .. } => return Ok(()),
        };
        let line = Line {
            to: self.to.clone(),
            kind: self.kind.clone(),
            card: card.name.clone(),
            pictures: pictures.clone(),
            at: Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true),
            record,
            refused,
        };
        self.write(&line).map_err(|error| Stop::Notes { why: error.to_string() })
    }

    fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(pictures: &str) -> Fate {
        Fate::Stored { pictures: pictures.to_owned(), record: 7, needs_review: false }
    }

    fn refused(pictures: &str) -> Fate {
        Fate::Refused {
            pictures: pictures.to_owned(),
            code: "image-blurred".into(),
            detail: String::new(),
        }
    }

    #[test]
    fn what_was_noted_is_known_in_the_next_run_of_the_same_kind_and_service() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let here: Url = "http://127.0.0.1:8000".parse().unwrap();
        let card = Card::named("a");
        let mut journal = Journal::open(&path, &here, "cin").unwrap();
        journal.note(&card, &stored("aa")).unwrap();
        journal.note(&card, &refused("bb")).unwrap();
        journal.note(&card, &Fate::SentBefore).unwrap();
        // A run that was cut off in the middle of a line.
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"to\":").unwrap();

        let mut next = Journal::open(&path, &here, "cin").unwrap();
        next.note(&card, &stored("cc")).unwrap();
        let last = Journal::open(&path, &here, "cin").unwrap();
        let other = Journal::open(&path, &here, "gris").unwrap().known(false);
        let elsewhere: Url = "https://cards.example".parse().unwrap();
        let elsewhere = Journal::open(&path, &elsewhere, "cin").unwrap().known(false);

        let known = |pictures: &str| {
            (last.known(false).contains(pictures), last.known(true).contains(pictures))
        };
        assert_eq!(known("aa"), (true, true));
        assert_eq!(known("bb"), (true, false));
        assert_eq!(known("cc"), (true, true));
        assert!(!other.contains("aa") && !elsewhere.contains("aa"));
    }
}
