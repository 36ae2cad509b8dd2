//! Whether a confidence means what it says: of the fields given with it, how many are right.

use crate::read::{Outcome, ZONE};
use crate::tally::{interval, percent};

/// The upper ends of the bins.
const EDGES: [f32; 7] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0];

/// The given fields of one range of confidence.
#[derive(Default, Clone, Copy)]
struct Bin {
    given: u32,
    right: u32,
    /// The sum of their confidences.
    claimed: f64,
}

/// A reliability table.
#[derive(Default)]
pub(crate) struct Calibration {
    bins: [Bin; EDGES.len()],
}

impl Calibration {
    /// Counts a field, when it was given.
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        // The zone is no field and claims no confidence.
        if outcome.got.is_none() || outcome.path.starts_with(ZONE) {
            return;
        }
        let last = EDGES.len() - 1;
        let at = EDGES.iter().position(|edge| outcome.confidence < *edge).unwrap_or(last);
        let bin = &mut self.bins[at];
        bin.given += 1;
        bin.right += u32::from(outcome.is_right());
        bin.claimed += f64::from(outcome.confidence);
    }

    /// The expected calibration error: how far, on average over the fields,
    /// the share of right ones is from the confidence of their bin.
    fn error(&self) -> f64 {
        let given: u32 = self.bins.iter().map(|bin| bin.given).sum();
        let off: f64 = self.bins.iter().map(|bin| (f64::from(bin.right) - bin.claimed).abs()).sum();
        off / f64::from(given.max(1))
    }

    pub(crate) fn print(&self) {
        println!("\n| Confidence | fields given | mean confidence % | right % (95 % interval) |");
        println!("|---|---:|---:|---:|");
        let mut from = 0.0;
        for (bin, to) in self.bins.iter().zip(EDGES) {
            let (low, high) = interval(bin.right, bin.given);
            let claimed = if bin.given == 0 {
                "–".to_owned()
            } else {
                format!("{:.1}", 100.0 * bin.claimed / f64::from(bin.given))
            };
            println!(
                "| {from:.2}–{to:.2} | {} | {claimed} | {} ({low:.1}–{high:.1}) |",
                bin.given,
                percent(bin.right, bin.given),
            );
            from = to;
        }
        println!("\nExpected calibration error: {:.3}.", self.error());
    }
}
