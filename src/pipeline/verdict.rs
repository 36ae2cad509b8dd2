//! Judges what the parts of an upload show, and puts them on their sides.

use super::ExtractError;
use crate::documents::{DocumentKind, Recognised, Sheet, Side, Sides};

/// Marks of a kind that make it certain on a page.
const CERTAIN: u32 = 2;

/// What each part was recognised as, when together they are certainly a `K`.
///
/// One side may bear a single mark, when the other is certain: a worn back
/// must not cost the front.
pub(super) fn verdicts<K: DocumentKind>(
    recto: &Sheet,
    verso: Option<&Sheet>,
) -> Result<(Recognised, Option<Recognised>), ExtractError> {
    let first = verdict::<K>(recto)?;
    let second = verso.map(verdict::<K>).transpose()?;
    let marks = second.map_or(0, |second| second.marks).max(first.marks);
    if marks < CERTAIN {
        return Err(ExtractError::NotADocument { part: recto.part, advice: Vec::new() });
    }
    match second {
        Some(second) if second.side == first.side => Err(ExtractError::SameSideTwice),
        None if first.side == Side::Verso => Err(ExtractError::SideMissing),
        _ => Ok((first, second)),
    }
}

fn verdict<K: DocumentKind>(sheet: &Sheet) -> Result<Recognised, ExtractError> {
    let part = sheet.part;
    let recognised =
        sheet.recognised.ok_or(ExtractError::NotADocument { part, advice: Vec::new() })?;
    if recognised.kind == K::SLUG {
        Ok(recognised)
    } else if recognised.marks >= CERTAIN {
        Err(ExtractError::WrongDocument { part, found: recognised.kind })
    } else {
        Err(ExtractError::NotADocument { part, advice: Vec::new() })
    }
}

/// Puts each sheet on the side that is printed on it, whichever part it came in.
pub(super) fn arrange(
    verdicts: (Recognised, Option<Recognised>),
    first: Sheet,
    second: Option<Sheet>,
) -> Sides {
    match verdicts.0.side {
        Side::Recto => Sides { recto: Some(first), verso: second },
        Side::Verso => Sides { recto: second, verso: Some(first) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Part, cin::Cin, permis::Permis};
    use crate::ocr::{Page, Placement};

    fn sheet(part: Part, recognised: Option<(&'static str, Side, u32)>) -> Sheet {
        let page = Page {
            width: 100.0,
            height: 63.0,
            lines: Vec::new(),
            mrz: Vec::new(),
            portrait: None,
            placement: Placement::IDENTITY,
        };
        let recognised = recognised.map(|(kind, side, marks)| Recognised {
            kind,
            side,
            generation: None,
            marks,
        });
        Sheet { page, part, recognised }
    }

    #[test]
    fn swapped_sides_are_put_right_by_what_is_printed() {
        let first = sheet(Part::Recto, Some(("cin", Side::Verso, 2)));
        let second = sheet(Part::Verso, Some(("cin", Side::Recto, 2)));

        let verdicts = verdicts::<Cin>(&first, Some(&second)).unwrap();
        let sides = arrange(verdicts, first, Some(second));

        assert_eq!(sides.recto.unwrap().part, Part::Verso);
        assert_eq!(sides.verso.unwrap().part, Part::Recto);
    }

    #[test]
    fn a_worn_side_is_accepted_beside_a_certain_one() {
        let first = sheet(Part::Recto, Some(("cin", Side::Recto, 3)));
        let second = sheet(Part::Verso, Some(("cin", Side::Verso, 1)));

        assert!(verdicts::<Cin>(&first, Some(&second)).is_ok());
    }

    #[test]
    fn two_uncertain_sides_are_no_document() {
        let first = sheet(Part::Recto, Some(("cin", Side::Recto, 1)));
        let second = sheet(Part::Verso, Some(("cin", Side::Verso, 1)));

        let refusal = verdicts::<Cin>(&first, Some(&second)).unwrap_err();

        assert!(matches!(refusal, ExtractError::NotADocument { .. }));
    }

    #[test]
    fn a_licence_sent_as_an_identity_card_is_named() {
        let first = sheet(Part::Recto, Some(("permis", Side::Recto, 3)));

        let refusal = verdicts::<Cin>(&first, None).unwrap_err();

        assert!(matches!(
            refusal,
            ExtractError::WrongDocument { part: Part::Recto, found: "permis" }
        ));
    }

    #[test]
    fn the_same_side_twice_is_named() {
        let first = sheet(Part::Recto, Some(("cin", Side::Recto, 3)));
        let second = sheet(Part::Verso, Some(("cin", Side::Recto, 3)));

        assert!(matches!(verdicts::<Cin>(&first, Some(&second)), Err(ExtractError::SameSideTwice)));
    }

    #[test]
    fn a_back_alone_misses_its_front() {
        let only = sheet(Part::Recto, Some(("permis", Side::Verso, 3)));

        assert!(matches!(verdicts::<Permis>(&only, None), Err(ExtractError::SideMissing)));
    }
}
