//! What the handlers share: the writer, readers of the log, the clock.

use std::sync::{Arc, Mutex, PoisonError};

use metrics_exporter_prometheus::PrometheusHandle;

use crate::clock::ServerClock;
use crate::exceptions::Boards;
use crate::folder::{DataFolder, Reached};
use crate::log::{Log, LogError, Reads};
use crate::office::{Office, OfficeError};
use crate::rate::RateLimit;
use crate::readers::Readers;
use crate::writer::Writer;

/// Opens another connection to the log for reading.
pub type OpenLog = Box<dyn Fn() -> Result<Box<dyn Log>, LogError> + Send + Sync>;

/// Connections kept for reading; more are opened under load and closed again.
const IDLE_READERS: usize = 8;

/// The application behind the router.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

struct Shared {
    writer: Writer,
    /// The office without a register at hand: what reading needs of it.
    office: Office,
    clock: Arc<dyn ServerClock>,
    open: OpenLog,
    idle: Mutex<Vec<Box<dyn Log>>>,
    metrics: PrometheusHandle,
    enrolments: RateLimit,
    sign_ins: RateLimit,
    around: Around,
    boards: Boards,
}

/// What an application has around it.
#[derive(Debug)]
pub struct Around {
    /// The data folder.
    pub folder: DataFolder,
    /// How phones and browsers reach it; none if nothing listens.
    pub reached: Option<Reached>,
    /// Readers of the view.
    pub readers: Readers,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("writer", &self.shared.writer).finish_non_exhaustive()
    }
}

impl App {
    /// An application over a writer, and connections for reading that `open` gives.
    pub fn new(
        writer: Writer,
        office: Office,
        clock: Arc<dyn ServerClock>,
        open: OpenLog,
        metrics: PrometheusHandle,
        around: Around,
    ) -> Self {
        let idle = Mutex::new(Vec::new());
        let (enrolments, sign_ins) = (RateLimit::new(), RateLimit::new());
        let boards = Boards::default();
        let shared = Shared {
            writer,
            office,
            clock,
            open,
            idle,
            metrics,
            enrolments,
            sign_ins,
            around,
            boards,
        };
        App { shared: Arc::new(shared) }
    }

    /// The writer.
    pub fn writer(&self) -> &Writer {
        &self.shared.writer
    }

    /// The office, for reading.
    pub(crate) fn office(&self) -> &Office {
        &self.shared.office
    }

    /// The time in milliseconds since 1970-01-01 UTC.
    pub fn now_ms(&self) -> i64 {
        self.shared.clock.now_ms()
    }

    /// How often one address may try to enrol.
    pub(crate) fn enrolments(&self) -> &RateLimit {
        &self.shared.enrolments
    }

    /// How often one address may try a password or a PIN.
    pub(crate) fn sign_ins(&self) -> &RateLimit {
        &self.shared.sign_ins
    }

    /// The address at which phones and browsers reach this server, such as
    /// `https://courtyard.example`; none if nothing listens.
    pub fn address(&self) -> Option<&str> {
        self.shared.around.reached.as_ref().map(|reached| reached.address.as_str())
    }

    /// How phones and browsers reach it.
    pub(crate) fn reached(&self) -> Option<&Reached> {
        self.shared.around.reached.as_ref()
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &DataFolder {
        &self.shared.around.folder
    }

    /// Readers of the view.
    pub(crate) fn readers(&self) -> &Readers {
        &self.shared.around.readers
    }

    /// What the office should look at, ready to be read.
    pub(crate) fn boards(&self) -> &Boards {
        &self.shared.boards
    }

    /// What `/metrics` shows.
    pub(crate) fn metrics(&self) -> String {
        self.shared.metrics.run_upkeep();
        self.shared.metrics.render()
    }

    /// Reads the log at one state, after everything that was acknowledged before.
    ///
    /// # Errors
    /// What `read` answers, or the log's error.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&dyn Reads) -> Result<T, OfficeError>,
    ) -> Result<T, OfficeError> {
        let idle = || self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let mut log = match kept {
            Some(log) => log,
            None => (self.shared.open)()?,
        };
        let outcome = read(log.read()?.as_ref());
        let mut idle = idle();
        if idle.len() < IDLE_READERS {
            idle.push(log);
        }
        outcome
    }
}
