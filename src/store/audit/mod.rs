//! Who did what to which record: append-only, a chain of keyed digests for each
//! organisation. Written in the transaction of what it tells of, so that neither exists
//! without the other.
//!
//! It holds ids and never a value of a card, a name or an address of a person.

mod chain;
mod deed;
mod reads;
mod verify;

pub use deed::{Action, Actor, Deed, Origin, Subject};
pub use reads::Reads;
pub use verify::{Anchor, Fault, Verdict};

use chrono::{DateTime, SubsecRound, Utc};
use diesel::prelude::*;
use serde::Serialize;

use crate::store::schema::{audit_entries, audit_heads};
use crate::store::{OrganisationId, StoreError};
use crate::vault::Vault;

/// The chain of what concerns no organisation.
const NOBODYS: OrganisationId = OrganisationId(0);

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries, check_for_backend(diesel::pg::Pg))]
struct Row {
    organisation_id: OrganisationId,
    sequence: i64,
    at: DateTime<Utc>,
    actor: String,
    actor_id: Option<i64>,
    action: String,
    subject: Option<String>,
    subject_id: Option<i64>,
    network: Option<String>,
    request_id: Option<String>,
    details: String,
    key_id: String,
    hash: Vec<u8>,
}

/// An entry as auditors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = audit_entries, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    /// The place in the organisation's chain.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `user`, `key`, `operator`, `service` or `nobody`.
    pub actor: String,
    /// The id of the user or the key.
    pub actor_id: Option<i64>,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub subject: Option<String>,
    /// To which.
    pub subject_id: Option<i64>,
    /// From where.
    pub network: Option<String>,
    /// The id of the request.
    pub request_id: Option<String>,
    /// More of it, as JSON.
    #[serde(serialize_with = "as_json")]
    pub details: String,
}

/// The column is text, so that its digest never changes; answers show what it spells.
fn as_json<S: serde::Serializer>(details: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<serde_json::Value>(details).unwrap_or_default().serialize(serializer)
}

/// Where an entry stands in its chain, and its digest: what a receipt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The place in the organisation's chain.
    pub sequence: i64,
    /// Its digest in hexadecimal.
    pub hash: String,
}

/// Writes and verifies the audit. Clones share the keys.
#[derive(Clone)]
pub struct Trail {
    vault: Vault,
}

impl Trail {
    /// Makes the trail; the digests are made with a key that the vault derives.
    pub const fn new(vault: Vault) -> Self {
        Self { vault }
    }

    /// Appends an entry; to be called last in the transaction of what it tells of, for it
    /// holds the organisation's chain until the commit.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses or cannot be reached.
    pub fn append(
        &self,
        connection: &mut PgConnection,
        origin: &Origin,
        deed: &Deed,
    ) -> Result<Place, StoreError> {
        let organisation = origin.organisation.unwrap_or(NOBODYS);
        let (sequence, previous) = lock_head(connection, organisation)?;
        let (actor, actor_id) = origin.actor.columns();
        let mut row = Row {
            organisation_id: organisation,
            sequence: sequence + 1,
            // The column keeps microseconds, and the digest is of what the column keeps.
            at: Utc::now().trunc_subsecs(6),
            actor: actor.to_owned(),
            actor_id,
            action: deed.action.as_str().to_owned(),
            subject: deed.subject.map(|subject| subject.kind.to_owned()),
            subject_id: deed.subject.map(|subject| subject.id),
            network: origin.network.map(|network| network.to_string()),
            request_id: origin.request_id.clone(),
            details: serde_json::Value::Object(deed.details.clone()).to_string(),
            key_id: self.vault.current().to_owned(),
            hash: Vec::new(),
        };
        row.hash = chain::digest(&self.vault, &previous, &row)?;
        diesel::insert_into(audit_entries::table).values(&row).execute(connection)?;
        diesel::update(audit_heads::table.find(organisation))
            .set((audit_heads::sequence.eq(row.sequence), audit_heads::hash.eq(&row.hash)))
            .execute(connection)?;
        Ok(Place { sequence: row.sequence, hash: crate::vault::hex(&row.hash) })
    }

    /// Lists an organisation's entries, the latest first: at most `limit` of those before
    /// the place `before`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn list(
        connection: &mut PgConnection,
        organisation: OrganisationId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Entry>, StoreError> {
        Ok(audit_entries::table
            .filter(audit_entries::organisation_id.eq(organisation))
            .filter(audit_entries::sequence.lt(before.unwrap_or(i64::MAX)))
            .order(audit_entries::sequence.desc())
            .limit(limit)
            .select(Entry::as_select())
            .load(connection)?)
    }

    /// Lists an organisation's entries on some things, the earliest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn list_of(
        connection: &mut PgConnection,
        organisation: OrganisationId,
        subject: Subject,
    ) -> Result<Vec<Entry>, StoreError> {
        Ok(audit_entries::table
            .filter(audit_entries::organisation_id.eq(organisation))
            .filter(audit_entries::subject.eq(subject.kind))
            .filter(audit_entries::subject_id.eq(subject.id))
            .order(audit_entries::sequence)
            .select(Entry::as_select())
            .load(connection)?)
    }
}

/// Locks the end of a chain until the transaction ends, and returns its place and digest.
fn lock_head(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<(i64, Vec<u8>), StoreError> {
    let head = |connection: &mut PgConnection| {
        audit_heads::table
            .find(organisation)
            .select((audit_heads::sequence, audit_heads::hash))
            .for_update()
            .first::<(i64, Vec<u8>)>(connection)
            .optional()
    };
    if let Some(head) = head(connection)? {
        return Ok(head);
    }
    diesel::insert_into(audit_heads::table)
        .values((
            audit_heads::organisation_id.eq(organisation),
            audit_heads::sequence.eq(0),
            audit_heads::hash.eq(Vec::new()),
        ))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(head(connection)?.unwrap_or_default())
}
