//! Fictitious cards as clients photograph them.

use specimen::{Kind, Level};

/// The encoded pictures of a card, and what it says.
pub(crate) struct Card {
    pub(crate) recto: Vec<u8>,
    pub(crate) verso: Vec<u8>,
    pub(crate) truth: serde_json::Value,
}

/// Draws a card; the same seed gives the same card at every level.
pub(crate) fn card(kind: Kind, level: Level, seed: u64) -> Card {
    let specimen = specimen::draw(kind, level, seed).unwrap();
    Card {
        recto: specimen.recto.encode().unwrap(),
        verso: specimen.verso.encode().unwrap(),
        truth: specimen.truth,
    }
}
