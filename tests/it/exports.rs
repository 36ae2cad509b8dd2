//! Records as files: whole, readable by spreadsheets in Arabic too, without formulas, and
//! told in the audit.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use crate::collections::ORGANISATION;
use crate::support::{TestApp, spawn_app};

fn fill(app: &TestApp) {
    app.execute(&format!(
        "INSERT INTO gris_data (organisation_id, numero_matricule_marocain, marque, type, nom_fr,
            nom_ar, nombre_cylindres, date_validite, status, confidence)
         SELECT {ORGANISATION}, i || ' أ 6', 'DACIA, \"LOGAN\"', '=HYPERLINK(\"http://x\")', '+FASSI',
            'الفاسي', 4, date '2030-01-31', 'complete', 0.5
         FROM generate_series(1, 1201) AS i"
    ));
}

/// The lines of a CSV file by column name.
fn table(text: &str) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[actix_web::test]
async fn a_table_holds_every_record_and_no_formula() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    fill(&app);

    let answer = admin.get("/exports/gris").await;

    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/csv; charset=utf-8"));
    let disposition = answer.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"gris-") && disposition.ends_with(".csv\"")
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = answer.text();
    let rows = table(text.strip_prefix('\u{feff}').expect("a byte order mark"));
    assert_eq!(rows.len(), 1201);
    let row = &rows[1200];
    assert_eq!(row["numero_matricule_marocain"], "1201 أ 6");
    assert_eq!(row["marque"], "DACIA, \"LOGAN\"");
    assert_eq!(row["type"], "'=HYPERLINK(\"http://x\")");
    assert_eq!((&*row["nom_fr"], &*row["nom_ar"]), ("'+FASSI", "الفاسي"));
    assert_eq!((&*row["nombre_cylindres"], &*row["date_validite"]), ("4", "2030-01-31"));
    assert_eq!((&*row["adresse_fr"], &*row["expired"], &*row["confidence"]), ("", "false", "0.5"));
}

#[actix_web::test]
async fn a_workbook_opens_with_its_texts_and_numbers() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    fill(&app);

    let answer = admin.get("/exports/gris?format=xlsx").await;

    assert_eq!(answer.status, 200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.body)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.height(), 1202);
    let names: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let cell = |name: &str| {
        let column = names.iter().position(|known| known == name).unwrap();
        sheet.get((1201, column)).unwrap().clone()
    };
    assert_eq!(cell("nom_ar"), Data::String("الفاسي".into()));
    assert_eq!(cell("type"), Data::String("=HYPERLINK(\"http://x\")".into()));
    assert_eq!(cell("nombre_cylindres"), Data::Float(4.0));
    assert_eq!(cell("adresse_fr"), Data::Empty);
    assert!(book.worksheet_formula("Sheet1").unwrap().is_empty());
    let empty = admin.get("/exports/cin?format=xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(empty.body)).unwrap();
    assert_eq!(book.worksheet_range_at(0).unwrap().unwrap().height(), 1);
}

#[actix_web::test]
async fn programs_get_a_value_a_line_of_what_the_filter_leaves() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    fill(&app);

    let answer = admin.get("/exports/gris?format=ndjson&number=12").await;

    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let text = answer.text();
    let records: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // 12 with its region, and those that begin so: 12, 120-129, 1200, 1201.
    assert_eq!(records.len(), 1 + 10 + 2);
    assert!(records.iter().all(|record| record["nom_ar"] == "الفاسي"));
    let nothing = admin.get("/exports/gris?format=ndjson&status=approved").await;
    assert_eq!((nothing.status, nothing.body.len()), (200, 0));
    for refused in ["format=pdf", "limit=5", "cursor=x", "sort=id", "stauts=approved"] {
        assert_eq!(admin.get(&format!("/exports/gris?{refused}")).await.status, 400, "{refused}");
    }
    assert_eq!(admin.get("/gris?format=csv").await.status, 400);
}

#[actix_web::test]
async fn files_are_for_those_who_may_take_them_out_and_are_told_in_the_audit() {
    let app = spawn_app().await;
    let admin = app.register_and_login("salma@example.ma").await;
    fill(&app);
    for role in ["agent", "reviewer", "auditor"] {
        let colleague = admin.colleague(&format!("{role}@example.ma"), role).await;
        assert_eq!(colleague.get("/exports/gris").await.status, 403, "{role}");
    }

    admin.get("/exports/gris?name=fassi&status=complete").await;

    let audit = admin.get("/organisation/audit").await.json();
    let entries = audit["entries"].as_array().unwrap();
    let told = entries.iter().find(|entry| entry["action"] == "records.exported").unwrap();
    let details = &told["details"];
    assert_eq!((&details["kind"], &details["format"]), (&"gris".into(), &"csv".into()));
    assert_eq!(details["filters"], serde_json::json!(["name", "status"]));
    assert!(!told.to_string().contains("fassi"), "{told}");
}
