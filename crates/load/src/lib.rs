//! The load that the clients of the application before make, for goose: each user registers,
//! logs in, looks at lists, charts and its profile, has documents read, logs out and in again.
//!
//! The same scenario for Locust is in `load/locustfile.py`; the weights are the same.

mod card;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use goose::config::GooseConfiguration;
use goose::goose::GooseResponse;
use goose::prelude::*;
use reqwest::RequestBuilder;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

use card::Card;

/// As the old clients register, see "Clients of the application before" in docs/OPERATIONS.md.
const PASSWORD: &str = "test123";

const LISTS: [&str; 3] = ["/cin/all", "/permis/all", "/gris/all"];
const CHARTS: [&str; 10] = [
    "/charts/overview",
    "/charts/gender-distribution",
    "/charts/cities-distribution",
    "/charts/license-categories",
    "/charts/car-usage-types",
    "/charts/monthly-stats",
    "/charts/daily-stats",
    "/charts/dashboard",
    "/charts/essential",
    "/gris/evolution-mensuel",
];

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Requests that were answered as they should be.
    pub successes: usize,
    /// Requests that were not.
    pub failures: usize,
}

/// Runs the load until its configuration ends it.
///
/// # Errors
///
/// What goose says of its configuration, or that no card can be drawn.
pub async fn run(attack: GooseAttack) -> anyhow::Result<Tally> {
    // Before anything is measured.
    card::cards()?;
    let metrics = attack.register_scenario(agent()?).execute().await?;
    let requests = metrics.requests.values();
    Ok(Tally {
        successes: requests.clone().map(|request| request.success_count).sum(),
        failures: requests.map(|request| request.fail_count).sum(),
    })
}

/// Runs the load on a service at `host` for some seconds, and writes the report to a file.
///
/// # Errors
///
/// See [`run`].
pub fn briefly(host: &str, users: usize, time: Duration, report: &Path) -> anyhow::Result<Tally> {
    let mut configuration = GooseConfiguration::default();
    host.clone_into(&mut configuration.host);
    configuration.users = Some(users);
    configuration.hatch_rate = Some(users.to_string());
    configuration.run_time = format!("{}s", time.as_secs());
    configuration.report_file = vec![report.display().to_string()];
    // Goose would forget what happened before all users are there.
    configuration.no_reset_metrics = true;
    // The programs that could steer it have fixed ports.
    configuration.no_telnet = true;
    configuration.no_websocket = true;
    // Errors alone: it takes over what others in the process log.
    configuration.quiet = 2;
    block_on(|| GooseAttack::initialize_with_config(configuration))
}

/// Runs the load on threads of its own.
///
/// # Errors
///
/// See [`run`].
pub fn block_on(attack: impl FnOnce() -> Result<GooseAttack, GooseError>) -> anyhow::Result<Tally> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(attack()?))
}

/// An agent at work. The weights are how often each transaction is chosen.
fn agent() -> Result<Scenario, GooseError> {
    Ok(scenario!("agent")
        .set_wait_time(Duration::from_millis(500), Duration::from_secs(2))?
        .register_transaction(transaction!(begin).set_name("register").set_on_start())
        .register_transaction(transaction!(look_at_a_list).set_name("list").set_weight(10)?)
        .register_transaction(transaction!(look_at_a_chart).set_name("chart").set_weight(10)?)
        .register_transaction(transaction!(look_at_the_profile).set_name("profile").set_weight(4)?)
        .register_transaction(transaction!(have_a_document_read).set_name("process").set_weight(6)?)
        .register_transaction(transaction!(log_out_and_in_again).set_name("again").set_weight(2)?))
}

/// What a user remembers.
struct Session {
    account: Value,
    token: Option<String>,
    turns: usize,
}

/// What a user remembers, made at the first use.
fn session(user: &mut GooseUser) -> Option<&mut Session> {
    if user.get_session_data::<Session>().is_none() {
        static USERS: AtomicUsize = AtomicUsize::new(0);
        let number = USERS.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let email = format!("load-{now}-{number}@example.org");
        let account = json!({ "email": email, "password": PASSWORD });
        user.set_session_data(Session { account, token: None, turns: number });
    }
    user.get_session_data_mut::<Session>()
}

