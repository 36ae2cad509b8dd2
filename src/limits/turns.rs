//! How many of one kind are under way in this process: those beyond wait for their turn.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Those who may wait, of all kinds together.
const WAITING: usize = 512;
/// Kinds remembered before those with nobody under way are swept out.
const REMEMBERED: usize = 1024;

/// The turns of many kinds. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    lines: Mutex<HashMap<String, Weak<Semaphore>>>,
    waiting: AtomicUsize,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn(#[expect(dead_code, reason = "held")] OwnedSemaphorePermit);

impl Turns {
    /// Waits until fewer than `at_once` of the kind `key` are under way; none when too
    /// many wait already.
    pub(super) async fn take(&self, key: &str, at_once: usize) -> Option<Turn> {
        let line = self.line(key, at_once);
        if let Ok(permit) = Arc::clone(&line).try_acquire_owned() {
            return Some(Turn(permit));
        }
        let _waiting = Waiting::of(&self.shared)?;
        line.acquire_owned().await.ok().map(Turn)
    }

    fn line(&self, key: &str, at_once: usize) -> Arc<Semaphore> {
        let mut lines = self.shared.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(key).and_then(Weak::upgrade) {
            return line;
        }
        if lines.len() >= REMEMBERED {
            lines.retain(|_, line| line.strong_count() > 0);
        }
        let line = Arc::new(Semaphore::new(at_once));
        lines.insert(key.to_owned(), Arc::downgrade(&line));
        line
    }
}

/// A place among those who wait.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn of(shared: &'a Shared) -> Option<Self> {
        let place = Self(&shared.waiting);
        // When it is full, dropping the place gives the count back.
        (place.0.fetch_add(1, Ordering::AcqRel) < WAITING).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn so_many_of_one_kind_are_under_way_and_other_kinds_do_not_wait() {
        let turns = Turns::default();
        let held = [turns.take("a", 2).await.unwrap(), turns.take("a", 2).await.unwrap()];
        let waits = turns.clone();
        let third = tokio::spawn(async move { waits.take("a", 2).await.is_some() });
        tokio::task::yield_now().await;

        assert!(turns.take("b", 2).await.is_some());
        assert!(!third.is_finished());
        drop(held);
        assert!(third.await.unwrap());
    }

    #[tokio::test]
    async fn kinds_with_nobody_under_way_are_forgotten() {
        let turns = Turns::default();
        for kind in 0..3000 {
            drop(turns.take(&kind.to_string(), 1).await);
        }

        assert!(turns.shared.lines.lock().unwrap().len() <= REMEMBERED);
    }
}
