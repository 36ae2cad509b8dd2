//! Ink and its connected areas.

use image::GrayImage;

use super::Rect;

/// Which pixels are clearly darker than their surroundings.
pub(super) fn ink(card: &GrayImage) -> Vec<bool> {
    let (width, height) = (card.width() as usize, card.height() as usize);
    let radius = (width.max(height) / 50).max(8);
    let mut sums = vec![0_u32; (width + 1) * (height + 1)];
    for (y, row) in card.as_raw().chunks_exact(width).enumerate() {
        let mut sum = 0;
        for (x, &pixel) in row.iter().enumerate() {
            sum += u32::from(pixel);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + sum;
        }
    }
    let mut ink = vec![false; width * height];
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(width));
            let area = ((right - left) * (bottom - top)) as u32;
            let sum = sums[bottom * (width + 1) + right]
                .wrapping_add(sums[top * (width + 1) + left])
                .wrapping_sub(sums[top * (width + 1) + right])
                .wrapping_sub(sums[bottom * (width + 1) + left]);
            let pixel = u32::from(card.as_raw()[y * width + x]);
            ink[y * width + x] = pixel < 190 && pixel * area * 100 < sum * 78;
        }
    }
    ink
}

/// A connected area of ink.
pub(super) struct Mark {
    /// The box around it.
    pub(super) rect: Rect,
    /// How many pixels it has.
    pub(super) pixels: usize,
}

/// The connected areas of ink, diagonal neighbours included.
pub(super) fn components(ink: &[bool], width: usize) -> Vec<Mark> {
    struct Run {
        row: usize,
        from: usize,
        to: usize,
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut parents: Vec<usize> = Vec::new();
    let mut above = 0..0;
    for (row, pixels) in ink.chunks_exact(width).enumerate() {
        let first = runs.len();
        let mut candidate = above.start;
        let mut x = 0;
        while let Some(start) = pixels[x..].iter().position(|&dark| dark).map(|skip| x + skip) {
            let end =
                pixels[start..].iter().position(|&dark| !dark).map_or(width, |skip| start + skip);
            let index = runs.len();
            parents.push(index);
            while candidate < above.end && runs[candidate].to < start {
                candidate += 1;
            }
            let mut touching = candidate;
            while touching < above.end && runs[touching].from <= end {
                unite(&mut parents, touching, index);
                touching += 1;
            }
            runs.push(Run { row, from: start, to: end });
            x = end;
        }
        above = first..runs.len();
    }
    let mut boxes: Vec<Option<Extent>> = vec![None; runs.len()];
    for (index, run) in runs.iter().enumerate() {
        let root = root(&mut parents, index);
        let entry = boxes[root].get_or_insert((run.from, run.row, run.to, run.row, 0));
        *entry = (
            entry.0.min(run.from),
            entry.1,
            entry.2.max(run.to),
            run.row,
            entry.4 + run.to - run.from,
        );
    }
    let mark = |(left, top, right, bottom, pixels): Extent| Mark {
        rect: Rect::new(left as f32, top as f32, (right - left) as f32, (bottom - top + 1) as f32),
        pixels,
    };
    boxes.into_iter().flatten().map(mark).collect()
}

/// Left, top, right and bottom of a component while it grows, and its pixels.
type Extent = (usize, usize, usize, usize, usize);

/// The first of the set that `index` is in.
pub(super) fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

/// Makes one set of two.
pub(super) fn unite(parents: &mut [usize], left: usize, right: usize) {
    let (left, right) = (root(parents, left), root(parents, right));
    let (first, second) = (left.min(right), left.max(right));
    parents[second] = first;
}
