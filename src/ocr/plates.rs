//! Registration plates: digits, one Arabic letter, digits: `1234-ب-56`.
//!
//! The French model stumbles over the letter, the Arabic model loses the
//! digits, so the glyphs of such a row are read one by one, and what the French
//! model made of the digits supports, completes or disputes them.

mod numbers;
mod tokens;

use super::glyphs::Row;
use super::{Line, Rect, Script, Word};
use crate::imaging::Card;
use numbers::{Numbers, digits_beside_dates};
use tokens::{Token, digits_line, read_all, taken_apart, tokens, without_bars};

/// Rows in which the engine read fewer digits are not looked at.
const DIGITS_MIN: usize = 2;
/// A digit counts from this share on; so does a letter that stands apart.
const SURE: f32 = 0.5;
/// A letter that stands apart on one side only must be as sure as this, and so
/// must all glyphs of a plate that the engine did not confirm.
const CERTAIN: f32 = 0.9;
/// A bare alif looks like a 1: apart on both sides, this share is enough.
const ALIF: f32 = 0.2;
/// Gaps in heights of digits. Above the first a glyph stands apart; digits of
/// one number may stand so, but not as far as the second; above the third begins
/// another piece of print, unless the engine read the same numbers beside each
/// other: then above the fourth.
const GAPS: [f32; 4] = [0.3, 0.6, 2.2, 4.0];
/// The most that is given for a plate that the glyphs and the engine do not both
/// read.
const UNCONFIRMED: f32 = 0.8;
/// The most digits on either side of the letter.
const DIGITS_MAX: usize = 5;

/// A row that may hold a plate, with what the French model read there.
pub(super) struct Candidate {
    /// Where it stands.
    pub(super) rect: Rect,
    /// The usual height of its letters.
    pub(super) letters: f32,
    /// The French reading, however unsure.
    pub(super) latin: String,
}

/// Puts the plates of a card into its lines, in place of what the engine read there.
pub(super) fn fill(card: &Card, marks: &[Rect], candidates: &[Candidate], lines: &mut Vec<Line>) {
    let mut found: Vec<Word> = Vec::new();
    for candidate in candidates {
        let digits = digits_beside_dates(&candidate.latin);
        let known = |plate: &Word| overlaps(&plate.rect, &candidate.rect);
        if digits < DIGITS_MIN || found.iter().any(known) {
            continue;
        }
        if let Some(row) = Row::find(marks, &candidate.rect, candidate.letters) {
            found.extend(plate_of(card, &row, candidates));
        }
    }
    for plate in found {
        put(lines, plate);
    }
}

/// The plate of a row. A label's letters may be of another size than the value: then
/// the glyphs are read once more by the measure of the digits among them. What stays
/// without a plate is taken apart where glyphs may touch.
fn plate_of(card: &Card, row: &Row, candidates: &[Candidate]) -> Option<Word> {
    let mut line = row.line;
    let mut boxes = read_all(card, &row.glyphs, &line);
    if let Some(other) = digits_line(&boxes, &line) {
        line = other;
        boxes = read_all(card, &row.glyphs, &line);
    }
    let plate = |boxes, line| plate_in(&without_bars(tokens(boxes, line)), candidates);
    let whole = plate(&boxes, &line);
    if whole.as_ref().is_some_and(|plate| plate.confidence > UNCONFIRMED) {
        return whole;
    }
    let parts = taken_apart(card, &boxes, &line);
    match digits_line(&parts, &line) {
        None => plate(&parts, &line),
        Some(line) => {
            let boxes = read_all(card, &row.glyphs, &line);
            plate(&taken_apart(card, &boxes, &line), &line)
        }
    }
}

/// The surest plate of a row, as one word.
fn plate_in(tokens: &[Token], candidates: &[Candidate]) -> Option<Word> {
    (1..tokens.len().saturating_sub(1))
        .filter_map(|index| Groups::around(tokens, index)?.surest(candidates))
        .max_by(|left, right| left.confidence.total_cmp(&right.confidence))
}

/// A glyph that may be a plate's letter, with the glyphs on both sides.
struct Groups<'a> {
    before: &'a [Token],
    letter: &'a Token,
    after: &'a [Token],
    /// On how many sides the letter stands apart.
    apart: usize,
    /// Whether nothing else stands close before or behind.
    alone: bool,
}

