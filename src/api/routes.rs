//! The whole route table.

use actix_web::guard::{self, Guard};
use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, web};

use super::problem::ApiError;
use super::{accounts, charts, documents, health, openapi, quality};
use crate::documents::visit_kinds;

/// Methods of a resource that is only read.
const READ: &str = "GET, HEAD, OPTIONS";
/// Methods of a resource that is only posted to.
const POST: &str = "POST, OPTIONS";

/// Registers every path.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    visit_kinds(&mut documents::Routes(config));
    config
        .service(resource("/quality", POST).route(post().to(quality::judge)))
        .service(resource("/auth/register", POST).route(post().to(accounts::register)))
        .service(resource("/auth/login", POST).route(post().to(accounts::login)))
        .service(resource("/auth/logout", POST).route(post().to(accounts::logout)))
        .service(
            resource("/me", "GET, HEAD, PUT, OPTIONS")
                .route(get().to(accounts::me))
                .route(web::put().to(accounts::update_me)),
        )
        .service(read("/gris/evolution-mensuel", get().to(charts::monthly_evolution)))
        .service(read("/charts/overview", get().to(charts::overview)))
        .service(read("/charts/gender-distribution", get().to(charts::gender_distribution)))
        .service(read("/charts/cities-distribution", get().to(charts::cities_distribution)))
        .service(read("/charts/license-categories", get().to(charts::license_categories)))
        .service(read("/charts/car-usage-types", get().to(charts::car_usage_types)))
        .service(read("/charts/monthly-stats", get().to(charts::monthly_stats)))
        .service(read("/charts/daily-stats", get().to(charts::daily_stats)))
        .service(read("/charts/dashboard", get().to(charts::dashboard)))
        .service(read("/charts/essential", get().to(charts::essential)))
        .service(read("/health", get().to(health::health)))
        .service(read("/ready", get().to(health::ready)))
        .service(read("/metrics", get().to(health::metrics)))
        .service(read("/debug/pool", get().to(health::pool)))
        .service(read("/openapi.json", get().to(openapi::json)))
        .service(read("/docs", get().to(openapi::page)))
        .service(read("/docs/{asset:.*}", get().to(openapi::asset)))
        .default_service(web::to(nothing_here));
}

/// A resource that answers `OPTIONS`, and 405 to methods that it is not given.
pub(crate) fn resource(path: &str, allow: &'static str) -> Resource {
    web::resource(path)
        .route(web::method(Method::OPTIONS).to(move || async move {
            HttpResponse::Ok().insert_header((header::ALLOW, allow)).finish()
        }))
        .default_service(web::to(move || async move {
            HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allow)).finish()
        }))
}

/// A route for `GET` and `HEAD`.
pub(crate) fn get() -> Route {
    web::route().guard(GetOrHead)
}

/// A route for `POST`.
pub(crate) fn post() -> Route {
    web::post()
}

fn read(path: &str, route: Route) -> Resource {
    resource(path, READ).route(route)
}

struct GetOrHead;

impl Guard for GetOrHead {
    fn check(&self, context: &guard::GuardContext<'_>) -> bool {
        matches!(context.head().method, Method::GET | Method::HEAD)
    }
}

async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::Ok().insert_header((header::ALLOW, "OPTIONS")).finish());
    }
    Err(ApiError::NotFound)
}
