//! Redis, where replicas share counters and cached answers. The only code that knows it.
//!
//! It is a help and never a need: whoever asks gets an answer or `None` within
//! [`TIME_LIMIT`], and while Redis is away `None` at once.

mod door;
mod reason;

use std::sync::Arc;
use std::time::Duration;

use redis::Pipeline;
use secrecy::SecretString;

use crate::cache::door::Door;

/// How long a request may wait for Redis. One in the same network answers in less than 1 ms.
pub const TIME_LIMIT: Duration = Duration::from_millis(100);

/// All our keys begin so, and nobody else's.
const PREFIX: &str = "wathiqa:";

/// Whether there is a Redis, and whether it can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheState {
    /// None is configured.
    Absent,
    /// It answers and takes writes.
    Well,
    /// It does not, or was not reached yet; it is tried in the background.
    Away,
}

impl CacheState {
    /// Returns the word that people and scrapers are shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Well => "well",
            Self::Away => "away",
        }
    }
}

/// One change of a counter or a mark. Several make one round trip, all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Adds to a counter, which is forgotten `keep` after; the outcome is its new value.
    Add {
        /// Which counter.
        key: String,
        /// How much; less than nothing gives back.
        by: i64,
        /// How long it is kept from now on.
        keep: Duration,
    },
    /// Reads a counter; the outcome is its value, 0 when there is none.
    Read {
        /// Which counter.
        key: String,
    },
    /// Marks now unless there is a mark; the outcome is the mark's age in milliseconds.
    /// All who use a key give it the same `keep`, by which the age is told.
    MarkFirst {
        /// Which mark.
        key: String,
        /// How long a mark is kept.
        keep: Duration,
    },
    /// Marks now, whatever was there; the outcome is 0.
    Mark {
        /// Which mark.
        key: String,
        /// How long it is kept.
        keep: Duration,
    },
    /// Forgets a counter or a mark; the outcome is 0.
    Remove {
        /// Which one.
        key: String,
    },
}

/// The way to Redis, or to nothing where none is configured. Clones share it.
#[derive(Debug, Clone)]
pub struct Cache {
    door: Option<Arc<Door>>,
}

impl Cache {
    /// Begins to connect in the background, and waits for nothing. A Redis that is away
    /// is tried again until it is there.
    pub fn open(url: Option<&SecretString>) -> Self {
        Self::with_time_limit(url, TIME_LIMIT)
    }

    /// As [`Cache::open`], with another time limit: tests on a busy machine are patient.
    pub fn with_time_limit(url: Option<&SecretString>, limit: Duration) -> Self {
        Self { door: url.and_then(|url| Door::open(url, limit)) }
    }

    /// Reads what was put under `key`.
    pub async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let mut commands = Pipeline::new();
        commands.cmd("GET").arg(prefixed(key));
        let (found,): (Option<Vec<u8>>,) = self.door.as_ref()?.ask(&commands).await?;
        found
    }

    /// Keeps `bytes` under `key` for `keep`; when Redis is away, does not.
    pub async fn put(&self, key: &str, bytes: &[u8], keep: Duration) {
        let Some(door) = &self.door else { return };
        let mut commands = Pipeline::new();
        commands.cmd("SET").arg(prefixed(key)).arg(bytes).arg("PX").arg(millis(keep)).ignore();
        let _kept: Option<()> = door.ask(&commands).await;
    }

    /// Takes all steps in one round trip and returns the outcome of each; `None` when
    /// Redis is away. Then nobody knows whether the steps were taken.
    pub async fn add(&self, steps: &[Step]) -> Option<Vec<i64>> {
        let answers = self.door.as_ref()?.ask(&commands(steps)).await?;
        Some(outcomes(steps, answers))
    }

    /// Tells whether Redis is there, as of its last answer; asks nothing.
    pub fn state(&self) -> CacheState {
        match &self.door {
            None => CacheState::Absent,
            Some(door) if door.is_open() => CacheState::Well,
            Some(_) => CacheState::Away,
        }
    }

    /// Looks at Redis through a connection of its own, and returns its version.
    ///
    /// # Errors
    ///
    /// In a few words why it cannot be used; never its address or password.
    pub async fn probe(&self) -> Result<String, &'static str> {
        match &self.door {
            None => Err("REDIS_URL is not set"),
            Some(door) => door.probe().await,
        }
    }
}

fn prefixed(key: &str) -> String {
    format!("{PREFIX}{key}")
}

fn millis(time: Duration) -> u64 {
    (time.as_millis() as u64).max(1)
}

/// Writes steps as a transaction: a counter must never stay behind without its expiry.
fn commands(steps: &[Step]) -> Pipeline {
    let mut commands = Pipeline::new();
    commands.atomic();
    for step in steps {
        match step {
            Step::Add { key, by, keep } => {
                let key = prefixed(key);
                commands.cmd("INCRBY").arg(&key).arg(by);
                commands.cmd("PEXPIRE").arg(&key).arg(millis(*keep)).ignore();
            }
            Step::Read { key } => {
                commands.cmd("GET").arg(prefixed(key));
            }
            Step::MarkFirst { key, keep } => {
                let key = prefixed(key);
                commands.cmd("SET").arg(&key).arg(1).arg("PX").arg(millis(*keep)).arg("NX");
                commands.ignore();
                // Its age by the one clock that all replicas share.
                commands.cmd("PTTL").arg(&key);
            }
            Step::Mark { key, keep } => {
                let keep = millis(*keep);
                commands.cmd("SET").arg(prefixed(key)).arg(1).arg("PX").arg(keep).ignore();
            }
            Step::Remove { key } => {
                commands.cmd("DEL").arg(prefixed(key)).ignore();
            }
        }
    }
    commands
}

/// Gives each step its answer; those that are ignored have none.
fn outcomes(steps: &[Step], answers: Vec<Option<i64>>) -> Vec<i64> {
    let mut answers = answers.into_iter().map(Option::unwrap_or_default);
    let mut next = || answers.next().unwrap_or_default();
    let outcome = |step: &Step| match step {
        Step::Add { .. } | Step::Read { .. } => next(),
        Step::MarkFirst { keep, .. } => (millis(*keep) as i64 - next()).max(0),
        Step::Mark { .. } | Step::Remove { .. } => 0,
    };
    steps.iter().map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_redis_nothing_is_found_and_nothing_fails() {
        let cache = Cache::open(None);

        cache.put("key", b"value", Duration::from_secs(1)).await;

        assert_eq!(cache.get("key").await, None);
        assert_eq!(cache.add(&[Step::Read { key: "count".into() }]).await, None);
        assert_eq!(cache.state(), CacheState::Absent);
    }

    #[test]
    fn steps_are_one_transaction_and_each_gets_its_outcome() {
        let keep = Duration::from_secs(2);
        let key = || "k".to_owned();
        let steps = [
            Step::Read { key: key() },
            Step::Mark { key: key(), keep },
            Step::Add { key: key(), by: 1, keep },
            Step::Remove { key: key() },
            Step::MarkFirst { key: key(), keep },
        ];

        assert!(commands(&steps).is_transaction());
        assert_eq!(outcomes(&steps, vec![None, Some(7), Some(1500)]), [0, 0, 7, 0, 500]);
    }

    #[test]
    fn the_address_does_not_show_in_debug_output() {
        let url = SecretString::from("redis://user:hidden@cache.example.ma:6379");

        assert!(!format!("{:?}", Cache::open(Some(&url))).contains("example"));
    }
}
