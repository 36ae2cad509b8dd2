//! Who may use the database now, who waits, and who is sent away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::store::StoreError;

/// As many turns as connections, so that waiting requests are tasks and not threads that
/// fight over the pool. Clones share the turns.
#[derive(Clone)]
pub(super) struct Turns {
    permits: Arc<Semaphore>,
    total: usize,
    waiting: Arc<AtomicUsize>,
    queue: usize,
    wait: Duration,
}

impl Turns {
    /// `queue` requests may wait, each at most `wait`.
    pub(super) fn new(total: usize, queue: usize, wait: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(total));
        Self { permits, total, waiting: Arc::default(), queue, wait }
    }

    /// Waits for a turn.
    pub(super) async fn take(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let place = Place(Arc::clone(&self.waiting));
        if place.0.fetch_add(1, Ordering::Relaxed) >= self.queue {
            return Err(StoreError::Unavailable);
        }
        let permit = Arc::clone(&self.permits).acquire_owned();
        let permit = tokio::time::timeout(self.wait, permit).await;
        permit.ok().and_then(Result::ok).ok_or(StoreError::Unavailable)
    }

    /// Requests that wait for a turn now.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Gives out no more turns; tells whether all taken ones ended within `grace`.
    pub(super) async fn close(&self, grace: Duration) -> bool {
        let all = self.permits.acquire_many(self.total as u32);
        let ended = tokio::time::timeout(grace, all).await.is_ok();
        self.permits.close();
        ended
    }
}

/// A place among those who wait, given up however the waiting ends.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
