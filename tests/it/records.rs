//! Rows: a number is recorded once in an organisation, and nothing is lost.

use chrono::NaiveDate;
use diesel::prelude::*;
use futures_util::future::join_all;
use serde_json::{Value, json};
use wathiqa::documents::cin::CinFields;
use wathiqa::documents::cin::record::CinRecord;
use wathiqa::documents::confidence;
use wathiqa::documents::gris::GrisFields;
use wathiqa::documents::gris::record::GrisRecord;
use wathiqa::documents::statistics::{self, Counts, Totals};
use wathiqa::documents::{
    DocumentRecord, Evidence, Field, Part, PartialDate, PicturesDigest, Scope, Source, Status,
};
use wathiqa::ocr::Rect;
use wathiqa::store::schema::document_versions;
use wathiqa::store::users::{self, Membership, NewUser};
use wathiqa::store::{Store, StoreError};

use crate::support::Database;

fn read<T>(value: T) -> Field<T> {
    let evidence = Evidence {
        raw: "as printed".into(),
        confidence: 0.8,
        source: Source::Recto,
        image: Part::Recto,
        repairs: Vec::new(),
        readings: Vec::new(),
        bounding_box: Rect::default(),
    };
    Field::read(value, evidence)
}

fn card(number: &str, address: &str) -> CinFields {
    let mut fields = CinFields::unread();
    fields.cin = read(number.into());
    fields.adresse.fr = read(address.into());
    fields
}

fn new_user(email: &str) -> NewUser {
    NewUser { email: email.into(), hashed_password: Some("hash".into()), full_name: None }
}

fn member(connection: &mut PgConnection, email: &str) -> Scope {
    let Membership { user, organisation, .. } =
        users::register(connection, &new_user(email)).unwrap();
    Scope::of(organisation, Some(user))
}

/// The digest of pictures that nobody sent before.
fn pictures() -> PicturesDigest {
    rand::random()
}

fn record(connection: &mut PgConnection, scope: Scope, fields: &CinFields) -> (i32, bool) {
    let reading = json!({ "fields": "all of them" });
    let stored =
        CinRecord::record(connection, scope, fields, Status::Complete, &reading, &pictures())
            .unwrap();
    (stored.id, stored.updated)
}

fn listed(connection: &mut PgConnection, scope: Scope) -> Value {
    let page = CinRecord::write_page(connection, scope, None, 100).unwrap();
    serde_json::from_slice(&page.json).unwrap()
}

#[test]
fn a_known_number_is_updated_and_its_earlier_state_kept() {
    let database = Database::migrated();
    let connection = &mut database.connect();
    let scope = member(connection, "one@example.org");
    let mut before = card("AB123456", "12 RUE DE FES");
    before.nom.fr = read("FICTIF".into());

    let (first, _) = record(connection, scope, &before);
    let (second, updated) = record(connection, scope, &card("AB123456", "4 RUE DE RABAT"));

    assert_eq!((first, true), (second, updated));
    let rows = listed(connection, scope);
    assert_eq!(rows[0]["adresse_fr"], "4 RUE DE RABAT");
    // The newer card's name was not read: the older card's is not passed off as its.
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["nom_fr"]), (1, &Value::Null));
    let versions = {
        let columns =
            (document_versions::kind, document_versions::record_id, document_versions::state);
        document_versions::table.select(columns).load::<(String, i32, Value)>(connection).unwrap()
    };
    let [(kind, id, state)] = &versions[..] else { panic!("{} versions", versions.len()) };
    assert_eq!((kind.as_str(), *id), ("cin", first));
    assert_eq!(state["row"]["adresse_fr"], "12 RUE DE FES");
    assert_eq!(state["row"]["nom_fr"], "FICTIF");
    assert_eq!(state["reading"]["fields"], "all of them");
}

#[test]
fn organisations_may_hold_the_same_number_and_see_only_their_own() {
    let database = Database::migrated();
    let connection = &mut database.connect();
    let [one, two] = ["one@example.org", "two@example.org"].map(|email| member(connection, email));

    record(connection, one, &card("AB123456", "of one"));
    let (_, updated) = record(connection, two, &card("AB123456", "of two"));

    assert!(!updated);
    for (scope, address) in [(one, "of one"), (two, "of two")] {
        let rows = listed(connection, scope);
        assert_eq!(rows.as_array().unwrap().len(), 1);
        assert_eq!(rows[0]["adresse_fr"], address);
        let counts = Counts::fetch(connection, scope, statistics::today()).unwrap();
        assert_eq!(counts.totals.cin, 1);
        assert!(statistics::last_activity(connection, scope).unwrap().is_some());
    }
}

#[tokio::test]
async fn sixteen_first_recordings_of_one_number_at_once_give_one_row() {
    let database = Database::migrated();
    let scope = member(&mut database.connect(), "one@example.org");
    let store = Store::open(&database.config());

    let attempts = (0..16).map(|index| {
        let fields = card("AB123456", &format!("{index} RUE DE FES"));
        store.write(move |connection| {
            CinRecord::record(
                connection,
                scope,
                &fields,
                Status::NeedsReview,
                &json!({}),
                &pictures(),
            )
        })
    });
    let stored: Vec<_> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();

    assert_eq!(stored.iter().filter(|stored| !stored.updated).count(), 1);
    assert!(stored.iter().all(|one| one.id == stored[0].id));
    let connection = &mut database.connect();
    assert_eq!(listed(connection, scope).as_array().unwrap().len(), 1);
    assert_eq!(document_versions::table.count().get_result::<i64>(connection).unwrap(), 15);
}

