//! The quick requests whose times are measured.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::Client;

use crate::service::Service;

/// How long to wait between two requests of a probe.
const PAUSE: Duration = Duration::from_millis(10);

/// One request, sent again and again.
pub(crate) struct Probe {
    pub(crate) path: &'static str,
    url: String,
    token: String,
    client: Client,
}

impl Probe {
    pub(crate) fn new(service: &Service, path: &'static str) -> Self {
        let url = format!("{}{path}", service.url);
        Self { path, url, token: service.token.clone(), client: service.client.clone() }
    }

    /// The time of one request, its body read to the end.
    async fn once(&self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let answer = self.client.get(&self.url).bearer_auth(&self.token).send().await?;
        ensure!(answer.status() == 200, "{}: {}", self.path, answer.status());
        answer.bytes().await?;
        Ok(begun.elapsed())
    }
}

/// Sends the requests by turns for so long; the times of each.
pub(crate) async fn all(probes: &[Probe], lasting: Duration) -> anyhow::Result<Vec<Times>> {
    let mut times: Vec<Times> = probes.iter().map(|_| Times::default()).collect();
    let until = Instant::now() + lasting;
    while Instant::now() < until {
        for (probe, times) in probes.iter().zip(&mut times) {
            times.0.push(probe.once().await?);
            tokio::time::sleep(PAUSE).await;
        }
    }
    for times in &mut times {
        times.0.sort();
    }
    Ok(times)
}

/// The times of one request, shortest first.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// The smallest time that at least `share` of all do not exceed.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} |", self.0.len())?;
        for share in [0.5, 0.99, 1.0] {
            write!(f, " {:.1} |", self.quantile(share).as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}
