//! The charts in JSON: shapes and names of the contract.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::documents::statistics::{Count, Counts, Period, Totals};

/// Days and months that the time charts show.
pub(super) const SPAN: u32 = 7;
/// Cities that the cities chart shows.
pub(super) const CITIES: usize = 10;
/// The name of what the cards do not say.
const UNSPECIFIED: &str = "Non spécifié";
/// The name of places that are no known city.
const OTHER_CITIES: &str = "AUTRES";

/// How many documents there are, and what share each kind has.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Overview {
    total_cin: i64,
    total_gris: i64,
    total_permi: i64,
    total_cards: i64,
    percentage_cin: i64,
    percentage_gris: i64,
    percentage_permi: i64,
}

impl Overview {
    fn of(totals: Totals) -> Self {
        let shares = percentages(&[totals.cin, totals.gris, totals.permis]);
        Self {
            total_cin: totals.cin,
            total_gris: totals.gris,
            total_permi: totals.permis,
            total_cards: totals.all(),
            percentage_cin: shares[0],
            percentage_gris: shares[1],
            percentage_permi: shares[2],
        }
    }
}

/// A slice of a chart.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Slice {
    name: String,
    value: i64,
    percentage: i64,
}

/// A month of the monthly chart.
#[derive(Debug, PartialEq, Serialize)]
struct MonthBar {
    mois: &'static str,
    cin: i64,
    gris: i64,
    permis: i64,
    /// Expected share of right values among those read, in percent; 0 in a
    /// month without documents.
    precision: f64,
}

/// A day of the daily chart.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct DayBar {
    jour: &'static str,
    cin: i64,
    gris: i64,
    permis: i64,
}

/// `GET /charts/overview`.
pub(super) fn overview(counts: &Counts, _today: NaiveDate) -> Value {
    json!(Overview::of(counts.totals))
}

/// `GET /charts/gender-distribution`.
pub(super) fn genders(counts: &Counts, _today: NaiveDate) -> Value {
    json!(gender_slices(&counts.sexes))
}

/// `GET /charts/cities-distribution`.
pub(super) fn cities(counts: &Counts, _today: NaiveDate) -> Value {
    json!(city_slices(&counts.towns))
}

/// `GET /charts/license-categories`.
pub(super) fn categories(counts: &Counts, _today: NaiveDate) -> Value {
    json!(category_slices(&counts.categories))
}

/// `GET /charts/car-usage-types`.
pub(super) fn usages(counts: &Counts, _today: NaiveDate) -> Value {
    json!(slices(&counts.usages, |name| name.unwrap_or(UNSPECIFIED).to_owned()))
}

/// `GET /charts/monthly-stats`.
pub(super) fn months(counts: &Counts, today: NaiveDate) -> Value {
    const NAMES: [&str; 12] =
        ["Jan", "Fév", "Mar", "Avr", "Mai", "Juin", "Juil", "Août", "Sep", "Oct", "Nov", "Déc"];
    let bar = |month: &Period| MonthBar {
        mois: NAMES[month.begins.month0() as usize],
        cin: month.totals.cin,
        gris: month.totals.gris,
        permis: month.totals.permis,
        precision: (month.precision().unwrap_or(0.0) * 1000.0).round() / 10.0,
    };
    json!(counts.monthly(today, SPAN).iter().map(bar).collect::<Vec<_>>())
}

/// `GET /charts/daily-stats`.
pub(super) fn days(counts: &Counts, today: NaiveDate) -> Value {
    let bar = |day: &Period| DayBar {
        jour: weekday(day.begins),
        cin: day.totals.cin,
        gris: day.totals.gris,
        permis: day.totals.permis,
    };
    json!(counts.daily(today, SPAN).iter().map(bar).collect::<Vec<_>>())
}

/// `GET /gris/evolution-mensuel`.
pub(super) fn evolution(counts: &Counts, _today: NaiveDate) -> Value {
    let months = counts.circulation.iter().map(|(month, count)| (month.clone(), (*count).into()));
    Value::Object(months.collect::<Map<String, Value>>())
}

/// `GET /charts/dashboard`: all charts at once.
pub(super) fn dashboard(counts: &Counts, today: NaiveDate) -> Value {
    json!({
        "overview": overview(counts, today),
        "gender_distribution": genders(counts, today),
        "cities_distribution": cities(counts, today),
        "license_categories": categories(counts, today),
        "car_usage_types": usages(counts, today),
        "monthly_stats": months(counts, today),
        "daily_stats": days(counts, today),
    })
}

