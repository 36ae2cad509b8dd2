//! What was looked at. Reads are far more than writes, so they are gathered for a second
//! and those alike are told as one entry with a count.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::{Action, Actor, Deed, Origin, Subject, Trail};
use crate::store::{OrganisationId, Store};

/// How long reads are gathered. As much is lost when the process is killed.
const GATHER: Duration = Duration::from_secs(1);
/// Different reads that are remembered while the database cannot be reached.
const REMEMBERED: usize = 10_000;

/// Reads that are alike.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Read {
    actor: Actor,
    organisation: Option<OrganisationId>,
    network: Option<std::net::IpAddr>,
    action: Action,
    subject: Option<Subject>,
    kind: Option<&'static str>,
}

/// Gathers what was looked at. Clones share it.
#[derive(Clone)]
pub struct Reads {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    trail: Trail,
    gathered: Mutex<Gathered>,
    /// Wakes the writer.
    noted: Notify,
    /// Held while they are written.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Gathered {
    /// How often, and the request that was the first.
    reads: HashMap<Read, (u64, Option<String>)>,
    forgotten: u64,
}

impl Reads {
    /// Makes the gatherer of a service, whose writer lives in the runtime that this is
    /// called in.
    pub fn new(store: Store, trail: Trail) -> Self {
        let shared = Shared {
            store,
            trail,
            gathered: Mutex::default(),
            noted: Notify::new(),
            writing: tokio::sync::Mutex::default(),
        };
        let reads = Self { shared: Arc::new(shared) };
        let writer = reads.clone();
        tokio::spawn(async move {
            loop {
                writer.shared.noted.notified().await;
                tokio::time::sleep(GATHER).await;
                writer.flush().await;
            }
        });
        reads
    }

    /// Notes that something was looked at, or all records of a `kind`. Returns at once.
    pub fn note(
        &self,
        origin: Origin,
        action: Action,
        subject: Option<Subject>,
        kind: Option<&'static str>,
    ) {
        let Origin { actor, organisation, network, request_id } = origin;
        let read = Read { actor, organisation, network, action, subject, kind };
        let mut gathered = self.gathered();
        if gathered.reads.len() >= REMEMBERED && !gathered.reads.contains_key(&read) {
            gathered.forgotten += 1;
            return;
        }
        gathered.reads.entry(read).or_insert((0, request_id)).0 += 1;
        self.shared.noted.notify_one();
    }

    /// Writes what was gathered; what cannot be written is kept for the next time.
    pub async fn flush(&self) {
        let _one = self.shared.writing.lock().await;
        let (reads, forgotten) = {
            let mut gathered = self.gathered();
            (std::mem::take(&mut gathered.reads), std::mem::take(&mut gathered.forgotten))
        };
        if forgotten > 0 {
            tracing::error!(forgotten, "reads were not audited: the database was away too long");
        }
        if reads.is_empty() {
            return;
        }
        let entries = Arc::new(reads);
        let (told, trail) = (Arc::clone(&entries), self.shared.trail.clone());
        let written = self.shared.store.write(move |connection| {
            let mut ordered: Vec<_> = told.iter().collect();
            // Whoever locks several chains locks them in one order.
            ordered.sort_by_key(|(read, _)| read.organisation);
            for (read, (times, request_id)) in ordered {
                let origin = Origin {
                    actor: read.actor,
                    organisation: read.organisation,
                    network: read.network,
                    request_id: request_id.clone(),
                };
                trail.append(connection, &origin, &read.deed(*times))?;
            }
            Ok(())
        });
        if let Err(error) = written.await {
            tracing::warn!(%error, "reads are not audited yet");
            let mut gathered = self.gathered();
            for (read, (times, request_id)) in entries.iter() {
                let kept = gathered.reads.entry(read.clone());
                kept.or_insert_with(|| (0, request_id.clone())).0 += times;
            }
        }
    }

    // Nothing can panic while it is held and leave half a change.
    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.shared.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read {
    fn deed(&self, times: u64) -> Deed {
        let mut deed = Deed::new(self.action);
        deed.subject = self.subject;
        let deed = if times > 1 { deed.with("times", times) } else { deed };
        match self.kind {
            Some(kind) => deed.with("kind", kind),
            None => deed,
        }
    }
}
