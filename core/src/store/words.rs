//! Words about entries as a table: which entry is a word, of which thread, about what. How a thread
//! stands is derived when it is read.

use rusqlite::{Connection, Params, Transaction};

use crate::domain::{Body, EntryId, GrowerId};
use crate::ledger::words::{Change, TargetNow, Thread, ThreadState, Topic, threads};
use crate::ledger::{Arrived, Partition, Status};

use super::entries::{self, Stored};
use super::{Store, StoreError};

/// Takes a word if it counts, and drops it if it does not: a revocation or a decision may come after
/// it. What is no word is passed over.
pub(crate) fn take(
    transaction: &Transaction<'_>,
    stored: &Stored,
    counts: bool,
) -> Result<(), StoreError> {
    let id = stored.arrived.id;
    let (root, target) = match &stored.arrived.entry.body {
        Body::Question(question) => (id, Some(question.target)),
        Body::Objection(objection) => (id, Some(objection.target)),
        Body::Review(review) => (id, Some(review.target)),
        Body::Answer(answer) => (answer.question, None),
        _ => return Ok(()),
    };
    if !counts {
        let mut statement = transaction.prepare_cached("DELETE FROM words WHERE entry = ?1")?;
        statement.execute([id.key()])?;
        return Ok(());
    }
    let mut statement = transaction
        .prepare_cached("INSERT OR REPLACE INTO words (entry, root, target) VALUES (?1, ?2, ?3)")?;
    statement.execute((id.key(), root.key(), target.map(EntryId::key)))?;
    Ok(())
}

fn select(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<Vec<Arrived>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let keys: Vec<i64> =
        statement.query_map(parameters, |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut all = Vec::new();
    for id in keys.into_iter().filter_map(EntryId::from_key) {
        all.extend(entries::get(connection, id)?.map(|stored| stored.arrived));
    }
    Ok(all)
}

impl Store {
    /// Every question, objection and review with its answers, by what began them.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn threads(&self) -> Result<Vec<Thread>, StoreError> {
        let words = select(self.reader(), "SELECT entry FROM words", [])?;
        self.against(threads(&words))
    }

    /// Those about one entry.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `threads`")]
    pub fn threads_about(&self, target: EntryId) -> Result<Vec<Thread>, StoreError> {
        self.against(self.threads_on(target)?)
    }

    /// Those about any entry of one grower, settled or not.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `threads`")]
    pub fn threads_of(&self, grower: GrowerId) -> Result<Vec<Thread>, StoreError> {
        let words = select(
            self.reader(),
            "SELECT entry FROM words WHERE root IN (
                 SELECT w.root FROM entries e JOIN words w ON w.target = e.id
                 WHERE e.partition = ?1)",
            [Partition::Grower(grower).key()],
        )?;
        self.against(threads(&words))
    }

    /// The thread that this entry began.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `threads`")]
    pub fn thread(&self, root: EntryId) -> Result<Option<Thread>, StoreError> {
        // A review stands or not by the others of its entry.
        let mut all = match threads(&self.words_of(root)?).pop() {
            Some(thread) => self.threads_about(thread.target)?,
            None => return Ok(None),
        };
        all.retain(|thread| thread.root == root);
        Ok(all.pop())
    }

    fn words_of(&self, root: EntryId) -> Result<Vec<Arrived>, StoreError> {
        select(self.reader(), "SELECT entry FROM words WHERE root = ?1", [root.key()])
    }

    fn threads_on(&self, target: EntryId) -> Result<Vec<Thread>, StoreError> {
        let words = select(
            self.reader(),
            "SELECT entry FROM words WHERE root IN (SELECT root FROM words WHERE target = ?1)",
            [target.key()],
        )?;
        Ok(threads(&words))
    }

    fn against(&self, all: Vec<Thread>) -> Result<Vec<Thread>, StoreError> {
        let mut stand = Vec::with_capacity(all.len());
        for thread in all {
            stand.push(match self.target_now(thread.target)? {
                Some(now) => thread.against(&now),
                None => thread,
            });
        }
        Ok(stand)
    }

    /// What stands of an entry that words are about; `None` if it is not here.
    fn target_now(&self, target: EntryId) -> Result<Option<TargetNow>, StoreError> {
        let Some(entry) = self.entry(target)? else { return Ok(None) };
        let mut changes = Vec::new();
        if self.may_be_changed(target)? {
            for other in self.entries_of(entry.arrived.partition())? {
                if let Some(change) = Change::of(&other.arrived, target)
                    && other.status == Status::Counted
                    && !self.is_accepted(change.id)?
                {
                    changes.push(change);
                }
            }
        }
        Ok(Some(TargetNow { hash: entry.arrived.hash, changes }))
    }

    /// Whether it is worth looking for what changed an entry: a slip or payout says so itself.
    fn may_be_changed(&self, target: EntryId) -> Result<bool, StoreError> {
        if let Some(slip) = self.slip(target)? {
            return Ok(!slip.state.stands() || !slip.changes.is_empty());
        }
        Ok(self.payout(target)?.is_none_or(|payout| !payout.state.stands()))
    }

    /// Whether the review that stands on a correction accepts it.
    fn is_accepted(&self, id: EntryId) -> Result<bool, StoreError> {
        let all = self.threads_on(id)?;
        Ok(all.iter().any(|thread| {
            thread.topic == Topic::Review
                && thread.replaced_by.is_none()
                && thread.state == ThreadState::Settled
        }))
    }
}
