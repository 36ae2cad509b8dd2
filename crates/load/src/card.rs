//! Specimens that can be photographed again and again.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, anyhow};
use reqwest::multipart::{Form, Part};
use specimen::{Kind, Level};

/// The kinds of cards, and where they are sent to.
const KINDS: [(Kind, &str); 4] = [
    (Kind::Cin2020, "/cin/process"),
    (Kind::Permis, "/permis/process"),
    (Kind::Gris, "/gris/process"),
    (Kind::Cin2008, "/cin/process"),
];

/// How many of each kind are drawn.
const EACH: u64 = 2;

/// The two pictures of a card.
pub(crate) struct Card {
    path: &'static str,
    recto: Vec<u8>,
    verso: Vec<u8>,
}

/// One photograph of both sides.
pub(crate) struct Photograph {
    recto: Vec<u8>,
    verso: &'static [u8],
}

/// The cards, drawn at the first call.
pub(crate) fn cards() -> anyhow::Result<&'static [Card]> {
    static CARDS: OnceLock<Result<Vec<Card>, String>> = OnceLock::new();
    let draw = || {
        let seeds = (1..=EACH).flat_map(|seed| KINDS.map(|(kind, path)| (kind, path, seed)));
        let cards: anyhow::Result<_> =
            seeds.map(|(kind, path, seed)| Card::draw(kind, path, seed)).collect();
        cards.map_err(|error| format!("{error:#}"))
    };
    CARDS.get_or_init(draw).as_deref().map_err(|error| anyhow!(error.clone()))
}

impl Card {
    fn draw(kind: Kind, path: &'static str, seed: u64) -> anyhow::Result<Self> {
        let mut drawn = specimen::draw(kind, Level::Clean, seed).context("a specimen")?;
        drawn.recto.jpeg = Some(95);
        drawn.verso.jpeg = Some(95);
        Ok(Self { path, recto: drawn.recto.encode()?, verso: drawn.verso.encode()? })
    }

    /// Where it is sent to.
    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    /// Each photograph is another file: the service reads it, and does not answer what it
    /// remembers of the same pictures.
    pub(crate) fn photographed(&'static self) -> Photograph {
        static TAKEN: AtomicU64 = AtomicU64::new(0);
        let number = TAKEN.fetch_add(1, Ordering::Relaxed);
        Photograph { recto: commented(&self.recto, number), verso: &self.verso }
    }
}

impl Photograph {
    /// The body of a request.
    pub(crate) fn form(&self) -> Form {
        let part = |bytes: Vec<u8>| Part::bytes(bytes).file_name("card.jpg");
        Form::new().part("recto", part(self.recto.clone())).part("verso", part(self.verso.to_vec()))
    }
}

/// A JPEG file with a number as its comment, right after the marker that begins it.
fn commented(jpeg: &[u8], number: u64) -> Vec<u8> {
    let (start, rest) = jpeg.split_at(2);
    [start, &[0xff, 0xfe, 0, 10], &number.to_be_bytes(), rest].concat()
}