/// The next of `all`, one after the other.
fn next<T: Copy>(user: &mut GooseUser, all: &[T]) -> Option<T> {
    let session = session(user)?;
    session.turns += 1;
    all.get(session.turns % all.len()).copied()
}

/// Sends a request with the token of the user; another status than 2xx is a failure.
async fn send(
    user: &mut GooseUser,
    method: GooseMethod,
    path: &str,
    dress: impl FnOnce(RequestBuilder) -> RequestBuilder,
) -> Result<GooseResponse, Box<TransactionError>> {
    let mut request = user.get_request_builder(&method, path)?;
    if let Some(token) = session(user).and_then(|session| session.token.as_deref()) {
        request = request.bearer_auth(token);
    }
    let request = GooseRequest::builder()
        .method(method)
        .path(path)
        // Else it goes by the name of its transaction.
        .name(path)
        .set_request_builder(dress(request))
        .build();
    user.request(request).await
}

/// `GET` of a path.
async fn look(user: &mut GooseUser, path: &str) -> TransactionResult {
    read(send(user, GooseMethod::Get, path, |request| request).await?).await;
    Ok(())
}

/// The body, to its end, as its time belongs to the request.
async fn read(answer: GooseResponse) -> Option<Value> {
    answer.response.ok()?.json().await.ok()
}

/// Registers and logs in, then does each task once, so that a short run has all of them.
async fn begin(user: &mut GooseUser) -> TransactionResult {
    let account = session(user).map(|session| session.account.clone());
    let register = |request: RequestBuilder| request.json(&account);
    read(send(user, GooseMethod::Post, "/auth/register", register).await?).await;
    log_in(user).await?;
    look_at_a_list(user).await?;
    look_at_a_chart(user).await?;
    look_at_the_profile(user).await?;
    have_a_document_read(user).await?;
    log_out_and_in_again(user).await
}

async fn log_in(user: &mut GooseUser) -> TransactionResult {
    let account = session(user).map(|session| session.account.clone());
    let answer = send(user, GooseMethod::Post, "/auth/login", |request| request.json(&account));
    let token = read(answer.await?).await.and_then(|body| Some(body["token"].as_str()?.to_owned()));
    if let Some(session) = session(user) {
        session.token = token;
    }
    Ok(())
}

async fn look_at_a_list(user: &mut GooseUser) -> TransactionResult {
    let path = next(user, &LISTS).unwrap_or(LISTS[0]);
    look(user, path).await
}

async fn look_at_a_chart(user: &mut GooseUser) -> TransactionResult {
    let path = next(user, &CHARTS).unwrap_or(CHARTS[0]);
    look(user, path).await
}

async fn look_at_the_profile(user: &mut GooseUser) -> TransactionResult {
    look(user, "/me").await
}

/// A service whose queue is full says when to come again; that is no failure. The report
/// counts it among the status codes.
async fn have_a_document_read(user: &mut GooseUser) -> TransactionResult {
    let cards: Vec<&'static Card> = card::cards().into_iter().flatten().collect();
    let Some(card) = next(user, &cards) else { return Ok(()) };
    let taken = card.photographed();
    loop {
        let form = |request: RequestBuilder| request.multipart(taken.form());
        let mut answer = send(user, GooseMethod::Post, card.path(), form).await?;
        let Some(wait) = busy(&answer) else {
            read(answer).await;
            return Ok(());
        };
        user.set_success(&mut answer.request)?;
        tokio::time::sleep(wait).await;
    }
}

/// For how long a busy service asks to wait.
fn busy(answer: &GooseResponse) -> Option<Duration> {
    let response = answer.response.as_ref().ok()?;
    let wait = response.headers().get(RETRY_AFTER).filter(|_| response.status() == 503)?;
    Some(Duration::from_secs(wait.to_str().ok()?.parse().ok()?))
}

async fn log_out_and_in_again(user: &mut GooseUser) -> TransactionResult {
    read(send(user, GooseMethod::Post, "/auth/logout", |request| request).await?).await;
    log_in(user).await
}
