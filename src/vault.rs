//! Keys at rest: what is derived from the master keys, and what is encrypted under them.
//!
//! Envelope encryption: each picture has a key of its own, and only that key is encrypted
//! with the master key. Changing the master key encrypts some bytes a picture anew, not
//! the picture.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::md::Md;
use openssl::pkey::{Id, PKey};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rand::rand_bytes;
use openssl::sign::Signer;
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use secrecy::{ExposeSecret, SecretString};

/// Octets of a key: AES-256, HMAC-SHA-256.
const KEY: usize = 32;
/// Octets of the nonce and of the tag of AES-GCM (NIST SP 800-38D, 5.2.1).
const NONCE: usize = 12;
const TAG: usize = 16;

/// Why something cannot be encrypted or decrypted.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It was encrypted under a master key that is not configured.
    #[error("the master key {0} is not among MASTER_KEYS")]
    UnknownKey(String),
    /// It was changed, or belongs to another place.
    #[error("the data does not decrypt: it was changed or moved")]
    Damaged,
    /// OpenSSL failed.
    #[error("OpenSSL failed")]
    OpenSsl(#[from] ErrorStack),
}

/// The master keys, the current one first.
#[derive(Clone)]
pub struct Vault {
    keys: Vec<MasterKey>,
}

#[derive(Clone)]
struct MasterKey {
    id: String,
    secret: SecretString,
}

/// Something encrypted, with its own key encrypted beside it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which master key.
    pub key_id: String,
    /// The key, encrypted.
    pub wrapped_key: Vec<u8>,
    /// The thing, encrypted.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealed").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

impl Vault {
    /// Takes the master keys, the current one first; any text long enough to be a secret.
    ///
    /// # Errors
    ///
    /// [`VaultError::OpenSsl`].
    pub fn new(secrets: &[SecretString]) -> Result<Self, VaultError> {
        let key = |secret: &SecretString| {
            let id = derive(secret, "id")?;
            Ok(MasterKey { id: hex(&id[..4]), secret: secret.clone() })
        };
        Ok(Self { keys: secrets.iter().map(key).collect::<Result<_, VaultError>>()? })
    }

    /// The name of the current master key; tells nothing of it.
    pub fn current(&self) -> &str {
        self.keys.first().map_or("", |key| &key.id)
    }

    /// Computes HMAC-SHA-256 under a key that serves `purpose` alone.
    ///
    /// # Errors
    ///
    /// [`VaultError::UnknownKey`] when the master key is not configured.
    pub fn mac(&self, key_id: &str, purpose: &str, message: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = PKey::hmac(&derive(self.secret(key_id)?, purpose)?)?;
        Ok(Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(message)?)
    }

    /// Encrypts `plain` with a new key. `place` is where it will lie: it decrypts nowhere else.
    ///
    /// # Errors
    ///
    /// [`VaultError::OpenSsl`].
    pub fn seal(&self, plain: &[u8], place: &str) -> Result<Sealed, VaultError> {
        let mut key = [0; KEY];
        rand_bytes(&mut key)?;
        Ok(Sealed {
            key_id: self.current().to_owned(),
            wrapped_key: encrypt(&self.wrapping(self.current())?, &key, place)?,
            sealed: encrypt(&key, plain, place)?,
        })
    }

    /// Decrypts what was sealed for `place`.
    ///
    /// # Errors
    ///
    /// [`VaultError::Damaged`] when it was changed or sealed for another place.
    pub fn open(&self, sealed: &Sealed, place: &str) -> Result<Vec<u8>, VaultError> {
        let key = decrypt(&self.wrapping(&sealed.key_id)?, &sealed.wrapped_key, place)?;
        decrypt(&key, &sealed.sealed, place)
    }

    /// Encrypts the key of something sealed with the current master key instead.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn rewrap(&self, key_id: &str, wrapped: &[u8], place: &str) -> Result<Vec<u8>, VaultError> {
        let key = decrypt(&self.wrapping(key_id)?, wrapped, place)?;
        encrypt(&self.wrapping(self.current())?, &key, place)
    }

    /// Encrypts something short that its owner keeps and brings back, such as a cursor.
    /// It decrypts for the same `purpose` alone.
    ///
    /// # Errors
    ///
    /// [`VaultError::OpenSsl`].
    pub fn hand_out(&self, plain: &[u8], purpose: &str) -> Result<Vec<u8>, VaultError> {
        encrypt(&derive(self.secret(self.current())?, "handed out")?, plain, purpose)
    }

    /// Decrypts what was handed out for `purpose`, under any of the master keys.
    ///
    /// # Errors
    ///
    /// [`VaultError::Damaged`] when it was changed, or handed out for something else.
    pub fn take_back(&self, sealed: &[u8], purpose: &str) -> Result<Vec<u8>, VaultError> {
        for key in &self.keys {
            let opened = decrypt(&derive(&key.secret, "handed out")?, sealed, purpose);
            if opened.is_ok() {
                return opened;
            }
        }
        Err(VaultError::Damaged)
    }

    fn wrapping(&self, key_id: &str) -> Result<[u8; KEY], VaultError> {
        Ok(derive(self.secret(key_id)?, "wrap")?)
    }

    fn secret(&self, key_id: &str) -> Result<&SecretString, VaultError> {
        let found = self.keys.iter().find(|key| key.id == key_id);
        found.map(|key| &key.secret).ok_or_else(|| VaultError::UnknownKey(key_id.to_owned()))
    }
}

