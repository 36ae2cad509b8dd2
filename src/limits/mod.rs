//! How often something may be done: quotas in a sliding window, and the slowing of
//! password guesses. Counted in Redis by all replicas together when it is well, else here.

mod address;
mod local;
mod login;
mod turns;
mod window;

pub use address::{Network, client_address};
pub use login::{Attempt, LOGIN_RULES, LoginGuard, Wait};

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::cache::{Cache, Step};
use crate::digest::sha256;
use crate::limits::local::Local;
use crate::limits::window::{Balance, Moment};

/// Refusals, by the `policy` that asked for them.
pub const LIMITED_METRIC: &str = "wathiqa_limited_total";

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Its name in answers, metrics and keys: `registrations`.
    pub name: &'static str,
    /// How many; 0 means no limit.
    pub quota: u32,
    /// In how long.
    pub window: Duration,
}

/// What a policy leaves to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The policy; one with a quota of 0 limits nothing and needs no header.
    pub policy: Policy,
    /// How many more are allowed after this one.
    pub remaining: u32,
    /// Until the whole quota is there again, when nothing more is spent.
    pub resets_in: Duration,
    /// Whether this one is allowed.
    pub allowed: bool,
    /// Until one more is allowed, when this one is not.
    pub retry_after: Option<Duration>,
}

