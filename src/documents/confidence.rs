//! How sure a value is, from how sure the engine was and what else speaks for it.
//!
//! Rules weigh evidence; [`calibrated`] makes a probability of the weight, which is what
//! a client is given.
//!
//! The engine's certainty says how clearly print was seen, not whether a
//! look-alike letter was taken. So a reading that stands alone is held below
//! [`CERTAIN`]; only something independent lifts it above: a check digit, the other side,
//! the other script, a known word, or a form that few wrong readings have.

/// From here on a value is held certain: at most 2 % of such may be wrong.
pub const CERTAIN: f32 = 0.9;

/// The most that a free text is worth with nothing but the engine to support it.
const ALONE: f32 = 0.85;

/// The most that a value is worth that something else contradicts.
pub const DISPUTED: f32 = 0.45;

/// A free text that stands alone.
pub fn alone(engine: f32) -> f32 {
    engine.min(ALONE)
}

/// A value of a form that constrains it (a date of the calendar, a number of
/// known pattern): certain only where the engine was.
pub fn formed(engine: f32) -> f32 {
    if engine >= 0.88 { 0.93 } else { engine.min(ALONE) }
}

/// A value that one independent thing confirms.
pub fn supported(engine: f32) -> f32 {
    (1.0 - (1.0 - engine) * 0.25).clamp(0.0, 0.97)
}

/// A free text that its other script agrees with: half of the doubt is gone, for what
/// the other script does not write may still be misread.
pub fn corroborated(engine: f32) -> f32 {
    (1.0 - (1.0 - engine) * 0.5).clamp(0.0, 0.97).max(engine)
}

/// A value that check digits prove.
pub const PROVED: f32 = 0.99;

/// A value that another reading contradicts.
pub fn disputed(engine: f32) -> f32 {
    engine.min(DISPUTED)
}

/// How often values of a weight were right, from its lowest to its highest: measured
/// on layouts that no rule was written on (docs/ACCURACY.md, calibration).
const RIGHT: [(f32, f32); 10] = [
    (0.0, 0.0),
    (0.43, 0.25),
    (0.555, 0.50),
    (0.67, 0.62),
    (0.76, 0.64),
    (0.85, 0.88),
    (0.89, 0.89),
    (0.90, 0.92),
    (0.93, 0.985),
    (1.0, 0.998),
];

/// The probability that a value of this weight is right. It grows with the weight and
/// keeps what is certain certain.
pub fn calibrated(weight: f32) -> f32 {
    let between = RIGHT.windows(2).find(|pair| weight <= pair[1].0);
    let Some([(low, least), (high, most)]) = between.and_then(|pair| pair.first_chunk()) else {
        return RIGHT[RIGHT.len() - 1].1;
    };
    least + (most - least) * ((weight - low) / (high - low)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibration_keeps_the_order_and_what_is_certain() {
        let weights: Vec<f32> = (0..=100).map(|percent| percent as f32 / 100.0).collect();
        for pair in weights.windows(2) {
            assert!(calibrated(pair[0]) <= calibrated(pair[1]), "{pair:?}");
        }
        for weight in weights {
            assert!((0.0..1.0).contains(&calibrated(weight)));
            assert_eq!(weight >= CERTAIN, calibrated(weight) >= CERTAIN, "{weight}");
        }
    }

    #[test]
    fn no_free_text_is_certain_by_itself() {
        assert!(alone(1.0) < CERTAIN);
        assert!(formed(0.8) < CERTAIN);
        assert!(supported(0.8) >= CERTAIN);
        assert!(disputed(1.0) < 0.5);
    }

    #[test]
    fn the_other_script_makes_certain_what_was_read_clearly_alone() {
        assert!(corroborated(alone(1.0)) >= CERTAIN);
        assert!(corroborated(0.7) < CERTAIN);
        assert!(corroborated(PROVED) >= PROVED);
    }
}
