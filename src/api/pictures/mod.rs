//! Charts as pictures, by their form: parts of a whole, labels by how many bear them, and
//! what happened in time. Colours and texts are readable on white and on dark; nothing is
//! styled by a sheet, which the policy of the answers forbids.

mod bars;
mod canvas;
mod shares;
mod time;
mod words;

use std::io;

use plotters::coord::Shift;
use plotters::prelude::{
    Color, DrawingArea, DrawingAreaErrorKind, FontStyle, IntoDrawingArea, IntoFont, RGBColor,
    TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use self::canvas::Canvas;
use super::language::Language;

pub(crate) use words::{number, percent};

/// Where a panel is drawn.
type Area<'a> = DrawingArea<Canvas<'a>, Shift>;
/// What drawing comes to.
type Drawn = Result<(), Failed>;
/// Why something was not drawn.
pub(crate) type Failed = DrawingAreaErrorKind<io::Error>;

/// The size of a panel in pixels.
const PANEL: (u32, u32) = (760, 430);
/// What is around a panel's contents.
const MARGIN: i32 = 24;
/// Where they begin, under the titles.
const TOP: i32 = 76;

/// Grey that contrasts 4.5 times or nearly so with white and with black.
const INK: RGBColor = RGBColor(117, 117, 117);
/// Colours that contrast three times with white and with black, and that colour-blind
/// people tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 3] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115)];

/// A label and how many bear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// In the picture's language.
    pub(crate) label: String,
    /// How many.
    pub(crate) value: i64,
    /// What share of all that is, in whole percent.
    pub(crate) percent: i64,
}

/// A moment of a chart of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Its name, in the picture's language.
    pub(crate) label: String,
    /// What is written under the name.
    pub(crate) note: Option<String>,
    /// How many of each series.
    pub(crate) values: Vec<i64>,
}

/// What a panel shows, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Parts of a whole, three at most.
    Shares(Vec<Part>),
    /// Labels by how many bear them.
    Bars(Vec<Part>),
    /// What happened in time.
    Time {
        /// What is counted.
        unit: String,
        /// The names of the series.
        series: Vec<String>,
        /// The moments, the earliest first.
        moments: Vec<Moment>,
    },
}

impl Form {
    fn is_empty(&self) -> bool {
        match self {
            Self::Shares(parts) | Self::Bars(parts) => parts.iter().all(|part| part.value == 0),
            Self::Time { moments, .. } => {
                moments.iter().flat_map(|moment| &moment.values).all(|value| *value == 0)
            }
        }
    }

    /// What it shows, in words: for whoever does not see it.
    fn told(&self, language: Language) -> String {
        let told: Vec<String> = match self {
            Self::Shares(parts) | Self::Bars(parts) => {
                let told = |part: &Part| {
                    format!("{} {}", words::label(&part.label), counted(part, language))
                };
                parts.iter().map(told).collect()
            }
            Self::Time { series, moments, .. } => {
                let told = |moment: &Moment| {
                    let values = series.iter().zip(&moment.values);
                    let values = values
                        .map(|(name, value)| format!(", {name} {}", number(*value, language)));
                    format!("{}{}", moment.label, values.collect::<String>())
                };
                moments.iter().map(told).collect()
            }
        };
        told.join("; ")
    }
}

/// A chart with its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panel {
    /// What it shows.
    pub(crate) title: String,
    /// More of it, in small print.
    pub(crate) subtitle: Option<String>,
    /// How it is drawn.
    pub(crate) form: Form,
}

/// Draws panels on one sheet of SVG, two in a row; of an odd number the first has a row of
/// its own.
///
/// # Errors
///
/// [`Failed`] when the sheet cannot be written.
pub(crate) fn draw(title: &str, panels: &[Panel], language: Language) -> Result<String, Failed> {
    let alone = panels.len() % 2;
    let rows = panels.len().div_ceil(2) as u32;
    let columns = if panels.len() > 1 { 2 } else { 1 };
    let size = (PANEL.0 * columns, PANEL.1 * rows);
    let mirrored = language == Language::Arabic;
    let mut drawn = String::new();
    {
        let sheet = Canvas::new(&mut drawn, size, mirrored).into_drawing_area();
        let (first, others) = sheet.split_vertically(if alone == 1 { PANEL.1 } else { 0 });
        if alone == 1 {
            draw_panel(&first, &panels[0], language)?;
        }
        let cells = others.split_evenly((panels.len() / 2, 2));
        for (cell, panel) in cells.iter().zip(&panels[alone..]) {
            draw_panel(cell, panel, language)?;
        }
        sheet.present()?;
    }
    Ok(framed(title, panels, language, size, &drawn))
}

/// The sheet with what tells of it.
fn framed(
    title: &str,
    panels: &[Panel],
    language: Language,
    (width, height): (u32, u32),
    drawn: &str,
) -> String {
    let told = panels.iter().map(|panel| {
        let empty = words::NO_DATA.in_language(language).to_owned();
        let what = if panel.form.is_empty() { empty } else { panel.form.told(language) };
        format!("{}: {what}.", panel.title)
    });
    let told = words::escaped(&told.collect::<Vec<_>>().join(" "));
    let title = words::escaped(title);
    let direction = if language == Language::Arabic { "rtl" } else { "ltr" };
    let language = language.tag();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" lang=\"{language}\" \
         direction=\"{direction}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<title>{title}</title>\n<desc>{told}</desc>\n{drawn}</svg>\n"
    )
}

fn draw_panel(area: &Area<'_>, panel: &Panel, language: Language) -> Drawn {
    let title = text(22, Pos::default());
    let title = TextStyle { font: title.font.style(FontStyle::Bold), ..title };
    area.draw_text(&panel.title, &title, (MARGIN, 20))?;
    if let Some(subtitle) = &panel.subtitle {
        area.draw_text(subtitle, &text(14, Pos::default()), (MARGIN, 48))?;
    }
    let body = area.margin(TOP, MARGIN, MARGIN, MARGIN);
    let (width, height) = body.dim_in_pixel();
    let size = (width as i32, height as i32);
    if panel.form.is_empty() {
        let style = text(18, Pos::new(HPos::Center, VPos::Center));
        let place = (size.0 / 2, size.1 / 2);
        return body.draw_text(words::NO_DATA.in_language(language), &style, place);
    }
    match &panel.form {
        Form::Shares(parts) => shares::draw(&body, size, parts, language),
        Form::Bars(parts) => bars::draw(&body, size, parts, language),
        Form::Time { unit, series, moments } => {
            time::draw(&body, size, unit, series, moments, language)
        }
    }
}

/// Grey text of a size in pixels, at a place relative to its anchor.
fn text(size: u32, anchor: Pos) -> TextStyle<'static> {
    // The library divides by what it takes for the height of a letter.
    let font = ("sans-serif", f64::from(size) * 1.24).into_font();
    TextStyle::from(font).color(&INK).pos(anchor)
}

/// How many, and what share that is.
fn counted(part: &Part, language: Language) -> String {
    let share = percent(part.percent as f64, 0, language);
    format!("{} ({share})", number(part.value, language))
}

/// A part of a length, in pixels.
fn scaled(length: i32, value: i64, of: i64) -> i32 {
    (f64::from(length) * value as f64 / of.max(1) as f64).round() as i32
}

/// The colour of a series or a part.
fn colour(index: usize) -> plotters::style::ShapeStyle {
    COLOURS[index % COLOURS.len()].filled()
}
