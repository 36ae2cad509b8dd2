//! The arithmetic of the glyph network: two convolutions, two dense layers.
//!
//! Small enough that plain loops are fast: some 200 000 multiplications a glyph.

/// The sides of the square that a glyph is brought to, in pixels.
pub const SIDE: usize = 24;

/// Measures given beside the pixels; see [`super::Shape`].
pub const MEASURES: usize = 3;

const FIRST: Convolution = Convolution { side: SIDE, inputs: 1, outputs: 12, kernel: 5 };
const SECOND: Convolution = Convolution { side: SIDE / 2, inputs: 12, outputs: 24, kernel: 3 };
const FLAT: usize = (SIDE / 4) * (SIDE / 4) * SECOND.outputs + MEASURES;
const HIDDEN: usize = 64;

/// A convolution with a stride of two and padding that halves the side.
#[derive(Debug, Clone, Copy)]
struct Convolution {
    side: usize,
    inputs: usize,
    outputs: usize,
    kernel: usize,
}

/// One multiplication of a convolution: which weight joins which places.
#[derive(Debug, Clone, Copy)]
struct Tap {
    input: usize,
    output: usize,
    weight: usize,
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
    fn taps(&self, mut each: impl FnMut(Tap)) {
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

    /// Adds up the slopes of weights, bias and (when wanted) input.
    fn backward(
        &self,
        input: &[f32],
        weights: &[f32],
        slope: &[f32],
        gradient: (&mut [f32], &mut [f32]),
        mut upstream: Option<&mut [f32]>,
    ) {
        let (weight_slope, bias_slope) = gradient;
        for place in slope.chunks_exact(self.outputs) {
            add(bias_slope, place);
        }
        self.taps(|tap| {
            let from = &slope[tap.output..][..self.outputs];
            for channel in 0..self.inputs {
                let at = tap.weight + channel * self.outputs;
                let value = input[tap.input + channel];
                let row = &mut weight_slope[at..][..self.outputs];
                row.iter_mut().zip(from).for_each(|(to, from)| *to += value * from);
                if let Some(upstream) = upstream.as_deref_mut() {
                    upstream[tap.input + channel] += dot(&weights[at..][..self.outputs], from);
                }
            }
        });
    }
}

/// All weights of a network, in the order of [`Network::parts`].
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    weights: Vec<f32>,
    classes: usize,
}

/// What the layers of one reading held.
pub struct Trace {
    pixels: Vec<f32>,
    first: Vec<f32>,
    flat: Vec<f32>,
    hidden: Vec<f32>,
    /// The share of each class, together 1.
    pub shares: Vec<f32>,
}

impl Network {
    /// The sizes of the parts: weights and bias of each of the four layers.
    const fn parts(classes: usize) -> [usize; 8] {
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

    fn part(&self, wanted: usize) -> &[f32] {
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

    /// Adds the slope of the loss (cross-entropy against `class`) to `gradient`,
    /// which is laid out like the weights.
    pub fn learn(&self, trace: &Trace, class: usize, gradient: &mut [f32]) {
        let mut slope = trace.shares.clone();
        slope[class] -= 1.0;
        let mut rest = gradient;
        let mut parts = Self::parts(self.classes).map(|count| {
            let (part, after) = std::mem::take(&mut rest).split_at_mut(count);
            rest = after;
            part
        });
        let [first, first_bias, second, second_bias, flat, flat_bias, hidden, hidden_bias] =
            &mut parts;
        let slope = dense_backward(&trace.hidden, self.part(6), &slope, hidden, hidden_bias);
        let slope = gated(slope, &trace.hidden);
        let slope = dense_backward(&trace.flat, self.part(4), &slope, flat, flat_bias);
        let slope = gated(slope, &trace.flat);
        let slope = &slope[..FLAT - MEASURES];
        let mut upstream = vec![0.0; trace.first.len()];
        let gradient = (&mut **second, &mut **second_bias);
        SECOND.backward(&trace.first, self.part(2), slope, gradient, Some(&mut upstream));
        let slope = gated(upstream, &trace.first);
        let gradient = (&mut **first, &mut **first_bias);
        FIRST.backward(&trace.pixels, self.part(0), &slope, gradient, None);
    }
}

fn dense(input: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let rows = weights.chunks_exact(input.len());
    rows.zip(bias).map(|(row, bias)| dot(row, input) + bias).collect()
}

/// Adds up the slopes of a dense layer and gives that of its input.
fn dense_backward(
    input: &[f32],
    weights: &[f32],
    slope: &[f32],
    weight_slope: &mut [f32],
    bias_slope: &mut [f32],
) -> Vec<f32> {
    add(bias_slope, slope);
    let mut upstream = vec![0.0; input.len()];
    let rows = weights.chunks_exact(input.len()).zip(weight_slope.chunks_exact_mut(input.len()));
    for ((row, row_slope), slope) in rows.zip(slope) {
        row_slope.iter_mut().zip(input).for_each(|(to, value)| *to += value * slope);
        upstream.iter_mut().zip(row).for_each(|(to, weight)| *to += weight * slope);
    }
    upstream
}

/// A dot product in eight strands, which the compiler turns into vector code.
fn dot(left: &[f32], right: &[f32]) -> f32 {
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

fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

fn rectified(mut values: Vec<f32>) -> Vec<f32> {
    for value in &mut values {
        *value = value.max(0.0);
    }
    values
}

/// Lets a slope through where the rectified value was not cut off.
fn gated(mut slope: Vec<f32>, values: &[f32]) -> Vec<f32> {
    for (slope, value) in slope.iter_mut().zip(values) {
        if *value <= 0.0 {
            *slope = 0.0;
        }
    }
    slope
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

    /// Numbers that look random and are always the same.
    fn numbers(count: usize, mut state: u32) -> Vec<f32> {
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        })
        .take(count)
        .collect()
    }

    #[test]
    fn a_wrong_number_of_weights_makes_no_network() {
        assert!(Network::new(vec![0.0; 10], 5).is_none());
    }

    #[test]
    fn the_slope_tells_how_the_loss_changes() {
        const CLASSES: usize = 5;
        let weights = numbers(Network::size(CLASSES), 1).iter().map(|w| w * 0.3).collect();
        let network = Network::new(weights, CLASSES).unwrap();
        let pixels: Vec<f32> = numbers(SIDE * SIDE, 2).iter().map(|pixel| pixel + 0.5).collect();
        let loss = |network: &Network| -network.read(&pixels, [0.5; MEASURES]).shares[3].ln();
        let mut gradient = vec![0.0; Network::size(CLASSES)];
        network.learn(&network.read(&pixels, [0.5; MEASURES]), 3, &mut gradient);

        let mut start = 0;
        for count in Network::parts(CLASSES) {
            let index = start + count / 3;
            let moved = |by: f32| {
                let mut moved = network.clone();
                moved.weights_mut()[index] += by;
                loss(&moved)
            };
            let measured = (moved(5e-4) - moved(-5e-4)) / 1e-3;
            assert!(
                (measured - gradient[index]).abs() < 0.03 * measured.abs().max(0.05),
                "weight {index}: {measured} and {}",
                gradient[index]
            );
            start += count;
        }
    }
}
