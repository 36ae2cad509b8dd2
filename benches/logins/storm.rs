//! People who log in, each with an account and an organisation of his own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::Client;
use serde_json::json;
use tokio::task::JoinSet;

use crate::Times;
use crate::service::Service;

const PASSWORD: &str = "a long enough passphrase";
/// How long somebody waits who was not let in.
const REFUSED: Duration = Duration::from_millis(100);

/// The accounts of all who log in.
pub(crate) struct Accounts {
    url: String,
    emails: Vec<String>,
}

impl Accounts {
    /// Registers as many.
    pub(crate) async fn register(service: &Service, count: usize) -> anyhow::Result<Self> {
        let mut emails = Vec::new();
        for nth in 0..count {
            let email = format!("storm{nth}@example.org");
            let body = json!({ "email": email, "password": PASSWORD });
            let url = format!("{}/auth/register", service.url);
            let answer = service.client.post(url).json(&body).send().await?;
            ensure!(answer.status() == 201, "an account was not made: {}", answer.status());
            emails.push(email);
        }
        Ok(Self { url: service.url.clone(), emails })
    }

    /// Logs in so often, one after the other: what one takes on an idle machine.
    pub(crate) async fn one_by_one(
        &self,
        service: &Service,
        times: usize,
    ) -> anyhow::Result<Times> {
        let mut taken = Vec::new();
        for email in self.emails.iter().cycle().take(times) {
            let begun = Instant::now();
            let status = login(&service.client, &self.url, email).await;
            ensure!(status == 200, "a log-in failed: {status}");
            taken.push(begun.elapsed());
        }
        Ok(Times::of(taken))
    }
}

async fn login(client: &Client, url: &str, email: &str) -> u16 {
    let body = json!({ "email": email, "password": PASSWORD });
    let answer = client.post(format!("{url}/auth/login")).json(&body).send().await;
    answer.map_or(0, |answer| answer.status().as_u16())
}

#[derive(Default)]
struct Shared {
    stopping: AtomicBool,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    /// How many answers came with each status.
    answers: BTreeMap<u16, u32>,
    /// What those that succeeded took.
    times: Vec<Duration>,
}

impl Tally {
    fn note(&mut self, status: u16, time: Duration) {
        *self.answers.entry(status).or_default() += 1;
        if status == 200 {
            self.times.push(time);
        }
    }
}

impl Shared {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All of them at work, on a thread of their own so that they delay no measurement.
pub(crate) struct Storm {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

impl Storm {
    /// Lets everybody log in, and again when he is in.
    pub(crate) fn start(accounts: &Accounts) -> anyhow::Result<Self> {
        let shared = Arc::<Shared>::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = Client::builder().no_proxy().build()?;
        let (of_thread, url) = (Arc::clone(&shared), accounts.url.clone());
        let emails = accounts.emails.clone();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let mut people = JoinSet::new();
                for email in emails {
                    let (shared, client) = (Arc::clone(&of_thread), client.clone());
                    let url = url.clone();
                    people.spawn(async move {
                        while !shared.stopping.load(Ordering::Relaxed) {
                            let begun = Instant::now();
                            let status = login(&client, &url, &email).await;
                            shared.tally().note(status, begun.elapsed());
                            if status != 200 {
                                // As a client that was refused would, or sooner.
                                tokio::time::sleep(REFUSED).await;
                            }
                        }
                    });
                }
                people.join_all().await;
            });
        });
        Ok(Self { shared, thread })
    }

    /// How many log-ins have succeeded.
    pub(crate) fn done(&self) -> usize {
        self.shared.tally().times.len()
    }

    /// Lets everybody finish: what the log-ins took, and how many ended with each status.
    pub(crate) fn stop(self) -> (Times, String) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        let _ = self.thread.join();
        let tally = std::mem::take(&mut *self.shared.tally());
        let each: Vec<String> =
            tally.answers.iter().map(|(status, count)| format!("{status} × {count}")).collect();
        (Times::of(tally.times), each.join(", "))
    }
}
