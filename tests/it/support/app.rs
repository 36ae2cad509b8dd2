//! A service on a port of its own, and a client that talks to it as apps do.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use wathiqa::api::Application;
use wathiqa::config::{Config, OcrConfig};
use wathiqa::documents::DocumentKind;
use wathiqa::ocr::OcrPool;

use super::database::{Database, settings};

/// What every account of the tests logs in with.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A service of one test.
pub(crate) struct TestApp {
    pub(crate) address: String,
    pub(crate) config: Config,
    pub(crate) client: reqwest::Client,
    database: Arc<Database>,
}

/// Starts a service on a database of its own.
pub(crate) async fn spawn_app() -> TestApp {
    spawn_app_with(|_| ()).await
}

/// Starts a service whose settings differ. One that changes the OCR settings
/// has workers of its own; all others share theirs.
pub(crate) async fn spawn_app_with(adjust: impl FnOnce(&mut Config)) -> TestApp {
    spawn_app_given(&[], adjust).await
}

/// Starts a service that its deployment gives variables, and whose settings then differ.
pub(crate) async fn spawn_app_given(
    variables: &[(&str, &str)],
    adjust: impl FnOnce(&mut Config),
) -> TestApp {
    let database = Arc::new(Database::migrated());
    let mut config = test_config(&database.url(), Some(&database.direct_url()), variables);
    adjust(&mut config);
    TestApp::start(config, database).await
}

/// Starts a service on a database that is migrated already.
pub(crate) async fn serve(database: Database) -> TestApp {
    let config = test_config(&database.url(), Some(&database.direct_url()), &[]);
    TestApp::start(config, Arc::new(database)).await
}

fn test_config(database_url: &str, direct_url: Option<&str>, variables: &[(&str, &str)]) -> Config {
    let mut config = settings(database_url, direct_url, variables);
    config.ocr.program = env!("CARGO_BIN_EXE_wathiqa").into();
    // Tests run side by side: how long a card takes says nothing here.
    config.ocr.deadline = Duration::from_secs(120);
    config
}

/// The warm workers that the tests share, or some with settings of their own.
fn workers(config: &OcrConfig) -> OcrPool {
    static SHARED: OnceLock<OcrPool> = OnceLock::new();
    let usual = test_config("postgres://nobody@localhost", None, &[]).ocr;
    if *config == usual {
        SHARED.get_or_init(|| OcrPool::start(&usual).unwrap()).clone()
    } else {
        OcrPool::start(config).unwrap()
    }
}

impl TestApp {
    #[expect(clippy::unused_async, reason = "spawns: only to be called within a runtime")]
    async fn start(config: Config, database: Arc<Database>) -> Self {
        let listener = TcpListener::bind((config.http.host, config.http.port)).unwrap();
        let pool = workers(&config.ocr);
        let app = Application::build_with(&config, listener, pool).unwrap();
        let address = format!("http://{}", app.address());
        // The service ends with the runtime of its test.
        actix_web::rt::spawn(app.run_until(std::future::pending()));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { address, config, client, database }
    }

    /// Starts a second service on the same database.
    pub(crate) async fn replica(&self) -> Self {
        Self::start(self.config.clone(), Arc::clone(&self.database)).await
    }

    /// Starts a second service on the same database, whose settings differ.
    pub(crate) async fn replica_with(&self, adjust: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        adjust(&mut config);
        Self::start(config, Arc::clone(&self.database)).await
    }

    /// Where a command on this machine finds the database.
    pub(crate) fn database_url(&self) -> String {
        self.database.direct_url()
    }

    /// A request without a token; `path` begins with a slash.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    /// `GET` without a token.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// `POST` of JSON without a token.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// Registers an account, which makes an organisation of its own.
    pub(crate) async fn register(&self, email: &str) -> Answer {
        let body = json!({ "email": email, "password": PASSWORD, "full_name": "Salma Test" });
        self.post("/auth/register", &body).await
    }

    /// Logs in to an account that [`Self::register`] made.
    pub(crate) async fn login(&self, email: &str) -> Session<'_> {
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = self.post("/auth/login", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.session(answer.json()["token"].as_str().unwrap())
    }

    /// Registers an account and logs in to it.
    pub(crate) async fn register_and_login(&self, email: &str) -> Session<'_> {
        let answer = self.register(email).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        self.login(email).await
    }

    /// A caller with any token, such as one of another replica.
    pub(crate) fn session(&self, token: &str) -> Session<'_> {
        Session { app: self, token: token.to_owned() }
    }

    /// A connection of the test's own, to look at what was stored.
    pub(crate) fn connect(&self) -> PgConnection {
        self.database.connect()
    }

    /// Runs SQL statements, to prepare what no client can.
    pub(crate) fn execute(&self, sql: &str) {
        self.connect().batch_execute(sql).unwrap();
    }

    /// The text that a query calls `text`, of its first row.
    pub(crate) fn text(&self, query: &str) -> String {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            text: String,
        }
        diesel::sql_query(query).get_result::<Row>(&mut self.connect()).unwrap().text
    }

    /// How many rows `table` has, of all organisations.
    pub(crate) fn rows(&self, table: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let query = diesel::sql_query(format!("SELECT count(*) FROM {table}"));
        query.get_result::<Count>(&mut self.connect()).unwrap().count
    }
}

/// A caller who is logged in.
pub(crate) struct Session<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) token: String,
}

impl<'a> Session<'a> {
    /// A request with the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.app.request(method, path).bearer_auth(&self.token)
    }

    /// `GET` with the token.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// `PUT` of JSON with the token.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(body)).await
    }

    /// `POST` of JSON with the token.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// `PATCH` of JSON with the token.
    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(body)).await
    }

    /// `DELETE` with the token.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Invites an address into the caller's organisation, registers it and logs in.
    pub(crate) async fn colleague(&self, email: &str, role: &str) -> Session<'a> {
        let body = json!({ "email": email, "role": role });
        let invited = self.post("/organisation/invitations", &body).await;
        assert_eq!(invited.status, 201, "{}", invited.text());
        let body = json!({
            "email": email, "password": PASSWORD, "invitation": invited.json()["token"],
        });
        let registered = self.app.post("/auth/register", &body).await;
        assert_eq!(registered.status, 201, "{}", registered.text());
        self.app.login(email).await
    }

    /// Posts the pictures of a card of kind `K`.
    pub(crate) async fn process<K: DocumentKind>(
        &self,
        recto: &[u8],
        verso: Option<&[u8]>,
    ) -> Answer {
        let mut form = Form::new().part("recto", picture(recto));
        if let Some(verso) = verso {
            form = form.part("verso", picture(verso));
        }
        self.post_form(&format!("/{}/process", K::SLUG), form).await
    }

    /// Posts any multipart body.
    pub(crate) async fn post_form(&self, path: &str, form: Form) -> Answer {
        Answer::of(self.request(Method::POST, path).multipart(form)).await
    }
}

/// A part as apps send it; the declared type is not looked at.
fn picture(bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name("card.jpg").mime_str("image/jpeg").unwrap()
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Sends the request and waits for the whole answer.
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or an empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
