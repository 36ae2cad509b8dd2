//! `wathiqa serve` as an operator runs it, and a client of it.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::place::signal;

/// The process, killed when it is dropped.
pub(crate) struct Service {
    process: Child,
    url: String,
}

impl Service {
    /// Starts it on a database; it may not be ready yet.
    pub(crate) fn spawn(database_url: &str, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Command::new(env!("CARGO_BIN_EXE_wathiqa"))
            .arg("serve")
            .current_dir("/tmp")
            .env_clear()
            .env("DATABASE_URL", database_url)
            .env("JWT_SECRET", "a-secret-that-only-the-tests-know-0001")
            .env("HOST", "127.0.0.1")
            .env("PORT", port.to_string())
            .env("LOG_LEVEL", "error")
            .env("OCR_DEADLINE_SECONDS", "120")
            // Every list asks the database: it is what fails.
            .env("LIST_CACHE_MB", "0")
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the service")?;
        Ok(Self { process, url: format!("http://127.0.0.1:{port}") })
    }

    /// Starts it and waits until it is ready.
    pub(crate) async fn start(url: &str, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut service = Self::spawn(url, settings)?;
        service.wait_until_ready().await?;
        Ok(service)
    }

    pub(crate) async fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let client = client()?;
        let until = Instant::now() + Duration::from_secs(120);
        let ready = || client.get(format!("{}/ready", self.url)).send();
        while !ready().await.is_ok_and(|answer| answer.status() == 200) {
            ensure!(self.process.try_wait()?.is_none(), "the service ended instead of starting");
            ensure!(Instant::now() < until, "the service does not become ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A user who has logged in.
    pub(crate) async fn user(&self) -> anyhow::Result<User> {
        let client = client()?;
        let account = json!({ "email": "faults@example.org", "password": "a long enough passphrase",
            "full_name": "Test" });
        let post = |path: &str| client.post(format!("{}{path}", self.url)).json(&account).send();
        post("/auth/register").await?;
        let login: Value = post("/auth/login").await?.json().await?;
        let token = login["token"].as_str().context("no token")?.to_owned();
        Ok(User { url: self.url.clone(), token, client })
    }

    /// Tells it to stop.
    pub(crate) fn terminate(&self) -> anyhow::Result<()> {
        signal("-TERM", &self.process.id().to_string())
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let until = Instant::now() + limit;
        loop {
            if let Some(status) = self.process.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < until, "the service goes on running");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A client that opens a connection for each request, so that none is lost on one that
/// the service has just closed.
pub(crate) fn client() -> reqwest::Result<Client> {
    let patience = Duration::from_secs(60);
    Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(patience).build()
}

/// Someone who is logged in.
#[derive(Clone)]
pub(crate) struct User {
    url: String,
    token: String,
    client: Client,
}

impl User {
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    pub(crate) fn put(&self, path: &str) -> RequestBuilder {
        self.client.put(format!("{}{path}", self.url)).bearer_auth(&self.token)
    }
}
