//! `wathiqa read <kind> <recto> [<verso>]`

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::Value;
use wathiqa::config::OcrConfig;
use wathiqa::documents::{DocumentKind, KindVisitor, visit_kinds};
use wathiqa::ocr::{Engines, OcrPool};
use wathiqa::pipeline::{self, ExtractError};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// cin, permis or gris
    kind: String,
    /// The picture of one side
    recto: PathBuf,
    /// The picture of the other side
    verso: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let open = |path: &PathBuf| fs::read(path).with_context(|| path.display().to_string());
    let recto = open(&options.recto)?;
    let verso = options.verso.as_ref().map(open).transpose()?;
    let pool = OcrPool::start(&OcrConfig::from_env()?)?;
    let mut reader = Reader { slug: &options.kind, engines: &pool, recto, verso, answer: None };
    visit_kinds(&mut reader);
    match reader.answer {
        Some(Ok(answer)) => {
            // Not `println!`, which panics when a reader such as `head` leaves.
            writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&answer)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Err(error)) => Err(error.into()),
        None => bail!("`{}` is no kind of document; say cin, permis or gris", options.kind),
    }
}

/// Extracts with the kind whose slug was typed.
struct Reader<'a> {
    slug: &'a str,
    engines: &'a dyn Engines,
    recto: Vec<u8>,
    verso: Option<Vec<u8>>,
    answer: Option<Result<Value, ExtractError>>,
}

impl KindVisitor for Reader<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        if K::SLUG == self.slug {
            let extraction =
                pipeline::extract::<K>(self.engines, &self.recto, self.verso.as_deref());
            self.answer = Some(extraction.map(|extraction| Value::Object(extraction.answer())));
        }
    }
}