/// Counts what is limited. Clones share the counts.
#[derive(Clone)]
pub struct Limits {
    cache: Cache,
    local: Arc<Local>,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl Limits {
    /// Counts by the time of this machine.
    pub fn new(cache: Cache) -> Self {
        Self::with_clock(cache, SystemTime::now)
    }

    /// Counts by another clock, for tests. Redis has a clock of its own, by which it
    /// forgets.
    pub fn with_clock(
        cache: Cache,
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Self {
        Self { cache, local: Arc::new(Local::new()), clock: Arc::new(clock) }
    }

    /// Spends one of what `policy` allows to `key`, which may be an address or an account:
    /// it is hashed. A refusal costs nothing, so that whoever goes on asking is let in
    /// again as soon as whoever waits.
    pub async fn spend(&self, policy: Policy, key: &str) -> Allowance {
        if policy.quota == 0 {
            return Allowance::unlimited(policy);
        }
        let now = self.now();
        let tally = Tally::of(policy.name, &[key], policy.window, now);
        let counts = self.add(&tally.spend(1), now).await;
        // Counted before it is judged: of many at once no two see the same count.
        let (previous, present) = (known(counts[0]), known(counts[1] - 1));
        let balance = tally.moment.judge(policy.quota, previous, present, true);
        if !balance.allowed {
            self.add(&[tally.change(-1)], now).await;
            metrics::counter!(LIMITED_METRIC, "policy" => policy.name).increment(1);
        }
        Allowance::new(policy, balance)
    }

    /// Tells what `spend` would answer now, and counts nothing.
    pub async fn would_allow(&self, policy: Policy, key: &str) -> Allowance {
        if policy.quota == 0 {
            return Allowance::unlimited(policy);
        }
        let now = self.now();
        let tally = Tally::of(policy.name, &[key], policy.window, now);
        let counts = self.add(&tally.read(), now).await;
        let (previous, present) = (known(counts[0]), known(counts[1]));
        Allowance::new(policy, tally.moment.judge(policy.quota, previous, present, false))
    }

    /// Where the counts are: to be shown, not asked before each use.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// The time since 1970.
    fn now(&self) -> Duration {
        (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    /// Takes steps here and in Redis, whose outcome counts when there is one. Taken in
    /// both, a Redis that goes away leaves nobody a fresh quota.
    async fn add(&self, steps: &[Step], now: Duration) -> Vec<i64> {
        let here = self.local.add(steps, now);
        let everywhere = self.cache.add(steps).await;
        everywhere.unwrap_or(here)
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").field("cache", &self.cache).finish_non_exhaustive()
    }
}

impl Allowance {
    fn new(policy: Policy, balance: Balance) -> Self {
        let Balance { allowed, remaining, resets_in, retry_after } = balance;
        Self { policy, remaining, resets_in, allowed, retry_after }
    }

    fn unlimited(policy: Policy) -> Self {
        Self {
            policy,
            remaining: u32::MAX,
            resets_in: Duration::ZERO,
            allowed: true,
            retry_after: None,
        }
    }
}

/// The two counters of one subject at one moment.
#[derive(Debug, Clone)]
struct Tally {
    subject: String,
    window: Duration,
    moment: Moment,
}

impl Tally {
    fn of(name: &str, subject: &[&str], window: Duration, now: Duration) -> Self {
        Self { subject: hashed(name, subject), window, moment: Moment::of(now, window) }
    }

    fn key(&self, index: u64) -> String {
        format!("{}:{index}", self.subject)
    }

    /// The window before this one; in the first of all, this one.
    fn previous(&self) -> String {
        self.key(self.moment.index.saturating_sub(1))
    }

    fn change(&self, by: i64) -> Step {
        // The next window still needs it.
        Step::Add { key: self.key(self.moment.index), by, keep: 2 * self.window }
    }

    fn spend(&self, by: i64) -> [Step; 2] {
        [Step::Read { key: self.previous() }, self.change(by)]
    }

    fn read(&self) -> [Step; 2] {
        [self.previous(), self.key(self.moment.index)].map(|key| Step::Read { key })
    }

    fn forget(&self) -> [Step; 2] {
        [self.previous(), self.key(self.moment.index)].map(|key| Step::Remove { key })
    }
}

/// A count may be given back after it was forgotten, and then be less than nothing.
fn known(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// Names a subject so that Redis learns neither addresses nor accounts: half of a SHA-256,
/// of parts whose lengths are told, so that no two subjects are alike.
fn hashed(name: &str, subject: &[&str]) -> String {
    let parts: String = subject.iter().map(|part| format!("\0{}\0{part}", part.len())).collect();
    let digest = sha256(format!("{name}{parts}").as_bytes());
    let digits: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}:{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::login::tests::Hand;

    const MINUTELY: Policy = Policy { name: "test", quota: 3, window: Duration::from_secs(60) };

    #[tokio::test]
    async fn the_quota_is_allowed_and_comes_back_with_time() {
        let hand = Hand::new();
        let limits = hand.limits();

        for remaining in [2, 1, 0] {
            let allowance = limits.spend(MINUTELY, "a").await;
            assert_eq!((allowance.allowed, allowance.remaining), (true, remaining));
        }
        let refused = limits.spend(MINUTELY, "a").await;

        assert!(!refused.allowed);
        assert!(limits.spend(MINUTELY, "b").await.allowed);
        hand.pass(refused.retry_after.unwrap());
        assert!(limits.spend(MINUTELY, "a").await.allowed);
    }

    #[tokio::test]
    async fn a_refusal_costs_nothing() {
        let hand = Hand::new();
        let limits = hand.limits();
        for _ in 0..3 {
            limits.spend(MINUTELY, "a").await;
        }
        let first = limits.spend(MINUTELY, "a").await;

        for _ in 0..50 {
            assert_eq!(limits.spend(MINUTELY, "a").await, first);
        }
    }

    #[tokio::test]
    async fn a_look_counts_nothing() {
        let limits = Hand::new().limits();

        for _ in 0..9 {
            assert_eq!(limits.would_allow(MINUTELY, "a").await.remaining, 3);
        }
        for _ in 0..3 {
            limits.spend(MINUTELY, "a").await;
        }
        assert!(!limits.would_allow(MINUTELY, "a").await.allowed);
    }

    #[tokio::test]
    async fn a_quota_of_0_is_no_limit() {
        let limits = Hand::new().limits();
        let open = Policy { quota: 0, ..MINUTELY };

        for _ in 0..100 {
            assert!(limits.spend(open, "a").await.allowed);
        }
    }

    #[tokio::test]
    async fn at_any_moment_a_window_behind_holds_little_more_than_the_quota() {
        let hand = Hand::new();
        let limits = hand.limits();
        let mut allowed = Vec::new();

        for tenth in 0..6000_u64 {
            if limits.spend(Policy { quota: 30, ..MINUTELY }, "a").await.allowed {
                allowed.push(tenth);
            }
            hand.pass(Duration::from_millis(100));
        }

        for end in 600..6000 {
            let count = allowed.iter().filter(|&&at| at <= end && at + 600 > end).count();
            assert!(count <= 45, "{count} in the minute before {end}");
        }
        assert!((285..=330).contains(&allowed.len()), "{} in ten minutes", allowed.len());
    }

    #[test]
    fn a_subject_is_not_told_and_not_mistaken_for_another() {
        let key = hashed("test", &["fatima@example.ma"]);

        assert_eq!(key.len(), "test:".len() + 32);
        assert!(!key.contains("fatima"));
        assert_ne!(hashed("test", &["a", "b"]), hashed("test", &["a\u{0}1\u{0}b"]));
        assert_ne!(hashed("test", &["ab", "c"]), hashed("test", &["a", "bc"]));
        assert_ne!(hashed("test", &["a"])[5..], hashed("tast", &["a"])[5..]);
    }
}
