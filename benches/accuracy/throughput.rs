//! How many documents a second the pipeline reads when there are always more.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use specimen::Kind;
use wathiqa::ocr::OcrPool;

use crate::memory::Memory;
use crate::rate::quantile;
use crate::read::read;

/// A document as a client sends it.
pub(crate) struct Upload {
    pub(crate) kind: Kind,
    pub(crate) recto: Vec<u8>,
    pub(crate) verso: Vec<u8>,
    pub(crate) truth: Value,
}

/// Reads every upload once, as many at a time as there are workers, and prints
/// documents per second, times and memory. The encoded uploads are in the
/// memory that is counted, as they are in a service's.
pub(crate) fn measure(pool: &OcrPool, uploads: &[Upload], workers: usize) {
    Memory::forget_peak();
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let readers: Vec<(Vec<Duration>, usize)> = thread::scope(|scope| {
        let readers: Vec<_> =
            (0..workers).map(|_| scope.spawn(|| keep_reading(pool, uploads, &next))).collect();
        readers.into_iter().filter_map(|reader| reader.join().ok()).collect()
    });
    let lasted = begun.elapsed();
    let mut memory = Memory::default();
    memory.note();

    let times: Vec<Duration> = readers.iter().flat_map(|(times, _)| times).copied().collect();
    let accepted: usize = readers.iter().map(|(_, accepted)| accepted).sum();
    println!("| documents | accepted | in flight | seconds | documents/s | p50 ms | p95 ms |");
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    println!(
        "| {} | {accepted} | {workers} | {:.1} | {:.2} | {} | {} |",
        times.len(),
        lasted.as_secs_f64(),
        times.len() as f64 / lasted.as_secs_f64().max(0.001),
        quantile(&times, 0.5).as_millis(),
        quantile(&times, 0.95).as_millis(),
    );
    memory.print(workers);
}

/// Takes uploads until none is left: the time of each, and how many gave a record.
fn keep_reading(pool: &OcrPool, uploads: &[Upload], next: &AtomicUsize) -> (Vec<Duration>, usize) {
    let (mut times, mut accepted) = (Vec::new(), 0);
    while let Some(upload) = uploads.get(next.fetch_add(1, Ordering::Relaxed)) {
        let Upload { kind, recto, verso, truth } = upload;
        let reading = read(pool, kind.slug(), recto, Some(verso), truth, false);
        accepted += usize::from(reading.rejected.is_none());
        times.push(reading.time);
    }
    (times, accepted)
}
