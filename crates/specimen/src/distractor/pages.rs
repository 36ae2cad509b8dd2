//! Sheets of paper and screens: running text, an invoice, a form, a list.

use image::{Rgb, RgbImage};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::Hand;
use crate::data::one_of;
use crate::person::{Person, day};
use crate::picture::Script;
use crate::sheet::{Anchor, Sheet};
use crate::{DrawError, art};

/// Sentences that a page is made of. Some speak of the documents themselves.
const FRENCH: &[&str] = &[
    "Le soleil se levait à peine quand les premiers marchands ouvrirent",
    "leurs échoppes le long de la grande rue. Une odeur de pain chaud",
    "montait des fours et les enfants couraient déjà vers l'école.",
    "Pour obtenir la carte nationale d'identité, le demandeur présente",
    "un extrait d'acte de naissance et deux photographies récentes.",
    "Le permis de conduire est délivré après un examen théorique et",
    "une épreuve pratique ; il doit être renouvelé tous les dix ans.",
    "La réunion du 12 mars 2019 a permis d'adopter le budget annuel.",
    "Toute mutation du véhicule est déclarée dans un délai d'un mois.",
    "Les travaux de la bibliothèque reprendront au mois de septembre.",
    "On trouve au Maroc des montagnes, des plaines et des déserts.",
    "L'adresse du siège est indiquée au bas de chaque page.",
];

/// The same in Arabic.
const ARABIC: &[&str] = &[
    "أشرقت الشمس على المدينة القديمة وفتح التجار أبواب دكاكينهم",
    "وانتشرت رائحة الخبز الساخن في الأزقة الضيقة كل صباح",
    "يجب تقديم طلب البطاقة الوطنية للتعريف مع صورتين حديثتين",
    "تسلم رخصة السياقة بعد اجتياز الامتحان النظري والتطبيقي",
    "انعقد الاجتماع السنوي يوم 12 مارس 2019 بمقر الجمعية",
    "تقع المكتبة في وسط المدينة وتفتح أبوابها طيلة الأسبوع",
    "كان الأطفال يلعبون في الساحة الكبيرة قرب المدرسة",
    "تتميز المملكة المغربية بتنوع مناظرها من جبال وسهول وصحراء",
    "يحدد العنوان ورقم الهاتف في أسفل كل صفحة من الكتاب",
];

/// What an invoice sells.
const GOODS: &[&str] = &[
    "Ramette papier A4",
    "Cartouche d'encre",
    "Table pliante",
    "Huile d'olive 5 l",
    "Pneu 195/65 R15",
    "Filtre à huile",
    "Lampe de bureau",
    "Câble réseau 10 m",
];

/// The labels of a form, which documents have as well.
const ENTRIES: &[(&str, &str)] = &[
    ("Nom", "الاسم العائلي"),
    ("Prénom", "الاسم الشخصي"),
    ("Né(e) le", "تاريخ الازدياد"),
    ("Lieu de naissance", "مكان الازدياد"),
    ("Adresse", "العنوان"),
    ("Téléphone", "الهاتف"),
    ("Profession", "المهنة"),
    ("Situation familiale", "الحالة العائلية"),
    ("Fait à", "حرر ب"),
];

fn pick<'a>(rng: &mut ChaCha8Rng, texts: &[&'a str]) -> &'a str {
    let text: &&str = one_of(rng, texts);
    text
}

fn paper(width: u32, height: u32, rng: &mut ChaCha8Rng) -> Sheet {
    let white = rng.random_range(235..=255_u8);
    Sheet::new(RgbImage::from_pixel(width, height, Rgb([white, white, white.saturating_sub(6)])))
}

/// A page of paragraphs in one script.
pub(super) fn running(script: Script, rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let mut sheet = paper(1240, *one_of(rng, &[1754, 880]), rng);
    let hand = Hand::choose(&sheet, 24.0 / sheet.height(), rng);
    let (sentences, anchor, edge) = match script {
        Script::Arabic => (ARABIC, Anchor::Right, 0.92),
        Script::Latin | Script::Mrz => (FRENCH, Anchor::Left, 0.08),
    };
    let pitch = 42.0 / sheet.height();
    let mut y = 0.07;
    while y < 0.95 {
        // Now and then a blank line between paragraphs.
        if rng.random_bool(0.88) {
            hand.write(&mut sheet, pick(rng, sentences), 1.0, (anchor, edge, y))?;
        }
        y += pitch;
    }
    Ok(sheet)
}