#[test]
fn the_list_has_the_contracts_columns_in_their_order_and_dates_as_iso() {
    let database = Database::migrated();
    let connection = &mut database.connect();
    let scope = member(connection, "one@example.org");
    let mut fields = card("AB123456", "12 RUE DE FES");
    fields.validite = read(NaiveDate::from_ymd_opt(2031, 5, 7).unwrap());
    fields.naissance_date = read(PartialDate::Year(1950));
    record(connection, scope, &fields);

    let rows = listed(connection, scope);

    let columns: Vec<_> = rows[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        columns.join(", "),
        "id, cin, nom_fr, nom_ar, prenom_fr, prenom_ar, date_naissance, lieu_fr, lieu_ar, \
         adresse_fr, adresse_ar, sexe, validite, pere_fr, pere_ar, mere_fr, mere_ar, \
         numero_etat_civil"
    );
    assert_eq!(rows[0]["validite"], "2031-05-07");
    assert_eq!(rows[0]["date_naissance"], Value::Null, "a year alone is no date");
}

#[test]
fn a_card_without_a_number_is_not_recorded() {
    let database = Database::migrated();
    let connection = &mut database.connect();
    let scope = member(connection, "one@example.org");

    let refused = CinRecord::record(
        connection,
        scope,
        &CinFields::unread(),
        Status::NeedsReview,
        &json!({}),
        &pictures(),
    );

    assert!(refused.is_err());
    assert_eq!(listed(connection, scope), json!([]));
}

#[test]
fn charts_count_the_callers_organisation_alone() {
    let database = Database::migrated();
    let connection = &mut database.connect();
    let [scope, other] =
        ["one@example.org", "two@example.org"].map(|email| member(connection, email));
    let mut born_in_fes = card("A1", "4 RUE X RABAT");
    born_in_fes.lieu.fr = read("AGADIR".into());
    let mut born_in_a_village = card("A2", "4 RUE X RABAT");
    born_in_a_village.lieu.fr = read("DOUAR INCONNU".into());
    for fields in [&born_in_fes, &born_in_a_village, &card("A3", "NULLE PART")] {
        record(connection, scope, fields);
    }
    record(connection, other, &card("A4", "4 RUE X RABAT"));
    for (plate, day) in [("1 أ 1", 3), ("2 أ 1", 28)] {
        let mut fields = GrisFields::unread();
        fields.numero = read(plate.into());
        fields.mise_en_circulation = read(NaiveDate::from_ymd_opt(2020, 1, day).unwrap());
        GrisRecord::record(connection, scope, &fields, Status::Complete, &json!({}), &pictures())
            .unwrap();
    }

    let today = statistics::today();
    let counts = Counts::fetch(connection, scope, statistics::first_month(today, 7)).unwrap();
    let (days, months) = (counts.daily(today, 7), counts.monthly(today, 7));

    let totals = Totals { cin: 3, gris: 2, permis: 0 };
    assert_eq!(counts.totals, totals);
    let named: Vec<_> =
        counts.towns.iter().map(|city| (city.name.as_deref(), city.value)).collect();
    assert_eq!(named, [(None, 1), (Some("AGADIR"), 1), (Some("RABAT"), 1)]);
    assert_eq!((days.len(), days[6].begins, days[6].totals), (7, today, totals));
    assert!(days[..6].iter().all(|day| day.totals == Totals::default()));
    assert_eq!((months.len(), months[6].totals), (7, totals));
    let precision = months[6].precision().unwrap();
    // What was weighed at 0.8 is given with the probability that it is right.
    let given = f64::from(confidence::calibrated(0.8));
    assert!((precision - given).abs() < 1e-6, "{precision}");
    assert_eq!(months[0].precision(), None);
    assert_eq!(counts.circulation, [("2020-01".to_owned(), 2)]);
}

#[tokio::test]
async fn sixteen_registrations_of_one_address_at_once_give_one_account() {
    let database = Database::migrated();
    let store = Store::open(&database.config());

    let attempts = (0..16).map(|index| {
        let email = if index % 2 == 0 { "Same@example.org" } else { "same@Example.org" };
        store.write(move |connection| users::register(connection, &new_user(email)))
    });
    let outcomes = join_all(attempts).await;

    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(
        outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(StoreError::Conflict { .. })))
    );
}

#[test]
fn twins_of_the_old_application_log_in_by_their_exact_spelling() {
    let database = Database::migrated();
    let connection = &mut database.connect();
    diesel::sql_query(
        "INSERT INTO users (email, hashed_password) VALUES
         ('Twin@example.org', 'first'), ('twin@example.org', 'second')",
    )
    .execute(connection)
    .unwrap();
    let mut hash =
        |email: &str| users::find_by_email(connection, email).unwrap().unwrap().hashed_password;

    assert_eq!(hash("Twin@example.org"), "first");
    assert_eq!(hash("twin@example.org"), "second");
    assert_eq!(hash("TWIN@example.org"), "first");
    let third = users::register(&mut database.connect(), &new_user("tWIN@example.org"));
    assert!(matches!(third, Err(StoreError::Conflict { .. })));
}
