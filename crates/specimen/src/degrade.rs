//! Photographs a drawn card.
use crate::{Level, Picture};
use rand::Rng;
pub(crate) fn photograph(face: Picture, level: Level, rng: &mut impl Rng) -> Picture {
    let _ = (level, rng.random::<u8>());
    face
}
