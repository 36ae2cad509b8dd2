//! How long the stages of reading a document take.

use std::time::{Duration, Instant};

/// The stages of one document. The sides are read at the same time: of each
/// stage this is the slower side's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// From bytes to pixels.
    pub decode: Duration,
    /// Finding the card, cutting it out flat, judging the picture.
    pub rectify: Duration,
    /// Reading its print.
    pub read: Duration,
    /// From print to checked fields.
    pub fields: Duration,
}

impl Timings {
    /// The slower of two sides, stage by stage.
    #[must_use]
    pub fn slower(self, other: Self) -> Self {
        Self {
            decode: self.decode.max(other.decode),
            rectify: self.rectify.max(other.rectify),
            read: self.read.max(other.read),
            fields: self.fields.max(other.fields),
        }
    }

    /// The stages by name, in their order.
    pub fn stages(&self) -> [(&'static str, Duration); 4] {
        [
            ("decode", self.decode),
            ("rectify", self.rectify),
            ("read", self.read),
            ("fields", self.fields),
        ]
    }
}

/// Measures one stage after the other.
#[derive(Debug)]
pub(super) struct Clock(Instant);

impl Clock {
    /// Starts the first stage.
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Ends a stage and starts the next.
    pub(super) fn lap(&mut self) -> Duration {
        let now = Instant::now();
        let elapsed = now - self.0;
        self.0 = now;
        elapsed
    }
}
