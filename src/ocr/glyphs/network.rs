//! The arithmetic of the glyph network: two convolutions, two dense layers.
//!
//! Small enough that plain loops are fast: some 200 000 multiplications a glyph.

/// The sides of the square that a glyph is brought to, in pixels.
pub const SIDE: usize = 24;

/// Measures given beside the pixels; see [`super::Shape`].
pub const MEASURES: usize = 3;

pub(super) const FIRST: Convolution = Convolution { side: SIDE, inputs: 1, outputs: 12, kernel: 5 };
pub(super) const SECOND: Convolution =
    Convolution { side: SIDE / 2, inputs: 12, outputs: 24, kernel: 3 };
pub(super) const FLAT: usize = (SIDE / 4) * (SIDE / 4) * SECOND.outputs + MEASURES;
const HIDDEN: usize = 64;

/// A convolution with a stride of two and padding that halves the side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Convolution {
    side: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    kernel: usize,
}

/// One multiplication of a convolution: which weight joins which places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tap {
    pub(super) input: usize,
    pub(super) output: usize,
    pub(super) weight: usize,
}

impl Convolution {
    const fn weights(&self) -> usize {
        self.kernel * self.kernel * self.inputs * self.outputs
    }

    const fn area(&self) -> usize {
        (self.side / 2) * (self.side / 2)
    }

    /// Calls `each` with every group of multiplications: the first input, the
    /// first output and the first weight of a place; channels lie side by side.
    pub(super) fn taps(&self, mut each: impl FnMut(Tap)) {
        let (half, reach) = (self.side / 2, self.kernel / 2);
        for (row, column) in (0..half).flat_map(|row| (0..half).map(move |column| (row, column))) {
            for (down, across) in
                (0..self.kernel).flat_map(|down| (0..self.kernel).map(move |across| (down, across)))
            {
                let (y, x) = (2 * row + down, 2 * column + across);
                if y < reach || x < reach || y >= self.side + reach || x >= self.side + reach {
                    continue;
                }
                let input = ((y - reach) * self.side + x - reach) * self.inputs;
                let output = (row * half + column) * self.outputs;
                let weight = (down * self.kernel + across) * self.inputs * self.outputs;
                each(Tap { input, output, weight });
            }
        }
    }

    fn forward(&self, input: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
        let mut output: Vec<f32> = bias.repeat(self.area());
        self.taps(|tap| {
            let to = &mut output[tap.output..][..self.outputs];
            for (value, row) in input[tap.input..][..self.inputs]
                .iter()
                .zip(weights[tap.weight..].chunks_exact(self.outputs))
            {
                for (to, weight) in to.iter_mut().zip(row) {
                    *to += value * weight;
                }
            }
        });
        output
    }
}

/// All weights of a network, part after part.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    weights: Vec<f32>,
    pub(super) classes: usize,
}

/// What the layers of one reading held.
pub struct Trace {
    pub(super) pixels: Vec<f32>,
    pub(super) first: Vec<f32>,
    pub(super) flat: Vec<f32>,
    pub(super) hidden: Vec<f32>,
    /// The share of each class, together 1.
    pub shares: Vec<f32>,
}

impl Network {
    /// The sizes of the parts: weights and bias of each of the four layers.
    pub(super) const fn parts(classes: usize) -> [usize; 8] {
        [
            FIRST.weights(),
            FIRST.outputs,
            SECOND.weights(),
            SECOND.outputs,
            FLAT * HIDDEN,
            HIDDEN,
            HIDDEN * classes,
            classes,
        ]
    }

    /// How many weights a network of so many classes has.
    pub const fn size(classes: usize) -> usize {
        let parts = Self::parts(classes);
        let (mut sum, mut index) = (0, 0);
        while index < parts.len() {
            sum += parts[index];
            index += 1;
        }
        sum
    }

    /// A network of these weights; nothing when they are too many or too few.
    pub fn new(weights: Vec<f32>, classes: usize) -> Option<Self> {
        (weights.len() == Self::size(classes)).then_some(Self { weights, classes })
    }

    /// The standard deviation that each weight should start with: He's rule; 0 for a bias.
    pub fn spreads(classes: usize) -> Vec<f32> {
        let fans =
            [FIRST.kernel.pow(2), 0, SECOND.kernel.pow(2) * SECOND.inputs, 0, FLAT, 0, HIDDEN, 0];
        let spread = |fan: usize| if fan == 0 { 0.0 } else { (2.0 / fan as f32).sqrt() };
        let parts = Self::parts(classes).into_iter().zip(fans);
        parts.flat_map(|(count, fan)| std::iter::repeat_n(spread(fan), count)).collect()
    }

    /// The weights, to be trained.
    pub fn weights_mut(&mut self) -> &mut [f32] {
        &mut self.weights
    }

    pub(super) fn part(&self, wanted: usize) -> &[f32] {
        let parts = Self::parts(self.classes);
        let start: usize = parts[..wanted].iter().sum();
        &self.weights[start..][..parts[wanted]]
    }

    /// Reads `SIDE` × `SIDE` pixels, 1 for ink, and the measures.
    pub fn read(&self, pixels: &[f32], measures: [f32; MEASURES]) -> Trace {
        let first = rectified(FIRST.forward(pixels, self.part(0), self.part(1)));
        let mut flat = rectified(SECOND.forward(&first, self.part(2), self.part(3)));
        flat.extend(measures);
        let hidden = rectified(dense(&flat, self.part(4), self.part(5)));
        let shares = softmax(dense(&hidden, self.part(6), self.part(7)));
        Trace { pixels: pixels.to_vec(), first, flat, hidden, shares }
    }
}

fn dense(input: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let rows = weights.chunks_exact(input.len());
    rows.zip(bias).map(|(row, bias)| dot(row, input) + bias).collect()
}

/// A dot product in eight strands, which the compiler turns into vector code.
pub(super) fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut strands = [0.0_f32; 8];
    let (left_chunks, right_chunks) = (left.chunks_exact(8), right.chunks_exact(8));
    let tail: f32 =
        left_chunks.remainder().iter().zip(right_chunks.remainder()).map(|(a, b)| a * b).sum();
    for (left, right) in left_chunks.zip(right_chunks) {
        for (strand, (a, b)) in strands.iter_mut().zip(left.iter().zip(right)) {
            *strand += a * b;
        }
    }
    strands.iter().sum::<f32>() + tail
}

fn rectified(mut values: Vec<f32>) -> Vec<f32> {
    for value in &mut values {
        *value = value.max(0.0);
    }
    values
}

fn softmax(mut scores: Vec<f32>) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    for score in &mut scores {
        *score = (*score - most).exp();
    }
    let sum: f32 = scores.iter().sum();
    for score in &mut scores {
        *score /= sum;
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_of_weights_makes_no_network() {
        assert!(Network::new(vec![0.0; 10], 5).is_none());
    }
}
