//! What is said between the pool and a worker, over one socket.
//!
//! A message is its length in four bytes, little-endian, and that many bytes.
//! The worker greets with [`Greeting`]; then each request of snippets (binary,
//! for the pixels) is answered with [`Answer`]. Greeting and answer are JSON.

use std::io::{self, Read, Write};

use image::GrayImage;
use serde::{Deserialize, Serialize};

use super::{Layout, Line, Model, Snippet};

/// The longest message either side accepts, in bytes: a card at 12 megapixels
/// with room for its lines at several scales.
pub(super) const MESSAGE_MAX: usize = 64 << 20;

/// The first message of a worker: its models are loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Greeting {
    /// The version of libtesseract.
    pub(super) version: String,
    /// The languages of the loaded models.
    pub(super) languages: Vec<String>,
    /// Whether our own recogniser is there.
    #[serde(default)]
    pub(super) recogniser: bool,
}

/// The lines of each snippet of a request, in its order; an empty list where
/// the engine refused one.
pub(super) type Answer = Vec<Vec<Line>>;

/// Writes one message.
pub(super) fn send(to: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len())
        .ok()
        .filter(|_| message.len() <= MESSAGE_MAX)
        .ok_or(io::ErrorKind::InvalidInput)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(message)?;
    to.flush()
}

/// Reads one message; an end before its first byte is `UnexpectedEof`.
pub(super) fn receive(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MESSAGE_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    from.read_exact(&mut message)?;
    Ok(message)
}

/// Packs snippets into a request.
pub(super) fn encode(snippets: &[Snippet]) -> Vec<u8> {
    let pixels: usize = snippets.iter().map(|snippet| snippet.image.as_raw().len() + 10).sum();
    let mut message = Vec::with_capacity(pixels);
    for snippet in snippets {
        let model = Model::ALL.iter().position(|model| *model == snippet.model).unwrap_or(0);
        let layout = Layout::ALL.iter().position(|layout| *layout == snippet.layout).unwrap_or(0);
        message.extend([model as u8, layout as u8]);
        message.extend(snippet.image.width().to_le_bytes());
        message.extend(snippet.image.height().to_le_bytes());
        message.extend(snippet.image.as_raw());
    }
    message
}

/// Unpacks a request; nothing when it is not one.
pub(super) fn decode(mut message: &[u8]) -> Option<Vec<Snippet>> {
    let mut snippets = Vec::new();
    while !message.is_empty() {
        let (head, rest) = message.split_first_chunk::<2>()?;
        let (width, rest) = rest.split_first_chunk::<4>()?;
        let (height, rest) = rest.split_first_chunk::<4>()?;
        let (width, height) = (u32::from_le_bytes(*width), u32::from_le_bytes(*height));
        let size = (width as usize).checked_mul(height as usize)?;
        let (pixels, rest) = rest.split_at_checked(size)?;
        snippets.push(Snippet {
            image: GrayImage::from_raw(width, height, pixels.to_vec())?,
            model: *Model::ALL.get(usize::from(head[0]))?,
            layout: *Layout::ALL.get(usize::from(head[1]))?,
        });
        message = rest;
    }
    Some(snippets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet() -> Snippet {
        let image = GrayImage::from_fn(7, 3, |x, y| image::Luma([(x * 10 + y) as u8]));
        Snippet { image, model: Model::Arabic, layout: Layout::Line }
    }

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        let sent = [snippet(), Snippet { model: Model::Mrz, layout: Layout::Block, ..snippet() }];
        let mut wire = Vec::new();
        send(&mut wire, &encode(&sent)).unwrap();
        let received = decode(&receive(&mut wire.as_slice()).unwrap()).unwrap();
        assert_eq!(received.len(), 2);
        for (left, right) in sent.iter().zip(&received) {
            assert_eq!(left.image, right.image);
            assert_eq!((left.model, left.layout), (right.model, right.layout));
        }
    }

    #[test]
    fn a_cut_or_foreign_request_is_refused() {
        let whole = encode(&[snippet()]);
        for length in 1..whole.len() {
            assert!(decode(&whole[..length]).is_none(), "cut at {length}");
        }
        assert!(decode(&[9; 40]).is_none());
    }

    #[test]
    fn a_length_beyond_the_limit_allocates_nothing() {
        let wire = u32::MAX.to_le_bytes();
        let error = receive(&mut wire.as_slice()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
