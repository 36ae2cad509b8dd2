//! The machine-readable zone of the 2020 card: TD1 of ICAO Doc 9303-5.

use chrono::NaiveDate;

/// What a TD1 zone of a Moroccan identity card says.
#[derive(Debug, Clone)]
pub struct Td1<'a> {
    /// `ID` on issued cards, `I<` on official specimens.
    pub document_code: &'a str,
    /// The card number: 8 characters.
    pub card_number: &'a str,
    /// The national number, in the first optional data.
    pub cin: &'a str,
    /// The birth date.
    pub birth: NaiveDate,
    /// Whether the holder is a woman.
    pub female: bool,
    /// The last day of validity.
    pub expiry: NaiveDate,
    /// The family name in Latin letters.
    pub family: &'a str,
    /// The given names in Latin letters.
    pub given: &'a str,
}

impl Td1<'_> {
    /// The three lines of 30 characters, check digits included.
    pub fn lines(&self) -> [String; 3] {
        let number = pad(self.card_number, 9);
        let first = pad(
            &format!(
                "{}MAR{number}{}{}",
                pad(self.document_code, 2),
                check_digit(&number),
                self.cin
            ),
            30,
        );
        let birth = self.birth.format("%y%m%d").to_string();
        let expiry = self.expiry.format("%y%m%d").to_string();
        let birth = format!("{birth}{}", check_digit(&birth));
        let expiry = format!("{expiry}{}", check_digit(&expiry));
        let optional = "<".repeat(11);
        let composite = check_digit(&format!("{}{birth}{expiry}{optional}", &first[5..]));
        let sex = if self.female { 'F' } else { 'M' };
        let second = format!("{birth}{sex}{expiry}MAR{optional}{composite}");
        let third =
            pad(&format!("{}<<{}", transliterate(self.family), transliterate(self.given)), 30);
        [first, second, third]
    }
}

/// The check digit of Doc 9303-3: weights 7, 3, 1, letters from 10, modulo 10.
pub fn check_digit(text: &str) -> u32 {
    text.chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(letter, weight)| letter.to_digit(36).unwrap_or(0) * weight)
        .sum::<u32>()
        % 10
}

fn pad(text: &str, length: usize) -> String {
    format!("{text:<<length$}").chars().take(length).collect()
}

fn transliterate(name: &str) -> String {
    name.chars()
        .filter(|letter| *letter != '\'')
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '<' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn the_sample_of_doc_9303_has_its_check_digits() {
        assert_eq!(check_digit("L898902C3"), 6);
        assert_eq!(check_digit("740812"), 2);
    }

    #[test]
    fn the_zone_of_the_official_specimen_is_reproduced() {
        let zone = Td1 {
            document_code: "I",
            card_number: "VSI99998",
            cin: "U1234567",
            birth: date(1983, 12, 5),
            female: true,
            expiry: date(2029, 7, 22),
            family: "EL ALAMI",
            given: "ZAINEB",
        };

        assert_eq!(
            zone.lines(),
            [
                "I<MARVSI99998<5U1234567<<<<<<<",
                "8312055F2907228MAR<<<<<<<<<<<8",
                "EL<ALAMI<<ZAINEB<<<<<<<<<<<<<<"
            ]
        );
    }

    #[test]
    fn a_name_too_long_for_the_third_line_is_cut_at_thirty_characters() {
        let zone = Td1 {
            document_code: "ID",
            card_number: "TE5T0A01",
            cin: "BK000123",
            birth: date(1990, 1, 1),
            female: true,
            expiry: date(2031, 6, 14),
            family: "BENABDALLAH EL YAAKOUBI",
            given: "M'HAMED ABDERRAHMANE",
        };

        let [first, second, third] = zone.lines();

        assert_eq!(first, "IDMARTE5T0A01<6BK000123<<<<<<<");
        assert_eq!(second, "9001011F3106143MAR<<<<<<<<<<<5");
        assert_eq!(third, "BENABDALLAH<EL<YAAKOUBI<<MHAME");
    }
}
