//! Programs that the tests wait for while their service answers them.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs a program to its end and returns what it printed; a failure fails the test with that.
pub(crate) async fn succeed(mut command: Command) -> String {
    command.stdin(Stdio::null());
    let ran = actix_web::rt::task::spawn_blocking(move || command.output());
    let Output { status, stdout, stderr } = ran.await.unwrap().unwrap();
    let told = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    println!("{told}");
    assert!(status.success(), "{told}");
    told
}

/// Writes the description of the interface, as `wathiqa openapi` prints it.
pub(crate) fn write_description(path: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_wathiqa")).arg("openapi").output().unwrap();
    assert!(output.status.success());
    std::fs::write(path, output.stdout).unwrap();
}

/// Draws a card into a folder, as `wathiqa specimen` does: `recto.png` and `verso.png`.
pub(crate) fn draw(kind: &str, seed: u32, folder: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_wathiqa"))
        .args(["specimen", kind, "--seed", &seed.to_string(), "--out"])
        .arg(folder)
        .stdout(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}
