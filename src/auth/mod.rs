//! Who is calling: passwords, tokens and their revocation.

pub mod password;
pub mod session;
pub mod token;

pub use crate::store::{OrganisationId, UserId};
pub use password::{PasswordError, Passwords, Verdict};
pub use session::{AuthError, Sessions};
pub use token::{Claims, TokenError, Tokens};
