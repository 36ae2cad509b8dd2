//! The charts, described by examples of their answers.

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::super::charts::PICTURE;
use super::operation::{Operation, get};
use super::shapes::{Shape, array, count, like, map, object, text};

/// The operations that count.
pub(super) fn operations() -> Vec<Operation> {
    let overview = || {
        named(
            "Overview",
            &json!({
                "total_cin": 2, "total_gris": 1, "total_permi": 1, "total_cards": 4,
                "percentage_cin": 50, "percentage_gris": 25, "percentage_permi": 25,
            }),
        )
    };
    let slices =
        || array(named("Slice", &json!({ "name": "Hommes", "value": 1, "percentage": 50 }))).into();
    let months = || {
        let month = json!({ "mois": "Nov", "cin": 2, "gris": 1, "permis": 1, "precision": 97.5 });
        array(named("Month", &month)).into()
    };
    let days =
        || array(named("Day", &json!({ "jour": "Lun", "cin": 2, "gris": 1, "permis": 1 }))).into();
    let dashboard = object([
        ("overview", overview()),
        ("gender_distribution", slices()),
        ("cities_distribution", slices()),
        ("license_categories", slices()),
        ("car_usage_types", slices()),
        ("monthly_stats", months()),
        ("daily_stats", days()),
    ]);
    let simple = json!({
        "total_documents": 4, "cin_count": 2, "gris_count": 1, "permi_count": 1,
        "most_common_gender": "Hommes",
    });
    let essential = object([
        ("overview", overview()),
        ("gender_distribution", slices()),
        ("simple_stats", named("SimpleStats", &simple)),
        ("status", text().examples(["success"]).into()),
    ]);
    let charts: [(&str, &str, Shape); 9] = [
        ("/charts/overview", "Nombre de documents par type", overview()),
        ("/charts/gender-distribution", "Cartes d'identité par sexe", slices()),
        ("/charts/cities-distribution", "Cartes d'identité par ville", slices()),
        ("/charts/license-categories", "Permis par catégorie", slices()),
        ("/charts/car-usage-types", "Cartes grises par usage", slices()),
        ("/charts/monthly-stats", "Les sept derniers mois", months()),
        ("/charts/daily-stats", "Les sept derniers jours", days()),
        ("/charts/dashboard", "Tous les graphiques", dashboard.title(Some("Dashboard")).into()),
        ("/charts/essential", "L'essentiel", essential.title(Some("Essential")).into()),
    ];
    let mut operations: Vec<Operation> =
        charts.into_iter().map(|(path, summary, shape)| chart(path, summary, shape)).collect();
    let months = map(count()).description(Some("Par mois `AAAA-MM`, dans l'ordre"));
    let summary = "Premières mises en circulation par mois";
    operations.push(chart("/gris/evolution-mensuel", summary, months.into()));
    operations
}

/// A chart: in JSON, or as a picture to whoever prefers one.
fn chart(path: &str, summary: &'static str, shape: Shape) -> Operation {
    let picture = text().description(Some(
        "Une image, dans la langue que demande `Accept-Language` : à qui préfère \
         `image/svg+xml` dans `Accept`",
    ));
    get(path, summary).answers(200, shape).answers_in(200, PICTURE, picture).sends("Vary")
}

/// Objects that look like `example`, with a name.
fn named(name: &str, example: &Value) -> Shape {
    let mut shape = like(example);
    if let RefOr::T(Schema::Object(object)) = &mut shape {
        object.title = Some(name.to_owned());
    }
    shape
}
