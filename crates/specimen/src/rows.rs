//! Sets rows of labels and values in both scripts into an area of a card.

use crate::DrawError;
use crate::picture::Script;
use crate::sheet::{Anchor, Area, Brush, Sheet, width_of};
use crate::style::Style;

/// A printed value: one or more lines, and the leaf of the contract it shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Value {
    pub(crate) lines: Vec<String>,
    pub(crate) path: Option<&'static str>,
}

impl Value {
    pub(crate) fn new(path: &'static str, text: impl Into<String>) -> Self {
        Self { lines: vec![text.into()], path: Some(path) }
    }

    pub(crate) fn of_lines(path: &'static str, lines: Vec<String>) -> Self {
        Self { lines, path: Some(path) }
    }

    /// A text that is no leaf of the contract.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { lines: vec![text.into()], path: None }
    }

    pub(crate) fn none() -> Self {
        Self::default()
    }
}

/// A row of a card: labels in both scripts, values in one or both.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) arabic_label: String,
    pub(crate) value: Value,
    pub(crate) arabic: Value,
    /// More labels and values after the first French ones, on the same line.
    pub(crate) tail: Vec<(String, Value)>,
}

impl Row {
    /// A row whose labels are written as the style says.
    pub(crate) fn new(style: &Style, labels: (&str, &str), value: Value, arabic: Value) -> Self {
        Self {
            label: style.label(labels.0),
            arabic_label: style.arabic_label(labels.1),
            value,
            arabic,
            tail: Vec::new(),
        }
    }
}

/// Where values stand beside their labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrangement {
    /// After the label, both scripts on one line.
    Inline,
    /// On the line below the labels.
    Below,
    /// In columns of their own between the columns of labels.
    Columns,
    /// The Arabic line first, then the French one.
    Stacked,
    /// The French line first, then the Arabic one.
    Alternating,
    /// On the line below a caption that holds both labels side by side.
    Captioned,
    /// In the middle between the labels; values in both scripts beside theirs.
    Centred,
}

/// A text to be set on a line.
struct Span {
    text: String,
    brush: Brush,
    path: Option<&'static str>,
    /// How far from its edge of the area it starts, when in a column.
    column: Option<f32>,
    /// Whether it stands in the middle of the area.
    centred: bool,
    /// Pixels that it takes at the brush's own size.
    width: f32,
}

/// A line: spans from the left edge rightwards, spans from the right edge leftwards.
#[derive(Default)]
struct Line {
    left: Vec<Span>,
    right: Vec<Span>,
    /// Its share of the height; a line of values alone counts 1.
    weight: f32,
}

/// Sets `rows` into `area`, evenly from its top to its bottom.
pub(crate) fn set(
    sheet: &mut Sheet,
    style: &Style,
    rows: &[Row],
    arrangement: Arrangement,
    area: Area,
) -> Result<(), DrawError> {
    let mut lines = Composer::new(style, sheet.height(), rows)?.compose(rows, arrangement);
    let width = area[2] - area[0];
    for line in &mut lines {
        line.measure(width)?;
    }
    // Lines that fit no width are taken apart, and what is then narrower is
    // pitched again, so that a long value never pushes a row off the card.
    let lines: Vec<Line> = {
        let mut fitted = Vec::new();
        for line in lines.drain(..) {
            fitted.extend(line.fit(width));
        }
        fitted
    };
    let total: f32 = lines.iter().map(|line| line.weight).sum();
    let pitch = (area[3] - area[1]) / total.max(1.0);
    let em = style.value(Script::Latin, sheet.height()).size;
    let pitch = pitch.min(em * 2.1);
    let scale = (pitch * 0.68 / em).min(1.0);
    let mut top = area[1];
    for line in &lines {
        let baseline = top + line.weight * pitch * 0.74;
        line.print(sheet, scale, [area[0], area[2]], baseline)?;
        top += line.weight * pitch;
    }
    Ok(())
}

struct Composer<'a> {
    style: &'a Style,
    height: f32,
    /// Widths of the columns of labels, with the gap after them.
    columns: [f32; 2],
}

