//! Writes what a fuzzer starts from: `seeds FOLDER`. Tiny cards in every format
//! into `FOLDER/journey`, printed texts and zones into `FOLDER/parsers`.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, ImageFormat, imageops::FilterType};
use specimen::{Distractor, Kind, Level, Picture, Script, draw, draw_distractor};

/// The formats that a service accepts.
const FORMATS: [ImageFormat; 5] =
    [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP];

/// Width of a tiny card, in pixels.
const WIDTH: u32 = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args().nth(1).ok_or("usage: seeds FOLDER")?.into();
    let (journey, parsers) = (folder.join("journey"), folder.join("parsers"));
    fs::create_dir_all(&journey)?;
    fs::create_dir_all(&parsers)?;
    let mut texts: Vec<String> = Vec::new();
    for (nth, kind) in Kind::ALL.into_iter().enumerate() {
        for level in [Level::Clean, Level::Photo] {
            let card = draw(kind, level, nth as u64)?;
            for (side, picture) in [("recto", &card.recto), ("verso", &card.verso)] {
                let format = FORMATS[texts.len() % FORMATS.len()];
                fs::write(journey.join(format!("{kind}-{level}-{side}")), tiny(picture, format)?)?;
                texts.extend(picture.texts.iter().map(|text| text.text.clone()));
                let zone = picture.texts.iter().filter(|text| text.script == Script::Mrz);
                texts.push(zone.map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n"));
            }
        }
    }
    for (distractor, format) in Distractor::ALL.into_iter().zip(FORMATS) {
        let picture = draw_distractor(distractor, Level::Clean, 1)?;
        fs::write(journey.join(distractor.to_string()), tiny(&picture, format)?)?;
    }
    texts.sort();
    texts.dedup();
    for (nth, text) in texts.iter().enumerate() {
        fs::write(parsers.join(format!("text-{nth}")), text)?;
    }
    Ok(())
}

/// An input of the target `journey`: a script of some bytes, then the picture.
fn tiny(picture: &Picture, format: ImageFormat) -> Result<Vec<u8>, Box<dyn Error>> {
    let image = DynamicImage::ImageRgb8(picture.image.clone());
    let small = image.resize(WIDTH, WIDTH, FilterType::Triangle).to_rgb8();
    let script: Vec<u8> =
        (0..96_u8).map(|nth| nth.wrapping_mul(29) ^ picture.texts.len() as u8).collect();
    let mut input = vec![script.len() as u8];
    input.extend(script);
    let mut encoded = Cursor::new(Vec::new());
    small.write_to(&mut encoded, format)?;
    input.extend(encoded.into_inner());
    Ok(input)
}
