//! What became of all cards, in tables.

use std::io::{self, Write};
use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::card::Card;
use super::client::Fate;
use super::line;

/// Counts the cards, and remembers those that somebody has to look after.
#[derive(Default)]
pub(super) struct Summary {
    complete: usize,
    to_review: usize,
    before: usize,
    /// Of each card that is not stored: its name, what is wrong, what to do.
    troubled: Vec<[String; 3]>,
    /// Of the cards that were read.
    times: Vec<Duration>,
}

impl Summary {
    /// Begins with the cards that cannot be sent.
    pub(super) fn new(incomplete: Vec<(String, &'static str)>) -> Self {
        let told = |(name, why): (String, &str)| {
            [name, why.to_owned(), "name the pictures …-recto and …-verso".to_owned()]
        };
        Self { troubled: incomplete.into_iter().map(told).collect(), ..Self::default() }
    }

    /// Counts a card.
    pub(super) fn add(&mut self, card: &Card, fate: &Fate, took: Duration) {
        let mut trouble = |what: &str, advice: &str| {
            self.troubled.push([card.name.clone(), what.to_owned(), advice.to_owned()]);
        };
        match fate {
            Fate::Stored { needs_review, .. } => {
                *if *needs_review { &mut self.to_review } else { &mut self.complete } += 1;
                self.times.push(took);
            }
            Fate::SentBefore => self.before += 1,
            Fate::Refused { code, detail, .. } => trouble(code, detail),
            Fate::Unreadable { why } => trouble("cannot be opened", why),
            Fate::Failed { why } => trouble("the service failed", why),
        }
    }

    /// Whether every card is stored.
    pub(super) const fn is_clean(&self) -> bool {
        self.troubled.is_empty()
    }

    /// Writes the tables.
    pub(super) fn write(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.times.sort_unstable();
        let mut counts = table();
        counts.set_header(["cards", ""]);
        for (what, count) in [
            ("read completely", self.complete),
            ("read, to be reviewed", self.to_review),
            ("sent before", self.before),
            ("not stored", self.troubled.len()),
        ] {
            counts.add_row([what.to_owned(), count.to_string()]);
        }
        if let Some(median) = self.times.get(self.times.len() / 2) {
            counts.add_row(["median of a card".to_owned(), format!("{} ms", median.as_millis())]);
        }
        if let Some(column) = counts.column_mut(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        line(out, &counts.to_string())?;
        if !self.troubled.is_empty() {
            let mut troubled = table();
            troubled.set_header(["not stored", "why", "what to do"]);
            troubled.add_rows(&self.troubled);
            line(out, "")?;
            line(out, &troubled.to_string())?;
        }
        Ok(())
    }
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic);
    table
}
