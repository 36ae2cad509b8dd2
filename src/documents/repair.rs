//! Repairs of readings: a character replaced because its position demands another.

use std::fmt;

use serde::Serialize;

/// What was read and what was made of it. Only a position that allows nothing else is
/// repaired: a digit among digits, a separator inside a date.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// As read; empty where something was lost.
    pub from: String,
    /// As given.
    pub to: String,
}

impl Repair {
    /// Lists what differs between a reading and what it was repaired to: character by
    /// character, or as one part where characters were lost or are too many.
    pub fn list(read: &str, due: &str) -> Vec<Self> {
        let (read, due): (Vec<char>, Vec<char>) = (read.chars().collect(), due.chars().collect());
        let part = |from: &[char], to: &[char]| Self {
            from: from.iter().collect(),
            to: to.iter().collect(),
        };
        if read.len() == due.len() {
            let pairs = read.iter().zip(&due).filter(|(from, to)| from != to);
            return pairs.map(|(from, to)| part(&[*from], &[*to])).collect();
        }
        let shorter = read.len().min(due.len());
        let head = read.iter().zip(&due).take_while(|(a, b)| a == b).count();
        let ends = read.iter().rev().zip(due.iter().rev()).take(shorter - head);
        let tail = ends.take_while(|(a, b)| a == b).count();
        vec![part(&read[head..read.len() - tail], &due[head..due.len() - tail])]
    }
}

impl fmt::Debug for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A part of a value is personal data.
        f.write_str("Repair(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(read: &str, due: &str) -> Vec<(String, String)> {
        Repair::list(read, due).into_iter().map(|repair| (repair.from, repair.to)).collect()
    }

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn each_replaced_character_is_listed() {
        assert_eq!(list("8K12345O", "BK123450"), [pair("8", "B"), pair("O", "0")]);
        assert_eq!(list("BK123450", "BK123450"), []);
    }

    #[test]
    fn what_was_lost_or_is_too_much_is_one_part() {
        assert_eq!(list("0503/1990", "05/03/1990"), [pair("", "/")]);
        assert_eq!(list("557193059", "55/193059"), [pair("7", "/")]);
        assert_eq!(list("55193059", "55/193059"), [pair("", "/")]);
        assert_eq!(list("1111", "111"), [pair("1", "")]);
    }
}
