//! Which tokens were logged out, without asking the database at each request.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use crate::auth::Claims;
use crate::store::{Store, StoreError, revocations};

/// What is known is asked for again after this, on demand: a log-out on
/// another replica is seen within it, and an idle service asks nothing.
const FRESH_FOR: Duration = Duration::from_millis(500);
/// Up to this age what is known is completed by what was revoked lately,
/// which the store takes to be twice as long; after it, it is read anew.
const COMPLETED_FOR: Duration = Duration::from_secs(30);

type Key = [u8; 32];

#[derive(Default)]
struct Known {
    keys: HashMap<Key, DateTime<Utc>>,
    /// When the latest answer of the database was asked for.
    asked_at: Option<Instant>,
    /// When the database was last asked in vain.
    failed_at: Option<Instant>,
}

impl Known {
    fn is_younger_than(&self, age: Duration) -> bool {
        self.asked_at.is_some_and(|asked_at| asked_at.elapsed() < age)
    }
}

/// The revoked tokens.
pub(super) struct Revocations {
    store: Store,
    known: RwLock<Known>,
    /// One question at a time; whoever waits for it uses its answer.
    question: Mutex<()>,
}

impl Revocations {
    pub(super) fn new(store: Store) -> Self {
        Self { store, known: RwLock::default(), question: Mutex::default() }
    }

    /// Whether a token is revoked, as of half a second ago at most.
    pub(super) async fn contains(&self, key: &Key) -> Result<bool, StoreError> {
        if self.read().keys.contains_key(key) {
            return Ok(true);
        }
        if self.read().is_younger_than(FRESH_FOR) {
            return Ok(false);
        }
        self.refresh().await?;
        Ok(self.read().keys.contains_key(key))
    }

    /// Revokes a token.
    pub(super) async fn insert(&self, claims: &Claims) -> Result<(), StoreError> {
        let (key, expires_at) = (claims.key, claims.expires_at);
        // Here at once, even if the database cannot be told; the caller then
        // learns that it holds here alone.
        self.write().keys.insert(key, expires_at);
        let stored = self.store.write(move |connection| {
            revocations::insert(connection, &key, expires_at)?;
            revocations::delete_expired(connection)
        });
        stored.await.map(drop)
    }

    async fn refresh(&self) -> Result<(), StoreError> {
        let queued_at = Instant::now();
        let _one = self.question.lock().await;
        // Whoever waited while another one asked in vain would ask in vain too.
        if self.read().failed_at.is_some_and(|failed_at| failed_at >= queued_at) {
            return Err(StoreError::Unavailable);
        }
        if self.read().is_younger_than(FRESH_FOR) {
            return Ok(());
        }
        let asked_at = Instant::now();
        let completes = self.read().is_younger_than(COMPLETED_FOR);
        let answer = self
            .store
            .read(move |connection| {
                if completes {
                    revocations::list_recent(connection)
                } else {
                    revocations::list(connection)
                }
            })
            .await;
        let mut known = self.write();
        let rows = match answer {
            Ok(rows) => rows,
            Err(error) => {
                known.failed_at = Some(Instant::now());
                return Err(error);
            }
        };
        let now = Utc::now();
        known.keys.retain(|_, expires_at| *expires_at + revocations::KEPT_FOR > now);
        for (key, expires_at) in rows {
            if let Ok(key) = Key::try_from(key) {
                known.keys.insert(key, expires_at);
            }
        }
        known.asked_at = Some(asked_at);
        Ok(())
    }

    // Nothing can panic while these are held and leave half a change.
    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}
