//! The one writer of a node: requests queue up, share one transaction and one fsync, and are
//! answered after it (group commit).
//!
//! Each request runs in a mark of its own, so one that is refused takes nothing of the others with
//! it. Without a thread (simulation, tests) each request commits alone, inline.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::log::{Log, LogError, Transaction};
use crate::office::{Office, OfficeError};

/// Requests that share one fsync at most; more would make the first wait for the last.
const GROUP: usize = 64;

/// What is done after each commit, in the writer's thread: wakes who follows the log.
pub type OnCommit = Box<dyn Fn() + Send>;

/// The office at its log.
struct Bench {
    log: Box<dyn Log>,
    office: Office,
    on_commit: OnCommit,
}

/// One queued request.
trait Work: Send {
    /// Runs inside a mark; whether to keep what it did.
    fn run(&mut self, office: &mut Office, tx: &mut dyn Transaction) -> bool;
    /// Answers, after the commit.
    fn answer(self: Box<Self>, committed: bool);
}

struct Task<F, T> {
    work: Option<F>,
    outcome: Option<Result<T, OfficeError>>,
    answer: oneshot::Sender<Result<T, OfficeError>>,
}

impl<F, T> Work for Task<F, T>
where
    F: FnOnce(&mut Office, &mut dyn Transaction) -> Result<T, OfficeError> + Send,
    T: Send,
{
    fn run(&mut self, office: &mut Office, tx: &mut dyn Transaction) -> bool {
        let outcome = match self.work.take() {
            Some(work) => work(office, tx),
            None => Err(OfficeError::Stopping),
        };
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, committed: bool) {
        let outcome = match self.outcome {
            Some(Err(refused)) => Err(refused),
            Some(Ok(done)) if committed => Ok(done),
            // Nothing of it is durable; the client sends it again.
            _ => Err(OfficeError::Stopping),
        };
        // Who asked may have gone; what was committed stays.
        let _ = self.answer.send(outcome);
    }
}

/// Runs requests in one transaction.
fn run_group(bench: &mut Bench, mut works: Vec<Box<dyn Work>>) {
    let committed = commit_group(bench, &mut works);
    if let Err(error) = &committed {
        bench.office.forget();
        tracing::error!(%error, requests = works.len(), "a group of requests was not committed");
    }
    let committed = committed.is_ok();
    for work in works {
        work.answer(committed);
    }
    if committed {
        (bench.on_commit)();
    }
}

fn commit_group(bench: &mut Bench, works: &mut [Box<dyn Work>]) -> Result<(), LogError> {
    let mut tx = bench.log.begin()?;
    for work in works {
        tx.mark()?;
        bench.office.mark();
        if work.run(&mut bench.office, tx.as_mut()) {
            tx.keep()?;
        } else {
            bench.office.undo();
            tx.undo()?;
        }
    }
    tx.commit()
}

/// Hands requests to the office.
pub struct Writer {
    kind: Kind,
}

enum Kind {
    Inline(Box<Mutex<Bench>>),
    Thread { queue: Mutex<Option<Sender<Box<dyn Work>>>>, thread: Mutex<Option<JoinHandle<()>>> },
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.kind {
            Kind::Inline(_) => "Writer(inline)",
            Kind::Thread { .. } => "Writer(thread)",
        })
    }
}

impl Writer {
    /// A writer without a thread: each request commits alone, in the caller's thread.
    pub fn inline(log: Box<dyn Log>, office: Office, on_commit: OnCommit) -> Self {
        Writer { kind: Kind::Inline(Box::new(Mutex::new(Bench { log, office, on_commit }))) }
    }

    /// A writer with a thread of its own.
    ///
    /// # Errors
    /// The system's error if it gives no thread.
    pub fn thread(
        log: Box<dyn Log>,
        office: Office,
        on_commit: OnCommit,
    ) -> Result<Self, std::io::Error> {
        let (queue, works) = channel();
        let bench = Bench { log, office, on_commit };
        let thread = std::thread::Builder::new()
            .name("courtyard-writer".to_owned())
            .spawn(move || write_all(bench, &works))?;
        let kind =
            Kind::Thread { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) };
        Ok(Writer { kind })
    }

    /// Runs a request; the answer comes after it is durable.
    ///
    /// # Errors
    /// What the request itself answers, or [`OfficeError::Stopping`] if nothing was committed.
    pub async fn run<T, F>(&self, work: F) -> Result<T, OfficeError>
    where
        F: FnOnce(&mut Office, &mut dyn Transaction) -> Result<T, OfficeError> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        let work: Box<dyn Work> = Box::new(Task { work: Some(work), outcome: None, answer });
        match &self.kind {
            Kind::Inline(bench) => {
                let mut bench = bench.lock().unwrap_or_else(PoisonError::into_inner);
                run_group(&mut bench, vec![work]);
            }
            Kind::Thread { queue, .. } => {
                let queue = queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
                queue
                    .ok_or(OfficeError::Stopping)?
                    .send(work)
                    .map_err(|_| OfficeError::Stopping)?;
            }
        }
        outcome.await.map_err(|_| OfficeError::Stopping)?
    }

    /// Finishes what is queued and stops; later requests are told that the server is stopping.
    pub fn stop(&self) {
        if let Kind::Thread { queue, thread } = &self.kind {
            queue.lock().unwrap_or_else(PoisonError::into_inner).take();
            let thread = thread.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(thread) = thread
                && thread.join().is_err()
            {
                tracing::error!("the writer's thread had failed");
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn write_all(mut bench: Bench, works: &Receiver<Box<dyn Work>>) {
    while let Ok(first) = works.recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = works.try_recv()
        {
            group.push(next);
        }
        metrics::histogram!("courtyard_group_requests")
            .record(u32::try_from(group.len()).map_or(0.0, f64::from));
        run_group(&mut bench, group);
    }
}
