//! Strips of about one width, side by side for the network.

use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use super::strip::{HEIGHT, Strip, WHITE};

/// The most strips of a batch.
const MOST: usize = 16;

/// How much wider the widest strip of a batch may be than its narrowest: what is
/// filled up is read for nothing.
const STRETCH: f32 = 1.25;

/// Widths are multiples of this: the network halves them thrice.
const GRAIN: usize = 8;

/// The places of strips that are read together.
pub(super) fn batches(strips: &[Strip]) -> Vec<Vec<usize>> {
    let mut places: Vec<usize> = (0..strips.len()).collect();
    places.sort_by_key(|place| strips[*place].width());
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for place in places {
        let wide = strips[place].width() as f32;
        match batches.last_mut() {
            Some(batch)
                if batch.len() < MOST
                    && wide <= strips[batch[0]].width() as f32 * STRETCH + GRAIN as f32 =>
            {
                batch.push(place);
            }
            _ => batches.push(vec![place]),
        }
    }
    batches
}

/// The strips as the network's input, `[strip, 1, row, column]`; to the right of the
/// narrower ones is white paper.
pub(super) fn tensor(strips: &[&Strip]) -> NdTensor<f32, 4> {
    let widest = strips.iter().map(|strip| strip.width()).max().unwrap_or(GRAIN);
    let width = widest.next_multiple_of(GRAIN);
    let mut pixels = Vec::with_capacity(strips.len() * HEIGHT as usize * width);
    for strip in strips {
        for row in strip.pixels.chunks_exact(strip.width()) {
            pixels.extend_from_slice(row);
            pixels.resize(pixels.len() + width - row.len(), WHITE);
        }
    }
    NdTensor::from_data([strips.len(), 1, HEIGHT as usize, width], pixels)
}

/// The scores at the first `count` steps of one strip of a batch.
pub(super) fn steps(scores: &NdTensor<f32, 3>, strip: usize, count: usize) -> Vec<Vec<f32>> {
    let scores: NdTensorView<f32, 2> = scores.slice(strip);
    let row = |step: usize| scores.slice(step).iter().copied().collect();
    (0..count.min(scores.size(0))).map(row).collect()
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::*;

    fn strip(width: u32) -> Strip {
        Strip::of(&GrayImage::new(width, HEIGHT), 1.0)
    }

    #[test]
    fn every_strip_is_in_one_batch_with_others_of_about_its_width() {
        let strips: Vec<Strip> = (0..50).map(|n| strip(20 + n * n)).collect();
        let batches = batches(&strips);
        let mut all: Vec<usize> = batches.concat();
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
        for batch in batches {
            let widths: Vec<usize> = batch.iter().map(|place| strips[*place].width()).collect();
            let (least, most) = (widths.iter().min().unwrap(), widths.iter().max().unwrap());
            assert!(batch.len() <= MOST && *most as f32 <= *least as f32 * STRETCH + 8.0);
        }
    }

    #[test]
    fn narrow_strips_are_filled_up_with_white() {
        let (narrow, wide) = (strip(20), strip(30));
        let input = tensor(&[&narrow, &wide]);
        assert_eq!(input.shape(), [2, 1, 40, 32]);
        assert!((input[[0, 0, 39, 19]] - narrow.pixels[39 * 20 + 19]).abs() < f32::EPSILON);
        assert!((input[[0, 0, 39, 20]] - WHITE).abs() < f32::EPSILON);
    }
}
