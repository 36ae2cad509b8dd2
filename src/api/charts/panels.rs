//! The charts as panels of a picture, in the reader's language.

use chrono::{Datelike, NaiveDate};

use super::names::{self, KINDS};
use super::shapes::{CITIES, SPAN, percentages};
use crate::api::language::{Language, Text};
use crate::api::pictures::{Form, Moment, Panel, Part, percent};
use crate::documents::statistics::{Count, Counts, Period, Totals};

/// Bars that a chart of labels has at most: what is left has one together.
const BARS: usize = 10;
/// Months of circulation that are shown one by one; of more the years are, the latest.
const MONTHS: usize = 36;
const YEARS: usize = 40;

/// Documents by kind.
pub(super) fn overview(counts: &Counts, _today: NaiveDate, language: Language) -> Panel {
    let values = of_kinds(counts.totals);
    let labelled = KINDS.iter().zip(values);
    let labelled = labelled.map(|(kind, value)| (kind.in_language(language).to_owned(), value));
    panel(&names::OVERVIEW, language, Form::Shares(parts(labelled.collect())))
}

/// Identity cards by sex. The colours stay with the sexes, whichever is more frequent.
pub(super) fn genders(counts: &Counts, _today: NaiveDate, language: Language) -> Panel {
    let bearing = |name: Option<&str>| {
        let bear = |count: &&Count| match count.name.as_deref() {
            Some("M" | "F") => count.name.as_deref() == name,
            _ => name.is_none(),
        };
        counts.sexes.iter().filter(bear).map(|count| count.value).sum::<i64>()
    };
    let mut labelled = vec![
        (names::MEN.in_language(language).to_owned(), bearing(Some("M"))),
        (names::WOMEN.in_language(language).to_owned(), bearing(Some("F"))),
    ];
    let others = bearing(None);
    if others > 0 {
        labelled.push((names::UNSPECIFIED.in_language(language).to_owned(), others));
    }
    panel(&names::GENDERS, language, Form::Shares(parts(labelled)))
}

/// Identity cards by town, the ten largest, with their share of all.
pub(super) fn cities(counts: &Counts, _today: NaiveDate, language: Language) -> Panel {
    let mut cities = parts(labelled(&counts.towns, |town| names::town(town, language)));
    cities.truncate(CITIES);
    panel(&names::CITIES, language, Form::Bars(cities))
}

/// Driving licences by category.
pub(super) fn categories(counts: &Counts, _today: NaiveDate, language: Language) -> Panel {
    let categories = labelled(&counts.categories, |name| names::category(name, language));
    panel(&names::CATEGORIES, language, Form::Bars(parts(few(categories, language))))
}

/// Vehicle registrations by usage.
pub(super) fn usages(counts: &Counts, _today: NaiveDate, language: Language) -> Panel {
    let usages = labelled(&counts.usages, |name| names::usage(name, language));
    panel(&names::USAGES, language, Form::Bars(parts(few(usages, language))))
}

/// The latest months, with the expected precision of what was read in each.
pub(super) fn months(counts: &Counts, today: NaiveDate, language: Language) -> Panel {
    let months = counts.monthly(today, SPAN);
    let moment = |month: &Period| Moment {
        label: names::month(month.begins, language).to_owned(),
        note: month.precision().map(|share| percent(share * 100.0, 1, language)),
        values: of_kinds(month.totals).into(),
    };
    let form = documents(months.iter().map(moment).collect(), language);
    let subtitle = Some(names::PRECISION.in_language(language).to_owned());
    Panel { subtitle, ..panel(&names::MONTHS, language, form) }
}

/// The latest days.
pub(super) fn days(counts: &Counts, today: NaiveDate, language: Language) -> Panel {
    let days = counts.daily(today, SPAN);
    let moment = |day: &Period| Moment {
        label: names::weekday(day.begins, language).to_owned(),
        note: Some(format!("{:02}/{:02}", day.begins.day(), day.begins.month())),
        values: of_kinds(day.totals).into(),
    };
    panel(&names::DAYS, language, documents(days.iter().map(moment).collect(), language))
}

