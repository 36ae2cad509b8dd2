//! Joins the two sides and the machine-readable zone of an identity card, each
//! proving or disputing the others. A zone whose check digits hold outranks print.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use crate::documents::cin::recto::Recto;
use crate::documents::cin::verso::{Verso, Zone};
use crate::documents::cin::{CinFields, Sex, checks};
use crate::documents::lexicon::{self, Words};
use crate::documents::normalize::fold_latin;
use crate::documents::side_reader::{confirm, dispute};
use crate::documents::transliteration::{self, Verdict};
use crate::documents::{Bilingual, Evidence, Field, PartialDate, Reason, confidence};

/// Joins what was read of one card.
pub(super) fn combine(recto: Option<&Recto>, verso: Option<&Verso>, is_2020: bool) -> CinFields {
    let mut fields = CinFields::unread();
    let zone = verso.and_then(|verso| verso.zone.as_ref());
    fields.cin = cin(recto, verso);
    fields.sexe = sex(recto, verso);
    fields.mrz = zone.map(proof_of);
    let mut printed_until = vec![];
    if let Some(recto) = recto {
        (fields.nom, fields.prenom) = names(recto, zone);
        fields.naissance_date = birth(&recto.birth, zone);
        fields.lieu = recto.place.clone();
        fields.can = recto.can.clone();
        printed_until.push(&recto.valid_until);
    } else {
        let missing = Bilingual::null(Reason::SideMissing);
        (fields.nom, fields.prenom, fields.lieu) = (missing.clone(), missing.clone(), missing);
        fields.naissance_date = birth(&Field::null(Reason::SideMissing), zone);
    }
    if let Some(verso) = verso {
        fields.pere = verso.father.clone();
        fields.mere = verso.mother.clone();
        fields.adresse = verso.address.clone();
        fields.numero_etat_civil = verso.civil_status.clone();
        fields.numero_carte = card_number(verso, &fields.cin);
        if !is_2020 {
            printed_until.push(&verso.valid_until);
        }
    } else {
        let missing = Bilingual::null(Reason::SideMissing);
        (fields.pere, fields.mere, fields.adresse) = (missing.clone(), missing.clone(), missing);
        fields.numero_etat_civil = Field::null(Reason::SideMissing);
    }
    fields.validite = valid_until(&printed_until, zone);
    if !is_2020 {
        fields.numero_carte = Field::null(Reason::NotPrinted);
        fields.can = Field::null(Reason::NotPrinted);
    }
    fields.checks = checks::make(&mut fields, recto, verso, is_2020);
    fields
}

fn proof_of(zone: &Zone) -> Value {
    let checks = zone.mrz.checks;
    json!({
        "check_digits": {
            "numero_carte": checks.number,
            "naissance": checks.birth,
            "validite": checks.expiry,
            "composite": checks.composite,
        },
        "repairs": zone.mrz.repairs(),
    })
}

fn with_confidence(evidence: &Evidence, confidence: f32) -> Evidence {
    Evidence { confidence, ..evidence.clone() }
}

/// The positions, from 1, of what the zone holds in its lines.
const NUMBER: (usize, RangeInclusive<usize>) = (1, 6..=14);
const CIN: (usize, RangeInclusive<usize>) = (1, 16..=30);
const BIRTH: (usize, RangeInclusive<usize>) = (2, 1..=6);
const EXPIRY: (usize, RangeInclusive<usize>) = (2, 9..=14);
const NAMES: (usize, RangeInclusive<usize>) = (3, 1..=30);

/// The evidence of what stands at some positions of a line of the zone.
fn zone_evidence(
    zone: &Zone,
    (line, positions): &(usize, RangeInclusive<usize>),
) -> Option<Evidence> {
    let evidence = zone.evidence.get(line.checked_sub(1)?)?.clone()?;
    Some(Evidence { repairs: zone.mrz.repairs_at(*line, positions), ..evidence })
}

