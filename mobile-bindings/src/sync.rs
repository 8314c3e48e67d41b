//! Sync in the background: on a connection of its own, so that buying goes on while the network is
//! slow, with a handle that ends it.

use std::sync::Arc;

use courtyard_core::steward::{Steward, StewardError};
use courtyard_core::sync::http::{HttpTransport, Stopper};
use courtyard_core::sync::{Progress, TransportError};

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

/// A sync that is under way. It ends when this is stopped or dropped, in the middle of a post too:
/// what arrived is not sent again.
#[derive(Debug, uniffi::Object)]
pub struct SyncHandle {
    stopper: Stopper,
}

#[uniffi::export]
impl SyncHandle {
    /// Ends it at once; the listener is told [`SyncOutcome::Stopped`]. Does not block.
    pub fn stop(&self) {
        self.stopper.stop();
    }
}

impl Drop for SyncHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Exchanges until both sides are still.
fn exchange(
    steward: &mut Steward,
    transport: &mut HttpTransport,
    listener: &dyn SyncListener,
) -> Result<Progress, StewardError> {
    let mut told = |progress: &Progress| {
        listener.moved(progress.acknowledged, received(progress));
    };
    steward.sync(transport, &mut told)
}

fn received(progress: &Progress) -> u32 {
    progress.received.saturating_add(progress.edits)
}

fn outcome(done: Result<Progress, StewardError>, stopper: &Stopper) -> SyncOutcome {
    let error = match done {
        Ok(report) => {
            return SyncOutcome::Done {
                sent: report.acknowledged,
                received: received(&report),
                set_aside: report.set_aside,
            };
        }
        Err(_) if stopper.is_stopped() => return SyncOutcome::Stopped,
        Err(error) => error,
    };
    match error {
        StewardError::Transport(
            TransportError::Unreachable { .. } | TransportError::Lost { .. },
        ) => SyncOutcome::Offline,
        other => {
            let said = other.said();
            SyncOutcome::Failed { code: said.code, reason_zh: said.zh, reason_en: said.en }
        }
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
        let mut transport = transport(&steward.server()?)?;
        let stopper = transport.stopper();
        let handle = Arc::new(SyncHandle { stopper: stopper.clone() });
        let run = move || {
            let done = exchange(&mut steward, &mut transport, listener.as_ref());
            // The file is free again before anybody is told.
            drop(steward);
            listener.ended(outcome(done, &stopper));
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
    use super::*;

    #[test]
    fn no_signal_is_not_a_failure_and_a_stop_is_not_one_either() {
        let lost = |error: TransportError| -> Result<Progress, StewardError> { Err(error.into()) };
        let unreachable = || lost(TransportError::Unreachable { reason: "x".to_owned() });
        let (running, stopped) = (Stopper::default(), Stopper::default());
        stopped.stop();
        assert_eq!(outcome(unreachable(), &running), SyncOutcome::Offline);
        let cut = lost(TransportError::Lost { reason: "x".to_owned() });
        assert_eq!(outcome(cut, &running), SyncOutcome::Offline);
        assert_eq!(outcome(unreachable(), &stopped), SyncOutcome::Stopped);
        let wrong_key = outcome(lost(TransportError::WrongKey), &running);
        assert!(matches!(wrong_key, SyncOutcome::Failed { .. }));
        let other = outcome(Err(StewardError::NotEnrolled), &running);
        assert!(matches!(other, SyncOutcome::Failed { .. }));
    }
}
