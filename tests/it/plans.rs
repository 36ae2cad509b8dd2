//! How the database looks for pages and words: by an index, whatever is asked for.

use wathiqa::documents::browse::{self, Filter, Order, Place, Sort};
use wathiqa::documents::{Scope, Status, search, slugs};
use wathiqa::store::OrganisationId;

use crate::collections::ORGANISATION;
use crate::support::Database;

/// Enough that reading all of them would cost more than an index, of two organisations.
const RECORDS: &str = "
    INSERT INTO organisations (name) VALUES ('Here');
    INSERT INTO cin_data (organisation_id, cin, nom_fr, prenom_fr, nom_ar, date_naissance, validite,
        lieu_fr, status, need, confidence, created_at, created_by)
    SELECT 1 + i % 2, 'AB' || (100000 + i), chr(65 + i % 26) || chr(65 + i / 26 % 26) || 'IDI', 'SALMA' || i % 97,
        'الفاسي', date '1950-01-01' + i * 3, date '2024-01-01' + i % 3650, 'FES' || i % 50,
        CASE WHEN i % 40 = 0 THEN 'needs_review' ELSE 'complete' END, i % 9, i % 100 / 100.0,
        now() - i * interval '1 minute', NULL
    FROM generate_series(1, 6000) AS i;
    INSERT INTO permi_data (organisation_id, numero_permis, nom_fr, date_expiration, status, need)
    SELECT 1 + i % 2, i % 90 || '/' || (100000 + i), chr(65 + i % 26) || chr(65 + i / 26 % 26) || 'IDI',
        date '2024-01-01' + i % 3650, CASE WHEN i % 40 = 0 THEN 'needs_review' ELSE 'complete' END, i % 9
    FROM generate_series(1, 6000) AS i;
    INSERT INTO gris_data (organisation_id, numero_matricule_marocain, nom_fr, date_validite, status, need)
    SELECT 1 + i % 2, i || ' A 6', chr(65 + i % 26) || chr(65 + i / 26 % 26) || 'IDI',
        date '2024-01-01' + i % 3650, CASE WHEN i % 40 = 0 THEN 'needs_review' ELSE 'complete' END, i % 9
    FROM generate_series(1, 6000) AS i;
    ANALYZE cin_data, permi_data, gris_data";

fn assert_indexed(what: &str, plan: &[String]) {
    let plan = plan.join("\n");
    assert!(plan.contains("Index"), "{what}:\n{plan}");
    assert!(!plan.contains("Seq Scan on"), "{what}:\n{plan}");
}

#[test]
fn every_page_and_every_search_goes_by_an_index() {
    let database = Database::migrated();
    let connection = &mut database.connect();
    diesel::connection::SimpleConnection::batch_execute(connection, RECORDS).unwrap();
    let scope = Scope::of(OrganisationId(ORGANISATION), None);
    let cards = Filter { kind: Some("cin"), ..Filter::default() };
    let first = Order { by: Sort::Id, descending: true };

    for by in Sort::NAMED {
        for descending in [false, true] {
            let order = Order { by, descending };
            let places = browse::page(connection, scope, &cards, order, None, 50).unwrap();
            let last: &Place = places.last().unwrap();
            for after in [None, Some(last)] {
                let plan = browse::explain(connection, scope, &cards, order, after).unwrap();
                assert_indexed(&format!("{order:?}"), &plan);
                assert!(!plan.join("\n").contains("Sort Key: (COALESCE"), "{order:?}: {plan:?}");
            }
        }
    }
    let text = |text: &str| Some(text.to_owned());
    let day = |day: &str| Some(day.parse().unwrap());
    for filter in [
        Filter { number: text("AB10123"), ..cards.clone() },
        Filter { name: text("aaidi salma"), ..cards.clone() },
        Filter { place: text("fes7"), ..cards.clone() },
        Filter { born: (day("1960-01-01"), day("1960-02-01")), ..cards.clone() },
        Filter { expires: (day("2026-01-01"), day("2026-01-10")), ..cards.clone() },
        Filter { status: Some(Status::NeedsReview), ..cards.clone() },
        Filter { confidence: (None, Some(0.01)), ..cards.clone() },
        Filter { created_by: Some(7), ..cards.clone() },
        Filter { created: (Some(chrono::Utc::now()), None), ..cards },
    ] {
        let plan = browse::explain(connection, scope, &filter, first, None).unwrap();
        assert_indexed(&format!("{filter:?}"), &plan);
    }
    let expiring = Filter { expires: (day("2026-01-01"), day("2026-01-31")), ..Filter::default() };
    let soonest = Order { by: Sort::Expiry, descending: false };
    assert_indexed(
        "expiring",
        &browse::explain(connection, scope, &expiring, soonest, None).unwrap(),
    );
    let queue = Filter { status: Some(Status::NeedsReview), ..Filter::default() };
    let urgent = Order { by: Sort::Need, descending: false };
    assert_indexed("reviews", &browse::explain(connection, scope, &queue, urgent, None).unwrap());
    for asked in ["aaidi", "bbidi salma12", "الفاسي", "AB100123", "17/100017"] {
        let plan = search::explain(connection, scope, &slugs(), asked).unwrap();
        assert_indexed(asked, &plan);
    }
}
