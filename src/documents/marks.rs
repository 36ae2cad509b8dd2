//! Recognising a page by what is printed on it, never by the part that it was sent in.

use crate::documents::label::Labels;
use crate::documents::rows::Rows;
use crate::documents::{Recognised, Side};
use crate::ocr::{Page, Script};

/// What a label says about the page that bears it.
#[derive(Debug)]
pub(crate) struct Mark<L: 'static> {
    /// The label.
    pub(crate) label: L,
    /// The side that prints it, unless both do.
    pub(crate) side: Option<Side>,
    /// How much it says about the kind.
    pub(crate) weight: Weight,
}

/// How much a label says about the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Only this kind prints it.
    Own,
    /// Other kinds print it too.
    Shared,
}

impl Weight {
    const fn points(self) -> u32 {
        match self {
            Self::Own => 2,
            Self::Shared => 1,
        }
    }
}

/// What the labels of a page say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Points for the kind.
    pub(crate) points: u32,
    /// Whether a label that only this kind prints is among them.
    pub(crate) own: bool,
    /// Points for the front.
    pub(crate) recto: u32,
    /// Points for the back.
    pub(crate) verso: u32,
}

impl Tally {
    /// Counts the marks on a page. A label in both scripts counts twice: each
    /// was read by itself.
    pub(crate) fn of<L: Copy + PartialEq>(
        page: &Page,
        labels: &Labels<L>,
        marks: &[Mark<L>],
    ) -> Self {
        let rows = Rows::of(page, labels);
        let mut tally = Self::default();
        for mark in marks {
            for script in [Script::Latin, Script::Arabic] {
                if rows.find(mark.label, script).is_some() {
                    tally.add(mark.weight, mark.side);
                }
            }
        }
        tally
    }

    /// Adds one mark.
    pub(crate) fn add(&mut self, weight: Weight, side: Option<Side>) {
        self.points += weight.points();
        self.own |= weight == Weight::Own;
        match side {
            Some(Side::Recto) => self.recto += weight.points(),
            Some(Side::Verso) => self.verso += weight.points(),
            None => {}
        }
    }

    /// The verdict. Two marks' worth, one of them the kind's own, is certain; a single
    /// one is told too, for a worn back must not cost the front.
    pub(crate) fn verdict(
        self,
        kind: &'static str,
        generation: Option<&'static str>,
    ) -> Option<Recognised> {
        let marks = if self.own { self.points / 2 } else { (self.points / 3).min(1) };
        let side = if self.verso > self.recto { Side::Verso } else { Side::Recto };
        (marks >= 1).then_some(Recognised { kind, side, generation, marks })
    }
}
