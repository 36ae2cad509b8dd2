//! How many cards gave a record, and how long they took.

use std::collections::BTreeMap;
use std::time::Duration;

use specimen::{Kind, Level};

use crate::read::Reading;
use crate::tally::{interval, percent};

/// The cards of one document and level, or of one level and layout.
#[derive(Default)]
pub(crate) struct Rate {
    cards: u32,
    /// How many cards gave no record, by the name of the error.
    rejected: BTreeMap<String, u32>,
    times: Vec<Duration>,
}

impl Rate {
    pub(crate) fn add(&mut self, reading: &Reading) {
        self.cards += 1;
        self.times.push(reading.time);
        if let Some(error) = &reading.rejected {
            *self.rejected.entry(error.clone()).or_default() += 1;
        }
    }

    fn accepted(&self) -> u32 {
        self.cards - self.rejected.values().sum::<u32>()
    }

    /// The row of one document and level.
    pub(crate) fn print(&self, kind: Kind, level: Level) {
        println!(
            "| {kind} | {level} | {} | {} | {} | {} | {} |",
            self.cards,
            percent(self.accepted(), self.cards),
            counted(&self.rejected),
            quantile(&self.times, 0.5).as_millis(),
            quantile(&self.times, 0.95).as_millis(),
        );
    }

    /// Accepted cards in percent with their interval, and how many cards there were.
    pub(crate) fn share(&self) -> String {
        let (low, high) = interval(self.accepted(), self.cards);
        let share = percent(self.accepted(), self.cards);
        format!("{share} ({low:.1}–{high:.1}; {})", self.cards)
    }
}

/// Names and how often each came, or a dash.
pub(crate) fn counted(names: &BTreeMap<String, u32>) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    let each: Vec<String> = names.iter().map(|(name, count)| format!("{name} × {count}")).collect();
    each.join(", ")
}

/// The smallest time that at least `share` of all do not exceed.
pub(crate) fn quantile(times: &[Duration], share: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}
