//! Programs that others wrote for Node.js, in the versions of `clients/package-lock.json`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder with `node_modules`; all is installed at the first use.
pub(crate) fn node_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/node");
        let output = Command::new(script).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "scripts/node failed");
        String::from_utf8(output.stdout).unwrap().trim().into()
    })
}

/// A program of the packages.
pub(crate) fn node_program(name: &str) -> Command {
    Command::new(node_folder().join("node_modules/.bin").join(name))
}

/// A script of ours that uses the packages.
pub(crate) fn node(script: impl AsRef<Path>) -> Command {
    let mut command = Command::new("node");
    command.arg(script.as_ref()).env("NODE_PATH", node_folder().join("node_modules"));
    command
}
