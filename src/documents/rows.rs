//! The printed rows of a side: labels, and the runs of words between them that
//! may be their values.

mod lines;
mod value;

use crate::documents::label::{Labels, Tag, fold, union};
use crate::documents::normalize::{is_arabic, is_marked_absent};
use crate::ocr::{EngineReading, Line, Page, Rect, Script, Word};

/// Words of one script beside each other, no label among them.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// The script.
    pub(crate) script: Script,
    /// In reading order.
    pub(crate) words: Vec<Word>,
    /// The box around them.
    pub(crate) rect: Rect,
}

impl Run {
    /// The words joined by blanks.
    pub(crate) fn text(&self) -> String {
        joined(&self.words)
    }
}

/// Words joined by blanks.
pub(crate) fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// One printed row.
#[derive(Debug)]
pub(crate) struct Row<L> {
    /// The box around it.
    pub(crate) rect: Rect,
    /// Its labels.
    pub(crate) tags: Vec<Tag<L>>,
    /// What else it holds.
    pub(crate) runs: Vec<Run>,
}

/// A side of a card as rows, from top to bottom.
#[derive(Debug)]
pub(crate) struct Rows<L> {
    /// The rows.
    pub(crate) list: Vec<Row<L>>,
    /// The lines that they were made of, in logical order.
    pub(crate) lines: Vec<Line>,
    /// The usual height of a line of print, in card pixels.
    pub(crate) line_height: f32,
    /// The height of the card.
    pub(crate) height: f32,
}

/// The height, as a share of the usual line's, below which a few unsure letters are no print.
const FLECK: f32 = 0.5;

/// The certainty from which such letters are print all the same.
const SURE: f32 = 0.9;

/// The engine's certainty below which a word is more likely a flaw of the
/// background than print.
const NOISE: f32 = 0.12;

impl<L: Copy + PartialEq> Rows<L> {
    /// Sorts the lines of a page into rows and finds the labels.
    pub(crate) fn of(page: &Page, labels: &Labels<L>) -> Self {
        let mut pieces: Vec<(Vec<Tag<L>>, Vec<Run>, Rect)> = Vec::new();
        let lines = lines::logical(page, labels);
        let usual = median(lines.iter().map(|line| union(&line.words).height).collect());
        for line in &lines {
            let print: Vec<Word> =
                line.words.iter().filter(|word| !is_fleck(word, usual)).cloned().collect();
            let words = printed_words(line.script, &print, labels);
            if words.is_empty() {
                continue;
            }
            let tags = labels.find(line.script, &words);
            let runs = runs_between(line.script, &words, &tags);
            pieces.push((tags, runs, union(&words)));
        }
        let line_height = median(pieces.iter().map(|(_, _, rect)| rect.height).collect());
        pieces.sort_by(|a, b| a.2.mid_y().total_cmp(&b.2.mid_y()));
        let mut rows: Vec<Row<L>> = Vec::new();
        for (tags, runs, rect) in pieces {
            match rows.iter_mut().rev().take(3).find(|row| same_row(&row.rect, &rect)) {
                Some(row) => {
                    row.tags.extend(tags);
                    row.runs.extend(runs);
                    // A tall piece must not swallow the rows around it.
                    if rect.height < row.rect.height * 1.3 {
                        row.rect = row.rect.union(&rect);
                    }
                }
                None => rows.push(Row { rect, tags, runs }),
            }
        }
        rows.sort_by(|a, b| a.rect.mid_y().total_cmp(&b.rect.mid_y()));
        for row in &mut rows {
            row.runs.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
        }
        Self { list: rows, lines, line_height, height: page.height }
    }

    /// The best place of a label: the surest of the most letters, then the topmost.
    pub(crate) fn find(&self, label: L, script: Script) -> Option<(usize, &Tag<L>)> {
        self.tags(label).filter(|(_, tag)| tag.script == script).max_by(|(a, x), (b, y)| {
            (x.likeness * x.length as f64).total_cmp(&(y.likeness * y.length as f64)).then(b.cmp(a))
        })
    }

    /// Every place of a label, from top to bottom.
    pub(crate) fn tags(&self, label: L) -> impl Iterator<Item = (usize, &Tag<L>)> {
        self.list.iter().enumerate().flat_map(move |(index, row)| {
            row.tags.iter().filter(move |tag| tag.label == label).map(move |tag| (index, tag))
        })
    }

    /// Whether a label stands anywhere.
    pub(crate) fn has(&self, label: L) -> bool {
        self.tags(label).next().is_some()
    }

    /// The row of a label in either script.
    pub(crate) fn row_of(&self, label: L) -> Option<usize> {
        self.find(label, Script::Latin).or_else(|| self.find(label, Script::Arabic)).map(|at| at.0)
    }

    /// All runs with the index of their row, from top to bottom.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (usize, &Run)> {
        self.list.iter().enumerate().flat_map(|(i, row)| row.runs.iter().map(move |run| (i, run)))
    }
}

