//! The technical side: make, type, body, fuel, chassis, powers and weights.

use crate::documents::gris::labels::{Label, technical_labels};
use crate::documents::gris::vin::{as_printed, check_digit_holds, parse_vin};
use crate::documents::normalize::{as_digit, in_one_case, latin_value, western_digit};
use crate::documents::side_reader::SideReader;
use crate::documents::{Field, Reason, Repair, Sheet, Source, confidence};
use crate::ocr::{Script, Word};

/// What the technical side says.
pub(super) struct Verso {
    pub(super) make: Field<String>,
    pub(super) type_code: Field<String>,
    pub(super) genre: Field<String>,
    pub(super) model: Field<String>,
    pub(super) fuel: Field<String>,
    pub(super) chassis: Field<String>,
    pub(super) cylinders: Field<u32>,
    pub(super) fiscal_power: Field<u32>,
    pub(super) seats: Field<u32>,
    pub(super) laden: Field<u32>,
    pub(super) empty: Field<u32>,
    pub(super) with_trailer: Field<u32>,
    pub(super) restriction: Field<String>,
}

type Reader<'a> = SideReader<'a, Label>;

/// Words that few misreadings turn into each other, frequent in the make, fuel and body rows.
const KNOWN: [&str; 52] = [
    "DACIA",
    "RENAULT",
    "PEUGEOT",
    "CITROEN",
    "VOLKSWAGEN",
    "HYUNDAI",
    "KIA",
    "TOYOTA",
    "FIAT",
    "FORD",
    "MERCEDES",
    "MERCEDES-BENZ",
    "BMW",
    "AUDI",
    "OPEL",
    "NISSAN",
    "SUZUKI",
    "MITSUBISHI",
    "HONDA",
    "MAZDA",
    "CHEVROLET",
    "SEAT",
    "SKODA",
    "VOLVO",
    "JEEP",
    "LAND ROVER",
    "PORSCHE",
    "CHERY",
    "DFSK",
    "IVECO",
    "ISUZU",
    "YAMAHA",
    "PIAGGIO",
    "ESSENCE",
    "DIESEL",
    "GASOIL",
    "HYBRIDE",
    "ELECTRIQUE",
    "GPL",
    "GNV",
    "VP",
    "VU",
    "TAXI",
    "VOITURE PARTICULIERE",
    "CONDUITE INTERIEURE",
    "CAMIONNETTE",
    "UTILITAIRE -3T500",
    "VEHICULE UTILITAIRE",
    "CAMION",
    "REMORQUE",
    "PARTICULIER",
    "MG",
];

/// Reads the technical side.
pub(super) fn read(sheet: &Sheet) -> Verso {
    let reader = SideReader::new(sheet, Source::Verso, technical_labels());
    Verso {
        make: word(&reader, Label::Make),
        type_code: word(&reader, Label::Type),
        genre: word(&reader, Label::Genre),
        model: word(&reader, Label::Model),
        fuel: word(&reader, Label::Fuel),
        chassis: chassis(&reader),
        cylinders: count(&reader, Label::Cylinders, 1..=16),
        fiscal_power: count(&reader, Label::FiscalPower, 1..=100),
        seats: count(&reader, Label::Seats, 1..=120),
        laden: count(&reader, Label::LadenWeight, 50..=80_000),
        empty: count(&reader, Label::EmptyWeight, 30..=60_000),
        with_trailer: count(&reader, Label::TrailerWeight, 50..=80_000),
        restriction: restriction(&reader),
    }
}

/// A free text in French; a known word is likelier right.
fn word(reader: &Reader<'_>, label: Label) -> Field<String> {
    let mut field = reader.text(label, Script::Latin, 1, |text| in_one_case(&latin_value(text)));
    if field.value().is_none()
        && let Some(words) = reader.rows.value(label, Script::Arabic, 1)
    {
        // Dashes read by the Arabic model still say that there is none.
        let other = reader.text_of(&words, latin_value);
        if matches!(other, Field::Null { reason: Reason::MarkedAbsent, .. }) {
            return other;
        }
    }
    if let Field::Read { value, evidence } = &mut field
        && KNOWN.contains(&value.to_uppercase().as_str())
    {
        evidence.confidence = confidence::supported(evidence.confidence);
    }
    field
}

/// The restrictions: words. A stroke or two at the card's edge are none, nor is
/// the chassis number of the row beside.
fn restriction(reader: &Reader<'_>) -> Field<String> {
    let field = word(reader, Label::Restrictions);
    let Field::Read { value, evidence } = &field else { return field };
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    if letters >= 3 && parse_vin(value).is_none() {
        return field;
    }
    Field::refused(Reason::Unreadable, evidence.clone())
}