/// `GET /charts/essential`: what the home screen shows.
pub(super) fn essential(counts: &Counts, _today: NaiveDate) -> Value {
    let totals = counts.totals;
    let genders = gender_slices(&counts.sexes);
    let most_common = genders.first().map_or(UNSPECIFIED, |slice| slice.name.as_str());
    json!({
        "overview": Overview::of(totals),
        "simple_stats": {
            "total_documents": totals.all(),
            "cin_count": totals.cin,
            "gris_count": totals.gris,
            "permi_count": totals.permis,
            "most_common_gender": most_common,
        },
        "gender_distribution": genders,
        "status": "success",
    })
}

fn gender_slices(counts: &[Count]) -> Vec<Slice> {
    slices(counts, |name| match name {
        Some("M") => "Hommes".to_owned(),
        Some("F") => "Femmes".to_owned(),
        _ => UNSPECIFIED.to_owned(),
    })
}

fn city_slices(counts: &[Count]) -> Vec<Slice> {
    let mut slices = slices(counts, |name| name.unwrap_or(OTHER_CITIES).to_owned());
    slices.truncate(CITIES);
    slices
}

fn category_slices(counts: &[Count]) -> Vec<Slice> {
    slices(counts, |name| {
        name.map_or_else(|| UNSPECIFIED.to_owned(), |name| format!("Catégorie {name}"))
    })
}

fn weekday(day: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = ["Lun", "Mar", "Mer", "Jeu", "Ven", "Sam", "Dim"];
    NAMES[day.weekday().num_days_from_monday() as usize]
}

/// Names the counts, adds up those that share a name, the largest first.
fn slices(counts: &[Count], name: impl Fn(Option<&str>) -> String) -> Vec<Slice> {
    let mut slices: Vec<Slice> = Vec::new();
    for count in counts {
        let name = name(count.name.as_deref());
        match slices.iter_mut().find(|slice| slice.name == name) {
            Some(slice) => slice.value += count.value,
            None => slices.push(Slice { name, value: count.value, percentage: 0 }),
        }
    }
    slices.sort_by_key(|slice| std::cmp::Reverse(slice.value));
    let values: Vec<i64> = slices.iter().map(|slice| slice.value).collect();
    for (slice, percentage) in slices.iter_mut().zip(percentages(&values)) {
        slice.percentage = percentage;
    }
    slices
}

/// Shares in whole percent that add up to 100 (the largest remainders are
/// rounded up), or zeros where there is nothing.
pub(super) fn percentages(values: &[i64]) -> Vec<i64> {
    let total: i64 = values.iter().sum();
    if total == 0 {
        return vec![0; values.len()];
    }
    let mut shares: Vec<i64> = values.iter().map(|value| value * 100 / total).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(values[index] * 100 % total));
    let missing = 100 - shares.iter().sum::<i64>();
    for &index in order.iter().take(missing as usize) {
        shares[index] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(name: Option<&str>, value: i64) -> Count {
        Count { name: name.map(Into::into), value }
    }

    #[test]
    fn shares_add_up_to_a_hundred() {
        assert_eq!(percentages(&[1, 1, 1]), [34, 33, 33]);
        assert_eq!(percentages(&[5, 0, 0]), [100, 0, 0]);
        assert_eq!(percentages(&[2, 1]), [67, 33]);
    }

    #[test]
    fn nothing_has_no_shares() {
        assert_eq!(percentages(&[0, 0, 0]), [0, 0, 0]);
        assert_eq!(percentages(&[]), [0_i64; 0]);
    }

    #[test]
    fn ten_cities_at_most_are_shown_with_their_share_of_all() {
        let counts: Vec<_> = (0..12).map(|index| count(Some(&format!("CITY{index}")), 1)).collect();
        let shown = city_slices(&counts);
        assert_eq!(shown.len(), 10);
        assert!(shown.iter().all(|slice| slice.percentage < 10));
    }

    #[test]
    fn what_a_card_does_not_say_has_a_name_of_its_own() {
        assert_eq!(gender_slices(&[count(None, 1)])[0].name, "Non spécifié");
        assert_eq!(city_slices(&[count(None, 1)])[0].name, "AUTRES");
        assert_eq!(category_slices(&[count(Some("E(B)"), 1)])[0].name, "Catégorie E(B)");
    }

    #[test]
    fn weeks_start_on_monday() {
        assert_eq!(weekday(NaiveDate::from_ymd_opt(2026, 11, 16).unwrap()), "Lun");
        assert_eq!(weekday(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()), "Dim");
    }
}
