//! Draws a contact sheet of distractors: `distractors LEVEL FIRST_SEED OUT.png`.

use std::error::Error;

use image::{RgbImage, imageops};
use specimen::{Distractor, draw_distractor};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [level, first, out] = arguments.as_slice() else {
        return Err("usage: distractors LEVEL FIRST_SEED OUT.png".into());
    };
    let first: u64 = first.parse()?;
    let (size, columns) = (440, 5);
    let rows = Distractor::ALL.len() as u32 / columns;
    let mut sheet = RgbImage::new(size * columns, size * rows);
    for (nth, distractor) in Distractor::ALL.into_iter().enumerate() {
        let picture = draw_distractor(distractor, level.parse()?, first + nth as u64)?;
        let image = image::DynamicImage::ImageRgb8(picture.image)
            .resize(size - 8, size - 8, imageops::FilterType::Triangle)
            .to_rgb8();
        let (column, row) = (nth as u32 % columns, nth as u32 / columns);
        imageops::replace(&mut sheet, &image, i64::from(column * size), i64::from(row * size));
    }
    sheet.save(out)?;
    Ok(())
}
