//! Links the system's libtesseract, builds the line model in, and rebuilds when a
//! migration changes.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    if let Err(error) = pkg_config::Config::new().atleast_version("5.0").probe("tesseract") {
        println!("cargo:warning=libtesseract 5 was not found ({error}); run scripts/setup");
        println!("cargo:rustc-link-lib=tesseract");
    }
    build_in("lines.onnx")?;
    build_in("lines.json")
}

/// Puts a file of the line model where the sources include it from; an empty one when the
/// tree has none: then there is no recogniser.
fn build_in(name: &str) -> io::Result<()> {
    let from = Path::new("src/ocr/recogniser/model").join(name);
    println!("cargo:rerun-if-changed={}", from.display());
    let to = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join(name);
    let content = if from.exists() { fs::read(from)? } else { Vec::new() };
    fs::write(to, content)
}
