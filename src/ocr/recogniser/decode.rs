//! From what the network says at each step to characters: the likeliest class of each
//! step, runs of one class taken together, no class left out (greedy decoding of
//! connectionist temporal classification, Graves et al. 2006).

use serde::{Deserialize, Serialize};

/// Other characters are told from this share on.
const NOTICED: f32 = 0.02;

/// So many are told at most.
const OTHERS: usize = 3;

/// No chance is told to be smaller.
const LEAST: f32 = 1e-6;

/// A character that was read.
#[derive(Clone, PartialEq)]
pub struct Letter {
    /// The character, in base letters.
    pub text: char,
    /// How often such a character is right, 0 to 1.
    pub confidence: f32,
    /// What else it may be, the likeliest first, each with how often it is that instead;
    /// nothing in place of a character says that none may stand there.
    pub others: Vec<(Option<char>, f32)>,
    /// The steps at which it was seen: the first, and the one after the last.
    pub steps: (usize, usize),
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A letter of a card is personal data: logs may hold its place, never its text.
        f.debug_struct("Letter")
            .field("steps", &self.steps)
            .field("confidence", &self.confidence)
            .finish_non_exhaustive()
    }
}

/// How often a share of the network is right: a logistic curve over its logarithmic
/// odds, fitted on lines that it was not trained on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The slope over the odds.
    pub slope: f32,
    /// The logarithmic odds where the network gives even ones.
    pub offset: f32,
}

impl Default for Calibration {
    /// The network's word.
    fn default() -> Self {
        Self { slope: 1.0, offset: 0.0 }
    }
}

impl Calibration {
    fn of(self, share: f32) -> f32 {
        let share = share.clamp(LEAST, 1.0 - LEAST);
        let odds = (share / (1.0 - share)).ln();
        1.0 / (1.0 + (-(self.slope * odds + self.offset)).exp())
    }
}

/// The characters of a line, from left to right; `steps` holds the scores of the classes,
/// of which the first is no character.
pub(super) fn letters(
    steps: &[Vec<f32>],
    alphabet: &[char],
    calibration: Calibration,
) -> Vec<Letter> {
    let shares: Vec<Vec<f32>> = steps.iter().map(|scores| softmax(scores)).collect();
    let best: Vec<usize> = shares.iter().map(|shares| likeliest(shares)).collect();
    let mut letters: Vec<Letter> = Vec::new();
    let mut start = 0;
    for run in best.chunk_by(|left, right| left == right) {
        let end = start + run.len();
        if let Some(character) = run[0].checked_sub(1).and_then(|class| alphabet.get(class)) {
            let surest = surest(&shares[start..end], run[0]);
            letters.push(Letter {
                text: *character,
                confidence: surest[run[0]],
                others: others(surest, run[0], alphabet),
                steps: (start, end),
            });
        } else if let Some(before) = letters.last_mut() {
            // What may have stood between two characters is held against the first.
            let none = shares[start..end].iter().map(|shares| shares[0]).fold(1.0, f32::min);
            before.confidence = before.confidence.min(none);
        }
        start = end;
    }
    weigh(&mut letters, &shares, &best);
    for letter in &mut letters {
        letter.confidence = calibration.of(letter.confidence);
        letter.leave_rest_to_others();
    }
    letters
}

impl Letter {
    /// What the letter is not sure of is what its rivals have, in the proportions of the network.
    fn leave_rest_to_others(&mut self) {
        let told: f32 = self.others.iter().map(|other| other.1).sum();
        let factor = ((1.0 - self.confidence) / told.max(LEAST)).min(1.0);
        for (_, share) in &mut self.others {
            *share *= factor;
        }
    }
}

/// Shares the chance of the whole text out among its letters, in proportion to the doubt
/// in each: a step between two letters is unsure without either being so.
fn weigh(letters: &mut [Letter], shares: &[Vec<f32>], best: &[usize]) {
    let text: Vec<usize> = best
        .chunk_by(|left, right| left == right)
        .map(|run| run[0])
        .filter(|one| *one > 0)
        .collect();
    let doubt = |letter: &Letter| letter.confidence.max(LEAST).ln();
    let apart: f32 = letters.iter().map(doubt).sum();
    if apart < 0.0 {
        let part = chance(shares, &text).ln() / apart;
        for letter in letters {
            letter.confidence = (doubt(letter) * part).exp();
        }
    }
}

/// How likely these classes, and no other, stand in a line: the sum over all steps at which
/// each may be seen (the forward variable of Graves et al. 2006).
fn chance(shares: &[Vec<f32>], text: &[usize]) -> f32 {
    // States are the classes with none before, between and after them.
    let class = |state: usize| if state.is_multiple_of(2) { 0 } else { text[state / 2] };
    let mut states = vec![0.0_f32; 2 * text.len() + 1];
    states[0] = 1.0;
    let mut chance = 0.0;
    for shares in shares {
        for state in (0..states.len()).rev() {
            let one = if state > 0 { states[state - 1] } else { 0.0 };
            let leaps = state > 2 && !state.is_multiple_of(2) && class(state) != class(state - 2);
            let two = if leaps { states[state - 2] } else { 0.0 };
            states[state] = (states[state] + one + two) * shares[class(state)];
        }
        let all: f32 = states.iter().sum();
        chance += all.max(f32::MIN_POSITIVE).ln();
        for state in &mut states {
            *state /= all.max(f32::MIN_POSITIVE);
        }
    }
    let ends = &states[states.len().saturating_sub(2)..];
    (chance + ends.iter().sum::<f32>().max(f32::MIN_POSITIVE).ln()).exp().clamp(LEAST, 1.0)
}

