//! The charts, counted in the caller's organisation: in JSON as the contract has them, or as
//! pictures to whoever would rather have `image/svg+xml`.

mod names;
mod panels;
mod shapes;

use actix_web::http::header::{self, ACCEPT, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde_json::Value;

use super::caller::Caller;
use super::language::{Language, Text};
use super::pictures::{self, Panel};
use super::problem::ApiError;
use super::server::State;
use crate::documents::statistics::{self, Counts};

/// The content type of a picture.
pub(crate) const PICTURE: &str = "image/svg+xml";

/// A panel of a picture, made of what was counted up to a day.
type MakePanel = fn(&Counts, NaiveDate, Language) -> Panel;

/// How a chart is shown.
struct Chart {
    /// In JSON.
    show: fn(&Counts, NaiveDate) -> Value,
    /// In a picture.
    panels: &'static [MakePanel],
    /// What a picture of several panels is called.
    title: Option<&'static Text>,
}

impl Chart {
    fn draw(
        &self,
        counts: &Counts,
        today: NaiveDate,
        language: Language,
    ) -> Result<String, ApiError> {
        let panels: Vec<Panel> =
            self.panels.iter().map(|panel| panel(counts, today, language)).collect();
        let first = panels.first().map(|panel| panel.title.as_str());
        let title = self.title.map(|title| title.in_language(language)).or(first);
        pictures::draw(title.unwrap_or_default(), &panels, language)
            .map_err(|error| ApiError::Internal(error.to_string().into()))
    }
}

macro_rules! chart {
    ($(#[$doc:meta])* $name:ident, $show:expr, $panels:expr, $title:expr) => {
        $(#[$doc])*
        pub(crate) async fn $name(
            request: HttpRequest,
            caller: Caller,
            state: web::Data<State>,
        ) -> Result<HttpResponse, ApiError> {
            const CHART: Chart = Chart { show: $show, panels: $panels, title: $title };
            answer(&request, &caller, &state, &CHART).await
        }
    };
}

chart!(
    /// `GET /charts/overview`.
    overview, shapes::overview, &[panels::overview], None
);
chart!(
    /// `GET /charts/gender-distribution`.
    gender_distribution, shapes::genders, &[panels::genders], None
);
chart!(
    /// `GET /charts/cities-distribution`.
    cities_distribution, shapes::cities, &[panels::cities], None
);
chart!(
    /// `GET /charts/license-categories`.
    license_categories, shapes::categories, &[panels::categories], None
);
chart!(
    /// `GET /charts/car-usage-types`.
    car_usage_types, shapes::usages, &[panels::usages], None
);
chart!(
    /// `GET /charts/monthly-stats`.
    monthly_stats, shapes::months, &[panels::months], None
);
chart!(
    /// `GET /charts/daily-stats`.
    daily_stats, shapes::days, &[panels::days], None
);
chart!(
    /// `GET /gris/evolution-mensuel`: first circulations by month, ascending.
    monthly_evolution, shapes::evolution, &[panels::evolution], None
);
chart!(
    /// `GET /charts/dashboard`: all charts at once.
    dashboard,
    shapes::dashboard,
    &[
        panels::overview,
        panels::genders,
        panels::cities,
        panels::categories,
        panels::usages,
        panels::months,
        panels::days,
    ],
    Some(&names::DASHBOARD)
);
chart!(
    /// `GET /charts/essential`: what the home screen shows.
    essential,
    shapes::essential,
    &[panels::overview, panels::genders],
    Some(&names::ESSENTIAL)
);

async fn answer(
    request: &HttpRequest,
    caller: &Caller,
    state: &State,
    chart: &Chart,
) -> Result<HttpResponse, ApiError> {
    let today = statistics::today();
    let counts = counted(state, caller, today).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::VARY, "Accept, Accept-Language"));
    if !prefers_picture(request.headers()) {
        return Ok(answer.json((chart.show)(&counts, today)));
    }
    let language = Language::of(request.headers());
    let picture = chart.draw(&counts, today, language)?;
    Ok(answer
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .content_type(PICTURE)
        .body(picture))
}

/// What was counted a moment ago, where replicas share a cache; else asks the database.
async fn counted(state: &State, caller: &Caller, today: NaiveDate) -> Result<Counts, ApiError> {
    let organisation = caller.organisation();
    if let Some(counts) = state.answers.find(organisation).await {
        return Ok(counts);
    }
    let (scope, since) = (caller.scope(), statistics::first_month(today, shapes::SPAN));
    let counts =
        state.store.read(move |connection| Counts::fetch(connection, scope, since)).await?;
    state.answers.keep(organisation, &counts).await;
    Ok(counts)
}

/// Whether a client would rather have a picture than JSON, by the weights of RFC 9110,
/// section 12.5.1. Who takes either gets JSON, and so does who takes neither, as ever.
fn prefers_picture(headers: &HeaderMap) -> bool {
    let accepted: Vec<&str> =
        headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let accepted = accepted.join(",");
    weight(&accepted, PICTURE) > weight(&accepted, "application/json")
}

/// The weight of the most specific range that `content_type` is in, 0 when none.
fn weight(accepted: &str, content_type: &str) -> f32 {
    let kind = content_type.split('/').next().unwrap_or_default();
    let mut best = (0, 0.0);
    for range in accepted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let specific = match range.as_str() {
            range if range == content_type => 3,
            range if range.strip_suffix("/*") == Some(kind) => 2,
            "*/*" => 1,
            _ => continue,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        if specific > best.0 {
            best = (specific, weight);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn is_picture(accepted: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        prefers_picture(&headers)
    }

    #[test]
    fn json_is_for_whoever_does_not_ask_for_a_picture() {
        assert!(!prefers_picture(&HeaderMap::new()));
        for accepted in ["*/*", "application/json", "text/html", "", ";;,q=", "image/png"] {
            assert!(!is_picture(accepted), "{accepted}");
        }
        assert!(!is_picture("application/json, image/svg+xml"));
        assert!(!is_picture("text/html,application/xml;q=0.9,image/webp,*/*;q=0.8"));
        assert!(!is_picture("image/svg+xml;q=0, */*"));
    }

    #[test]
    fn a_picture_is_for_whoever_prefers_one() {
        assert!(is_picture("image/svg+xml"));
        assert!(is_picture("IMAGE/SVG+XML, application/json;q=0.5"));
        assert!(is_picture("image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"));
        assert!(is_picture("image/*"));
    }
}
