//! A damaged file is renamed and whatever can still be read of its truth is written out; nothing is
//! ever deleted.

use std::ffi::OsString;
use std::fs;
use std::io::{BufWriter, Read as _};
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::error::StoreError;
use super::open::OpenOptions;

/// What became of a damaged file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvage {
    /// The damaged file under its new name.
    pub file: PathBuf,
    /// What could be read: one JSON object a row, with the table's name and bytes as hex.
    pub export: PathBuf,
    /// How many entries the export holds.
    pub entries: u32,
    /// How many register edits it holds.
    pub edits: u32,
}

impl Salvage {
    /// What happened, where everything is and what to do, in Chinese and in English.
    pub fn words(&self) -> (String, String) {
        let Salvage { file, export, entries, edits } = self;
        let (file, export) = (file.display(), export.display());
        (
            format!(
                "账本文件已损坏。原文件另存为 {file}，读得出的 {entries} 条单据、{edits} 处名册改动导出到 {export}。请把这两个文件交县社，并用新的邀请重新登记本机。"
            ),
            format!(
                "The store's file is damaged. It was set aside as {file}; {entries} entries and {edits} register edits could be read and are in {export}. Give both files to the office, and enrol this device again with a new invitation."
            ),
        )
    }
}

/// Tables worth saving, and whether their key is a number that can be walked past a damaged page.
const TABLES: &[(&str, &str)] = &[
    ("entries", "id"),
    ("books", "book"),
    ("edits", "place"),
    ("certificates", "device"),
    ("parked", "place"),
    ("set_aside", "place"),
];

/// Renames a damaged store to `NAME.damaged-STAMP` and exports what can be read to
/// `NAME.damaged-STAMP.jsonl`. The stamp is the caller's: a date and time, for people. The device's
/// secret key is not exported.
///
/// # Errors
/// [`StoreError::CannotOpen`] if the folder does not allow it; the file is then still in place.
pub fn set_aside_damaged(options: &OpenOptions, stamp: &str) -> Result<Salvage, StoreError> {
    let file = with_suffix(&options.path, &format!(".damaged-{stamp}"));
    let cannot = |error: std::io::Error| StoreError::CannotOpen {
        path: options.path.clone(),
        reason: error.to_string(),
    };
    if file.exists() {
        return Err(cannot(std::io::ErrorKind::AlreadyExists.into()));
    }
    // The log first: a file without its log would read as an older, whole store.
    for suffix in ["-wal", ""] {
        let from = with_suffix(&options.path, suffix);
        if from.exists() {
            fs::rename(&from, with_suffix(&file, suffix)).map_err(cannot)?;
        }
    }
    // Only an index of the log; it is made again.
    let index = with_suffix(&options.path, "-shm");
    if index.exists() {
        fs::rename(&index, with_suffix(&file, "-shm")).map_err(cannot)?;
    }
    let export = with_suffix(&file, ".jsonl");
    let mut out = BufWriter::new(fs::File::create_new(&export).map_err(cannot)?);
    let (mut entries, mut edits) = (0, 0);
    let copy = with_suffix(&file, ".reading");
    copy_to_read(&file, &copy).map_err(cannot)?;
    let damaged = OpenOptions { path: copy.clone(), ..options.clone() };
    if let Ok(connection) = damaged.connect_raw() {
        for (table, key) in TABLES {
            let rows = export_table(&connection, table, key, &mut out).map_err(cannot)?;
            match *table {
                "entries" => entries = rows,
                "edits" => edits = rows,
                _ => {}
            }
        }
    }
    for suffix in ["", "-wal", "-shm"] {
        // Only a copy; what was set aside stays as it is.
        let _ = fs::remove_file(with_suffix(&copy, suffix));
    }
    out.into_inner().map_err(|e| cannot(e.into_error()))?.sync_all().map_err(cannot)?;
    Ok(Salvage { file, export, entries, edits })
}

