//! How the network learns, for its trainer; nothing of this runs when serving.

use super::network::{Convolution, FIRST, FLAT, MEASURES, Network, SECOND, Trace, dot};

impl Convolution {
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

impl Network {
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

fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::glyphs::SIDE;

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
