//! A private Redis on loopback, which forgets everything and ends with its owner.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The end of the pipe, which only the owner holds, is the sign to stop: so no server
/// outlives a test that was killed.
const SCRIPT: &str = r#""$@" </dev/null >/dev/null 2>&1 & echo $!; read -r _; kill -KILL $!; wait"#;

/// A server that can be killed and started again on its port.
pub(crate) struct Redis {
    pub(crate) port: u16,
    options: Vec<String>,
    running: Option<Running>,
}

struct Running {
    shell: Child,
    pipe: Option<ChildStdin>,
    server: Pid,
}

impl Redis {
    /// Starts a server with further options, such as `["--requirepass", "secret"]`.
    pub(crate) fn start(options: &[&str]) -> Self {
        let port = free_port();
        let options = options.iter().map(ToString::to_string).collect();
        let mut redis = Self { port, options, running: None };
        redis.start_again();
        redis
    }

    /// Starts a server that speaks TLS too, and returns that port.
    pub(crate) fn start_tls(certificate: &str, key: &str) -> (Self, u16) {
        let port = free_port();
        let files = ["--tls-cert-file", certificate, "--tls-key-file", key];
        let options = ["--tls-port", &port.to_string(), "--tls-auth-clients", "no"];
        (Self::start(&[options.as_slice(), &files].concat()), port)
    }

    /// Starts the server on the same port, with nothing in it.
    pub(crate) fn start_again(&mut self) {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SCRIPT, "redis", "redis-server", "--bind", "127.0.0.1"]);
        shell.args(["--port", &self.port.to_string(), "--save", "", "--appendonly", "no"]);
        shell.args(["--dir", std::env::temp_dir().to_str().unwrap()]).args(&self.options);
        let mut shell =
            shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("scripts/setup");
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let server = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
        let pipe = shell.stdin.take();
        self.running = Some(Running { shell, pipe, server });
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(20), "is redis-server installed?");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends the server at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.running = None;
    }

    /// Lets the server hang: it accepts and never answers.
    pub(crate) fn freeze(&self) {
        kill_process(self.running.as_ref().unwrap().server, Signal::STOP).unwrap();
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        kill_process(self.running.as_ref().unwrap().server, Signal::CONT).unwrap();
    }

    pub(crate) fn url(&self) -> String {
        self.url_with("")
    }

    /// The URL with credentials, `user:password@`.
    pub(crate) fn url_with(&self, credentials: &str) -> String {
        format!("redis://{credentials}127.0.0.1:{}", self.port)
    }

    /// What the server answers to one command, as it is on the wire.
    pub(crate) fn tell(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Drop for Running {
    fn drop(&mut self) {
        self.pipe = None;
        let _ = self.shell.wait();
    }
}
