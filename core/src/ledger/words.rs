//! Threads of words about one exact entry: questions (核实), objections (异议) and reviews (审核) with
//! their answers (回复), and how each stands. None of them moves a fen.

use std::collections::BTreeMap;

use crate::domain::{
    Body, BusinessDate, EntryHash, EntryId, GrowerId, OperatorNo, PersonNo, VillageNo,
};

use super::arrived::Arrived;

/// What a thread began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The office asks (核实).
    Question,
    /// A grower objects (异议).
    Objection,
    /// A reviewer's word (审核).
    Review,
}

impl Topic {
    /// The stable word.
    pub const fn name(self) -> &'static str {
        match self {
            Topic::Question => "question",
            Topic::Objection => "objection",
            Topic::Review => "review",
        }
    }

    /// What it is called, in Chinese and in English.
    pub const fn title(self) -> (&'static str, &'static str) {
        match self {
            Topic::Question => ("核实", "question of the office"),
            Topic::Objection => ("异议", "objection"),
            Topic::Review => ("审核", "review"),
        }
    }
}

/// How a thread stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreadState {
    /// Nobody has answered; or a reviewer did not accept.
    Open,
    /// Answered, and not settled by it.
    Answered,
    /// Settled, accepted, or replaced by a later review.
    Settled,
    /// It was accepted, and its entry was voided or corrected since.
    Reopened,
}

impl ThreadState {
    /// Every state.
    pub const ALL: [ThreadState; 4] =
        [ThreadState::Open, ThreadState::Answered, ThreadState::Settled, ThreadState::Reopened];

    /// The stable word.
    pub const fn name(self) -> &'static str {
        match self {
            ThreadState::Open => "open",
            ThreadState::Answered => "answered",
            ThreadState::Settled => "settled",
            ThreadState::Reopened => "reopened",
        }
    }
}

/// One word of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its entry.
    pub id: EntryId,
    /// Where it stands among all entries.
    pub lamport: u64,
    /// Who worked at the device.
    pub operator: OperatorNo,
    /// Its business date.
    pub date: BusinessDate,
    /// What was said.
    pub text: String,
    /// Of an answer, whether it settles; of a review, whether it accepts.
    pub yes: bool,
}

/// A question, objection or review with its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// The entry that began it.
    pub root: EntryId,
    /// What it began with.
    pub topic: Topic,
    /// The entry that it is about.
    pub target: EntryId,
    /// The hash of that entry's bytes.
    pub target_hash: EntryHash,
    /// The village whose device began it.
    pub village: Option<VillageNo>,
    /// Who objects, if it is an objection.
    pub grower: Option<(GrowerId, PersonNo)>,
    /// What began it, then the answers in order; never empty.
    pub words: Vec<Word>,
    /// The later review of the same entry that stands instead.
    pub replaced_by: Option<EntryId>,
    /// Entries that changed its target since, if they opened it again.
    pub changed_by: Vec<EntryId>,
    /// It was said of other content under this number: a fork's.
    pub of_other_content: bool,
    /// How it stands.
    pub state: ThreadState,
}

/// What stands of an entry that words are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetNow {
    /// The hash of its bytes.
    pub hash: EntryHash,
    /// The counted entries that void or correct it and that no reviewer has accepted.
    pub changes: Vec<Change>,
}

/// An entry that voids or corrects another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub id: EntryId,
    /// Its Lamport number.
    pub lamport: u64,
    /// Whether it takes the whole entry back.
    pub voids: bool,
}

impl Change {
    /// What this entry changes, if it voids or corrects `target`.
    pub fn of(arrived: &Arrived, target: EntryId) -> Option<Change> {
        let voids = match &arrived.entry.body {
            Body::Void(void) if void.target == target => true,
            Body::Return(back) if back.slip == target => false,
            Body::PriceFix(fix) if fix.slip == target => false,
            Body::Adjustment(adjustment) if adjustment.slip == target => false,
            _ => return None,
        };
        Some(Change { id: arrived.id, lamport: arrived.entry.envelope.lamport, voids })
    }
}

/// The threads of these counted words, given in any order; by what began them. Answers to what is
/// not among them wait for it.
pub fn threads<'a>(words: impl IntoIterator<Item = &'a Arrived>) -> Vec<Thread> {
    let mut all: Vec<&Arrived> = words.into_iter().collect();
    all.sort_by_key(|arrived| (arrived.entry.envelope.lamport, arrived.id));
    let mut threads: BTreeMap<EntryId, Thread> = BTreeMap::new();
    for arrived in &all {
        if let Some(thread) = begun(arrived) {
            threads.insert(arrived.id, thread);
        }
    }
    for arrived in &all {
        if let Body::Answer(answer) = &arrived.entry.body
            && let Some(thread) = threads.get_mut(&answer.question)
        {
            thread.words.push(word(arrived, &answer.text, answer.settles));
            // What is accepted or not stays so whatever is said: only another review changes it.
            let settles = answer.settles && thread.topic != Topic::Review;
            if thread.topic != Topic::Review || thread.state == ThreadState::Open {
                thread.state = if settles { ThreadState::Settled } else { ThreadState::Answered };
            }
        }
    }
    let mut latest: BTreeMap<EntryId, EntryId> = BTreeMap::new();
    for arrived in &all {
        if let Body::Review(review) = &arrived.entry.body {
            latest.insert(review.target, arrived.id);
        }
    }
    for thread in threads.values_mut().filter(|thread| thread.topic == Topic::Review) {
        thread.replaced_by =
            latest.get(&thread.target).copied().filter(|&review| review != thread.root);
        if thread.replaced_by.is_some() {
            thread.state = ThreadState::Settled;
        }
    }
    threads.into_values().collect()
}

