//! Keeps the board up with the view while a server runs.

use std::sync::Arc;
use std::time::Duration;

use courtyard_core::domain::BusinessDate;
use tokio::sync::watch;

use super::board::Board;
use super::phones::phones;
use crate::app::App;
use crate::clock::Stopwatch;
use crate::view::Shown;
use crate::web::PageError;

/// After one was derived: rest at least so long, so that many syncs together cost one.
const REST: Duration = Duration::from_millis(300);
/// So often the day is looked at: what is overdue depends on it.
const LOOK_AT_THE_DAY: Duration = Duration::from_secs(60);

/// The board for a page: the last that was derived, or none yet. Where nobody keeps it, in tests and
/// simulation, it is derived on the spot.
///
/// # Errors
/// [`PageError`] if the log or the view cannot be read.
pub fn board(app: &App) -> Result<Option<Arc<Board>>, PageError> {
    match app.readers().shown() {
        Some(_) => Ok(app.boards().current()),
        None => derive(app).map(Some),
    }
}

fn derive(app: &App) -> Result<Arc<Board>, PageError> {
    let phones = app.read(|reads| Ok(phones(reads)?))?;
    let now_ms = app.now_ms();
    app.readers().read(|store| Ok(app.boards().refresh(store, &phones, now_ms)?))
}

/// Derives whenever the view has moved, and when the day changes, until the server stops.
pub(crate) async fn keep(app: App, mut shown: watch::Receiver<Shown>) {
    let mut stands = None;
    loop {
        let now = *shown.borrow_and_update();
        if now.stopping {
            return;
        }
        let today = BusinessDate::at(app.now_ms().div_euclid(1_000));
        // Before the view was followed for the first time there is nothing to look at.
        if now.number > 0 && stands != Some((now.generation, now.number, today)) {
            let took = derive_aside(app.clone()).await;
            stands = Some((now.generation, now.number, today));
            // No more than half of a processor, however many syncs come.
            let stop = shown.wait_for(|shown| shown.stopping);
            if tokio::time::timeout(took.max(REST), stop).await.is_ok() {
                return;
            }
        }
        let moved = tokio::time::timeout(LOOK_AT_THE_DAY, shown.changed()).await;
        if moved.is_ok_and(|changed| changed.is_err()) {
            return;
        }
    }
}

/// Derives in a thread that may block; answers how long it took.
async fn derive_aside(app: App) -> Duration {
    let derived = tokio::task::spawn_blocking(move || {
        let watch = Stopwatch::start();
        (derive(&app), watch.seconds())
    });
    let seconds = match derived.await {
        Ok((Ok(_), seconds)) => seconds,
        Ok((Err(error), seconds)) => {
            tracing::error!(?error, "the exceptions were not derived");
            seconds
        }
        Err(error) => {
            tracing::error!(%error, "the exceptions were not derived");
            0.0
        }
    };
    metrics::gauge!("courtyard_exceptions_seconds").set(seconds);
    Duration::try_from_secs_f64(seconds).unwrap_or(REST)
}
