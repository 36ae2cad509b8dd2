//! From the errors of what lies below to what a client can do about them.

use super::ApiError;
use crate::auth::oidc::OidcError;
use crate::auth::{AuthError, PasswordError};
use crate::limits::Wait;
use crate::ocr::Busy;
use crate::store::StoreError;

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::Unavailable,
            StoreError::Exhausted => {
                tracing::error!("{error}");
                Self::Unavailable
            }
            StoreError::ReadOnly | StoreError::Full => {
                tracing::error!("{error}");
                Self::ReadOnly
            }
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Token(reason) => {
                tracing::debug!(%reason, "refused a token");
                Self::Unauthenticated
            }
            AuthError::RefreshToken => Self::RefreshTokenUnusable,
            AuthError::Store(error) => error.into(),
            AuthError::OpenSsl(error) => Self::Internal(Box::new(error)),
        }
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            PasswordError::Common => Self::PasswordCommon,
            PasswordError::Hash => Self::Internal(Box::new(error)),
        }
    }
}

impl From<OidcError> for ApiError {
    fn from(error: OidcError) -> Self {
        match error {
            OidcError::Unusable(reason) => {
                tracing::info!(%reason, "refused an identity token");
                Self::IdentityTokenUnusable
            }
            OidcError::Away(reason) => {
                tracing::warn!(%reason, "the provider of identity is away");
                Self::Unavailable
            }
        }
    }
}

impl From<Busy> for ApiError {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<Wait> for ApiError {
    fn from(wait: Wait) -> Self {
        tracing::warn!(rule = wait.rule, "slowed a log-in");
        Self::TooManyAttempts { after: wait.after }
    }
}
