//! What every replica must know within a second: which tokens were revoked, and whose
//! access changed. Asked of the database twice a second at most, on demand: an idle
//! service asks nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use crate::store::api_keys::{self, KeyGrant};
use crate::store::users::{self, Membership};
use crate::store::{Store, StoreError, UserId, access_changes, revocations};

/// What is known is asked for again after this: what happens on another replica is seen
/// within it.
const FRESH_FOR: Duration = Duration::from_millis(500);
/// Up to this age what is known is completed by what happened lately, which the store
/// takes to be twice as long; after it, it is read anew.
const COMPLETED_FOR: Duration = Duration::from_secs(30);
/// Nothing that was remembered of a caller is believed for longer, whatever was not told.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
/// Callers remembered before the stale ones are swept out.
const REMEMBERED: usize = 4096;

/// SHA-256 of what is revoked or presented.
pub(super) type Digest = [u8; 32];

#[derive(Default)]
struct Known {
    revoked: HashMap<Digest, DateTime<Utc>>,
    members: Remembered<UserId, Membership>,
    keys: Remembered<Digest, KeyGrant>,
    /// Counts what was forgotten: an answer that was asked for before is not remembered.
    forgotten: u64,
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

/// What the database said of callers, with when it was asked.
struct Remembered<K, V>(HashMap<K, (Instant, V)>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    fn get(&self, key: &K) -> Option<V> {
        let (asked_at, value) = self.0.get(key)?;
        (asked_at.elapsed() < REMEMBERED_FOR).then(|| value.clone())
    }

    fn insert(&mut self, key: K, asked_at: Instant, value: V) {
        if self.0.len() >= REMEMBERED {
            self.0.retain(|_, (asked_at, _)| asked_at.elapsed() < REMEMBERED_FOR);
        }
        if self.0.len() < REMEMBERED {
            self.0.insert(key, (asked_at, value));
        }
    }
}

/// What one question to the database brings.
struct News {
    revoked: Vec<(Vec<u8>, DateTime<Utc>)>,
    /// None when more may have changed than the database still tells.
    changes: Option<Vec<access_changes::Change>>,
}

/// The watch over revocations and changes.
pub(super) struct Watch {
    store: Store,
    known: RwLock<Known>,
    /// One question at a time; whoever waits for it uses its answer.
    question: Mutex<()>,
}

impl Watch {
    pub(super) fn new(store: Store) -> Self {
        Self { store, known: RwLock::default(), question: Mutex::default() }
    }

    /// Whether one of these is revoked, as of half a second ago at most.
    pub(super) async fn is_revoked(&self, digests: &[Digest]) -> Result<bool, StoreError> {
        self.refresh().await?;
        let known = self.read();
        Ok(digests.iter().any(|digest| known.revoked.contains_key(digest)))
    }

    /// Notes here at once what is revoked; the caller has told the database, or tries to.
    pub(super) fn note_revoked(&self, digest: Digest, expires_at: DateTime<Utc>) {
        self.write().revoked.insert(digest, expires_at);
    }

    /// Forgets at once what is remembered of a user.
    pub(super) fn forget(&self, user: UserId) {
        let mut known = self.write();
        known.forgotten += 1;
        known.members.0.remove(&user);
    }

    /// The membership of a user, as of half a second ago at most.
    pub(super) async fn membership(&self, user: UserId) -> Result<Option<Membership>, StoreError> {
        self.refresh().await?;
        let forgotten = {
            let known = self.read();
            if let Some(membership) = known.members.get(&user) {
                return Ok(Some(membership));
            }
            known.forgotten
        };
        let asked_at = Instant::now();
        let found =
            self.store.read(move |connection| users::find_membership(connection, user)).await?;
        let mut known = self.write();
        if let Some(membership) = found
            && known.forgotten == forgotten
        {
            known.members.insert(user, asked_at, membership);
        }
        Ok(found)
    }

    /// What a key opens, as of half a second ago at most. Its use is noted once a minute.
    pub(super) async fn grant(&self, digest: Digest) -> Result<Option<KeyGrant>, StoreError> {
        self.refresh().await?;
        let forgotten = {
            let known = self.read();
            if let Some(grant) = known.keys.get(&digest) {
                return Ok((grant.expires_at > Utc::now()).then_some(grant));
            }
            known.forgotten
        };
        let asked_at = Instant::now();
        let found =
            self.store.read(move |connection| api_keys::find_grant(connection, &digest)).await?;
        if let Some(grant) = &found {
            let mut known = self.write();
            if known.forgotten == forgotten {
                known.keys.insert(digest, asked_at, grant.clone());
            }
            self.note_use(grant);
        }
        Ok(found)
    }

    /// Not worth a request's time, nor its failure.
    fn note_use(&self, grant: &KeyGrant) {
        let (store, key) = (self.store.clone(), grant.id);
        tokio::spawn(async move {
            let noted = store.write(move |connection| api_keys::note_use(connection, key)).await;
            if let Err(error) = noted {
                tracing::debug!(%error, "the use of a key was not noted");
            }
        });
    }

    async fn refresh(&self) -> Result<(), StoreError> {
        if self.read().is_younger_than(FRESH_FOR) {
            return Ok(());
        }
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
        let answer = self.store.read(move |connection| {
            Ok(if completes {
                News {
                    revoked: revocations::list_recent(connection)?,
                    changes: Some(access_changes::list_recent(connection)?),
                }
            } else {
                News { revoked: revocations::list(connection)?, changes: None }
            })
        });
        let answer = answer.await;
        let mut known = self.write();
        match answer {
            Ok(news) => {
                known.learn(news);
                known.asked_at = Some(asked_at);
                Ok(())
            }
            Err(error) => {
                known.failed_at = Some(Instant::now());
                Err(error)
            }
        }
    }

    // Nothing can panic while these are held and leave half a change.
    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn learn(&mut self, news: News) {
        let now = Utc::now();
        self.revoked.retain(|_, expires_at| *expires_at + revocations::KEPT_FOR > now);
        for (digest, expires_at) in news.revoked {
            if let Ok(digest) = Digest::try_from(digest) {
                self.revoked.insert(digest, expires_at);
            }
        }
        match news.changes {
            None => {
                self.members.0.clear();
                self.keys.0.clear();
            }
            Some(changes) if changes.is_empty() => return,
            Some(changes) => {
                for (user, key) in changes {
                    if let Some(user) = user {
                        self.members.0.remove(&user);
                    }
                    if let Some(key) = key {
                        self.keys.0.retain(|_, (_, grant)| grant.id != key);
                    }
                }
            }
        }
        self.forgotten += 1;
    }
}
