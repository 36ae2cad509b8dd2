//! The words of the audit: who, what, to what, from where.

use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::store::{KeyId, OrganisationId, UserId};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person with an account.
    User(UserId),
    /// A server with a key.
    Key(KeyId),
    /// Whoever runs commands on the machine.
    Operator,
    /// This service by itself, such as when a retention period is over.
    Service,
    /// Somebody who is not known, such as at a log-in that failed.
    Nobody,
}

impl Actor {
    /// The two columns.
    pub(super) fn columns(self) -> (&'static str, Option<i64>) {
        match self {
            Self::User(user) => ("user", Some(user.0.into())),
            Self::Key(key) => ("key", Some(key.0)),
            Self::Operator => ("operator", None),
            Self::Service => ("service", None),
            Self::Nobody => ("nobody", None),
        }
    }
}

/// Where something came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Who.
    pub actor: Actor,
    /// In whose chain it is told.
    pub organisation: Option<OrganisationId>,
    /// The address of the client.
    pub network: Option<IpAddr>,
    /// The id of the request.
    pub request_id: Option<String>,
}

impl Origin {
    /// What this service or its operator does by itself.
    pub const fn local(actor: Actor, organisation: Option<OrganisationId>) -> Self {
        Self { actor, organisation, network: None, request_id: None }
    }

    /// The same by somebody who has become known, such as by logging in.
    #[must_use]
    pub fn by(mut self, actor: Actor, organisation: OrganisationId) -> Self {
        (self.actor, self.organisation) = (actor, Some(organisation));
        self
    }
}

/// What something was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The kind of thing: the slug of a document, `member`, `key`, …
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub(super) action: Action,
    pub(super) subject: Option<Subject>,
    pub(super) details: Map<String, Value>,
}

impl Deed {
    /// Something done to nothing in particular.
    pub fn new(action: Action) -> Self {
        Self { action, subject: None, details: Map::new() }
    }

    /// To what.
    #[must_use]
    pub fn to(mut self, kind: &'static str, id: impl Into<i64>) -> Self {
        self.subject = Some(Subject { kind, id: id.into() });
        self
    }

    /// One more detail; never a value of a card or of a person.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// Declares the actions with their names and what they mean.
macro_rules! actions {
    ($($variant:ident $name:literal $meaning:literal)*) => {
        /// What can be done. Names are part of the interface and never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $meaning] $variant,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in entries.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

actions! {
    Registered "account.registered" "An account was made."
    LoggedIn "account.logged_in" "A log-in succeeded."
    LoginFailed "account.login_failed" "A log-in failed; in the organisation's chain where the address is known."
    LoggedOut "account.logged_out" "A token or a session was ended by its holder."
    PasswordChanged "account.password_changed" "A password was changed; all tokens of the account ended."
    TokenReused "account.refresh_token_reused" "A refresh token was used twice; its session ended."
    IdentityLinked "account.identity_linked" "An account at a provider of identity was linked."
    ProfileChanged "account.profile_changed" "A profile was changed."
    OrganisationChanged "organisation.changed" "The organisation's name or retention period was changed."
    RoleChanged "member.role_changed" "A member got another role."
    MemberRemoved "member.removed" "A member was removed."
    Invited "invitation.created" "Somebody was invited."
    InvitationWithdrawn "invitation.withdrawn" "An invitation was withdrawn."
    KeyCreated "key.created" "A key for a server was made."
    KeyRevoked "key.revoked" "A key was revoked."
    RecordCreated "record.created" "A document was recorded."
    RecordUpdated "record.updated" "A document of a known number was recorded again."
    RecordCorrected "record.corrected" "A person corrected values of a record."
    RecordApproved "record.approved" "A person found a record right."
    RecordRejected "record.rejected" "A person found a record not to be relied on."
    RecordsExported "records.exported" "The records of a kind were taken out as a file."
    RecordRead "record.read" "A record was looked at."
    RecordsListed "records.listed" "The records of a kind were listed."
    RecordErased "record.erased" "A record was erased with all that belongs to it."
    RecordExpired "record.expired" "A record was erased because its retention period was over."
    ImageRead "image.read" "A kept picture was looked at."
    PersonExported "person.exported" "All that is kept of one person was taken out."
    AuditRead "audit.read" "The audit was looked at."
}
