//! A data folder opened by a command: the office's acts one by one, each in a transaction of its
//! own, beside a running server or without one.

use std::path::Path;
use std::sync::Arc;

use courtyard_core::document::{PublicKey, Value};
use courtyard_core::domain::revocation::DeviceRevocation;
use courtyard_core::domain::{Body, DeviceNo, EntityNo, EntryId, OperatorNo, VillageNo};
use courtyard_core::store::StoreError;
use courtyard_core::wire::invitation::Invitation;

use crate::clock::ServerClock;
use crate::folder::{self, DataFolder, Reached};
use crate::founding::{found, office_of};
use crate::log::sqlite::SqliteLog;
use crate::log::{Log, LogError, Reads, Transaction};
use crate::office::publish::Stamp;
use crate::office::{Office, OfficeError};
use crate::rng::ServerRng;
use crate::view::{View, ViewError};

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// A file could not be read or written.
    #[error("{what}: {error}")]
    File {
        /// Which file, or what was being done.
        what: String,
        /// The system's error.
        error: std::io::Error,
    },
    /// Another server runs on the folder.
    #[error("another server is running on this data folder")]
    Running,
    /// The log holds a county, but the office key is not there or is another one's.
    #[error("{0}")]
    Key(&'static str),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The office refused.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The view failed.
    #[error(transparent)]
    View(#[from] ViewError),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(String),
    /// A backup is not whole, or the place is not empty.
    #[error("{0}")]
    Backup(String),
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        NodeError::View(error.into())
    }
}

impl NodeError {
    pub(crate) fn file(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> NodeError {
        let what = what.into();
        move |error| NodeError::File { what, error }
    }
}

/// An opened data folder.
pub struct Node {
    folder: DataFolder,
    log: SqliteLog,
    office: Office,
    clock: Arc<dyn ServerClock>,
    rng: ServerRng,
    founded: bool,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Node {
    /// Opens a data folder. The first time it makes the district's root key, the office key and the
    /// county's own device; [`founded`](Self::founded) then tells that the root key should be moved.
    ///
    /// # Errors
    /// [`NodeError`]; nothing is half made: the next start goes on where this one failed.
    pub fn open(
        path: &Path,
        clock: Arc<dyn ServerClock>,
        mut rng: ServerRng,
    ) -> Result<Node, NodeError> {
        let folder = DataFolder::open(path).map_err(NodeError::file("the data folder"))?;
        folder::make_private(&folder.log()).map_err(NodeError::file("log.db"))?;
        let mut log = SqliteLog::open(&folder.log())?;
        let known = log.read()?.county()?;
        let (office, founded) = match known {
            Some(county) => (office_of(&folder, &county)?, false),
            None => (found(&folder, &mut log, clock.as_ref(), &mut rng)?, true),
        };
        Ok(Node { folder, log, office, clock, rng, founded })
    }

    /// Whether this opening founded the county, and so made the root key.
    pub fn founded(&self) -> bool {
        self.founded
    }

    /// The folder.
    pub fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// The district's root key, by which everything can be checked.
    ///
    /// # Errors
    /// The log's error.
    pub fn root(&mut self) -> Result<PublicKey, NodeError> {
        Ok(crate::office::county(self.log.read()?.as_ref())?.root)
    }

    /// Reads the log at one state.
    ///
    /// # Errors
    /// The log's error.
    pub fn read(&mut self) -> Result<Box<dyn Reads + '_>, NodeError> {
        Ok(self.log.read()?)
    }

    /// The server's clock, in milliseconds since 1970-01-01 UTC.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// One act of the office in one transaction: all of it is durable on return, or none of it.
    ///
    /// # Errors
    /// What the act answers, or the log's error.
    pub fn act<T>(
        &mut self,
        act: impl FnOnce(
            &mut Office,
            &mut dyn Transaction,
            i64,
            &mut ServerRng,
        ) -> Result<T, OfficeError>,
    ) -> Result<T, NodeError> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.log.begin()?;
        self.office.mark();
        let done = act(&mut self.office, tx.as_mut(), now_ms, &mut self.rng);
        let done = match done {
            Ok(done) => tx.commit().map(|()| done).map_err(NodeError::from),
            Err(error) => Err(error.into()),
        };
        if done.is_err() {
            self.office.undo();
        }
        done
    }

