//! The tables: the truth, migrated step by step, and the projections, made again when they change.

use rusqlite::{Connection, Transaction};
use rusqlite_migration::{M, Migrations};

use super::error::StoreError;

/// "CYRD" in the file's header: this SQLite file is a Courtyard store.
const APPLICATION_ID: i32 = 0x4359_5244;

/// Steps of the truth tables, oldest first. A step that has shipped never changes; each has a
/// fixture of the file it left behind under `fixtures/`.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("schema/truth_1.sql")),
    M::up(include_str!("schema/truth_2.sql")),
    M::up(include_str!("schema/truth_3.sql")),
    M::up(include_str!("schema/truth_4.sql")),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// The version of `projections.sql`; counted up with every change there.
const PROJECTIONS_VERSION: i64 = 11;

/// Refuses a file of a newer build or of another program, before anything writes to it.
pub(crate) fn check_version(connection: &Connection) -> Result<(), StoreError> {
    let found: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i32::try_from(STEPS.len()).unwrap_or(i32::MAX);
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (tables > 0 || application != 0 || found != 0) {
        return Err(StoreError::Foreign);
    }
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    Ok(())
}

/// Brings the truth tables to the newest version.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    // Before the first step: a file whose making was cut off is still known as ours.
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION_ID {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    MIGRATIONS.to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        other => StoreError::inconsistent(other),
    })
}

/// Whether the projection tables are those of this build.
pub(crate) fn projections_are_current(connection: &Connection) -> Result<bool, StoreError> {
    let found: i64 = connection
        .prepare_cached("SELECT coalesce((SELECT value FROM meta WHERE name = 'projections'), 0)")?
        .query_row([], |row| row.get(0))?;
    Ok(found == PROJECTIONS_VERSION)
}

/// Drops every projection table and makes them empty.
pub(crate) fn make_projections(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    for table in projection_tables(transaction)? {
        // Names come from the file's own schema, quoted.
        transaction.execute_batch(&format!("DROP TABLE \"{}\"", table.replace('"', "\"\"")))?;
    }
    transaction.execute_batch(include_str!("schema/projections.sql"))?;
    transaction.execute(
        "INSERT INTO meta (name, value) VALUES ('projections', ?1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [PROJECTIONS_VERSION],
    )?;
    Ok(())
}

/// The tables that hold the truth.
const TRUTH: &[&str] = &[
    "meta",
    "certificates",
    "entries",
    "books",
    "edits",
    "edit_tips",
    "parked",
    "set_aside",
    "import_keys",
    "drafts",
    "operators",
    "number_tails",
];

/// Every table that can be dropped and made again, by name.
pub(crate) fn projection_tables(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut projections = Vec::new();
    for name in names {
        let name = name?;
        if !TRUTH.contains(&name.as_str()) {
            projections.push(name);
        }
    }
    Ok(projections)
}
