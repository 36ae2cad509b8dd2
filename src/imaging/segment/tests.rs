//! What is print of a card, and what is none.

use image::Luma;
use specimen::{Distractor, Kind, Level};

use super::*;
use crate::imaging::{decode, rectify};

/// Whether a code is dark at a place.
type Code = fn(u32, u32) -> bool;

fn print_on(encoded: &[u8]) -> Print {
    find_print(&rectify(&decode(encoded).unwrap()).pixels)
}

#[test]
fn a_page_of_text_is_no_card() {
    let page = specimen::draw_distractor(Distractor::FrenchPage, Level::Clean, 0).unwrap();
    assert!(print_on(&page.encode().unwrap()).is_page());
    for kind in Kind::ALL {
        let drawn = specimen::draw(kind, Level::Clean, 1).unwrap();
        for side in [&drawn.recto, &drawn.verso] {
            assert!(!print_on(&side.encode().unwrap()).is_page(), "{kind}");
        }
    }
}

#[test]
fn codes_of_bars_or_dots_are_no_print() {
    // One and two pixels wide in turn; squares of three pixels in no order.
    let bars: Code = |x, _| matches!(x % 9, 0 | 4 | 5);
    let dots: Code = |x, y| (x / 3 * 7919 + y / 3 * 104_729 + (x / 3) * (y / 3) * 31) % 7 < 3;
    for (what, is_dark) in [("bars", bars), ("dots", dots)] {
        let mut card = GrayImage::from_pixel(1000, 630, Luma([235]));
        for (x, y) in (100..500).flat_map(|x| (300..330).map(move |y| (x, y))) {
            if is_dark(x, y) {
                card.put_pixel(x, y, Luma([20]));
            }
        }
        assert!(find_print(&card).segments.is_empty(), "{what}");
    }
}

#[test]
fn the_end_of_a_word_that_hangs_from_it_is_one_piece_with_it() {
    let mut card = GrayImage::from_pixel(1000, 630, Luma([235]));
    let begins = [(199, 100, 41, 12), (215, 100, 25, 30), (245, 100, 30, 30), (280, 100, 30, 30)];
    let hangs = (172, 117, 32, 35);
    for (left, top, width, height) in begins.into_iter().chain([hangs]) {
        for (x, y) in (left..left + width).flat_map(|x| (top..top + height).map(move |y| (x, y))) {
            card.put_pixel(x, y, Luma([20]));
        }
    }
    let segments = find_print(&card).segments;
    assert_eq!(segments.len(), 1, "{segments:?}");
    assert!(segments[0].rect.width > 130.0);
}
