//! The program's mode `ocr-worker <tessdata>`: one process with warm models
//! that is handed pixels over its standard input, a socket, and answers words.
//!
//! It gives up its rights before the first picture, bounds its own memory and
//! processor time, and ends when the socket is closed, so also when the service
//! that started it dies.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use super::recogniser::Recogniser;
use super::tesseract::{Tesseract, TesseractError, version};
use super::{Line, Model, Snippet, Word, protocol};

/// Address space of a worker, in bytes.
const MEMORY: u64 = 1 << 30;

/// Processor seconds that one request may take.
const CPU_SECONDS: u64 = 30;

/// Languages and settings of the library's models, in the order of [`Model::ALL`].
const MODELS: [(&str, &[(&str, &str)]); 4] = [
    ("fra", &[]),
    ("ara", &[]),
    ("eng", &[("tessedit_char_whitelist", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")]),
    ("eng", &[]),
];

/// What is set for every model. Print on cards is dark on light: trying the
/// inverse costs 15 % for nothing. What is cut out of a card is print: the
/// engine must not take a row of dots and low letters for noise.
const COMMON: [(&str, &str); 4] = [
    ("tessedit_do_invert", "0"),
    ("textord_noise_rejrows", "0"),
    ("textord_noise_rejwords", "0"),
    ("textord_min_xheight", "4"),
];

/// Why a worker ended otherwise than by its socket being closed.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Its standard input is not a socket, or broke.
    #[error("the socket failed: {0}")]
    Socket(#[from] io::Error),
    /// A limit could not be set.
    #[error("a limit cannot be set: {0}")]
    Limit(#[from] rustix::io::Errno),
    /// A model could not be loaded.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// It was sent something that is no request.
    #[error("not a request")]
    Request,
}

/// A model that could not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ModelError(String);

impl From<TesseractError> for WorkerError {
    fn from(error: TesseractError) -> Self {
        Self::Model(ModelError(error.to_string()))
    }
}

/// Serves requests on standard input with the models in `tessdata` until it is closed.
pub fn run(tessdata: &Path) -> ExitCode {
    match serve(tessdata) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(tessdata: &Path) -> Result<(), WorkerError> {
    confine()?;
    let mut socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    allow_cpu_time()?;
    let mut models = Models::load(tessdata)?;
    let mut languages: Vec<String> =
        MODELS.iter().map(|(language, _)| (*language).to_owned()).collect();
    languages.dedup();
    let recogniser = models.recogniser.is_some();
    let greeting = protocol::Greeting { version: version(), languages, recogniser };
    protocol::send(&mut socket, &json(&greeting)?)?;
    loop {
        let request = match protocol::receive(&mut socket) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            other => other?,
        };
        let snippets = protocol::decode(&request).ok_or(WorkerError::Request)?;
        drop(request);
        allow_cpu_time()?;
        let answer = models.read_all(&snippets);
        protocol::send(&mut socket, &json(&answer)?)?;
    }
}

fn json(message: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    serde_json::to_vec(message).map_err(io::Error::from)
}

/// Nothing that this process runs can gain rights, dump its memory to disk or
/// grow beyond [`MEMORY`].
fn confine() -> Result<(), rustix::io::Errno> {
    rustix::thread::set_no_new_privs(true)?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    setrlimit(Resource::As, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) })
}

/// Sets the limit on processor time to what was used so far and [`CPU_SECONDS`] more.
fn allow_cpu_time() -> Result<(), rustix::io::Errno> {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.unsigned_abs();
    let maximum = getrlimit(Resource::Cpu).maximum;
    let current = (used + CPU_SECONDS).min(maximum.unwrap_or(u64::MAX));
    setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum })
}

/// The models in this very process.
struct Models {
    tesseract: Vec<Tesseract>,
    recogniser: Option<Recogniser>,
}

impl Models {
    fn load(tessdata: &Path) -> Result<Self, TesseractError> {
        let tesseract = MODELS
            .iter()
            .map(|(language, settings)| {
                Tesseract::load(tessdata, language, &[&COMMON, *settings].concat())
            })
            .collect::<Result<_, _>>()?;
        // Without it, or with one that is damaged, the library reads alone; `doctor` tells.
        let recogniser = Recogniser::built_in().and_then(Result::ok);
        Ok(Self { tesseract, recogniser })
    }

    /// A snippet that the library refuses gives no lines; the others are still read.
    fn read_all(&mut self, snippets: &[Snippet]) -> protocol::Answer {
        let mut answer: protocol::Answer =
            snippets.iter().map(|snippet| self.read_one(snippet)).collect();
        self.recognise(snippets, &mut answer);
        answer
    }

    fn read_one(&mut self, snippet: &Snippet) -> Vec<Line> {
        let (width, height) = snippet.image.dimensions();
        let index = Model::ALL.iter().position(|model| *model == snippet.model);
        let words: Option<Vec<Word>> =
            index.and_then(|index| self.tesseract.get_mut(index)).and_then(|model| {
                model.read(snippet.image.as_raw(), width, height, snippet.layout).ok()
            });
        words.map(|words| Line { script: snippet.model.script(), words }).into_iter().collect()
    }

    /// Reads what is for our own recogniser, all of it at once.
    fn recognise(&self, snippets: &[Snippet], answer: &mut protocol::Answer) {
        let Some(recogniser) = &self.recogniser else { return };
        let own = |snippet: &Snippet| snippet.model == Model::Own;
        let pictures: Vec<_> =
            snippets.iter().filter(|snippet| own(snippet)).map(|snippet| &snippet.image).collect();
        let places = snippets.iter().zip(answer).filter(|(snippet, _)| own(snippet));
        for ((_, lines), reading) in places.zip(recogniser.read(&pictures)) {
            *lines = reading.lines();
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::ocr::{Layout, Rect, Script};

    #[test]
    fn the_recogniser_answers_what_is_for_it_and_nothing_else() {
        let recogniser = Recogniser::built_in().and_then(Result::ok);
        let models = Models { tesseract: Vec::new(), recogniser };
        let image = GrayImage::from_pixel(200, 40, Luma([255]));
        let snippet = |model| Snippet { image: image.clone(), model, layout: Layout::Line };
        let said = vec![Line {
            script: Script::Latin,
            words: vec![Word::new("RABAT", 0.9, Rect::default())],
        }];
        let mut answer = vec![said.clone(), Vec::new(), said.clone()];

        let asked = [Model::French, Model::Own, Model::Mrz].map(snippet);
        models.recognise(&asked, &mut answer);

        assert_eq!((&answer[0], &answer[2]), (&said, &said));
        assert!(answer[1].len() == 1 && answer[1][0].words.is_empty(), "white paper has no print");
    }
}
