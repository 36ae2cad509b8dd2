//! Who is calling: passwords, tokens, their keys and revocation, sign-in elsewhere.

pub mod keys;
pub mod oidc;
pub mod password;
mod revocation;
pub mod session;
mod signature;
pub mod token;

pub use crate::store::{OrganisationId, UserId};
pub use keys::{KeyError, Keyring};
pub use oidc::{Identity, OidcError, OidcVerifier};
pub use password::{PasswordError, Passwords, Verdict};
pub use session::{AuthError, Sessions};
pub use token::{Claims, Grant, TokenError, Tokens};
