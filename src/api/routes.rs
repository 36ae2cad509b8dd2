//! The whole route table: every operation with what it asks of its caller.

use std::rc::Rc;

use actix_web::guard::{self, Guard};
use actix_web::http::{Method, header};
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, Route, web};

use super::gate::{self, Access};
use super::problem::ApiError;
use super::{
    accounts, audit, charts, collection, documents, export, health, identity, keys, openapi,
    organisation, persons, profile, quality, reviews, search,
};
use crate::auth::Permission::{Audit, Correct, Export, Manage, Read};
use crate::documents::visit_kinds;

use Access::{Anyone, May, Operator, Person, Probe, Scraper};

/// An operation of the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The method; `GET` stands for `HEAD` too.
    pub method: String,
    /// The path, as the description spells it: `/cin/{id}`.
    pub path: String,
    /// What it asks of its caller.
    pub access: Access,
}

/// Names every operation, in the order of the table.
pub fn operations() -> Vec<Operation> {
    let operation =
        |row: Row| Operation { method: row.method.to_string(), path: row.path, access: row.access };
    table().0.into_iter().map(operation).collect()
}

/// Builds a handler's route, once for each thread that serves.
type Build = Rc<dyn Fn() -> Route>;

/// The operations with their handlers.
pub(crate) struct Table(Vec<Row>);

struct Row {
    method: Method,
    path: String,
    access: Access,
    build: Build,
}

impl Table {
    /// A row of the table. There is no other way to a handler, and none without an access.
    pub(crate) fn on<H, Arguments>(
        &mut self,
        method: Method,
        path: &str,
        access: Access,
        handler: H,
    ) where
        H: Handler<Arguments>,
        Arguments: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let guarded = method.clone();
        let build = move || {
            let route = if guarded == Method::GET {
                web::route().guard(GetOrHead)
            } else {
                web::method(guarded.clone())
            };
            route
                .to(handler.clone())
                .wrap(from_fn(move |request, next| gate::admit(access, request, next)))
        };
        self.0.push(Row { method, path: path.to_owned(), access, build: Rc::new(build) });
    }
}

/// The table.
fn table() -> Table {
    let mut table = Table(Vec::new());
    accounts(&mut table);
    organisation(&mut table);
    visit_kinds(&mut documents::Routes(&mut table));
    across_kinds(&mut table);
    charts(&mut table);
    service(&mut table);
    table
}

fn accounts(table: &mut Table) {
    table.on(Method::POST, "/auth/register", Anyone, accounts::register);
    table.on(Method::POST, "/auth/login", Anyone, accounts::login);
    table.on(Method::POST, "/auth/oidc", Anyone, identity::exchange);
    table.on(Method::POST, "/auth/auth0-exchange", Anyone, identity::exchange);
    table.on(Method::GET, "/.well-known/jwks.json", Anyone, identity::jwks);
    table.on(Method::POST, "/auth/refresh", Anyone, accounts::refresh);
    table.on(Method::POST, "/auth/logout", Anyone, accounts::logout);
    table.on(Method::POST, "/auth/password", Person, accounts::change_password);
    table.on(Method::GET, "/me", Person, profile::me);
    table.on(Method::PUT, "/me", Person, profile::update_me);
}

fn organisation(table: &mut Table) {
    let (members, member) = ("/organisation/members", "/organisation/members/{id}");
    let (invitations, invitation) = ("/organisation/invitations", "/organisation/invitations/{id}");
    table.on(Method::GET, "/organisation", May(Read), organisation::show);
    table.on(Method::PATCH, "/organisation", May(Manage), organisation::change);
    table.on(Method::GET, members, May(Manage), organisation::list_members);
    table.on(Method::PATCH, member, May(Manage), organisation::change_member);
    table.on(Method::DELETE, member, May(Manage), organisation::remove_member);
    table.on(Method::GET, invitations, May(Manage), organisation::list_invitations);
    table.on(Method::POST, invitations, May(Manage), organisation::invite);
    table.on(Method::DELETE, invitation, May(Manage), organisation::withdraw_invitation);
    table.on(Method::GET, "/organisation/keys", May(Manage), keys::list);
    table.on(Method::POST, "/organisation/keys", May(Manage), keys::create);
    table.on(Method::DELETE, "/organisation/keys/{id}", May(Manage), keys::revoke);
    table.on(Method::GET, "/organisation/audit", May(Audit), audit::list);
    table.on(Method::POST, "/exports/person", May(Export), export::person);
}

