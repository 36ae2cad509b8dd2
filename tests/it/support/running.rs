//! Servers that others wrote, each ending with its owner.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The end of the pipe, which only the owner holds, is the sign to stop: so no server
/// outlives a test that was killed.
const SCRIPT: &str = r#""$@" </dev/null >/dev/null 2>&1 & echo $!; read -r _; kill -KILL $!; wait"#;

/// A server that is killed when this is dropped, or its owner is gone.
pub(crate) struct Running {
    shell: Child,
    pipe: Option<ChildStdin>,
    server: Pid,
}

impl Running {
    /// Starts a program and waits until something listens on its port of this machine.
    pub(crate) fn start(program: &str, arguments: &[String], port: u16) -> Self {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SCRIPT, program, program]).args(arguments);
        let mut shell =
            shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let server = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
        let pipe = shell.stdin.take();
        let running = Self { shell, pipe, server };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(20), "is {program} installed?");
            std::thread::sleep(Duration::from_millis(10));
        }
        running
    }

    /// Sends the server a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.server, signal).unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.pipe = None;
        let _ = self.shell.wait();
    }
}

/// A port of loopback on which nothing listens.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
