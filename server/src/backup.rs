//! Backup while running, and restore with a new epoch.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use courtyard_core::document::{BookId, Head};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::ServerClock;
use crate::folder::{DataFolder, make_private, sync_folder, write_secret};
use crate::log::Log as _;
use crate::log::sqlite::SqliteLog;
use crate::node::{Node, NodeError};
use crate::office::county;
use crate::rng::ServerRng;

/// What a backup says about itself, beside the log.
pub const MANIFEST: &str = "manifest.json";
/// Pages copied between two looks at the log: a running server's writer waits no longer than that.
const PAGES: i32 = 1_024;

/// What a backup says about itself: enough to notice that anything is missing from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The district.
    pub district: String,
    /// Its root key: with it everything in the backup can be checked.
    pub root: String,
    /// The epoch.
    pub epoch: u32,
    /// The number of the last accepted batch or edit.
    pub last_number: u64,
    /// When it was made, in milliseconds since 1970-01-01 UTC.
    pub made_ms: i64,
    /// Count and head of every book.
    pub books: Vec<BookHead>,
    /// Edits of every device in every register edition.
    pub edits: Vec<EditCount>,
    /// SHA-256 of every file.
    pub files: Vec<FileHash>,
}

/// Count and head of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookHead {
    /// Such as `book/A7K/0`.
    pub book: String,
    /// Entries.
    pub count: u32,
    /// The head after the last.
    pub head: String,
}

/// Edits of a device in a register edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditCount {
    /// Such as `register/1/0`.
    pub register: String,
    /// The device.
    pub device: String,
    /// Its edits.
    pub count: u32,
}

/// SHA-256 of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// Its name in the backup.
    pub name: String,
    /// In hexadecimal.
    pub sha256: String,
}

fn hash_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut std::fs::File::open(path)?, &mut HashWriter(&mut hash))?;
    Ok(hex::encode(hash.finalize()))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Copies a data folder into an empty folder, while a server may be running on it: the log at one
/// state, the office key, TLS, and a manifest, which is written last. The root key is copied only if
/// asked for.
///
/// # Errors
/// [`NodeError::Backup`] if the place is not empty, or what failed.
pub fn backup(
    node: &mut Node,
    to: &Path,
    with_root_key: bool,
    now_ms: i64,
) -> Result<Manifest, NodeError> {
    std::fs::create_dir_all(to).map_err(NodeError::file("the backup's folder"))?;
    if !is_empty(to).map_err(NodeError::file("the backup's folder"))? {
        return Err(NodeError::Backup(format!("{} is not empty", to.display())));
    }
    let place = DataFolder::open(to).map_err(NodeError::file("the backup's folder"))?;
    make_private(&place.log()).map_err(NodeError::file("log.db"))?;
    let mut copy = rusqlite::Connection::open(place.log()).map_err(crate::log::LogError::from)?;
    rusqlite::backup::Backup::new(node.log().connection(), &mut copy)
        .and_then(|backup| backup.run_to_completion(PAGES, Duration::from_millis(1), None))
        .map_err(crate::log::LogError::from)?;
    // One file that can be copied on: no write-ahead log beside it.
    copy.pragma_update(None, "journal_mode", "DELETE").map_err(crate::log::LogError::from)?;
    drop(copy);

    let from = node.folder().clone();
    let mut secrets = vec![
        (from.office_key(), place.office_key()),
        (from.tls_key(), place.tls_key()),
        (from.tls_certificate(), place.tls_certificate()),
    ];
    if with_root_key {
        secrets.push((from.root_key(), place.root_key()));
    }
    for (from, to) in &secrets {
        copy_secret(from, to).map_err(NodeError::file(to.display().to_string()))?;
    }
    let manifest = manifest(&place, now_ms)?;
    let json = serde_json::to_vec_pretty(&manifest).map_err(io::Error::from);
    let path = to.join(MANIFEST);
    json.and_then(|json| write_secret(&path, &json)).map_err(NodeError::file(MANIFEST))?;
    Ok(manifest)
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(std::fs::read_dir(folder)?.next().is_none())
}

