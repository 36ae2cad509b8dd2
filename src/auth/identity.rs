//! Whom a token or a key speaks for.

use crate::auth::Permissions;
use crate::store::OrganisationId;
use crate::store::api_keys::KeyGrant;
use crate::store::audit::Actor;
use crate::store::users::Membership;

/// A caller who is who the token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The user or the key.
    pub actor: Actor,
    /// The organisation whose records the caller sees.
    pub organisation: OrganisationId,
    /// What the caller may do there.
    pub permissions: Permissions,
    /// Whether the caller operates this service.
    pub is_operator: bool,
}

impl From<Membership> for Identity {
    fn from(membership: Membership) -> Self {
        Self {
            actor: Actor::User(membership.user),
            organisation: membership.organisation,
            permissions: Permissions::of(membership.role),
            is_operator: membership.is_administrator,
        }
    }
}

impl From<&KeyGrant> for Identity {
    fn from(grant: &KeyGrant) -> Self {
        Self {
            actor: Actor::Key(grant.id),
            organisation: grant.organisation,
            permissions: Permissions::from_scopes(&grant.scopes),
            is_operator: false,
        }
    }
}
