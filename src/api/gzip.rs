//! One gzip stream (RFC 1952) made of stretches that were compressed apart, so that they
//! can be kept and sent again behind others, and that no state is held between them.

use std::cell::RefCell;

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// What a stream begins with: deflated, no name, no time, the fastest way, any system.
pub(super) const HEADER: &[u8] = &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255];

/// An empty last block.
const LAST_BLOCK: [u8; 2] = [3, 0];

thread_local! {
    /// Its tables are long: to make them anew takes as long as compressing some rows.
    static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
}

/// Compresses a stretch up to a whole byte; another may follow. The level is the fastest:
/// the next ones take twice the time and more for a list that is a third smaller.
pub(super) fn deflate(stretch: &[u8]) -> (Vec<u8>, Crc) {
    let mut checksum = Crc::new();
    checksum.update(stretch);
    let mut deflated = Vec::with_capacity(stretch.len() / 4 + 64);
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        run(compressor, stretch, &mut deflated);
    });
    deflated.shrink_to_fit();
    (deflated, checksum)
}

fn run(compressor: &mut Compress, stretch: &[u8], deflated: &mut Vec<u8>) {
    loop {
        let rest = stretch.get(compressor.total_in() as usize..).unwrap_or_default();
        let status = compressor.compress_vec(rest, deflated, FlushCompress::Sync);
        // All of it is there when some room is left.
        let is_done = deflated.len() < deflated.capacity();
        if is_done || !matches!(status, Ok(Status::Ok)) {
            break;
        }
        deflated.reserve(deflated.len());
    }
}

/// What a stream ends with, by the checksum of all that was compressed.
pub(super) fn trailer(checksum: &Crc) -> Vec<u8> {
    let (sum, length) = (checksum.sum().to_le_bytes(), checksum.amount().to_le_bytes());
    [LAST_BLOCK.as_slice(), &sum, &length].concat()
}

/// A whole stream of one stretch.
pub(super) fn whole(content: &[u8]) -> Vec<u8> {
    let (deflated, checksum) = deflate(content);
    [HEADER, &deflated, &trailer(&checksum)].concat()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    fn opened(stream: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        GzDecoder::new(stream).read_to_end(&mut content).unwrap();
        content
    }

    /// Text that hardly repeats, so that it hardly shrinks.
    fn text(length: u64) -> Vec<u8> {
        let mix = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23) as u8;
        (0..length).map(|n| mix(mix(n).into()).wrapping_add(mix(n * n))).collect()
    }

    #[test]
    fn what_was_compressed_comes_back() {
        for length in [0, 1, 100, 4096, 65_535, 65_536, 1_000_000] {
            let content = text(length);
            assert_eq!(opened(&whole(&content)), content, "{length}");
        }
    }

    #[test]
    fn stretches_that_were_compressed_apart_are_one_stream() {
        let stretches = [text(70_000), b"[]".to_vec(), vec![b' '; 300_000], text(1)];
        let mut stream = HEADER.to_vec();
        let mut checksum = Crc::new();
        for stretch in &stretches {
            let (deflated, of_stretch) = deflate(stretch);
            stream.extend_from_slice(&deflated);
            checksum.combine(&of_stretch);
        }
        stream.extend_from_slice(&trailer(&checksum));

        assert_eq!(opened(&stream), stretches.concat());
    }
}
