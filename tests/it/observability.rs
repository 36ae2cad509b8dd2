//! What operators watch: every metric that is shown is documented, and every expression of
//! the dashboard and of the alerts finds what it asks for, at a real Prometheus.

mod prometheus;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use regex::Regex;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use specimen::{Kind, Level};

use crate::support::{Answer, Database, PASSWORD, Process, Redis, card};
use prometheus::{Prometheus, folder, promtool};

const TOKEN: &str = "a-token-of-scrapers-alone";

fn document(name: &str) -> String {
    fs::read_to_string(format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A service with everything that it can have, and a client.
struct Watched {
    process: Process,
    client: Client,
    token: String,
    _redis: Redis,
    _database: Database,
}

impl Watched {
    async fn start() -> Self {
        let (database, redis) = (Database::migrated(), Redis::start(&[]));
        let process = Process::start(
            &database.direct_url(),
            &[("METRICS_TOKEN", TOKEN), ("REDIS_URL", &redis.url())],
        );
        let client = Client::builder().no_proxy().build().unwrap();
        let token = String::new();
        let mut watched = Self { process, client, token, _redis: redis, _database: database };
        let account = json!({ "email": "salma@example.ma", "password": PASSWORD });
        for path in ["/auth/register", "/auth/login"] {
            let url = format!("{}{path}", watched.process.address);
            let answer = Answer::of(watched.client.post(url).json(&account)).await;
            let token = answer.json()["token"].as_str().unwrap_or_default().to_owned();
            watched.token = token;
        }
        watched
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        let request = self.client.request(Method::GET, format!("{}{path}", self.process.address));
        Answer::of(request.bearer_auth(token)).await
    }

    /// What people do: a card is read, lists and charts are looked at, somebody errs.
    async fn work(&self, seed: u64) {
        let card = card(Kind::Cin2020, Level::Clean, seed);
        let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("card.jpg");
        let form = Form::new().part("recto", part(&card.recto)).part("verso", part(&card.verso));
        let request = self.client.post(format!("{}/cin/process", self.process.address));
        let read = Answer::of(request.bearer_auth(&self.token).multipart(form)).await;
        assert_eq!(read.status, 200, "{}", read.text());
        for _ in 0..5 {
            for path in ["/cin/all", "/me", "/charts/overview", "/ready", "/nowhere"] {
                self.get(path, &self.token).await;
            }
        }
    }
}

/// Each metric of a text in Prometheus' format: its type and the names of its labels.
fn shown(text: &str) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let label = Regex::new(r#"([a-z_]+)="(?:[^"\\]|\\.)*""#).unwrap();
    let mut metrics = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(told) = line.strip_prefix("# TYPE ") {
            let (name, kind) = told.split_once(' ').unwrap();
            name.clone_into(&mut current);
            metrics.insert(name.to_owned(), (kind.to_owned(), BTreeSet::new()));
        } else if !line.is_empty() && !line.starts_with('#') {
            let labels = label.captures_iter(line).map(|found| found[1].to_owned());
            let known = &mut metrics.get_mut(&current).unwrap().1;
            known.extend(labels.filter(|label| label != "le"));
        }
    }
    metrics
}

/// The same, as docs/OPERATIONS.md tells it.
fn documented() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let row = Regex::new(r"(?m)^\| `([a-z_]+)` \| (counter|gauge|histogram) \|(.*?)\| .+ \|$");
    let text = document("OPERATIONS.md");
    let rows = row.unwrap();
    let rows = rows.captures_iter(&text).map(|found| {
        let word = Regex::new(r"`([a-z_]+)`").unwrap();
        let labels = word.captures_iter(&found[3]).map(|label| label[1].to_owned()).collect();
        (found[1].to_owned(), (found[2].to_owned(), labels))
    });
    rows.collect()
}

/// The expressions of the dashboard, as Grafana would ask them.
fn of_dashboard() -> Vec<(String, String)> {
    let text = fs::read_to_string(folder().join("dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let mut expressions = Vec::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap_or(&Vec::new()) {
            let expression = target["expr"].as_str().unwrap();
            let expression = expression.replace("$__rate_interval", "1m");
            let expression = expression.replace("$instance", ".*");
            assert!(!expression.contains('$'), "{expression}");
            expressions.push((panel["title"].as_str().unwrap().to_owned(), expression));
        }
    }
    assert!(expressions.len() > 30, "{expressions:?}");
    expressions
}

