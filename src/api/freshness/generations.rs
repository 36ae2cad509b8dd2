//! What this replica knows of how often each organisation's records changed. The database
//! is asked on demand, twice a second at most for all organisations together, and again
//! when this replica itself changed records. An idle service asks nothing.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::store::{OrganisationId, Store, StoreError, generations};

/// What is known is asked for again after this: what is written elsewhere is seen within it.
const FRESH_FOR: Duration = Duration::from_millis(500);
/// An organisation that nobody asked for so long is left out of the question.
const WANTED_FOR: Duration = Duration::from_secs(10);

/// The generations of the organisations whose records are read here.
pub(crate) struct Generations {
    store: Store,
    known: RwLock<HashMap<OrganisationId, Known>>,
    /// One question at a time, whose answer serves all who wait; when the latest failed.
    question: Mutex<Option<Instant>>,
}

/// What is known of an organisation.
struct Known {
    /// None when it was forgotten, or is asked for now.
    generation: Option<i64>,
    /// When the answer was asked for.
    asked_at: Instant,
    /// When somebody last had to ask.
    wanted_at: Instant,
    /// An answer that was asked for before this is not believed.
    forgotten_at: Option<Instant>,
}

impl Generations {
    /// Knows nothing yet.
    pub(crate) fn new(store: Store) -> Self {
        Self { store, known: RwLock::default(), question: Mutex::default() }
    }

    /// The generation of an organisation's records, as of half a second ago at most, and
    /// not before anything that this replica changed. Rows read after it are of this
    /// generation or a later one.
    pub(crate) async fn of(&self, organisation: OrganisationId) -> Result<i64, StoreError> {
        if let Some(generation) = self.fresh(organisation) {
            return Ok(generation);
        }
        let queued_at = Instant::now();
        let mut failed_at = self.question.lock().await;
        // Whoever waited while another one asked in vain would ask in vain too.
        if failed_at.is_some_and(|failed_at| failed_at >= queued_at) {
            return Err(StoreError::Unavailable);
        }
        if let Some(generation) = self.fresh(organisation) {
            return Ok(generation);
        }
        let wanted = self.wanted(organisation);
        let asked_at = Instant::now();
        let of_query = wanted.clone();
        let found = self.store.read(move |connection| generations::list(connection, &of_query));
        match found.await {
            Ok(found) => {
                let found: HashMap<_, _> = found.into_iter().collect();
                self.learn(&wanted, &found, asked_at);
                Ok(found.get(&organisation).copied().unwrap_or_default())
            }
            Err(error) => {
                *failed_at = Some(Instant::now());
                Err(error)
            }
        }
    }

    /// Forgets at once what is known of an organisation, whose records were changed here.
    pub(crate) fn forget(&self, organisation: OrganisationId) {
        if let Some(known) = self.write().get_mut(&organisation) {
            known.forget();
        }
    }

    /// Forgets all, as [`Self::forget`].
    pub(crate) fn forget_all(&self) {
        self.write().values_mut().for_each(Known::forget);
    }

    fn fresh(&self, organisation: OrganisationId) -> Option<i64> {
        let known = self.read();
        let known = known.get(&organisation)?;
        known.generation.filter(|_| known.asked_at.elapsed() < FRESH_FOR)
    }

    /// The organisations to ask for: this one, and those of lately.
    fn wanted(&self, organisation: OrganisationId) -> Vec<OrganisationId> {
        let now = Instant::now();
        let mut known = self.write();
        let this = known.entry(organisation).or_insert(Known {
            generation: None,
            asked_at: now,
            wanted_at: now,
            forgotten_at: None,
        });
        this.wanted_at = now;
        known.retain(|_, known| now.duration_since(known.wanted_at) < WANTED_FOR);
        known.keys().copied().collect()
    }

    fn learn(
        &self,
        wanted: &[OrganisationId],
        found: &HashMap<OrganisationId, i64>,
        asked_at: Instant,
    ) {
        let mut known = self.write();
        for organisation in wanted {
            let Some(known) = known.get_mut(organisation) else { continue };
            if known.forgotten_at.is_none_or(|forgotten_at| forgotten_at < asked_at) {
                // Where records never changed there is no row.
                known.generation = Some(found.get(organisation).copied().unwrap_or_default());
                known.asked_at = asked_at;
            }
        }
    }

    // Nothing can panic while these are held and leave half a change.
    fn read(&self) -> RwLockReadGuard<'_, HashMap<OrganisationId, Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<OrganisationId, Known>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn forget(&mut self) {
        self.generation = None;
        self.forgotten_at = Some(Instant::now());
    }
}
