//! What was counted, and how it is shown.

use std::collections::BTreeMap;
use std::time::Duration;

use lines::{FAMILIES, Level, LineSpecimen};

use crate::groups::Group;
use crate::interval::interval;

/// Lines, and how many of them were read exactly.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    right: u32,
    all: u32,
    time: Duration,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.all += 1;
        self.right += u32::from(right);
    }

    /// In percent, with Wilson's interval of 95 %.
    fn share(self) -> String {
        let (low, high) = interval(self.right, self.all);
        let share = 100.0 * f64::from(self.right) / f64::from(self.all.max(1));
        format!("{share:.1} ({low:.1}–{high:.1})")
    }
}

/// All counts of a run.
#[derive(Default)]
pub(crate) struct Table {
    cells: BTreeMap<(Group, &'static str, usize), Count>,
    fonts: BTreeMap<(u16, &'static str), Count>,
    engines: Vec<&'static str>,
}

impl Table {
    pub(crate) fn add(
        &mut self,
        engine: &'static str,
        group: Group,
        level: Level,
        lines: &[LineSpecimen],
        texts: &[String],
        time: Duration,
    ) {
        if !self.engines.contains(&engine) {
            self.engines.push(engine);
        }
        let cell = self.cells.entry((group, engine, place(level))).or_default();
        cell.time += time;
        for (line, text) in lines.iter().zip(texts) {
            let right = is_right(line, text);
            cell.add(right);
            if group != Group::Nothing {
                self.fonts.entry((line.font, engine)).or_default().add(right);
            }
        }
    }

    pub(crate) fn print(&self, levels: &[Level]) {
        let heads: Vec<String> = levels.iter().map(|level| format!("{level} | ")).collect();
        println!("| Exact lines, % (95 % interval) | engine | {}ms a line |", heads.concat());
        println!("|---|---|{}---|", "---|".repeat(levels.len()));
        for group in Group::ALL {
            for engine in &self.engines {
                self.print_row(group, engine, levels);
            }
        }
    }

    fn print_row(&self, group: Group, engine: &'static str, levels: &[Level]) {
        let count = |level: &Level| self.cells.get(&(group, engine, place(*level))).copied();
        let counts: Vec<Count> = levels.iter().filter_map(count).collect();
        let shares: Vec<String> = counts.iter().map(|count| count.share()).collect();
        let time: Duration = counts.iter().map(|count| count.time).sum();
        let lines: u32 = counts.iter().map(|count| count.all).sum();
        let each = time.as_secs_f64() * 1000.0 / f64::from(lines.max(1));
        println!("| {} | {engine} | {} | {each:.2} |", group.name(), shares.join(" | "));
    }

    /// By font, those first where our own is worst beside the library.
    pub(crate) fn print_fonts(&self) {
        println!("\n| Font | lines | {} |", self.engines.join(" | "));
        println!("|---|---:|{}", "---|".repeat(self.engines.len()));
        for (index, family) in FAMILIES.iter().enumerate() {
            let count = |engine| self.fonts.get(&(index as u16, engine)).copied();
            let counts: Vec<Count> =
                self.engines.iter().filter_map(|engine| count(engine)).collect();
            let Some(first) = counts.first() else { continue };
            let shares: Vec<String> = counts.iter().map(|count| count.share()).collect();
            println!("| {} | {} | {} |", family.name, first.all, shares.join(" | "));
        }
    }
}

fn place(level: Level) -> usize {
    Level::ALL.iter().position(|other| *other == level).unwrap_or(0)
}

/// Blanks apart: how wide one is, is nobody's to tell.
fn is_right(line: &LineSpecimen, text: &str) -> bool {
    line.text.split_whitespace().eq(text.split_whitespace())
}

/// What was misread of lines that may be looked at.
pub(crate) fn tell_failures(lines: &[LineSpecimen], texts: &[String]) {
    for (line, text) in lines.iter().zip(texts).filter(|(line, text)| !is_right(line, text)) {
        let font = &FAMILIES[usize::from(line.font)].name;
        println!("{} {} {font}: {:?} read as {text:?}", line.level, line.kind, line.text);
    }
}
