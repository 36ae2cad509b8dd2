//! A line recogniser of our own: a small convolutional network that reads one printed
//! line at a time, whatever is on it: French, Arabic, numbers, a plate, machine-readable print.
//!
//! It is trained on drawn lines (`training/`, `crates/lines`) and gives, for each column of
//! the picture, how likely each character of its alphabet ends there (connectionist
//! temporal classification). It sees a line as it stands, from left to right:
//! [`Reading::lines`] puts Arabic into the order in which it is spoken.

mod batch;
mod decode;
mod order;
mod strip;

use std::sync::Arc;

use image::GrayImage;
use rten::op_types::{
    Add, Concat, Conv, Identity, MatMul, Mul, Relu, Reshape, Squeeze, Sub, Transpose,
};
use rten::{Model, ModelOptions, OpRegistry, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use serde::Deserialize;

pub use decode::{Calibration, Letter};
pub use order::Reading;
pub use strip::{HEIGHT, strip_size};

use strip::Strip;

/// Columns of a picture to one step of the network's answer.
const STEP: usize = 2;

/// Steps come in pairs: the network halves what it sees in so many columns.
const PAIR: usize = 2 * STEP;

/// A line that is read with a smaller chance of being all right is looked at again,
const ENOUGH: f32 = 0.96;

/// so much wider: the likelier of two readings is right more often than the first, by two
/// to three lines of a hundred, and no less often than it says.
const WIDER: f32 = 1.15;

/// Why a model is of no use.
#[derive(Debug, thiserror::Error)]
pub enum RecogniserError {
    /// The network or its description cannot be understood.
    #[error("the line model cannot be loaded: {0}")]
    Damaged(String),
    /// The network has other classes than its alphabet has characters.
    #[error("the line model gives {given} classes for an alphabet of {expected}")]
    Alphabet {
        /// What the network gives.
        given: usize,
        /// The characters of the alphabet, and one class for none.
        expected: usize,
    },
}

/// What is kept beside the network: `training/export` writes it.
#[derive(Debug, Clone, Deserialize)]
struct About {
    /// Its characters; class 0 is none, class 1 the first of them.
    alphabet: String,
    /// What makes of its shares how often it is right.
    #[serde(default)]
    calibration: Calibration,
}

/// A loaded network with its alphabet.
pub struct Recogniser {
    network: Model,
    alphabet: Vec<char>,
    calibration: Calibration,
    options: RunOptions,
}

impl Recogniser {
    /// The model that was built in; nothing when the tree had none.
    ///
    /// # Errors
    ///
    /// Those of [`Recogniser::load`].
    pub fn built_in() -> Option<Result<Self, RecogniserError>> {
        let network: &'static [u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lines.onnx"));
        let about = include_str!(concat!(env!("OUT_DIR"), "/lines.json"));
        (!network.is_empty()).then(|| Self::load(network, about))
    }

    /// Loads a network in ONNX and what is known of it, in JSON.
    ///
    /// # Errors
    ///
    /// [`RecogniserError`] when the two are not a recogniser.
    pub fn load(network: &'static [u8], about: &str) -> Result<Self, RecogniserError> {
        let damaged = |error: String| RecogniserError::Damaged(error);
        let about: About =
            serde_json::from_str(about).map_err(|error| damaged(error.to_string()))?;
        let network = ModelOptions::with_ops(operators())
            .prepack_weights(true)
            .load_static_slice(network)
            .map_err(|error| damaged(error.to_string()))?;
        // The processes that read are as many as there are cores.
        let threads = Arc::new(ThreadPool::with_num_threads(1));
        let options = RunOptions::default().with_thread_pool(Some(threads));
        let alphabet = about.alphabet.chars().collect();
        let recogniser = Self { network, alphabet, calibration: about.calibration, options };
        recogniser.tried()
    }

    /// Itself, once it has read an empty picture.
    fn tried(self) -> Result<Self, RecogniserError> {
        let blank = Strip::of(&GrayImage::from_pixel(64, HEIGHT, image::Luma([255])), 1.0);
        let shares = self.run(&[&blank]).map_err(RecogniserError::Damaged)?;
        let (given, expected) = (shares.size(2), self.alphabet.len() + 1);
        if given == expected {
            Ok(self)
        } else {
            Err(RecogniserError::Alphabet { given, expected })
        }
    }

    /// Reads pictures of single lines, dark print on light ground; one answer each, in
    /// the same order. A picture without print, or one that the network cannot take,
    /// reads as nothing.
    pub fn read(&self, lines: &[&GrayImage]) -> Vec<Reading> {
        let mut readings = self.look(lines, 1.0);
        let unsure: Vec<usize> =
            (0..lines.len()).filter(|index| readings[*index].confidence() < ENOUGH).collect();
        let pictures: Vec<&GrayImage> = unsure.iter().map(|index| lines[*index]).collect();
        for (index, again) in unsure.into_iter().zip(self.look(&pictures, WIDER)) {
            if again.confidence() > readings[index].confidence() {
                readings[index] = again;
            }
        }
        readings
    }

    /// One look at pictures, `stretch` times as wide as they are.
    fn look(&self, lines: &[&GrayImage], stretch: f32) -> Vec<Reading> {
        let strips: Vec<Strip> = lines.iter().map(|line| Strip::of(line, stretch)).collect();
        let mut readings: Vec<Reading> = lines.iter().map(|_| Reading::default()).collect();
        for batch in batch::batches(&strips) {
            let batched: Vec<&Strip> = batch.iter().map(|index| &strips[*index]).collect();
            let Ok(scores) = self.run(&batched) else { continue };
            for (row, index) in batch.into_iter().enumerate() {
                let steps = batch::steps(&scores, row, strips[index].width().div_ceil(PAIR) * 2);
                let letters = decode::letters(&steps, &self.alphabet, self.calibration);
                let factor = STEP as f32 / strips[index].factor;
                let blank = if letters.is_empty() { decode::blank(&steps) } else { 0.0 };
                let height = lines[index].height() as f32;
                readings[index] = Reading::new(letters, factor, height, blank);
            }
        }
        readings
    }

    /// The scores of every class at every step of every strip.
    fn run(&self, strips: &[&Strip]) -> Result<NdTensor<f32, 3>, String> {
        let input = batch::tensor(strips);
        let output = self.network.run_one(input.view().into(), Some(self.options.clone()));
        output
            .map_err(|error| error.to_string())?
            .try_into()
            .map_err(|_| "its output has another shape".to_owned())
    }
}

/// What networks are made of; the other operators stay out of the executable.
fn operators() -> OpRegistry {
    OpRegistry::with_ops(&[
        &Add, &Concat, &Conv, &Identity, &MatMul, &Mul, &Relu, &Reshape, &Squeeze, &Sub, &Transpose,
    ])
}

#[cfg(test)]
mod tests {
    use lines::{Filters, Kind, Level, Split};

    use super::*;

    const NETWORK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lines.onnx"));

    /// Of twenty clean lines in a font, how many are read as they are printed.
    fn exact(kind: Kind, font: &str) -> usize {
        let recogniser = Recogniser::built_in().expect("the tree holds a model").unwrap();
        let filters = Filters {
            kinds: vec![kind],
            levels: vec![Level::Clean],
            fonts: Some(font.to_owned()),
            installed: true,
        };
        let draw = |index| lines::draw(Split::Check, 5, index, &filters).unwrap();
        let drawn: Vec<_> = (0..20).map(draw).collect();
        let pictures: Vec<&GrayImage> = drawn.iter().map(|line| &line.image).collect();
        let readings = recogniser.read(&pictures);
        let is_right = |(line, reading): (&lines::LineSpecimen, &Reading)| {
            reading.as_it_stands() == line.visual
        };
        drawn.iter().zip(&readings).filter(|pair| is_right(*pair)).count()
    }

    #[test]
    fn clean_lines_in_plain_faces_are_read() {
        for (kind, font) in [
            (Kind::LatinName, "DejaVu Sans"),
            (Kind::Date, "DejaVu Sans"),
            (Kind::ArabicName, "Noto Naskh Arabic"),
            (Kind::ArabicAddress, "Noto Naskh Arabic"),
        ] {
            assert!(exact(kind, font) >= 17, "{kind}: {}", exact(kind, font));
        }
    }

    #[test]
    fn what_is_no_text_is_read_as_none() {
        assert!(exact(Kind::Nothing, "DejaVu Sans") >= 18);
    }

    #[test]
    fn what_is_no_recogniser_is_refused() {
        let about = r#"{"alphabet": "AB"}"#;
        assert!(matches!(Recogniser::load(b"no network", about), Err(RecogniserError::Damaged(_))));
        assert!(matches!(Recogniser::load(NETWORK, "{}"), Err(RecogniserError::Damaged(_))));
        let other = Recogniser::load(NETWORK, about);
        assert!(matches!(other, Err(RecogniserError::Alphabet { expected: 3, .. })));
    }
}
