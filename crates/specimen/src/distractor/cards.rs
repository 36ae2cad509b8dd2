//! Cards that are none of the documents, however alike some of them look.

use chrono::NaiveDate;
use image::{Rgb, RgbImage};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::Hand;
use crate::art::{self, ASPECT};
use crate::data::one_of;
use crate::mrz::check_digit;
use crate::person::{Person, day, years_later};
use crate::picture::Script;
use crate::sheet::{Anchor, Brush, Sheet, mix, width_of};
use crate::{DrawError, Kind, face};

const WIDTH: u32 = 1012;

/// An empty card of two colours that run into each other.
fn plastic(rng: &mut ChaCha8Rng) -> Sheet {
    let (from, to) = *one_of(
        rng,
        &[
            (Rgb([250, 250, 250]), Rgb([225, 232, 240])),
            (Rgb([214, 232, 250]), Rgb([180, 205, 235])),
            (Rgb([246, 240, 214]), Rgb([232, 220, 180])),
            (Rgb([226, 244, 226]), Rgb([190, 225, 196])),
        ],
    );
    let height = (WIDTH as f32 / ASPECT).round() as u32;
    Sheet::new(RgbImage::from_fn(WIDTH, height, |x, _| mix(from, to, x as f32 / WIDTH as f32)))
}

fn printed(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// Writes lines one below the other from the left edge `x`.
fn column(
    sheet: &mut Sheet,
    hand: &Hand,
    (x, top, pitch): (f32, f32, f32),
    lines: &[String],
) -> Result<(), DrawError> {
    for (nth, line) in lines.iter().enumerate() {
        hand.write(sheet, line, 1.0, (Anchor::Left, x, top + pitch * nth as f32))?;
    }
    Ok(())
}

/// Name, trade, telephone and address.
pub(super) fn business(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let mut sheet = plastic(rng);
    let hand = Hand::choose(&sheet, 0.05, rng);
    let person = Person::invent(rng, (1950, 2000));
    let area = sheet.area([0.78, 0.08, 0.95, 0.36]);
    art::emblem(&mut sheet, area);
    let name = format!("{} {}", person.given.fr, person.family.fr);
    hand.write(&mut sheet, &name, 1.5, (Anchor::Left, 0.07, 0.24))?;
    let lines = [
        (*one_of(rng, &["Architecte", "Directrice commerciale", "Avocat", "Plombier"])).to_owned(),
        format!("Tél. 05 00 {:02} 00 {:02}", rng.random_range(0..99), rng.random_range(0..99)),
        "contact@exemple.test".to_owned(),
        format!("Adresse : {}", person.address.fr),
    ];
    column(&mut sheet, &hand, (0.07, 0.4, 0.13), &lines)?;
    hand.mark(&mut sheet)?;
    Ok(sheet)
}

/// A chip, sixteen digits that no bank gives out, a name and an expiry.
pub(super) fn bank(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let mut sheet = plastic(rng);
    let hand = Hand::choose(&sheet, 0.06, rng);
    let person = Person::invent(rng, (1950, 2000));
    let area = sheet.area([0.08, 0.32, 0.22, 0.5]);
    art::chip(&mut sheet, area);
    let brand = *one_of(rng, &["BANQUE EXEMPLE", "CARTE DE FIDELITE", "CREDIT FICTIF"]);
    hand.write(&mut sheet, brand, 1.1, (Anchor::Left, 0.08, 0.17))?;
    let number = format!(
        "0000 {:04} {:04} {:04}",
        rng.random_range(0..10_000),
        rng.random_range(0..10_000),
        rng.random_range(0..10_000)
    );
    hand.write(&mut sheet, &number, 1.4, (Anchor::Left, 0.08, 0.66))?;
    let expiry = format!("EXPIRE FIN {:02}/{}", rng.random_range(1..13), rng.random_range(25..31));
    hand.write(&mut sheet, &expiry, 0.8, (Anchor::Left, 0.45, 0.78))?;
    let name = format!("{} {}", person.given.fr, person.family.fr);
    hand.write(&mut sheet, &name, 1.0, (Anchor::Left, 0.08, 0.9))?;
    hand.mark(&mut sheet)?;
    Ok(sheet)
}

/// A portrait, the kingdom, names in both scripts, a number and dates.
pub(super) fn student(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let mut sheet = plastic(rng);
    let hand = Hand::choose(&sheet, 0.05, rng);
    let person = Person::invent(rng, (1995, 2006));
    let area = sheet.area([0.04, 0.3, 0.3, 0.88]);
    art::portrait(&mut sheet, area, 1.0, rng);
    hand.write(&mut sheet, "UNIVERSITE EXEMPLE", 1.1, (Anchor::Left, 0.04, 0.12))?;
    hand.write(&mut sheet, "جامعة المثال", 1.1, (Anchor::Right, 0.96, 0.12))?;
    let title = ["CARTE D'ETUDIANT", "بطاقة الطالب"];
    hand.write(&mut sheet, title[0], 1.0, (Anchor::Left, 0.04, 0.22))?;
    hand.write(&mut sheet, title[1], 1.0, (Anchor::Right, 0.96, 0.22))?;
    let year = rng.random_range(2018..2025);
    let lines = [
        format!("Nom : {}", person.family.fr),
        format!("Prénom : {}", person.given.fr),
        format!("Né(e) le {}", printed(person.birth)),
        format!("Code : {}", rng.random_range(1_000_000..9_999_999)),
        format!("Année universitaire {year}/{}", year + 1),
    ];
    column(&mut sheet, &hand, (0.35, 0.36, 0.125), &lines)?;
    hand.write(&mut sheet, &person.family.ar, 1.1, (Anchor::Right, 0.96, 0.36))?;
    hand.write(&mut sheet, &person.given.ar, 1.1, (Anchor::Right, 0.96, 0.485))?;
    hand.mark(&mut sheet)?;
    Ok(sheet)
}

/// What a zone of any country says.
struct Zone<'a> {
    code: &'a str,
    issuer: &'a str,
    nationality: &'a str,
    person: &'a Person,
    expiry: NaiveDate,
    number: String,
}

