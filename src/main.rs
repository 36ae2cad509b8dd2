//! The command line: `wathiqa serve | migrate | read | specimen | administrator`.

mod cli;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Command, Line};

fn main() -> ExitCode {
    // Before any thread exists: libpq and this program share one OpenSSL.
    openssl::init();
    let outcome = match Line::parse().command {
        Command::Read(options) => cli::read::run(&options),
        Command::OcrWorker { tessdata } => return wathiqa::ocr::worker::run(&tessdata),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("wathiqa: {error:#}");
        ExitCode::FAILURE
    })
}
