//! Passwords: hashed with argon2id (RFC 9106); bcrypt of the application before
//! is still verified, and replaced at the next log-in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, oneshot};

/// OWASP's parameters: 19 MiB, two passes, one lane; 16 ms of a core.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A stored hash may ask for this much and no more, or an imported one would
/// be a weapon.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 8;
const MAX_BCRYPT_COST: u32 = 14;

/// Passwords that may wait for their turn.
const QUEUE: usize = 64;
/// How much less than others a thread that hashes asks for the processor. An answer comes
/// first, and where nothing else is to be done hashing takes as long as ever.
const NICENESS: i32 = 10;

/// What a password is compared with when there is no account: a hash with our
/// parameters of a password that nobody knows, so that it takes as long.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
    c3Ryb25nZXIgdGhhbiBub25l$MRSQx9RGfQ0GrXpD3FFNMDBCwFjQDP4YsN3jcXrIbSk";

/// Why a password was neither accepted nor refused.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many passwords are being hashed already: try again later.
    #[error("too many passwords are being hashed")]
    Busy,
    /// It is among those that are tried first.
    #[error("the password is easily guessed")]
    Common,
    /// The hash could not be computed.
    #[error("the password could not be hashed")]
    Hash,
}

/// Whether a password matched.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It did not, or there is no such account.
    Wrong,
    /// It did.
    Right {
        /// A better hash to store, when the stored one is of an older kind.
        better_hash: Option<String>,
    },
}

impl std::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Wrong => "Wrong",
            Self::Right { better_hash: None } => "Right",
            Self::Right { better_hash: Some(_) } => "Right(better hash redacted)",
        })
    }
}

/// Hashes and verifies on threads of their own, which give way to those that answer
/// requests; a bounded number at once. Clones share the bound.
#[derive(Debug, Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    admitted: Arc<AtomicUsize>,
    limit: usize,
    refuses_common: bool,
}

impl Passwords {
    /// Makes a hasher for this machine: one password at once for each core.
    /// `refuses_common` says whether new passwords must not be easily guessed.
    pub fn new(refuses_common: bool) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { refuses_common, ..Self::bounded(cores, QUEUE) }
    }

    fn bounded(at_once: usize, queue: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(at_once)),
            admitted: Arc::default(),
            limit: at_once + queue,
            refuses_common: false,
        }
    }

    /// Hashes a new password; the answer is a PHC string. `email` is what a guesser would
    /// try too.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Common`] when it is easily guessed, [`PasswordError::Busy`] when
    /// too many wait.
    pub async fn hash_new(
        &self,
        password: SecretString,
        email: &str,
    ) -> Result<String, PasswordError> {
        let (refuses_common, email) = (self.refuses_common, email.to_owned());
        self.run(move || {
            if refuses_common && is_common(&password, &email) {
                return Err(PasswordError::Common);
            }
            hash(&password)
        })
        .await
    }

    /// Verifies a password against the stored hash of an account, or takes
    /// as long for nothing when there is no account.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Busy`] when too many wait.
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        self.run(move || verify(&password, stored.as_deref())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let admission = Admission::of(self).ok_or(PasswordError::Busy)?;
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| PasswordError::Busy)?;
        let (tell, told) = oneshot::channel();
        // A thread each: to make one is nothing beside a hash, and one that has lowered
        // its priority cannot raise it again and serve for something else.
        let thread = std::thread::Builder::new().name("password".to_owned()).spawn(move || {
            // Both go with the work: a client that hangs up does not stop it.
            let held = (admission, permit);
            give_way();
            let outcome = work();
            drop(held);
            let _ = tell.send(outcome);
        });
        thread.map_err(|_| PasswordError::Hash)?;
        told.await.unwrap_or(Err(PasswordError::Hash))
    }
}

/// Lowers the priority of this thread. Elsewhere than on Linux that of the whole process
/// would be.
fn give_way() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
}

/// A place among those that are hashed or wait.
struct Admission(Arc<AtomicUsize>);

impl Admission {
    fn of(passwords: &Passwords) -> Option<Self> {
        let place = Self(Arc::clone(&passwords.admitted));
        // When it is full, dropping the place gives the count back.
        (place.0.fetch_add(1, Ordering::AcqRel) < passwords.limit).then_some(place)
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Whether a guesser who tries the likeliest first has it within a million tries, by the
/// lists of leaked passwords, names and words of zxcvbn.
fn is_common(password: &SecretString, email: &str) -> bool {
    let (local, _) = email.split_once('@').unwrap_or((email, ""));
    let known = ["wathiqa", email, local];
    zxcvbn::zxcvbn(password.expose_secret(), &known).score() < zxcvbn::Score::Two
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Hash)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &SecretString) -> Result<String, PasswordError> {
    let hash = argon2()?
        .hash_password(password.expose_secret().as_bytes())
        .map_err(|_| PasswordError::Hash)?;
    Ok(hash.to_string())
}

fn verify(password: &SecretString, stored: Option<&str>) -> Result<Verdict, PasswordError> {
    let matches = match stored {
        Some(stored) if is_bcrypt(stored) => verify_bcrypt(password, stored),
        Some(stored) => verify_argon2id(password, stored),
        None => None,
    };
    let Some(matches) = matches else {
        verify_argon2id(password, DUMMY);
        return Ok(Verdict::Wrong);
    };
    if !matches {
        return Ok(Verdict::Wrong);
    }
    let better_hash = if stored.is_some_and(needs_rehash) { Some(hash(password)?) } else { None };
    Ok(Verdict::Right { better_hash })
}

fn is_bcrypt(stored: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| stored.starts_with(prefix))
}

