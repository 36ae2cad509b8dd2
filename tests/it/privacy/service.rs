//! The executable in production, everything it says, and everything that it refuses.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::{Answer, Card};

pub(super) const METRICS_TOKEN: &str = "a-token-of-scrapers-alone";

/// What the process wrote.
type Lines = JoinHandle<Vec<String>>;

/// A service that is killed when its test ends.
pub(super) struct Service {
    process: Child,
    address: String,
    client: Client,
    output: Vec<Lines>,
    /// Every refusal with its headers, by what was asked.
    pub(super) refusals: Vec<(String, String)>,
    /// Every audit that was looked at.
    pub(super) audits: Vec<(String, String)>,
}

impl Service {
    /// Starts it and waits until it listens.
    pub(super) fn start(database_url: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_wathiqa"))
            .arg("serve")
            .current_dir(std::env::temp_dir())
            .env_clear()
            .envs([
                ("DATABASE_URL", database_url),
                ("JWT_SECRET", "a-secret-that-only-the-tests-know-0001"),
                ("MASTER_KEYS", "a master key that only the tests know"),
                ("METRICS_TOKEN", METRICS_TOKEN),
                ("ENVIRONMENT", "production"),
                ("LOG_LEVEL", "info,wathiqa=trace"),
                ("KEEP_IMAGES", "on"),
                ("HOST", "127.0.0.1"),
                ("PORT", "0"),
                ("OCR_WORKERS", "1"),
                ("OCR_DEADLINE_SECONDS", "120"),
                ("PROCESS_PER_MINUTE", "0"),
                ("REQUESTS_PER_MINUTE", "0"),
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (out, address) = gather(process.stdout.take().unwrap());
        let (err, _) = gather(process.stderr.take().unwrap());
        let address = address.recv_timeout(Duration::from_secs(60)).expect("it listens");
        let client = Client::builder().no_proxy().user_agent("Xqzelda Vwkarim").build().unwrap();
        let address = format!("http://{address}");
        let output = vec![out, err];
        Self { process, address, client, output, refusals: Vec::new(), audits: Vec::new() }
    }

    /// Sends a request and keeps its refusal.
    async fn told(&mut self, what: String, request: RequestBuilder) -> Answer {
        let referrer = "https://example.ma/xqzelda.vwkarim";
        let request = request.header("referer", referrer).header("origin", referrer);
        let answer = Answer::of(request.header("accept-language", "ar")).await;
        if answer.status >= 400 {
            self.refusals.push((what, format!("{:?} {}", answer.headers, answer.text())));
        }
        answer
    }

    fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.address));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    /// A request with a token, unless that is empty, and a body or none.
    pub(super) async fn send(
        &mut self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Answer {
        let what = format!("{method} {path}");
        let request = self.request(method, path, token);
        let request = body.map_or_else(
            || request.try_clone().unwrap(),
            |body| request.try_clone().unwrap().json(body),
        );
        self.told(what, request).await
    }

    pub(super) async fn get(&mut self, path: &str, token: &str) -> Answer {
        self.send(Method::GET, path, token, None).await
    }

    pub(super) async fn post(&mut self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, token, Some(body)).await
    }

    /// A body that is no JSON, or not told to be.
    pub(super) async fn raw(&mut self, path: &str, content_type: &str, body: &str) -> Answer {
        let request = self.request(Method::POST, path, "").header("content-type", content_type);
        self.told(format!("POST {path}, {content_type}"), request.body(body.to_owned())).await
    }

    pub(super) async fn form(&mut self, path: &str, token: &str, form: Form) -> Answer {
        let request = self.request(Method::POST, path, token).multipart(form);
        self.told(format!("POST {path}"), request).await
    }

    /// Has a card read, its files named as people name them.
    pub(super) async fn process(&mut self, slug: &str, token: &str, card: &Card) -> Answer {
        let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("Xqzelda Vwkarim.jpg");
        let form = Form::new().part("recto", part(&card.recto)).part("verso", part(&card.verso));
        self.form(&format!("/{slug}/process"), token, form).await
    }

    /// Stops it as platforms do: all that it wrote, and how many lines.
    pub(super) fn stop(mut self) -> (String, usize) {
        kill_process(Pid::from_child(&self.process), Signal::TERM).unwrap();
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
        let lines: Vec<String> =
            self.output.drain(..).flat_map(|lines| lines.join().unwrap()).collect();
        (lines.join("\n"), lines.len())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
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
