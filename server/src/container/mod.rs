//! Containers: whatever holds books and registers with their signatures, read without changing it.
//!
//! A server's data folder, a phone's, a backup, an `export json` file. Damage is handed on as it is:
//! judging it is the checker's work.

pub mod heads;
pub mod json;
mod log;
mod read_only;
mod store;
#[cfg(test)]
mod tests;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use courtyard_core::document::{OfficeCertificate, PublicKey};
use courtyard_core::domain::device::DeviceCertificate;
use courtyard_core::verify::{KnownEdits, KnownHead, SignedBook, SignedRegister};

use crate::backup;
use heads::Heads;
use read_only::ReadOnly;

/// The file of a phone's store in its data folder.
const PHONE_STORE: &str = "courtyard.db";
/// How every SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// What kind of container it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A server's data folder, or its log.
    Server,
    /// A phone's data folder, or its store.
    Phone,
    /// A backup of a server.
    Backup,
    /// A file of `courtyard export json`.
    Export,
}

impl Kind {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Server => "server",
            Kind::Phone => "phone",
            Kind::Backup => "backup",
            Kind::Export => "export",
        }
    }
}

/// Why a container cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// Nothing is there.
    #[error("{0} does not exist")]
    Missing(PathBuf),
    /// Something else is there.
    #[error(
        "{0} is neither a server's or phone's data folder, nor a backup, nor an `export json` file"
    )]
    Unknown(PathBuf),
    /// The phone is not enrolled, or the server never started: there is nothing to check.
    #[error("nothing was written here yet: {0}")]
    Empty(&'static str),
    /// A file is damaged beyond single entries.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The system refused.
    #[error("{path}: {error}")]
    Io {
        /// What was read.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}

impl From<rusqlite::Error> for ContainerError {
    fn from(error: rusqlite::Error) -> Self {
        ContainerError::Damaged(error.to_string())
    }
}

/// An open container.
#[derive(Debug)]
pub struct Container {
    /// What it is.
    pub kind: Kind,
    /// The root key that it names; a checker asks for one that was kept elsewhere.
    pub root: PublicKey,
    /// The root's word for the office key.
    pub office: OfficeCertificate,
    /// The devices' certificates.
    pub certificates: Vec<DeviceCertificate>,
    /// Heads that its own manifest names.
    pub known: Vec<KnownHead>,
    /// Edits that its own manifest counts.
    pub known_edits: Vec<KnownEdits>,
    /// What is wrong with the container itself.
    pub damaged: Vec<String>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Log(ReadOnly),
    Store(ReadOnly),
    Json(Box<json::Export>),
}

/// Takes one book or register after another.
pub type Take<'t, T> = &'t mut dyn FnMut(T) -> Result<(), ContainerError>;

impl Container {
    /// Opens whatever is at this path.
    ///
    /// # Errors
    /// [`ContainerError`] if it is none, or if nothing of it can be read.
    pub fn open(path: &Path) -> Result<Container, ContainerError> {
        let io = |error| ContainerError::Io { path: path.to_owned(), error };
        let metadata = match path.metadata() {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ContainerError::Missing(path.to_owned()));
            }
            Err(error) => return Err(io(error)),
        };
        if metadata.is_dir() {
            let (log, store) = (path.join("log.db"), path.join(PHONE_STORE));
            if path.join(backup::MANIFEST).is_file() && log.is_file() {
                return Container::open_backup(path, &log);
            }
            if log.is_file() {
                return log::open(ReadOnly::open(&log)?);
            }
            if store.is_file() {
                return store::open(ReadOnly::open(&store)?);
            }
            return Err(ContainerError::Unknown(path.to_owned()));
        }
        let mut start = Vec::new();
        let mut file = std::fs::File::open(path).map_err(io)?;
        file.by_ref().take(16).read_to_end(&mut start).map_err(io)?;
        if start == SQLITE {
            let file = ReadOnly::open(path)?;
            if file.has_table("batch")? {
                return log::open(file);
            }
            if store::is_store(&file)? {
                return store::open(file);
            }
            return Err(ContainerError::Unknown(path.to_owned()));
        }
        json::open(path)
    }

    fn open_backup(path: &Path, log: &Path) -> Result<Container, ContainerError> {
        let mut container = log::open(ReadOnly::open(log)?)?;
        container.kind = Kind::Backup;
        if let Err(error) = backup::check(path) {
            container.damaged.push(error.to_string());
        }
        // What can still be read of the manifest is demanded, whatever else is damaged.
        match Heads::read(&path.join(backup::MANIFEST)).and_then(|heads| heads.known()) {
            Ok((known, known_edits)) => {
                container.known = known;
                container.known_edits = known_edits;
            }
            Err(error) => container.damaged.push(error),
        }
        Ok(container)
    }

    /// How many books it holds.
    ///
    /// # Errors
    /// [`ContainerError::Damaged`].
    pub fn book_count(&self) -> Result<u64, ContainerError> {
        let count = match &self.source {
            Source::Log(file) => log::books(file)?.len(),
            Source::Store(file) => store::books(file)?.len(),
            Source::Json(export) => export.books.len(),
        };
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Every book, in ascending order of device and number; of an export, in the file's order.
    ///
    /// # Errors
    /// [`ContainerError::Damaged`], or what `take` says.
    pub fn each_book(&self, take: Take<'_, SignedBook>) -> Result<(), ContainerError> {
        match &self.source {
            Source::Log(file) => log::each_book(file, take),
            Source::Store(file) => store::each_book(file, take),
            Source::Json(export) => json::each_book(export, take),
        }
    }

    /// Every edition of every register.
    ///
    /// # Errors
    /// [`ContainerError::Damaged`], or what `take` says.
    pub fn each_register(&self, take: Take<'_, SignedRegister>) -> Result<(), ContainerError> {
        match &self.source {
            Source::Log(file) => log::each_register(file, take),
            Source::Store(file) => store::each_register(file, take),
            Source::Json(export) => json::each_register(export, take),
        }
    }
}