/// HKDF (RFC 5869) with SHA-256: one key for each purpose.
fn derive(secret: &SecretString, purpose: &str) -> Result<[u8; KEY], ErrorStack> {
    let mut context = PkeyCtx::new_id(Id::HKDF)?;
    context.derive_init()?;
    context.set_hkdf_md(Md::sha256())?;
    context.set_hkdf_salt(b"wathiqa master key")?;
    context.set_hkdf_key(secret.expose_secret().as_bytes())?;
    context.add_hkdf_info(purpose.as_bytes())?;
    let mut key = [0; KEY];
    context.derive(Some(&mut key))?;
    Ok(key)
}

/// AES-256-GCM: the nonce, the ciphertext, the tag.
fn encrypt(key: &[u8], plain: &[u8], place: &str) -> Result<Vec<u8>, VaultError> {
    let (mut nonce, mut tag) = ([0; NONCE], [0; TAG]);
    rand_bytes(&mut nonce)?;
    let cipher = Cipher::aes_256_gcm();
    let encrypted = encrypt_aead(cipher, key, Some(&nonce), place.as_bytes(), plain, &mut tag)?;
    Ok([&nonce[..], &encrypted, &tag].concat())
}

fn decrypt(key: &[u8], sealed: &[u8], place: &str) -> Result<Vec<u8>, VaultError> {
    let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(VaultError::Damaged)?;
    let length = rest.len().checked_sub(TAG).ok_or(VaultError::Damaged)?;
    let (encrypted, tag) = rest.split_at(length);
    decrypt_aead(Cipher::aes_256_gcm(), key, Some(nonce), place.as_bytes(), encrypted, tag)
        .map_err(|_| VaultError::Damaged)
}

/// Spells octets in hexadecimal.
pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = "document_images/1/cin/7/recto";

    fn vault(secrets: &[&str]) -> Vault {
        let secrets: Vec<_> = secrets.iter().map(|&secret| secret.into()).collect();
        Vault::new(&secrets).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_alone() {
        let vault = vault(&["first"]);
        let sealed = vault.seal(b"a picture", PLACE).unwrap();

        assert_eq!(vault.open(&sealed, PLACE).unwrap(), b"a picture");
        assert!(matches!(vault.open(&sealed, "elsewhere"), Err(VaultError::Damaged)));
        assert!(!sealed.sealed.windows(9).any(|octets| octets == b"a picture"));
    }

    #[test]
    fn every_changed_octet_is_noticed() {
        let vault = vault(&["first"]);
        let sealed = vault.seal(b"a picture", PLACE).unwrap();
        for index in 0..sealed.sealed.len() {
            let mut changed = sealed.clone();
            changed.sealed[index] ^= 1;
            assert!(matches!(vault.open(&changed, PLACE), Err(VaultError::Damaged)), "{index}");
        }
        let cut = Sealed { sealed: vec![0; 5], ..sealed };
        assert!(matches!(vault.open(&cut, PLACE), Err(VaultError::Damaged)));
    }

    #[test]
    fn two_sealings_of_one_thing_differ() {
        let vault = vault(&["first"]);

        assert_ne!(vault.seal(b"x", PLACE).unwrap(), vault.seal(b"x", PLACE).unwrap());
    }

    #[test]
    fn after_a_rotation_the_old_key_is_needed_until_the_keys_are_wrapped_anew() {
        let before = vault(&["first"]);
        let sealed = before.seal(b"x", PLACE).unwrap();
        let both = vault(&["second", "first"]);
        let wrapped_key = both.rewrap(&sealed.key_id, &sealed.wrapped_key, PLACE).unwrap();
        let rotated = Sealed { key_id: both.current().to_owned(), wrapped_key, ..sealed.clone() };
        let after = vault(&["second"]);

        assert_eq!(both.open(&sealed, PLACE).unwrap(), b"x");
        assert_eq!(after.open(&rotated, PLACE).unwrap(), b"x");
        assert!(matches!(after.open(&sealed, PLACE), Err(VaultError::UnknownKey(_))));
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let vault = vault(&["first"]);
        let key = vault.current();

        let audit = vault.mac(key, "audit", b"x").unwrap();

        assert_eq!(audit, vault.mac(key, "audit", b"x").unwrap());
        assert_ne!(audit, vault.mac(key, "network", b"x").unwrap());
        assert!(vault.mac("00000000", "audit", b"x").is_err());
    }
}
