//! Finds values: a value is looked for where it stands relative to its label,
//! after it, below it, or across the row in the other script.

use super::{Rows, Run, gap, order, owner};
use crate::documents::label::{Tag, union};
use crate::ocr::{Rect, Script, Word};

impl<L: Copy + PartialEq> Rows<L> {
    /// The value of `label` in `script`: the run after the label in the same
    /// script, else across the row, else below; at most `lines` printed lines of it.
    pub(crate) fn value(&self, label: L, script: Script, lines: usize) -> Option<Vec<Word>> {
        self.value_like(label, script, lines, |_| true)
    }

    /// The same among the runs that `fits` allows alone.
    pub(crate) fn value_like(
        &self,
        label: L,
        script: Script,
        lines: usize,
        fits: fn(&Run) -> bool,
    ) -> Option<Vec<Word>> {
        let other = match script {
            Script::Latin => Script::Arabic,
            Script::Arabic => Script::Latin,
        };
        [script, other].into_iter().find_map(|anchor| {
            let (row, tag) = self.find(label, anchor)?;
            let (row, mut words) = self
                .beside(row, tag, script, fits)
                .map(|words| (row, words))
                .or_else(|| self.below(row, tag, script, fits))?;
            self.continue_value(tag, script, row, lines, &mut words);
            Some(words)
        })
    }

    /// The runs that stand beside a label in its row.
    pub(crate) fn own_runs(&self, row: usize, label: L) -> impl Iterator<Item = &Run> {
        let runs = self
            .list
            .get(row)
            .into_iter()
            .flat_map(|row| row.runs.iter().map(move |run| (row, run)));
        runs.filter(move |(of, run)| owner(of, run) == Some(label) && !self.hangs(row, run))
            .map(|(_, run)| run)
    }

    /// The runs of a row that belong to a tag, joined in reading order.
    fn beside(
        &self,
        row: usize,
        tag: &Tag<L>,
        script: Script,
        fits: fn(&Run) -> bool,
    ) -> Option<Vec<Word>> {
        let mut runs: Vec<&Run> =
            self.own_runs(row, tag.label).filter(|run| run.script == script && fits(run)).collect();
        order(script, &mut runs);
        let first = runs.first()?;
        let mut words = first.words.clone();
        let mut last = first.rect;
        for run in &runs[1..] {
            if gap(script, &last, &run.rect) > 5.0 * self.line_height {
                break;
            }
            words.extend(run.words.iter().cloned());
            last = run.rect;
        }
        Some(words)
    }

    /// The run below a label, near its own edge, in a row of no other label.
    fn below(
        &self,
        from: usize,
        tag: &Tag<L>,
        script: Script,
        fits: fn(&Run) -> bool,
    ) -> Option<(usize, Vec<Word>)> {
        let reach = self.foot(tag) + 2.2 * self.line_height;
        let rows = self.list.iter().enumerate().skip(from + 1).take(5);
        for (index, row) in rows.take_while(|(_, row)| row.rect.mid_y() < reach) {
            let blocks =
                |other: &&Tag<L>| other.label != tag.label && self.crosses(&other.rect, &tag.rect);
            if row.tags.iter().any(|other| blocks(&other)) {
                return None;
            }
            let near = |run: &&Run| {
                run.script == script
                    && (owner(row, run).is_none_or(|of| of == tag.label) || self.hangs(index, run))
                    && fits(run)
                    && self.under(from, tag, script, &run.rect)
            };
            let away = |run: &&Run| (run.rect.mid_x() - tag.rect.mid_x()).abs();
            let nearest = row.runs.iter().filter(near).min_by(|a, b| away(a).total_cmp(&away(b)));
            if let Some(run) = nearest {
                return Some((index, run.words.clone()));
            }
        }
        None
    }

    /// Where a label ends: below it the other script may repeat it, legibly or not.
    fn foot(&self, tag: &Tag<L>) -> f32 {
        let bottom = tag.rect.bottom();
        if !self.tags(tag.label).any(|(_, other)| other.script != tag.script) {
            return bottom + self.line_height;
        }
        let again = self.tags(tag.label).map(|(_, other)| other.rect).filter(|other| {
            other.y < bottom + self.line_height && other.bottom() < bottom + 2.5 * self.line_height
        });
        again.map(|rect| rect.bottom()).fold(bottom, f32::max)
    }

