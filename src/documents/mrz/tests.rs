//! Published and invented zones, and what a misread character does to them.

use proptest::prelude::*;

use super::*;
use crate::ocr::{Placement, Rect, Script, Word};

const VECTORS: [[&str; 3]; 5] = [
    [
        "I<MARVSI99999<8K01234567<<<<<<",
        "7811296M2909093MAR<<<<<<<<<<<4",
        "TEMSAMANI<<MOUHCINE<<<<<<<<<<<",
    ],
    [
        "I<MARVSI99998<5U1234567<<<<<<<",
        "8312055F2907228MAR<<<<<<<<<<<8",
        "EL<ALAMI<<ZAINEB<<<<<<<<<<<<<<",
    ],
    [
        "IDMARTE5T0A01<6BK000123<<<<<<<",
        "9001011F3106143MAR<<<<<<<<<<<5",
        "BEN<TEST<<FATIMA<ZAHRA<<<<<<<<",
    ],
    [
        "IDMARTE5T0B02<0J99001<<<<<<<<<",
        "8502289M3302288MAR<<<<<<<<<<<8",
        "EL<FICTIF<<MOHAMED<<<<<<<<<<<<",
    ],
    [
        "IDMARTE5T0C03<4ZT1204<<<<<<<<<",
        "0107150M3001318MAR<<<<<<<<<<<1",
        "AIT<EXEMPLE<<YOUSSEF<<<<<<<<<<",
    ],
];

fn page(zone: [&[&str]; 3]) -> Page {
    let line = |text: &&str| Line {
        script: Script::Latin,
        words: vec![Word::new(*text, 0.9, Rect::default())],
    };
    Page {
        width: 1600.0,
        height: 1010.0,
        lines: Vec::new(),
        mrz: zone.iter().map(|readings| readings.iter().map(line).collect()).collect(),
        portrait: None,
        placement: Placement::IDENTITY,
    }
}

fn read(lines: [&str; 3]) -> Option<Mrz> {
    read_mrz(&page([&[lines[0]], &[lines[1]], &[lines[2]]]))
}

#[test]
fn all_four_check_digits_hold_on_published_zones() {
    for vector in VECTORS {
        assert!(read(vector).unwrap().checks.all(), "{}", vector[0]);
    }
    assert_eq!(check_digit("L898902C3"), 6);
    assert_eq!(check_digit("740812"), 2);
}

#[test]
fn the_zone_gives_number_dates_sex_and_names() {
    let mrz = read(VECTORS[2]).unwrap();
    assert_eq!((mrz.number.as_str(), mrz.cin.as_str()), ("TE5T0A01", "BK000123"));
    assert_eq!(mrz.birth.unwrap().spelled(), "01.01.1990");
    assert_eq!(mrz.expiry.unwrap().to_string(), "2031-06-14");
    assert_eq!(mrz.sex, Some('F'));
    assert_eq!((mrz.family.as_str(), mrz.given.as_str()), ("BEN TEST", "FATIMA ZAHRA"));
}

#[test]
fn a_birth_year_that_would_be_future_belongs_to_the_last_century() {
    assert_eq!(read(VECTORS[4]).unwrap().birth.unwrap().spelled(), "15.07.2001");
    assert_eq!(read(VECTORS[3]).unwrap().birth.unwrap().spelled(), "28.02.1985");
}

#[test]
fn a_child_was_born_in_this_century() {
    let [a, b, c] = encode("TE5T0A01", "BK12345", "190305", 'F', "270305");
    let mrz = read([&a, &b, &c]).unwrap();
    assert!(mrz.checks.all());
    assert_eq!(mrz.birth.unwrap().spelled(), "05.03.2019");
}

#[test]
fn lost_and_surplus_fillers_do_not_matter() {
    let mrz = read([
        "IDMARTE5T0A01<6BK000123<<",
        "9001011F3106143MAR<<<<<<<<<<<<<<5",
        "BEN<TEST<<FATIMA<ZAHRA<",
    ])
    .unwrap();
    assert!(mrz.checks.all());
    let mrz =
        read(["IDMARTE5T0A016BK000123<<<<<", "9001011F3106143MAR<<<5", VECTORS[2][2]]).unwrap();
    assert!(mrz.checks.all());
}

