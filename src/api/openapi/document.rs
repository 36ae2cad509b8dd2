//! Every path with its bodies and answers.

use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Paths};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder,
    Schema,
};

use super::super::problem::ALL;
use super::schemas::{like, picture, reading, row, upload};
use crate::documents::{DocumentKind, KindVisitor, visit_kinds};

/// The name of the security scheme.
const BEARER: &str = "bearer";
/// The name of the problem's schema.
const PROBLEM: &str = "Problem";

/// The description of the interface (OpenAPI 3.1).
pub fn document() -> OpenApi {
    let mut paths = Described(Paths::new());
    accounts(&mut paths);
    visit_kinds(&mut paths);
    quality(&mut paths);
    charts(&mut paths);
    service(&mut paths);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Wathiqa")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some("Lecture de documents d'identité marocains"))
                .build(),
        )
        .paths(paths.0)
        .components(Some(
            ComponentsBuilder::new()
                .schema(PROBLEM, problem())
                .security_scheme(BEARER, SecurityScheme::Http(bearer))
                .build(),
        ))
        .build()
}

/// The paths described so far.
struct Described(Paths);

/// One operation in words.
struct Operation<'a> {
    path: &'a str,
    method: HttpMethod,
    tag: &'a str,
    summary: &'a str,
    is_public: bool,
    body: Option<RequestBody>,
    /// Status, content type and schema of success.
    success: (u16, &'a str, RefOr<Schema>),
    /// Statuses of problems, beside 401 and 503.
    problems: &'a [u16],
}

impl Described {
    fn add(&mut self, operation: Operation<'_>) {
        let (status, content_type, schema) = operation.success;
        let success = ResponseBuilder::new()
            .description("Succès")
            .content(content_type, ContentBuilder::new().schema(Some(schema)).build());
        let mut described = OperationBuilder::new()
            .tag(operation.tag)
            .summary(Some(operation.summary))
            .request_body(operation.body)
            .response(status.to_string(), success);
        let common: &[u16] = if operation.is_public { &[503] } else { &[401, 503] };
        for status in operation.problems.iter().chain(common) {
            described = described.response(status.to_string(), refusal(*status));
        }
        if !operation.is_public {
            described = described.security(SecurityRequirement::new(BEARER, [""; 0]));
        }
        self.0.add_path_operation(operation.path, vec![operation.method], described);
    }

    /// A `GET` that answers JSON.
    fn read(&mut self, path: &str, tag: &str, summary: &str, schema: RefOr<Schema>) {
        self.add(Operation {
            path,
            method: HttpMethod::Get,
            tag,
            summary,
            is_public: false,
            body: None,
            success: (200, "application/json", schema),
            problems: &[],
        });
    }
}

impl KindVisitor for Described {
    fn visit<K: DocumentKind>(&mut self) {
        let body = RequestBodyBuilder::new()
            .required(Some(Required::True))
            .content(
                "multipart/form-data",
                ContentBuilder::new().schema(Some(upload::<K>())).build(),
            )
            .build();
        self.add(Operation {
            path: &format!("/{}/process", K::SLUG),
            method: HttpMethod::Post,
            tag: K::SLUG,
            summary: "Lit un document photographié et l'enregistre",
            is_public: false,
            body: Some(body),
            success: (200, "application/json", reading::<K>()),
            problems: &[400],
        });
        self.read(
            &format!("/{}/all", K::SLUG),
            K::SLUG,
            "Les documents de l'organisation",
            ArrayBuilder::new().items(row()).into(),
        );
    }
}

fn accounts(paths: &mut Described) {
    let message = json!({ "message": "…" });
    let profile = json!({
        "id": 1, "email": "salma@example.ma", "full_name": null, "phone": null, "address": null,
        "job_title": null, "department": null, "created_at": null, "last_login": null,
    });
    let mut me = profile.clone();
    me["stats"] = json!({
        "total_cards_processed": 3, "identity_cards": 1, "driving_licenses": 1,
        "registration_cards": 1, "last_activity": null,
    });
    let credentials = required(&["email", "password"], &["full_name"]);
    let accounts = |path, summary, body, success, problems| Operation {
        path,
        method: HttpMethod::Post,
        tag: "comptes",
        summary,
        is_public: true,
        body,
        success,
        problems,
    };
    let created = (201, "application/json", like(&message));
    paths.add(accounts(
        "/auth/register",
        "Crée un compte",
        Some(credentials),
        created,
        &[400, 409],
    ));
    let token = (200, "application/json", like(&json!({ "token": "eyJ…" })));
    let credentials = required(&["email", "password"], &[]);
    paths.add(accounts("/auth/login", "Donne un jeton", Some(credentials), token, &[400, 401]));
    let done = (200, "application/json", like(&message));
    paths.add(accounts("/auth/logout", "Révoque le jeton", None, done, &[]));
    paths.read("/me", "comptes", "Le profil et ses statistiques", like(&me));
    paths.add(Operation {
        path: "/me",
        method: HttpMethod::Put,
        tag: "comptes",
        summary: "Modifie le profil",
        is_public: false,
        body: Some(required(&[], &["full_name", "phone", "address", "job_title", "department"])),
        success: (200, "application/json", like(&json!({ "message": "…", "user": profile }))),
        problems: &[400],
    });
}

