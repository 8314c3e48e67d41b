//! One whole exchange in one call: for the command line and for tests.

use rand_core::CryptoRng;

use super::engine::{Effect, Engine, Event, Trouble};
use super::replica::Replica;
use super::transport::Transport;

/// How far an exchange has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Own entries that the server has acknowledged.
    pub acknowledged: u32,
    /// Entries of other devices that came.
    pub received: u32,
    /// Register edits of other devices that came.
    pub edits: u32,
    /// Own entries and edits that the server refused and that are set aside.
    pub set_aside: u32,
    /// Posts so far.
    pub requests: u32,
}

/// What an exchange did, when both sides are still.
pub type SyncReport = Progress;

/// Why an exchange ended before both sides were still. What was acknowledged until then is kept.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The network, or the server.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The store could not do its part.
    #[error("the store could not do its part of the sync: {0}")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Exchanges until both sides are still.
///
/// # Errors
/// [`SyncError`]; it does not try again by itself.
pub fn run<R: Replica>(
    replica: &mut R,
    transport: &mut dyn Transport,
    rng: &mut dyn CryptoRng,
    progress: &mut dyn FnMut(&Progress),
) -> Result<SyncReport, SyncError> {
    let mut engine = Engine::new();
    let mut report = SyncReport::default();
    // The time only sets when to try again, and nobody waits for that here.
    let mut turn = |event: Event<'_>, replica: &mut R, engine: &mut Engine| {
        engine.handle(event, 0, replica, rng).map_err(|error| SyncError::Store(Box::new(error)))
    };
    let mut effects = turn(Event::Tapped, replica, &mut engine)?;
    loop {
        let mut post = None;
        for effect in effects {
            match effect {
                Effect::Post { path, body } => post = Some((path, body)),
                Effect::Took(applied) => {
                    report.acknowledged = report.acknowledged.saturating_add(applied.acknowledged);
                    report.received = report.received.saturating_add(applied.entries);
                    report.edits = report.edits.saturating_add(applied.edits);
                    report.set_aside = report.set_aside.saturating_add(applied.set_aside);
                    progress(&report);
                }
                Effect::WakeAt { .. } | Effect::Done => {}
            }
        }
        let Some((path, body)) = post else { break };
        report.requests = report.requests.saturating_add(1);
        effects = match transport.post(path, body) {
            Ok(answer) => turn(Event::Answered(&answer), replica, &mut engine)?,
            Err(error) => turn(Event::Failed(&error), replica, &mut engine)?,
        };
    }
    match engine.trouble() {
        Some(trouble) => Err(SyncError::Trouble(trouble.clone())),
        None => Ok(report),
    }
}
