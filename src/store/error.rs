//! What can go wrong with the database.

use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::vault::VaultError;

/// What went wrong with the database, by what a caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or no connection was free in time: try again later.
    #[error("the database cannot be reached")]
    Unavailable,
    /// It takes no writes now, as a standby does: try again later.
    #[error("the database is read-only")]
    ReadOnly,
    /// Its disk is full: try again later.
    #[error("the disk of the database is full")]
    Full,
    /// It ran out of memory, or of the time that the role has: try again later.
    #[error("the database is out of time or memory")]
    Exhausted,
    /// The row exists already.
    #[error("a row with the same key exists")]
    Conflict {
        /// The name of the unique constraint, when the database told it.
        constraint: Option<String>,
    },
    /// Something cannot be encrypted, decrypted or signed: a key is not configured.
    #[error("a key is missing or the data was changed: {0}")]
    Keys(String),
    /// A migration failed; nothing of it was applied.
    #[error("the schema could not be migrated: {0}")]
    Migration(String),
    /// A query failed for a reason that is a fault of this program.
    #[error("a query failed")]
    Query(#[source] DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let (kind, information) = match error {
            DieselError::BrokenTransactionManager => return Self::Unavailable,
            // What became of the transaction is told by the first of the two.
            DieselError::RollbackErrorOnCommit { commit_error, .. } => {
                return (*commit_error).into();
            }
            DieselError::DatabaseError(kind, information) => (kind, information),
            other => return Self::Query(other),
        };
        match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                Self::Unavailable
            }
            DatabaseErrorKind::UniqueViolation => {
                Self::Conflict { constraint: information.constraint_name().map(Into::into) }
            }
            DatabaseErrorKind::ReadOnlyTransaction => Self::ReadOnly,
            _ if information.message().contains("No space left on device") => Self::Full,
            _ if is_exhaustion(information.message()) => Self::Exhausted,
            kind => Self::Query(DieselError::DatabaseError(kind, information)),
        }
    }
}

impl From<VaultError> for StoreError {
    fn from(error: VaultError) -> Self {
        Self::Keys(error.to_string())
    }
}

impl From<openssl::error::ErrorStack> for StoreError {
    fn from(error: openssl::error::ErrorStack) -> Self {
        VaultError::from(error).into()
    }
}

/// What went wrong for one is told to all who waited for it.
impl From<Arc<StoreError>> for StoreError {
    fn from(shared: Arc<Self>) -> Self {
        match &*shared {
            Self::Unavailable => Self::Unavailable,
            Self::ReadOnly => Self::ReadOnly,
            Self::Full => Self::Full,
            Self::Exhausted => Self::Exhausted,
            Self::Conflict { constraint } => Self::Conflict { constraint: constraint.clone() },
            Self::Keys(text) => Self::Keys(text.clone()),
            Self::Migration(text) => Self::Migration(text.clone()),
            Self::Query(_) => Self::Query(DieselError::QueryBuilderError(Box::new(shared))),
        }
    }
}

impl StoreError {
    /// Whether the same may succeed in a moment, where nothing of it was done yet.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Unavailable => true,
            Self::Query(DieselError::DatabaseError(kind, information)) => {
                matches!(kind, DatabaseErrorKind::SerializationFailure)
                    || is_deadlock(information.message())
            }
            _ => false,
        }
    }
}

/// Whether the server ended one of several transactions that waited for each other (40P01):
/// the others have gone on. diesel does not tell it from other faults.
fn is_deadlock(message: &str) -> bool {
    message == "deadlock detected"
}

/// Whether the server ran out of something, or of the time that its role has. diesel does
/// not tell the SQLSTATE (classes 53 and 57), so the text does, in the server's English.
fn is_exhaustion(message: &str) -> bool {
    let texts = ["out of memory", "due to statement timeout", "lock timeout"];
    texts.iter().any(|text| message.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(kind: DatabaseErrorKind, text: &str) -> DieselError {
        DieselError::DatabaseError(kind, Box::new(text.to_owned()))
    }

    #[test]
    fn faults_are_told_by_what_a_caller_can_do() {
        let full = "could not extend file \"base/1/2\": No space left on device";
        let full = failed(DatabaseErrorKind::Unknown, full);
        assert!(matches!(StoreError::from(full), StoreError::Full));
        let slow = "canceling statement due to statement timeout";
        let slow = failed(DatabaseErrorKind::Unknown, slow);
        assert!(matches!(StoreError::from(slow), StoreError::Exhausted));
        let standby = failed(DatabaseErrorKind::ReadOnlyTransaction, "cannot execute INSERT");
        assert!(matches!(StoreError::from(standby), StoreError::ReadOnly));
        let ours = failed(DatabaseErrorKind::Unknown, "column \"x\" does not exist");
        assert!(matches!(StoreError::from(ours), StoreError::Query(_)));
    }

    #[test]
    fn what_another_transaction_hindered_may_succeed_in_a_moment() {
        let deadlock = failed(DatabaseErrorKind::Unknown, "deadlock detected");
        assert!(StoreError::from(deadlock).is_passing());
        let conflict = failed(DatabaseErrorKind::SerializationFailure, "could not serialize");
        assert!(StoreError::from(conflict).is_passing());
        assert!(!StoreError::from(failed(DatabaseErrorKind::Unknown, "no")).is_passing());
    }

    #[test]
    fn a_commit_that_was_lost_is_no_fault_of_the_query() {
        let lost = || Box::new(failed(DatabaseErrorKind::ClosedConnection, "gone"));
        let error =
            DieselError::RollbackErrorOnCommit { rollback_error: lost(), commit_error: lost() };

        assert!(matches!(StoreError::from(error), StoreError::Unavailable));
    }
}