fn quality(paths: &mut Described) {
    let example = json!({
        "acceptable": false,
        "outline_found": true,
        "corners": [[10.5, 12.5]],
        "portrait": null,
        "findings": [{ "fault": "blurred", "refused": true, "advice": "…" }],
        "measures": {
            "card_width": 1200.5, "blur": 0.12, "glare": 0.05, "brightness": 210.5,
            "colour": 14.5, "alike": 0.25,
        },
    });
    let body = RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("multipart/form-data", ContentBuilder::new().schema(Some(picture())).build())
        .build();
    paths.add(Operation {
        path: "/quality",
        method: HttpMethod::Post,
        tag: "service",
        summary: "Juge une photo avant l'envoi, sans la lire ni la garder",
        is_public: false,
        body: Some(body),
        success: (200, "application/json", like(&example)),
        problems: &[400],
    });
}

fn charts(paths: &mut Described) {
    let overview = json!({
        "total_cin": 2, "total_gris": 1, "total_permi": 1, "total_cards": 4,
        "percentage_cin": 50, "percentage_gris": 25, "percentage_permi": 25,
    });
    let slices = json!([{ "name": "Hommes", "value": 1, "percentage": 50 }]);
    let months = json!([{ "mois": "Nov", "cin": 2, "gris": 1, "permis": 1, "precision": 97.5 }]);
    let days = json!([{ "jour": "Lun", "cin": 2, "gris": 1, "permis": 1 }]);
    let dashboard = json!({
        "overview": overview, "gender_distribution": slices, "cities_distribution": slices,
        "license_categories": slices, "car_usage_types": slices, "monthly_stats": months,
        "daily_stats": days,
    });
    let essential = json!({
        "overview": overview, "gender_distribution": slices,
        "simple_stats": {
            "total_documents": 4, "cin_count": 2, "gris_count": 1, "permi_count": 1,
            "most_common_gender": "Hommes",
        },
        "status": "success",
    });
    let charts: [(&str, &str, &Value); 9] = [
        ("/charts/overview", "Nombre de documents par type", &overview),
        ("/charts/gender-distribution", "Cartes d'identité par sexe", &slices),
        ("/charts/cities-distribution", "Cartes d'identité par ville", &slices),
        ("/charts/license-categories", "Permis par catégorie", &slices),
        ("/charts/car-usage-types", "Cartes grises par usage", &slices),
        ("/charts/monthly-stats", "Les sept derniers mois", &months),
        ("/charts/daily-stats", "Les sept derniers jours", &days),
        ("/charts/dashboard", "Tous les graphiques", &dashboard),
        ("/charts/essential", "L'essentiel", &essential),
    ];
    for (path, summary, example) in charts {
        paths.read(path, "graphiques", summary, like(example));
    }
    let counts = ObjectBuilder::new()
        .description(Some("Par mois `AAAA-MM`, dans l'ordre"))
        .additional_properties(Some(ObjectBuilder::new().schema_type(Type::Integer)));
    paths.read(
        "/gris/evolution-mensuel",
        "gris",
        "Premières mises en circulation par mois",
        counts.into(),
    );
}

fn service(paths: &mut Described) {
    let text = || ObjectBuilder::new().schema_type(Type::String).into();
    let state = json!({
        "status": "ok", "database": { "status": "ok" }, "ocr": { "status": "ok", "waiting": 0 },
    });
    let pool = json!({ "pool_size": 1, "checked_in": 1, "checked_out": 0, "overflow": 0 });
    let service = |path, summary, is_public, success, problems| Operation {
        path,
        method: HttpMethod::Get,
        tag: "service",
        summary,
        is_public,
        body: None,
        success,
        problems,
    };
    let json = |example: &Value| (200, "application/json", like(example));
    paths.add(service("/health", "Vivant", true, json(&json!({ "status": "ok" })), &[]));
    paths.add(service("/ready", "Prêt, dépendance par dépendance", true, json(&state), &[]));
    let metrics = (200, "text/plain", text());
    paths.add(service("/metrics", "Mesures Prometheus", false, metrics, &[403]));
    paths.add(service("/debug/pool", "Connexions ouvertes", false, json(&pool), &[403]));
    let description = (200, "application/json", ObjectBuilder::new().into());
    paths.add(service("/openapi.json", "Cette description", true, description, &[]));
    paths.add(service("/docs", "Page interactive", true, (200, "text/html", text()), &[]));
}

/// A JSON body of texts.
fn required(required: &[&str], optional: &[&str]) -> RequestBody {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let body = required
        .iter()
        .fold(ObjectBuilder::new(), |body, name| body.property(*name, text()).required(*name));
    let body = optional.iter().fold(body, |body, name| body.property(*name, text()));
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/json", ContentBuilder::new().schema(Some(body)).build())
        .build()
}

/// The answer of a refusal; its description lists the codes of that status.
fn refusal(status: u16) -> ResponseBuilder {
    let codes: Vec<&str> =
        ALL.iter().filter(|problem| problem.status == status).map(|problem| problem.code).collect();
    ResponseBuilder::new().description(codes.join(", ")).content(
        "application/problem+json",
        ContentBuilder::new().schema(Some(Ref::from_schema_name(PROBLEM))).build(),
    )
}

/// The problem details of RFC 9457 with this service's members.
fn problem() -> RefOr<Schema> {
    like(&json!({
        "type": "/problems/side-missing",
        "title": "Face manquante",
        "status": 400,
        "detail": "Il manque une face du document ; photographiez aussi l'autre face.",
        "code": "side-missing",
        "request_id": "0198c0de-0000-7000-8000-000000000000",
        "error": "Il manque une face du document ; photographiez aussi l'autre face.",
    }))
}
