//! A private Redis on loopback, which forgets everything and ends with its owner.

use std::io::{Read, Write};
use std::net::TcpStream;

use rustix::process::Signal;

use super::running::{Running, free_port};

/// A server that can be killed and started again on its port.
pub(crate) struct Redis {
    pub(crate) port: u16,
    options: Vec<String>,
    running: Option<Running>,
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
        let folder = std::env::temp_dir().display().to_string();
        let port = self.port.to_string();
        let own = ["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"];
        let own = own.into_iter().chain(["--dir", &folder]).map(str::to_owned);
        let arguments: Vec<String> = own.chain(self.options.iter().cloned()).collect();
        self.running = Some(Running::start("redis-server", &arguments, self.port));
    }

    /// Ends the server at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.running = None;
    }

    /// Lets the server hang: it accepts and never answers.
    pub(crate) fn freeze(&self) {
        self.running.as_ref().unwrap().signal(Signal::STOP);
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.running.as_ref().unwrap().signal(Signal::CONT);
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
