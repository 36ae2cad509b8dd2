//! The journey of one card, from uploaded pictures to checked fields, on one screen.

mod timings;

use std::thread;

use serde_json::{Map, Value, json};

use crate::documents::{
    self, DocumentKind, Fields, Known, Leaf, Part, Recognised, Sheet, Side, Sides, Status,
};
use crate::imaging::quality::{self, Fault, Quality};
use crate::imaging::{self, ImagingError};
use crate::ocr::{self, Engines, OcrError};

use timings::Clock;
pub use timings::Timings;

/// Marks of a kind that make it certain on a page.
const CERTAIN: u32 = 2;

/// What one card gave.
pub struct Extraction<K: DocumentKind> {
    /// The fields.
    pub fields: K::Fields,
    /// What the recto part was recognised as.
    pub recto: Recognised,
    /// What the verso part was recognised as, when one was sent.
    pub verso: Option<Recognised>,
    /// Whether a person should look at it.
    pub status: Status,
    /// Every leaf with its evidence, in the contract's order.
    pub leaves: Vec<Leaf>,
    /// What the pictures are like, by part.
    pub quality: Vec<(Part, Quality)>,
    /// How long each stage took.
    pub timings: Timings,
}

/// Why a card gave no record, by what the client can do about it.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// A part is no picture that can be read.
    #[error("the {part:?} part cannot be decoded")]
    Image {
        /// Which part.
        part: Part,
        /// Why.
        source: ImagingError,
    },
    /// A part cannot be read well enough to try.
    #[error("the {part:?} part is {fault:?}")]
    Quality {
        /// Which part.
        part: Part,
        /// What is wrong with it.
        fault: Fault,
    },
    /// Nothing on the picture says that it is a document of any kind.
    #[error("the {part:?} part shows no known document")]
    NotADocument {
        /// Which part.
        part: Part,
        /// What may be the reason, by part.
        advice: Vec<(Part, Fault)>,
    },
    /// The picture shows a document of another kind.
    #[error("the {part:?} part shows a {found}")]
    WrongDocument {
        /// Which part.
        part: Part,
        /// The slug of the kind that it shows.
        found: &'static str,
    },
    /// Both parts show the same side.
    #[error("both parts show the same side")]
    SameSideTwice,
    /// The side that bears the number was not sent.
    #[error("the other side is missing")]
    SideMissing,
    /// The kind is certain, its number was not legible.
    #[error("the number could not be read")]
    NumberUnreadable {
        /// What may be the reason, by part.
        advice: Vec<(Part, Fault)>,
    },
    /// The engine failed on a picture, or ran past its deadline.
    #[error("the picture could not be read")]
    Ocr(#[from] OcrError),
}

impl ExtractError {
    /// The same with what may be the reason, where that helps.
    fn with(self, advice: Vec<(Part, Fault)>) -> Self {
        match self {
            Self::NotADocument { part, .. } => Self::NotADocument { part, advice },
            other => other,
        }
    }
}

/// Reads a card of kind `K` from the encoded pictures of its sides, in either order.
///
/// Pure apart from the engines: no database, no network, and a clock only for
/// the timings, so the same bytes and engines always give the same fields.
///
/// # Errors
///
/// The stage that stops the journey decides the variant of [`ExtractError`].
pub fn extract<K: DocumentKind>(
    engines: &dyn Engines,
    recto: &[u8],
    verso: Option<&[u8]>,
) -> Result<Extraction<K>, ExtractError> {
    // The sides do not depend on each other: two cores read them side by side.
    let (recto, verso) = thread::scope(|scope| {
        let verso = verso.map(|bytes| scope.spawn(|| see(engines, bytes, Part::Verso)));
        let recto = see(engines, recto, Part::Recto);
        let verso =
            verso.map(|side| side.join().unwrap_or(Err(ExtractError::Ocr(OcrError::Crashed))));
        (recto, verso)
    });
    let (recto, verso) = both(recto, verso.transpose())?;
    let mut clock = Clock::start();
    let mut timings = recto.timings;
    let mut quality = vec![(Part::Recto, recto.quality)];
    let recto = recto.sheet;
    let verso = verso.map(|seen| {
        timings = timings.slower(seen.timings);
        quality.push((Part::Verso, seen.quality));
        seen.sheet
    });
    let advised = || advice(&quality);
    let verdicts = verdicts::<K>(&recto, verso.as_ref()).map_err(|error| error.with(advised()))?;
    let fields = K::read(&arrange(verdicts, recto, verso));
    if fields.number().is_none() {
        return Err(ExtractError::NumberUnreadable { advice: advised() });
    }
    let leaves = fields.leaves();
    let status = documents::status(&leaves);
    timings.fields = clock.lap();
    let (recto, verso) = verdicts;
    Ok(Extraction { fields, recto, verso, status, leaves, quality, timings })
}