/// The label that a run belongs to: the nearest one before it in its own
/// script, else the nearest of the row.
pub(crate) fn owner<L: Copy + PartialEq>(row: &Row<L>, run: &Run) -> Option<L> {
    let before = |tag: &&Tag<L>| {
        tag.script == run.script
            && match run.script {
                Script::Latin => tag.rect.mid_x() < run.rect.mid_x(),
                Script::Arabic => tag.rect.mid_x() > run.rect.mid_x(),
            }
    };
    let away = |tag: &Tag<L>| (tag.rect.mid_x() - run.rect.mid_x()).abs();
    let nearest = |a: &&Tag<L>, b: &&Tag<L>| away(a).total_cmp(&away(b));
    // French labels stand left of a value and Arabic ones right of it; one beyond another
    // label belongs to the next column.
    let across = |tag: &&Tag<L>| {
        let (left, right) = match run.script {
            Script::Latin => (run.rect.mid_x(), tag.rect.mid_x()),
            Script::Arabic => (tag.rect.mid_x(), run.rect.mid_x()),
        };
        let between = |other: &Tag<L>| {
            (other.label != tag.label || other.script == run.script)
                && other.rect.mid_x() > left
                && other.rect.mid_x() < right
        };
        tag.script != run.script && left < right && !row.tags.iter().any(between)
    };
    row.tags
        .iter()
        .filter(before)
        .min_by(nearest)
        .or_else(|| row.tags.iter().filter(across).min_by(nearest))
        .map(|tag| tag.label)
}

fn order(script: Script, runs: &mut [&Run]) {
    runs.sort_by(|a, b| match script {
        Script::Latin => a.rect.x.total_cmp(&b.rect.x),
        Script::Arabic => b.rect.right().total_cmp(&a.rect.right()),
    });
}

/// The blank between two boxes in reading order.
fn gap(script: Script, first: &Rect, second: &Rect) -> f32 {
    match script {
        Script::Latin => second.x - first.right(),
        Script::Arabic => first.x - second.right(),
    }
}

fn same_row(row: &Rect, piece: &Rect) -> bool {
    let near = (row.mid_y() - piece.mid_y()).abs() < 0.45 * row.height.min(piece.height);
    near || (row.vertical_overlap(piece) > 0.6
        && (row.mid_y() - piece.mid_y()).abs() < 0.3 * row.height.max(piece.height))
}

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(1.0).max(1.0)
}

/// Whether a word is a few letters that an engine saw in a line or a stain: too low for the
/// print of this side, and unsure. Numbers are told from nothing by their looks.
fn is_fleck(word: &Word, usual: f32) -> bool {
    word.rect.height < FLECK * usual
        && word.confidence < SURE
        && word.text.chars().filter(|c| c.is_alphabetic()).count() <= 3
        && word.text.chars().all(|c| c.is_alphabetic() || c.is_ascii_punctuation())
        && !is_marked_absent(&word.text)
}

/// The words of a line worth reading: noise and the overprint dropped, a label
/// cut from the value that was glued to it.
fn printed_words<L: Copy + PartialEq>(
    script: Script,
    words: &[Word],
    labels: &Labels<L>,
) -> Vec<Word> {
    let mut printed: Vec<Word> = Vec::new();
    for word in words {
        let letters = fold(script, &word.text);
        let strange = script == Script::Arabic
            && !letters.is_empty()
            && !letters.chars().any(|c| is_arabic(c) || c.is_ascii_digit());
        let overprint = strsim::levenshtein(&letters, "specimen") <= 1;
        if word.confidence < NOISE || strange || overprint {
            continue;
        }
        // A colon that stands apart still ends the label before it; behind a value it
        // belongs to the label of the other script.
        if word.text == ":"
            && let Some(before) = printed.last_mut()
            && labels.has_word(&fold(script, &before.text))
        {
            before.text.push(':');
        }
        if letters.is_empty() && !is_marked_absent(&word.text) {
            continue;
        }
        let colon = word.text.char_indices().position(|(_, c)| c == ':').map(|at| at + 1);
        let length = word.text.chars().count();
        let cut = labels.glued(script, &word.text).or(colon).filter(|at| *at < length);
        match cut {
            Some(at) => printed.extend(split(script, word, at)),
            None => printed.push(word.clone()),
        }
    }
    printed
}

/// Cuts a word in two, its box in proportion.
fn split(script: Script, word: &Word, at: usize) -> [Word; 2] {
    let share = at as f32 / word.text.chars().count().max(1) as f32;
    let rect = word.rect;
    let (left, right) = match script {
        Script::Latin => (share, 1.0 - share),
        Script::Arabic => (1.0 - share, share),
    };
    let left_box = Rect::new(rect.x, rect.y, rect.width * left, rect.height);
    let right_box = Rect::new(rect.x + rect.width * left, rect.y, rect.width * right, rect.height);
    let (head_box, tail_box) = match script {
        Script::Latin => (left_box, right_box),
        Script::Arabic => (right_box, left_box),
    };
    let head = |text: &str| text.chars().take(at).collect();
    let tail = |text: &str| text.chars().skip(at).collect();
    [part(word, head_box, head), part(word, tail_box, tail)]
}

/// What `cut` makes of a word, and of the readings of it that are as long.
fn part(word: &Word, rect: Rect, cut: impl Fn(&str) -> String) -> Word {
    let length = |text: &str| text.chars().count();
    let whole = |reading: &&EngineReading| length(reading.text.trim()) == length(&word.text);
    let cut_off =
        |reading: &EngineReading| EngineReading { text: cut(&reading.text), ..reading.clone() };
    let readings = word.readings.iter().filter(whole).map(cut_off).collect();
    Word { text: cut(&word.text), rect, readings, ..word.clone() }
}

/// The words between labels; a wide blank starts a new run.
fn runs_between<L>(script: Script, words: &[Word], tags: &[Tag<L>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for (index, word) in words.iter().enumerate() {
        if tags.iter().any(|tag| tag.words.contains(&index)) {
            open = false;
            continue;
        }
        if open
            && let Some(run) = runs.last_mut()
            && gap(script, &run.rect, &word.rect) < 2.5 * word.rect.height.max(run.rect.height)
        {
            run.words.push(word.clone());
            run.rect = run.rect.union(&word.rect);
        } else {
            runs.push(Run { script, words: vec![word.clone()], rect: word.rect });
        }
        open = true;
    }
    runs
}