fn chassis(reader: &Reader<'_>) -> Field<String> {
    let Some(words) = reader.rows.value(Label::Chassis, Script::Latin, 1) else {
        return Field::null(reader.missing(Label::Chassis));
    };
    let field = reader.text_of(&words, |text| parse_vin(text).unwrap_or_default());
    let Field::Read { value, mut evidence } = field else { return field };
    evidence.confidence = match (value.len(), check_digit_holds(&value)) {
        (17, true) => confidence::supported(evidence.confidence),
        (17, false) => confidence::alone(evidence.confidence),
        _ => confidence::alone(evidence.confidence).min(0.55),
    };
    evidence.repairs = Repair::list(&as_printed(&evidence.raw), &value);
    Field::read(value, evidence)
}

/// A whole number in its sane range, its unit (`CV`, `kg`, often misread) left out.
fn count(reader: &Reader<'_>, label: Label, range: std::ops::RangeInclusive<u32>) -> Field<u32> {
    let found = [Script::Latin, Script::Arabic]
        .into_iter()
        .filter_map(|script| reader.rows.value(label, script, 1))
        .find(|words| {
            words.iter().any(|word| !word.text.chars().all(|c| !c.is_ascii_digit() && c != '-'))
        });
    let Some(words) = found else { return Field::null(reader.missing(label)) };
    let field = reader.text_of(&words, |text| {
        leading_number(text).map_or_else(String::new, |(_, number)| number.to_string())
    });
    match field {
        Field::Read { value, mut evidence } => {
            if let Some((read, number)) = leading_number(&evidence.raw) {
                let zeros = read.len().saturating_sub(number.to_string().len());
                evidence.repairs = Repair::list(&read, &format!("{:0>zeros$}{number}", ""));
            }
            if let Some((digits, engine)) = digits_of(&words) {
                evidence.confidence = engine;
                evidence.raw = digits;
            }
            match value.parse::<u32>().ok().filter(|number| range.contains(number)) {
                Some(number) => {
                    evidence.confidence = if evidence.raw.contains(' ') {
                        confidence::alone(evidence.confidence)
                    } else {
                        confidence::formed(evidence.confidence)
                    };
                    Field::read(number, evidence)
                }
                None => Field::refused(Reason::Malformed, evidence),
            }
        }
        Field::Null { reason, evidence } => Field::Null { reason, evidence },
    }
}

/// The words of the number without its unit: the unit's misreading says nothing of it.
fn digits_of(words: &[Word]) -> Option<(String, f32)> {
    let digits: Vec<&Word> =
        words.iter().filter(|word| word.text.chars().any(|c| c.is_ascii_digit())).collect();
    let engine = digits.iter().map(|word| word.confidence).reduce(f32::min)?;
    Some((digits.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "), engine))
}

/// The number at the start, as read and in digits: `1 905 kg`, `8 CV`, `O6`.
fn leading_number(text: &str) -> Option<(String, u32)> {
    let (mut read, mut digits) = (String::new(), String::new());
    for word in text.split_whitespace() {
        let mapped: String = word.chars().map(as_digit).collect();
        if word.chars().any(|c| c.is_ascii_digit()) {
            let own: String = mapped.chars().take_while(char::is_ascii_digit).collect();
            let rest = own.len() < mapped.len();
            // A thousands' blank is followed by exactly three digits; the engine
            // parts wide ones (`1 1`).
            let parted = digits.len() == 1 && own.len() == 1;
            if !digits.is_empty() && own.len() != 3 && !parted {
                break;
            }
            read.extend(word.chars().take(own.len()).map(western_digit));
            digits.push_str(&own);
            if rest {
                break;
            }
        } else if !digits.is_empty() {
            break;
        }
    }
    digits.parse().ok().map(|number| (read, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_thousands_blanks_are_no_part_of_a_number() {
        let leading_number = |text| leading_number(text).map(|(_, number)| number);
        assert_eq!(leading_number("1905 kg"), Some(1905));
        assert_eq!(leading_number("1 905 Kq"), Some(1905));
        assert_eq!(leading_number("1905xg"), Some(1905));
        assert_eq!(leading_number("8 CV"), Some(8));
        assert_eq!(leading_number("4"), Some(4));
        assert_eq!(leading_number("1 1"), Some(11));
        assert_eq!(leading_number("--"), None);
    }
}
