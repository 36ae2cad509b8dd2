//! The row of the kind's table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;
use serde::Serialize;

use crate::documents::cin::CinFields;
use crate::documents::{DocumentRecord, Scope, Status, Stored};
use crate::store::StoreError;

/// A row.
#[derive(Serialize)]
pub struct CinRecord {}

impl DocumentRecord for CinRecord {
    type Fields = CinFields;

    fn record(
        _: &mut PgConnection,
        _: Scope,
        _: &CinFields,
        _: Status,
        _: &serde_json::Value,
    ) -> Result<Stored, StoreError> {
        Err(StoreError::Unavailable)
    }

    fn list(_: &mut PgConnection, _: Scope) -> Result<Vec<Self>, StoreError> {
        Err(StoreError::Unavailable)
    }

    fn activity(
        _: &mut PgConnection,
        _: Scope,
    ) -> Result<(i64, Option<DateTime<Utc>>), StoreError> {
        Err(StoreError::Unavailable)
    }

    fn count_by_day(
        _: &mut PgConnection,
        _: Scope,
        _: NaiveDate,
    ) -> Result<Vec<(NaiveDate, i64)>, StoreError> {
        Err(StoreError::Unavailable)
    }
}
