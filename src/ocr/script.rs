//! Decides what script a piece of print is in, from what both models read there.

use super::{Line, Rect, Script, Word};

/// Words that are read with less certainty are noise.
const NOISE: f32 = 0.3;

/// A reading of the whole piece that is worth this much is of one script: print
/// of the other gives no such certainty.
const PLAIN: f32 = 0.85;

/// What a piece of print turned out to be.
pub(super) enum Verdict {
    /// One script throughout: the reading, and for an Arabic one what the
    /// French model read there, for the numbers in it.
    Plain(Line, Vec<Word>),
    /// Both scripts beside each other: what to read each part of it with.
    Mixed(Vec<(Script, Rect)>),
    /// Read by our own recogniser: a line for each script, the leftmost first.
    Heard(Vec<Line>),
    /// No print.
    Noise,
}

/// Weighs the French and the Arabic reading of one piece against each other.
pub(super) fn judge(piece: &Rect, latin: Line, arabic: Line) -> Verdict {
    let plain = |line: &Line| weight(line) >= PLAIN && line.rect().width > 0.85 * piece.width;
    if !plain(&latin)
        && !plain(&arabic)
        && let Some(parts) = parts(piece, &latin, &arabic)
    {
        return Verdict::Mixed(parts);
    }
    let (mut best, numbers) =
        if weight(&latin) >= weight(&arabic) { (latin, Vec::new()) } else { (arabic, latin.words) };
    best.words.retain(|word| word.confidence >= NOISE || word.text.chars().count() > 3);
    if weight(&best) < NOISE || best.words.is_empty() {
        Verdict::Noise
    } else {
        Verdict::Plain(best, numbers)
    }
}

/// How much a reading is worth: its certainty, less what is not of its script.
pub(super) fn weight(line: &Line) -> f32 {
    let arabic = line.words.iter().any(|word| word.text.chars().any(is_arabic));
    if line.script == Script::Arabic && !arabic {
        // Digits alone are left to the French model, which reads them better.
        return 0.0;
    }
    let letters: f32 = line.words.iter().map(|word| word.text.chars().count() as f32).sum();
    let own: f32 = line
        .words
        .iter()
        .map(|word| word.confidence * own_letters(&word.text, line.script) as f32)
        .sum();
    own / letters.max(1.0)
}

/// Letters and digits of a script; digits count for French, which reads them better.
pub(super) fn own_letters(text: &str, script: Script) -> usize {
    let own = |letter: &char| match script {
        Script::Latin => {
            letter.is_alphanumeric() && !is_arabic(*letter) || ".,'/-<:°()".contains(*letter)
        }
        Script::Arabic => is_arabic(*letter) || letter.is_ascii_digit(),
    };
    text.chars().filter(own).count()
}

