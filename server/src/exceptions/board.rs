//! The board: every exception as of a number of the log, ready to be read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use courtyard_core::domain::{BusinessDate, GrowerId, VillageNo};
use courtyard_core::ledger::exceptions::{Exception, ExceptionKind, Owner};
use courtyard_core::store::{Store, StoreError};
use tokio::sync::watch;

use super::parts::Parts;
use super::phones::Phone;
use crate::view::number_of;

/// Every exception, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Up to which number of the log it stands.
    pub number: u64,
    /// When it was derived, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The day of looking.
    pub today: BusinessDate,
    /// By kind, then by what shows them.
    pub exceptions: Vec<Arc<Exception>>,
}

/// Which exceptions to show; what is `None` is not asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<ExceptionKind>,
    /// In this village.
    pub village: Option<VillageNo>,
    /// For this person to act.
    pub owner: Option<Owner>,
    /// Of this grower.
    pub grower: Option<GrowerId>,
}

impl Filter {
    /// Whether it lets this one through.
    pub fn admits(&self, exception: &Exception) -> bool {
        self.kind.is_none_or(|kind| exception.kind == kind)
            && self.village.is_none_or(|village| exception.village == Some(village))
            && self.owner.is_none_or(|owner| exception.kind.owner() == owner)
            && self.grower.is_none_or(|grower| exception.grower == Some(grower))
    }
}

impl Board {
    /// Those that the filter lets through, in their order.
    pub fn select(&self, filter: Filter) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter().map(Arc::as_ref).filter(move |exception| filter.admits(exception))
    }

    /// How many there are of each kind, under a filter.
    pub fn by_kind(&self, filter: Filter) -> BTreeMap<ExceptionKind, usize> {
        count(self.select(filter).map(|exception| exception.kind))
    }

    /// How many each person has to act on, under a filter.
    pub fn by_owner(&self, filter: Filter) -> BTreeMap<Owner, usize> {
        count(self.select(filter).map(|exception| exception.kind.owner()))
    }

    /// How many there are in each village, under a filter; `None` for those of no village.
    pub fn by_village(&self, filter: Filter) -> BTreeMap<Option<VillageNo>, usize> {
        count(self.select(filter).map(|exception| exception.village))
    }
}

fn count<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        let count: &mut usize = counts.entry(key).or_default();
        *count = count.saturating_add(1);
    }
    counts
}

/// Up to where the last board stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// The number of the log.
    pub number: u64,
    /// The day of looking.
    pub today: BusinessDate,
}

impl Default for Derived {
    /// Before the first.
    fn default() -> Self {
        Derived { number: 0, today: BusinessDate::at(0) }
    }
}

/// The board as it stands, and what it is derived from; one derives at a time.
#[derive(Debug, Default)]
pub struct Boards {
    parts: Mutex<Parts>,
    board: RwLock<Option<Arc<Board>>>,
    derived: watch::Sender<Derived>,
}

impl Boards {
    /// The last board that was derived; `None` before the first.
    pub fn current(&self) -> Option<Arc<Board>> {
        self.board.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells of every other board.
    pub fn derived(&self) -> watch::Receiver<Derived> {
        self.derived.subscribe()
    }

    /// Derives again what moved since, and keeps it for whoever asks next. The store is one that
    /// is read at one state.
    ///
    /// # Errors
    /// The store's own; then the last one stands.
    pub fn refresh(
        &self,
        store: &Store,
        phones: &[Phone],
        now_ms: i64,
    ) -> Result<Arc<Board>, StoreError> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let today = BusinessDate::at(now_ms.div_euclid(1_000));
        let number = number_of(&store.followed()?);
        let exceptions = parts.update(store, phones, today)?;
        let board = Arc::new(Board { number, at_ms: now_ms, today, exceptions });
        *self.board.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&board));
        self.derived.send_if_modified(|derived| {
            std::mem::replace(derived, Derived { number, today }) != Derived { number, today }
        });
        Ok(board)
    }
}
