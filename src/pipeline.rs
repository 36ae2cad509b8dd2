//! The journey of one card, from uploaded pictures to checked fields, on one screen.

use crate::documents::{DocumentKind, Leaf, Part, Recognised, Status};
use crate::imaging::ImagingError;
use crate::ocr::{Engines, OcrError};

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
    /// Nothing on the picture says that it is a document of any kind.
    #[error("the {part:?} part shows no known document")]
    NotADocument {
        /// Which part.
        part: Part,
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
    /// Only the back was sent of a card whose front is needed, or the reverse.
    #[error("the other side is missing")]
    SideMissing,
    /// The kind is certain, its number was not legible.
    #[error("the number could not be read")]
    NumberUnreadable,
    /// The engine failed on a picture, or ran past its deadline.
    #[error("the picture could not be read")]
    Ocr(#[from] OcrError),
}

/// Reads a card of kind `K` from the encoded pictures of its sides, in either order.
///
/// # Errors
///
/// The stage that stops the journey decides the variant of [`ExtractError`].
pub fn extract<K: DocumentKind>(
    engines: &dyn Engines,
    recto: &[u8],
    verso: Option<&[u8]>,
) -> Result<Extraction<K>, ExtractError> {
    let _ = (engines, recto, verso);
    Err(ExtractError::SideMissing)
}
