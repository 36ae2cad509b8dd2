//! What operators and their machines ask, and this description itself, described.

use super::operation::{Operation, get};
use super::shapes::{Shape, any_object, count, object, one_of, text};

/// The operations of the service.
pub(super) fn operations() -> Vec<Operation> {
    let pool = object([
        ("pool_size", count().into()),
        ("checked_in", count().into()),
        ("checked_out", count().into()),
        ("overflow", count().into()),
    ])
    .title(Some("Pool"));
    vec![
        get("/health", "Vivant")
            .answers(200, object([("status", one_of(&["ok"]).into())]).title(Some("Health"))),
        get("/ready", "Prêt, dépendance par dépendance")
            .answers(200, state(&["ok"]))
            .answers(503, state(&["unavailable", "stopping"])),
        get("/metrics", "Mesures Prometheus, pour l'exploitant ou son collecteur").answers_in(
            200,
            "text/plain",
            text(),
        ),
        get("/debug/pool", "Connexions ouvertes, pour l'exploitant").answers(200, pool),
        get("/openapi.json", "Cette description").answers(200, any_object()),
        get("/docs", "Page interactive").answers_in(200, "text/html", text()),
    ]
}

fn state(states: &[&str]) -> Shape {
    let word = || one_of(&["ok", "unavailable"]);
    object([
        ("status", one_of(states).into()),
        ("database", object([("status", word().into())]).into()),
        ("ocr", object([("status", word().into()), ("waiting", count().into())]).into()),
        ("redis", object([("status", one_of(&["absent", "well", "away"]).into())]).into()),
    ])
    .into()
}
