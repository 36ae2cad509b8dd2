//! The executable with a database of its own.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use diesel::{Connection, PgConnection, RunQueryDsl};
use private_postgres::Cluster;
use reqwest::Client;
use serde_json::{Value, json};

/// `wathiqa serve` as a process, killed when it is dropped, with a user who is
/// logged in.
pub(crate) struct Service {
    process: Child,
    cluster: Cluster,
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) client: Client,
}

impl Service {
    /// Starts Postgres and the service, and waits until it is ready.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let cluster = Cluster::temporary().context("the private Postgres")?;
        cluster.create_database(DATABASE, None)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Command::new(env!("CARGO_BIN_EXE_wathiqa"))
            .arg("serve")
            .current_dir(std::env::temp_dir())
            .env("DATABASE_URL", cluster.url(DATABASE))
            .env("JWT_SECRET", "a-secret-that-only-this-bench-knows-01")
            .env("HOST", "127.0.0.1")
            .env("PORT", port.to_string())
            .env("LOG_LEVEL", "error")
            .stdout(Stdio::null())
            .spawn()
            .context("the service")?;
        let client = Client::builder().no_proxy().build()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut service = Self { process, cluster, url, token: String::new(), client };
        service.wait_until_ready().await?;
        let account =
            json!({ "email": "saturate@example.org", "password": "a long enough passphrase" });
        service.post("/auth/register", &account).await?;
        let login = service.post("/auth/login", &account).await?;
        login["token"].as_str().context("no token")?.clone_into(&mut service.token);
        Ok(service)
    }

    async fn wait_until_ready(&self) -> anyhow::Result<()> {
        let until = Instant::now() + Duration::from_secs(120);
        let ready = || self.client.get(format!("{}/ready", self.url)).send();
        while !ready().await.is_ok_and(|answer| answer.status() == 200) {
            ensure!(Instant::now() < until, "the service does not become ready");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let answer = self.client.post(format!("{}{path}", self.url)).json(body).send().await?;
        Ok(answer.json().await?)
    }

    /// A connection to the service's database.
    pub(crate) fn connect(&self) -> anyhow::Result<PgConnection> {
        Ok(PgConnection::establish(&self.cluster.url(DATABASE))?)
    }

    /// Gives the user identity cards of people who do not exist.
    pub(crate) fn fill(&self, rows: u32) -> anyhow::Result<()> {
        let mut connection = self.connect()?;
        let filled = diesel::sql_query(format!(
            "INSERT INTO cin_data (cin, nom_fr, nom_ar, prenom_fr, prenom_ar, date_naissance,
                lieu_fr, lieu_ar, adresse_fr, adresse_ar, sexe, validite, numero_etat_civil,
                organisation_id, created_by)
             SELECT 'ZZ' || (100000 + n), 'SPECIMEN', 'نموذج', 'FICTIF', 'خيالي', date '1990-01-01' + n,
                'RABAT', 'الرباط', 'RUE EXEMPLE ' || n || ' RABAT', 'زنقة المثال ' || n || ' الرباط',
                'F', date '2031-01-01' + n, n || '/1990', users.organisation_id, users.id
             FROM users, generate_series(1, {rows}) AS n"
        ))
        .execute(&mut connection)?;
        ensure!(filled == rows as usize, "{filled} rows instead of {rows}");
        Ok(())
    }
}

/// The database of the service.
const DATABASE: &str = "saturate";

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
