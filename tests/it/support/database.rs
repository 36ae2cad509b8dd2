//! One Postgres for the run, a migrated template, a copy of it for each test.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use private_postgres::{Cluster, Pooler};
use wathiqa::config::{Config, DatabaseConfig};

const TEMPLATE: &str = "template_migrated";

/// The server of this run. Its guardian stops it and removes its data when
/// this process ends, however that happens.
fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let cluster = Cluster::temporary().unwrap();
        cluster.create_database(TEMPLATE, None).unwrap();
        let config = settings(&cluster.url(TEMPLATE), None, &[]);
        // On a thread of its own: the tests call from inside a runtime.
        let migrated = std::thread::spawn(move || wathiqa::store::migrate(&config.database));
        migrated.join().unwrap().unwrap();
        cluster
    })
}

/// The pooler between the services and the server, when the run is to have one:
/// `WATHIQA_TEST_POOLER=1 cargo test --test it`.
pub(crate) fn pooler() -> Option<&'static Pooler> {
    static POOLER: OnceLock<Option<Pooler>> = OnceLock::new();
    let start = || {
        let wanted = std::env::var_os("WATHIQA_TEST_POOLER").is_some();
        wanted.then(|| Pooler::start(cluster()).unwrap())
    };
    POOLER.get_or_init(start).as_ref()
}

/// The settings of a test's service, in the way in which a deployment gives them.
pub(super) fn settings(
    database_url: &str,
    direct_url: Option<&str>,
    further: &[(&str, &str)],
) -> Config {
    let usual = [
        ("DATABASE_URL", database_url),
        ("DATABASE_DIRECT_URL", direct_url.unwrap_or_default()),
        ("JWT_SECRET", "a-secret-that-only-the-tests-know-0001"),
        ("HOST", "127.0.0.1"),
        ("PORT", "0"),
        ("DB_POOL_MAX", "6"),
        ("DB_POOL_MIN", "0"),
        ("SHUTDOWN_GRACE_SECONDS", "5"),
    ];
    let value = |name: &str| {
        let mut variables = usual.iter().chain(further);
        variables.find(|(known, _)| *known == name).map(|&(_, value)| value.to_owned())
    };
    Config::from_lookup(&value).unwrap()
}

/// The settings of a database that need not be there.
pub(crate) fn database_config(url: &str) -> DatabaseConfig {
    settings(url, None, &[]).database
}

/// A database of one test, dropped at its end.
#[derive(Debug)]
pub(crate) struct Database {
    name: String,
}

impl Database {
    /// A database with the present schema and no rows.
    pub(crate) fn migrated() -> Self {
        Self::create(Some(TEMPLATE))
    }

    /// A database without any table.
    pub(crate) fn empty() -> Self {
        Self::create(None)
    }

    fn create(template: Option<&str>) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        cluster().create_database(&name, template).unwrap();
        Self { name }
    }

    /// What services are given: through the pooler, where the run has one.
    pub(crate) fn url(&self) -> String {
        pooler().map_or_else(|| self.direct_url(), |pooler| pooler.url(&self.name))
    }

    /// The server's own address.
    pub(crate) fn direct_url(&self) -> String {
        cluster().url(&self.name)
    }

    /// The settings with which a service reaches it.
    pub(crate) fn config(&self) -> DatabaseConfig {
        settings(&self.url(), Some(&self.direct_url()), &[]).database
    }

    /// Those of a service that reaches the server itself, the URL changed.
    pub(crate) fn config_with(&self, change: impl FnOnce(String) -> String) -> DatabaseConfig {
        database_config(&change(self.direct_url()))
    }

    /// A connection of the test's own.
    pub(crate) fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.direct_url()).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = cluster().drop_database(&self.name) {
            eprintln!("{} was not dropped: {error}", self.name);
        }
    }
}
