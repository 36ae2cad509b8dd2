//! The vehicle identification number (ISO 3779).

/// Whether the check digit of position 9 holds. It is mandatory in North America
/// only: that it holds is evidence, that it fails is none.
pub(super) fn check_digit_holds(vin: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |c: char| match c {
        'A'..='H' => Some(c as u32 - 'A' as u32 + 1),
        'J'..='N' => Some(c as u32 - 'J' as u32 + 1),
        'P' => Some(7),
        'R' => Some(9),
        'S'..='Z' => Some(c as u32 - 'S' as u32 + 2),
        c => c.to_digit(10),
    };
    if vin.len() != 17 {
        return false;
    }
    let Some(sum) = vin.chars().zip(WEIGHTS).map(|(c, w)| Some(value(c)? * w)).sum::<Option<u32>>()
    else {
        return false;
    };
    let due = match sum % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('?'),
    };
    vin.chars().nth(8) == Some(due)
}

/// The letters and digits of a text, in capitals.
pub(super) fn as_printed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a number has the form that has been due since 1981: 17 characters, of which
/// none is I, O or Q.
pub(super) fn is_standard(vin: &str) -> bool {
    let due = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && !"IOQ".contains(c));
    vin.len() == 17 && vin.chars().all(due)
}

/// Reads a number: 17 characters without I, O and Q, which are look-alikes of digits; older
/// vehicles may have fewer.
pub(super) fn parse_vin(text: &str) -> Option<String> {
    let vin: String = without_doubles(&as_printed(text))
        .chars()
        .map(|c| match c {
            'I' => '1',
            'O' | 'Q' => '0',
            other => other,
        })
        .collect();
    let digits = vin.chars().filter(char::is_ascii_digit).count();
    ((5..=17).contains(&vin.len()) && digits >= 3).then_some(vin)
}

/// The number without an I, O or Q that was read beside the digit that it looks like,
/// where it is too long by that: `1I` is one stroke read twice.
fn without_doubles(vin: &str) -> String {
    let mut kept: Vec<char> = vin.chars().collect();
    while kept.len() > LENGTH {
        let double = kept.windows(2).position(|pair| {
            let doubles = |letter, digit| match letter {
                'I' => digit == '1',
                'O' | 'Q' => digit == '0',
                _ => false,
            };
            doubles(pair[0], pair[1]) || doubles(pair[1], pair[0])
        });
        let Some(at) = double else { break };
        let letter = if kept[at].is_ascii_digit() { at + 1 } else { at };
        kept.remove(letter);
    }
    kept.into_iter().collect()
}

/// Characters of a number since 1981.
const LENGTH: usize = 17;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_hold() {
        assert!(check_digit_holds("11111111111111111"));
        assert!(check_digit_holds("1M8GDM9AXKP042788"));
        assert!(!check_digit_holds("1M8GDM9AXKP042789"));
    }

    #[test]
    fn letters_that_never_occur_are_digits() {
        assert_eq!(parse_vin("UUIKSDJF4OQ123456").as_deref(), Some("UU1KSDJF400123456"));
    }

    #[test]
    fn a_stroke_read_twice_counts_once() {
        assert_eq!(parse_vin("VF1ISBUXX2JP460245").as_deref(), Some("VF1SBUXX2JP460245"));
        assert_eq!(parse_vin("VFAISBUXX2JP460245"), None);
    }

    #[test]
    fn a_split_number_is_joined() {
        assert_eq!(parse_vin("1M8GDM9AX KP042788").as_deref(), Some("1M8GDM9AXKP042788"));
        assert_eq!(parse_vin("RENAULT"), None);
    }
}