impl<'a> Composer<'a> {
    fn new(style: &'a Style, height: f32, rows: &[Row]) -> Result<Self, DrawError> {
        let mut columns = [0.0_f32; 2];
        let gap = style.value_size * height * 0.5;
        for row in rows {
            let [french, arabic] =
                [Script::Latin, Script::Arabic].map(|script| style.label_brush(script, height));
            columns[0] = columns[0].max(width_of(&row.label, &french)? + gap);
            columns[1] = columns[1].max(width_of(&row.arabic_label, &arabic)? + gap);
        }
        Ok(Self { style, height, columns })
    }

    fn compose(&self, rows: &[Row], arrangement: Arrangement) -> Vec<Line> {
        rows.iter().flat_map(|row| self.row(row, arrangement)).collect()
    }

    fn row(&self, row: &Row, arrangement: Arrangement) -> Vec<Line> {
        let in_columns = arrangement == Arrangement::Columns;
        let label = self.label(&row.label, Script::Latin);
        let arabic_label = match arrangement {
            // One colon is enough for both labels.
            Arrangement::Captioned => row.arabic_label.trim_end_matches([':', ' ']),
            _ => &row.arabic_label,
        };
        let arabic_label = self.label(arabic_label, Script::Arabic);
        let values = self.value(&row.value, Script::Latin, in_columns.then_some(self.columns[0]));
        let arabic = self.value(&row.arabic, Script::Arabic, in_columns.then_some(self.columns[1]));
        let mut values = values;
        if arrangement == Arrangement::Centred && arabic.is_empty() && row.tail.is_empty() {
            for value in &mut values {
                value.centred = true;
            }
        }
        let mut lines = Self::arrange(label, values, arabic_label, arabic, arrangement);
        if let Some(first) = lines.iter_mut().rfind(|line| !line.left.is_empty()) {
            for (label, value) in &row.tail {
                first.left.extend(self.label(label, Script::Latin));
                first.left.extend(self.value(value, Script::Latin, None));
            }
        }
        lines
    }

    fn arrange(
        label: Vec<Span>,
        values: Vec<Span>,
        arabic_label: Vec<Span>,
        arabic: Vec<Span>,
        arrangement: Arrangement,
    ) -> Vec<Line> {
        match arrangement {
            Arrangement::Inline | Arrangement::Columns | Arrangement::Centred => {
                beside(label, values, arabic_label, arabic)
            }
            Arrangement::Below => {
                let labels = Line { left: label, right: arabic_label, weight: 0.85 };
                let bare = labels.left.is_empty() && labels.right.is_empty();
                let values = beside(Vec::new(), values, Vec::new(), arabic);
                (!bare).then_some(labels).into_iter().chain(values).collect()
            }
            Arrangement::Captioned => {
                let caption = label.into_iter().chain(arabic_label).collect();
                let caption = Line { left: caption, right: Vec::new(), weight: 0.8 };
                let values = beside(Vec::new(), values, Vec::new(), arabic);
                (!caption.left.is_empty()).then_some(caption).into_iter().chain(values).collect()
            }
            Arrangement::Stacked | Arrangement::Alternating if arabic.is_empty() => {
                beside(label, values, arabic_label, arabic)
            }
            Arrangement::Stacked => {
                let mut lines = beside(Vec::new(), Vec::new(), arabic_label, arabic);
                lines.extend(beside(label, values, Vec::new(), Vec::new()));
                lines
            }
            Arrangement::Alternating => {
                let mut lines = beside(label, values, Vec::new(), Vec::new());
                lines.extend(beside(Vec::new(), Vec::new(), arabic_label, arabic));
                lines
            }
        }
    }

    fn label(&self, text: &str, script: Script) -> Vec<Span> {
        let brush = self.style.label_brush(script, self.height);
        let span = Span::new(text, brush, None, None);
        if text.is_empty() { Vec::new() } else { vec![span] }
    }

    fn value(&self, value: &Value, script: Script, column: Option<f32>) -> Vec<Span> {
        let brush = self.style.value(script, self.height);
        value
            .lines
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| Span::new(text, brush, value.path, column))
            .collect()
    }
}

