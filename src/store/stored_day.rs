//! Dates as they stand in a table that others have written to.

use chrono::{Days, NaiveDate};
use diesel::backend::Backend;
use diesel::data_types::PgDate;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::Pg;
use diesel::sql_types::Date;
use serde::Serialize;

/// A day of a `date` column. Postgres keeps days that no calendar has, such as `infinity`:
/// such a one is shown as none, and hides no other row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromSqlRow)]
#[serde(transparent)]
pub struct StoredDay(Option<NaiveDate>);

impl StoredDay {
    /// The day, where the calendar has it.
    pub const fn day(self) -> Option<NaiveDate> {
        self.0
    }
}

/// The day from which Postgres counts.
const EPOCH: Option<NaiveDate> = NaiveDate::from_ymd_opt(2000, 1, 1);

impl FromSql<Date, Pg> for StoredDay {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let PgDate(days) = FromSql::<Date, Pg>::from_sql(bytes)?;
        let distance = Days::new(days.unsigned_abs().into());
        let day = EPOCH.and_then(|epoch| {
            if days < 0 {
                epoch.checked_sub_days(distance)
            } else {
                epoch.checked_add_days(distance)
            }
        });
        Ok(Self(day))
    }
}
