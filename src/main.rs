//! The command line: `wathiqa serve | migrate | doctor | read | …`.

mod cli;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Command, Line};

fn main() -> ExitCode {
    // Before any thread exists: libpq and this program share one OpenSSL.
    openssl::init();
    let outcome = match Line::parse().command {
        Command::Serve => cli::serve::run(),
        Command::Migrate(options) => cli::migrate::run(&options),
        Command::Doctor(options) => cli::doctor::run(&options),
        Command::Health(options) => cli::health::run(&options),
        Command::Read(options) => cli::read::run(&options),
        Command::Send(options) => cli::send::run(&options),
        Command::Openapi(options) => cli::openapi::run(&options),
        Command::Specimen(options) => cli::specimen::run(&options),
        Command::Administrator(options) => cli::administrator::run(&options),
        Command::Member(options) => cli::member::run(options),
        Command::Audit(options) => cli::audit::run(options),
        Command::Counts(options) => cli::counts::run(&options),
        Command::Keys(options) => cli::keys::run(&options),
        Command::OcrWorker { tessdata } => return wathiqa::ocr::worker::run(&tessdata),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("wathiqa: {error:#}");
        ExitCode::FAILURE
    })
}
