//! Finding people by name, in either script and however it is spelled, and by number.

use serde_json::Value;

use crate::collections::ORGANISATION;
use crate::support::{Session, TestApp, spawn_app};

/// People on cards of all kinds: family and given names in both scripts.
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 12] = [
    ("cin", "AB100", "BENJELLOUN", "بنجلون", "OMAR", "عمر"),
    ("permis", "55/193059", "BEN JELLOUN", "بن جلون", "SALMA", "سلمى"),
    ("gris", "12345 أ 6", "", "بنجلون", "", "هشام"),
    ("cin", "AB200", "EL FASSI", "الفاسي", "FATIMA ZAHRA", "فاطمة الزهراء"),
    ("cin", "AB300", "FASSI", "فاسي", "ABDELKADER", "عبد القادر"),
    ("cin", "AB400", "AÏT OUAHMANE", "ايت وحمان", "MOHAMMED", "مُحَمَّـد"),
    ("cin", "AB500", "GUESSOUS", "كسوس", "AICHA", "عائشة"),
    ("cin", "AB600", "CHERKAOUI", "الشرقاوي", "YOUSSEF", "يوسف"),
    ("cin", "AB700", "IDRISSI", "الإدريسي", "ÉLIAS", "إلياس"),
    ("cin", "AB800", "KHATTABI", "الخطابي", "GHIZLANE", "غزلان"),
    ("cin", "AB900", "TAZI", "التازي", "MERYEM", "مريم"),
    ("permis", "12/777777", "ALAOUI", "العلوي", "HAMZA", "حمزة"),
];

fn fill(app: &TestApp) {
    for (kind, number, nom_fr, nom_ar, prenom_fr, prenom_ar) in PEOPLE {
        let (table, column) = match kind {
            "cin" => ("cin_data", "cin"),
            "permis" => ("permi_data", "numero_permis"),
            _ => ("gris_data", "numero_matricule_marocain"),
        };
        app.execute(&format!(
            "INSERT INTO {table} (organisation_id, {column}, nom_fr, nom_ar, prenom_fr, prenom_ar)
             VALUES ({ORGANISATION}, '{number}', nullif('{nom_fr}', ''), '{nom_ar}',
                nullif('{prenom_fr}', ''), '{prenom_ar}')"
        ));
    }
}

/// The Arabic family and given names of the finds, in their order.
async fn found(session: &Session<'_>, asked: &str) -> Vec<String> {
    let answer = search(session, asked).await;
    let items = answer["items"].as_array().unwrap().clone();
    let name = |item: &Value| {
        format!("{} {}", item["nom_ar"].as_str().unwrap(), item["prenom_ar"].as_str().unwrap())
    };
    items.iter().map(name).collect()
}

fn address(asked: &str) -> String {
    let asked: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    format!("/search?q={asked}")
}

async fn search(session: &Session<'_>, asked: &str) -> Value {
    let answer = session.get(&address(asked)).await;
    assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
    answer.json()
}

#[actix_web::test]
async fn those_of_the_same_spelling_do_not_hide_whom_the_other_script_alone_names() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    app.execute(&format!(
        "INSERT INTO cin_data (organisation_id, cin, nom_fr, nom_ar, prenom_ar)
             SELECT {ORGANISATION}, 'AB' || i, 'BENJELLOUN', 'بنجلون', 'عمر'
             FROM generate_series(1, 60) AS i;
         INSERT INTO cin_data (organisation_id, cin, nom_ar, prenom_ar)
             VALUES ({ORGANISATION}, 'CD1', 'بنجلون', 'هشام')"
    ));

    let finds = session.get(&format!("{}&limit=200", address("benjelloun"))).await.json();

    let items = finds["items"].as_array().unwrap();
    assert_eq!(items.len(), 61);
    assert!(items.iter().any(|item| item["cin"] == "CD1"));
}

