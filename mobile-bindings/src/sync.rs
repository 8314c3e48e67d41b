//! Sync in the background: on a connection of its own, so that buying goes on while the network is
//! slow, with a handle that ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use courtyard_core::steward::Steward;
use courtyard_core::sync::{Progress, Transport, TransportAnswer, TransportError};

use crate::courtyard::{Courtyard, transport};
use crate::error::CourtyardError;

/// Told how a sync goes, from a thread of the sync's own.
#[uniffi::export(with_foreign)]
pub trait SyncListener: Send + Sync {
    /// So much has gone and come until now.
    fn moved(&self, sent: u32, received: u32);
    /// It is over.
    fn ended(&self, outcome: SyncOutcome);
}

/// How a sync ended. Whatever was acknowledged until then is safe; the rest waits on the phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SyncOutcome {
    /// Both sides are still.
    Done {
        /// Entries that the office now has.
        sent: u32,
        /// Entries and edits that came.
        received: u32,
        /// What the office refused, and is set aside with its reason.
        set_aside: u32,
    },
    /// The office cannot be reached: no signal is no error.
    Offline,
    /// It was stopped by its handle.
    Stopped,
    /// The office or the phone's file refused.
    Failed {
        /// The stable code.
        code: String,
        /// In Chinese.
        reason_zh: String,
        /// In English.
        reason_en: String,
    },
}

/// A sync that is under way. It ends when this is stopped or dropped, after the post at hand.
#[derive(Debug, uniffi::Object)]
pub struct SyncHandle {
    stopped: Arc<AtomicBool>,
}

#[uniffi::export]
impl SyncHandle {
    /// Ends it; the listener is told.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }
}

impl Drop for SyncHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A way to the office that a handle can close.
struct Stoppable<T> {
    inner: T,
    stopped: Arc<AtomicBool>,
}

impl<T: Transport> Transport for Stoppable<T> {
    fn post(&mut self, path: &str, body: Vec<u8>) -> Result<TransportAnswer, TransportError> {
        if self.stopped.load(Ordering::SeqCst) {
            return Err(TransportError::Unreachable { reason: "stopped".to_owned() });
        }
        self.inner.post(path, body)
    }
}

/// Exchanges until both sides are still.
fn exchange(
    steward: &mut Steward,
    stopped: &Arc<AtomicBool>,
    listener: &dyn SyncListener,
) -> Result<Progress, CourtyardError> {
    let inner = transport(&steward.server()?)?;
    let mut transport = Stoppable { inner, stopped: Arc::clone(stopped) };
    let mut told = |progress: &Progress| {
        listener.moved(progress.acknowledged, received(progress));
    };
    Ok(steward.sync(&mut transport, &mut told)?)
}

fn received(progress: &Progress) -> u32 {
    progress.received.saturating_add(progress.edits)
}

fn outcome(done: Result<Progress, CourtyardError>, stopped: &AtomicBool) -> SyncOutcome {
    match done {
        Ok(report) => SyncOutcome::Done {
            sent: report.acknowledged,
            received: received(&report),
            set_aside: report.set_aside,
        },
        Err(_) if stopped.load(Ordering::SeqCst) => SyncOutcome::Stopped,
        Err(CourtyardError::Network { code, .. }) if code == "sync.unreachable" => {
            SyncOutcome::Offline
        }
        Err(
            CourtyardError::Network { code, reason_zh, reason_en }
            | CourtyardError::Store { code, reason_zh, reason_en }
            | CourtyardError::Typed { code, reason_zh, reason_en }
            | CourtyardError::Problem { code, reason_zh, reason_en }
            | CourtyardError::Enrolment { code, reason_zh, reason_en },
        ) => SyncOutcome::Failed { code, reason_zh, reason_en },
    }
}

#[uniffi::export]
impl Courtyard {
    /// Begins a sync in a thread of its own and answers at once. Keep the handle: dropping it ends
    /// the sync.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`] if the phone is not enrolled, or [`CourtyardError::Store`].
    pub fn start_sync(
        &self,
        listener: Arc<dyn SyncListener>,
    ) -> Result<Arc<SyncHandle>, CourtyardError> {
        self.steward().device()?;
        let mut steward = self.beside()?;
        let stopped = Arc::new(AtomicBool::new(false));
        let handle = Arc::new(SyncHandle { stopped: Arc::clone(&stopped) });
        let run = move || {
            let done = exchange(&mut steward, &stopped, listener.as_ref());
            // The file is free again before anybody is told.
            drop(steward);
            listener.ended(outcome(done, &stopped));
        };
        let thread = std::thread::Builder::new().name("courtyard-sync".to_owned()).spawn(run);
        match thread {
            Ok(_) => Ok(handle),
            Err(error) => Err(CourtyardError::Store {
                code: "store.no_thread".to_owned(),
                reason_zh: "手机太忙，没有开始同步。已存的都在。请稍后再试。".to_owned(),
                reason_en: format!(
                    "The phone is too busy to begin a sync ({error}). What is saved is safe. Try again later."
                ),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use courtyard_core::steward::StewardError;
    use courtyard_core::sync::{SyncError, Trouble};

    use super::*;

    #[test]
    fn no_signal_is_not_a_failure_and_a_stop_is_not_one_either() {
        let unreachable = || -> Result<Progress, CourtyardError> {
            Err(StewardError::from(TransportError::Unreachable { reason: "x".to_owned() }).into())
        };
        let cut: Result<Progress, CourtyardError> = {
            let lost = TransportError::Lost { reason: "x".to_owned() };
            Err(StewardError::from(SyncError::from(Trouble::from(lost))).into())
        };
        let running = AtomicBool::new(false);
        assert_eq!(outcome(cut, &running), SyncOutcome::Offline);
        assert_eq!(outcome(unreachable(), &running), SyncOutcome::Offline);
        assert_eq!(outcome(unreachable(), &AtomicBool::new(true)), SyncOutcome::Stopped);
        let other = Err(StewardError::NotEnrolled.into());
        assert!(matches!(outcome(other, &running), SyncOutcome::Failed { .. }));
    }
}
