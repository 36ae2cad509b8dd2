//! Learns the weights: Adam on small batches, with a falling rate.

use anyhow::Context;
use rand::Rng;
use rand::seq::SliceRandom;
use wathiqa::ocr::glyphs::{Network, SIDE, pack, unpack};

use crate::page::Example;

const BATCH: usize = 64;
const RATE: f32 = 1.5e-3;
/// Adam's two memories.
const MEMORY: (f32, f32) = (0.9, 0.999);
/// How fast unused weights fade.
const DECAY: f32 = 1e-4;

/// Trains a network of the classes `names` and tells after each epoch how it
/// does on `unseen`.
pub(crate) fn train(
    examples: &mut [Example],
    unseen: &[Example],
    names: &[String],
    epochs: u32,
    rng: &mut impl Rng,
) -> anyhow::Result<Vec<f32>> {
    let classes = names.len();
    let start = Network::spreads(classes).into_iter().map(|spread| spread * normal(rng)).collect();
    let mut network = Network::new(start, classes).context("a network of another size")?;
    let size = Network::size(classes);
    let (mut mean, mut square) = (vec![0.0_f32; size], vec![0.0_f32; size]);
    let mut gradient = vec![0.0_f32; size];
    let steps = (epochs as usize * examples.len().div_ceil(BATCH)) as f32;
    let mut step = 0;
    for epoch in 1..=epochs {
        examples.shuffle(rng);
        for batch in examples.chunks(BATCH) {
            gradient.fill(0.0);
            for example in batch {
                let trace = network
                    .read(&moved(&example.patch.pixels, rng), example.patch.shape.measures());
                network.learn(&trace, example.class, &mut gradient);
            }
            step += 1;
            let rate = RATE * 0.5 * (1.0 + (std::f32::consts::PI * step as f32 / steps).cos());
            let warm = (1.0 - MEMORY.0.powi(step), 1.0 - MEMORY.1.powi(step));
            for (index, weight) in network.weights_mut().iter_mut().enumerate() {
                let slope = gradient[index] / batch.len() as f32;
                mean[index] = MEMORY.0 * mean[index] + (1.0 - MEMORY.0) * slope;
                square[index] = MEMORY.1 * square[index] + (1.0 - MEMORY.1) * slope * slope;
                let move_by = (mean[index] / warm.0) / ((square[index] / warm.1).sqrt() + 1e-8);
                *weight -= rate * (move_by + DECAY * *weight);
            }
        }
        println!(
            "epoch {epoch}: {:.2} % of unseen glyphs right",
            100.0 * share_right(&network, unseen)
        );
    }
    let weights = network.weights_mut().to_vec();
    report(&unpack(&pack(&weights), classes).context("the weights do not pack")?, unseen, names);
    Ok(weights)
}

/// A number of the standard normal distribution, near enough.
fn normal(rng: &mut impl Rng) -> f32 {
    (0..12).map(|_| rng.random::<f32>()).sum::<f32>() - 6.0
}

/// The same pixels, moved by up to two and a little fainter or darker.
fn moved(pixels: &[f32], rng: &mut impl Rng) -> Vec<f32> {
    let (right, down) = (rng.random_range(-2..=2_i32), rng.random_range(-2..=2_i32));
    let power = rng.random_range(0.7..1.4_f32);
    let side = SIDE as i32;
    let at = |x: i32, y: i32| {
        let inside = (0..side).contains(&x) && (0..side).contains(&y);
        if inside { pixels[(y * side + x) as usize].powf(power) } else { 0.0 }
    };
    (0..side)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .map(|(x, y)| at(x - right, y - down))
        .collect()
}

fn class_of(network: &Network, example: &Example) -> usize {
    let shares = network.read(&example.patch.pixels, example.patch.shape.measures()).shares;
    (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap_or(0)
}

fn share_right(network: &Network, examples: &[Example]) -> f32 {
    let right = examples.iter().filter(|example| class_of(network, example) == example.class);
    right.count() as f32 / examples.len().max(1) as f32
}

/// Prints what each class is taken for.
fn report(network: &Network, examples: &[Example], names: &[String]) {
    println!("as kept, {:.2} % right", 100.0 * share_right(network, examples));
    for (class, name) in names.iter().enumerate() {
        let mut counts = vec![0; names.len()];
        for example in examples.iter().filter(|example| example.class == class) {
            counts[class_of(network, example)] += 1;
        }
        let total: u32 = counts.iter().sum();
        let wrong: Vec<String> = (0..names.len())
            .filter(|other| *other != class && counts[*other] > 0)
            .map(|other| format!("{} × {}", names[other], counts[other]))
            .collect();
        println!("{name}: {} of {total} right; {}", counts[class], wrong.join(", "));
    }
}
