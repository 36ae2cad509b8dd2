//! Finds the pieces of print on an even card: rows of letters, split where wide
//! gaps separate what stands left from what stands right.

use image::GrayImage;

use super::Rect;
use super::ink::{components, ink, root, unite};

/// A piece of one printed line.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// The box around its print, in card pixels.
    pub rect: Rect,
    /// The usual height of its letters, in card pixels.
    pub letter_height: f32,
    /// The boxes of its letters or joined letters, from left to right.
    pub marks: Vec<Rect>,
}

/// Everything on a card that looks like print, and what is too large for it.
#[derive(Debug, Clone, Default)]
pub struct Print {
    /// The pieces, from top to bottom.
    pub segments: Vec<Segment>,
    /// Boxes of dark areas far larger than letters: portraits, frames, codes.
    pub large: Vec<Rect>,
    /// The boxes of all connected ink of the size of letters, dashes or dots.
    pub marks: Vec<Rect>,
}

impl Print {
    /// Whether there is far more of it than on any card: a page of text.
    pub fn is_page(&self) -> bool {
        let letters = |segment: &Segment| segment.rect.width / segment.letter_height;
        self.segments.iter().map(letters).sum::<f32>() > CARD_MAX
    }
}

/// Heights of letters that all rows of a card are long together, at most; the fullest
/// specimens have two thirds of it.
const CARD_MAX: f32 = 550.0;

/// So many bars stand beside each one of a bar code.
const BARS_MIN: usize = 4;

/// Finds the print on an evened card.
pub fn find_print(card: &GrayImage) -> Print {
    let ink = ink(card);
    let marks = components(&ink, card.width() as usize);
    let (width, height) = (card.width() as f32, card.height() as f32);
    let unit = width.max(height);
    let mut letters = Vec::new();
    let mut specks = Vec::new();
    let mut large = Vec::new();
    let mut solid = Vec::new();
    let mut bars = Vec::new();
    for mark in marks {
        let rect = mark.rect;
        let fill = mark.pixels as f32 / (rect.width * rect.height);
        let rule = rect.width > 12.0 * rect.height
            || rect.height > 6.0 * rect.width && rect.height > unit / 20.0;
        if rect.height > unit / 11.0
            || rect.width > unit / 2.5
            || rect.height > unit / 16.0 && rect.width > unit / 8.0
            || rect.width > unit / 5.0 && fill < 0.12
        {
            if fill > 0.15 && rect.width < unit / 2.0 && rect.height > unit / 16.0 {
                solid.push(rect);
            }
            large.push(rect);
        } else if rule && rect.width.max(rect.height) > unit / 60.0 || mark.pixels < 3 {
        } else if fill > 0.9 && rect.height > unit / 32.0 && rect.height > 1.3 * rect.width {
            bars.push(rect);
        } else if rect.height < unit / 120.0 {
            specks.push(rect);
        } else {
            letters.push(rect);
        }
    }
    // A bar code has many bars side by side; a bold I or alif stands alone.
    for bar in &bars {
        let beside = |other: &&Rect| {
            (other.mid_x() - bar.mid_x()).abs() < bar.height && bar.vertical_overlap(other) > 0.8
        };
        let is_code = bars.iter().filter(beside).count() > BARS_MIN;
        if is_code { &mut large } else { &mut letters }.push(*bar);
    }
    let marks = letters.iter().chain(&specks).copied().collect();
    // Eyes and bars are no letters; a thin frame may hold some.
    letters.retain(|letter| !solid.iter().any(|area| holds(area, letter)));
    drop_vertical(&mut letters);
    letters.sort_by(|left, right| left.x.total_cmp(&right.x));
    let mut segments = rows(&letters, &mut large);
    attach(&mut segments, &specks);
    segments = joined(segments);
    segments.retain(|segment| is_row(segment) && legible(segment, unit) && !is_code(segment));
    segments.sort_by(|left, right| left.rect.mid_y().total_cmp(&right.rect.mid_y()));
    Print { segments, large, marks }
}

/// The boxes of everything that has the size and shape of a letter, whichever
/// way it is turned.
pub(super) fn letters(card: &GrayImage) -> Vec<Rect> {
    let unit = card.width().max(card.height()) as f32;
    components(&ink(card), card.width() as usize)
        .into_iter()
        .filter(|mark| mark.pixels as f32 > 0.15 * mark.rect.width * mark.rect.height)
        .map(|mark| mark.rect)
        .filter(|rect| {
            let (low, high) = (rect.width.min(rect.height), rect.width.max(rect.height));
            high > unit / 120.0 && high < unit / 16.0 && high < 3.5 * low
        })
        .collect()
}