    /// Whether a box below stands under this label rather than under another:
    /// of the labels of its own script above it the nearest is this one.
    fn under(&self, from: usize, tag: &Tag<L>, script: Script, rect: &Rect) -> bool {
        let aside = |tag: &Tag<L>| match tag.script {
            Script::Latin => (rect.x - tag.rect.x).abs(),
            Script::Arabic => (rect.right() - tag.rect.right()).abs(),
        };
        let away = |tag: &Tag<L>| aside(tag) + (rect.y - tag.rect.bottom()).max(0.0);
        // Columns set their rows at heights of their own; but where this label
        // stands for a lost one of the other script, those above it are of others.
        let lines = if tag.script == script { 2.0 } else { 0.6 };
        let top = tag.rect.mid_y() - lines * self.line_height;
        let rows = self.list.iter().skip(from.saturating_sub(2)).take(8);
        let nearest = rows
            .flat_map(|row| &row.tags)
            .filter(|other| other.script == script && (top..rect.y).contains(&other.rect.mid_y()))
            .min_by(|a, b| away(a).total_cmp(&away(b)));
        let is_own = nearest.is_none_or(|nearest| nearest.label == tag.label);
        let overlaps = rect.x < tag.rect.right() && tag.rect.x < rect.right();
        let near = overlaps || aside(tag) < 4.0 * self.line_height;
        is_own && (tag.script != script || near)
    }

    /// Whether a run hangs below a label of its own script in another row, with
    /// which it is aligned and which has nothing beside it.
    pub(crate) fn hangs(&self, row: usize, run: &Run) -> bool {
        if self.adjoins(row, run) {
            return false;
        }
        let above = self.list.iter().take(row).skip(row.saturating_sub(3));
        let mut tags = above.flat_map(|above| above.tags.iter().map(move |tag| (above, tag)));
        tags.any(|(above, tag)| {
            let aside = match run.script {
                Script::Latin => run.rect.x - tag.rect.x,
                Script::Arabic => run.rect.right() - tag.rect.right(),
            };
            let gap = (run.rect.y - tag.rect.bottom()) / self.line_height;
            let beside =
                |other: &Run| other.script == run.script && owner(above, other) == Some(tag.label);
            tag.script == run.script
                && aside.abs() < 0.5 * self.line_height
                && (-0.3..1.2).contains(&gap)
                && !above.runs.iter().any(beside)
        })
    }

    /// Whether a run follows a label of its own script as closely as a next word.
    fn adjoins(&self, row: usize, run: &Run) -> bool {
        let tags = self.list.get(row).into_iter().flat_map(|row| &row.tags);
        tags.filter(|tag| tag.script == run.script).any(|tag| {
            let (starts, gap) = match run.script {
                Script::Latin => (tag.rect.x < run.rect.x, run.rect.x - tag.rect.right()),
                Script::Arabic => {
                    (tag.rect.right() > run.rect.right(), tag.rect.x - run.rect.right())
                }
            };
            starts && gap < self.line_height
        })
    }

    /// Whether two boxes share a column.
    fn crosses(&self, a: &Rect, b: &Rect) -> bool {
        a.x < b.right() + self.line_height && b.x < a.right() + self.line_height
    }

    /// Adds the lines that a value goes on in: unlabelled, close below, near its edge.
    fn continue_value(
        &self,
        tag: &Tag<L>,
        script: Script,
        from: usize,
        lines: usize,
        words: &mut Vec<Word>,
    ) {
        let label = tag.label;
        let first = union(words);
        // A second line may start under the label rather than under the value.
        let span = if tag.script == script { first.union(&tag.rect) } else { first };
        let mut last = first;
        let mut taken = 1;
        for row in self.list.iter().skip(from + 1) {
            // The lines of the other script may stand between.
            let gap = row.rect.y - last.bottom();
            if taken >= lines || gap > 3.4 * self.line_height {
                break;
            }
            if row.tags.iter().any(|tag| tag.label != label && self.crosses(&tag.rect, &span)) {
                break;
            }
            let aligned = |run: &&Run| {
                run.script == script
                    && owner(row, run).is_none_or(|of| of == label)
                    && run.rect.x < span.right()
                    && span.x < run.rect.right()
            };
            let mut runs: Vec<&Run> = row.runs.iter().filter(aligned).collect();
            order(script, &mut runs);
            if let Some(run) = runs.first() {
                words.extend(run.words.iter().cloned());
                last = last.union(&run.rect);
                taken += 1;
            }
        }
    }
}
