//! The tables, in Markdown.

use std::collections::BTreeMap;
use std::time::Duration;

use specimen::{Kind, Level};

use crate::memory::Memory;
use crate::read::Reading;
use crate::tally::{Group, Tally, interval, percent};

/// All readings of one document at one level.
#[derive(Default)]
struct Cell {
    cards: u32,
    /// How many cards gave no record, by the name of the error.
    rejected: BTreeMap<String, u32>,
    times: Vec<Duration>,
    leaves: Vec<(String, Tally)>,
}

impl Cell {
    fn accepted(&self) -> u32 {
        self.cards - self.rejected.values().sum::<u32>()
    }
}

/// Everything that was read.
#[derive(Default)]
pub(crate) struct Report {
    cells: Vec<((Kind, Level), Cell)>,
    groups: Vec<((Level, Group), Tally)>,
}

impl Report {
    pub(crate) fn add(&mut self, kind: Kind, level: Level, reading: Reading) {
        let cell = entry(&mut self.cells, (kind, level));
        cell.cards += 1;
        cell.times.push(reading.time);
        let accepted = reading.rejected.is_none();
        for outcome in &reading.outcomes {
            entry(&mut cell.leaves, outcome.path.clone()).add(outcome, accepted);
            entry(&mut self.groups, (level, Group::of(&outcome.path))).add(outcome, accepted);
        }
        if let Some(error) = reading.rejected {
            *cell.rejected.entry(error).or_default() += 1;
        }
    }

    pub(crate) fn print(&self, memory: &Memory, workers: usize) {
        self.print_groups();
        self.print_cards();
        println!(
            "\nPeak resident memory while reading: {} MiB in this process, {} MiB in its {workers} \
             workers together.",
            memory.own / 1024,
            memory.workers / 1024
        );
        for ((kind, level), cell) in &self.cells {
            println!("\n### {kind}, {level}\n");
            println!("| Field | printed | exact % | null % | wrong at ≥ 0.9, % |");
            println!("|---|---:|---:|---:|---:|");
            for (path, tally) in &cell.leaves {
                println!(
                    "| `{path}` | {} | {} | {} | {} |",
                    tally.printed,
                    percent(tally.exact, tally.printed),
                    percent(tally.null, tally.printed),
                    percent(tally.surely_wrong, tally.all),
                );
            }
        }
    }

    /// Alike leaves of all documents together, a column for each level.
    fn print_groups(&self) {
        let mut levels: Vec<Level> = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        for ((level, group), _) in &self.groups {
            if !levels.contains(level) {
                levels.push(*level);
            }
            if !groups.contains(group) {
                groups.push(*group);
            }
        }
        groups.sort();
        let heading: String = levels.iter().map(|level| format!(" {level} |")).collect();
        println!("| Exact, % of printed fields (95 % interval; of accepted cards) |{heading}");
        println!("|---|{}", "---|".repeat(levels.len()));
        for group in groups {
            let cells: String =
                levels.iter().map(|level| format!(" {} |", self.exact(*level, group))).collect();
            println!("| {} |{cells}", group.title());
        }
        let sure: String = levels.iter().map(|level| format!(" {} |", self.sure(*level))).collect();
        println!("| Wrong with confidence ≥ 0.9, % of all fields |{sure}");
    }

    fn exact(&self, level: Level, group: Group) -> String {
        let Some(tally) = find(&self.groups, &(level, group)) else { return "–".to_owned() };
        let (low, high) = interval(tally.exact, tally.printed);
        let share = percent(tally.exact, tally.printed);
        let accepted = percent(tally.exact, tally.printed_accepted);
        format!("{share} ({low:.1}–{high:.1}; {accepted})")
    }

    fn sure(&self, level: Level) -> String {
        let of_level = || self.groups.iter().filter(|((one, _), _)| *one == level);
        let wrong = of_level().map(|(_, tally)| tally.surely_wrong).sum();
        let all = of_level()
            .filter(|((_, group), _)| *group != Group::Zone)
            .map(|(_, tally)| tally.all)
            .sum();
        percent(wrong, all)
    }

    /// Rejections and times of each document and level.
    fn print_cards(&self) {
        println!("\n| Document | level | cards | accepted % | rejected as | p50 ms | p95 ms |");
        println!("|---|---|---:|---:|---|---:|---:|");
        for ((kind, level), cell) in &self.cells {
            let rejected: Vec<String> =
                cell.rejected.iter().map(|(error, count)| format!("{error} × {count}")).collect();
            println!(
                "| {kind} | {level} | {} | {} | {} | {} | {} |",
                cell.cards,
                percent(cell.accepted(), cell.cards),
                if rejected.is_empty() { "–".to_owned() } else { rejected.join(", ") },
                quantile(&cell.times, 0.5).as_millis(),
                quantile(&cell.times, 0.95).as_millis(),
            );
        }
    }
}

/// The smallest time that at least `share` of all do not exceed.
fn quantile(times: &[Duration], share: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The value of `key`, in the order in which keys came first.
fn entry<K: PartialEq, V: Default>(all: &mut Vec<(K, V)>, key: K) -> &mut V {
    let at = all.iter().position(|(one, _)| *one == key).unwrap_or_else(|| {
        all.push((key, V::default()));
        all.len() - 1
    });
    &mut all[at].1
}

fn find<'a, K: PartialEq, V>(all: &'a [(K, V)], key: &K) -> Option<&'a V> {
    all.iter().find(|(one, _)| one == key).map(|(_, value)| value)
}
