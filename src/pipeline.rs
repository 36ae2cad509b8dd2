//! The journey of one card, from uploaded pictures to checked fields, on one screen.

mod timings;
mod verdict;

use std::thread;

use serde_json::{Map, Value, json};

use crate::documents::{self, DocumentKind, Fields, Known, Leaf, Part, Recognised, Sheet, Status};
use crate::imaging::quality::{self, Fault, Quality};
use crate::imaging::{self, Card, ImagingError, Print};
use crate::ocr::{self, Engines, OcrError};

use timings::Clock;
pub use timings::Timings;
use verdict::{arrange, verdicts};

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
        let verso = verso.map(|bytes| scope.spawn(|| see(engines, bytes, Part::Verso, K::SLUG)));
        let recto = see(engines, recto, Part::Recto, K::SLUG);
        let verso =
            verso.map(|side| side.join().unwrap_or(Err(ExtractError::Ocr(OcrError::Crashed))));
        (recto, verso)
    });
    let (recto, verso) = both(recto, verso.transpose())?;
    let mut clock = Clock::start();
    let mut timings = recto.timings;
    let mut quality = vec![(Part::Recto, recto.quality)];
    let mut beside: Vec<(Part, Card)> = Vec::new();
    beside.extend(recto.beside.map(|card| (Part::Recto, card)));
    let recto = recto.sheet;
    let verso = verso.map(|seen| {
        timings = timings.slower(seen.timings);
        quality.push((Part::Verso, seen.quality));
        beside.extend(seen.beside.map(|card| (Part::Verso, card)));
        seen.sheet
    });
    let verso = with_other_side::<K>(engines, &recto, verso, beside)?;
    timings.read += clock.lap();
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
    /// A card beside the one that was read.
    beside: Option<Card>,
    quality: Quality,
    timings: Timings,
}

/// From the bytes of one part to a page of text, of the card of kind `wanted` where two
/// lie in the picture.
fn see(
    engines: &dyn Engines,
    encoded: &[u8],
    part: Part,
    wanted: &'static str,
) -> Result<Seen, ExtractError> {
    let mut clock = Clock::start();
    let photo = imaging::decode(encoded).map_err(|source| ExtractError::Image { part, source })?;
    let decode = clock.lap();
    let (card, mut beside) = imaging::find_cards(&photo);
    let print = imaging::find_print(&card.pixels);
    let quality = quality::judge(&photo, &card, &print);
    drop(photo);
    let rectify = clock.lap();
    // Before time is spent on reading what cannot be read.
    if let Some(fault) = quality.refusal() {
        return Err(ExtractError::Quality { part, fault });
    }
    if print.is_page() {
        return Err(ExtractError::NotADocument { part, advice: Vec::new() });
    }
    let mut sheet = read(engines, &card, &print, part)?;
    if !sheet.shows(wanted)
        && let Some(card) = beside.take()
    {
        let other = read(engines, &card, &imaging::find_print(&card.pixels), part)?;
        sheet = if other.shows(wanted) { other } else { sheet };
    }
    let timings = Timings { decode, rectify, read: clock.lap(), ..Timings::default() };
    Ok(Seen { sheet, beside, quality, timings })
}

/// From a card to a page of text.
fn read(
    engines: &dyn Engines,
    card: &Card,
    print: &Print,
    part: Part,
) -> Result<Sheet, ExtractError> {
    let page =
        engines.with_engine(&mut |engine| ocr::read_card(card, print.clone(), &Known, engine))?;
    let recognised = documents::recognise_any(&page);
    Ok(Sheet { page, part, recognised })
}

/// The second part, or instead of none, and of the same side once more, the other side
/// where that lies beside the first in a picture.
fn with_other_side<K: DocumentKind>(
    engines: &dyn Engines,
    first: &Sheet,
    second: Option<Sheet>,
    beside: Vec<(Part, Card)>,
) -> Result<Option<Sheet>, ExtractError> {
    let side = |sheet: &Sheet| sheet.recognised.map(|recognised| recognised.side);
    if second.as_ref().is_some_and(|second| side(second) != side(first)) {
        return Ok(second);
    }
    for (part, card) in beside {
        let sheet = read(engines, &card, &imaging::find_print(&card.pixels), part)?;
        if sheet.shows(K::SLUG) && side(&sheet) != side(first) {
            return Ok(Some(sheet));
        }
    }
    Ok(second)
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
