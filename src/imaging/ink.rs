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

/// Pixels of one row side by side, and the area that they belong to.
pub(super) struct Run {
    /// The row.
    pub(super) row: usize,
    /// The first column.
    pub(super) from: usize,
    /// The column after the last.
    pub(super) to: usize,
    /// What all runs of a connected area share, and no others.
    pub(super) area: usize,
}

/// Which pixels are neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Neighbours {
    /// Those above, below and beside.
    Straight,
    /// The diagonal ones too.
    Diagonal,
}

/// The connected areas of a mask as their runs, from top to bottom.
pub(super) fn runs(mask: &[bool], width: usize, neighbours: Neighbours) -> Vec<Run> {
    let reach = usize::from(neighbours == Neighbours::Diagonal);
    let mut runs: Vec<Run> = Vec::new();
    let mut parents: Vec<usize> = Vec::new();
    let mut above = 0..0;
    for (row, pixels) in mask.chunks_exact(width).enumerate() {
        let first = runs.len();
        let mut candidate = above.start;
        let mut x = 0;
        while let Some(from) = pixels[x..].iter().position(|&dark| dark).map(|skip| x + skip) {
            let to =
                pixels[from..].iter().position(|&dark| !dark).map_or(width, |skip| from + skip);
            let area = runs.len();
            parents.push(area);
            while candidate < above.end && runs[candidate].to + reach <= from {
                candidate += 1;
            }
            let mut touching = candidate;
            while touching < above.end && runs[touching].from < to + reach {
                unite(&mut parents, touching, area);
                touching += 1;
            }
            runs.push(Run { row, from, to, area });
            x = to;
        }
        above = first..runs.len();
    }
    for run in &mut runs {
        run.area = root(&mut parents, run.area);
    }
    runs
}

/// The connected areas of ink, diagonal neighbours included.
pub(super) fn components(ink: &[bool], width: usize) -> Vec<Mark> {
    let runs = runs(ink, width, Neighbours::Diagonal);
    let mut boxes: Vec<Option<Extent>> = vec![None; runs.len()];
    for run in &runs {
        let entry = boxes[run.area].get_or_insert((run.from, run.row, run.to, run.row, 0));
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
