//! Who is calling: passwords, tokens, their keys and revocation, sign-in elsewhere.

mod access;
mod identity;
pub mod keys;
pub mod oidc;
pub mod password;
pub mod secret;
pub mod session;
mod signature;
pub mod token;
mod watch;

pub use crate::store::{OrganisationId, UserId};
pub use access::{Permission, Permissions};
pub use identity::Identity;
pub use keys::{KeyError, Keyring};
pub use oidc::{OidcError, OidcVerifier};
pub use password::{PasswordError, Passwords, Verdict};
pub use session::{AuthError, NewSession, Sessions, SignedIn};
pub use token::{Claims, Grant, TokenError, Tokens};