impl<'a> Groups<'a> {
    fn around(tokens: &'a [Token], index: usize) -> Option<Self> {
        let letter = &tokens[index];
        let next = tokens.get(index + 1)?;
        let joined = |at: usize| tokens[at].is_joined(&tokens[at - 1]);
        let before = 1 + (1..index).rev().take_while(|at| joined(*at)).count();
        let after = 1 + (index + 2..tokens.len()).take_while(|at| joined(*at)).count();
        let start = index - before;
        let ends = |at: usize| tokens.get(at).is_none_or(|token| token.gap > GAPS[1]);
        let groups = Self {
            before: &tokens[start..index],
            letter,
            after: &tokens[index + 1..][..after],
            apart: usize::from(letter.is_apart()) + usize::from(next.is_apart()),
            alone: (start == 0 || ends(start)) && ends(index + 1 + after),
        };
        let near = letter.gap < GAPS[3] && next.gap < GAPS[3];
        (near && after <= DIGITS_MAX && groups.has_letter()).then_some(groups)
    }

    /// The same without what stands before the number: letters of a label may
    /// look like digits.
    fn trimmed(&self) -> impl Iterator<Item = Self> {
        let ends = |at: &usize| self.before[*at].gap > GAPS[0] || !self.before[at - 1].is_digit();
        let starts = (1..self.before.len()).filter(ends);
        starts.map(|at| Self { before: &self.before[at..], alone: false, ..*self })
    }

    /// Whether its parts stand as near each other as those of nearly all plates.
    fn is_near(&self) -> bool {
        self.letter.gap < GAPS[2] && self.after.first().is_some_and(|next| next.gap < GAPS[2])
    }

    fn has_letter(&self) -> bool {
        let (sign, share) = self.letter.shares.letter();
        match self.apart {
            2 => share >= if sign == 'أ' { ALIF } else { SURE },
            1 => share >= CERTAIN,
            _ => false,
        }
    }

    /// The digits as the glyphs say, and the least share of all.
    fn digits(&self) -> Option<(Numbers, f32)> {
        let all = || self.before.iter().chain(self.after);
        let read = |part: &[Token]| part.iter().map(|token| token.shares.digit().0).collect();
        let least =
            all().map(|token| token.shares.digit().1).fold(self.letter.shares.letter().1, f32::min);
        let numbers = Numbers { first: read(self.before), last: read(self.after) };
        (all().all(Token::is_digit) && numbers.are_possible()).then_some((numbers, least))
    }

    /// The plate, without what stands before where only that is confirmed.
    fn surest(self, candidates: &[Candidate]) -> Option<Word> {
        let whole = self.plate(candidates);
        let is_confirmed = |plate: &Word| plate.confidence > UNCONFIRMED;
        if whole.as_ref().is_some_and(is_confirmed) {
            return whole;
        }
        let trimmed = self.trimmed().filter_map(|part| part.plate(candidates)).find(is_confirmed);
        trimmed.or(whole)
    }

    fn plate(&self, candidates: &[Candidate]) -> Option<Word> {
        let all = self.before.iter().chain([self.letter]).chain(self.after);
        let rect = all.map(|token| token.rect).reduce(|all, one| all.union(&one))?;
        let there = candidates.iter().filter(|candidate| reaches(&candidate.rect, &rect));
        let latin: Vec<&str> = there.map(|candidate| candidate.latin.as_str()).collect();
        let engine = Numbers::all_in(&latin.join(" "));
        let (sign, share) = self.letter.shares.letter();
        let (numbers, confidence) = if let Some((glyphs, least)) = self.digits() {
            let distance = engine.iter().map(|numbers| numbers.distance(&glyphs)).min();
            let confidence = match distance {
                Some(0) => 1.0 - (1.0 - least) / 2.0,
                Some(1) if self.is_near() => 0.6 * least,
                _ if self.alone
                    && self.is_near()
                    && self.apart == 2
                    && least >= CERTAIN
                    && glyphs.is_usual() =>
                {
                    UNCONFIRMED * least
                }
                _ => return None,
            };
            (glyphs, confidence)
        } else {
            // Digits that touch are no glyphs of their own; the engine reads them.
            let held = |numbers: &Numbers| {
                self.is_enclosed() && (self.holds(numbers) || numbers.is_usual())
            };
            (engine.into_iter().filter(|_| self.is_near()).find(held)?, UNCONFIRMED * share)
        };
        let text = format!("{}-{sign}-{}", numbers.first, numbers.last);
        Some(Word::new(text, confidence, rect))
    }

    /// Whether a certain letter stands between two signs, as in nothing but a plate.
    fn is_enclosed(&self) -> bool {
        let next = self.after.first().is_some_and(|token| token.after_sign);
        self.letter.after_sign && next && self.letter.shares.letter().1 >= CERTAIN
    }

