//! The charts, counted in the caller's organisation. Names are the contract's.

use actix_web::{HttpResponse, web};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::problem::ApiError;
use super::server::State;
use crate::documents::statistics::{self, Count, Day, Month, Totals};

/// Days and months that the time charts show.
const SPAN: u32 = 7;
/// Cities that the cities chart shows.
const CITIES: usize = 10;
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

impl From<Totals> for Overview {
    fn from(totals: Totals) -> Self {
        let shares = percentages(&[totals.cin, totals.gris, totals.permis]);
        Self {
            total_cin: totals.cin,
            total_gris: totals.gris,
            total_permi: totals.permis,
            total_cards: totals.cin + totals.gris + totals.permis,
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

/// Answers what was answered a moment ago, where replicas share a cache; else counts.
async fn kept(
    state: &State,
    caller: &Caller,
    chart: &'static str,
    count: impl AsyncFnOnce() -> Result<Value, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let organisation = caller.organisation();
    let kept = state.answers.find(organisation, chart).await;
    let answer = if let Some(answer) = kept {
        answer
    } else {
        let answer = count().await?.to_string();
        state.answers.keep(organisation, chart, &answer).await;
        answer
    };
    Ok(HttpResponse::Ok().content_type("application/json").body(answer))
}

/// Answers one chart: what is counted, then how it is shown.
macro_rules! chart {
    ($(#[$doc:meta])* $name:ident, $count:expr, $show:expr) => {
        $(#[$doc])*
        pub(crate) async fn $name(
            caller: Caller,
            state: web::Data<State>,
        ) -> Result<HttpResponse, ApiError> {
            let scope = caller.scope();
            kept(&state, &caller, stringify!($name), async || {
                let counted = state.store.read(move |connection| $count(connection, scope)).await?;
                Ok(json!($show(counted)))
            })
            .await
        }
    };
}

chart!(
    /// `GET /charts/overview`.
    overview, statistics::totals, Overview::from
);
chart!(
    /// `GET /charts/gender-distribution`.
    gender_distribution, statistics::by_sex, genders
);
chart!(
    /// `GET /charts/cities-distribution`.
    cities_distribution, statistics::by_city, cities
);
chart!(
    /// `GET /charts/license-categories`.
    license_categories, statistics::by_licence_category, categories
);
chart!(
    /// `GET /charts/car-usage-types`.
    car_usage_types, statistics::by_usage, usages
);
chart!(
    /// `GET /charts/monthly-stats`.
    monthly_stats,
    |connection: &mut _, scope| statistics::monthly(connection, scope, statistics::today(), SPAN),
    months
);
chart!(
    /// `GET /charts/daily-stats`.
    daily_stats,
    |connection: &mut _, scope| statistics::daily(connection, scope, statistics::today(), SPAN),
    days
);
chart!(
    /// `GET /gris/evolution-mensuel`: first circulations by month, ascending.
    monthly_evolution, statistics::by_month_of_circulation, evolution
);

/// `GET /charts/dashboard`: all charts at once.
pub(crate) async fn dashboard(
    caller: Caller,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let scope = caller.scope();
    let count = async || {
        let counted = state.store.read(move |connection| {
            let today = statistics::today();
            Ok(json!({
                "overview": Overview::from(statistics::totals(connection, scope)?),
                "gender_distribution": genders(statistics::by_sex(connection, scope)?),
                "cities_distribution": cities(statistics::by_city(connection, scope)?),
                "license_categories":
                    categories(statistics::by_licence_category(connection, scope)?),
                "car_usage_types": usages(statistics::by_usage(connection, scope)?),
                "monthly_stats":
                    months(statistics::monthly(connection, scope, today, SPAN)?),
                "daily_stats": days(statistics::daily(connection, scope, today, SPAN)?),
            }))
        });
        Ok(counted.await?)
    };
    kept(&state, &caller, "dashboard", count).await
}

/// `GET /charts/essential`: what the home screen shows.
pub(crate) async fn essential(
    caller: Caller,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let scope = caller.scope();
    let count = async || {
        let counted = state.store.read(move |connection| {
            let totals = statistics::totals(connection, scope)?;
            Ok((totals, genders(statistics::by_sex(connection, scope)?)))
        });
        let (totals, genders) = counted.await?;
        Ok(show_essential(totals, &genders))
    };
    kept(&state, &caller, "essential", count).await
}

fn show_essential(totals: Totals, genders: &[Slice]) -> Value {
    let most_common = genders.first().map_or(UNSPECIFIED, |slice| slice.name.as_str());
    json!({
        "overview": Overview::from(totals),
        "simple_stats": {
            "total_documents": totals.cin + totals.gris + totals.permis,
            "cin_count": totals.cin,
            "gris_count": totals.gris,
            "permi_count": totals.permis,
            "most_common_gender": most_common,
        },
        "gender_distribution": genders,
        "status": "success",
    })
}

fn genders(counts: Vec<Count>) -> Vec<Slice> {
    slices(counts, |name| match name {
        Some("M") => "Hommes".to_owned(),
        Some("F") => "Femmes".to_owned(),
        _ => UNSPECIFIED.to_owned(),
    })
}

fn cities(counts: Vec<Count>) -> Vec<Slice> {
    let mut slices = slices(counts, |name| name.unwrap_or(OTHER_CITIES).to_owned());
    slices.truncate(CITIES);
    slices
}

fn categories(counts: Vec<Count>) -> Vec<Slice> {
    slices(counts, |name| {
        name.map_or_else(|| UNSPECIFIED.to_owned(), |name| format!("Catégorie {name}"))
    })
}

fn usages(counts: Vec<Count>) -> Vec<Slice> {
    slices(counts, |name| name.unwrap_or(UNSPECIFIED).to_owned())
}

fn months(counted: Vec<Month>) -> Vec<MonthBar> {
    const NAMES: [&str; 12] =
        ["Jan", "Fév", "Mar", "Avr", "Mai", "Juin", "Juil", "Août", "Sep", "Oct", "Nov", "Déc"];
    let bar = |month: Month| MonthBar {
        mois: NAMES[month.month.month0() as usize],
        cin: month.totals.cin,
        gris: month.totals.gris,
        permis: month.totals.permis,
        precision: (month.precision.unwrap_or(0.0) * 1000.0).round() / 10.0,
    };
    counted.into_iter().map(bar).collect()
}

fn days(counted: Vec<Day>) -> Vec<DayBar> {
    let bar = |day: Day| DayBar {
        jour: weekday(day.day),
        cin: day.totals.cin,
        gris: day.totals.gris,
        permis: day.totals.permis,
    };
    counted.into_iter().map(bar).collect()
}

fn weekday(day: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = ["Lun", "Mar", "Mer", "Jeu", "Ven", "Sam", "Dim"];
    NAMES[day.weekday().num_days_from_monday() as usize]
}

fn evolution(counted: Vec<(String, i64)>) -> Value {
    Value::Object(
        counted
            .into_iter()
            .map(|(month, count)| (month, count.into()))
            .collect::<Map<String, Value>>(),
    )
}

/// Names the counts, adds up those that share a name, the largest first.
fn slices(counts: Vec<Count>, name: impl Fn(Option<&str>) -> String) -> Vec<Slice> {
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
fn percentages(values: &[i64]) -> Vec<i64> {
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
        let counts = (0..12).map(|index| count(Some(&format!("CITY{index}")), 1)).collect();
        let shown = cities(counts);
        assert_eq!(shown.len(), 10);
        assert!(shown.iter().all(|slice| slice.percentage < 10));
    }

    #[test]
    fn what_a_card_does_not_say_has_a_name_of_its_own() {
        assert_eq!(genders(vec![count(None, 1)])[0].name, "Non spécifié");
        assert_eq!(cities(vec![count(None, 1)])[0].name, "AUTRES");
        assert_eq!(categories(vec![count(Some("E(B)"), 1)])[0].name, "Catégorie E(B)");
    }

    #[test]
    fn weeks_start_on_monday() {
        assert_eq!(weekday(NaiveDate::from_ymd_opt(2026, 11, 16).unwrap()), "Lun");
        assert_eq!(weekday(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()), "Dim");
    }
}