/// What is wrong with the pictures, by part.
fn advice(quality: &[(Part, Quality)]) -> Vec<(Part, Fault)> {
    let of_part = |(part, quality): &(Part, Quality)| -> Vec<(Part, Fault)> {
        quality.findings.iter().map(|finding| (*part, finding.fault)).collect()
    };
    quality.iter().flat_map(of_part).collect()
}

/// Judges one picture without reading it.
///
/// # Errors
///
/// Those of [`imaging::decode`].
pub fn judge(encoded: &[u8]) -> Result<(Quality, Timings), ImagingError> {
    let mut clock = Clock::start();
    let photo = imaging::decode(encoded)?;
    let decode = clock.lap();
    let card = imaging::rectify(&photo);
    let quality = quality::judge(&photo, &card, &imaging::find_print(&card.pixels));
    Ok((quality, Timings { decode, rectify: clock.lap(), ..Timings::default() }))
}

/// Both sides, or the error that the client can do more about: a side that found
/// no engine may have waited for the one whose picture hung it.
fn both<T>(
    recto: Result<T, ExtractError>,
    verso: Result<Option<T>, ExtractError>,
) -> Result<(T, Option<T>), ExtractError> {
    match (recto, verso) {
        (Ok(recto), Ok(verso)) => Ok((recto, verso)),
        (Err(ExtractError::Ocr(OcrError::Unavailable)) | Ok(_), Err(error)) | (Err(error), _) => {
            Err(error)
        }
    }
}

/// One part after it was read.
struct Seen {
    sheet: Sheet,
    quality: Quality,
    timings: Timings,
}

/// From the bytes of one part to a page of text.
fn see(engines: &dyn Engines, encoded: &[u8], part: Part) -> Result<Seen, ExtractError> {
    let mut clock = Clock::start();
    let photo = imaging::decode(encoded).map_err(|source| ExtractError::Image { part, source })?;
    let decode = clock.lap();
    let card = imaging::rectify(&photo);
    let print = imaging::find_print(&card.pixels);
    let quality = quality::judge(&photo, &card, &print);
    drop(photo);
    let rectify = clock.lap();
    // Before time is spent on reading what cannot be read.
    if let Some(fault) = quality.refusal() {
        return Err(ExtractError::Quality { part, fault });
    }
    let page =
        engines.with_engine(&mut |engine| ocr::read_card(&card, print.clone(), &Known, engine))?;
    let recognised = documents::recognise_any(&page);
    let timings = Timings { decode, rectify, read: clock.lap(), ..Timings::default() };
    Ok(Seen { sheet: Sheet { page, part, recognised }, quality, timings })
}

/// What each part was recognised as, when together they are certainly a `K`.
///
/// One side may bear a single mark, when the other is certain: a worn back
/// must not cost the front.
fn verdicts<K: DocumentKind>(
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
fn arrange(
    verdicts: (Recognised, Option<Recognised>),
    first: Sheet,
    second: Option<Sheet>,
) -> Sides {
    match verdicts.0.side {
        Side::Recto => Sides { recto: Some(first), verso: second },
        Side::Verso => Sides { recto: second, verso: Some(first) },
    }
}

impl<K: DocumentKind> Extraction<K> {
    /// The answer of `process` without its `id`: the contract's nested members,
    /// then `document`, `status` and `fields` with the evidence of every leaf.
    pub fn answer(&self) -> Map<String, Value> {
        let Value::Object(mut answer) = documents::nested(&self.leaves) else { return Map::new() };
        answer.extend(self.fields.additional());
        let generation = self.recto.generation.or(self.verso.and_then(|verso| verso.generation));
        answer.insert(
            "document".into(),
            json!({
                "kind": K::SLUG,
                "generation": generation,
                "recto": self.recto,
                "verso": self.verso,
            }),
        );
        answer.insert("status".into(), json!(self.status));
        let quality: Map<String, Value> = self
            .quality
            .iter()
            .map(|(part, quality)| (part.name().into(), json!(quality)))
            .collect();
        answer.insert("quality".into(), Value::Object(quality));
        answer.insert("checks".into(), json!(self.fields.checks()));
        let fields: Map<String, Value> =
            self.leaves.iter().map(|leaf| (leaf.path.to_owned(), json!(leaf))).collect();
        answer.insert("fields".into(), Value::Object(fields));
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{cin::Cin, permis::Permis};
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
