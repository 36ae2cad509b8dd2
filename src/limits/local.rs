//! Counters and marks in the memory of this process, bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::cache::Step;

/// Keys at most, 20 MB of them. Whoever invents keys makes room by his own.
const CAPACITY: usize = 100_000;

#[derive(Debug, Clone, Copy)]
struct Entry {
    count: i64,
    /// When it was changed last; of a mark, when it was made.
    at: Duration,
    until: Duration,
}

/// Takes the same steps as Redis does.
#[derive(Debug)]
pub(super) struct Local {
    entries: Mutex<HashMap<String, Entry>>,
    capacity: usize,
}

impl Local {
    pub(super) fn new() -> Self {
        Self::bounded(CAPACITY)
    }

    fn bounded(capacity: usize) -> Self {
        Self { entries: Mutex::default(), capacity }
    }

    /// Takes all steps at `now`, the time since 1970, and returns the outcome of each.
    pub(super) fn add(&self, steps: &[Step], now: Duration) -> Vec<i64> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() + steps.len() > self.capacity {
            make_room(&mut entries, self.capacity, now);
        }
        steps.iter().map(|step| take(&mut entries, step, now)).collect()
    }
}

fn take(entries: &mut HashMap<String, Entry>, step: &Step, now: Duration) -> i64 {
    let living = |entries: &HashMap<String, Entry>, key: &str| {
        entries.get(key).copied().filter(|entry| entry.until > now)
    };
    match step {
        Step::Add { key, by, keep } => {
            let count = living(entries, key).map_or(0, |entry| entry.count).saturating_add(*by);
            entries.insert(key.clone(), Entry { count, at: now, until: now + *keep });
            count
        }
        Step::Read { key } => living(entries, key).map_or(0, |entry| entry.count),
        Step::MarkFirst { key, keep } => match living(entries, key) {
            Some(entry) => now.saturating_sub(entry.at).as_millis() as i64,
            None => mark(entries, key, *keep, now),
        },
        Step::Mark { key, keep } => mark(entries, key, *keep, now),
        Step::Remove { key } => {
            entries.remove(key);
            0
        }
    }
}

fn mark(entries: &mut HashMap<String, Entry>, key: &str, keep: Duration, now: Duration) -> i64 {
    entries.insert(key.to_owned(), Entry { count: 1, at: now, until: now + keep });
    0
}

/// Forgets what has expired; where that is not enough, also the lowest counts, for invented
/// keys are counted once and those that matter often. A quarter becomes free, so that
/// the work is done for every so many keys.
fn make_room(entries: &mut HashMap<String, Entry>, capacity: usize, now: Duration) {
    entries.retain(|_, entry| entry.until > now);
    let wanted = capacity - capacity / 4;
    let Some(excess) = entries.len().checked_sub(wanted).filter(|excess| *excess > 0) else {
        return;
    };
    let mut order: Vec<_> = entries.values().map(|entry| (entry.count, entry.at)).collect();
    let (_, &mut last, _) = order.select_nth_unstable(excess - 1);
    entries.retain(|_, entry| (entry.count, entry.at) > last);
    entries.shrink_to(capacity);
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Duration = Duration::from_secs(60);

    fn second(second: u64) -> Duration {
        Duration::from_secs(1_000_000 + second)
    }

    fn add(key: &str, by: i64) -> Step {
        Step::Add { key: key.to_owned(), by, keep: KEEP }
    }

    fn read(local: &Local, key: &str, now: Duration) -> i64 {
        local.add(&[Step::Read { key: key.to_owned() }], now)[0]
    }

    #[test]
    fn a_counter_is_kept_from_its_last_change_and_then_forgotten() {
        let local = Local::new();

        assert_eq!(local.add(&[add("a", 1), add("a", 1)], second(0)), [1, 2]);
        assert_eq!(local.add(&[add("a", -1)], second(59)), [1]);
        assert_eq!(read(&local, "a", second(118)), 1);
        assert_eq!(read(&local, "a", second(119)), 0);
    }

    #[test]
    fn the_first_mark_stays_until_it_is_renewed_or_removed() {
        let local = Local::new();
        let key = || "m".to_owned();
        let first = || Step::MarkFirst { key: key(), keep: KEEP };

        assert_eq!(local.add(&[first()], second(0)), [0]);
        assert_eq!(local.add(&[first()], second(3)), [3000]);
        local.add(&[Step::Mark { key: key(), keep: KEEP }], second(10));
        assert_eq!(local.add(&[first()], second(12)), [2000]);
        local.add(&[Step::Remove { key: key() }], second(12));
        assert_eq!(local.add(&[first()], second(13)), [0]);
    }

    #[test]
    fn invented_keys_are_bounded_and_do_not_push_out_the_ones_that_matter() {
        let local = Local::bounded(1000);
        local.add(&[add("guessed", 15)], second(0));

        for number in 0..20_000 {
            local.add(&[add(&format!("invented {number}"), 1)], second(1));
        }

        assert!(local.entries.lock().unwrap().len() <= 1000);
        assert_eq!(read(&local, "guessed", second(2)), 15);
    }

    #[test]
    fn what_has_expired_goes_first() {
        let local = Local::bounded(100);
        for number in 0..100 {
            local.add(&[add(&format!("old {number}"), 9)], second(0));
        }

        local.add(&[add("new", 1)], second(61));

        assert_eq!(local.entries.lock().unwrap().len(), 1);
    }
}
