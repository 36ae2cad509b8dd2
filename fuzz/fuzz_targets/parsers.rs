//! The parsers of single values and of the machine-readable zone, on any text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use wathiqa::documents::mrz::{check_digit, read_mrz};
use wathiqa::documents::parsers;
use wathiqa::ocr::{Line, Page, Placement, Rect, Script, Word};

fuzz_target!(|text: &str| {
    values(text);
    zone(text);
});

fn values(text: &str) {
    // What no card prints may change twice: lone marks meet letters once what
    // parts them is gone, and letters without a capital come apart.
    let printed =
        |c: char| matches!(c, ' '..='~' | '\u{A0}'..='\u{17F}' | '\u{600}'..='\u{6FF}' | '–' | '’');
    let plain = text.chars().all(|c| printed(c) && !is_combining_mark(c));
    for normalise in [
        parsers::latin_value,
        parsers::latin_name,
        parsers::arabic_value,
        parsers::arabic_name,
        parsers::fold_latin,
        parsers::fold_arabic,
    ] {
        // Capitals of some letters are spelled with marks of their own.
        let composed = |text: &str| text.nfc().collect::<String>();
        let once = normalise(text);
        let twice = normalise(&once);
        let same = composed(&twice) == composed(&once);
        assert!(same || !plain, "normalising again changes {text:?}: {once:?} {twice:?}");
    }
    if let Some(date) = parsers::date(text) {
        let spelled = date.format("%d.%m.%Y").to_string();
        assert_eq!(parsers::date(&spelled), Some(date), "{text:?}");
        assert_eq!(parsers::partial_date(text), Some(spelled), "{text:?}");
    }
    if let Some(date) = parsers::partial_date(text) {
        assert_eq!(parsers::partial_date(&date).as_ref(), Some(&date), "{text:?}");
    }
    if let Some(plate) = parsers::plate(text) {
        assert_eq!(parsers::plate(&plate).as_ref(), Some(&plate), "{text:?}");
    }
    if let Some(cin) = parsers::cin(text) {
        assert_eq!(parsers::cin(&cin).as_ref(), Some(&cin), "{text:?}");
    }
    let _ = parsers::previous_plate(text);
}

/// Every line of the text as a reading of every line of a zone.
fn zone(text: &str) {
    let line = |text: &str| Line {
        script: Script::Latin,
        words: vec![Word::new(text, 0.9, Rect::default())],
    };
    let page = Page {
        width: 1600.0,
        height: 1010.0,
        lines: Vec::new(),
        mrz: vec![text.lines().take(6).map(line).collect()],
        portrait: None,
        placement: Placement::IDENTITY,
    };
    let Some(mrz) = read_mrz(&page) else { return };
    if mrz.checks.number {
        assert!(mrz.number.chars().count() == 8, "{text:?}");
        assert!(check_digit(&format!("{}<", mrz.number)) < 10);
    }
    if let (true, Some(birth)) = (mrz.checks.all(), mrz.birth) {
        assert!((1900..2100).contains(&birth.year()), "{text:?}");
    }
}
