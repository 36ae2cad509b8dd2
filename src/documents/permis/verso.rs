//! The back of the driving licence: the table of categories, the expiry date below
//! it, and the card's own serial number.

use chrono::NaiveDate;

use crate::documents::label::union;
use crate::documents::permis::labels::{Label, labels};
use crate::documents::permis::{Category, HeldCategory};
use crate::documents::side_reader::{DateReading, SideReader};
use crate::documents::{Field, Reason, Repair, Sheet, Source, confidence};
use crate::ocr::{Page, Rect, Script, Word};

/// What the back says.
pub(super) struct Verso {
    pub(super) held: Vec<HeldCategory>,
    pub(super) valid_until: Field<NaiveDate>,
    pub(super) serial: Field<String>,
}

type Reader<'a> = SideReader<'a, Label>;

/// A category's letter read in the table.
struct RowLetter {
    category: Category,
    y: f32,
    script: Script,
    word: Word,
}

impl RowLetter {
    /// Whether it stands where its column does: left of the dates, or right of them.
    fn is_beside(&self, date: &Rect) -> bool {
        match self.script {
            Script::Latin => self.word.rect.x < date.x,
            Script::Arabic => self.word.rect.x > date.x,
        }
    }

    /// What a look-alike was replaced by.
    fn repairs(&self) -> Vec<Repair> {
        let known = Category::parse(&self.word.text).or(Category::parse_arabic(&self.word.text));
        let to = self.category.spelled().to_owned();
        let repair = || Repair { from: self.word.text.clone(), to };
        if known.is_none() { vec![repair()] } else { Vec::new() }
    }
}

/// A way to read a category.
type Parse = fn(&str) -> Option<Category>;

/// Reads the back.
pub(super) fn read(sheet: &Sheet) -> Verso {
    let reader = SideReader::new(sheet, Source::Verso, labels());
    let letters = letters(&reader);
    let mut valid_until = reader.date(Label::ValidUntil);
    let held = held(&reader, &letters, valid_until.value().copied());
    if valid_until.value().is_none() {
        valid_until = latest_outside(&reader, &letters, &held).unwrap_or(valid_until);
    }
    Verso { held, valid_until, serial: serial(&reader) }
}

/// So many categories below each other, in their order, are the table.
const LADDER: usize = 4;

/// Whether a page shows the table of categories, whatever its headings: their letters
/// at the start of lines, one below the other in the printed order.
pub(super) fn has_table(page: &Page) -> bool {
    let lines = page.lines.iter().filter(|line| line.script == Script::Latin);
    let first = lines.filter_map(|line| line.words.first());
    let mut steps: Vec<(Category, &Rect)> =
        first.filter_map(|word| Some((Category::parse(&word.text)?, &word.rect))).collect();
    steps.sort_by(|a, b| a.1.mid_y().total_cmp(&b.1.mid_y()));
    // How many steps the ladder has that ends at each.
    let mut heights: Vec<usize> = Vec::new();
    for (at, (category, rect)) in steps.iter().enumerate() {
        let leads = |(above, edge): &(Category, &Rect)| {
            above < category && (rect.x - edge.x).abs() < 1.5 * edge.height
        };
        let below = heights[..at].iter().zip(&steps).filter(|(_, step)| leads(step));
        heights.push(1 + below.map(|(height, _)| *height).max().unwrap_or(0));
    }
    heights.iter().any(|height| *height >= LADDER)
}

/// The letters of the table: left of a date or asterisks, or alone in the
/// letters' column.
fn letters(reader: &Reader<'_>) -> Vec<RowLetter> {
    let mut letters: Vec<RowLetter> = Vec::new();
    let head =
        reader.rows.row_of(Label::Categories).map_or(0.0, |row| reader.rows.list[row].rect.y);
    // The Arabic letters repeat the Latin ones: they serve where no other was read.
    let scripts: [(Script, Parse); 2] =
        [(Script::Latin, Category::parse_in_table), (Script::Arabic, Category::parse_arabic)];
    for (script, parse) in scripts {
        let words = reader.rows.runs().filter(|(_, run)| run.script == script);
        let below = words.flat_map(|(_, run)| &run.words).filter(|word| word.rect.mid_y() >= head);
        if letters.is_empty() {
            letters.extend(below.filter_map(|word| {
                let category = parse(&word.text)?;
                Some(RowLetter { category, y: word.rect.mid_y(), script, word: word.clone() })
            }));
        }
    }
    // The column is where most letters start; a letter elsewhere is a restriction's.
    let mut edges: Vec<f32> = letters.iter().map(|letter| letter.word.rect.mid_x()).collect();
    edges.sort_by(f32::total_cmp);
    let Some(column) = edges.get(edges.len() / 2).copied() else { return letters };
    let reach = 3.0 * reader.rows.line_height;
    letters.retain(|letter| (letter.word.rect.mid_x() - column).abs() < reach);
    letters.sort_by(|a, b| a.y.total_cmp(&b.y));
    letters
}