fn copy_secret(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::read(from) {
        Ok(content) => write_secret(to, &content),
        // No TLS of our own, or the root key is kept elsewhere, as it should be.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Reads the copy itself, so that the manifest says what is in it and not what should be.
fn manifest(place: &DataFolder, now_ms: i64) -> Result<Manifest, NodeError> {
    // A copy of the copy is read: opening the log proper would leave files beside it.
    let mut log = SqliteLog::open(&place.log())?;
    let (county, books, edits) =
        {
            let reads = log.read()?;
            let books =
                reads.tips()?.into_iter().map(|(book, tip)| book_head(book, tip.count, tip.head));
            let edits = reads.edit_counts()?.into_iter().map(|(register, device, count)| {
                EditCount { register: register.to_string(), device: device.to_string(), count }
            });
            (county(reads.as_ref())?, books.collect(), edits.collect())
        };
    log.close_as_one_file()?;
    let mut files = Vec::new();
    for path in files_of(place.path()).map_err(NodeError::file("the backup's folder"))? {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let sha256 = hash_file(&path).map_err(NodeError::file(name.clone()))?;
        files.push(FileHash { name, sha256 });
    }
    Ok(Manifest {
        district: county.district.to_string(),
        root: county.root.to_string(),
        epoch: county.epoch,
        last_number: county.last_number,
        made_ms: now_ms,
        books,
        edits,
        files,
    })
}

fn book_head(book: BookId, count: u32, head: Head) -> BookHead {
    BookHead { book: book.to_string(), count, head: head.to_string() }
}

fn files_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for item in std::fs::read_dir(folder)? {
        let path = item?.path();
        if path.file_name().is_some_and(|name| name != MANIFEST) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a backup's manifest and checks every file against it.
///
/// # Errors
/// [`NodeError::Backup`] with the first file that is missing or differs.
pub fn check(from: &Path) -> Result<Manifest, NodeError> {
    let json = std::fs::read(from.join(MANIFEST)).map_err(NodeError::file(MANIFEST))?;
    let manifest: Manifest = serde_json::from_slice(&json)
        .map_err(|error| NodeError::Backup(format!("{MANIFEST}: {error}")))?;
    for file in &manifest.files {
        // A name with a path in it could point anywhere.
        let plain = Path::new(&file.name).components().count() == 1;
        let found = plain.then(|| hash_file(&from.join(&file.name)));
        match found {
            Some(Ok(sha256)) if sha256 == file.sha256 => {}
            Some(Ok(_)) => {
                return Err(NodeError::Backup(format!("{} was changed", file.name)));
            }
            _ => return Err(NodeError::Backup(format!("{} is missing", file.name))),
        }
    }
    Ok(manifest)
}

/// Restores a backup into an empty folder and takes the county up again under a new epoch.
///
/// # Errors
/// [`NodeError::Backup`] if the backup is not whole or the folder is not empty; then nothing stays
/// behind that a server would start on.
pub fn restore(
    from: &Path,
    to: &Path,
    clock: Arc<dyn ServerClock>,
    rng: ServerRng,
) -> Result<u32, NodeError> {
    let manifest = check(from)?;
    std::fs::create_dir_all(to).map_err(NodeError::file("the data folder"))?;
    if !is_empty(to).map_err(NodeError::file("the data folder"))? {
        return Err(NodeError::Backup(format!("{} is not empty", to.display())));
    }
    let place = DataFolder::open(to).map_err(NodeError::file("the data folder"))?;
    for file in &manifest.files {
        // The log comes last, under its name only when it is whole: without it nothing starts.
        if Path::new(&file.name) != Path::new("log.db") {
            copy_secret(&from.join(&file.name), &to.join(&file.name))
                .map_err(NodeError::file(file.name.clone()))?;
        }
    }
    let half = to.join("log.db.half");
    make_private(&half)
        .and_then(|()| std::fs::copy(from.join("log.db"), &half))
        .map_err(NodeError::file("log.db"))?;
    let mut log = SqliteLog::open(&half)?;
    let epoch = take_up(&mut log, &place, clock.as_ref(), rng)?;
    log.close_as_one_file()?;
    std::fs::rename(&half, place.log())
        .and_then(|()| sync_folder(to))
        .map_err(NodeError::file("log.db"))?;
    Ok(epoch)
}

fn take_up(
    log: &mut SqliteLog,
    place: &DataFolder,
    clock: &dyn ServerClock,
    mut rng: ServerRng,
) -> Result<u32, NodeError> {
    let county = county(log.read()?.as_ref())?;
    let mut office = crate::founding::office_of(place, &county)?;
    let mut tx = log.begin()?;
    let epoch = office.take_up(tx.as_mut(), clock.now_ms(), rng.as_mut())?;
    tx.commit()?;
    Ok(epoch)
}