    /// Adds a village with its office device and register.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn add_village(
        &mut self,
        name: &str,
        entity: Option<EntityNo>,
    ) -> Result<VillageNo, NodeError> {
        self.act(|office, tx, now_ms, _| {
            let number = office.add_village(tx, name, entity, now_ms)?;
            office.note_act(tx, "village.add", &number.to_string(), now_ms)?;
            Ok(number)
        })
    }

    /// Invites one phone to a village. Without an address, the one at which the server of this
    /// folder was last reached.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn invite(
        &mut self,
        village: VillageNo,
        address: Option<&str>,
    ) -> Result<Invitation, NodeError> {
        let reached = self.folder.reached();
        let root = self.root()?;
        let code = self.act(|office, tx, now_ms, rng| {
            let code = office.invite(tx, village, now_ms, rng.as_mut())?;
            office.note_act(tx, "device.invite", &village.to_string(), now_ms)?;
            Ok(code)
        })?;
        let pin = reached.as_ref().and_then(|r| r.tls_pin.as_deref()).and_then(pin_bytes);
        let address = address
            .map(str::to_owned)
            .or(reached.map(|r| r.address))
            .unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
        let tls_pin = pin.filter(|_| address.starts_with("https://"));
        Ok(Invitation { address, code: code.to_vec(), tls_pin, root })
    }

    /// Publishes entries in the county's book, all in one transaction.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn publish(
        &mut self,
        bodies: &[Body],
        stamp: Option<Stamp>,
    ) -> Result<Vec<EntryId>, NodeError> {
        self.act(|office, tx, now_ms, _| {
            office.publish(tx, None, bodies, stamp.unwrap_or(Stamp::today(now_ms)))
        })
    }

    /// Edits a village's register as the office: one edit for each set of assignments.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn edit_register(
        &mut self,
        village: VillageNo,
        edits: Vec<Vec<(String, Value)>>,
    ) -> Result<(), NodeError> {
        self.act(|office, tx, now_ms, _| office.edit_register(tx, village, edits, now_ms))
    }

    /// The number of the office's own device for a village; growers that it registers carry it.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn office_device(&mut self, village: VillageNo) -> Result<Option<DeviceNo>, NodeError> {
        Ok(self.log.read()?.office_device(Some(village))?.map(|device| device.number()))
    }

    /// Adds a user of the office, or gives one a new password and role; answers their number in the
    /// roster.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn put_user(
        &mut self,
        name: &str,
        role: &str,
        password: &str,
    ) -> Result<OperatorNo, NodeError> {
        self.act(|office, tx, now_ms, rng| {
            let operator = office.put_user(tx, name, role, password, now_ms, rng.as_mut())?;
            office.note_act(tx, "user.put", name.trim(), now_ms)?;
            Ok(operator)
        })
    }

    /// Lays out the code that the pages' set-up asks for while nobody can sign in, so that nobody
    /// else on the network is first; takes it away once somebody can.
    ///
    /// # Errors
    /// [`NodeError`].
    pub(crate) fn offer_setup(&mut self) -> Result<(), NodeError> {
        let path = self.folder.setup_code_file();
        let done = if !self.log.read()?.users()?.is_empty() {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        } else if self.folder.setup_code().is_none() {
            let mut bytes = [0; 5];
            self.rng.fill_bytes(&mut bytes);
            folder::make_private(&path).and_then(|()| std::fs::write(&path, hex::encode(bytes)))
        } else {
            Ok(())
        };
        done.map_err(NodeError::file("setup.code"))
    }

    /// Revokes a phone; the county publishes up to which number its entries stand.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn revoke(
        &mut self,
        device: DeviceNo,
        reason: &str,
    ) -> Result<DeviceRevocation, NodeError> {
        self.act(|office, tx, now_ms, _| office.revoke(tx, device, reason, now_ms))
    }

    /// Makes sure that nothing erased is left in the log's files; false while another process reads
    /// them.
    ///
    /// # Errors
    /// The log's error.
    pub fn clean_log(&mut self) -> Result<bool, NodeError> {
        Ok(self.log.checkpoint()?)
    }

    /// The view, caught up with the log.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn view(&mut self) -> Result<View, NodeError> {
        Ok(self.view_at()?.0)
    }

    /// The same, and up to which number of the log it shows.
    pub(crate) fn view_at(&mut self) -> Result<(View, u64), NodeError> {
        let mut view = View::open(&self.folder.view())?;
        let number = view.catch_up(&mut self.log)?;
        Ok((view, number))
    }

    /// Writes down how phones reach the server of this folder.
    pub(crate) fn write_reached(&self, reached: &Reached) -> Result<(), NodeError> {
        self.folder.write_reached(reached).map_err(NodeError::file("server.json"))
    }

    /// The parts that a server goes on with.
    pub(crate) fn into_parts(self) -> (DataFolder, SqliteLog, Office, Arc<dyn ServerClock>) {
        (self.folder, self.log, self.office, self.clock)
    }

    /// The log, for a backup.
    pub(crate) fn log(&mut self) -> &mut SqliteLog {
        &mut self.log
    }
}

fn pin_bytes(text: &str) -> Option<[u8; 32]> {
    let mut pin = [0; 32];
    hex::decode_to_slice(text, &mut pin).ok()?;
    Some(pin)
}
