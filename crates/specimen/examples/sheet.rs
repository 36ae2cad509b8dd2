//! Draws a contact sheet of specimens: `sheet KIND LEVEL FIRST_SEED COUNT OUT.png [LAYOUT]`.

use std::error::Error;

use image::{RgbImage, imageops};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, level, first, count, out, rest @ ..] = arguments.as_slice() else {
        return Err("usage: sheet KIND LEVEL FIRST_SEED COUNT OUT.png [LAYOUT]".into());
    };
    let (first, count): (u64, u64) = (first.parse()?, count.parse()?);
    let (width, height) = (760, 560);
    let mut sheet = RgbImage::new(width * 2, height * count as u32);
    for nth in 0..count {
        let begun = std::time::Instant::now();
        let layout = rest.first().map(String::as_str);
        let specimen = specimen::draw_with(kind.parse()?, level.parse()?, first + nth, layout)?;
        println!("{} ms\n{}", begun.elapsed().as_millis(), specimen.truth);
        for (column, picture) in [specimen.recto, specimen.verso].into_iter().enumerate() {
            let image = image::DynamicImage::ImageRgb8(picture.image)
                .resize(width, height, imageops::FilterType::Triangle)
                .to_rgb8();
            imageops::replace(
                &mut sheet,
                &image,
                i64::from(width) * column as i64,
                i64::from(height) * nth as i64,
            );
        }
    }
    sheet.save(out)?;
    Ok(())
}