impl Zone<'_> {
    /// The name field, at least as long as any line.
    fn names(&self) -> String {
        let join = |name: &str| name.replace([' ', '-'], "<").replace('\'', "");
        let Person { family, given, .. } = self.person;
        format!("{}<<{}{}", join(&family.fr), join(&given.fr), "<".repeat(44))
    }

    /// The birth and expiry fields with their check digits, the sex between them.
    fn dates(&self) -> (String, String) {
        let proved = |date: NaiveDate| {
            let digits = date.format("%y%m%d").to_string();
            format!("{digits}{}", check_digit(&digits))
        };
        (proved(self.person.birth), proved(self.expiry))
    }

    fn sex(&self) -> char {
        if self.person.female { 'F' } else { 'M' }
    }

    /// The three lines of 30 on the back of a card.
    fn td1(&self) -> Vec<String> {
        let number = format!("{:<<9}", self.number);
        let digit = check_digit(&number);
        let first = format!("{:<<2}{}{number}{digit}{}", self.code, self.issuer, "<".repeat(15));
        let (birth, expiry) = self.dates();
        let all = format!("{}{birth}{expiry}{}", &first[5..], "<".repeat(11));
        let (sex, digit) = (self.sex(), check_digit(&all));
        let second = format!("{birth}{sex}{expiry}{}{}{digit}", self.nationality, "<".repeat(11));
        vec![first, second, self.names()[..30].to_owned()]
    }

    /// The two lines of 44 of a passport.
    fn td3(&self) -> Vec<String> {
        let first = format!("P<{}{}", self.issuer, self.names());
        let number = format!("{:<<9}", self.number);
        let number = format!("{number}{}", check_digit(&number));
        let (birth, expiry) = self.dates();
        let personal = format!("{}0", "<".repeat(14));
        let digit = check_digit(&format!("{number}{birth}{expiry}{personal}"));
        let second =
            format!("{number}{}{birth}{}{expiry}{personal}{digit}", self.nationality, self.sex());
        vec![first[..44].to_owned(), second]
    }
}

/// Prints a zone across the foot of a sheet.
fn set_zone(sheet: &mut Sheet, lines: &[String], top: f32) -> Result<(), DrawError> {
    let colour = Rgb([20, 20, 20]);
    let mut brush = Brush { face: face::MRZ, size: 40.0, colour, script: Script::Mrz };
    let length = lines.first().map_or(30, String::len);
    brush.size *= sheet.width() * 0.9 / width_of(&"M".repeat(length), &brush)?;
    for (nth, line) in lines.iter().enumerate() {
        let y = sheet.height() * (top + 0.088 * nth as f32);
        let place = (Anchor::Left, sheet.width() * 0.045, y);
        sheet.put(line, &brush, place, sheet.width(), None)?;
    }
    Ok(())
}

fn number(rng: &mut ChaCha8Rng) -> String {
    let letters = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    let letter = char::from(*one_of(rng, letters));
    format!("{letter}{:08}", rng.random_range(0..100_000_000))
}

/// Front or back of a card of Utopia, the country of the zone's own standard.
pub(super) fn foreign_identity(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let mut sheet = plastic(rng);
    let hand = Hand::choose(&sheet, 0.05, rng);
    let person = Person::invent(rng, (1940, 2005));
    let expiry = years_later(day(rng, 2016, 2025), 10);
    let number = number(rng);
    let back = rng.random_bool(0.6);
    let title = if back { "Height 1.74   Eyes brown" } else { "UTOPIA  IDENTITY CARD" };
    hand.write(&mut sheet, title, 1.1, (Anchor::Left, 0.04, 0.12))?;
    let lines = if back {
        vec![format!("Address {}", person.address.fr), "Authority  MINISTRY OF UTOPIA".to_owned()]
    } else {
        vec![
            format!("Surname {}", person.family.fr),
            format!("Given names {}", person.given.fr),
            format!("Date of birth {}", printed(person.birth)),
            format!("Card number {number}"),
            format!("Date of expiry {}", printed(expiry)),
        ]
    };
    if back {
        column(&mut sheet, &hand, (0.04, 0.28, 0.13), &lines)?;
        let (code, issuer, nationality) = ("I", "UTO", "UTO");
        let zone = Zone { code, issuer, nationality, person: &person, expiry, number };
        set_zone(&mut sheet, &zone.td1(), 0.745)?;
    } else {
        let area = sheet.area([0.04, 0.22, 0.3, 0.85]);
        art::portrait(&mut sheet, area, 1.0, rng);
        column(&mut sheet, &hand, (0.35, 0.3, 0.125), &lines)?;
    }
    hand.mark(&mut sheet)?;
    Ok(sheet)
}

