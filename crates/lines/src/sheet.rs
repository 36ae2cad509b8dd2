//! A contact sheet: pictures below each other in columns, to be looked at.

use image::{GrayImage, Luma, imageops};

use crate::LineSpecimen;
use crate::cut::HEIGHT;
use crate::faces::{Face, faces};
use crate::fonts::FAMILIES;
use crate::press::{Piece, Press, Type};

/// Pixels of a column, and between two pictures.
const COLUMN: u32 = 640;
const GAP: u32 = 8;

/// Puts pictures into two columns; one wider than a column is made smaller.
pub fn contact_sheet(lines: &[LineSpecimen]) -> GrayImage {
    let rows = (lines.len() as u32).div_ceil(2).max(1);
    let mut sheet = GrayImage::from_pixel(2 * (COLUMN + GAP), rows * (HEIGHT + GAP), Luma([128]));
    for (nth, line) in (0_u32..).zip(lines) {
        let (column, row) = (nth / rows, nth % rows);
        let at = (i64::from(column * (COLUMN + GAP)), i64::from(row * (HEIGHT + GAP)));
        if line.image.width() > COLUMN {
            let height = HEIGHT * COLUMN / line.image.width();
            let filter = imageops::FilterType::Triangle;
            let small = imageops::resize(&line.image, COLUMN, height.max(1), filter);
            imageops::replace(&mut sheet, &small, at.0, at.1);
        } else {
            imageops::replace(&mut sheet, &line.image, at.0, at.1);
        }
    }
    sheet
}

/// What each family is shown with.
const LATIN: &str = "ABCGJQRS abdefgijqrty 0123456789 ÀÉÈÊËÎÏÔÛÇ éèçœ N° (e) '&/<|";
const ARABIC: &str = "أبجد هوز حطي كلمن سعفص قرشت ثخذ ضظغ ةىءإآؤئ لا الله المغربية زنقة 0123456789";

/// One line for every cut of every installed family that writes Arabic or not,
/// in the order of the table, each with its row: to tell ornaments from letters.
pub fn family_sheet(arabic: bool) -> GrayImage {
    let mut press = Press::new();
    let wanted = |face: &&Face| {
        let family = &FAMILIES[usize::from(face.family)];
        if arabic { family.is_arabic() } else { family.is_latin() }
    };
    let lines: Vec<GrayImage> = faces()
        .iter()
        .filter(wanted)
        .filter_map(|face| {
            let text = if arabic { ARABIC } else { LATIN };
            let pieces = [face.family.to_string(), text.to_owned()];
            let pieces = pieces.map(|text| Piece { text, gap: 1.0 });
            press.print(&pieces, &Type::plain(face, 20.0))
        })
        .collect();
    let height = lines.iter().map(|line| line.height() + GAP).sum::<u32>();
    let width = lines.iter().map(GrayImage::width).max().unwrap_or(1);
    let mut sheet = GrayImage::new(width.min(1600), height.max(1));
    let mut y = 0;
    for line in &lines {
        imageops::replace(&mut sheet, line, 0, i64::from(y));
        y += line.height() + GAP;
    }
    imageops::invert(&mut sheet);
    sheet
}
