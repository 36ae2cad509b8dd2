//! Where a page of a list ends, as a text that only this service can read: it holds what
//! the list is sorted by, which may be somebody's name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::problem::ApiError;
use crate::digest::sha256;
use crate::documents::browse::Place;
use crate::store::OrganisationId;
use crate::vault::Vault;

/// Characters of a cursor at most: a key is a column of a card, at most some hundred
/// characters of four octets.
const MAXIMUM: usize = 4096;

#[derive(Serialize, Deserialize)]
struct Contents {
    kind: String,
    id: i32,
    key: String,
    /// Octets of the digest of the list that it belongs to.
    list: [u8; 8],
}

/// Spells the place after which the next page of `list` begins. `list` names everything
/// that decides the order and which records there are.
pub(super) fn spell(
    vault: &Vault,
    organisation: OrganisationId,
    list: &str,
    place: &Place,
) -> Result<String, ApiError> {
    let Place { kind, id, key } = place.clone();
    let contents = serde_json::to_vec(&Contents { kind, id, key, list: digest(list) });
    let contents = contents.map_err(|error| ApiError::Internal(Box::new(error)))?;
    let sealed = vault.hand_out(&contents, &purpose(organisation));
    let sealed = sealed.map_err(|error| ApiError::Internal(Box::new(error)))?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

/// Reads the place out of a cursor of the same list.
pub(super) fn read(
    vault: &Vault,
    organisation: OrganisationId,
    list: &str,
    cursor: &str,
) -> Result<Place, ApiError> {
    let contents = Some(cursor)
        .filter(|cursor| cursor.len() <= MAXIMUM)
        .and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok())
        .and_then(|sealed| vault.take_back(&sealed, &purpose(organisation)).ok())
        .and_then(|contents| serde_json::from_slice::<Contents>(&contents).ok())
        .filter(|contents| contents.list == digest(list));
    let Contents { kind, id, key, .. } = contents.ok_or(ApiError::CursorUnusable)?;
    Ok(Place { kind, id, key })
}

fn purpose(organisation: OrganisationId) -> String {
    format!("cursor/{organisation}")
}

fn digest(list: &str) -> [u8; 8] {
    let mut digest = [0; 8];
    digest.copy_from_slice(&sha256(list.as_bytes())[..8]);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&["a master key that only the tests know".into()]).unwrap()
    }

    #[test]
    fn a_cursor_comes_back_for_its_own_list_and_organisation() {
        let place = Place { kind: "cin".into(), id: 7, key: "EL FASSI".into() };
        let (vault, here) = (vault(), OrganisationId(3));
        let cursor = spell(&vault, here, "cin by name", &place).unwrap();

        assert!(!cursor.contains("FASSI"));
        assert_eq!(read(&vault, here, "cin by name", &cursor).unwrap(), place);
        assert!(read(&vault, here, "cin by id", &cursor).is_err());
        assert!(read(&vault, OrganisationId(4), "cin by name", &cursor).is_err());
        for changed in [&cursor[1..], &format!("{cursor}A"), "", "é", "AAAA"] {
            assert!(read(&vault, here, "cin by name", changed).is_err(), "{changed}");
        }
    }
}
