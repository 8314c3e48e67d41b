//! The view: what pages and reports read, projected from the log into a store like a phone's.
//!
//! It may be deleted at any time: it is then projected anew, to identical rows. No acknowledgement
//! waits for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use courtyard_core::document::RegisterId;
use courtyard_core::store::{Distrust, Incoming, OpenOptions, Store, StoreError, Trust};
use courtyard_core::wire::{BookPart, Cursor, EditPart};

use tokio::sync::watch;

use crate::folder::make_private;
use crate::log::{Batch, EditBatch, Log, LogError};
use crate::office::county;

/// Bytes of entries and edits that are projected in one transaction.
/// A stop waits for one such step.
const STEP_BYTES: usize = 1 << 20;

/// Why the view does not follow.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The view's store failed.
    #[error("the view: {0}")]
    Store(#[from] StoreError),
    /// The log's county shows no root that vouches for its office.
    #[error("the view: {0}")]
    Distrust(#[from] Distrust),
    /// Its file could not be removed.
    #[error("the view's file: {0}")]
    File(#[from] std::io::Error),
}

/// A store that follows the log.
#[derive(Debug)]
pub struct View {
    path: PathBuf,
    store: Store,
    /// How often the file was begun anew.
    generation: u64,
}

/// What the view shows, for those who read its file beside the follower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// Another one is another file: a reader that has the former open reads what is gone.
    pub generation: u64,
    /// The number of the log up to which it shows.
    pub number: u64,
    /// The server is stopping: whoever waits for more ends.
    pub stopping: bool,
}

impl View {
    /// Opens the view, or an empty one if there is none or it cannot be read.
    ///
    /// # Errors
    /// [`ViewError`] if no file can be made there.
    pub fn open(path: &Path) -> Result<View, ViewError> {
        make_private(path)?;
        let store = match open_store(path) {
            Ok(store) => store,
            Err(error) => {
                // Nothing in it is lost with it: it is projected anew.
                tracing::warn!(%error, "the view cannot be opened and is projected anew");
                remove(path)?;
                make_private(path)?;
                open_store(path)?
            }
        };
        Ok(View { path: path.to_owned(), store, generation: 0 })
    }

    /// What it shows.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Follows the log to its end and answers up to which number it then shows.
    ///
    /// Two processes may follow into one view at once: what one has taken the other skips.
    ///
    /// # Errors
    /// [`ViewError`]; the next call goes on where this one failed.
    pub fn catch_up(&mut self, log: &mut dyn Log) -> Result<u64, ViewError> {
        loop {
            if let Some(number) = self.step(log)? {
                return Ok(number);
            }
        }
    }

    /// Takes what fits one transaction; the number, once there is no more.
    fn step(&mut self, log: &mut dyn Log) -> Result<Option<u64>, ViewError> {
        let reads = log.read()?;
        let county = county(reads.as_ref())?;
        let followed = self.store.followed()?;
        let stands = self.store.trusted()?;
        let another = stands.as_ref().is_some_and(|trust| *trust.district() != county.district);
        if another || (followed.epoch != 0 && followed.epoch != county.epoch) {
            // The log was restored or is another one: what is shown may not be in it.
            drop(reads);
            self.start_anew()?;
            return Ok(None);
        }
        let after = number_of(&followed);
        if followed.epoch == county.epoch && after == county.last_number {
            return Ok(Some(after));
        }
        if stands.is_none_or(|trust| trust.office() != &county.office) {
            self.store.trust(&Trust::new(county.root, county.office)?)?;
        }
        // Batches and edits share one sequence; either may stop at its size, and then the step ends
        // there for both.
        let mut until = county.last_number;
        let batches = reads.all_batches_after(after, STEP_BYTES)?;
        if let Some(last) = batches.last().map(|b| b.number)
            && !reads.all_batches_after(last, 1)?.is_empty()
        {
            until = until.min(last);
        }
        let edits = reads.all_edits_after(after, STEP_BYTES)?;
        if let Some(last) = edits.last().map(|e| e.number)
            && !reads.all_edits_after(last, 1)?.is_empty()
        {
            until = until.min(last);
        }
        let certificates: Vec<_> = reads.devices()?.into_iter().map(|d| d.certificate).collect();
        drop(reads);

        let books: Vec<BookPart> =
            batches.into_iter().filter(|b| b.number <= until).map(book_part).collect();
        let edits: Vec<EditPart> =
            edits.into_iter().filter(|e| e.number <= until).map(edit_part).collect();
        let incoming = Incoming { certificates: &certificates, books: &books, edits: &edits };
        let cursor = Cursor { epoch: county.epoch, position: until.to_be_bytes().to_vec() };
        self.store.follow(incoming, &cursor)?;
        Ok((until == county.last_number).then_some(until))
    }

    fn start_anew(&mut self) -> Result<(), ViewError> {
        // The file cannot be removed while it is open: an empty one in memory takes its place.
        self.store = Store::open(OpenOptions::rebuildable(":memory:"))?;
        remove(&self.path)?;
        make_private(&self.path)?;
        self.store = open_store(&self.path)?;
        self.generation = self.generation.saturating_add(1);
        Ok(())
    }
}

fn open_store(path: &Path) -> Result<Store, StoreError> {
    let mut store = Store::open(OpenOptions::rebuildable(path))?;
    store.keep_office_tables()?;
    Ok(store)
}

fn remove(path: &Path) -> Result<(), ViewError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(PathBuf::from(name)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Up to which number of the log a view with this cursor shows.
pub(crate) fn number_of(cursor: &Cursor) -> u64 {
    <[u8; 8]>::try_from(cursor.position.as_slice()).map_or(0, u64::from_be_bytes)
}

fn book_part(batch: Batch) -> BookPart {
    BookPart {
        book: batch.book,
        start: batch.start,
        entries: batch.entries,
        signature: batch.signature,
    }
}

fn edit_part(batch: EditBatch) -> EditPart {
    let register: RegisterId = batch.register;
    EditPart { register, device: batch.device, edits: batch.edits, signature: batch.signature }
}

/// A thread that keeps the view up with the log while a server runs.
#[derive(Debug)]
pub struct Follower {
    shown: Arc<watch::Sender<Shown>>,
    wake: Option<SyncSender<()>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    /// Starts it; it catches up at once, and again whenever it is woken.
    ///
    /// # Errors
    /// The system's error if it gives no thread.
    pub fn start(view: PathBuf, log: Box<dyn Log>) -> std::io::Result<Follower> {
        // One place in the queue: being woken twice while busy is being woken once.
        let (wake, woken) = sync_channel(1);
        let stopping = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stopping);
        let shown = Arc::new(watch::Sender::default());
        let tell = Arc::clone(&shown);
        let thread = std::thread::Builder::new()
            .name("courtyard-view".to_owned())
            .spawn(move || follow(&view, log, &woken, &told, &tell))?;
        let _ = wake.try_send(());
        Ok(Follower { shown, wake: Some(wake), stopping, thread: Some(thread) })
    }

    /// What it shows, and when that changes.
    pub fn shown(&self) -> Arc<watch::Sender<Shown>> {
        Arc::clone(&self.shown)
    }

    /// What wakes it, for the writer.
    pub fn waker(&self) -> impl Fn() + Send + use<> {
        let wake = self.wake.clone();
        move || {
            if let Some(wake) = &wake {
                let _ = wake.try_send(());
            }
        }
    }
}

impl Drop for Follower {
    /// Ends the thread after the step at hand; the next start goes on from there. The writer, which holds a waker, must be gone.
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.wake.take();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the view's thread had failed");
        }
    }
}

