//! An engine whose readings the fuzz input decides, in place of Tesseract: the
//! words of documents and arbitrary ones, wherever on the snippet.

use std::sync::LazyLock;

use wathiqa::ocr::{
    Line, Model, OcrEngine, OcrError, Page, Placement, Rect, Script, Snippet, Word,
};

/// Words that lead into the readers: without them no page is ever recognised.
static WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("words.txt").split_whitespace().collect());

/// Lines of a machine-readable zone.
const ZONE: &[&str] = &[
    "IDMARTE5T0A01<6BK000123<<<<<<<",
    "9001011F3106143MAR<<<<<<<<<<<5",
    "BEN<TEST<<FATIMA<ZAHRA<<<<<<<<",
    "I<UTOD231458907<<<<<<<<<<<<<<<",
];

/// Reads what a script of bytes says; every reading uses some of them up, and
/// the script begins again at its end.
pub struct Scripted<'a> {
    script: &'a [u8],
    at: usize,
}

impl<'a> Scripted<'a> {
    /// An engine that follows `script`.
    pub fn new(script: &'a [u8]) -> Self {
        Self { script, at: 0 }
    }

    fn byte(&mut self) -> u8 {
        let byte = self.script.get(self.at % self.script.len().max(1)).copied().unwrap_or(0);
        // The second time round the same bytes shall say something else.
        let round = (self.at / self.script.len().max(1)) as u8;
        self.at += 1;
        byte.wrapping_add(round.wrapping_mul(37))
    }

    fn fraction(&mut self) -> f32 {
        f32::from(self.byte()) / 255.0
    }

    fn text(&mut self, model: Model) -> String {
        match (self.byte(), model) {
            (0..200, Model::Mrz) => self.changed(ZONE),
            (0..180, _) => WORDS[usize::from(self.byte()) % WORDS.len()].to_owned(),
            (180..220, _) => self.changed(&WORDS),
            _ => {
                let length = self.byte() % 12;
                (0..length).map(|_| self.letter()).collect()
            }
        }
    }

    /// One of `texts` with one letter replaced.
    fn changed(&mut self, texts: &[&str]) -> String {
        let mut letters: Vec<char> =
            texts[usize::from(self.byte()) % texts.len()].chars().collect();
        let place = usize::from(self.byte()) % (letters.len() + 1);
        if let Some(letter) = letters.get_mut(place) {
            *letter = self.letter();
        }
        letters.into_iter().collect()
    }

    /// Letters of both scripts, digits, signs, marks and bidi controls.
    fn letter(&mut self) -> char {
        const BLOCKS: [u32; 8] = [0x20, 0x40, 0x60, 0xC0, 0x600, 0x640, 0x2000, 0xFE80];
        let block = BLOCKS[usize::from(self.byte()) % BLOCKS.len()];
        char::from_u32(block + u32::from(self.byte() % 64)).unwrap_or('?')
    }

    /// A page such as a card gives, without any picture: lines of both scripts
    /// from top to bottom, some of them side by side, perhaps a zone.
    pub fn page(&mut self) -> Page {
        let (width, height) = (1600.0, 1010.0);
        let mut top = 20.0;
        let mut lines = Vec::new();
        for _ in 0..self.byte() % 32 {
            let arabic = self.byte() % 3 == 0;
            let script = if arabic { Script::Arabic } else { Script::Latin };
            let model = if arabic { Model::Arabic } else { Model::French };
            let area = Rect { x: self.fraction() * 900.0, y: top, width: 700.0, height: 40.0 };
            lines.push(Line { script, words: self.words(model, area) });
            top += if self.byte() % 4 == 0 { 0.0 } else { 45.0 };
        }
        let mut zone = || {
            let area = Rect { x: 60.0, y: 750.0, width: 1400.0, height: 50.0 };
            let words = self.words(Model::Mrz, area);
            Line { script: Script::Latin, words }
        };
        let mrz = vec![vec![zone(), zone()], vec![zone(), zone()], vec![zone()]];
        let mrz = if self.byte() % 2 == 0 { mrz } else { Vec::new() };
        let face = Rect { x: self.fraction() * width, y: 200.0, width: 400.0, height: 500.0 };
        let portrait = (self.byte() % 2 == 0).then_some(face);
        Page { width, height, lines, mrz, portrait, placement: Placement::IDENTITY }
    }

    /// Up to four words in `area`, from left to right.
    fn words(&mut self, model: Model, area: Rect) -> Vec<Word> {
        let count = self.byte() % 5;
        let mut x = area.x;
        let mut word = || {
            let width = self.fraction() * area.width / 4.0;
            let rect = Rect { x, y: area.y, width, height: area.height };
            x += width + 12.0;
            Word::new(self.text(model), self.fraction(), rect)
        };
        (0..count).map(|_| word()).collect()
    }

    fn line(&mut self, snippet: &Snippet, script: Script) -> Line {
        let count = self.byte() % 5;
        Line { script, words: (0..count).map(|_| self.word(snippet)).collect() }
    }

    fn word(&mut self, snippet: &Snippet) -> Word {
        let (w, h) = (snippet.image.width() as f32, snippet.image.height() as f32);
        let (x, y) = (self.fraction() * w, self.fraction() * h);
        let (width, height) = (self.fraction() * w * 0.5, self.fraction() * h);
        let rect = Rect { x, y, width, height };
        let confidence = self.fraction();
        Word::new(self.text(snippet.model), confidence, rect)
    }
}

impl OcrEngine for Scripted<'_> {
    fn has(&self, _: Model) -> bool {
        true
    }

    fn read(&mut self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError> {
        let read = |snippet: &Snippet| match snippet.model {
            // Either script, both, or none.
            Model::Own => {
                let both = [Script::Latin, Script::Arabic];
                let seen = self.byte();
                let scripts = both.into_iter().enumerate();
                let scripts = scripts.filter(|(bit, _)| seen >> bit & 1 == 1);
                scripts.map(|(_, script)| self.line(snippet, script)).collect()
            }
            Model::Arabic => vec![self.line(snippet, Script::Arabic)],
            _ => vec![self.line(snippet, Script::Latin)],
        };
        Ok(snippets.iter().map(read).collect())
    }
}
