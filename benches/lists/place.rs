//! Where it is measured: one Postgres over TLS, its rows, and the servers as processes.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use private_postgres::Cluster;
use serde_json::{Value, json};

/// Connections to the database of each server, and clients that ask at once.
pub(crate) const CONNECTIONS: u32 = 16;
/// Signs the tokens of all servers.
pub(crate) const SECRET: &str = "a-secret-that-only-this-bench-knows-01";
const DATABASE: &str = "lists";

/// The database.
pub(crate) struct Place {
    cluster: Cluster,
    client: reqwest::Client,
}

/// Who asks.
pub(crate) struct Caller {
    pub(crate) token: String,
    pub(crate) organisation: i64,
}

impl Place {
    pub(crate) fn open() -> anyhow::Result<Self> {
        let cluster = Cluster::temporary()?;
        cluster.create_database(DATABASE, None)?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { cluster, client })
    }

    /// Where the database is, over TLS.
    pub(crate) fn url(&self) -> String {
        self.cluster.url(DATABASE)
    }

    /// Our server with so many megabytes of memory for lists, ready to answer.
    pub(crate) async fn ours(&self, list_cache: u32) -> anyhow::Result<Server> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wathiqa"));
        command
            .arg("serve")
            .current_dir(std::env::temp_dir())
            .env("DATABASE_URL", self.url())
            .env("DB_POOL_MIN", CONNECTIONS.to_string())
            .env("DB_POOL_MAX", CONNECTIONS.to_string())
            .env("JWT_SECRET", SECRET)
            .env("ACCESS_TOKEN_MINUTES", "1440")
            .env("HOST", "127.0.0.1")
            .env("OCR_WORKERS", "1")
            .env("LOG_LEVEL", "error")
            .env("LIST_CACHE_MB", list_cache.to_string());
        self.start(command, "/ready").await
    }

    /// The plain server: this executable once more.
    pub(crate) async fn plain(&self) -> anyhow::Result<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--bench", "--plain", &self.url()]);
        self.start(command, "/static").await
    }

    async fn start(&self, mut command: Command, probe: &str) -> anyhow::Result<Server> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        command.env("PORT", address.port().to_string()).stdout(Stdio::null());
        let server = Server { process: command.spawn()?, address };
        let until = Instant::now() + Duration::from_secs(60);
        let ready = || self.client.get(format!("http://{address}{probe}")).send();
        while !ready().await.is_ok_and(|answer| answer.status() == 200) {
            ensure!(Instant::now() < until, "a server does not become ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }

    /// A caller whose organisation has so many identity cards of people who do not exist.
    pub(crate) async fn caller(&self, server: &Server, rows: u32) -> anyhow::Result<Caller> {
        let email = format!("rows{rows}@example.org");
        let account = json!({ "email": email, "password": "a long enough passphrase" });
        for path in ["/auth/register", "/auth/login"] {
            let url = format!("http://{}{path}", server.address);
            let answer = self.client.post(url).json(&account).send().await?;
            ensure!(answer.status().is_success(), "{path}: {}", answer.status());
            let answer: Value = answer.json().await?;
            let Some(token) = answer["token"].as_str() else { continue };
            let mut connection = PgConnection::establish(&self.url())?;
            let organisation = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
                &format!("(SELECT organisation_id FROM users WHERE email = '{email}')"),
            ))
            .get_result::<i64>(&mut connection)?;
            connection.batch_execute(&cards(organisation, rows))?;
            connection.batch_execute("VACUUM ANALYZE cin_data")?;
            return Ok(Caller { token: token.to_owned(), organisation });
        }
        anyhow::bail!("no token")
    }

    /// What pgbench does in a second with a query: transactions, over as many connections.
    pub(crate) fn pgbench(&self, query: &str, lasting: Duration) -> anyhow::Result<f64> {
        let script = std::env::temp_dir().join(format!("lists-{}.sql", std::process::id()));
        std::fs::write(&script, query)?;
        let output = Command::new(pgbench().context("no pgbench: set PG_BIN")?)
            .args(["-n", "-M", "prepared", "-j", "1", "-c", &CONNECTIONS.to_string()])
            .args(["-T", &lasting.as_secs().max(1).to_string(), "-f"])
            .arg(&script)
            .arg(self.url())
            .output();
        std::fs::remove_file(&script)?;
        let output = output?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let rate = text
            .lines()
            .find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
        rate.with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Where pgbench is: `PG_BIN`, or the folders that Debian uses, or the path.
fn pgbench() -> Option<PathBuf> {
    let named = std::env::var_os("PG_BIN").map(PathBuf::from);
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = debian.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH")?;
    let folders = named.into_iter().chain(folders.into_iter().rev());
    let mut tools = folders.chain(std::env::split_paths(&path)).map(|at| at.join("pgbench"));
    tools.find(|tool| tool.is_file())
}

/// The statement that makes identity cards.
pub(crate) fn cards(organisation: i64, rows: u32) -> String {
    let of = |what: &str, factor: u32| {
        let count = what.split(',').count();
        format!("(ARRAY[{what}])[1 + (n * {factor}) % {count}]")
    };
    let names = "'EL AMRANI','BENALI','TAZI','BENNANI','CHRAIBI','IDRISSI','BERRADA','LAHLOU','ZNIBER','FILALI','NACIRI'";
    let arabic = "'العمراني','بنعلي','التازي','بناني','الشرايبي','الإدريسي','برادة','لحلو','زنيبر','الفيلالي','الناصري'";
    let towns = "'RABAT','CASABLANCA','FES','MARRAKECH','TANGER','AGADIR','MEKNES'";
    let arabic_towns = "'الرباط','الدار البيضاء','فاس','مراكش','طنجة','أكادير','مكناس'";
    format!(
        "INSERT INTO cin_data (cin, nom_fr, nom_ar, prenom_fr, prenom_ar, date_naissance,
            lieu_fr, lieu_ar, adresse_fr, adresse_ar, sexe, validite, pere_fr, pere_ar, mere_fr,
            mere_ar, numero_etat_civil, organisation_id)
         SELECT 'ZZ' || (100000 + n), {}, {}, {}, {}, date '1950-01-01' + n * 79 % 20000,
            {}, {}, 'RUE EXEMPLE ' || n || ' ' || {}, 'زنقة المثال ' || n || ' ' || {},
            'F', date '2027-01-01' + n % 3000, {}, {}, {}, {}, n || '/1990', {organisation}
         FROM generate_series(1, {rows}) AS n",
        of(names, 31),
        of(arabic, 31),
        of(names, 17),
        of(arabic, 17),
        of(towns, 13),
        of(arabic_towns, 13),
        of(towns, 5),
        of(arabic_towns, 5),
        of(names, 7),
        of(arabic, 7),
        of(names, 3),
        of(arabic, 3),
    )
}

/// A server as a process of its own, killed when it is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// The processor time that the process has used, its children left out.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // Behind the name, which may hold anything.
        let fields: Vec<_> =
            stat.rsplit_once(") ").context("no name")?.1.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        // Linux tells user space hundredths of a second, whatever it counts in.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// The most memory that the process ever held, in megabytes.
    pub(crate) fn peak(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes: f64 =
            line.context("no VmHWM")?.trim().trim_end_matches(" kB").trim().parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