fn across_kinds(table: &mut Table) {
    table.on(Method::GET, "/search", May(Read), search::search);
    table.on(Method::GET, "/expiring", May(Read), collection::expiring);
    table.on(Method::GET, "/reviews", May(Correct), reviews::list);
    table.on(Method::GET, "/persons/{cin}", May(Read), persons::show);
}

fn charts(table: &mut Table) {
    table.on(Method::GET, "/gris/evolution-mensuel", May(Read), charts::monthly_evolution);
    table.on(Method::GET, "/charts/overview", May(Read), charts::overview);
    table.on(Method::GET, "/charts/gender-distribution", May(Read), charts::gender_distribution);
    table.on(Method::GET, "/charts/cities-distribution", May(Read), charts::cities_distribution);
    table.on(Method::GET, "/charts/license-categories", May(Read), charts::license_categories);
    table.on(Method::GET, "/charts/car-usage-types", May(Read), charts::car_usage_types);
    table.on(Method::GET, "/charts/monthly-stats", May(Read), charts::monthly_stats);
    table.on(Method::GET, "/charts/daily-stats", May(Read), charts::daily_stats);
    table.on(Method::GET, "/charts/dashboard", May(Read), charts::dashboard);
    table.on(Method::GET, "/charts/essential", May(Read), charts::essential);
}

fn service(table: &mut Table) {
    table.on(Method::POST, "/quality", May(Read), quality::judge);
    table.on(Method::GET, "/health", Probe, health::health);
    table.on(Method::GET, "/ready", Probe, health::ready);
    table.on(Method::GET, "/metrics", Scraper, health::metrics);
    table.on(Method::GET, "/debug/pool", Operator, health::pool);
    table.on(Method::GET, "/openapi.json", Anyone, openapi::json);
    table.on(Method::GET, "/docs", Anyone, openapi::page);
    table.on(Method::GET, "/docs/{asset:.*}", Anyone, openapi::asset);
}

/// Registers every path. Those with a part that varies come last, so that none of them
/// hides another.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let mut paths: Vec<(String, Vec<(Method, Build)>)> = Vec::new();
    for Row { method, path, build, .. } in table().0 {
        match paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, routes)) => routes.push((method, build)),
            None => paths.push((path, vec![(method, build)])),
        }
    }
    paths.sort_by_key(|(path, _)| path.contains('{'));
    for (path, routes) in paths {
        config.service(resource(&path, routes));
    }
    config.default_service(web::to(nothing_here));
}

/// A resource that answers `OPTIONS`, and 405 to methods that it is not given.
fn resource(path: &str, routes: Vec<(Method, Build)>) -> Resource {
    let mut names: Vec<&str> = routes
        .iter()
        .flat_map(|(method, _)| match method {
            &Method::GET => vec!["GET", "HEAD"],
            other => vec![other.as_str()],
        })
        .collect();
    names.push("OPTIONS");
    let allow = names.join(", ");
    let allowed = allow.clone();
    let resource = web::resource(path)
        .route(web::method(Method::OPTIONS).to(move || {
            let answer = HttpResponse::Ok().insert_header((header::ALLOW, allow.clone())).finish();
            async { answer }
        }))
        .default_service(web::to(move || {
            let allow = (header::ALLOW, allowed.clone());
            let answer = HttpResponse::MethodNotAllowed().insert_header(allow).finish();
            async { answer }
        }));
    routes.into_iter().fold(resource, |resource, (_, build)| resource.route(build()))
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
