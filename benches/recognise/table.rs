//! What was counted, and how it is shown.

use std::collections::BTreeMap;
use std::time::Duration;

use lines::{FAMILIES, Level};

use crate::groups::Group;
use crate::interval::interval;
use crate::sample::Sample;

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
        if self.all == 0 { "–".to_owned() } else { format!("{share:.1} ({low:.1}–{high:.1})") }
    }
}

/// Which faces are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Faces {
    Text,
    Display,
}

impl Faces {
    const ALL: [Self; 2] = [Self::Text, Self::Display];

    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text faces, as cards have",
            Self::Display => "display faces",
        }
    }

    fn of(line: &Sample) -> Self {
        if line.is_display() { Self::Display } else { Self::Text }
    }
}

/// All counts of a run.
#[derive(Default)]
pub(crate) struct Table {
    /// By whether the face is a text face, and by all.
    cells: BTreeMap<(Faces, Group, &'static str, usize), Count>,
    fonts: BTreeMap<(u16, &'static str), Count>,
    engines: Vec<&'static str>,
}

impl Table {
    pub(crate) fn add(
        &mut self,
        engine: &'static str,
        lines: &[&Sample],
        texts: &[String],
        time: Duration,
    ) {
        if !self.engines.contains(&engine) {
            self.engines.push(engine);
        }
        let each = time / lines.len().max(1) as u32;
        for (line, text) in lines.iter().zip(texts) {
            let right = line.is_read_as(text);
            let key = (Faces::of(line), line.group, engine, place(line.level));
            let cell = self.cells.entry(key).or_default();
            cell.add(right);
            cell.time += each;
            if let Some(font) = line.font.filter(|_| line.group != Group::Nothing) {
                self.fonts.entry((font, engine)).or_default().add(right);
            }
        }
    }

    pub(crate) fn print(&self, levels: &[Level]) {
        let heads: Vec<String> = levels.iter().map(|level| format!("{level} | ")).collect();
        for faces in Faces::ALL {
            println!("| Exact lines, %, {} | engine | {}ms a line |", faces.name(), heads.concat());
            println!("|---|---|{}---|", "---|".repeat(levels.len()));
            for group in Group::ALL {
                for engine in &self.engines {
                    self.print_row(faces, group, engine, levels);
                }
            }
            println!();
        }
    }

    fn print_row(&self, faces: Faces, group: Group, engine: &'static str, levels: &[Level]) {
        let count = |level: &Level| {
            self.cells.get(&(faces, group, engine, place(*level))).copied().unwrap_or_default()
        };
        let counts: Vec<Count> = levels.iter().map(count).collect();
        let shares: Vec<String> = counts.iter().map(|count| count.share()).collect();
        let time: Duration = counts.iter().map(|count| count.time).sum();
        let lines: u32 = counts.iter().map(|count| count.all).sum();
        let each = time.as_secs_f64() * 1000.0 / f64::from(lines.max(1));
        println!("| {} | {engine} | {} | {each:.2} |", group.name(), shares.join(" | "));
    }

    /// By font, those first where our own is worst beside the library.
    pub(crate) fn print_fonts(&self) {
        println!("| Font | lines | {} |", self.engines.join(" | "));
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

/// What was misread of lines that may be looked at.
pub(crate) fn tell_failures(lines: &[&Sample], texts: &[String]) {
    for (line, text) in lines.iter().zip(texts).filter(|(line, text)| !line.is_read_as(text)) {
        let font = line.font.map_or("", |row| &FAMILIES[usize::from(row)].name);
        println!("{} {} {font}: {:?} read as {text:?}", line.level, line.name, line.text);
    }
}
