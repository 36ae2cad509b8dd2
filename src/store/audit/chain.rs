//! The digest of an entry: everything in it, and the digest before it.

use super::Row;
use crate::store::StoreError;
use crate::vault::Vault;

/// The purpose of the key that the vault derives.
const PURPOSE: &str = "audit";

/// Computes the digest of `row` after `previous`, with the key that the row names.
pub(super) fn digest(vault: &Vault, previous: &[u8], row: &Row) -> Result<Vec<u8>, StoreError> {
    Ok(vault.mac(&row.key_id, PURPOSE, &message(previous, row))?)
}

/// Every column with its length before it, so that no two entries spell the same.
fn message(previous: &[u8], row: &Row) -> Vec<u8> {
    let number = |number: i64| Some(number.to_be_bytes().to_vec());
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let columns = [
        Some(previous.to_vec()),
        number(row.organisation_id.0),
        number(row.sequence),
        number(row.at.timestamp_micros()),
        text(&row.actor),
        row.actor_id.and_then(number),
        text(&row.action),
        row.subject.as_deref().and_then(text),
        row.subject_id.and_then(number),
        row.network.as_deref().and_then(text),
        row.request_id.as_deref().and_then(text),
        text(&row.details),
        text(&row.key_id),
    ];
    let mut message = Vec::new();
    for column in columns {
        match column {
            None => message.push(0),
            Some(octets) => {
                message.push(1);
                message.extend((octets.len() as u64).to_be_bytes());
                message.extend(octets);
            }
        }
    }
    message
}