#[test]
fn letters_among_digits_are_repaired_and_listed() {
    let mrz =
        read(["IDMARTE5T0A01<6BKOOO123<<<<<<<", "9OO1O11F31O6143MAR<<<<<<<<<<<5", VECTORS[2][2]])
            .unwrap();
    assert!(mrz.checks.all());
    assert_eq!(mrz.cin, "BK000123");
    assert!(mrz.repairs().iter().any(|repair| repair.starts_with("line 2, 2")));
}

#[test]
fn a_look_alike_in_the_card_number_is_repaired_only_by_its_check_digit() {
    let mrz = read(["IDMARTESTOA01<6BK000123<<<<<<<", VECTORS[2][1], VECTORS[2][2]]).unwrap();
    assert!(!mrz.checks.number, "two misread characters are not guessed");
    let mrz = read(["IDMARTE5TOA01<6BK000123<<<<<<<", VECTORS[2][1], VECTORS[2][2]]).unwrap();
    assert!(mrz.checks.all());
    assert_eq!(mrz.number, "TE5T0A01");
}

#[test]
fn of_several_readings_those_that_prove_each_other_are_taken() {
    let zone = page([
        &["IDMARTE5T0A01<6BK000128<<<<<<<", VECTORS[2][0]],
        &["9001017F3106143MAR<<<<<<<<<<<5", VECTORS[2][1]],
        &[VECTORS[2][2]],
    ]);
    let mrz = read_mrz(&zone).unwrap();
    assert!(mrz.checks.all());
    assert_eq!(mrz.cin, "BK000123");
}

#[test]
fn another_country_or_plain_text_is_no_zone() {
    assert!(
        read(["IDFRATE5T0A01<6BK000123<<<<<<<", "9001011F3106143FRA<<<<<<<<<<<5", "A<<B<<"])
            .is_none()
    );
    assert!(read(["ADRESSE", "RUE", "CASABLANCA"]).is_none());
}

fn encode(number: &str, cin: &str, birth: &str, sex: char, expiry: &str) -> [String; 3] {
    let line1 = format!("IDMAR{number}<{}{cin:<<15}", check_digit(&format!("{number}<")));
    let dates = format!("{birth}{}", check_digit(birth));
    let until = format!("{expiry}{}", check_digit(expiry));
    let composite = check_digit(&format!("{}{dates}{until}<<<<<<<<<<<", &line1[5..]));
    [
        line1.clone(),
        format!("{dates}{sex}{until}MAR<<<<<<<<<<<{composite}"),
        "EL<FICTIF<<MOHAMED<<<<<<<<<<<<".to_owned(),
    ]
}

proptest! {
    #[test]
    fn every_zone_that_is_encoded_is_read_back(
        number in "[A-Z]{2}[A-Z0-9]{6}", cin in "[A-Z]{1,2}[1-9][0-9]{3,5}",
        year in 0u32..100, month in 1u32..13, day in 1u32..29, male in any::<bool>(),
    ) {
        let birth = format!("{year:02}{month:02}{day:02}");
        let sex = if male { 'M' } else { 'F' };
        let [a, b, c] = encode(&number, &cin, &birth, sex, "330101");
        let mrz = read([&a, &b, &c]).unwrap();
        prop_assert!(mrz.checks.all());
        prop_assert_eq!(mrz.cin, cin);
        prop_assert_eq!(mrz.number, number);
        prop_assert_eq!(mrz.sex, Some(sex));
    }

    #[test]
    fn one_misread_digit_never_passes_as_proved(
        cin in "[A-Z]{1,2}[1-9][0-9]{4}", at in 0usize..6, wrong in 1u32..10,
    ) {
        let [a, b, c] = encode("TE5T0A01", &cin, "900101", 'M', "330101");
        let mut digits: Vec<char> = b.chars().collect();
        let digit = digits[at].to_digit(10).unwrap();
        digits[at] = char::from_digit((digit + wrong) % 10, 10).unwrap();
        let corrupted: String = digits.into_iter().collect();
        let mrz = read([&a, &corrupted, &c]).unwrap();
        prop_assert!(!mrz.checks.all() && !mrz.checks.birth);
    }
}