/// Each value line beside its label, French from the left, Arabic from the right.
fn beside(
    label: Vec<Span>,
    values: Vec<Span>,
    arabic_label: Vec<Span>,
    arabic: Vec<Span>,
) -> Vec<Line> {
    let count = values.len().max(arabic.len()).max(1);
    let (mut values, mut arabic) = (values.into_iter(), arabic.into_iter());
    let mut lines: Vec<Line> = (0..count)
        .map(|_| Line {
            left: values.next().into_iter().collect(),
            right: arabic.next().into_iter().collect(),
            weight: 1.0,
        })
        .collect();
    lines[0].left.splice(0..0, label);
    lines[0].right.splice(0..0, arabic_label);
    lines.retain(|line| !line.left.is_empty() || !line.right.is_empty());
    lines
}

impl Line {
    /// Finds the widths of its spans, once: they shrink in proportion. Those in
    /// the middle of the area's `width` get their column.
    fn measure(&mut self, width: f32) -> Result<(), DrawError> {
        for span in self.left.iter_mut().chain(&mut self.right) {
            span.width = width_of(&span.text, &span.brush)?;
            if span.centred {
                span.column = Some(((width - span.width) / 2.0).max(0.0));
            }
        }
        Ok(())
    }

    /// The line itself when it fits, else its two scripts on lines of their own.
    fn fit(self, width: f32) -> Vec<Self> {
        let both = !self.left.is_empty() && !self.right.is_empty();
        if !both || self.scale_for(width).is_ok_and(|scale| scale >= 0.8) {
            return vec![self];
        }
        let left = Self { left: self.left, right: Vec::new(), weight: self.weight };
        let right = Self { left: Vec::new(), right: self.right, weight: self.weight };
        vec![left, right]
    }

    /// How much the line must shrink to fit `width`.
    fn scale_for(&self, width: f32) -> Result<f32, DrawError> {
        for step in 0..24 {
            let scale = 1.0 - step as f32 * 0.025;
            let gap = if self.left.is_empty() || self.right.is_empty() { 0.0 } else { 0.7 };
            let gap = gap * self.left.first().map_or(0.0, |span| span.brush.size);
            if extent(&self.left, scale) + extent(&self.right, scale) + gap <= width {
                return Ok(scale);
            }
        }
        let longest = self.left.iter().chain(&self.right).map(|span| span.text.clone()).collect();
        Err(DrawError::Crowded(longest))
    }

    fn print(
        &self,
        sheet: &mut Sheet,
        scale: f32,
        edges: [f32; 2],
        y: f32,
    ) -> Result<(), DrawError> {
        let width = edges[1] - edges[0];
        let scale = scale.min(self.scale_for(width)?);
        for (spans, anchor) in [(&self.left, Anchor::Left), (&self.right, Anchor::Right)] {
            let mut used = 0.0_f32;
            for span in spans {
                used = used.max(span.column.unwrap_or(0.0));
                let brush = span.scaled(scale);
                let x = if anchor == Anchor::Left { edges[0] + used } else { edges[1] - used };
                let area = sheet.put(&span.text, &brush, (anchor, x, y), width, span.path)?;
                used += area[2] - area[0] + blank(&brush);
            }
        }
        Ok(())
    }
}

impl Span {
    fn new(text: &str, brush: Brush, path: Option<&'static str>, column: Option<f32>) -> Self {
        Self { text: text.to_owned(), brush, path, column, centred: false, width: 0.0 }
    }

    fn scaled(&self, scale: f32) -> Brush {
        Brush { size: self.brush.size * scale, ..self.brush }
    }
}

/// The space between two spans.
fn blank(brush: &Brush) -> f32 {
    brush.size * 0.36
}

fn extent(spans: &[Span], scale: f32) -> f32 {
    spans.iter().fold(0.0_f32, |used, span| {
        let brush = span.scaled(scale);
        // Rounding to whole pixels may add one on each side.
        used.max(span.column.unwrap_or(0.0)) + span.width * scale + 2.0 + blank(&brush)
    })
}
