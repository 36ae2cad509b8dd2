//! Keys of tokens in PEM files. What is wrong with a file is told by the
//! variable that names it; neither its path nor its content is.

use std::fs;

use openssl::pkey::{Id, PKey, Private, Public};

use crate::config::SigningAlgorithm;
use crate::config::reader::Reader;

/// RFC 7518 section 3.3; below it a signature can be forged with effort.
const RSA_BITS: u32 = 2048;

/// Why a file holds no key for the algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Unread,
    NoKey,
    Kind,
    Short,
}

impl Fault {
    fn why(self, algorithm: SigningAlgorithm) -> String {
        match self {
            Self::Unread => "the file cannot be read".to_owned(),
            Self::NoKey => "the file holds no PEM key, or one with a passphrase".to_owned(),
            Self::Kind => format!("the key is not one of {}", kind(algorithm).0),
            Self::Short => format!("the RSA key has fewer than {RSA_BITS} bits"),
        }
    }
}

/// Reads the private key to sign with; required where the algorithm has one.
pub(super) fn read_private(
    reader: &mut Reader<'_>,
    name: &'static str,
    algorithm: SigningAlgorithm,
) -> Option<PKey<Private>> {
    let path = reader.text(name);
    if algorithm == SigningAlgorithm::Hs256 {
        return None;
    }
    let (_, command) = kind(algorithm);
    let Some(path) = path else {
        reader.missing(name, &format!("a PEM file, such as `{command}` makes"));
        return None;
    };
    private_key(&path, algorithm).map_err(|fault| reader.refused(name, fault.why(algorithm))).ok()
}

/// Reads the comma-separated files of the keys before, private or public.
pub(super) fn read_previous(
    reader: &mut Reader<'_>,
    name: &'static str,
    algorithm: SigningAlgorithm,
) -> Vec<PKey<Public>> {
    let paths = reader.text(name).unwrap_or_default();
    if algorithm == SigningAlgorithm::Hs256 {
        return Vec::new();
    }
    let paths = paths.split(',').map(str::trim).filter(|path| !path.is_empty());
    let keys: Result<_, _> = paths.map(|path| public_key(path, algorithm)).collect();
    keys.map_err(|fault| reader.refused(name, fault.why(algorithm))).unwrap_or_default()
}

/// What the key is called, and how one is made.
fn kind(algorithm: SigningAlgorithm) -> (&'static str, &'static str) {
    match algorithm {
        SigningAlgorithm::Rs256 => {
            ("RSA", "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072")
        }
        _ => ("Ed25519", "openssl genpkey -algorithm ed25519"),
    }
}

fn private_key(path: &str, algorithm: SigningAlgorithm) -> Result<PKey<Private>, Fault> {
    let pem = fs::read(path).map_err(|_| Fault::Unread)?;
    // Without a passphrase OpenSSL would ask the terminal for one.
    let key = PKey::private_key_from_pem_passphrase(&pem, b"").map_err(|_| Fault::NoKey)?;
    check(key.id(), key.bits(), algorithm)?;
    Ok(key)
}

fn public_key(path: &str, algorithm: SigningAlgorithm) -> Result<PKey<Public>, Fault> {
    let pem = fs::read(path).map_err(|_| Fault::Unread)?;
    let key = match PKey::public_key_from_pem(&pem) {
        Ok(key) => key,
        Err(_) => public_half(&pem).ok_or(Fault::NoKey)?,
    };
    check(key.id(), key.bits(), algorithm)?;
    Ok(key)
}

fn public_half(pem: &[u8]) -> Option<PKey<Public>> {
    let private = PKey::private_key_from_pem_passphrase(pem, b"").ok()?;
    PKey::public_key_from_der(&private.public_key_to_der().ok()?).ok()
}

fn check(id: Id, bits: u32, algorithm: SigningAlgorithm) -> Result<(), Fault> {
    match algorithm {
        SigningAlgorithm::EdDsa if id == Id::ED25519 => Ok(()),
        SigningAlgorithm::Rs256 if id != Id::RSA => Err(Fault::Kind),
        SigningAlgorithm::Rs256 if bits < RSA_BITS => Err(Fault::Short),
        SigningAlgorithm::Rs256 => Ok(()),
        _ => Err(Fault::Kind),
    }
}