    /// Whether these digits can be what stands before and behind the letter,
    /// where some touch: half of what stands there must be legible alone and be
    /// among them, in their order. Less would make plates of addresses.
    fn holds(&self, numbers: &Numbers) -> bool {
        if self.before.len() > DIGITS_MAX + 1 {
            return false;
        }
        let fits = |digits: &str, tokens: &[Token]| {
            let legible = tokens.iter().filter(|token| token.is_digit());
            let known: String = legible.map(|token| token.shares.digit().0).collect();
            if known.len() == tokens.len() {
                return known == digits;
            }
            let mut rest = digits.chars();
            let in_order = known.chars().all(|digit| rest.any(|other| other == digit));
            in_order
                && 2 * known.len() >= tokens.len()
                && tokens.len() <= digits.len() + 1
                && digits.len() <= 2 * tokens.len()
        };
        fits(&numbers.first, self.before) && fits(&numbers.last, self.after)
    }
}

/// Puts a plate where words of the engine stood.
fn put(lines: &mut Vec<Line>, plate: Word) {
    let inside = |word: &Word| overlaps(&word.rect, &plate.rect);
    let mut home = None;
    for (index, line) in lines.iter_mut().enumerate() {
        let is_home = line.script == Script::Latin && line.words.iter().any(inside);
        line.words.retain_mut(|word| !inside(word) || keep_label(word, &plate));
        if is_home {
            home = home.or(Some(index));
        }
    }
    match home.map(|index| &mut lines[index].words) {
        Some(words) => {
            let behind = words.iter().position(|word| word.rect.mid_x() > plate.rect.mid_x());
            words.insert(behind.unwrap_or(words.len()), plate);
        }
        None => lines.push(Line { script: Script::Latin, words: vec![plate] }),
    }
    lines.retain(|line| !line.words.is_empty());
}

/// A word that begins well before the plate is a label that the engine joined to
/// it: it keeps its letters.
fn keep_label(word: &mut Word, plate: &Word) -> bool {
    if word.rect.x > plate.rect.x - plate.rect.height {
        return false;
    }
    let label = word.text.trim_end_matches(|letter: char| !letter.is_alphabetic() && letter != ':');
    word.text = label.to_owned();
    word.rect.width = plate.rect.x - word.rect.x;
    !word.text.is_empty()
}

/// Whether two boxes on one row have some width in common.
fn reaches(left: &Rect, right: &Rect) -> bool {
    left.vertical_overlap(right) > 0.5 && left.x < right.right() && right.x < left.right()
}

fn overlaps(left: &Rect, right: &Rect) -> bool {
    let across = left.right().min(right.right()) - left.x.max(right.x);
    left.vertical_overlap(right) > 0.5 && across > 0.4 * left.width.min(right.width)
}

#[cfg(test)]
mod tests {
    use specimen::{Kind, Level};

    use super::*;
    use crate::imaging::{decode, find_print, rectify};

    /// Whether the plate of a drawn registration is read where it stands.
    fn is_read(level: Level, seed: u64) -> bool {
        let drawn = specimen::draw(Kind::Gris, level, seed).unwrap();
        let card = rectify(&decode(&drawn.recto.encode().unwrap()).unwrap());
        let print = find_print(&card.pixels);
        let plate = drawn.truth["numero_matricule_marocain"]["numero"].as_str().unwrap();
        // As the French model reads it: the letter is lost.
        let latin: String =
            plate.chars().map(|c| if c.is_ascii_digit() { c } else { '-' }).collect();
        let candidate = |rect, letters| Candidate { rect, letters, latin: latin.clone() };
        let candidates: Vec<Candidate> =
            print.segments.iter().map(|one| candidate(one.rect, one.letter_height)).collect();
        let mut lines = Vec::new();
        fill(&card, &print.marks, &candidates, &mut lines);
        lines.iter().any(|line| line.text() == plate.replace(' ', "-"))
    }

    #[test]
    fn plates_of_drawn_registrations_are_read_where_they_stand() {
        for seed in 0..6 {
            assert!(is_read(Level::Clean, seed), "{seed}");
        }
    }

    #[test]
    fn plates_whose_glyphs_touch_in_a_photo_are_taken_apart() {
        // Drawings whose boxes hold several glyphs: whole, none of them can be read.
        for seed in [1, 12, 18, 22, 29, 43, 47, 50] {
            assert!(is_read(Level::Photo, seed), "{seed}");
        }
    }
}
