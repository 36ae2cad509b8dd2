//! From hostile bytes to the answer: decoding, finding the card, its print, the
//! readers of all documents. The engine follows a script in front of the picture.
//!
//! An input is the length of the script in one byte, the script, the picture.

#![no_main]

use std::io::Cursor;

use image::ImageReader;
use libfuzzer_sys::{Corpus, fuzz_target};
use wathiqa::documents::Known;
use wathiqa::imaging::{self, quality};
use wathiqa::ocr;
use wathiqa_fuzz::reading;
use wathiqa_fuzz::script::Scripted;

/// Larger pictures cost time and show nothing else.
const PIXELS_MAX: u32 = 90_000;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((&length, rest)) = data.split_first() else { return Corpus::Reject };
    let Some((script, picture)) = rest.split_at_checked(length.into()) else {
        return Corpus::Reject;
    };
    if is_large(picture) {
        return Corpus::Reject;
    }
    let Ok(photo) = imaging::decode(picture) else { return Corpus::Keep };
    let card = imaging::rectify(&photo);
    let print = imaging::find_print(&card.pixels);
    // The verdict is told, not obeyed: small pictures are refused for their size.
    let _ = quality::judge(&photo, &card, &print);
    let mut engine = Scripted::new(script);
    let Ok(page) = ocr::read_card(&card, print, &Known, &mut engine) else { return Corpus::Keep };
    reading::read_as_every_kind(&page, length);
    Corpus::Keep
});

/// Whether the header promises more pixels than are worth the time.
fn is_large(picture: &[u8]) -> bool {
    let reader = ImageReader::new(Cursor::new(picture)).with_guessed_format();
    reader
        .ok()
        .and_then(|reader| reader.into_dimensions().ok())
        .is_some_and(|(width, height)| width.saturating_mul(height) > PIXELS_MAX)
}