/// The number of the front, the back and the zone. Of the zone only the composite
/// digit covers it.
fn cin(recto: Option<&Recto>, verso: Option<&Verso>) -> Field<String> {
    let zone = verso.and_then(|verso| verso.zone.as_ref());
    let in_zone = zone.map(|zone| zone.mrz.cin.as_str()).filter(|cin| !cin.is_empty());
    if let (Some(zone), Some(value)) = (zone, in_zone)
        && zone.mrz.checks.composite
        && (zone.mrz.checks.number || zone.mrz.checks.birth)
        && let Some(evidence) = zone_evidence(zone, &CIN)
    {
        let evidence =
            Evidence { raw: value.to_owned(), confidence: confidence::PROVED, ..evidence };
        return Field::read(value.to_owned(), evidence);
    }
    let card_number = zone.map(|zone| zone.mrz.number.as_str());
    let back: Vec<&Field<String>> = verso
        .iter()
        .flat_map(|verso| &verso.numbers)
        .filter(|number| number.value().map(String::as_str) != card_number)
        .collect();
    let Some(front) = recto.map(|recto| recto.cin.clone()).filter(|cin| cin.value().is_some())
    else {
        let mut best = back
            .iter()
            .find(|number| number.value().map(String::as_str) == in_zone)
            .or_else(|| back.first())
            .map_or_else(|| Field::null(Reason::NotFound), |number| (*number).clone());
        if best.value().is_some() && best.value().map(String::as_str) == in_zone {
            confirm(&mut best);
        }
        return best;
    };
    let mut best = front;
    let agrees = back.iter().any(|number| number.value() == best.value())
        || best.value().map(String::as_str) == in_zone;
    if agrees {
        confirm(&mut best);
    } else if let Some(other) = back.first() {
        // Another number of the same length is a misreading on one of the sides.
        let alike =
            best.value().zip(other.value()).is_some_and(|(a, b)| strsim::levenshtein(a, b) <= 3);
        if alike && other.confidence() > best.confidence() + 0.1 {
            best = (*other).clone();
        }
        if alike {
            dispute(&mut best);
        }
    }
    best
}

/// Which name is the family name: labels or the zone say it; else the given name
/// stands above, unless the two are known only the other way round.
fn names(recto: &Recto, zone: Option<&Zone>) -> (Bilingual, Bilingual) {
    let (mut given, mut family) = (recto.upper.clone(), recto.lower.clone());
    let text =
        |field: &Field<String>| field.value().map(|name| fold_latin(name)).unwrap_or_default();
    let zone = zone.filter(|zone| !zone.mrz.family.is_empty());
    if let Some(zone) = zone {
        let mrz = &zone.mrz;
        let like =
            |a: &Field<String>, b: &str| strsim::normalized_levenshtein(&text(a), &fold_latin(b));
        let straight = like(&given.fr, &mrz.given) + like(&family.fr, &mrz.family);
        let crossed = like(&given.fr, &mrz.family) + like(&family.fr, &mrz.given);
        if crossed > straight + 0.2 {
            std::mem::swap(&mut given, &mut family);
        }
        if let Some(evidence) = zone_evidence(zone, &NAMES) {
            settle(&mut family.fr, &mrz.family, &evidence);
            settle(&mut given.fr, &mrz.given, &evidence);
        }
    } else if !recto.labelled {
        let known = |field: &Field<String>, part| {
            field.value().is_some_and(|name| lexicon::is_part(part, name))
        };
        let (given_part, family_part) = (lexicon::Part::Given, lexicon::Part::Family);
        let crossed = known(&given.fr, family_part)
            && !known(&given.fr, given_part)
            && known(&family.fr, given_part)
            && !known(&family.fr, family_part);
        if crossed {
            std::mem::swap(&mut given, &mut family);
        }
    }
    if !recto.labelled && are_crossed(&given, &family) {
        std::mem::swap(&mut given.ar, &mut family.ar);
    }
    (family, given)
}

/// Whether the Arabic names stand beside the wrong French ones: of a lost line the
/// neighbour may have taken the place.
fn are_crossed(given: &Bilingual, family: &Bilingual) -> bool {
    let agree = |fr: &Field<String>, ar: &Field<String>| {
        let both = fr.value().zip(ar.value());
        both.and_then(|(fr, ar)| transliteration::verdict(fr, ar)) == Some(Verdict::Agrees)
    };
    let straight = agree(&given.fr, &given.ar) || agree(&family.fr, &family.ar);
    let crossed = agree(&given.fr, &family.ar) || agree(&family.fr, &given.ar);
    crossed && !straight
}

/// Whether a printed name is that of the zone, which may be cut off and has no signs.
pub(super) fn is_same_name(printed: &str, in_zone: &str) -> bool {
    let (printed, in_zone) = (fold_latin(printed), fold_latin(in_zone));
    printed == in_zone || (in_zone.len() >= 8 && printed.starts_with(&in_zone))
}

/// Settles a printed name by that of the zone, which may be cut off and has no signs.
fn settle(printed: &mut Field<String>, in_zone: &str, evidence: &Evidence) {
    let zone_folded = fold_latin(in_zone);
    let from_zone = |confidence: f32| {
        let evidence =
            Evidence { raw: in_zone.to_owned(), ..with_confidence(evidence, confidence) };
        Field::read(in_zone.to_owned(), evidence)
    };
    let Some(name) = printed.value() else {
        if zone_folded.len() >= 2 {
            *printed = from_zone(confidence::alone(evidence.confidence).min(0.7));
        }
        return;
    };
    let folded = fold_latin(name);
    if is_same_name(name, in_zone) {
        confirm(printed);
    } else if lexicon::knows_latin(Words::Names, in_zone)
        && !lexicon::knows_latin(Words::Names, name)
        && strsim::normalized_levenshtein(&folded, &zone_folded) > 0.6
    {
        // Two readings of one name: the known one is the likelier.
        *printed = from_zone(confidence::alone(evidence.confidence));
    } else if !lexicon::knows_latin(Words::Names, name) {
        dispute(printed);
    }
}

