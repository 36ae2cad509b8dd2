//! What the charts show, of the counts that the database keeps: one statement fetches all
//! that is known of an organisation, and the rest is arithmetic.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeZone as _, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::{Deserialize, Serialize};

use crate::documents::towns::{spelled, town_of};
use crate::documents::{DocumentKind, DocumentRecord, KindVisitor, Scope, visit_kinds};
use crate::store::StoreError;

/// What a confidence is counted in.
const MILLION: f64 = 1e6;

/// How many records there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Identity cards.
    pub cin: i64,
    /// Vehicle registrations.
    pub gris: i64,
    /// Driving licences.
    pub permis: i64,
}

impl Totals {
    /// Of all kinds.
    pub const fn all(self) -> i64 {
        self.cin + self.gris + self.permis
    }

    fn add(&mut self, kind: &str, records: i64) {
        match kind {
            "cin" => self.cin += records,
            "gris" => self.gris += records,
            "permis" => self.permis += records,
            _ => {}
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            cin: self.cin + other.cin,
            gris: self.gris + other.gris,
            permis: self.permis + other.permis,
        }
    }
}

/// A label and how many records bear it; `None` where they bear none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// As recorded.
    pub name: Option<String>,
    /// How many.
    pub value: i64,
}

/// The records made on one day, or in one month, of Africa/Casablanca.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The day, or the first day of the month.
    pub begins: NaiveDate,
    /// How many of each kind.
    pub totals: Totals,
    /// How many of them have a confidence: all but those of the application before.
    judged: i64,
    /// The sum of those, in millionths.
    confidence: i64,
}

impl Period {
    const fn empty(begins: NaiveDate) -> Self {
        let totals = Totals { cin: 0, gris: 0, permis: 0 };
        Self { begins, totals, judged: 0, confidence: 0 }
    }

    /// The expected precision of what was read then: the mean confidence of the values
    /// given, 0 to 1. None when nothing was read.
    pub fn precision(&self) -> Option<f64> {
        (self.judged > 0).then(|| self.confidence as f64 / MILLION / self.judged as f64)
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            begins: self.begins,
            totals: self.totals.plus(other.totals),
            judged: self.judged + other.judged,
            confidence: self.confidence + other.confidence,
        }
    }
}

/// All that is counted of an organisation, as of one moment. Of labels the most frequent
/// comes first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All records.
    pub totals: Totals,
    /// The identity cards by `sexe` (`M`, `F`, none).
    pub sexes: Vec<Count>,
    /// The identity cards by town: of the birthplace, else of the address; none where
    /// neither names a known one.
    pub towns: Vec<Count>,
    /// The driving licences by main category.
    pub categories: Vec<Count>,
    /// The vehicle registrations by type of usage.
    pub usages: Vec<Count>,
    /// The vehicle registrations by the month of first circulation, as `(2020-01, 3)`,
    /// ascending.
    pub circulation: Vec<(String, i64)>,
    /// The days on which records were made, ascending.
    days: Vec<Period>,
}

/// A row of the one statement.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    dimension: String,
    #[diesel(sql_type = Text)]
    key: String,
    /// Of cards whose town nobody looked up yet, whose `key` is the birthplace.
    #[diesel(sql_type = Nullable<Text>)]
    address: Option<String>,
    #[diesel(sql_type = BigInt)]
    records: i64,
    #[diesel(sql_type = BigInt)]
    judged: i64,
    #[diesel(sql_type = BigInt)]
    confidence: i64,
}

/// What is counted in the organisation `$1`, of days those from `$2` on. Cards whose town
/// nobody looked up yet, a few for a moment, come as they are.
pub const STATEMENT: &str =
    "SELECT kind, dimension, key, NULL AS address, records, judged, confidence
     FROM record_counts WHERE organisation_id = $1 AND records > 0
       AND dimension IN ('all', 'sex', 'town', 'category', 'usage', 'circulation')
     UNION ALL
     SELECT kind, dimension, key, NULL, records, judged, confidence
     FROM record_counts WHERE organisation_id = $1 AND records > 0
       AND dimension = 'day' AND key >= $2
     UNION ALL
     SELECT 'cin', 'unlooked', coalesce(lieu_fr, ''), adresse_fr, count(*), 0, 0
     FROM cin_data WHERE organisation_id = $1 AND town IS NULL GROUP BY lieu_fr, adresse_fr";

impl Counts {
    /// Fetches the counts of an organisation; of days those from `since` on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database cannot be reached.
    pub fn fetch(
        connection: &mut PgConnection,
        scope: Scope,
        since: NaiveDate,
    ) -> Result<Self, StoreError> {
        let rows = sql_query(STATEMENT)
            .bind::<BigInt, _>(scope.organisation())
            .bind::<Text, _>(since.to_string());
        Ok(Self::of(rows.load(connection)?))
    }

