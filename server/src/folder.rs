//! The data folder: what lies where, who may read it, and that only one server runs on it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use courtyard_core::document::DeviceKey;
use serde::{Deserialize, Serialize};

/// A data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
}

/// How phones reach the server that last ran here; an invitation carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Such as `http://127.0.0.1:8080`.
    pub address: String,
    /// SHA-256 of the TLS key's SPKI, in hexadecimal; none without TLS.
    pub tls_pin: Option<String>,
}

/// Held while a server runs on the folder; released when dropped, or when the process dies.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl DataFolder {
    /// The folder at this path, made if there is none.
    ///
    /// # Errors
    /// The system's error.
    pub fn open(path: &Path) -> io::Result<Self> {
        if !path.is_dir() {
            // Names and phone numbers lie in it: nobody else on the machine may look.
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(path)?;
        }
        Ok(DataFolder { path: path.to_owned() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The log: the truth.
    pub fn log(&self) -> PathBuf {
        self.path.join("log.db")
    }

    /// The view: projected from the log, may be deleted.
    pub fn view(&self) -> PathBuf {
        self.path.join("view.db")
    }

    /// The district's root key; only needed to certify a new office key, so keep it elsewhere.
    pub fn root_key(&self) -> PathBuf {
        self.path.join("root.key")
    }

    /// The office's key: without it the server cannot run.
    pub fn office_key(&self) -> PathBuf {
        self.path.join("office.key")
    }

    /// The private part of the key that ID and bank numbers are sealed to; only showing a whole
    /// number needs it, so it may be kept elsewhere.
    pub fn sealing_key(&self) -> PathBuf {
        self.path.join("numbers.key")
    }

    /// Where the code lies that the pages' set-up asks for, while nobody can sign in.
    pub(crate) fn setup_code_file(&self) -> PathBuf {
        self.path.join("setup.code")
    }

    /// The code that the pages' set-up asks for; none once somebody can sign in.
    pub fn setup_code(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.setup_code_file()).ok()?;
        Some(text.trim().to_owned())
    }

    /// The certificate of `--tls-self-signed`.
    pub fn tls_certificate(&self) -> PathBuf {
        self.path.join("tls.pem")
    }

    /// Its key.
    pub fn tls_key(&self) -> PathBuf {
        self.path.join("tls.key")
    }

    fn reached_file(&self) -> PathBuf {
        self.path.join("server.json")
    }

    /// Keeps a second server away. Commands may run beside the one that holds it.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] if a server is running here, or the system's error.
    pub fn lock(&self) -> io::Result<ServerLock> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path.join("server.lock"))?;
        file.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => io::Error::from(io::ErrorKind::WouldBlock),
            std::fs::TryLockError::Error(error) => error,
        })?;
        Ok(ServerLock { _file: file })
    }

    /// Writes down how phones reach this server.
    ///
    /// # Errors
    /// The system's error.
    pub fn write_reached(&self, reached: &Reached) -> io::Result<()> {
        std::fs::write(self.reached_file(), serde_json::to_vec_pretty(reached)?)
    }

    /// How phones reach the server that last ran here; `None` if none has.
    pub fn reached(&self) -> Option<Reached> {
        serde_json::from_slice(&std::fs::read(self.reached_file()).ok()?).ok()
    }
}

/// Writes a secret that only its owner may read, whole or not at all; an existing one stays.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or the system's error.
pub fn write_secret(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    sync_folder(folder_of(path))
}

/// The folder that a file lies in. A bare file name lies here: its parent is the empty path, which
/// no system opens.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new("."))
}

/// Makes an empty file that only its owner may read, unless there is one: a database keeps the
/// permissions of the file it finds, and gives them to the files beside it.
///
/// # Errors
/// The system's error.
pub fn make_private(path: &Path) -> io::Result<()> {
    match write_secret(path, &[]) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Makes a new file's name durable.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened as a file, and the file's own sync has to do.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes a key's seed as a line of hexadecimal.
///
/// # Errors
/// As [`write_secret`].
pub fn write_key(path: &Path, key: &DeviceKey) -> io::Result<()> {
    write_secret(path, format!("{}\n", hex::encode(key.seed())).as_bytes())
}

/// Reads a key; `None` if there is no such file.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] if the file holds no key, or the system's error.
pub fn read_key(path: &Path) -> io::Result<Option<DeviceKey>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut seed = [0; 32];
    hex::decode_to_slice(text.trim(), &mut seed)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not a key of 64 hex digits"))?;
    Ok(Some(DeviceKey::from_seed(seed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_kept_away_until_the_first_is_gone() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(place.path()).unwrap();
        let first = folder.lock().unwrap();
        assert_eq!(folder.lock().unwrap_err().kind(), io::ErrorKind::WouldBlock);
        drop(first);
        folder.lock().unwrap();
    }

    #[test]
    fn a_bare_file_name_lies_in_the_folder_where_the_command_runs() {
        assert_eq!(folder_of(Path::new("batch.csv")), Path::new("."));
        assert_eq!(folder_of(Path::new("out/batch.csv")), Path::new("out"));
    }

    #[test]
    fn a_key_comes_back_and_is_never_written_over() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("root.key");
        assert!(read_key(&path).unwrap().is_none());
        let key = DeviceKey::from_seed([7; 32]);
        write_key(&path, &key).unwrap();
        assert_eq!(read_key(&path).unwrap().unwrap().seed(), key.seed());
        let again = write_key(&path, &DeviceKey::from_seed([8; 32])).unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&path, "nonsense").unwrap();
        assert_eq!(read_key(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
