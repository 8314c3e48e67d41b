//! Ending a post from another thread: a person has closed the screen, or the phone goes to sleep.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use tokio::sync::Notify;

/// Ends what its transport does, and everything after it. Clones end the same.
#[derive(Debug, Clone, Default)]
pub struct Stopper(Arc<Stop>);

#[derive(Debug, Default)]
struct Stop {
    stopped: AtomicBool,
    wakes: Notify,
}

impl Stopper {
    /// Ends the post that is under way and refuses every further one. What was sent may have
    /// arrived; the next sync finds out.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        self.0.wakes.notify_one();
    }

    /// Whether it was told to end.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::SeqCst)
    }

    /// What the work gives, or `None` if it was told to end before.
    pub(super) async fn unless<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut woken = pin!(self.0.wakes.notified());
        let mut work = pin!(work);
        poll_fn(|context| {
            if self.is_stopped() || woken.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            work.as_mut().poll(context).map(Some)
        })
        .await
    }
}