fn birth(printed: &Field<PartialDate>, zone: Option<&Zone>) -> Field<PartialDate> {
    let held = zone.filter(|zone| zone.mrz.checks.birth);
    let proof = held.and_then(|zone| Some((zone.mrz.birth?, zone_evidence(zone, &BIRTH)?, zone)));
    by_zone(printed, proof)
}

fn valid_until(
    printed: &[&Field<chrono::NaiveDate>],
    zone: Option<&Zone>,
) -> Field<chrono::NaiveDate> {
    let mut best = printed
        .iter()
        .max_by(|a, b| a.confidence().total_cmp(&b.confidence()))
        .map_or_else(|| Field::null(Reason::NotFound), |field| (*field).clone());
    let values: Vec<_> = printed.iter().filter_map(|field| field.value()).collect();
    if let [first, second] = values.as_slice() {
        if first == second { confirm(&mut best) } else { dispute(&mut best) }
    }
    let held = zone.filter(|zone| zone.mrz.checks.expiry);
    let proof = held.and_then(|zone| Some((zone.mrz.expiry?, zone_evidence(zone, &EXPIRY)?, zone)));
    by_zone(&best, proof)
}

/// A date of print against one of the zone whose check digit holds.
fn by_zone<T: Copy + PartialEq>(
    printed: &Field<T>,
    proof: Option<(T, Evidence, &Zone)>,
) -> Field<T> {
    let Some((date, evidence, zone)) = proof else { return printed.clone() };
    match printed {
        Field::Read { value, evidence } if *value == date => {
            Field::read(date, with_confidence(evidence, confidence::PROVED))
        }
        _ if zone.mrz.checks.all() => {
            Field::read(date, with_confidence(&evidence, confidence::PROVED))
        }
        // One digit holds by chance in one of ten readings.
        Field::Null { .. } => Field::read(date, with_confidence(&evidence, 0.85)),
        Field::Read { .. } => Field::read(date, with_confidence(&evidence, 0.7)),
    }
}

/// The letter at `Sexe` and that of the zone; words that agree in gender only support them,
/// for a final `e` is easily lost.
fn sex(recto: Option<&Recto>, verso: Option<&Verso>) -> Field<Sex> {
    let Some(verso) = verso else { return Field::null(Reason::SideMissing) };
    let zone = verso.zone.as_ref();
    let in_zone = zone.and_then(|zone| match zone.mrz.sex {
        Some('M') => Some(Sex::Male),
        Some('F') => Some(Sex::Female),
        _ => None,
    });
    let mut sex = verso.sex.clone();
    if let (None, Some(value), Some(evidence)) =
        (sex.value(), in_zone, zone.and_then(|zone| zone.evidence[1].as_ref()))
    {
        let proved = zone.is_some_and(|zone| zone.mrz.checks.birth && zone.mrz.checks.expiry);
        let confidence =
            if proved { 0.88 } else { confidence::alone(evidence.confidence).min(0.7) };
        sex = Field::read(value, with_confidence(evidence, confidence));
    } else if let (Some(printed), Some(value)) = (sex.value(), in_zone) {
        if *printed == value { confirm(&mut sex) } else { dispute(&mut sex) }
    }
    let words = [verso.feminine, recto.and_then(|recto| recto.feminine)];
    if let Some(value) = sex.value().copied() {
        let says = |word: bool| word == (value == Sex::Female);
        let against = words.iter().flatten().filter(|word| !says(**word)).count();
        let with = words.iter().flatten().filter(|word| says(**word)).count();
        if with > against {
            confirm(&mut sex);
        }
        if against == 2 {
            dispute(&mut sex);
        }
    }
    sex
}

/// The card number: proved by the zone, else as printed, if it is not the CIN.
fn card_number(verso: &Verso, cin: &Field<String>) -> Field<String> {
    if let Some(zone) = verso.zone.as_ref().filter(|zone| zone.mrz.checks.number)
        && let Some(evidence) = zone_evidence(zone, &NUMBER)
    {
        let value = zone.mrz.number.clone();
        let evidence = Evidence { raw: value.clone(), confidence: confidence::PROVED, ..evidence };
        return Field::read(value, evidence);
    }
    if verso.card_number.value() == cin.value() {
        return Field::null(Reason::NotFound);
    }
    verso.card_number.clone()
}
