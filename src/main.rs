//! The command line.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [mode, tessdata] if mode == "ocr-worker" => wathiqa::ocr::worker::run(Path::new(tessdata)),
        _ => ExitCode::SUCCESS,
    }
}