fn holds(area: &Rect, mark: &Rect) -> bool {
    (area.x..area.right()).contains(&mark.mid_x())
        && (area.y..area.bottom()).contains(&mark.mid_y())
}

/// How near letters must stand, and how alike they must be, to be of one row.
struct Kinship {
    /// The widest gap, in mean letter heights.
    gap: f32,
    /// The taller height for the lower one.
    ratio: f32,
    /// The share of the lower height that both cover.
    overlap: f32,
}

/// How much of its height the end of an Arabic word has in common with its beginning.
const HANGING: f32 = 0.3;

/// How wide that end is at most, in heights of letters: rows hang from no row.
const HANGING_MAX: f32 = 2.5;

const LOOSE: Kinship = Kinship { gap: 1.1, ratio: 3.0, overlap: 0.5 };

/// For what the loose rule joined across rows: beside a portrait, or on a pattern.
const STRICT: Kinship = Kinship { gap: 0.8, ratio: 1.9, overlap: 0.75 };

/// Groups letters that stand beside each other on one row. They come sorted from left to right.
fn chain(letters: &[Rect], kin: &Kinship) -> Vec<Vec<Rect>> {
    let mut parents: Vec<usize> = (0..letters.len()).collect();
    let tallest = letters.iter().map(|letter| letter.height).fold(0.0, f32::max);
    for (index, letter) in letters.iter().enumerate() {
        for (next, other) in letters.iter().enumerate().skip(index + 1) {
            let gap = other.x - letter.right();
            if gap > kin.gap * (letter.height + tallest) / 2.0 {
                break;
            }
            let (low, high) = (letter.height.min(other.height), letter.height.max(other.height));
            if gap <= kin.gap * (low + high) / 2.0
                && high < kin.ratio * low
                && letter.vertical_overlap(other) > kin.overlap
            {
                unite(&mut parents, index, next);
            }
        }
    }
    let mut groups: Vec<Vec<Rect>> = vec![Vec::new(); letters.len()];
    for (index, letter) in letters.iter().enumerate() {
        let root = root(&mut parents, index);
        groups[root].push(*letter);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Leaves out letters that stand on top of each other as closely as letters of
/// a word: print that runs up the edge of a card.
fn drop_vertical(letters: &mut Vec<Rect>) {
    letters.sort_by(|left, right| left.y.total_cmp(&right.y));
    let mut parents: Vec<usize> = (0..letters.len()).collect();
    for (index, letter) in letters.iter().enumerate() {
        for (next, other) in letters.iter().enumerate().skip(index + 1) {
            let gap = other.y - letter.bottom();
            let (low, high) = (letter.width.min(other.width), letter.width.max(other.width));
            if gap > letter.width {
                break;
            }
            let shared = letter.right().min(other.right()) - letter.x.max(other.x);
            if gap > -0.2 * low && gap < 0.45 * high && high < 1.8 * low && shared > 0.7 * low {
                unite(&mut parents, index, next);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (usize, Rect)> =
        std::collections::BTreeMap::new();
    for (index, letter) in letters.iter().enumerate() {
        let group = groups.entry(root(&mut parents, index)).or_insert((0, *letter));
        *group = (group.0 + 1, group.1.union(letter));
    }
    let columns: Vec<Rect> = groups
        .into_values()
        .filter(|(count, rect)| *count >= 4 && rect.height > 3.0 * rect.width)
        .map(|(_, rect)| rect)
        .collect();
    letters.retain(|letter| !columns.iter().any(|column| near_column(column, letter)));
}

/// Whether a mark is of a column or of its continuation above or below.
fn near_column(column: &Rect, mark: &Rect) -> bool {
    let reach = 2.0 * column.width;
    mark.x > column.x - 0.35 * column.width
        && mark.right() < column.right() + 0.35 * column.width
        && (column.y - reach..column.bottom() + reach).contains(&mark.mid_y())
}

/// The rows of print among letters; what forms no row even under the strict
/// rule is texture.
fn rows(letters: &[Rect], large: &mut Vec<Rect>) -> Vec<Segment> {
    let mut rows = Vec::new();
    for group in chain(letters, &LOOSE) {
        match segment(group) {
            Some(row) if !is_row(&row) => {
                for part in chain(&row.marks, &STRICT).into_iter().filter_map(segment) {
                    if is_row(&part) {
                        rows.push(part);
                    } else {
                        large.push(part.rect);
                    }
                }
            }
            row => rows.extend(row),
        }
    }
    rows
}

/// Whether the marks stand in one row, which may slope a little.
fn is_row(segment: &Segment) -> bool {
    let Rect { width, height, .. } = segment.rect;
    height < 2.3 * segment.letter_height + (0.05 * width).min(segment.letter_height)
}

fn segment(marks: Vec<Rect>) -> Option<Segment> {
    let rect = marks.iter().copied().reduce(|all, one| all.union(&one))?;
    let mut heights: Vec<f32> = marks.iter().map(|mark| mark.height).collect();
    heights.sort_by(f32::total_cmp);
    let letter_height = heights[heights.len() * 3 / 4];
    Some(Segment { rect, letter_height, marks })
}

/// Gives dots and accents to the segment that they stand on.
fn attach(segments: &mut [Segment], specks: &[Rect]) {
    for speck in specks {
        let near = |segment: &&mut Segment| {
            let room = segment.letter_height;
            speck.mid_x() > segment.rect.x - 0.9 * room
                && speck.mid_x() < segment.rect.right() + 0.9 * room
                && speck.mid_y() > segment.rect.y - 0.4 * room
                && speck.mid_y() < segment.rect.bottom() + 0.35 * room
        };
        if let Some(segment) = segments.iter_mut().filter(near).min_by(|left, right| {
            let apart = |segment: &Segment| (segment.rect.mid_y() - speck.mid_y()).abs();
            apart(left).total_cmp(&apart(right))
        }) {
            segment.rect = segment.rect.union(speck);
            segment.marks.push(*speck);
        }
    }
    for segment in segments {
        segment.marks.sort_by(|left, right| left.x.total_cmp(&right.x));
    }
}

/// Joins pieces of one row that overlap or nearly touch: Arabic letters of
/// different heights fall apart when they are chained.
fn joined(mut segments: Vec<Segment>) -> Vec<Segment> {
    segments.sort_by(|left, right| left.rect.x.total_cmp(&right.rect.x));
    let mut rows: Vec<Segment> = Vec::new();
    for segment in segments {
        let fits = |row: &&mut Segment| {
            let height = row.rect.height.max(segment.rect.height);
            let gap = segment.rect.x - row.rect.right();
            let both = row.rect.union(&segment.rect).height;
            let letters = row.letter_height.max(segment.letter_height);
            let overlap = row.rect.vertical_overlap(&segment.rect);
            let near = gap < 0.9 * letters && overlap > 0.6 && both < 1.35 * height;
            // The last letters of a word may hang from the others, their boxes in each other.
            let narrower = row.rect.width.min(segment.rect.width);
            let hangs = narrower < HANGING_MAX * letters && gap < 0.0 && gap > -0.35 * narrower;
            near || hangs && overlap > HANGING && both < 1.75 * height
        };
        match rows.iter_mut().find(fits) {
            Some(row) => {
                row.rect = row.rect.union(&segment.rect);
                row.letter_height = row.letter_height.max(segment.letter_height);
                row.marks.extend(segment.marks);
            }
            None => rows.push(segment),
        }
    }
    rows
}

fn legible(segment: &Segment, unit: f32) -> bool {
    let Rect { width, height, .. } = segment.rect;
    height >= unit / 110.0 && height <= unit / 9.0 && width >= 0.35 * height
}

/// Whether a piece is a bar code, whose bars are all tall and thin, or one of dots,
/// of which far more stand in a row than letters can.
fn is_code(segment: &Segment) -> bool {
    let count = segment.marks.len();
    let thin = segment.marks.iter().filter(|mark| mark.width < 0.4 * mark.height).count();
    let letters = segment.rect.width / segment.letter_height;
    count >= 6 && thin * 4 >= count * 3 || count >= 40 && count as f32 > 8.0 * letters
}

/// Where a portrait may stand: the box around what is far larger than print
/// (hair, shoulders) at the left or right of the card, when it has the shape of one.
pub fn find_portrait(print: &Print, width: f32, height: f32) -> Option<Rect> {
    let side = |near: fn(f32) -> bool| {
        print
            .large
            .iter()
            .filter(|rect| near(rect.mid_x() / width) && rect.width < 0.45 * width)
            .filter(|rect| rect.width > 0.06 * width && rect.height > 0.1 * height)
            .copied()
            .reduce(|all, one| all.union(&one))
    };
    let portrait = |rect: &Rect| {
        (0.10..0.45).contains(&(rect.width / width))
            && (0.25..0.85).contains(&(rect.height / height))
            && rect.height > 0.9 * rect.width
    };
    let area = |rect: &Rect| rect.width * rect.height;
    [side(|x| x < 0.4), side(|x| x > 0.6)]
        .into_iter()
        .flatten()
        .filter(portrait)
        .max_by(|left, right| area(left).total_cmp(&area(right)))
}

#[cfg(test)]
mod tests;
