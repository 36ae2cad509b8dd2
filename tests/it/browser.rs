//! The interactive page as people use it: in Chromium, by its buttons and fields.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use specimen::{Kind, Level};

use crate::support::{PASSWORD, TestApp, card, spawn_app};

/// How long the page may take for anything; a card takes longest.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program that drives Chromium; both end when this is dropped.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = Command::new("pkill").args(["-P", &self.0.id().to_string()]).status();
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Chromium with its driver.
struct Browser {
    _driver: Driver,
    client: Client,
}

impl Browser {
    async fn open() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let program = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver: scripts/setup installs it");
        let driver = Driver(program);
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--window-size=1280,1100",
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(options.as_object().unwrap().clone());
        let address = format!("http://127.0.0.1:{port}");
        for _ in 0..100 {
            if let Ok(client) = builder.connect(&address).await {
                return Self { _driver: driver, client };
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("Chromium does not start");
    }

    async fn find(&self, selector: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE);
        wait.for_element(Locator::Css(selector)).await.expect(selector)
    }

    /// Opens an operation of the page and lets it be tried.
    async fn begin(&self, tag: &str, operation: &str) -> String {
        let block = format!("#operations-{tag}-{operation}");
        self.find(&format!("{block} .opblock-summary-control")).await.click().await.unwrap();
        self.find(&format!("{block} .try-out__btn")).await.click().await.unwrap();
        block
    }

    /// Sends it, and gives the status and the body that the page shows.
    async fn send(&self, block: &str) -> (String, String) {
        self.find(&format!("{block} .execute")).await.click().await.unwrap();
        let answer = format!("{block} .live-responses-table .response");
        let status =
            self.find(&format!("{answer} .response-col_status")).await.text().await.unwrap();
        let body = self.find(&format!("{answer} .highlight-code")).await.text().await.unwrap();
        (status.lines().next().unwrap_or_default().to_owned(), body)
    }

    /// Keeps what is shown, where someone asks for new pictures of the documents.
    async fn keep(&self, block: &str, name: &str) {
        let script = "document.querySelector(arguments[0]).scrollIntoView()";
        self.client.execute(script, vec![json!(block)]).await.unwrap();
        let picture = self.client.screenshot().await.unwrap();
        assert!(picture.len() > 10_000, "an empty page");
        if std::env::var_os("WATHIQA_BLESS").is_some() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), picture).unwrap();
        }
    }
}

/// The identifier of an operation in the description.
async fn operation(app: &TestApp, method: &str, path: &str) -> String {
    let description = app.get("/openapi.json").await.json();
    description["paths"][path][method]["operationId"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_person_logs_in_and_has_a_card_read_on_the_page() {
    let app = spawn_app().await;
    app.register("salma@example.ma").await;
    let login = operation(&app, "post", "/auth/login").await;
    let process = operation(&app, "post", "/cin/process").await;
    let drawn = card(Kind::Cin2020, Level::Clean, 1);
    let folder = tempfile::tempdir().unwrap();
    let files = [("recto.png", &drawn.recto), ("verso.png", &drawn.verso)].map(|(name, bytes)| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let browser = Browser::open().await;
    browser.client.goto(&format!("{}/docs?lang=fr", app.address)).await.unwrap();

    let block = browser.begin("comptes", &login).await;
    let field = browser.find(&format!("{block} textarea")).await;
    field.clear().await.unwrap();
    let account = json!({ "email": "salma@example.ma", "password": PASSWORD });
    field.send_keys(&account.to_string()).await.unwrap();
    let (status, _) = browser.send(&block).await;
    assert_eq!(status, "200");
    browser.find(&format!("{block} .opblock-summary-control")).await.click().await.unwrap();

    let block = browser.begin("documents", &process).await;
    browser.find(&format!("{block} input[type=file]")).await;
    let inputs = Locator::Css("input[type=file]");
    let inputs = browser.client.find_all(inputs).await.unwrap();
    assert_eq!(inputs.len(), 2, "recto and verso");
    for (input, file) in inputs.iter().zip(&files) {
        input.send_keys(file).await.unwrap();
    }
    let (status, body) = browser.send(&block).await;
    assert_eq!(status, "200", "{body}");
    let number = drawn.truth["cin"].as_str().unwrap();
    assert!(body.contains(number), "the page shows what was read");
    assert_eq!(app.rows("cin_data"), 1);
    browser.keep(&format!("{block} .live-responses-table"), "docs-page.png").await;
}

#[actix_web::test]
async fn the_page_speaks_french_and_english_and_asks_nobody_else() {
    let app = spawn_app().await;
    let login = operation(&app, "post", "/auth/login").await;
    let browser = Browser::open().await;

    for (language, tag, summary, button) in [
        ("fr", "comptes", "Donne un jeton", "Annuler"),
        ("en", "accounts", "Gives a token", "Cancel"),
    ] {
        browser.client.goto(&format!("{}/docs?lang={language}", app.address)).await.unwrap();
        let block = browser.begin(tag, &login).await;

        let shown = browser.find(&block).await.text().await.unwrap();
        assert!(shown.contains(summary), "{shown}");
        assert!(shown.contains(button), "{shown}");
        let script = "return performance.getEntriesByType('resource').map((entry) => entry.name)";
        let asked = browser.client.execute(script, Vec::new()).await.unwrap();
        let asked: Vec<String> = serde_json::from_value(asked).unwrap();
        assert!(asked.iter().any(|address| address.contains("/openapi.json")), "{asked:?}");
        let is_ours =
            |address: &String| address.starts_with(&app.address) || address.starts_with("data:");
        assert!(asked.iter().all(is_ours), "{asked:?}");
    }
}
