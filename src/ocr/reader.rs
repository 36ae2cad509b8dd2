//! Reads a card: its lines, in both scripts, and its machine-readable zone.

use image::imageops::{FilterType, crop_imm, resize};

use super::{Layout, Line, Model, OcrEngine, OcrError, Page, Rect, Script, Snippet, Word};
use crate::imaging::{Card, find_print};

/// Height to which letters are brought before the French model reads them, in pixels.
const FRENCH_HEIGHT: f32 = 32.0;

/// The same for the Arabic model.
const ARABIC_HEIGHT: f32 = 24.0;

/// Reads everything that is printed on a card.
///
/// # Errors
///
/// Those of the engine.
pub fn read_card(card: &Card, engine: &mut dyn OcrEngine) -> Result<Page, OcrError> {
    let print = find_print(&card.pixels);
    let mut pieces = Vec::new();
    for segment in &print.segments {
        for (model, height) in [(Model::French, FRENCH_HEIGHT), (Model::Arabic, ARABIC_HEIGHT)] {
            pieces.push(Piece::cut(card, &segment.rect, segment.letter_height, height, model));
        }
    }
    let snippets: Vec<Snippet> = pieces.iter().map(|piece| piece.snippet.clone()).collect();
    let answers = engine.read(&snippets)?;
    let mut readings: Vec<Line> = Vec::new();
    for (piece, words) in pieces.iter().zip(answers) {
        let script =
            if piece.snippet.model == Model::Arabic { Script::Arabic } else { Script::Latin };
        readings.push(Line {
            script,
            words: words.into_iter().map(|word| piece.place(word)).collect(),
        });
    }
    let mut lines = Vec::new();
    for pair in readings.chunks_exact(2) {
        let best = if score(&pair[0]) >= score(&pair[1]) { &pair[0] } else { &pair[1] };
        if score(best) > 0.3 {
            lines.push(best.clone());
        }
    }
    Ok(Page {
        width: card.pixels.width() as f32,
        height: card.pixels.height() as f32,
        lines,
        mrz: Vec::new(),
        portrait: None,
        placement: card.placement,
    })
}

fn score(line: &Line) -> f32 {
    let text = line.text();
    let letters = text.chars().filter(|letter| letter.is_alphanumeric()).count();
    let own = text
        .chars()
        .filter(|letter| match line.script {
            Script::Latin => letter.is_alphanumeric() && !is_arabic(*letter),
            Script::Arabic => is_arabic(*letter),
        })
        .count();
    if letters == 0 { 0.0 } else { line.confidence() * own as f32 / letters as f32 }
}

/// Whether a letter belongs to the Arabic blocks.
fn is_arabic(letter: char) -> bool {
    matches!(letter, '\u{600}'..='\u{6ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// A cut of the card with the way back to it.
struct Piece {
    snippet: Snippet,
    left: f32,
    top: f32,
    factor: f32,
}

impl Piece {
    fn cut(card: &Card, rect: &Rect, letters: f32, height: f32, model: Model) -> Self {
        let (across, down) = (letters * 0.5, letters * 0.3);
        let (width, rows) = (card.pixels.width() as f32, card.pixels.height() as f32);
        let left = (rect.x - across).max(0.0).floor();
        let top = (rect.y - down).max(0.0).floor();
        let right = (rect.right() + across).min(width);
        let bottom = (rect.bottom() + down).min(rows);
        let factor = height / letters.max(1.0);
        let part = crop_imm(
            &card.pixels,
            left as u32,
            top as u32,
            (right - left) as u32,
            (bottom - top) as u32,
        )
        .to_image();
        let size = |side: u32| ((side as f32 * factor).round() as u32).max(8);
        let image = resize(&part, size(part.width()), size(part.height()), FilterType::CatmullRom);
        Self { snippet: Snippet { image, model, layout: Layout::Line }, left, top, factor }
    }

    fn place(&self, word: Word) -> Word {
        let Rect { x, y, width, height } = word.rect;
        let rect = Rect::new(
            x / self.factor + self.left,
            y / self.factor + self.top,
            width / self.factor,
            height / self.factor,
        );
        Word { rect, ..word }
    }
}