/// An invoice of a shop.
pub(super) fn invoice(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let mut sheet = paper(1240, 1500, rng);
    let hand = Hand::choose(&sheet, 0.02, rng);
    let client = Person::invent(rng, (1950, 2000));
    let date = day(rng, 2015, 2025);
    let number = rng.random_range(100..99_999);
    let due = date + chrono::Days::new(30);
    hand.write(&mut sheet, "FACTURE", 1.8, (Anchor::Left, 0.08, 0.07))?;
    let heading = [
        format!("Facture N° FA{number}"),
        format!("Date : {}", date.format("%d/%m/%Y")),
        format!("Échéance : {}", due.format("%d/%m/%Y")),
        format!("Client : {} {}", client.given.fr, client.family.fr),
        format!("Adresse : {}", client.address.fr),
        format!("ICE : {:015}", rng.random_range(0..1_000_000_000_u64)),
    ];
    for (nth, line) in heading.iter().enumerate() {
        hand.write(&mut sheet, line, 1.0, (Anchor::Left, 0.08, 0.13 + 0.035 * nth as f32))?;
    }
    let mut total = 0;
    for nth in 0..rng.random_range(3..9_u32) {
        let y = 0.4 + 0.04 * nth as f32;
        let (count, price) = (rng.random_range(1..20), rng.random_range(15..900));
        total += count * price;
        hand.write(&mut sheet, pick(rng, GOODS), 1.0, (Anchor::Left, 0.08, y))?;
        hand.write(&mut sheet, &count.to_string(), 1.0, (Anchor::Right, 0.6, y))?;
        hand.write(&mut sheet, &format!("{price},00"), 1.0, (Anchor::Right, 0.76, y))?;
        hand.write(&mut sheet, &format!("{},00", count * price), 1.0, (Anchor::Right, 0.92, y))?;
        let line = sheet.area([0.08, y + 0.012, 0.92, y + 0.0135]);
        art::rule(&mut sheet, line);
    }
    let sum = format!("Total TTC : {total},00 DH");
    hand.write(&mut sheet, &sum, 1.3, (Anchor::Right, 0.92, 0.82))?;
    hand.mark(&mut sheet)?;
    Ok(sheet)
}

/// A request to an office: the labels of a card, filled in, but no card.
pub(super) fn form(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let mut sheet = paper(1240, 1600, rng);
    let hand = Hand::choose(&sheet, 0.018, rng);
    let person = Person::invent(rng, (1950, 2005));
    hand.write(&mut sheet, "FICHE DE RENSEIGNEMENTS", 1.5, (Anchor::Middle, 0.5, 0.07))?;
    hand.write(&mut sheet, "بطاقة معلومات", 1.5, (Anchor::Middle, 0.5, 0.11))?;
    let telephone =
        format!("06 00 {:02} {:02} 00", rng.random_range(0..99), rng.random_range(0..99));
    let values = [
        person.family.fr.clone(),
        person.given.fr.clone(),
        person.birth.format("%d/%m/%Y").to_string(),
        person.birthplace.fr.clone(),
        person.address.fr.clone(),
        telephone,
        (*one_of(rng, &["ENSEIGNANT", "COMMERCANT", "ETUDIANT"])).to_owned(),
        (*one_of(rng, &["CELIBATAIRE", "MARIE(E)"])).to_owned(),
        format!("{} le {}", person.birthplace.fr, day(rng, 2015, 2025).format("%d/%m/%Y")),
    ];
    for (nth, ((french, arabic), value)) in ENTRIES.iter().zip(values).enumerate() {
        let y = 0.2 + 0.07 * nth as f32;
        hand.write(&mut sheet, &format!("{french} : {value}"), 1.0, (Anchor::Left, 0.08, y))?;
        hand.write(&mut sheet, arabic, 1.0, (Anchor::Right, 0.92, y))?;
    }
    hand.mark(&mut sheet)?;
    Ok(sheet)
}

/// A telephone's screen: a bar, then entries with a title, a text and a date.
pub(super) fn screenshot(rng: &mut ChaCha8Rng) -> Result<Sheet, DrawError> {
    let dark = rng.random_bool(0.4);
    let ground = if dark { Rgb([24, 24, 30]) } else { Rgb([250, 250, 252]) };
    let mut sheet = Sheet::new(RgbImage::from_pixel(1080, 1920, ground));
    let mut hand = Hand::choose(&sheet, 0.017, rng);
    if dark {
        hand.ink = Rgb([235, 235, 240]);
    }
    let clock = format!("{:02}:{:02}", rng.random_range(0..24), rng.random_range(0..60));
    hand.write(&mut sheet, &clock, 0.9, (Anchor::Left, 0.05, 0.025))?;
    hand.write(&mut sheet, "87 %", 0.9, (Anchor::Right, 0.95, 0.025))?;
    let title = *one_of(rng, &["Messages", "Mes documents", "Historique", "الرسائل"]);
    hand.write(&mut sheet, title, 1.7, (Anchor::Left, 0.05, 0.08))?;
    for nth in 0..rng.random_range(5..11_u32) {
        let y = 0.15 + 0.075 * nth as f32;
        let person = Person::invent(rng, (1950, 2005));
        let name = format!("{} {}", person.given.fr, person.family.fr);
        hand.write(&mut sheet, &name, 1.1, (Anchor::Left, 0.05, y))?;
        let date = day(rng, 2023, 2025).format("%d/%m/%Y").to_string();
        hand.write(&mut sheet, &date, 0.8, (Anchor::Right, 0.95, y))?;
        let pool = if rng.random_bool(0.3) { ARABIC } else { FRENCH };
        hand.write(&mut sheet, pick(rng, pool), 0.85, (Anchor::Left, 0.05, y + 0.03))?;
    }
    hand.mark(&mut sheet)?;
    Ok(sheet)
}
