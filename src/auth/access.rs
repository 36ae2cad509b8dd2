//! What a caller may do: permissions, and which role holds which.

use crate::store::Role;

/// Something that a caller may or may not do with what belongs to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// See records, lists and charts.
    Read,
    /// Have documents read and recorded.
    Process,
    /// Correct and approve records.
    Correct,
    /// Take records out: files of them, or all that is kept of one person.
    Export,
    /// Erase records with all that belongs to them.
    Erase,
    /// See who did what.
    Audit,
    /// Manage the organisation, its members, invitations and keys.
    Manage,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Process,
        Self::Correct,
        Self::Export,
        Self::Erase,
        Self::Audit,
        Self::Manage,
    ];

    /// The spelling in the scopes of a key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Process => "process",
            Self::Correct => "correct",
            Self::Export => "export",
            Self::Erase => "erase",
            Self::Audit => "audit",
            Self::Manage => "manage",
        }
    }

    /// Whether a key may hold it. Only people manage people and keys: a key that leaked
    /// must not be able to make another.
    pub fn is_for_keys(self) -> bool {
        self != Self::Manage
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u8);

impl Permissions {
    /// Those of a role.
    pub fn of(role: Role) -> Self {
        use Permission::{Audit, Correct, Process, Read};
        match role {
            Role::Agent => [Read, Process].into_iter().collect(),
            Role::Reviewer => [Read, Process, Correct].into_iter().collect(),
            Role::Admin => Permission::ALL.into_iter().collect(),
            Role::Auditor => [Read, Audit].into_iter().collect(),
        }
    }

    /// Those that the scopes of a key name, as stored: with blanks between. Unknown
    /// names, of a later version, give nothing.
    pub fn from_scopes(scopes: &str) -> Self {
        Permission::ALL
            .into_iter()
            .filter(|permission| permission.is_for_keys())
            .filter(|permission| scopes.split(' ').any(|scope| scope == permission.as_str()))
            .collect()
    }

    /// Whether the set holds it.
    pub const fn include(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, permission| set | 1 << permission as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_it_is_for_and_no_more() {
        let may = |role| {
            let held = Permissions::of(role);
            let names = Permission::ALL.into_iter().filter(|&permission| held.include(permission));
            names.map(Permission::as_str).collect::<Vec<_>>().join(" ")
        };

        assert_eq!(may(Role::Agent), "read process");
        assert_eq!(may(Role::Reviewer), "read process correct");
        assert_eq!(may(Role::Admin), "read process correct export erase audit manage");
        assert_eq!(may(Role::Auditor), "read audit");
    }

    #[test]
    fn scopes_give_what_they_name_and_never_the_management() {
        let held = Permissions::from_scopes("read manage process something");

        assert!(held.include(Permission::Read) && held.include(Permission::Process));
        assert!(!held.include(Permission::Manage) && !held.include(Permission::Erase));
        assert_eq!(Permissions::from_scopes(""), Permissions::default());
    }
}
