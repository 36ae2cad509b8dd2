//! Birthplaces: labelled, after the prepositions `à` and `ب`, or unlabelled between
//! the birth date and the next label.

use crate::documents::cin_number::parse_cin;
use crate::documents::lexicon::{Words, knows_arabic, knows_latin, pairs};
use crate::documents::normalize::{arabic_name, fold_latin, latin_name};
use crate::documents::rows::Run;
use crate::documents::side_reader::{SideReader, dates_in, dispute};
use crate::documents::{Bilingual, Field, Reason};
use crate::ocr::{Script, Word};

/// Where an unlabelled birthplace is looked for.
#[derive(Debug)]
pub(crate) struct Zone<'a, L> {
    /// The row of the birth date.
    pub(crate) from: usize,
    /// The row after the last.
    pub(crate) to: usize,
    /// Labels that end the zone.
    pub(crate) stops: &'a [L],
}

/// The birthplace at `label`, or in `zone`.
pub(crate) fn birthplace<L: Copy + PartialEq>(
    reader: &SideReader<'_, L>,
    label: L,
    zone: &Zone<'_, L>,
) -> Bilingual {
    let latin = |text: &str| without_marks(&without_a(&latin_name(text)));
    let mut place = Bilingual {
        fr: reader.words(label, Script::Latin, 2, latin),
        ar: reader.words(label, Script::Arabic, 1, arabic_name),
    };
    if place.fr.value().is_none() {
        place.fr = unlabelled(reader, Script::Latin, zone, latin);
    }
    if place.ar.value().is_none() {
        place.ar = unlabelled(reader, Script::Arabic, zone, arabic_name);
    }
    strip_preposition(&mut place);
    // `VILLE - PROVINCE` of which one half is lost.
    if place.fr.evidence().is_some_and(|evidence| is_half(&evidence.raw)) {
        dispute(&mut place.fr);
    }
    place
}

/// Whether a place begins or ends with the dash between its parts.
fn is_half(raw: &str) -> bool {
    let place = raw.trim_start_matches(['à', 'À']).trim();
    let whole = place.trim_matches(['-', '–', '—']);
    whole.len() < place.len() && !whole.is_empty()
}

/// Cuts up to two short words from the end where what stands before them is a
/// known place: the Arabic preposition or label, read as Latin.
fn without_marks(place: &str) -> String {
    let words: Vec<&str> = place.split(' ').collect();
    if knows_latin(Words::Places, place) {
        return place.to_owned();
    }
    let cut = (1..=2.min(words.len().saturating_sub(1))).find(|cut| {
        let (kept, rest) = words.split_at(words.len() - cut);
        rest.iter().all(|word| word.chars().count() <= 3)
            && knows_latin(Words::Places, &kept.join(" "))
    });
    cut.map_or_else(|| place.to_owned(), |cut| words[..words.len() - cut].join(" "))
}

/// Lines of one script in the zone that are neither number nor date; up to two for
/// a long French place.
fn unlabelled<L: Copy + PartialEq>(
    reader: &SideReader<'_, L>,
    script: Script,
    zone: &Zone<'_, L>,
    normalise: impl Fn(&str) -> String,
) -> Field<String> {
    let mut words: Vec<Word> = Vec::new();
    let mut lines = 0;
    let most = if script == Script::Latin { 2 } else { 1 };
    for row in reader.rows.list.iter().take(zone.to).skip(zone.from) {
        if row.tags.iter().any(|tag| zone.stops.contains(&tag.label)) {
            break;
        }
        let mut runs: Vec<&Run> = row.runs.iter().filter(|run| run.script == script).collect();
        if script == Script::Arabic {
            runs.reverse();
        }
        let here: Vec<Word> = runs.into_iter().flat_map(|run| place_words(&run.words)).collect();
        let letters =
            here.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphabetic()).count();
        if letters < 3 {
            continue;
        }
        let far = |last: &Word| row.rect.y - last.rect.bottom() > reader.rows.line_height;
        if words.last().is_some_and(far) {
            break;
        }
        words.extend(here);
        lines += 1;
        if lines == most {
            break;
        }
    }
    if words.is_empty() { Field::null(Reason::NotFound) } else { reader.text_of(&words, normalise) }
}

/// The words of a run that can belong to a place.
fn place_words(words: &[Word]) -> Vec<Word> {
    let dates = dates_in(words);
    words
        .iter()
        .filter(|word| !dates.iter().any(|date| date.words.contains(word)))
        .filter(|word| word.text.chars().any(char::is_alphabetic) || word.text.contains('-'))
        .filter(|word| parse_cin(&word.text).is_none())
        .filter(|word| word.confidence > 0.25 || word.text == "-")
        .cloned()
        .collect()
}

/// Cuts the preposition `à`, however it was read, from a French place.
fn without_a(place: &str) -> String {
    let mut words = place.splitn(2, ' ');
    let (Some(first), Some(rest)) = (words.next(), words.next()) else {
        // Glued: only an accent tells it from the name's own A.
        return place.strip_prefix(['à', 'À', 'á']).unwrap_or(place).trim().to_owned();
    };
    // What stands before an `à` within the place is the end of a label.
    let inner = place.find(" À ").or_else(|| place.find(" à ")).filter(|at| *at <= 5);
    match inner {
        Some(at) => place[at..].trim_start_matches([' ', 'À', 'à']).to_owned(),
        None if fold_latin(first) == "a" => rest.to_owned(),
        None => place.to_owned(),
    }
}

/// Cuts the preposition `ب` from an Arabic place: apart always, glued only when the
/// rest is a known place or pairs with the French side, for names like بركان begin with it.
fn strip_preposition(place: &mut Bilingual) {
    let french = place.fr.value().cloned();
    let Field::Read { value, .. } = &mut place.ar else { return };
    if let Some(rest) = value.strip_prefix("ب ") {
        *value = rest.trim().to_owned();
        return;
    }
    let Some(rest) = value.strip_prefix('ب') else { return };
    let french = french.as_deref().unwrap_or_default();
    let known = |ar: &str| pairs(Words::Places, french, ar) || knows_arabic(Words::Places, ar);
    let begins_with_b = fold_latin(french).starts_with('b') || french.is_empty();
    if !known(value) && (known(rest) || !begins_with_b) && rest.chars().count() >= 2 {
        *value = rest.trim().to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preposition_is_no_part_of_the_place() {
        assert_eq!(without_a("à RABAT"), "RABAT");
        assert_eq!(without_a("VEE À SIDI KACEM"), "SIDI KACEM");
        assert_eq!(without_a("AIN AOUDA"), "AIN AOUDA");
    }

    #[test]
    fn marks_after_a_known_place_are_cut_and_words_kept() {
        assert_eq!(without_marks("RABAT O"), "RABAT");
        assert_eq!(without_marks("TIZNIT J JUI"), "TIZNIT");
        assert_eq!(without_marks("SIDI KACEM"), "SIDI KACEM");
        assert_eq!(without_marks("INCONNUE LE"), "INCONNUE LE");
    }

    #[test]
    fn half_a_place_is_told() {
        assert!(is_half("à - FES"));
        assert!(is_half("ZOUAGHA -"));
        assert!(!is_half("ZOUAGHA - FES"));
        assert!(!is_half("--"));
    }
}