    fn of(rows: Vec<Row>) -> Self {
        let mut counts = Self::default();
        let mut days = BTreeMap::new();
        let mut unlooked = Vec::new();
        for row in rows {
            let count = || Count { name: filled(&row.key), value: row.records };
            match row.dimension.as_str() {
                "all" => counts.totals.add(&row.kind, row.records),
                "sex" => counts.sexes.push(count()),
                "town" => counts.towns.push(count()),
                "category" => counts.categories.push(count()),
                "usage" => counts.usages.push(count()),
                "circulation" if row.key.is_empty() => {}
                "circulation" => counts.circulation.push((row.key, row.records)),
                "day" => add_day(&mut days, &row),
                _ => unlooked.push(row),
            }
        }
        counts.days = days.into_values().collect();
        counts.circulation.sort();
        for row in unlooked {
            let town = town_of(Some(&row.key), row.address.as_deref());
            move_count(&mut counts.towns, town, row.records);
        }
        counts.towns.sort_by(|one, other| {
            (Reverse(one.value), &one.name).cmp(&(Reverse(other.value), &other.name))
        });
        for labels in [&mut counts.sexes, &mut counts.categories, &mut counts.usages] {
            labels.sort_by(|one, other| {
                let key = |count: &Count| (Reverse(count.value), count.name.is_none());
                key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
            });
        }
        counts
    }

    /// The records of the last `days` days up to `today`, one entry for each, ascending.
    pub fn daily(&self, today: NaiveDate, days: u32) -> Vec<Period> {
        let since = today - chrono::Days::new(u64::from(days.max(1) - 1));
        let on = |day| {
            let found = self.days.iter().find(|counted| counted.begins == day);
            found.copied().unwrap_or(Period::empty(day))
        };
        since.iter_days().take(days as usize).map(on).collect()
    }

    /// The records of the last `months` months up to that of `today`, one entry for each,
    /// ascending.
    pub fn monthly(&self, today: NaiveDate, months: u32) -> Vec<Period> {
        let since = first_month(today, months);
        let of = |index| {
            let begins = since + Months::new(index);
            let is_in = |day: &&Period| day.begins.with_day(1) == Some(begins);
            self.days.iter().filter(is_in).fold(Period::empty(begins), Period::plus)
        };
        (0..months).map(of).collect()
    }
}

fn add_day(days: &mut BTreeMap<NaiveDate, Period>, row: &Row) {
    // What has no day, or none of the calendar, is in no chart of days.
    let Ok(day) = row.key.parse() else { return };
    let period = days.entry(day).or_insert(Period::empty(day));
    period.totals.add(&row.kind, row.records);
    period.judged += row.judged;
    period.confidence += row.confidence;
}

/// Counts cards that the database has counted without a town in their town.
fn move_count(towns: &mut Vec<Count>, town: Option<&str>, value: i64) {
    let Some(town) = town else { return };
    if let Some(without) = towns.iter_mut().find(|count| count.name.is_none()) {
        without.value -= value;
    }
    match towns.iter_mut().find(|count| count.name.as_deref() == Some(town)) {
        Some(count) => count.value += value,
        None => towns.push(Count { name: Some(town.to_owned()), value }),
    }
    towns.retain(|count| count.value > 0);
}

fn filled(key: &str) -> Option<String> {
    (!key.is_empty()).then(|| key.to_owned())
}

/// Tells when a card of the organisation was last recorded, of whatever kind.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn last_activity(
    connection: &mut PgConnection,
    scope: Scope,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut latest = Latest { connection, scope, found: Ok(None) };
    visit_kinds(&mut latest);
    latest.found
}

struct Latest<'a> {
    connection: &'a mut PgConnection,
    scope: Scope,
    found: Result<Option<DateTime<Utc>>, StoreError>,
}

impl KindVisitor for Latest<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        if let Ok(before) = self.found {
            let found = K::Record::last_activity(self.connection, self.scope);
            self.found = found.map(|found| found.max(before));
        }
    }
}

/// The moment at which a day begins in Africa/Casablanca. Where a change of the clock skips
/// midnight, it begins when the clock goes on.
pub fn beginning_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let begins = chrono_tz::Africa::Casablanca.from_local_datetime(&midnight).earliest();
    begins.map_or_else(|| midnight.and_utc(), |begins| begins.to_utc())
}

/// The day that it is in Africa/Casablanca.
pub fn today() -> NaiveDate {
    Utc::now().with_timezone(&chrono_tz::Africa::Casablanca).date_naive()
}

/// The first day of the first of the last `months` months up to that of `today`.
pub fn first_month(today: NaiveDate, months: u32) -> NaiveDate {
    today.with_day(1).unwrap_or(today) - Months::new(months.max(1) - 1)
}

/// How a town of [`Counts::towns`] is written, in French and in Arabic.
pub fn town_as_written(town: &str) -> Option<(&'static str, &'static str)> {
    spelled(town)
}
