//! Personal data at rest.

use std::time::Duration;

use secrecy::SecretString;

use crate::config::reader::Reader;
use crate::config::{AuthConfig, ConfigErrors, environment};

const DAY: u64 = 24 * 60 * 60;

/// Personal data at rest.
#[derive(Debug, Clone)]
pub struct DataConfig {
    /// `MASTER_KEYS`, comma-separated, each at least 32 characters: the first encrypts,
    /// the others only decrypt what was encrypted with them. Without any, those of the
    /// tokens serve, for the audit alone.
    pub master_keys: Vec<SecretString>,
    /// Whether these are `MASTER_KEYS`.
    pub has_master_keys: bool,
    /// `KEEP_IMAGES`, default off: whether the pictures of a card are kept, encrypted.
    pub keep_images: bool,
    /// `IMAGE_DAYS`, default 30: how long they are kept.
    pub image_lifetime: Duration,
    /// `PERSON_LINKS`, default off: whether the records of one person are put together.
    pub person_links: bool,
}

impl DataConfig {
    /// Reads what the commands need that neither serve nor sign.
    ///
    /// # Errors
    ///
    /// [`ConfigErrors`] names every variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(&environment);
        let auth = AuthConfig::read(&mut reader);
        let config = Self::read(&mut reader, auth.as_ref());
        reader.finish(Some(config))
    }

    pub(super) fn read(reader: &mut Reader<'_>, auth: Option<&AuthConfig>) -> Self {
        let expected = "secrets of at least 32 characters with commas between, such as \
            `openssl rand -hex 32` prints";
        let mut master_keys: Vec<SecretString> =
            reader.parsed("MASTER_KEYS", Vec::new(), expected, |value| {
                let keys = value.split(',').map(str::trim);
                keys.map(|key| (key.chars().count() >= 32).then(|| key.into())).collect()
            });
        let keep_images = reader.switch("KEEP_IMAGES", false);
        if keep_images && master_keys.is_empty() {
            reader.wrong("KEEP_IMAGES", "off, or MASTER_KEYS to encrypt the pictures with");
        }
        let has_master_keys = !master_keys.is_empty();
        if let (false, Some(auth)) = (has_master_keys, auth) {
            master_keys.extend(auth.jwt_secret.clone());
            master_keys.extend(auth.jwt_secrets_previous.clone());
            if master_keys.is_empty() {
                reader.wrong("MASTER_KEYS", "at least one where there is no JWT_SECRET");
            }
        }
        let days = reader.number("IMAGE_DAYS", 30, 1..=3650);
        let image_lifetime = Duration::from_secs(DAY * days);
        let person_links = reader.switch("PERSON_LINKS", false);
        Self { master_keys, has_master_keys, keep_images, image_lifetime, person_links }
    }
}