/// Copies the file and its log to read them from, and fills up what was cut off with zeros: SQLite
/// reads nothing at all of a file that is shorter than its header says.
fn copy_to_read(file: &Path, copy: &Path) -> std::io::Result<()> {
    for suffix in ["", "-wal"] {
        let from = with_suffix(file, suffix);
        if from.exists() {
            fs::copy(from, with_suffix(copy, suffix))?;
        }
    }
    if !copy.exists() {
        return Ok(());
    }
    let mut header = Vec::new();
    fs::File::open(copy)?.take(HEADER_BYTES).read_to_end(&mut header)?;
    // The SQLite file format, 1.3: page size at byte 16 (1 means 65,536), pages at byte 28.
    let page_size = match header.get(16..18) {
        Some(&[0, 1]) => 65_536,
        Some(&[high, low]) => u64::from(high) << 8 | u64::from(low),
        _ => return Ok(()),
    };
    let Some(pages) = header.get(28..32).and_then(|b| <[u8; 4]>::try_from(b).ok()) else {
        return Ok(());
    };
    let wanted = page_size.saturating_mul(u64::from(u32::from_be_bytes(pages)));
    let has = fs::metadata(copy)?.len();
    if has < wanted && wanted <= LARGEST_BYTES {
        fs::OpenOptions::new().write(true).open(copy)?.set_len(wanted)?;
    }
    Ok(())
}

/// As much of the file's start as tells its length.
const HEADER_BYTES: u64 = 32;
/// No store is larger; a header that says so is damaged itself.
const LARGEST_BYTES: u64 = 1 << 33;

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Writes every row that can be read: upwards from the first, and where a page is damaged, downwards
/// from the last to the same place.
fn export_table(
    connection: &Connection,
    table: &str,
    key: &str,
    out: &mut impl std::io::Write,
) -> std::io::Result<u32> {
    let mut rows = 0;
    let (reached, whole) =
        walk(connection, &format!("SELECT {key}, * FROM {table} ORDER BY {key}"), |id, row| {
            rows += 1;
            write_row(table, row, out).map(|()| id)
        })?;
    if !whole {
        let down =
            format!("SELECT {key}, * FROM {table} WHERE {key} > {reached} ORDER BY {key} DESC");
        walk(connection, &down, |id, row| {
            rows += 1;
            write_row(table, row, out).map(|()| id)
        })?;
    }
    Ok(rows)
}

/// The last key that was read, and whether the walk came to its end.
fn walk(
    connection: &Connection,
    sql: &str,
    mut each: impl FnMut(i64, &Row<'_>) -> std::io::Result<i64>,
) -> std::io::Result<(i64, bool)> {
    let mut reached = i64::MIN;
    let Ok(mut statement) = connection.prepare(sql) else { return Ok((reached, false)) };
    let Ok(mut rows) = statement.query([]) else { return Ok((reached, false)) };
    loop {
        match rows.next() {
            Ok(Some(row)) => match row.get(0) {
                Ok(id) => reached = each(id, row)?,
                Err(_) => return Ok((reached, false)),
            },
            Ok(None) => return Ok((reached, true)),
            Err(_) => return Ok((reached, false)),
        }
    }
}

fn write_row(table: &str, row: &Row<'_>, out: &mut impl std::io::Write) -> std::io::Result<()> {
    let mut object = serde_json::Map::new();
    object.insert("table".to_owned(), table.into());
    // The first column is the key that the walk uses, once more.
    for index in 1..row.as_ref().column_count() {
        let name = row.as_ref().column_name(index).unwrap_or_default().to_owned();
        let value = match row.get_ref(index) {
            Ok(ValueRef::Integer(number)) => number.into(),
            Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).into(),
            Ok(ValueRef::Blob(bytes)) => hex::encode(bytes).into(),
            Ok(ValueRef::Real(_) | ValueRef::Null) | Err(_) => serde_json::Value::Null,
        };
        object.insert(name, value);
    }
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}
