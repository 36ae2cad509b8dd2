//! Sends pictures that are no document: none may give a record.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use specimen::{Distractor, Kind, Level, draw_distractor};
use wathiqa::ocr::OcrPool;

use crate::rate::{counted, quantile};
use crate::read::read;
use crate::remember::Remembering;
use crate::tally::interval;

/// The documents that each picture is sent as; both generations of the
/// identity card are one.
const SENT_AS: [Kind; 3] = [Kind::Cin2020, Kind::Permis, Kind::Gris];

/// What became of the pictures of one sort.
#[derive(Default)]
struct Tally {
    sent: u32,
    records: u32,
    /// Fields that were given a value, all of them invented.
    invented: u32,
    refused: BTreeMap<String, u32>,
    times: Vec<Duration>,
}

impl Tally {
    fn print(&self, name: &str) {
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} |",
            self.sent,
            self.records,
            self.invented,
            counted(&self.refused),
            quantile(&self.times, 0.5).as_millis(),
            quantile(&self.times, 0.95).as_millis(),
        );
    }

    fn join(&mut self, other: Self) {
        self.sent += other.sent;
        self.records += other.records;
        self.invented += other.invented;
        for (error, count) in other.refused {
            *self.refused.entry(error).or_default() += count;
        }
        self.times.extend(other.times);
    }
}

/// Sends `count` pictures as every document: each as the recto, with a verso by
/// turns (see [`Verso`]).
///
/// # Errors
///
/// Those of drawing.
pub(crate) fn measure(
    pool: &OcrPool,
    count: u64,
    seed_base: u64,
    levels: &[Level],
) -> anyhow::Result<()> {
    let all = Distractor::ALL;
    let mut tallies: Vec<(Distractor, Tally)> =
        all.into_iter().map(|one| (one, Tally::default())).collect();
    for nth in 0..count {
        let (round, at) = (nth / all.len() as u64, nth as usize % all.len());
        let (shown, level) = (all[at], levels[(nth + round / 3) as usize % levels.len()]);
        let seed = seed_base + nth;
        let recto = draw_distractor(shown, level, seed)?.encode()?;
        let verso = match Verso::of(round) {
            Verso::Same => None,
            Verso::Another => Some(draw_distractor(shown, level, seed + count)?.encode()?),
            Verso::Other => {
                let other = all[(at + 1 + round as usize / 3) % all.len()];
                Some(draw_distractor(other, level, seed)?.encode()?)
            }
        };
        let sent = Sent { recto, verso };
        sent.read_as_every_document(pool, nth, &mut tallies[at].1, |kind| {
            println!("RECORD: {shown}, {level}, seed {seed}, as {kind}");
        });
    }
    print(tallies);
    Ok(())
}

/// What goes with a recto, from round to round.
enum Verso {
    /// The same picture; as a licence, which needs no verso, none.
    Same,
    /// Another picture of the same sort, perhaps its back.
    Another,
    /// A picture of another sort.
    Other,
}

impl Verso {
    const fn of(round: u64) -> Self {
        match round % 3 {
            0 => Self::Same,
            1 => Self::Another,
            _ => Self::Other,
        }
    }
}

/// The encoded pictures of one sending.
struct Sent {
    recto: Vec<u8>,
    /// Nothing where it is the recto again.
    verso: Option<Vec<u8>>,
}

impl Sent {
    /// Sends them as each document, and tells `of_record` of every record.
    fn read_as_every_document(
        &self,
        pool: &OcrPool,
        nth: u64,
        tally: &mut Tally,
        of_record: impl Fn(Kind),
    ) {
        // The later ones find the engines' readings remembered: their time says nothing.
        let engines = Remembering::new(pool);
        for turn in 0..SENT_AS.len() {
            let kind = SENT_AS[(nth as usize + turn) % SENT_AS.len()];
            let same = (kind != Kind::Permis).then_some(&self.recto);
            let verso = self.verso.as_ref().or(same).map(Vec::as_slice);
            let reading = read(&engines, kind.slug(), &self.recto, verso, &Value::Null, false);
            tally.sent += 1;
            if turn == 0 {
                tally.times.push(reading.time);
            }
            if let Some(error) = reading.rejected {
                *tally.refused.entry(error).or_default() += 1;
            } else {
                tally.records += 1;
                tally.invented += reading.given;
                of_record(kind);
            }
        }
    }
}

fn print(tallies: Vec<(Distractor, Tally)>) {
    println!("| Picture | sent | records | invented fields | refused as | p50 ms | p95 ms |");
    println!("|---|---:|---:|---:|---|---:|---:|");
    let mut all = Tally::default();
    for (distractor, tally) in tallies.into_iter().filter(|(_, tally)| tally.sent > 0) {
        tally.print(&distractor.to_string());
        all.join(tally);
    }
    all.print("all");
    let (_, high) = interval(all.records, all.sent);
    println!("\nRecords: {} of {} (at most {high:.2} %, 95 % interval).", all.records, all.sent);
}
