//! SHA-256 and its HMAC (RFC 2104), of which every request takes several.
//!
//! By RustCrypto: OpenSSL 3 looks an algorithm up by name each time that it is used, which
//! took a fifth of the time of an answer from memory.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// Hashes a text that is at hand.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Computes the code of a message.
pub fn hmac(secret: &[u8], message: &[u8]) -> [u8; 32] {
    keyed(secret).chain_update(message).finalize().into_bytes().into()
}

/// Whether a code is that of a message; takes the same time wherever they differ.
pub fn is_hmac(code: &[u8], secret: &[u8], message: &[u8]) -> bool {
    keyed(secret).chain_update(message).verify_slice(code).is_ok()
}

fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    match Hmac::new_from_slice(secret) {
        Ok(keyed) => keyed,
        Err(_never) => unreachable!("a key of any length suits an HMAC"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_example_of_fips_180_is_hashed() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assert_eq!(digits(&sha256(b"abc")), expected);
    }

    #[test]
    fn the_examples_of_rfc_4231_are_computed_and_nothing_else_is_accepted() {
        let short = hmac(b"Jefe", b"what do ya want for nothing?");
        let long = hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");

        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(digits(&short), expected);
        let expected = "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
        assert_eq!(digits(&long), expected);
        assert!(is_hmac(&short, b"Jefe", b"what do ya want for nothing?"));
        assert!(!is_hmac(&short, b"Jeff", b"what do ya want for nothing?"));
        assert!(!is_hmac(&short[..31], b"Jefe", b"what do ya want for nothing?"));
        assert!(!is_hmac(b"", b"Jefe", b"what do ya want for nothing?"));
    }
}
