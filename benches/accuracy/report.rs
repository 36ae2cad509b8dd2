//! The tables, in Markdown.

use specimen::{Kind, Level};

use crate::calibration::Calibration;
use crate::memory::Memory;
use crate::rate::Rate;
use crate::read::Reading;
use crate::tally::{Group, Tally, interval, percent};

/// All readings of one document at one level.
#[derive(Default)]
struct Cell {
    rate: Rate,
    leaves: Vec<(String, Tally)>,
}

/// Everything that was read.
#[derive(Default)]
pub(crate) struct Report {
    cells: Vec<((Kind, Level), Cell)>,
    groups: Vec<((Level, Group), Tally)>,
    /// Cards by level and by whether their layout is kept from development.
    layouts: Vec<((Level, bool), Rate)>,
    calibration: Calibration,
}

impl Report {
    /// Counts a card; `unseen` says that its layout is kept from development.
    pub(crate) fn add(&mut self, kind: Kind, level: Level, unseen: bool, reading: &Reading) {
        let cell = entry(&mut self.cells, (kind, level));
        cell.rate.add(reading);
        entry(&mut self.layouts, (level, false)).add(reading);
        if unseen {
            entry(&mut self.layouts, (level, true)).add(reading);
        }
        let accepted = reading.rejected.is_none();
        for outcome in &reading.outcomes {
            entry(&mut cell.leaves, outcome.path.clone()).add(outcome, accepted);
            entry(&mut self.groups, (level, Group::of(&outcome.path))).add(outcome, accepted);
            self.calibration.add(outcome);
        }
    }

    pub(crate) fn print(&self, memory: &Memory, workers: usize) {
        self.print_groups("Exact, % of printed fields (95 % interval)", |tally| {
            (tally.exact, tally.printed)
        });
        self.print_sure();
        println!();
        self.print_groups(
            "Exact, % of printed fields of accepted cards (95 % interval)",
            |tally| (tally.exact, tally.printed_accepted),
        );
        self.print_layouts();
        self.print_cards();
        self.calibration.print();
        memory.print(workers);
        for ((kind, level), cell) in &self.cells {
            print_leaves(*kind, *level, &cell.leaves);
        }
    }

    fn levels(&self) -> Vec<Level> {
        let known = |level: &Level| self.groups.iter().any(|((one, _), _)| one == level);
        Level::ALL.into_iter().filter(known).collect()
    }

    /// Alike leaves of all documents together, a column for each level; `share`
    /// tells how many of how many.
    fn print_groups(&self, title: &str, share: impl Fn(&Tally) -> (u32, u32)) {
        let levels = self.levels();
        print_heading(title, &levels);
        for group in Group::ALL {
            let cell = |level: &Level| {
                let tally = find(&self.groups, &(*level, group)).copied().unwrap_or_default();
                let (hits, of) = share(&tally);
                let (low, high) = interval(hits, of);
                format!(" {} ({low:.1}–{high:.1}) |", percent(hits, of))
            };
            println!("| {} |{}", group.title(), levels.iter().map(cell).collect::<String>());
        }
    }

    /// A last row for the table of all cards: what was claimed and is wrong.
    fn print_sure(&self) {
        let cells: String =
            self.levels().into_iter().map(|level| format!(" {} |", self.sure(level))).collect();
        println!("| Wrong with confidence ≥ 0.9, % of all fields |{cells}");
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

    /// How many cards gave a record, in all layouts and in those never developed on.
    fn print_layouts(&self) {
        println!();
        let levels = self.levels();
        print_heading("Accepted cards, % (95 % interval; cards)", &levels);
        for (unseen, title) in [(false, "all layouts"), (true, "unseen layouts")] {
            let cell = |level: &Level| {
                let share = find(&self.layouts, &(*level, unseen)).map(Rate::share);
                format!(" {} |", share.unwrap_or_else(|| "–".to_owned()))
            };
            println!("| {title} |{}", levels.iter().map(cell).collect::<String>());
        }
    }

    /// Rejections and times of each document and level.
    fn print_cards(&self) {
        println!("\n| Document | level | cards | accepted % | rejected as | p50 ms | p95 ms |");
        println!("|---|---|---:|---:|---|---:|---:|");
        for ((kind, level), cell) in &self.cells {
            cell.rate.print(*kind, *level);
        }
    }
}

fn print_heading(title: &str, levels: &[Level]) {
    let heading: String = levels.iter().map(|level| format!(" {level} |")).collect();
    println!("| {title} |{heading}");
    println!("|---|{}", "---|".repeat(levels.len()));
}

fn print_leaves(kind: Kind, level: Level, leaves: &[(String, Tally)]) {
    println!("\n### {kind}, {level}\n");
    println!("| Field | printed | exact % | null % | wrong at ≥ 0.9, % |");
    println!("|---|---:|---:|---:|---:|");
    for (path, tally) in leaves {
        println!(
            "| `{path}` | {} | {} | {} | {} |",
            tally.printed,
            percent(tally.exact, tally.printed),
            percent(tally.null, tally.printed),
            percent(tally.surely_wrong, tally.all),
        );
    }
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
