//! A real Prometheus that watches the service with the files of `deploy/observability`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use reqwest::{Client, Url};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Answer, Running, free_port};

/// Where the files for operators are.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/observability")
}

/// Runs `promtool` on files of that folder.
pub(super) fn promtool(arguments: &[&str]) -> Output {
    let mut promtool = Command::new("promtool");
    promtool.args(arguments).current_dir(folder()).output().expect("scripts/setup")
}

/// A server that scrapes each second.
pub(super) struct Prometheus {
    _running: Running,
    _files: TempDir,
    address: String,
    client: Client,
}

impl Prometheus {
    /// Starts it with the example's configuration, pointed at `target` (`host:port`).
    pub(super) fn start(target: &str, token: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let path = |name: &str| files.path().join(name).display().to_string();
        fs::write(path("token"), token).unwrap();
        fs::copy(folder().join("alerts.yml"), path("alerts.yml")).unwrap();
        let mut config = fs::read_to_string(folder().join("prometheus.yml")).unwrap();
        for (theirs, ours) in [
            ("127.0.0.1:8000", target),
            ("/etc/prometheus/wathiqa-token", &*path("token")),
            ("scrape_interval: 15s", "scrape_interval: 1s"),
            ("evaluation_interval: 15s", "evaluation_interval: 1s"),
        ] {
            assert!(config.contains(theirs), "{theirs}");
            config = config.replace(theirs, ours);
        }
        fs::write(path("prometheus.yml"), config).unwrap();
        let port = free_port();
        let arguments = [
            format!("--config.file={}", path("prometheus.yml")),
            format!("--storage.tsdb.path={}", path("data")),
            format!("--web.listen-address=127.0.0.1:{port}"),
        ];
        let running = Running::start("prometheus", &arguments, port);
        let client = Client::builder().no_proxy().build().unwrap();
        Self {
            _running: running,
            _files: files,
            address: format!("http://127.0.0.1:{port}"),
            client,
        }
    }

    /// What its HTTP interface answers, or its complaint.
    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, String> {
        let url = Url::parse_with_params(&format!("{}{path}", self.address), query).unwrap();
        let answer = Answer::of(self.client.get(url)).await;
        let body: Value = serde_json::from_slice(&answer.body).map_err(|_| answer.text())?;
        if body["status"] == "success" { Ok(body["data"].clone()) } else { Err(answer.text()) }
    }

    /// The values of an expression now; those that are no number are left out.
    pub(super) async fn values(&self, expression: &str) -> Result<Vec<f64>, String> {
        let data = self.ask("/api/v1/query", &[("query", expression)]).await?;
        let samples = data["result"].as_array().ok_or("no list")?;
        let number = |sample: &Value| sample["value"][1].as_str()?.parse().ok();
        Ok(samples.iter().filter_map(number).filter(|number: &f64| !number.is_nan()).collect())
    }

    /// All rules, as it has loaded and evaluated them.
    pub(super) async fn rules(&self) -> Vec<Value> {
        let groups = self.ask("/api/v1/rules", &[]).await.unwrap();
        let groups = groups["groups"].as_array().unwrap();
        groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
    }

    /// Waits until it has scraped so many times more.
    pub(super) async fn scrapes(&self, more: f64) {
        let count = r#"sum(sum_over_time(up{job="wathiqa"}[1h]))"#;
        let seen = async || self.values(count).await.unwrap().first().copied().unwrap_or(0.0);
        let (before, started) = (seen().await, Instant::now());
        while seen().await < before + more {
            assert!(started.elapsed() < Duration::from_secs(60), "it scrapes nothing");
            actix_web::rt::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
