//! What is made of the leaves of a document: the contract's nested answer, and
//! whether a person should look at it.

use serde_json::{Map, Value};

use crate::documents::{Leaf, Reason, Status};

/// A leaf below this confidence sends its record to review. It is lower than
/// the 0.9 above which a value is held certain, because a clear reading of a
/// free text (an address) has nothing independent to confirm it.
pub const REVIEW_BELOW: f32 = 0.6;

/// Builds the contract's nested object: `naissance.lieu.fr` becomes
/// `{"naissance": {"lieu": {"fr": …}}}`, in the order of the leaves.
pub fn nested(leaves: &[Leaf]) -> Value {
    let mut answer = Map::new();
    for leaf in leaves {
        plant(&mut answer, leaf.path, &leaf.value);
    }
    Value::Object(answer)
}

fn plant(object: &mut Map<String, Value>, path: &str, value: &Value) {
    match path.split_once('.') {
        None => {
            object.insert(path.to_owned(), value.clone());
        }
        Some((parent, rest)) => {
            let child = object.entry(parent).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(child) = child {
                plant(child, rest, value);
            }
        }
    }
}

/// Decides whether a person should look at a record: a contract's leaf that the
/// card prints is missing or was read with less than [`REVIEW_BELOW`]. Cross-checks that
/// disagree have lowered the confidence of their leaves already. A value that
/// the card marks absent (`--`), or that its generation does not print, is given.
pub fn status(leaves: &[Leaf]) -> Status {
    if leaves.iter().filter(|leaf| !leaf.additional).all(is_settled) {
        Status::Complete
    } else {
        Status::NeedsReview
    }
}

/// Whether nobody need look at a leaf.
pub(crate) fn is_settled(leaf: &Leaf) -> bool {
    match leaf.reason {
        Some(Reason::MarkedAbsent | Reason::NotPrinted) => true,
        Some(_) => false,
        None => leaf.confidence >= REVIEW_BELOW,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Evidence, Field, Part, Source};
    use crate::ocr::Rect;
    use serde_json::json;

    fn read(path: &'static str, value: &str, confidence: f32) -> Leaf {
        let evidence = Evidence {
            raw: value.to_owned(),
            confidence,
            source: Source::Recto,
            image: Part::Recto,
            bounding_box: Rect::default(),
            repairs: Vec::new(),
            readings: Vec::new(),
        };
        Leaf::text(path, &Field::read(value.to_owned(), evidence))
    }

    fn null(path: &'static str, reason: Reason) -> Leaf {
        Leaf::text(path, &Field::null(reason))
    }

    #[test]
    fn dotted_paths_become_nested_objects_in_order() {
        let leaves = [
            read("cin", "BK123", 1.0),
            read("identite.nom.fr", "EL FICTIF", 1.0),
            null("identite.nom.ar", Reason::NotFound),
            read("identite.prenom.fr", "ALI", 1.0),
        ];
        let expected = json!({
            "cin": "BK123",
            "identite": {"nom": {"fr": "EL FICTIF", "ar": null}, "prenom": {"fr": "ALI"}},
        });
        assert_eq!(nested(&leaves).to_string(), expected.to_string());
    }

    #[test]
    fn a_doubtful_or_missing_leaf_needs_review() {
        assert_eq!(status(&[read("cin", "BK123", 0.95)]), Status::Complete);
        assert_eq!(status(&[read("cin", "BK123", 0.3)]), Status::NeedsReview);
        assert_eq!(status(&[null("cin", Reason::NotFound)]), Status::NeedsReview);
    }

    #[test]
    fn what_the_card_marks_absent_is_given() {
        assert_eq!(status(&[null("mutation.date", Reason::MarkedAbsent)]), Status::Complete);
    }

    #[test]
    fn an_additional_leaf_never_needs_review() {
        assert_eq!(status(&[null("carte.can", Reason::NotFound).extra()]), Status::Complete);
    }
}
