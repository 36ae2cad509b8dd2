//! Whether the audit is as it was written.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Row, Trail, chain};
use crate::store::schema::{audit_entries, audit_heads};
use crate::store::{OrganisationId, StoreError};
use crate::vault::hex;

/// Entries read at once.
const PAGE: i64 = 5_000;

/// A digest that was written down elsewhere, such as in the log: what nobody with access
/// to the database alone can take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Whose chain; 0 for what concerns no organisation.
    pub organisation: i64,
    /// The place in it.
    pub sequence: i64,
    /// The digest in hexadecimal.
    pub hash: String,
}

impl std::str::FromStr for Anchor {
    type Err = &'static str;

    /// Reads `organisation:sequence:hash`, as the log spells it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "expected organisation:sequence:hash, as the log spells it";
        let mut parts = text.split(':');
        let mut next = || parts.next().ok_or(expected);
        let (organisation, sequence, hash) = (next()?, next()?, next()?);
        let number = |text: &str| text.parse().map_err(|_| expected);
        Ok(Self {
            organisation: number(organisation)?,
            sequence: number(sequence)?,
            hash: hash.to_owned(),
        })
    }
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.organisation, self.sequence, self.hash)
    }
}

/// What is wrong in a chain. The entries before are as they were written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is gone from the middle.
    #[error("entry {0} is missing")]
    Missing(i64),
    /// An entry, or the one before it, was changed.
    #[error("entry {0} was changed")]
    Changed(i64),
    /// Entries are gone from the end.
    #[error("entries after {0} are missing: {1} were written")]
    CutOff(i64, i64),
    /// An entry was made with a key that is not configured.
    #[error("entry {0} cannot be verified: {1}")]
    Unverifiable(i64, String),
    /// The chain does not hold what was written down elsewhere.
    #[error("entry {0} is not the one that was written down")]
    Anchor(i64),
}

/// A chain that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whose; 0 for what concerns no organisation.
    pub organisation: i64,
    /// How many entries are as they were written.
    pub entries: i64,
    /// The digest of the last of them, in hexadecimal: to be written down.
    pub hash: String,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
}

impl Trail {
    /// The ends of all chains as they are now, to be written down elsewhere.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn anchors(connection: &mut PgConnection) -> Result<Vec<Anchor>, StoreError> {
        let heads = audit_heads::table
            .order(audit_heads::organisation_id)
            .select((audit_heads::organisation_id, audit_heads::sequence, audit_heads::hash))
            .load::<(OrganisationId, i64, Vec<u8>)>(connection)?;
        let anchor = |(organisation, sequence, hash): (OrganisationId, _, Vec<u8>)| Anchor {
            organisation: organisation.0,
            sequence,
            hash: hex(&hash),
        };
        Ok(heads.into_iter().map(anchor).collect())
    }

    /// Looks through every chain, page by page.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn verify(
        &self,
        connection: &mut PgConnection,
        anchors: &[Anchor],
    ) -> Result<Vec<Verdict>, StoreError> {
        // Heads first: what is written meanwhile is then more than they promise.
        let heads: BTreeMap<i64, i64> = audit_heads::table
            .select((audit_heads::organisation_id, audit_heads::sequence))
            .load::<(OrganisationId, i64)>(connection)?
            .into_iter()
            .map(|(organisation, sequence)| (organisation.0, sequence))
            .collect();
        let chains = audit_entries::table
            .select(audit_entries::organisation_id)
            .distinct()
            .load::<OrganisationId>(connection)?;
        let mut promised = heads;
        let anchored = anchors.iter().map(|anchor| (anchor.organisation, anchor.sequence));
        for (organisation, sequence) in chains.into_iter().map(|chain| (chain.0, 0)).chain(anchored)
        {
            let known = promised.entry(organisation).or_default();
            *known = sequence.max(*known);
        }
        promised
            .into_iter()
            .map(|(organisation, written)| {
                let anchors = anchors.iter().filter(|anchor| anchor.organisation == organisation);
                let anchors: Vec<_> = anchors.collect();
                self.verify_chain(connection, OrganisationId(organisation), written, &anchors)
            })
            .collect()
    }

    fn verify_chain(
        &self,
        connection: &mut PgConnection,
        organisation: OrganisationId,
        written: i64,
        anchors: &[&Anchor],
    ) -> Result<Verdict, StoreError> {
        let (mut entries, mut hash) = (0, Vec::new());
        let verdict = |entries, hash: &[u8], fault| Verdict {
            organisation: organisation.0,
            entries,
            hash: hex(hash),
            fault,
        };
        loop {
            let page = audit_entries::table
                .filter(audit_entries::organisation_id.eq(organisation))
                .filter(audit_entries::sequence.gt(entries))
                .order(audit_entries::sequence)
                .limit(PAGE)
                .select(Row::as_select())
                .load::<Row>(connection)?;
            if page.is_empty() {
                break;
            }
            for row in page {
                if let Some(fault) = self.fault(&row, entries, &hash, anchors) {
                    return Ok(verdict(entries, &hash, Some(fault)));
                }
                (entries, hash) = (row.sequence, row.hash);
            }
        }
        let fault = (entries < written).then_some(Fault::CutOff(entries, written));
        Ok(verdict(entries, &hash, fault))
    }

    /// What is wrong with an entry that comes after `entries` others.
    fn fault(
        &self,
        row: &Row,
        entries: i64,
        previous: &[u8],
        anchors: &[&Anchor],
    ) -> Option<Fault> {
        if row.sequence != entries + 1 {
            return Some(Fault::Missing(entries + 1));
        }
        match chain::digest(&self.vault, previous, row) {
            Err(error) => return Some(Fault::Unverifiable(row.sequence, error.to_string())),
            Ok(digest) if digest != row.hash => return Some(Fault::Changed(row.sequence)),
            Ok(_) => {}
        }
        let hash = hex(&row.hash);
        let is_other = |anchor: &&&Anchor| anchor.sequence == row.sequence && anchor.hash != hash;
        anchors.iter().find(is_other).map(|_| Fault::Anchor(row.sequence))
    }
}