fn follow(
    path: &Path,
    mut log: Box<dyn Log>,
    woken: &Receiver<()>,
    stopping: &AtomicBool,
    shown: &watch::Sender<Shown>,
) {
    let mut view: Option<View> = None;
    // Files that were given up before the one at hand.
    let mut former = 0_u64;
    while woken.recv().is_ok() {
        let caught_up = (|| {
            if let Some(gone) = view.take_if(|_| !path.is_file()) {
                former = former.saturating_add(gone.generation).saturating_add(1);
            }
            let view = match &mut view {
                Some(view) => view,
                None => view.insert(View::open(path)?),
            };
            loop {
                let stepped = view.step(log.as_mut())?;
                let generation = former.saturating_add(view.generation);
                shown.send_if_modified(|shown| {
                    let number = stepped.unwrap_or(shown.number);
                    let changed = (shown.generation, shown.number) != (generation, number);
                    (shown.generation, shown.number) = (generation, number);
                    changed
                });
                if let Some(number) = stepped {
                    return Ok(Some(number));
                }
                if stopping.load(Ordering::SeqCst) {
                    return Ok(None);
                }
            }
        })();
        match caught_up {
            Ok(None) => return,
            Ok(Some(number)) => {
                let number = u32::try_from(number).map_or(f64::from(u32::MAX), f64::from);
                metrics::gauge!("courtyard_view_number").set(number);
            }
            Err::<_, ViewError>(error) => {
                tracing::error!(%error, "the view does not follow");
                // Opened anew, and made anew if it is damaged, at the next commit.
                let given_up = view.take().map_or(0, |view| view.generation);
                former = former.saturating_add(given_up).saturating_add(1);
            }
        }
    }
}
