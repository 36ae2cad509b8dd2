//! Links the system's libtesseract and rebuilds when a migration changes.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    if let Err(error) = pkg_config::Config::new().atleast_version("5.0").probe("tesseract") {
        println!("cargo:warning=libtesseract 5 was not found ({error}); run scripts/setup");
        println!("cargo:rustc-link-lib=tesseract");
    }
}
