//! stub
use crate::{DrawError, Faces, style::Style};
use rand_chacha::ChaCha8Rng;
pub(crate) const LAYOUTS: &[&str] = &["inline", "below"];
pub(crate) fn draw(_: &Style, _: &mut ChaCha8Rng) -> Result<Faces, DrawError> {
    Err(DrawError::Crowded("gris: not drawn yet".to_owned()))
}