#[actix_web::test]
async fn what_is_shown_is_documented_and_every_expression_finds_it() {
    let watched = Watched::start().await;
    watched.work(41).await;

    let metrics = watched.get("/metrics", TOKEN).await.text();
    let shown = shown(&metrics);
    assert_eq!(shown, documented());
    let undescribed: Vec<_> =
        shown.keys().filter(|name| !metrics.contains(&format!("# HELP {name} "))).collect();
    assert_eq!(undescribed, Vec::<&String>::new());
    let read = r#"wathiqa_documents_total\{kind="cin",outcome="(complete|needs_review)"\} 1\n"#;
    assert!(Regex::new(read).unwrap().is_match(&metrics), "{metrics}");
    assert!(metrics.contains("wathiqa_database_up 1") && metrics.contains("wathiqa_redis_up 1"));

    let target = watched.process.address.strip_prefix("http://").unwrap();
    let prometheus = Prometheus::start(target, TOKEN);
    prometheus.scrapes(2.0).await;
    watched.work(42).await;
    prometheus.scrapes(2.0).await;

    let asked = Regex::new(r"\b(?:wathiqa|http|process)_[a-z_]+").unwrap();
    let is_known = |name: &str| {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        shown.contains_key(name) || base.is_some_and(|base| shown.contains_key(base))
    };
    let mut faults = Vec::new();
    let mut check_names = |what: &str, expression: &str| {
        let names = asked.find_iter(expression).map(|found| found.as_str());
        faults.extend(names.filter(|name| !is_known(name)).map(|name| format!("{what}: {name}")));
    };
    let mut empty = Vec::new();
    for (panel, expression) in of_dashboard() {
        check_names(&panel, &expression);
        match prometheus.values(&expression).await {
            Ok(values) if !values.is_empty() => {}
            outcome => empty.push(format!("{panel}: {expression}: {outcome:?}")),
        }
    }
    assert_eq!(empty, Vec::<String>::new());
    let rules = prometheus.rules().await;
    assert!(rules.len() > 10, "{rules:?}");
    for rule in &rules {
        let (name, query) = (rule["name"].as_str().unwrap(), rule["query"].as_str().unwrap());
        check_names(name, query);
        assert_eq!(rule["health"], "ok", "{name}: {}", rule["lastError"]);
        assert_ne!(rule["state"], "firing", "{name} fires on a sound service");
        prometheus.values(query).await.unwrap();
    }
    assert_eq!(faults, Vec::<String>::new());
    each_alert_has_its_section(&rules);
}

/// The runbook has a section for each alert, where the alert says, and for nothing else.
fn each_alert_has_its_section(rules: &[Value]) {
    let mut alerts: Vec<_> = rules.iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    let runbook = document("RUNBOOK.md");
    let heading = Regex::new(r"(?m)^## (Wathiqa\w+)$").unwrap();
    let mut sections: Vec<&str> =
        heading.captures_iter(&runbook).map(|found| found.get(1).unwrap().as_str()).collect();
    for rule in rules {
        let name = rule["name"].as_str().unwrap().to_lowercase();
        assert_eq!(rule["annotations"]["runbook"], format!("docs/RUNBOOK.md#{name}"));
    }

    alerts.sort_unstable();
    sections.sort_unstable();
    assert_eq!(sections, alerts);
}

#[test]
fn alerts_fire_when_they_should_and_not_before() {
    for arguments in [&["check", "rules", "alerts.yml"][..], &["test", "rules", "alerts_test.yml"]]
    {
        let output = promtool(arguments);
        let told = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
        assert!(output.status.success() && told.contains("SUCCESS"), "{arguments:?}: {told}");
    }
    let read = |name: &str| fs::read_to_string(folder().join(name)).unwrap();
    let names = |text: &str, pattern: &str| -> BTreeSet<String> {
        let pattern = Regex::new(pattern).unwrap();
        pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
    };

    let alerts = names(&read("alerts.yml"), r"- alert: (\w+)");
    let tested = names(&read("alerts_test.yml"), r#"alertname="(\w+)""#);
    assert!(!alerts.is_empty());
    assert_eq!(alerts, tested);
}