impl Thread {
    /// How it stands against what became of its target.
    ///
    /// A review that accepted is open again if its target was voided, or was corrected after it: a
    /// void that came late from a phone may have a lower number, and its reviewer has not seen it.
    /// A review that did not accept is settled by a void.
    pub fn against(mut self, now: &TargetNow) -> Thread {
        self.of_other_content = now.hash != self.target_hash;
        let stands = self.topic == Topic::Review && self.replaced_by.is_none();
        let Some(first) = self.words.first().filter(|_| stands) else { return self };
        let voids: Vec<EntryId> =
            now.changes.iter().filter(|change| change.voids).map(|change| change.id).collect();
        let (accepts, place) = (first.yes, (first.lamport, first.id));
        if !accepts && !voids.is_empty() {
            self.state = ThreadState::Settled;
        }
        if accepts {
            let since = |change: &&Change| change.voids || (change.lamport, change.id) > place;
            self.changed_by = now.changes.iter().filter(since).map(|change| change.id).collect();
            if !self.changed_by.is_empty() || self.of_other_content {
                self.state = ThreadState::Reopened;
            }
        }
        self
    }

    /// Whether somebody still has to do something about it.
    pub fn waits(&self) -> bool {
        self.state != ThreadState::Settled
    }
}

/// The thread that this entry begins, if it begins one.
fn begun(arrived: &Arrived) -> Option<Thread> {
    let (topic, target, target_hash, grower, first) = match &arrived.entry.body {
        Body::Question(q) => {
            (Topic::Question, q.target, q.target_hash, None, word(arrived, &q.text, false))
        }
        Body::Objection(o) => {
            let who = Some((o.grower, o.person));
            (Topic::Objection, o.target, o.target_hash, who, word(arrived, &o.text, false))
        }
        Body::Review(r) => {
            (Topic::Review, r.target, r.target_hash, None, word(arrived, &r.text, r.accepts))
        }
        _ => return None,
    };
    let accepted = topic == Topic::Review && first.yes;
    Some(Thread {
        root: arrived.id,
        topic,
        target,
        target_hash,
        village: arrived.village,
        grower,
        words: vec![first],
        replaced_by: None,
        changed_by: Vec::new(),
        of_other_content: false,
        state: if accepted { ThreadState::Settled } else { ThreadState::Open },
    })
}

