//! Programs that others wrote in Python, in the versions of `tests/requirements.txt`.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A program of `tests/requirements.txt`; all are installed at the first use.
pub(crate) fn python(program: &str) -> Command {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/python");
        let output = Command::new(script).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "scripts/python failed");
        String::from_utf8(output.stdout).unwrap().trim().into()
    });
    Command::new(folder.join(program))
}
