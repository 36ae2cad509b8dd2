//! Whether a JPEG is whole. Decoders fill the rest of one that was cut with
//! grey, which would be read as a card with little print.

/// Whether the end-of-image marker follows the first scan (ITU-T T.81, annex B).
///
/// Thumbnails, which are pictures of their own within the header, are stepped
/// over. What is not a JPEG at all is left to the decoder to refuse.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    const STANDALONE: std::ops::RangeInclusive<u8> = 0xD0..=0xD8;
    let mut rest = bytes;
    loop {
        match rest {
            [0xFF, 0xFF, ..] => rest = &rest[1..],
            [0xFF, 0xDA, scan @ ..] => {
                // Within a scan 0xFF is followed by 0 or a restart marker.
                return scan.windows(2).any(|pair| pair == [0xFF, 0xD9]);
            }
            [0xFF, marker, after @ ..] if STANDALONE.contains(marker) => rest = after,
            [0xFF, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                match rest.get(2 + length..) {
                    Some(after) => rest = after,
                    None => return false,
                }
            }
            [] | [0xFF, ..] => return false,
            _ => return true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header with a thumbnail in it, a scan, and what comes after.
    fn jpeg(after: &[u8]) -> Vec<u8> {
        let thumbnail = [0xFF, 0xD8, 0xFF, 0xDA, 0, 0xFF, 0xD9];
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 2 + thumbnail.len() as u8];
        bytes.extend(thumbnail);
        bytes.extend([0xFF, 0xDA, 0, 2, 7, 7, 0xFF, 0, 7]);
        bytes.extend(after);
        bytes
    }

    #[test]
    fn a_whole_picture_ends_after_its_scan() {
        assert!(is_whole(&jpeg(&[0xFF, 0xD9])));
        assert!(is_whole(&jpeg(&[0xFF, 0xD9, 1, 2, 3])), "some cameras append a film");
    }

    #[test]
    fn a_picture_that_was_cut_is_not_whole_wherever_that_was() {
        let whole = jpeg(&[0xFF, 0xD9]);
        for length in 2..whole.len() {
            assert!(!is_whole(&whole[..length]), "cut at {length}");
        }
    }
}
