//! What the three documents have in common: a holder's names and birth, as
//! rows to print and as members of the truth.

use serde_json::{Value as Json, json};

use crate::data::Pair;
use crate::labels::{self, Label, variant};
use crate::person::Person;
use crate::rows::{Row, Value};
use crate::style::Style;

/// A value in both scripts as the contract nests it.
pub(crate) fn bilingual(pair: &Pair) -> Json {
    json!({ "fr": pair.fr, "ar": pair.ar })
}

/// The `identite` member.
pub(crate) fn names(person: &Person) -> Json {
    json!({ "nom": bilingual(&person.family), "prenom": bilingual(&person.given) })
}

/// A date as the contract spells it.
pub(crate) fn spelled(date: chrono::NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

/// The `naissance` member.
pub(crate) fn birth(person: &Person) -> Json {
    json!({ "date": spelled(person.birth), "lieu": bilingual(&person.birthplace) })
}

/// The row of the given name.
pub(crate) fn given_row(style: &Style, person: &Person, label: Label) -> Row {
    let value = Value::new("identite.prenom.fr", &person.given.fr);
    let arabic = Value::new("identite.prenom.ar", &person.given.ar);
    Row::new(style, label, value, arabic)
}

/// The row of the family name.
pub(crate) fn family_row(style: &Style, person: &Person, label: Label) -> Row {
    let value = Value::new("identite.nom.fr", &person.family.fr);
    let arabic = Value::new("identite.nom.ar", &person.family.ar);
    Row::new(style, label, value, arabic)
}

/// The row of the birth date, its label in the holder's gender.
pub(crate) fn birth_row(style: &Style, person: &Person, printed: String) -> Row {
    let wordings = if person.female { labels::BORN_F } else { labels::BORN_M };
    let label = variant(style, 3, wordings);
    Row::new(style, label, Value::new("naissance.date", printed), Value::none())
}

/// The row of the birthplace. The Arabic preposition stands apart from the
/// place, or is written together with it.
pub(crate) fn birthplace_row(style: &Style, person: &Person) -> Row {
    let (french, arabic) = variant(style, 5, labels::BIRTHPLACE);
    let preposition = arabic == "ب";
    let glued = preposition && style.coin(9);
    let place = &person.birthplace;
    let shown = if glued { format!("ب{}", place.ar) } else { place.ar.clone() };
    let value = Value::new("naissance.lieu.fr", &place.fr);
    let mut row = Row::new(style, (french, arabic), value, Value::new("naissance.lieu.ar", shown));
    if preposition {
        // A preposition takes no colon.
        french.clone_into(&mut row.label);
        row.arabic_label = if glued { String::new() } else { arabic.to_owned() };
    }
    row
}

/// The row of an address: one line in each script, or two.
pub(crate) fn address_row(style: &Style, address: &Pair) -> Row {
    let lines = |text: &str| if style.coin(11) { halves(text) } else { vec![text.to_owned()] };
    let value = Value::of_lines("adresse.fr", lines(&address.fr));
    let arabic = Value::of_lines("adresse.ar", lines(&address.ar));
    Row::new(style, labels::ADDRESS, value, arabic)
}

/// `text` broken at the blank nearest to its middle.
pub(crate) fn halves(text: &str) -> Vec<String> {
    let middle = text.len() / 2;
    let blank = text.match_indices(' ').map(|(at, _)| at).min_by_key(|at| at.abs_diff(middle));
    match blank {
        Some(at) if text.chars().count() > 12 => {
            vec![text[..at].to_owned(), text[at + 1..].to_owned()]
        }
        _ => vec![text.to_owned()],
    }
}
