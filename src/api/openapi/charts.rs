//! The charts, described by examples of their answers.

use serde_json::{Value, json};

use super::super::charts::PICTURE;
use super::operation::{Operation, get};
use super::shapes::{Shape, count, like, map, text};

/// The operations that count.
pub(super) fn operations() -> Vec<Operation> {
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
    let mut operations: Vec<Operation> = charts
        .into_iter()
        .map(|(path, summary, example)| chart(path, summary, like(example)))
        .collect();
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
