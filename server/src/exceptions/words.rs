//! What words about entries bring to the exceptions: threads that wait, and reviews that settle.

use std::collections::BTreeSet;

use courtyard_core::domain::EntryId;
use courtyard_core::ledger::exceptions::{Act, Exception, ExceptionKind, WordWaiting};
use courtyard_core::ledger::words::{Thread, ThreadState, Topic};
use courtyard_core::store::{Store, StoreError};

/// The threads that wait for somebody.
pub(super) fn waiting(store: &Store, threads: &[Thread]) -> Result<Vec<WordWaiting>, StoreError> {
    let mut all = Vec::new();
    for thread in threads.iter().filter(|thread| thread.waits()) {
        let kind = match (thread.topic, thread.state) {
            (_, ThreadState::Reopened) => ExceptionKind::ReviewReopened,
            (Topic::Objection, _) => ExceptionKind::OpenObjection,
            // A reviewer who does not accept asks, too.
            (Topic::Question | Topic::Review, _) => ExceptionKind::OpenQuestion,
        };
        let target = store.entry(thread.target)?.map(|target| target.arrived);
        let grower = target.as_ref().and_then(|target| target.entry.body.grower());
        let word = match kind {
            ExceptionKind::ReviewReopened => thread.words.last(),
            _ => thread.words.first(),
        };
        all.push(WordWaiting {
            kind,
            word: thread.root,
            target: thread.target,
            grower: thread.grower.map(|(grower, _)| grower).or(grower),
            village: target.and_then(|target| target.village).or(thread.village),
            since: word.map(|word| word.date),
        });
    }
    Ok(all)
}

/// The entries that a reviewer accepted as they stand.
pub(super) fn accepted(threads: &[Thread]) -> BTreeSet<EntryId> {
    let accepts = |thread: &&Thread| {
        thread.topic == Topic::Review
            && thread.replaced_by.is_none()
            && thread.state == ThreadState::Settled
            && thread.words.first().is_some_and(|word| word.yes)
    };
    threads.iter().filter(accepts).map(|thread| thread.target).collect()
}

/// Whether an exception that a review settles was reviewed, with all that shows it.
pub(super) fn is_reviewed(exception: &Exception, accepted: &BTreeSet<EntryId>) -> bool {
    exception.kind != ExceptionKind::ReviewReopened
        && exception.kind.acts().contains(&Act::Review)
        && !exception.evidence.is_empty()
        && exception.evidence.iter().all(|id| accepted.contains(id))
}
