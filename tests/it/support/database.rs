//! One Postgres for the run, a migrated template, a copy of it for each test.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use private_postgres::Cluster;
use wathiqa::config::{Config, DatabaseConfig};

const TEMPLATE: &str = "template_migrated";

/// The server of this run. Its guardian stops it and removes its data when
/// this process ends, however that happens.
fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let cluster = Cluster::temporary().unwrap();
        cluster.create_database(TEMPLATE, None).unwrap();
        let config = settings(&cluster.url(TEMPLATE));
        // On a thread of its own: the tests call from inside a runtime.
        let migrated = std::thread::spawn(move || wathiqa::store::migrate(&config.database));
        migrated.join().unwrap().unwrap();
        cluster
    })
}

/// The settings of a test's service, in the way in which a deployment gives them.
pub(super) fn settings(database_url: &str) -> Config {
    let variables = [
        ("DATABASE_URL", database_url),
        ("JWT_SECRET", "a-secret-that-only-the-tests-know-0001"),
        ("HOST", "127.0.0.1"),
        ("PORT", "0"),
        ("DB_POOL_MAX", "6"),
        ("SHUTDOWN_GRACE_SECONDS", "5"),
    ];
    let value = |name: &str| {
        variables.iter().find(|(known, _)| *known == name).map(|&(_, value)| value.to_owned())
    };
    Config::from_lookup(&value).unwrap()
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

    pub(crate) fn url(&self) -> String {
        cluster().url(&self.name)
    }

    /// The settings with which a service reaches it.
    pub(crate) fn config(&self) -> DatabaseConfig {
        settings(&self.url()).database
    }

    /// A connection of the test's own.
    pub(crate) fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url()).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = cluster().drop_database(&self.name) {
            eprintln!("{} was not dropped: {error}", self.name);
        }
    }
}
