//! Lays two readings of one line side by side, letter by letter.

/// Cuts `other` into as many parts as `words` are, each of them what stands for the word in
/// the alignment with the fewest edits; blanks stay with the part before them.
pub(super) fn parts(words: &[&str], other: &str) -> Vec<String> {
    let text: Vec<char> = words.join(" ").chars().collect();
    let other: Vec<char> = other.chars().collect();
    let reached = reached(&text, &other);
    let mut end = 0;
    let mut from = 0;
    words
        .iter()
        .map(|word| {
            // The blank behind a word is the word's.
            end = (end + word.chars().count() + 1).min(text.len());
            let to = if end == text.len() { other.len() } else { reached[end] };
            let part = other[from..to].iter().collect();
            from = to;
            part
        })
        .collect()
}

/// For each place before, between and behind the letters of `text`, the place in `other`
/// that an alignment with the fewest edits has reached there.
fn reached(text: &[char], other: &[char]) -> Vec<usize> {
    let mut costs = vec![vec![0_usize; other.len() + 1]; text.len() + 1];
    for (row, letter) in std::iter::once(None).chain(text.iter().map(Some)).enumerate() {
        for column in 0..=other.len() {
            let above = letter.map(|_| costs[row - 1][column] + 1);
            let left = column.checked_sub(1).map(|left| costs[row][left] + 1);
            let both = letter
                .zip(column.checked_sub(1))
                .map(|(letter, left)| costs[row - 1][left] + usize::from(*letter != other[left]));
            costs[row][column] = [above, left, both].into_iter().flatten().min().unwrap_or(0);
        }
    }
    let mut reached = vec![0; text.len() + 1];
    let (mut row, mut column) = (text.len(), other.len());
    while row > 0 {
        reached[row] = column;
        let cost = costs[row][column];
        let pair = |column: usize| {
            costs[row - 1][column] + usize::from(text[row - 1] != other[column]) == cost
        };
        if column > 0 && pair(column - 1) {
            (row, column) = (row - 1, column - 1);
        } else if costs[row - 1][column] + 1 == cost {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_was_read_for_each_word() {
        assert_eq!(parts(&["HAY", "OASIS"], "HAY OASlS"), ["HAY ", "OASlS"]);
        assert_eq!(parts(&["HAY", "OASIS"], "HAYOASIS"), ["HAY", "OASIS"]);
        assert_eq!(parts(&["HAYOASIS"], "HAY OASIS"), ["HAY OASIS"]);
        assert_eq!(parts(&["12", "RUE", "ATLAS"], "RUE ATLAS"), ["", "RUE ", "ATLAS"]);
        assert_eq!(parts(&["RUE"], ""), [""]);
        assert_eq!(parts(&["A", "B"], "A B C"), ["A ", "B C"]);
    }
}
