//! What became of workers, for whoever watches the pool.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a worker was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It ran past its deadline and was killed.
    Overdue,
    /// It died, or answered what is no answer.
    Crashed,
    /// It had read as many sides as a worker may.
    Retired,
}

/// Workers that were replaced since the start, by why.
#[derive(Debug, Default)]
pub(super) struct Tally {
    overdue: AtomicU64,
    crashed: AtomicU64,
    retired: AtomicU64,
}

impl Tally {
    pub(super) fn count(&self, ending: Ending) {
        let counter = match ending {
            Ending::Overdue => &self.overdue,
            Ending::Crashed => &self.crashed,
            Ending::Retired => &self.retired,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// The counts by the words that scrapers are shown.
    pub(super) fn read(&self) -> [(&'static str, u64); 3] {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        [
            ("deadline", read(&self.overdue)),
            ("crashed", read(&self.crashed)),
            ("recycled", read(&self.retired)),
        ]
    }
}

/// How the pool is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcrState {
    /// Worker processes that it keeps.
    pub workers: usize,
    /// Those that read something now.
    pub busy: usize,
    /// Documents that wait for a worker.
    pub waiting: usize,
    /// Documents that may wait.
    pub queue: usize,
    /// Whether workers can be had.
    pub healthy: bool,
    /// Workers replaced since the start: past their `deadline`, `crashed`, or `recycled`
    /// after as many sides as one may read.
    pub replaced: [(&'static str, u64); 3],
}
