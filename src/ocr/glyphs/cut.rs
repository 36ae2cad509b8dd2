//! Cuts a box of touching digits where there is least ink.

use image::GrayImage;

use crate::ocr::Rect;

/// How far a cut may lie from where equal widths would put it, in such widths.
const PLAY: f32 = 0.3;

/// The box in `count` parts of about the same width.
pub(super) fn parts(card: &GrayImage, rect: &Rect, count: usize) -> Vec<Rect> {
    let step = rect.width / count as f32;
    let mut cuts = vec![rect.x];
    for index in 1..count {
        let middle = rect.x + step * index as f32;
        cuts.push(lightest(card, rect, middle - PLAY * step, middle + PLAY * step));
    }
    cuts.push(rect.right());
    cuts.windows(2)
        .map(|pair| Rect::new(pair[0], rect.y, (pair[1] - pair[0]).max(1.0), rect.height))
        .collect()
}

/// The column between two with the least ink in a box.
fn lightest(card: &GrayImage, rect: &Rect, from: f32, to: f32) -> f32 {
    let (top, bottom) = (rect.y.max(0.0) as u32, (rect.bottom() as u32).min(card.height()));
    let paper =
        |x: u32| -> u32 { (top..bottom).map(|y| u32::from(card.get_pixel(x, y).0[0])).sum() };
    let columns = (from.max(0.0) as u32)..=(to.max(0.0) as u32).min(card.width().saturating_sub(1));
    columns.max_by_key(|x| paper(*x)).map_or(from, |x| x as f32 + 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_box_is_cut_where_its_ink_is_thin() {
        let mut card = GrayImage::from_pixel(100, 40, Luma([255]));
        for (x, y) in (10..50).flat_map(|x| (5..35).map(move |y| (x, y))) {
            // Two blocks that touch in a thin bridge at 27 to 31.
            if !(27..31).contains(&x) || (18..21).contains(&y) {
                card.put_pixel(x, y, Luma([0]));
            }
        }

        let parts = parts(&card, &Rect::new(10.0, 5.0, 40.0, 30.0), 2);

        assert_eq!(parts.len(), 2);
        assert!((27.0..31.0).contains(&parts[1].x), "{}", parts[1].x);
        assert!((parts[0].right() - parts[1].x).abs() < 0.01);
        assert!((parts[1].right() - 50.0).abs() < 0.01);
    }
}