/// Compares with a bcrypt hash, which knows 72 bytes of a password: those that
/// made it were cut there too. None when the hash is misshapen or too costly.
fn verify_bcrypt(password: &SecretString, stored: &str) -> Option<bool> {
    let parts: bcrypt::HashParts = stored.parse().ok()?;
    if parts.get_cost() > MAX_BCRYPT_COST {
        return None;
    }
    bcrypt::verify(password.expose_secret(), stored).ok()
}

/// Compares with an argon2id hash; none when it is misshapen or too costly.
fn verify_argon2id(password: &SecretString, stored: &str) -> Option<bool> {
    let stored = PasswordHash::new(stored).ok()?;
    let params = Params::try_from(&stored).ok()?;
    let is_acceptable = stored.algorithm == Algorithm::Argon2id.ident()
        && params.m_cost() <= MAX_MEMORY_KIB
        && params.t_cost() <= MAX_PASSES
        && params.p_cost() <= MAX_LANES;
    let argon2 = is_acceptable.then(|| argon2().ok()).flatten()?;
    Some(argon2.verify_password(password.expose_secret().as_bytes(), &stored).is_ok())
}

fn needs_rehash(stored: &str) -> bool {
    let ours = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
    !stored.starts_with(&ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str, stored: Option<&str>) -> Verdict {
        verify(&password.into(), stored).unwrap()
    }

    #[test]
    fn a_hashed_password_verifies_and_another_does_not() {
        let stored = hash(&"correct horse".into()).unwrap();

        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(verdict("correct horse", Some(&stored)), Verdict::Right { better_hash: None });
        assert_eq!(verdict("correct horse ", Some(&stored)), Verdict::Wrong);
    }

    #[test]
    fn a_bcrypt_hash_of_each_spelling_verifies_and_is_replaced() {
        // The published test vector of the password `U*U`, John the Ripper's.
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            let stored =
                format!("{prefix}05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");

            let Verdict::Right { better_hash: Some(better) } = verdict("U*U", Some(&stored)) else {
                panic!("{prefix} was refused");
            };

            assert_eq!(verdict("U*U", Some(&better)), Verdict::Right { better_hash: None });
            assert_eq!(verdict("U*V", Some(&stored)), Verdict::Wrong);
        }
    }

    #[test]
    fn bcrypt_knows_the_first_72_bytes_alone() {
        let stored = bcrypt::hash("x".repeat(72), 4).unwrap();

        assert!(matches!(verdict(&"x".repeat(90), Some(&stored)), Verdict::Right { .. }));
        assert_eq!(verdict(&"x".repeat(71), Some(&stored)), Verdict::Wrong);
    }

    #[test]
    fn an_argon2id_hash_with_weaker_parameters_is_replaced() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let stored = weak.hash_password(b"secret").unwrap().to_string();

        assert!(matches!(
            verdict("secret", Some(&stored)),
            Verdict::Right { better_hash: Some(_) }
        ));
    }

    #[test]
    fn hashes_that_would_cost_too_much_or_make_no_sense_never_match() {
        let costly = [
            "$argon2id$v=19$m=4194304,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$cmFuZG9tcmFuZG9tcmFuZG9tcmFuZG9tcmFuZG8",
            "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "plain",
            "",
        ];
        for stored in costly {
            assert_eq!(verdict("plain", Some(stored)), Verdict::Wrong, "{stored}");
        }
    }

    #[test]
    fn a_missing_account_costs_a_real_verification() {
        let stored = PasswordHash::new(DUMMY).unwrap();
        let params = Params::try_from(&stored).unwrap();

        assert_eq!((params.m_cost(), params.t_cost()), (MEMORY_KIB, PASSES));
        assert_eq!(verify_argon2id(&"anything".into(), DUMMY), Some(false));
        assert_eq!(verdict("anything", None), Verdict::Wrong);
    }

    #[test]
    fn what_is_tried_first_is_common_and_what_nobody_lists_is_not() {
        for text in ["motdepasse12", "password1234", "aaaaaaaaaaaa", "salma@example.ma"] {
            assert!(is_common(&text.into(), "salma@example.ma"), "{text}");
        }
        for text in ["correct horse battery", "كلمةسرطويلة!", "Vb7-plateau-ours", "t9#kQz!2mWx4"]
        {
            assert!(!is_common(&text.into(), "salma@example.ma"), "{text}");
        }
    }

    #[tokio::test]
    async fn more_passwords_than_may_wait_are_turned_away_at_once() {
        let passwords = Passwords::bounded(1, 1);
        let held = Arc::clone(&passwords.permits).acquire_owned().await.unwrap();
        let waiting = ["a", "b"].map(|password| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.hash_new(password.into(), "").await })
        });
        while passwords.admitted.load(Ordering::Acquire) < 2 {
            tokio::task::yield_now().await;
        }

        let third = passwords.hash_new("c".into(), "").await;

        assert!(matches!(third, Err(PasswordError::Busy)));
        drop(held);
        for waited in waiting {
            assert!(waited.await.unwrap().is_ok());
        }
        assert!(passwords.hash_new("d".into(), "").await.is_ok());
    }
}
