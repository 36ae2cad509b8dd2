//! The description put together: what each area says of its operations, and what the
//! table of routes asks of their callers.

use utoipa::openapi::path::Paths;
use utoipa::openapi::schema::ComponentsBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

use super::super::routes;
use super::names::Names;
use super::operation::{BEARER, Operation};
use super::{accounts, charts, collections, organisation, problems, records, service};

/// The areas of the interface.
const TAGS: [(&str, &str); 6] = [
    ("comptes", "Créer un compte, se connecter, le rester"),
    ("organisation", "Membres, invitations, clés, journal"),
    ("documents", "Lire, regarder, effacer"),
    ("recherche", "Retrouver, relire, corriger, approuver"),
    ("graphiques", "Les nombres de l'organisation"),
    ("service", "L'état du service et cette description"),
];

/// The description of the interface (OpenAPI 3.1). What no row of the table serves is
/// left out; that none of the table is missing is tested.
pub(super) fn document() -> OpenApi {
    let table = routes::operations();
    let described: [Vec<Operation>; 6] = [
        accounts::operations(),
        organisation::operations(),
        records::operations(),
        collections::operations(),
        charts::operations(),
        service::operations(),
    ];
    let mut paths = Paths::new();
    let mut names = Names::default();
    for ((tag, _), operations) in TAGS.into_iter().zip(described) {
        for operation in operations {
            let served = table
                .iter()
                .find(|row| row.path == operation.path && row.method == operation.method_name());
            let Some(served) = served else { continue };
            let (path, method) = (operation.path.clone(), operation.method.clone());
            let described = operation.describe(served.access, tag, &mut names);
            paths.add_path_operation(path, vec![method], described);
        }
    }
    let tags = TAGS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Wathiqa")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some("Lecture de documents d'identité marocains")),
        )
        .tags(Some(tags.map(TagBuilder::build)))
        .paths(paths)
        .components(Some(
            problems::components(ComponentsBuilder::new().security_scheme(BEARER, bearer()))
                .schemas_from_iter(names.into_schemas())
                .build(),
        ))
        .build()
}

fn bearer() -> SecurityScheme {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("Un jeton de `POST /auth/login`, ou une clé de l'organisation"));
    SecurityScheme::Http(bearer.build())
}