fn word(arrived: &Arrived, text: &str, yes: bool) -> Word {
    let envelope = &arrived.entry.envelope;
    Word {
        id: arrived.id,
        lamport: envelope.lamport,
        operator: envelope.operator,
        date: envelope.date,
        text: text.to_owned(),
        yes,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::device::DeviceRole;
    use crate::domain::question::{Answer, Objection, Question, Review};
    use crate::domain::{Clock, DeviceNo, EntityNo, Entry, Envelope};

    fn id(device: u16, sequence: u32) -> EntryId {
        EntryId::new(DeviceNo::new(device).unwrap(), sequence)
    }

    fn slip() -> EntryId {
        id(5, 1)
    }

    fn hash() -> EntryHash {
        EntryHash::of(b"slip")
    }

    fn said(sequence: u32, lamport: u64, body: impl Into<Body>) -> Arrived {
        let envelope = Envelope {
            lamport,
            date: BusinessDate::FIRST,
            clock: Clock::default(),
            entity: EntityNo::new(1),
            operator: OperatorNo::new(2),
            reissue_of: None,
        };
        let entry = Entry { envelope, body: body.into() };
        let of = EntryHash::of(&entry.encode());
        let village = Some(VillageNo::new(1));
        Arrived::new(id(1, sequence), of, DeviceRole::VillageOffice, village, entry)
    }

    fn question(sequence: u32, lamport: u64) -> Arrived {
        let question = Question { target: slip(), target_hash: hash(), text: "为何".into() };
        said(sequence, lamport, question)
    }

    fn answer(sequence: u32, lamport: u64, to: u32, settles: bool) -> Arrived {
        said(sequence, lamport, Answer { question: id(1, to), text: "因为".into(), settles })
    }

    fn review(sequence: u32, lamport: u64, accepts: bool) -> Arrived {
        let text = "看过".into();
        said(sequence, lamport, Review { target: slip(), target_hash: hash(), accepts, text })
    }

    fn states(words: &[Arrived], now: &TargetNow) -> Vec<(Topic, ThreadState)> {
        threads(words).into_iter().map(|t| t.against(now)).map(|t| (t.topic, t.state)).collect()
    }

    fn unchanged() -> TargetNow {
        TargetNow { hash: hash(), changes: Vec::new() }
    }

    fn changed(lamport: u64, voids: bool) -> TargetNow {
        TargetNow { hash: hash(), changes: vec![Change { id: id(5, 9), lamport, voids }] }
    }

    #[test]
    fn a_question_is_open_then_answered_then_settled() {
        let mut words = vec![question(1, 10)];
        let state = |words: &[Arrived]| states(words, &unchanged())[0].1;
        assert_eq!(state(&words), ThreadState::Open);
        words.push(answer(2, 11, 1, false));
        assert_eq!(state(&words), ThreadState::Answered);
        words.push(answer(3, 12, 1, true));
        assert_eq!(state(&words), ThreadState::Settled);
        words.push(answer(4, 13, 1, false));
        assert_eq!(state(&words), ThreadState::Answered);
        let thread = threads(&words).remove(0);
        assert_eq!(thread.words.iter().map(|w| w.lamport).collect::<Vec<_>>(), [10, 11, 12, 13]);
        // A question is not settled by what becomes of its entry.
        assert_eq!(states(&words[..1], &changed(20, true))[0].1, ThreadState::Open);
    }

    #[test]
    fn an_objection_names_who_objects_and_waits_until_it_is_settled() {
        let grower = GrowerId::new(DeviceNo::default(), 3);
        let person = PersonNo::new(1);
        let text = "少了两斤".into();
        let objection = Objection { grower, target: slip(), target_hash: hash(), person, text };
        let words = [said(1, 5, objection), answer(2, 6, 1, true)];
        let open = threads(&words[..1]).remove(0);
        assert_eq!((open.grower, open.waits()), (Some((grower, person)), true));
        assert!(!threads(&words).remove(0).waits());
    }

    #[test]
    fn an_accepted_review_opens_again_when_its_entry_is_voided_or_corrected_since() {
        let words = [review(1, 10, true)];
        let state = |now: &TargetNow| states(&words, now)[0].1;
        assert_eq!(state(&unchanged()), ThreadState::Settled);
        assert_eq!(state(&changed(11, true)), ThreadState::Reopened);
        assert_eq!(state(&changed(11, false)), ThreadState::Reopened);
        // A phone's void that came late; a correction that the reviewer had before them.
        assert_eq!(state(&changed(4, true)), ThreadState::Reopened);
        assert_eq!(state(&changed(4, false)), ThreadState::Settled);
        let thread = threads(&words).remove(0).against(&changed(11, true));
        assert_eq!(thread.changed_by, [id(5, 9)]);
    }

    #[test]
    fn a_review_is_bound_to_the_exact_content() {
        let other = TargetNow { hash: EntryHash::of(b"another slip"), changes: Vec::new() };
        let thread = threads(&[review(1, 10, true)]).remove(0).against(&other);
        assert_eq!((thread.state, thread.of_other_content), (ThreadState::Reopened, true));
    }

    #[test]
    fn a_later_review_stands_instead_of_the_former() {
        let words = [review(1, 10, true), review(2, 20, true)];
        let (settled, review) = (ThreadState::Settled, Topic::Review);
        assert_eq!(states(&words, &changed(15, false)), [(review, settled), (review, settled)]);
        let reopened = ThreadState::Reopened;
        assert_eq!(states(&words, &changed(25, false)), [(review, settled), (review, reopened)]);
        assert_eq!(threads(&words)[0].replaced_by, Some(id(1, 2)));
    }

    #[test]
    fn a_review_that_did_not_accept_waits_for_an_answer_or_a_void() {
        let mut words = vec![review(1, 10, false)];
        assert_eq!(states(&words, &unchanged())[0].1, ThreadState::Open);
        assert_eq!(states(&words, &changed(11, true))[0].1, ThreadState::Settled);
        words.push(answer(2, 12, 1, true));
        // Who was not accepted does not settle it.
        assert_eq!(states(&words, &unchanged())[0].1, ThreadState::Answered);
    }

    #[test]
    fn an_answer_waits_for_its_question() {
        assert_eq!(threads(&[answer(2, 11, 1, true)]), []);
    }

    proptest! {
        #[test]
        fn threads_do_not_depend_on_arrival(
            order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
        ) {
            let words = [
                question(1, 10), answer(2, 11, 1, true), answer(3, 12, 1, false), review(4, 13, true),
                review(5, 14, false), answer(6, 15, 5, false), question(7, 16),
            ];
            let shuffled: Vec<&Arrived> = order.iter().map(|&place| &words[place]).collect();
            prop_assert_eq!(threads(shuffled), threads(&words));
        }
    }
}