/// First circulations by month; by year where that would be too many.
pub(super) fn evolution(counts: &Counts, today: NaiveDate, language: Language) -> Panel {
    let known = counts.circulation.iter().filter_map(|(month, value)| {
        let (year, month) = month.split_once('-')?;
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        // What a card says of a later year was misread.
        (year <= today.year()).then_some((year * 12 + month - 1, *value))
    });
    let known: Vec<(i32, i64)> = known.collect();
    let first = known.first().map_or(0, |(month, _)| *month);
    let last = known.last().map_or(0, |(month, _)| *month);
    let in_months = last - first < MONTHS as i32;
    let width = if in_months { 1 } else { 12 };
    let end = last / width;
    let begin = (first / width).max(end - YEARS as i32 + 1);
    let moment = |place: i32| {
        let is_in = |counted: &&(i32, i64)| counted.0 / width == place;
        let label = if in_months {
            format!("{:02}/{}", place % 12 + 1, place / 12)
        } else {
            place.to_string()
        };
        let value = known.iter().filter(is_in).map(|(_, value)| value).sum();
        Moment { label, note: None, values: vec![value] }
    };
    let moments = if known.is_empty() { Vec::new() } else { (begin..=end).map(moment).collect() };
    let unit = names::VEHICLES.in_language(language).to_owned();
    let form = Form::Time { series: vec![unit.clone()], unit, moments };
    panel(if in_months { &names::EVOLUTION } else { &names::EVOLUTION_BY_YEAR }, language, form)
}

fn panel(title: &Text, language: Language, form: Form) -> Panel {
    Panel { title: title.in_language(language).to_owned(), subtitle: None, form }
}

fn documents(moments: Vec<Moment>, language: Language) -> Form {
    Form::Time {
        unit: names::DOCUMENTS.in_language(language).to_owned(),
        series: KINDS.iter().map(|kind| kind.in_language(language).to_owned()).collect(),
        moments,
    }
}

/// In the order of [`KINDS`].
const fn of_kinds(totals: Totals) -> [i64; 3] {
    [totals.cin, totals.permis, totals.gris]
}

/// Names counts and adds up those that share a name, the most frequent first.
fn labelled(counts: &[Count], name: impl Fn(Option<&str>) -> String) -> Vec<(String, i64)> {
    let mut labelled: Vec<(String, i64)> = Vec::new();
    for count in counts {
        let name = name(count.name.as_deref());
        match labelled.iter_mut().find(|(known, _)| *known == name) {
            Some((_, value)) => *value += count.value,
            None => labelled.push((name, count.value)),
        }
    }
    labelled.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
    labelled
}

/// Adds up what is left of many labels.
fn few(mut labelled: Vec<(String, i64)>, language: Language) -> Vec<(String, i64)> {
    if labelled.len() > BARS {
        let others = labelled.split_off(BARS - 1).iter().map(|(_, value)| value).sum();
        labelled.push((names::OTHERS.in_language(language).to_owned(), others));
    }
    labelled
}

fn parts(labelled: Vec<(String, i64)>) -> Vec<Part> {
    let values: Vec<i64> = labelled.iter().map(|(_, value)| *value).collect();
    let shares = percentages(&values);
    let part = |((label, value), percent)| Part { label, value, percent };
    labelled.into_iter().zip(shares).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circulation(months: &[(&str, i64)]) -> (String, Vec<String>) {
        let circulation = months.iter().map(|(month, value)| ((*month).to_owned(), *value));
        let mut counts = Counts::default();
        counts.circulation = circulation.collect();
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let panel = evolution(&counts, today, Language::French);
        let Form::Time { moments, .. } = panel.form else { unreachable!() };
        let told = moments.iter().map(|moment| format!("{} {}", moment.label, moment.values[0]));
        (panel.title, told.collect())
    }

    #[test]
    fn months_without_a_vehicle_have_their_place() {
        let (title, moments) = circulation(&[("2020-01", 3), ("2020-03", 1)]);

        assert_eq!(title, "Premières mises en circulation par mois");
        assert_eq!(moments, ["01/2020 3", "02/2020 0", "03/2020 1"]);
    }

    #[test]
    fn of_many_months_the_years_are_shown_and_none_that_is_yet_to_come() {
        let (title, moments) = circulation(&[
            ("1990-05", 1),
            ("2019-02", 1),
            ("2020-01", 3),
            ("2020-03", 1),
            ("2999-01", 9),
        ]);

        assert_eq!(title, "Premières mises en circulation par année");
        assert_eq!((moments.len(), moments.last().unwrap().as_str()), (31, "2020 4"));
    }

    #[test]
    fn what_no_date_can_be_is_in_no_picture() {
        assert_eq!(circulation(&[("", 1), ("abc", 1), ("12345-01", 1)]).1, [""; 0]);
    }

    #[test]
    fn many_labels_are_few_bars() {
        let labelled = (0..12).map(|index| (index.to_string(), 1)).collect();
        let few = few(labelled, Language::English);

        assert_eq!((few.len(), few[9].clone()), (10, ("Others".to_owned(), 3)));
    }
}