/// Front or back of the permit of a foreigner who lives in the kingdom: its
/// ground and most of its words are those of the national card.
pub(super) fn residence_permit(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let kind = *one_of(rng, &[Kind::Cin2008, Kind::Cin2020]);
    let mut sheet = Sheet::new(art::background(kind, WIDTH, rng));
    let hand = Hand::choose(&sheet, 0.048, rng);
    let person = Person::invent(rng, (1940, 2005));
    let expiry = years_later(day(rng, 2016, 2025), 10);
    let number = number(rng);
    if rng.random_bool(0.4) {
        let lines = [
            format!("Adresse {}", person.address.fr),
            "Motif du séjour : TRAVAIL".to_owned(),
            format!("Délivré le {}", printed(expiry - chrono::Days::new(3652))),
        ];
        column(&mut sheet, &hand, (0.04, 0.15, 0.13), &lines)?;
        let (code, issuer, nationality) = ("IR", "MAR", "UTO");
        let zone = Zone { code, issuer, nationality, person: &person, expiry, number };
        set_zone(&mut sheet, &zone.td1(), 0.745)?;
    } else {
        hand.write(&mut sheet, "ROYAUME DU MAROC", 0.9, (Anchor::Left, 0.03, 0.08))?;
        hand.write(&mut sheet, "المملكة المغربية", 0.9, (Anchor::Right, 0.97, 0.08))?;
        let title =
            *one_of(rng, &["CARTE DE RESIDENCE", "CARTE D'IMMATRICULATION", "TITRE DE SEJOUR"]);
        hand.write(&mut sheet, title, 1.0, (Anchor::Left, 0.03, 0.17))?;
        hand.write(&mut sheet, "بطاقة الإقامة", 1.0, (Anchor::Right, 0.97, 0.17))?;
        let area = sheet.area([0.035, 0.23, 0.3, 0.82]);
        art::portrait(&mut sheet, area, 1.0, rng);
        let lines = [
            format!("Nom : {}", person.family.fr),
            format!("Prénom : {}", person.given.fr),
            format!("Né(e) le {}", printed(person.birth)),
            format!("Nationalité : {}", one_of(rng, &["UTOPIENNE", "RURITANIENNE"])),
            format!("N° {number}"),
            format!("Valable jusqu'au {}", printed(expiry)),
        ];
        column(&mut sheet, &hand, (0.35, 0.3, 0.12), &lines)?;
    }
    hand.mark(&mut sheet)?;
    Ok(sheet)
}

/// The page of a passport with the portrait and the two lines of its zone.
pub(super) fn passport_page(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let ground = Rgb([232, 238, 240]);
    let mut sheet = Sheet::new(RgbImage::from_pixel(1250, 880, ground));
    let hand = Hand::choose(&sheet, 0.036, rng);
    let person = Person::invent(rng, (1940, 2005));
    let expiry = years_later(day(rng, 2018, 2025), 5);
    let number = number(rng);
    let (country, issuer) =
        *one_of(rng, &[("ROYAUME DU MAROC", "MAR"), ("REPUBLIC OF UTOPIA", "UTO")]);
    hand.write(&mut sheet, country, 1.0, (Anchor::Left, 0.05, 0.07))?;
    hand.write(&mut sheet, "PASSEPORT / PASSPORT", 1.0, (Anchor::Left, 0.4, 0.07))?;
    let area = sheet.area([0.05, 0.14, 0.3, 0.7]);
    art::portrait(&mut sheet, area, 1.0, rng);
    let lines = [
        format!("Passeport N° {number}"),
        format!("Nom / Surname {}", person.family.fr),
        format!("Prénom / Given names {}", person.given.fr),
        format!("Date de naissance {}", printed(person.birth)),
        format!("Lieu de naissance {}", person.birthplace.fr),
        format!("Date d'expiration {}", printed(expiry)),
    ];
    column(&mut sheet, &hand, (0.34, 0.18, 0.095), &lines)?;
    let zone = Zone { code: "P", issuer, nationality: issuer, person: &person, expiry, number };
    set_zone(&mut sheet, &zone.td3(), 0.86)?;
    hand.mark(&mut sheet)?;
    Ok(sheet)
}
