//! What the charts show, counted in the caller's organisation by the database.

use std::collections::HashMap;

use chrono::{Datelike, Days, Months, NaiveDate, Utc};
use diesel::PgConnection;

use crate::documents::cin::record::CinRecord;
use crate::documents::gris::record::GrisRecord;
use crate::documents::permis::record::PermisRecord;
use crate::documents::towns::town_in;
use crate::documents::{DocumentRecord, MonthCount, Scope};
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
    Ok(Totals {
        cin: CinRecord::activity(connection, scope)?.0,
        gris: GrisRecord::activity(connection, scope)?.0,
        permis: PermisRecord::activity(connection, scope)?.0,
    })
}

/// Counts the identity cards by `sexe` (`M`, `F`, none), most frequent first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_sex(connection: &mut PgConnection, scope: Scope) -> Result<Vec<Count>, StoreError> {
    Ok(counts(CinRecord::count_by_sex(connection, scope)?))
}

/// Counts the identity cards by city: of the birthplace, else of the
/// address; `None` where neither names a known city. Most frequent first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_city(connection: &mut PgConnection, scope: Scope) -> Result<Vec<Count>, StoreError> {
    let mut cities = Tally::default();
    let mut elsewhere = Vec::new();
    for (birthplace, value) in CinRecord::count_by_birthplace(connection, scope)? {
        if let Some(birthplace) = birthplace {
            match town_in(&birthplace) {
                Some(town) => cities.add(Some(town), value),
                None => elsewhere.push(birthplace),
            }
        }
    }
    for (address, value) in CinRecord::count_by_address(connection, scope, &elsewhere)? {
        cities.add(address.as_deref().and_then(town_in), value);
    }
    Ok(cities.counts())
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
    Ok(counts(PermisRecord::count_by_category(connection, scope)?))
}

/// Counts the vehicle registrations by type of usage, most frequent first.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn by_usage(connection: &mut PgConnection, scope: Scope) -> Result<Vec<Count>, StoreError> {
    Ok(counts(GrisRecord::count_by_usage(connection, scope)?))
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
    GrisRecord::count_by_month_of_circulation(connection, scope)
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
    let since = today - Days::new(u64::from(days.max(1) - 1));
    let cin = CinRecord::count_by_day(connection, scope, since)?;
    let gris = GrisRecord::count_by_day(connection, scope, since)?;
    let permis = PermisRecord::count_by_day(connection, scope, since)?;
    let on = |counts: &[(NaiveDate, i64)], day| {
        counts.iter().find(|(counted, _)| *counted == day).map_or(0, |(_, count)| *count)
    };
    let day = |day| Day {
        day,
        totals: Totals { cin: on(&cin, day), gris: on(&gris, day), permis: on(&permis, day) },
    };
    Ok(since.iter_days().take(days as usize).map(day).collect())
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
    let this_month = today.with_day(1).unwrap_or(today);
    let since = this_month - Months::new(months.max(1) - 1);
    let cin = CinRecord::count_by_month(connection, scope, since)?;
    let gris = GrisRecord::count_by_month(connection, scope, since)?;
    let permis = PermisRecord::count_by_month(connection, scope, since)?;
    let month = |index| {
        let month = since + Months::new(index);
        let [cin, gris, permis] = [&cin, &gris, &permis]
            .map(|counts| counts.iter().find(|counted| counted.month == month).copied());
        let all = [cin, gris, permis].into_iter().flatten();
        let judged: i64 = all.clone().map(|counted| counted.judged).sum();
        let confidence: f64 = all.map(|counted| counted.confidence).sum();
        let records = |counted: Option<MonthCount>| counted.map_or(0, |counted| counted.records);
        Month {
            month,
            totals: Totals { cin: records(cin), gris: records(gris), permis: records(permis) },
            precision: (judged > 0).then(|| confidence / judged as f64),
        }
    };
    Ok((0..months).map(month).collect())
}

/// The day that it is in Africa/Casablanca.
pub fn today() -> NaiveDate {
    Utc::now().with_timezone(&chrono_tz::Africa::Casablanca).date_naive()
}

fn counts(counted: Vec<(Option<String>, i64)>) -> Vec<Count> {
    counted.into_iter().map(|(name, value)| Count { name, value }).collect()
}

/// Adds up counts that fold to the same name.
#[derive(Default)]
struct Tally(HashMap<Option<&'static str>, i64>);

impl Tally {
    fn add(&mut self, name: Option<&'static str>, value: i64) {
        *self.0.entry(name).or_default() += value;
    }

    /// The most frequent first, then by name.
    fn counts(self) -> Vec<Count> {
        let mut counted: Vec<_> = self.0.into_iter().collect();
        counted.sort_by_key(|&(name, value)| (std::cmp::Reverse(value), name));
        counted
            .into_iter()
            .map(|(name, value)| Count { name: name.map(str::to_owned), value })
            .collect()
    }
}
