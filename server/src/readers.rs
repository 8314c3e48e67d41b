//! Readers of the view: connections of their own beside the follower, each at one state while a
//! page reads.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use courtyard_core::store::{OpenOptions, Store, StoreError};
use tokio::sync::watch;

use crate::log::sqlite::SqliteLog;
use crate::view::{Shown, View, ViewError};

/// Connections kept; more are opened under load and closed again.
const IDLE: usize = 4;
/// How long a page waits for the view to show what was written before it; then it shows what is
/// there, as a phone's page would after a slow sync.
const CATCH_UP_WITHIN: Duration = Duration::from_secs(2);

/// Readers of one view.
pub struct Readers {
    view: PathBuf,
    from: From,
    idle: Mutex<Vec<(u64, Store)>>,
}

/// Who brings the view up to date.
enum From {
    /// A follower, in a thread of its own.
    Follower(Arc<watch::Sender<Shown>>),
    /// Each reader does it, from the log in this file: tests and simulation have no thread.
    Log(PathBuf),
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers").field("view", &self.view).finish_non_exhaustive()
    }
}

impl Readers {
    /// Readers beside a follower.
    pub fn followed(view: PathBuf, shown: Arc<watch::Sender<Shown>>) -> Self {
        Readers { view, from: From::Follower(shown), idle: Mutex::default() }
    }

    /// Readers that bring the view up to date themselves, from this log.
    pub fn alone(view: PathBuf, log: PathBuf) -> Self {
        Readers { view, from: From::Log(log), idle: Mutex::default() }
    }

    /// What the view shows, and when that changes; none without a follower.
    pub fn shown(&self) -> Option<watch::Receiver<Shown>> {
        match &self.from {
            From::Follower(shown) => Some(shown.subscribe()),
            From::Log(_) => None,
        }
    }

    /// Waits until the view shows the log up to this number, for a short while.
    pub async fn caught_up(&self, number: u64) {
        if let Some(mut shown) = self.shown() {
            let reached = shown.wait_for(|shown| shown.number >= number || shown.stopping);
            // Late or stopping: the reader shows what there is.
            let _ = tokio::time::timeout(CATCH_UP_WITHIN, reached).await;
        }
    }

    /// Reads the view at one state.
    ///
    /// # Errors
    /// What `read` answers, or that the view cannot be read.
    pub fn read<T, E: std::convert::From<ViewError>>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        let shown = match &self.from {
            From::Follower(shown) => *shown.borrow(),
            From::Log(log) => {
                let mut log = SqliteLog::open(log).map_err(ViewError::from)?;
                let number = View::open(&self.view)?.catch_up(&mut log)?;
                // Nobody keeps a file open across two reads that may begin it anew.
                Shown { generation: number, number, stopping: false }
            }
        };
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = {
            let mut idle = idle();
            idle.retain(|(generation, _)| *generation == shown.generation);
            idle.pop()
        };
        let store = match kept {
            Some((_, store)) => store,
            // An empty file in the place of one that was removed would show a county without slips.
            None if !self.view.is_file() => {
                return Err(ViewError::File(std::io::ErrorKind::NotFound.into()).into());
            }
            None => Store::open(OpenOptions::rebuildable(&self.view)).map_err(ViewError::from)?,
        };
        let outcome = store.at_one_state(|| read(&store));
        let mut idle = idle();
        if idle.len() < IDLE {
            idle.push((shown.generation, store));
        }
        outcome.map_err(|error: StoreError| E::from(ViewError::from(error)))?
    }
}