#[actix_web::test]
async fn a_name_is_found_in_either_script_and_however_it_is_spelled() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);

    let benjelloun = ["بنجلون عمر", "بن جلون سلمى", "بنجلون هشام"];
    let fassi = ["الفاسي فاطمة الزهراء", "فاسي عبد القادر"];
    for (asked, expected) in [
        ("benjelloun", &benjelloun[..]),
        ("Ben Jelloun", &benjelloun),
        ("BENJELOUN", &benjelloun),
        ("بنجلون", &benjelloun),
        ("بن جلون", &benjelloun),
        ("El Fassi", &fassi),
        ("elfassi", &fassi),
        ("الفاسي", &fassi),
        ("الفاسى", &fassi),
        ("Fatima Ezzahra", &["الفاسي فاطمة الزهراء"]),
        ("فاطمه الزهراء", &["الفاسي فاطمة الزهراء"]),
        ("fatima el fassi", &["الفاسي فاطمة الزهراء"]),
        ("Abd El Kader", &["فاسي عبد القادر"]),
        ("عبدالقادر", &["فاسي عبد القادر"]),
        ("ait ouahmane", &["ايت وحمان مُحَمَّـد"]),
        ("mohamed", &["ايت وحمان مُحَمَّـد"]),
        ("محمد", &["ايت وحمان مُحَمَّـد"]),
        ("Guessouss", &["كسوس عائشة"]),
        ("Aïcha", &["كسوس عائشة"]),
        ("عايشة", &["كسوس عائشة"]),
        ("charkaoui", &["الشرقاوي يوسف"]),
        ("yousef", &["الشرقاوي يوسف"]),
        ("ilias", &["الإدريسي إلياس"]),
        ("ادريسي", &["الإدريسي إلياس"]),
        ("khatabi", &["الخطابي غزلان"]),
        ("Rhizlane Khattabi", &[]),
        ("ghizlan", &["الخطابي غزلان"]),
        ("مـريـم", &["التازي مريم"]),
        ("Meriem", &["التازي مريم"]),
    ] {
        let mut names = found(&session, asked).await;
        // Names of one or two consonants sound like others; the best come first.
        names.truncate(expected.len());
        names.sort();
        let mut expected: Vec<String> = expected.iter().map(|&name| name.to_owned()).collect();
        expected.sort();
        assert_eq!(names, expected, "{asked}");
    }
}

#[actix_web::test]
async fn a_number_is_found_however_it_is_spaced() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);

    for (asked, kind, id) in [
        ("ab 600", "cin", 6),
        ("AB600", "cin", 6),
        ("55/193059", "permis", 1),
        ("55193059", "permis", 1),
        ("12345 أ 6", "gris", 1),
        ("12345|ا|6", "gris", 1),
    ] {
        let items = search(&session, asked).await["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 1, "{asked}: {items}");
        assert_eq!((&items[0]["kind"], &items[0]["id"]), (&kind.into(), &id.into()), "{asked}");
        assert_eq!(items[0]["match"], "words");
    }
}

#[actix_web::test]
async fn a_slip_of_the_pen_is_forgiven() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);
    assert_eq!(
        app.text("SELECT count(*)::text AS text FROM pg_extension WHERE extname = 'pg_trgm'"),
        "1"
    );

    for (asked, expected) in [
        ("benkelloun", "بنجلون عمر"),
        ("cherkaoiu", "الشرقاوي يوسف"),
        ("khattbai", "الخطابي غزلان"),
        ("guesspus", "كسوس عائشة"),
    ] {
        let names = found(&session, asked).await;
        assert!(names.iter().any(|name| name == expected), "{asked}: {names:?}");
    }
}

#[actix_web::test]
async fn without_trigrams_words_and_sounds_are_found_all_the_same() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    // As on a server that does not offer them.
    app.execute("DROP EXTENSION pg_trgm CASCADE");
    let down = include_str!("../../migrations/2026-11-22-000020_search/down.sql");
    let up = include_str!("../../migrations/2026-11-22-000020_search/up.sql");
    app.execute(
        down.replace("DROP FUNCTION wathiqa_alike", "DROP FUNCTION IF EXISTS wathiqa_alike")
            .as_str(),
    );
    app.execute(&up.replace(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE EXTENSION nothing_of_that_name",
    ));
    fill(&app);

    assert_eq!(found(&session, "ben jeloun").await.len(), 3);
    assert_eq!(found(&session, "الفاسي").await.len(), 2);
    assert_eq!(found(&session, "benkelloun").await, [""; 0]);
}

#[actix_web::test]
async fn what_cannot_be_looked_for_is_refused_and_nothing_breaks_the_search() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);

    for refused in ["", " ", "!!", "%", &"x".repeat(101)] {
        assert_eq!(session.get(&address(refused)).await.status, 400, "{refused:?}");
    }
    for odd in [
        "' OR 1=1 --",
        "a':* | 'b",
        "2wben:*",
        "é|ة|ء",
        "ءءء",
        "ة",
        "a & !b",
        "1",
        "\u{640}\u{64b}",
    ] {
        search(&session, odd).await;
    }
    assert_eq!(session.get("/search?q=ab&kind=passport").await.status, 400);
    let cards = session.get("/search?q=benjelloun&kind=permis").await.json();
    assert_eq!(cards["items"].as_array().unwrap().len(), 1);
    let two = session.get("/search?q=benjelloun&limit=2").await.json();
    assert_eq!(two["items"].as_array().unwrap().len(), 2);
}
