//! The form in which pictures are handed to the trainer.

use std::io::{self, Write};

use crate::{Camera, Ground, Kind, Level, LineSpecimen};

/// Writes a picture: width (u16), kind and level (u8), font (u16), ground * 16 +
/// camera (u16), length of the label (u16), all little-endian; the label in
/// UTF-8; the pixels row by row.
///
/// # Errors
///
/// What the writer fails with.
pub fn write_record(line: &LineSpecimen, out: &mut impl Write) -> io::Result<()> {
    let scene = index(&Ground::ALL, &line.ground) * 16 + index(&Camera::ALL, &line.camera);
    out.write_all(&(line.image.width() as u16).to_le_bytes())?;
    out.write_all(&[index(&Kind::ALL, &line.kind) as u8, index(&Level::ALL, &line.level) as u8])?;
    out.write_all(&line.font.to_le_bytes())?;
    out.write_all(&scene.to_le_bytes())?;
    out.write_all(&(line.visual.len() as u16).to_le_bytes())?;
    out.write_all(line.visual.as_bytes())?;
    out.write_all(&line.image)
}

/// The place of one of `all`.
fn index<T: PartialEq>(all: &[T], one: &T) -> u16 {
    all.iter().position(|other| other == one).unwrap_or(0) as u16
}
