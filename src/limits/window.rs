//! A sliding window by two counters: the arithmetic, without a clock.
//!
//! Time is cut into windows of the policy's length. Of the previous window's
//! count, the share counts that still lies within one length from now, as if it
//! had been spread evenly. Two numbers per key, and no burst at the border.

use std::time::Duration;

/// Where in which window a moment lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The number of the window since 1970.
    pub(super) index: u64,
    /// Milliseconds since it began.
    elapsed: u64,
    /// Its length in milliseconds.
    length: u64,
}

/// What may still be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Balance {
    pub(super) allowed: bool,
    /// How many more, after this one.
    pub(super) remaining: u32,
    /// Until nothing that was spent counts any more.
    pub(super) resets_in: Duration,
    /// Until one more is allowed, when none is.
    pub(super) retry_after: Option<Duration>,
}

impl Moment {
    /// `now` is the time since 1970.
    pub(super) fn of(now: Duration, window: Duration) -> Self {
        let length = (window.as_millis() as u64).max(1);
        let now = now.as_millis() as u64;
        Self { index: now / length, elapsed: now % length, length }
    }

    /// Weighs both counts, in units of one `length`-th: exact whole numbers.
    fn weigh(self, previous: u64, present: u64) -> u128 {
        let left = u128::from(self.length - self.elapsed);
        u128::from(previous) * left + u128::from(present) * u128::from(self.length)
    }

    /// How many count now, rounded up.
    pub(super) fn count(self, previous: u64, present: u64) -> u32 {
        let count = self.weigh(previous, present).div_ceil(u128::from(self.length));
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Whether one more may be spent, by what the two windows counted without it.
    /// `spends` says whether it then will be, which lessens what remains.
    pub(super) fn judge(self, quota: u32, previous: u64, present: u64, spends: bool) -> Balance {
        let one = u128::from(self.length);
        let used = self.weigh(previous, present);
        let whole = u128::from(quota) * one;
        let allowed = used + one <= whole;
        let present_after = present + u64::from(allowed && spends);
        let used = used + if allowed && spends { one } else { 0 };
        Balance {
            allowed,
            remaining: u32::try_from(whole.saturating_sub(used) / one).unwrap_or(u32::MAX),
            resets_in: Duration::from_millis(self.until_forgotten(previous, present_after)),
            retry_after: (!allowed)
                .then(|| Duration::from_millis(self.until_one(quota, previous, present))),
        }
    }

    fn until_forgotten(self, previous: u64, present: u64) -> u64 {
        let left = self.length - self.elapsed;
        match (previous, present) {
            (0, 0) => 0,
            (_, 0) => left,
            _ => left + self.length,
        }
    }

    /// When `count × share of the window that is left + others + 1 ≤ quota`.
    fn until_one(self, quota: u32, previous: u64, present: u64) -> u64 {
        // How far into a window enough of the `count` before it has left.
        let reached = |count: u64, room: u64| {
            let kept = u128::from(room) * u128::from(self.length) / u128::from(count.max(1));
            self.length.saturating_sub(u64::try_from(kept).unwrap_or(u64::MAX))
        };
        let room = u64::from(quota).checked_sub(1);
        match room {
            Some(room) if present <= room && previous > 0 => {
                reached(previous, room - present).saturating_sub(self.elapsed)
            }
            Some(room) => self.length - self.elapsed + reached(present, room),
            None => 2 * self.length - self.elapsed,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(seconds: u64) -> Moment {
        Moment::of(Duration::from_secs(600 + seconds), MINUTE)
    }

    #[test]
    fn of_the_window_before_the_share_counts_that_is_left() {
        assert_eq!(at(0).count(30, 0), 30);
        assert_eq!(at(15).count(30, 2), 25);
        assert_eq!(at(59).count(30, 2), 3);
        assert_eq!(at(0).index + 1, at(60).index);
    }

    #[test]
    fn the_last_one_of_the_quota_is_allowed_and_the_next_is_not() {
        let last = at(10).judge(5, 0, 4, true);
        let next = at(10).judge(5, 0, 5, true);

        assert_eq!((last.allowed, last.remaining, last.retry_after), (true, 0, None));
        assert_eq!(last.resets_in, Duration::from_secs(110));
        assert_eq!((next.allowed, next.remaining), (false, 0));
        // The five count in full until the window ends; 12 s later four do.
        assert_eq!(next.retry_after, Some(Duration::from_secs(62)));
    }

    #[test]
    fn a_full_window_before_lets_the_quota_back_in_evenly() {
        let refused = at(0).judge(60, 60, 0, true);

        assert_eq!(refused.retry_after, Some(Duration::from_secs(1)));
        assert!(at(1).judge(60, 60, 0, true).allowed);
        assert_eq!(at(30).judge(60, 60, 0, true).remaining, 29);
        assert_eq!(at(30).judge(60, 60, 0, false).remaining, 30);
    }

    #[test]
    fn nothing_spent_leaves_all() {
        let balance = at(7).judge(3, 0, 0, false);

        assert_eq!((balance.remaining, balance.resets_in), (3, Duration::ZERO));
    }

    proptest! {
        #[test]
        fn whoever_waits_as_told_is_allowed_and_a_moment_before_is_not(
            quota in 1_u32..50, previous in 0_u64..60, present in 0_u64..60, millis in 0_u64..60_000,
        ) {
            let now = Duration::from_secs(600) + Duration::from_millis(millis);
            let moment = Moment::of(now, MINUTE);
            if let Some(wait) = moment.judge(quota, previous, present, true).retry_after {
                let judge_at = |later: Duration| {
                    let later = Moment::of(later, MINUTE);
                    match later.index - moment.index {
                        0 => later.judge(quota, previous, present, true),
                        1 => later.judge(quota, present, 0, true),
                        _ => later.judge(quota, 0, 0, true),
                    }
                };
                prop_assert!(wait > Duration::ZERO);
                prop_assert!(judge_at(now + wait).allowed);
                let sooner = wait.saturating_sub(Duration::from_millis(1));
                prop_assert!(!judge_at(now + sooner).allowed);
            }
        }
    }
}
