//! The executable in production, everything it says, and everything that it refuses.

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use crate::support::{Answer, Card, Collector, Process};

pub(super) const METRICS_TOKEN: &str = "a-token-of-scrapers-alone";

/// A service that is killed when its test ends.
pub(super) struct Service {
    process: Process,
    client: Client,
    collector: Collector,
    /// Every refusal with its headers, by what was asked.
    pub(super) refusals: Vec<(String, String)>,
    /// Every audit that was looked at.
    pub(super) audits: Vec<(String, String)>,
}

impl Service {
    /// Starts it and waits until it listens.
    pub(super) fn start(database_url: &str) -> Self {
        let collector = Collector::start();
        let process = Process::start(
            database_url,
            &[
                ("MASTER_KEYS", "a master key that only the tests know"),
                ("METRICS_TOKEN", METRICS_TOKEN),
                ("LOG_LEVEL", "info,wathiqa=trace"),
                ("KEEP_IMAGES", "on"),
                ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
            ],
        );
        let client = Client::builder().no_proxy().user_agent("Xqzelda Vwkarim").build().unwrap();
        Self { process, client, collector, refusals: Vec::new(), audits: Vec::new() }
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
        let request = self.client.request(method, format!("{}{path}", self.process.address));
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

    /// Stops it as platforms do: the lines that it wrote, and the traces that it sent.
    pub(super) fn stop(self) -> (Vec<String>, Collector) {
        (self.process.stop(), self.collector)
    }
}
