//! The engines that are measured.

use std::path::PathBuf;

use anyhow::Context;
use image::GrayImage;
use image::imageops::{FilterType, resize};
use wathiqa::config::OcrConfig;
use wathiqa::ocr::recogniser::Recogniser;
use wathiqa::ocr::{
    Engines, Layout, Line, Model, OcrEngine, OcrError, OcrPool, Page, Placement, Snippet,
};

use crate::sample::Sample;

/// Reads lines; an answer each.
pub(crate) trait Engine {
    fn name(&self) -> &'static str;

    fn read(&self, lines: &[&Sample]) -> anyhow::Result<Vec<String>>;
}

/// Our own recogniser, in this process: batches as a card's.
pub(crate) struct Own(Recogniser);

/// So many lines has a card, about.
const CARD: usize = 30;

impl Own {
    pub(crate) fn load() -> anyhow::Result<Self> {
        Ok(Self(Recogniser::built_in().context("no line model was built in")??))
    }
}

impl Engine for Own {
    fn name(&self) -> &'static str {
        "own"
    }

    fn read(&self, lines: &[&Sample]) -> anyhow::Result<Vec<String>> {
        let pictures: Vec<&GrayImage> = lines.iter().map(|line| &line.image).collect();
        let readings = pictures.chunks(CARD).flat_map(|card| self.0.read(card));
        Ok(readings.map(|reading| text(&reading.lines())).collect())
    }
}

/// The library in a worker process, told which script a line is in, at three sizes, the
/// surest reading taken.
pub(crate) struct Library(OcrPool);

impl Library {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let mut config = OcrConfig::from_env()?;
        config.program = PathBuf::from(env!("CARGO_BIN_EXE_wathiqa"));
        config.workers = 1;
        Ok(Self(OcrPool::start(&config).context("the OCR workers do not start")?))
    }

    fn ask(&self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError> {
        let mut answer = Vec::new();
        // No card is read here: its page is empty.
        let (lines, mrz) = (Vec::new(), Vec::new());
        let page = Page {
            width: 0.0,
            height: 0.0,
            lines,
            mrz,
            portrait: None,
            placement: Placement::IDENTITY,
        };
        let mut work = |engine: &mut dyn OcrEngine| {
            answer = engine.read(snippets)?;
            Ok(page.clone())
        };
        self.0.with_engine(&mut work)?;
        Ok(answer)
    }
}

/// What the height of a line's picture is multiplied with: letters become as high as suits
/// a model.
const fn sizes(model: Model) -> [f32; 3] {
    match model {
        Model::Arabic => [0.64, 0.8, 1.0],
        _ => [1.0, 1.3, 1.7],
    }
}

impl Engine for Library {
    fn name(&self) -> &'static str {
        "Tesseract"
    }

    fn read(&self, lines: &[&Sample]) -> anyhow::Result<Vec<String>> {
        let snippets: Vec<Snippet> = lines.iter().flat_map(|line| snippets(line)).collect();
        let mut texts = Vec::new();
        for card in snippets.chunks(CARD * 3) {
            for sizes in self.ask(card)?.chunks(3) {
                let confidence = |lines: &&Vec<Line>| lines.first().map_or(0.0, Line::confidence);
                let best = sizes
                    .iter()
                    .max_by(|left, right| confidence(left).total_cmp(&confidence(right)));
                texts.push(best.map_or_else(String::new, |lines| text(lines)));
            }
        }
        Ok(texts)
    }
}

fn snippets(line: &Sample) -> [Snippet; 3] {
    let model = line.model;
    sizes(model).map(|size| {
        let side = |side: u32| (side as f32 * size).round() as u32;
        let (width, height) = line.image.dimensions();
        let image = resize(&line.image, side(width), side(height), FilterType::CatmullRom);
        Snippet { image, model, layout: Layout::Line }
    })
}

/// All that was read, in reading order.
fn text(lines: &[Line]) -> String {
    lines.iter().map(Line::text).collect::<Vec<_>>().join(" ")
}
