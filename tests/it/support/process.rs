//! The executable as deployments start it, and everything that it says.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// What one stream of the process wrote.
type Lines = JoinHandle<Vec<String>>;

/// A service in production that is killed when its test ends.
pub(crate) struct Process {
    child: Child,
    output: Vec<Lines>,
    /// Where it listens, as `http://…`.
    pub(crate) address: String,
}

impl Process {
    /// Starts `wathiqa serve` with these variables and a few that every test wants, and
    /// waits until it listens.
    pub(crate) fn start(database_url: &str, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wathiqa"))
            .arg("serve")
            .current_dir(std::env::temp_dir())
            .env_clear()
            .envs([
                ("DATABASE_URL", database_url),
                ("JWT_SECRET", "a-secret-that-only-the-tests-know-0001"),
                ("ENVIRONMENT", "production"),
                ("HOST", "127.0.0.1"),
                ("PORT", "0"),
                ("OCR_WORKERS", "1"),
                ("OCR_DEADLINE_SECONDS", "120"),
                ("PROCESS_PER_MINUTE", "0"),
                ("REQUESTS_PER_MINUTE", "0"),
            ])
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (out, address) = gather(child.stdout.take().unwrap());
        let (err, _) = gather(child.stderr.take().unwrap());
        let address = address.recv_timeout(Duration::from_secs(60)).expect("it listens");
        Self { child, output: vec![out, err], address: format!("http://{address}") }
    }

    /// Stops it as platforms do: all lines that it wrote.
    pub(crate) fn stop(mut self) -> Vec<String> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.output.drain(..).flat_map(|lines| lines.join().unwrap()).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads lines to the end, on a thread of its own; where the service listens.
fn gather(stream: impl Read + Send + 'static) -> (Lines, Receiver<String>) {
    let (tell, told) = channel();
    let lines = std::thread::spawn(move || {
        let mut lines = Vec::new();
        for line in BufReader::new(stream).lines().map(Result::unwrap) {
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            if entry["message"] == "listening"
                && let Some(address) = entry["address"].as_str()
            {
                let _ = tell.send(address.to_owned());
            }
            lines.push(line);
        }
        lines
    });
    (lines, told)
}