/// Whether a letter belongs to the Arabic blocks.
pub(super) fn is_arabic(letter: char) -> bool {
    matches!(letter, '\u{600}'..='\u{6ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// A word that could only be of its script, read with certainty: letters of it,
/// or a number as long as a date. Shorter numbers stand in Arabic rows too.
fn is_sure(word: &Word, script: Script) -> bool {
    let count = |own: fn(&char) -> bool| word.text.chars().filter(own).count();
    let own = match script {
        Script::Latin => {
            count(|letter| letter.is_alphabetic() && !is_arabic(*letter)) >= 2
                || count(char::is_ascii_digit) >= 6
        }
        Script::Arabic => count(|letter| is_arabic(*letter) && letter.is_alphabetic()) >= 2,
    };
    own && word.confidence > 0.6
}

/// Puts the numbers that the French model read into an Arabic line: the Arabic
/// model loses digits.
pub(super) fn with_numbers(mut arabic: Line, latin: &[Word]) -> Line {
    if arabic.script == Script::Latin {
        return arabic;
    }
    for word in latin {
        let text = word.text.trim_matches(|letter: char| !letter.is_ascii_digit());
        let numeric = text.chars().all(|letter| letter.is_ascii_digit() || "./-".contains(letter));
        if text.is_empty() || !numeric || word.confidence < 0.5 {
            continue;
        }
        let number = Word { text: text.to_owned(), ..word.clone() };
        let taken = |other: &Word| {
            overlap(&other.rect, &number.rect) > 0.5
                && other.text.chars().filter(|letter| is_arabic(*letter)).count() >= 2
        };
        if arabic.words.iter().any(taken) {
            continue;
        }
        arabic.words.retain(|other| overlap(&other.rect, &number.rect) <= 0.5);
        // Arabic words come from right to left.
        let place = arabic.words.iter().position(|other| other.rect.mid_x() < number.rect.mid_x());
        arabic.words.insert(place.unwrap_or(arabic.words.len()), number);
    }
    arabic
}

fn overlap(left: &Rect, right: &Rect) -> f32 {
    let shared = left.right().min(right.right()) - left.x.max(right.x);
    shared.max(0.0) / left.width.min(right.width).max(1.0)
}

/// How much surer one model must be of a place than the other to own it.
const LEAD: f32 = 0.2;

/// The sure words of `line` where the other model has nothing nearly as sure.
fn undisputed<'a>(line: &'a Line, other: &'a Line) -> impl Iterator<Item = (Script, &'a Word)> {
    line.words.iter().filter(|word| is_sure(word, line.script)).filter_map(move |word| {
        let disputed = other.words.iter().any(|rival| {
            overlap(&word.rect, &rival.rect) > 0.3
                && own_letters(&rival.text, other.script) >= 2
                && rival.confidence + LEAD > word.confidence
        });
        (!disputed).then_some((line.script, word))
    })
}

/// The parts of a piece that holds sure words of both scripts side by side.
fn parts(piece: &Rect, latin: &Line, arabic: &Line) -> Option<Vec<(Script, Rect)>> {
    let mut kept: Vec<(Script, &Word)> =
        undisputed(latin, arabic).chain(undisputed(arabic, latin)).collect();
    let holds = |script: Script| kept.iter().any(|(other, _)| *other == script);
    if !holds(Script::Latin) || !holds(Script::Arabic) {
        return None;
    }
    kept.sort_by(|left, right| left.1.rect.x.total_cmp(&right.1.rect.x));
    let mut parts: Vec<(Script, Rect)> = Vec::new();
    for (script, word) in kept {
        match parts.last_mut() {
            Some((last, rect)) if *last == script => *rect = rect.union(&word.rect),
            _ => parts.push((script, word.rect)),
        }
    }
    Some(spread(piece, parts))
}

/// Widens the parts until they cover the piece: borders lie midway between words.
fn spread(piece: &Rect, mut parts: Vec<(Script, Rect)>) -> Vec<(Script, Rect)> {
    let mut left = piece.x;
    for index in 0..parts.len() {
        let right = parts
            .get(index + 1)
            .map_or(piece.right(), |(_, next)| f32::midpoint(parts[index].1.right(), next.x));
        parts[index].1 = Rect::new(left, piece.y, (right - left).max(1.0), piece.height);
        left = right;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, confidence: f32, x: f32, width: f32) -> Word {
        Word::new(text, confidence, Rect::new(x, 0.0, width, 30.0))
    }

    const PIECE: Rect = Rect::new(0.0, 0.0, 600.0, 30.0);

    fn judged(latin: Vec<Word>, arabic: Vec<Word>) -> Verdict {
        let latin = Line { script: Script::Latin, words: latin };
        judge(&PIECE, latin, Line { script: Script::Arabic, words: arabic })
    }

    #[test]
    fn french_and_arabic_beside_each_other_are_read_apart() {
        let latin = vec![
            word("Né", 0.9, 0.0, 40.0),
            word("01.01.1990", 0.95, 80.0, 150.0),
            word("Z>_", 0.2, 300.0, 200.0),
        ];
        let arabic = vec![word("بتاريخ", 0.9, 300.0, 100.0), word("مزداد", 0.9, 420.0, 100.0)];
        let Verdict::Mixed(parts) = judged(latin, arabic) else { panic!("not split") };
        let scripts: Vec<Script> = parts.iter().map(|(script, _)| *script).collect();
        assert_eq!(scripts, [Script::Latin, Script::Arabic]);
        assert!(parts[0].1.right() > 230.0 && parts[0].1.right() < 300.0);
        assert!((parts[1].1.right() - 600.0).abs() < 0.1);
    }

    #[test]
    fn a_french_line_stays_whole_however_the_other_model_guesses() {
        let latin = vec![word("RABAT", 0.95, 0.0, 200.0)];
        let arabic = vec![word("لا", 0.4, 0.0, 90.0)];
        let Verdict::Plain(line, _) = judged(latin, arabic) else { panic!("not plain") };
        assert_eq!((line.script, line.text().as_str()), (Script::Latin, "RABAT"));
    }

    #[test]
    fn numbers_in_an_arabic_row_are_taken_from_the_french_reading() {
        let arabic = Line {
            script: Script::Arabic,
            words: vec![
                word("زنقة", 0.9, 400.0, 90.0),
                word("|", 0.4, 340.0, 30.0),
                word("حي", 0.9, 200.0, 90.0),
            ],
        };
        let latin = vec![word("&5", 0.3, 200.0, 90.0), word("14-", 0.9, 330.0, 50.0)];
        assert_eq!(with_numbers(arabic, &latin).text(), "زنقة 14 حي");
    }

    #[test]
    fn what_no_model_is_sure_of_is_noise() {
        let verdict = judged(vec![word("x", 0.2, 0.0, 9.0)], vec![word("ا", 0.1, 0.0, 9.0)]);
        assert!(matches!(verdict, Verdict::Noise));
    }
}
