//! Words about an entry from the phone: answers to the office's questions, objections of growers.

use crate::domain::question::{Answer, Objection};
use crate::domain::{Body, EntryId, GrowerId, PersonNo};
use crate::ledger::words::Thread;

use super::{Steward, StewardError};

impl Steward {
    /// What waits for somebody: questions and objections that are not settled, reviews that did not
    /// accept or were opened again.
    ///
    /// # Errors
    /// The store's own.
    pub fn questions(&self) -> Result<Vec<Thread>, StewardError> {
        let mut all = self.store.threads()?;
        all.retain(Thread::waits);
        Ok(all)
    }

    /// Answers a question, an objection or a review.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not here, [`StewardError::Problems`] if the answer says
    /// nothing, or the store's own.
    pub fn answer(
        &mut self,
        question: EntryId,
        text: &str,
        settles: bool,
    ) -> Result<EntryId, StewardError> {
        let unknown = || StewardError::Unknown { what: question.to_string() };
        self.store.thread(question)?.ok_or_else(unknown)?;
        let answer = Answer { question, text: text.trim().to_owned(), settles };
        self.say(answer.into())
    }

    /// Writes down a grower's objection to an entry of their own.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if the entry is not here or is about no grower,
    /// [`StewardError::Problems`] if the objection says nothing, or the store's own.
    pub fn object(
        &mut self,
        target: EntryId,
        person: PersonNo,
        text: &str,
    ) -> Result<EntryId, StewardError> {
        let unknown = || StewardError::Unknown { what: target.to_string() };
        let entry = self.store.entry(target)?.ok_or_else(unknown)?;
        let grower: GrowerId = entry.arrived.entry.body.grower().ok_or_else(unknown)?;
        let target_hash = entry.arrived.hash;
        let text = text.trim().to_owned();
        self.say(Objection { grower, target, target_hash, person, text }.into())
    }

    fn say(&mut self, body: Body) -> Result<EntryId, StewardError> {
        self.must_pass(&body)?;
        Ok(self.save(self.today(), body, &[])?.id)
    }
}
