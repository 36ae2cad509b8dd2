//! How often a caller may do what, and how that is told.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

use super::caller::Caller;
use super::problem::ApiError;
use crate::cache::Cache;
use crate::config::LimitsConfig;
use crate::limits::{Allowance, Limits, LoginGuard, Network, Policy, client_address};
use crate::store::audit::Actor;

/// draft-ietf-httpapi-ratelimit-headers.
const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The names of the quotas.
pub(crate) const QUOTAS: [&str; 3] = ["requests", "process", "registrations"];

/// What is limited, and by how much.
pub(crate) struct Quotas {
    limits: Limits,
    /// Slows the guessing of passwords.
    pub(crate) logins: LoginGuard,
    requests: Policy,
    process: Policy,
    registrations: Policy,
    at_once: AtOnce,
    trusted: Vec<IpNet>,
}

impl Quotas {
    /// Makes the quotas of a service.
    pub(crate) fn new(config: &LimitsConfig, cache: Cache) -> Self {
        let limits = Limits::new(cache);
        let [requests, process, registrations] = QUOTAS;
        let policy =
            |name, quota, seconds| Policy { name, quota, window: Duration::from_secs(seconds) };
        Self {
            logins: LoginGuard::new(limits.clone(), config.login_failures_per_address),
            limits,
            requests: policy(requests, config.requests_per_minute, 60),
            process: policy(process, config.process_per_minute, 60),
            registrations: policy(registrations, config.registrations_per_hour, 3600),
            at_once: AtOnce::new(config.process_at_once),
            trusted: config.trusted_proxies.clone(),
        }
    }

    /// The address of the client: the peer's, or what trusted proxies tell.
    pub(crate) fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        let told = request.headers().get_all(X_FORWARDED_FOR);
        let told: Vec<&str> = told.filter_map(|value| value.to_str().ok()).collect();
        Some(client_address(peer, &told, &self.trusted))
    }

    /// Spends a request of a caller, or of an address where nobody is known; reading a
    /// document spends one of those too.
    pub(crate) async fn spend(
        &self,
        caller: Option<&Caller>,
        client: Option<IpAddr>,
        reads_document: bool,
    ) -> Result<Spent, ApiError> {
        let key = match (caller, client) {
            (Some(caller), _) => name(caller.actor()),
            (None, Some(client)) => Network::from(client).to_string(),
            (None, None) => String::new(),
        };
        let mut spent = Spent::default();
        spent.add(self.limits.spend(self.requests, &key).await)?;
        if reads_document {
            spent.add(self.limits.spend(self.process, &key).await)?;
            if let Some(caller) = caller {
                spent.turn = Some(self.at_once.take(caller.actor())?);
            }
        }
        Ok(spent)
    }

    /// Spends one of the accounts that an address may make.
    pub(crate) async fn spend_registration(&self, client: Option<IpAddr>) -> Result<(), ApiError> {
        let key = client.map_or_else(String::new, |client| Network::from(client).to_string());
        Spent::default().add(self.limits.spend(self.registrations, &key).await)
    }

    /// Where the counts are shared, if anywhere.
    pub(crate) fn cache(&self) -> &Cache {
        self.limits.cache()
    }
}

/// The name of a caller among the counts.
fn name(actor: Actor) -> String {
    match actor {
        Actor::User(user) => format!("user {user}"),
        Actor::Key(key) => format!("key {key}"),
        Actor::Operator | Actor::Service | Actor::Nobody => String::new(),
    }
}

/// What a request has spent; told in its answer.
#[derive(Default)]
pub(crate) struct Spent {
    allowances: Vec<Allowance>,
    /// Held for as long as the document is read.
    turn: Option<Turn>,
}

impl Spent {
    fn add(&mut self, allowance: Allowance) -> Result<(), ApiError> {
        self.allowances.push(allowance);
        if allowance.allowed {
            return Ok(());
        }
        let after = allowance.retry_after.unwrap_or(allowance.resets_in);
        Err(ApiError::TooManyRequests { after })
    }

    /// Tells in `headers` what is left of each quota.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let limited = || self.allowances.iter().filter(|allowance| allowance.policy.quota > 0);
        let policies: Vec<String> = limited()
            .map(|Allowance { policy, .. }| {
                format!("\"{}\";q={};w={}", policy.name, policy.quota, policy.window.as_secs())
            })
            .collect();
        let left: Vec<String> = limited()
            .map(|allowance| {
                let resets_in = seconds(allowance.resets_in);
                format!("\"{}\";r={};t={resets_in}", allowance.policy.name, allowance.remaining)
            })
            .collect();
        for (name, value) in [(RATELIMIT_POLICY, policies), (RATELIMIT, left)] {
            if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(&value.join(", ")))
            {
                headers.insert(name, value);
            }
        }
    }
}

/// Whole seconds, never fewer than it takes.
pub(crate) fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// How many documents each caller has under way, in this process.
#[derive(Clone)]
struct AtOnce {
    quota: u32,
    busy: Arc<Mutex<HashMap<Actor, u32>>>,
}

impl AtOnce {
    fn new(quota: u32) -> Self {
        Self { quota, busy: Arc::default() }
    }

    fn take(&self, actor: Actor) -> Result<Turn, ApiError> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let count = busy.entry(actor).or_default();
        if self.quota > 0 && *count >= self.quota {
            return Err(ApiError::TooManyAtOnce);
        }
        *count += 1;
        Ok(Turn { actor, busy: Arc::clone(&self.busy) })
    }
}

/// One document under way.
struct Turn {
    actor: Actor,
    busy: Arc<Mutex<HashMap<Actor, u32>>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = busy.get_mut(&self.actor) {
            *count -= 1;
            if *count == 0 {
                busy.remove(&self.actor);
            }
        }
    }
}