/// The rows with a date. A row whose letter was lost is named by its height among the
/// others, for they are evenly spaced and in one order.
fn held(
    reader: &Reader<'_>,
    letters: &[RowLetter],
    valid_until: Option<NaiveDate>,
) -> Vec<HeldCategory> {
    let spacing = Spacing::of(letters);
    let until_row = reader.rows.row_of(Label::ValidUntil);
    let mut held: Vec<HeldCategory> = Vec::new();
    for (row, reading) in reader.dates() {
        if Some(row) == until_row || (valid_until == Some(reading.date) && until_row.is_none()) {
            continue;
        }
        let place = union(&reading.words);
        let reach = 0.6 * place.height.max(0.6 * reader.rows.line_height);
        let own = letters
            .iter()
            .filter(|letter| letter.is_beside(&place))
            .filter(|letter| (letter.y - place.mid_y()).abs() < reach)
            .min_by(|a, b| (a.y - place.mid_y()).abs().total_cmp(&(b.y - place.mid_y()).abs()));
        let repairs = own.map(RowLetter::repairs).unwrap_or_default();
        let own = own.map(|letter| letter.category);
        let by_height = spacing.as_ref().and_then(|spacing| spacing.category_at(place.mid_y()));
        let Some(category) =
            by_height.filter(|_| spacing.as_ref().is_some_and(Spacing::sure)).or(own)
        else {
            continue;
        };
        let mut date = reader.date_field(&reading, &[]);
        if let Field::Read { evidence, .. } = &mut date
            && (own != Some(category) || by_height.is_some_and(|other| other != category))
        {
            evidence.confidence = confidence::alone(evidence.confidence).min(0.7);
        }
        if !held.iter().any(|other| other.category == category) {
            held.push(HeldCategory {
                category,
                date,
                restriction: restriction(reader, row, &reading),
                repairs: if own == Some(category) { repairs } else { Vec::new() },
            });
        }
    }
    held.sort_by_key(|held| held.category);
    held
}

/// What stands right of the date in its row.
fn restriction(reader: &Reader<'_>, row: usize, date: &DateReading) -> Option<String> {
    let place = union(&date.words);
    let words: Vec<&str> = reader.rows.list[row]
        .runs
        .iter()
        .filter(|run| run.script == Script::Latin)
        .flat_map(|run| &run.words)
        .filter(|word| word.rect.x > place.right())
        .filter(|word| word.text.chars().any(char::is_alphanumeric) && word.confidence > 0.4)
        .filter(|word| Category::parse_in_table(&word.text).is_none())
        .map(|word| word.text.as_str())
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The table's rows as a line: height against order.
struct Spacing {
    top: f32,
    pitch: f32,
    agreeing: usize,
}

impl Spacing {
    /// The pitch and offset that most pairs of letters agree on.
    fn of(letters: &[RowLetter]) -> Option<Self> {
        let order = |category: Category| category as i32 as f32;
        let mut best: Option<Self> = None;
        for (i, a) in letters.iter().enumerate() {
            for b in &letters[i + 1..] {
                let rows = order(b.category) - order(a.category);
                if rows <= 0.0 {
                    continue;
                }
                let pitch = (b.y - a.y) / rows;
                if pitch <= 0.0 {
                    continue;
                }
                let top = a.y - order(a.category) * pitch;
                let fits = |letter: &&RowLetter| {
                    (letter.y - top - order(letter.category) * pitch).abs() < 0.3 * pitch
                };
                let agreeing = letters.iter().filter(fits).count();
                if best.as_ref().is_none_or(|best| agreeing > best.agreeing) {
                    best = Some(Self { top, pitch, agreeing });
                }
            }
        }
        best
    }

    fn sure(&self) -> bool {
        self.agreeing >= 3
    }

    fn category_at(&self, y: f32) -> Option<Category> {
        let order = (y - self.top) / self.pitch;
        let near = (order - order.round()).abs() < 0.35;
        (near && order > -0.5).then(|| Category::ALL.get(order.round() as usize).copied())?
    }
}

/// Without its label the expiry is the latest date, when it stands in no row of the
/// table and is later than every category's.
fn latest_outside(
    reader: &Reader<'_>,
    letters: &[RowLetter],
    held: &[HeldCategory],
) -> Option<Field<NaiveDate>> {
    let bottom = letters.iter().map(|letter| letter.y).fold(0.0, f32::max);
    let dates = reader.dates();
    let (_, latest) = dates.iter().max_by_key(|(_, reading)| reading.date)?;
    let below = union(&latest.words).y > bottom;
    let later = held.iter().filter_map(|held| held.date.value()).all(|date| *date < latest.date);
    if !below || !later || dates.len() < 2 {
        return None;
    }
    let mut field = reader.date_field(latest, &[]);
    if let Field::Read { evidence, .. } = &mut field {
        evidence.confidence = confidence::alone(evidence.confidence).min(0.75);
    }
    Some(field)
}

/// Sixteen digits, in four groups or unbroken.
fn serial(reader: &Reader<'_>) -> Field<String> {
    for (_, run) in reader.rows.runs().filter(|(_, run)| run.script == Script::Latin) {
        let digits: String = run.text().chars().filter(|c| !c.is_whitespace()).collect();
        let inner = digits.trim_matches(|c: char| !c.is_ascii_digit());
        if inner.len() == 16
            && inner.chars().all(|c| c.is_ascii_digit())
            && let Some(mut evidence) = reader.evidence(&run.words)
        {
            evidence.confidence = confidence::alone(evidence.confidence);
            return Field::read(inner.to_owned(), evidence);
        }
    }
    Field::null(Reason::NotFound)
}