/// How likely no step shows a character: the share of that at the least likely one.
pub(super) fn blank(steps: &[Vec<f32>]) -> f32 {
    steps.iter().map(|scores| softmax(scores)[0]).fold(1.0, f32::min)
}

/// The step at which a class has the largest share.
fn surest(shares: &[Vec<f32>], class: usize) -> &[f32] {
    let most = shares.iter().max_by(|left, right| left[class].total_cmp(&right[class]));
    most.map_or(&[], Vec::as_slice)
}

fn likeliest(shares: &[f32]) -> usize {
    let best = shares.iter().enumerate().max_by(|left, right| left.1.total_cmp(right.1));
    best.map_or(0, |(class, _)| class)
}

fn others(shares: &[f32], taken: usize, alphabet: &[char]) -> Vec<(Option<char>, f32)> {
    let mut others: Vec<(usize, f32)> = shares
        .iter()
        .copied()
        .enumerate()
        .filter(|(class, share)| *class != taken && *share >= NOTICED)
        .collect();
    others.sort_by(|left, right| right.1.total_cmp(&left.1));
    others.truncate(OTHERS);
    let character = |class: usize| class.checked_sub(1).and_then(|at| alphabet.get(at)).copied();
    others.into_iter().map(|(class, share)| (character(class), share)).collect()
}

fn softmax(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let shares: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f32 = shares.iter().sum();
    shares.into_iter().map(|share| share / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALPHABET: [char; 3] = ['A', 'B', ' '];

    /// Scores that give these shares.
    fn step(shares: [f32; 4]) -> Vec<f32> {
        shares.iter().map(|share| share.max(1e-9).ln()).collect()
    }

    fn text(letters: &[Letter]) -> String {
        letters.iter().map(|letter| letter.text).collect()
    }

    #[test]
    fn a_character_that_is_seen_twice_in_a_row_is_one_unless_nothing_stands_between() {
        let a = step([0.01, 0.98, 0.005, 0.005]);
        let none = step([0.97, 0.01, 0.01, 0.01]);
        let steps = [a.clone(), a.clone(), none, a.clone()];
        let letters = letters(&steps, &ALPHABET, Calibration::default());
        assert_eq!(text(&letters), "AA");
        assert_eq!(letters[0].steps, (0, 2));
        assert_eq!(letters[1].steps, (3, 4));
    }

    #[test]
    fn what_else_it_may_be_is_told() {
        let letters = letters(&[step([0.1, 0.3, 0.59, 0.01])], &ALPHABET, Calibration::default());
        assert_eq!(text(&letters), "B");
        assert!((letters[0].confidence - 0.59).abs() < 1e-3);
        let others: Vec<Option<char>> = letters[0].others.iter().map(|other| other.0).collect();
        assert_eq!(others, [Some('A'), None]);
    }

    #[test]
    fn what_else_it_may_be_is_no_likelier_than_that_it_is_wrong() {
        let sure = Calibration { slope: 2.0, offset: 2.0 };
        let letters = letters(&[step([0.1, 0.3, 0.59, 0.01])], &ALPHABET, sure);
        let others: f32 = letters[0].others.iter().map(|other| other.1).sum();
        assert!(letters[0].confidence > 0.9 && others < 0.1);
    }

    #[test]
    fn a_character_that_may_have_been_lost_makes_its_neighbour_unsure() {
        let a = step([0.01, 0.98, 0.005, 0.005]);
        let maybe = step([0.6, 0.01, 0.38, 0.01]);
        let letters = letters(&[a.clone(), maybe, a], &ALPHABET, Calibration::default());
        assert_eq!(text(&letters), "AA");
        assert!(letters[0].confidence < 0.65 && letters[1].confidence > 0.9);
    }

    #[test]
    fn a_step_between_two_letters_does_not_make_them_unsure() {
        let (a, b) = (step([0.01, 0.98, 0.005, 0.005]), step([0.01, 0.005, 0.98, 0.005]));
        let between = step([0.4, 0.3, 0.295, 0.005]);
        let letters = letters(&[a, between, b], &ALPHABET, Calibration::default());
        assert_eq!(text(&letters), "AB");
        assert!(letters.iter().all(|letter| letter.confidence > 0.95), "{letters:?}");
    }

    #[test]
    fn one_doubtful_step_is_enough_for_print_not_to_be_ruled_out() {
        let none = step([0.97, 0.01, 0.01, 0.01]);
        assert!(blank(&[none.clone(), none.clone()]) > 0.95);
        assert!(blank(&[none, step([0.6, 0.4, 0.0, 0.0])]) < 0.7);
    }

    #[test]
    fn calibration_moves_shares_and_keeps_their_order() {
        let modest = Calibration { slope: 0.5, offset: -0.2 };
        let shares: Vec<f32> = [0.1, 0.5, 0.9, 0.999].map(|share| modest.of(share)).to_vec();
        assert!(shares.is_sorted() && shares[3] < 0.99);
        assert!((Calibration::default().of(0.7) - 0.7).abs() < 1e-4);
    }
}
