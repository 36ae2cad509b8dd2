//! Dates as they stand in a table that others have written to.

use chrono::{Days, NaiveDate};
use diesel::backend::Backend;
use diesel::data_types::PgDate;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Date;
use serde::{Deserialize, Serialize};

/// A day of a `date` column. Postgres keeps days that no calendar has, such as `infinity`:
/// such a one is shown as none, and hides no other row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = Date)]
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

impl ToSql<Date, Pg> for StoredDay {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        match &self.0 {
            Some(day) => <NaiveDate as ToSql<Date, Pg>>::to_sql(day, out),
            None => Ok(serialize::IsNull::Yes),
        }
    }
}
