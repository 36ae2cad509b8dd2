//! Who is calling: passwords, tokens and their revocation.

mod hmac;
pub mod password;
mod revocation;
pub mod session;
pub mod token;

pub use crate::store::{OrganisationId, UserId};
pub use password::{PasswordError, Passwords, Verdict};
pub use session::{AuthError, Sessions};
pub use token::{Claims, TokenError, Tokens};
