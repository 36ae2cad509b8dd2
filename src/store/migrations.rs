//! The schema: migrations embedded in the binary, run under an advisory lock.

use diesel::connection::{CacheSize, SimpleConnection};
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::config::DatabaseConfig;
use crate::store::{StoreError, pool};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Any number that nothing else locks; these are the letters `wathiqa`.
const LOCK: i64 = 0x77_61_74_68_69_71_61;

diesel::define_sql_function! {
    /// Waits for a lock that the end of the transaction releases, so that a
    /// replica which dies while migrating leaves nothing locked.
    fn pg_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// Applies what is pending, in one transaction, and returns the names.
///
/// Blocks; to be called before the service listens. Replicas that start
/// together wait for the first and then find nothing to do.
///
/// # Errors
///
/// [`StoreError::Migration`] when one fails; then none is applied.
pub fn migrate(config: &DatabaseConfig) -> Result<Vec<String>, StoreError> {
    connect(config)?.transaction(|connection| {
        let applied = apply(connection)?;
        for name in &applied {
            tracing::info!(migration = name, "applied a migration");
        }
        Ok(applied)
    })
}

/// Applies what is pending and takes it back: tells whether it would succeed on this very
/// database. Its tables are locked meanwhile.
///
/// # Errors
///
/// As [`migrate`].
pub fn rehearse(config: &DatabaseConfig) -> Result<Vec<String>, StoreError> {
    taken_back(config, apply)
}

/// Applies one migration after the other under the lock, and returns their names.
fn apply(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    lock(connection)?;
    let pending = connection.pending_migrations(MIGRATIONS).map_err(failed("reading"))?;
    let mut applied = Vec::new();
    for migration in pending {
        let name = migration.name().to_string();
        connection.run_migration(&migration).map_err(failed(&name))?;
        applied.push(name);
    }
    Ok(applied)
}

/// Reverts every migration, newest first, in one transaction.
///
/// For tests and for taking Wathiqa out of an adopted database; the tables of
/// the application before it stay.
///
/// # Errors
///
/// [`StoreError::Migration`] when one fails; then none is reverted.
pub fn revert(config: &DatabaseConfig) -> Result<(), StoreError> {
    let mut connection = connect(config)?;
    connection.transaction(|connection| {
        lock(connection)?;
        connection.revert_all_migrations(MIGRATIONS).map_err(failed("reverting"))?;
        Ok(())
    })
}

/// Lists the names of migrations that are not applied yet; changes nothing.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn pending(config: &DatabaseConfig) -> Result<Vec<String>, StoreError> {
    // diesel makes its table of applied migrations when it looks at it.
    taken_back(config, |connection| {
        let pending = connection.pending_migrations(MIGRATIONS).map_err(failed("reading"))?;
        Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
    })
}

/// Runs `work` in a transaction of which nothing stays.
fn taken_back(
    config: &DatabaseConfig,
    work: fn(&mut PgConnection) -> Result<Vec<String>, StoreError>,
) -> Result<Vec<String>, StoreError> {
    let mut done = Vec::new();
    let outcome = connect(config)?.transaction::<(), StoreError, _>(|connection| {
        done = work(connection)?;
        Err(StoreError::Query(DieselError::RollbackTransaction))
    });
    match outcome {
        Ok(()) | Err(StoreError::Query(DieselError::RollbackTransaction)) => Ok(done),
        Err(error) => Err(error),
    }
}

/// Lists the names of all migrations, in order.
///
/// # Errors
///
/// [`StoreError::Migration`] when an embedded one is misnamed.
pub fn all() -> Result<Vec<String>, StoreError> {
    let migrations: Vec<Box<dyn Migration<Pg>>> =
        MIGRATIONS.migrations().map_err(failed("reading"))?;
    let mut names: Vec<_> = migrations.iter().map(|found| found.name().to_string()).collect();
    names.sort_unstable();
    Ok(names)
}

fn connect(config: &DatabaseConfig) -> Result<PgConnection, StoreError> {
    // A transaction pooler would give each transaction another session.
    let mut connection = pool::establish(&config.postgres.direct)
        .map_err(|error| StoreError::Migration(format!("cannot connect: {error}")))?;
    connection.set_prepared_statement_cache_size(CacheSize::Disabled);
    Ok(connection)
}

fn lock(connection: &mut PgConnection) -> Result<(), StoreError> {
    // None of the settings has a form in the query builder. The first limit is for
    // a replica that hangs while it holds the lock; the second for a table that somebody
    // reads for long, whose other readers would queue behind us. The role's own limit is
    // for requests.
    connection
        .batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'")
        .map_err(refused)?;
    diesel::select(pg_advisory_xact_lock(LOCK)).execute(connection).map_err(refused)?;
    connection.batch_execute("SET LOCAL lock_timeout = '10s'").map_err(refused)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn refused(error: DieselError) -> StoreError {
    StoreError::Migration(format!("the lock: {error}"))
}

fn failed(
    what: &str,
) -> impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> StoreError + use<'_> {
    move |error| StoreError::Migration(format!("{what}: {error}"))
}
