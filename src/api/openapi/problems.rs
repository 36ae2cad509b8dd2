//! Refusals in the description: their schema, their headers, and which codes each status
//! may have.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::schema::{AllOfBuilder, ComponentsBuilder};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Ref, RefOr, Response, ResponseBuilder, header::Header,
};

use super::super::gate::Access;
use super::super::problem::{ALL, Problem};
use super::shapes::{Shape, array, bounded, count, like, named, object, one_of, text};

/// The name of the problem's schema.
const PROBLEM: &str = "Problem";

/// Whether requests that ask so much are counted.
pub(super) fn is_limited(access: Access) -> bool {
    access != Access::Probe
}

/// The schema and the headers, under their names.
pub(super) fn components(components: ComponentsBuilder) -> ComponentsBuilder {
    let components = components.schema(PROBLEM, problem());
    headers()
        .into_iter()
        .fold(components, |components, (name, header)| components.header(name, header))
}

/// A header of the components.
pub(super) fn header(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

fn headers() -> [(&'static str, Header); 11] {
    let seconds = "Secondes après lesquelles réessayer";
    let policy = "Les quotas : nom, nombre de requêtes `q`, fenêtre `w` en secondes ; absent où \
                  rien n'est limité";
    let left = "Ce qu'il reste de chaque quota : `r` requêtes, renouvelé dans `t` secondes";
    [
        (
            "X-Request-Id",
            always("L'identifiant sous lequel la requête est consignée", {
                text().min_length(Some(1)).max_length(Some(64)).pattern(Some("^[A-Za-z0-9-]+$"))
            }),
        ),
        ("RateLimit", sometimes(left, text().examples([json!(r#""requests";r=299;t=60"#)]))),
        (
            "RateLimit-Policy",
            sometimes(policy, text().examples([json!(r#""requests";q=300;w=60"#)])),
        ),
        ("Retry-After", always(seconds, bounded(1, i64::MAX))),
        ("WWW-Authenticate", always("Ce qui est demandé (RFC 6750)", one_of(&["Bearer"]))),
        ("Content-Language", always("La langue des textes", one_of(&["fr", "ar", "en"]))),
        ("ETag", always("L'état, tel que If-Match et If-None-Match le nomment", text())),
        ("Link", sometimes("La première page et la suivante (RFC 8288)", text())),
        (
            "Cache-Control",
            always(
                "Le client peut garder la réponse, et demande chaque fois si elle vaut encore",
                text(),
            ),
        ),
        ("Vary", always("Les en-têtes dont la réponse dépend", text())),
        ("Server-Timing", always("La durée des étapes, en millisecondes", text())),
    ]
}

fn sometimes(about: &str, shape: impl Into<Shape>) -> Header {
    HeaderBuilder::new().description(Some(about)).schema(Some(shape)).build()
}

fn always(about: &str, shape: impl Into<Shape>) -> Header {
    // The builder has no member for it.
    let required = [("required", Value::Bool(true))].into_iter().collect();
    let header = HeaderBuilder::new().description(Some(about)).schema(Some(shape));
    header.extensions(Some(required)).build()
}

/// The answers of some problems, by status.
pub(super) fn answers(
    problems: &[&'static Problem],
    access: Access,
) -> Vec<(u16, RefOr<Response>)> {
    let mut codes: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    // In the order of the catalogue, each once.
    for Problem { status, code, .. } in ALL {
        if problems.iter().any(|problem| problem.code == *code) {
            codes.entry(*status).or_default().push(code);
        }
    }
    let answer = |(status, codes): (u16, Vec<&str>)| (status, refusal(status, &codes, access));
    codes.into_iter().map(answer).collect()
}

fn refusal(status: u16, codes: &[&str], access: Access) -> RefOr<Response> {
    let these = object([("status", bounded(status.into(), status.into()).into())])
        .property("code", one_of(codes));
    let schema = AllOfBuilder::new().item(named(PROBLEM)).item(these);
    let mut names = vec!["X-Request-Id", "Content-Language"];
    match status {
        401 => names.push("WWW-Authenticate"),
        429 | 503 => names.push("Retry-After"),
        _ => {}
    }
    // Whom the gate turns away is not told what is left.
    if is_limited(access) && !matches!(status, 401 | 403 | 429) {
        names.extend(["RateLimit", "RateLimit-Policy"]);
    }
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let answer = ResponseBuilder::new()
        .description(codes.join(", "))
        .content("application/problem+json", content);
    names.into_iter().fold(answer, |answer, name| answer.header_ref(name, header(name))).into()
}

/// The problem details of RFC 9457 with this service's members.
fn problem() -> Shape {
    let codes: Vec<&str> = ALL.iter().map(|problem| problem.code).collect();
    let side = || one_of(&["recto", "verso"]);
    let advice = json!({ "part": "recto", "fault": "blurred", "advice": "…" });
    object([
        ("type", text().pattern(Some("^/problems/[a-z-]+$")).into()),
        ("title", text().description(Some("Dit de même à chaque fois")).into()),
        ("status", bounded(400, 599).into()),
        ("detail", text().description(Some("Ce qui ne va pas ici, et que faire")).into()),
        ("code", one_of(&codes).description(Some("Le nom stable du problème")).into()),
        ("request_id", text().into()),
        ("error", text().description(Some("`detail`, pour les anciens clients")).into()),
        ("member?", text().description(Some("Le champ en cause")).into()),
        ("minimum?", count().into()),
        ("maximum?", count().into()),
        ("after?", bounded(1, i64::MAX).description(Some("En secondes")).into()),
        ("part?", side().description(Some("La partie en cause")).into()),
        ("found?", text().description(Some("Le document reconnu")).into()),
        ("found_name?", text().into()),
        ("advice?", array(like(&advice)).into()),
    ])
    .into()
}
