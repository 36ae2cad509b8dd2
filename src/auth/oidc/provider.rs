//! The provider's keys: fetched when they are needed, kept for an hour, and fetched
//! again for a key that is not among them, now and then.

use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde::Deserialize;
use url::Url;

use crate::auth::oidc::jwk::{Key, KeySet};
use crate::auth::oidc::token::TokenHeader;
use crate::config::is_private_or_tls;

/// Bytes of an answer; those of large providers have some thousand.
const MAX_BODY: usize = 1 << 20;

/// Why the provider's keys could not be fetched.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProviderError {
    /// It does not answer, or the connection is not secure.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It does not answer in time.
    #[error("it takes too long to answer")]
    Slow,
    /// It answers with another status; redirects are not followed.
    #[error("it answers {0}")]
    Status(StatusCode),
    /// It answers more than a megabyte.
    #[error("its answer is too large")]
    TooLarge,
    /// Its answer is not what the standard says.
    #[error("its answer is misshapen")]
    Malformed,
    /// It calls itself otherwise than the settings do.
    #[error("it names another issuer than OIDC_ISSUER")]
    Issuer,
    /// Its keys would come over a connection that anybody could change.
    #[error("its keys are not behind https")]
    Insecure,
}

/// How often the provider is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// How long its keys are believed.
    pub(super) fresh_for: Duration,
    /// How long a key that is not among them does not make us ask again: whoever invents
    /// names would set our pace.
    pub(super) again_after: Duration,
    /// How long after a failure nobody asks again while no keys are known.
    pub(super) retry_after: Duration,
    /// How long it may take to answer both questions.
    pub(super) timeout: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            fresh_for: Duration::from_secs(3600),
            again_after: Duration::from_secs(60),
            retry_after: Duration::from_secs(1),
            timeout: Duration::from_secs(5),
        }
    }
}

/// A provider and what is known of its keys.
pub(super) struct Provider {
    issuer: String,
    client: Client,
    pace: Pace,
    known: Mutex<Known>,
    /// Held while it is asked: whoever waits uses the answer. Whose key is known does not wait.
    question: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    /// The keys, and when they were asked for.
    keys: Option<(Instant, KeySet)>,
    failure: Option<(Instant, ProviderError)>,
}

/// What is known already answers, or the provider has to.
enum Next {
    Answer(Result<Option<Key>, ProviderError>),
    Ask,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    pub(super) fn new(issuer: &str, pace: Pace) -> Result<Self, ProviderError> {
        let client = Client::builder()
            .user_agent("wathiqa")
            .timeout(pace.timeout)
            .redirect(Policy::none())
            .referer(false)
            // The environment's proxies would see who signs in, and loopback needs none.
            .no_proxy()
            // A connection belongs to the worker that opened it, and is used twice an hour.
            .pool_max_idle_per_host(0)
            .build()?;
        let (known, question) = (Mutex::default(), tokio::sync::Mutex::default());
        Ok(Self { issuer: issuer.to_owned(), client, pace, known, question })
    }

    /// The key that a token names; none when the provider does not publish it.
    pub(super) async fn key(&self, header: &TokenHeader) -> Result<Option<Key>, ProviderError> {
        let came_at = Instant::now();
        if let Next::Answer(answer) = self.next(header, came_at) {
            return answer;
        }
        let _one = self.question.lock().await;
        if let Next::Answer(answer) = self.next(header, came_at) {
            return answer;
        }
        let asked_at = Instant::now();
        let answer = tokio::time::timeout(self.pace.timeout, self.fetch()).await;
        match answer.unwrap_or(Err(ProviderError::Slow)) {
            Ok(keys) => {
                let found = keys.find(header.kid.as_deref(), header.algorithm).cloned();
                *self.known() = Known { keys: Some((asked_at, keys)), failure: None };
                Ok(found)
            }
            Err(error) => {
                tracing::warn!(%error, "the OpenID provider's keys could not be fetched");
                self.known().failure = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    fn next(&self, header: &TokenHeader, came_at: Instant) -> Next {
        let known = self.known();
        let mut pause = self.pace.retry_after;
        if let Some((asked_at, keys)) = &known.keys
            && asked_at.elapsed() < self.pace.fresh_for
        {
            let found = keys.find(header.kid.as_deref(), header.algorithm);
            let is_settled = header.kid.is_none() || asked_at.elapsed() < self.pace.again_after;
            if found.is_some() || is_settled {
                return Next::Answer(Ok(found.cloned()));
            }
            pause = self.pace.again_after;
        }
        match &known.failure {
            // Whoever waited while another one asked in vain would ask in vain too.
            Some((failed_at, error)) if *failed_at >= came_at || failed_at.elapsed() < pause => {
                Next::Answer(Err(error.clone()))
            }
            _ => Next::Ask,
        }
    }

    // Nothing can panic while it is held and leave half a change.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self) -> Result<KeySet, ProviderError> {
        let base = self.issuer.trim_end_matches('/');
        let address = format!("{base}/.well-known/openid-configuration");
        let address = Url::parse(&address).map_err(|_| ProviderError::Malformed)?;
        let discovery: Discovery = serde_json::from_slice(&self.get(address).await?)
            .map_err(|_| ProviderError::Malformed)?;
        // Section 4.3 of OpenID Connect Discovery: or one provider could speak for another.
        if discovery.issuer != self.issuer {
            return Err(ProviderError::Issuer);
        }
        let address = Url::parse(&discovery.jwks_uri).map_err(|_| ProviderError::Malformed)?;
        if !is_private_or_tls(&address) {
            return Err(ProviderError::Insecure);
        }
        KeySet::read(&self.get(address).await?).ok_or(ProviderError::Malformed)
    }

    async fn get(&self, address: Url) -> Result<Vec<u8>, ProviderError> {
        let mut response = self.client.get(address).send().await?;
        if response.status() != StatusCode::OK {
            return Err(ProviderError::Status(response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(ProviderError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl From<reqwest::Error> for ProviderError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Slow;
        }
        // The last cause is the one to act on: a name, a port, a certificate.
        let mut cause: &dyn Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        Self::Unreachable(cause.to_string())
    }
}
