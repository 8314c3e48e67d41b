//! An entry as it reaches the fold: with what its place in the books says about it.

use crate::domain::device::DeviceRole;
use crate::domain::{Body, Entry, EntryHash, EntryId, Rule, VillageNo};

use super::order::{CloseIndex, OrderKey};
use super::outcome::Status;
use super::partition::Partition;
use super::records::State;

/// A chained, signed entry, ready to be folded.
///
/// Everything beside the entry follows from its book, its device's certificate and the district's
/// rulings ([`District`](super::District)); so the same entry arrives the same on every replica that
/// holds the same entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Which device wrote it, and where in its life.
    pub id: EntryId,
    /// The hash of its bytes.
    pub hash: EntryHash,
    /// What its device may write, by its certificate.
    pub role: DeviceRole,
    /// The village that its device serves.
    pub village: Option<VillageNo>,
    /// Whether its Lamport number jumps beyond the limit over the same device's entry before it.
    pub lamport_jump: bool,
    /// The close that covers it.
    pub close: CloseIndex,
    /// What the district decided about it, if it did so before a close covered it.
    pub ruling: Option<Ruling>,
    /// Whether it lies beyond the number that its device's revocation names, and no close older than
    /// the revocation covers it.
    pub after_revocation: bool,
    /// Why a close or a decision has no effect, if other closes make it so.
    pub overruled: Option<Rule>,
    /// The entry itself.
    pub entry: Entry,
}

/// The district's decision on an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The decision's entry.
    pub by: EntryId,
    /// Admitted (认可), or refused (不认可).
    pub admits: bool,
    /// The reasons that it settles.
    pub settles: Vec<Rule>,
}

impl Arrived {
    /// This entry before any ruling: no close covers it, and its Lamport number is sound.
    pub const fn new(
        id: EntryId,
        hash: EntryHash,
        role: DeviceRole,
        village: Option<VillageNo>,
        entry: Entry,
    ) -> Self {
        Arrived {
            id,
            hash,
            role,
            village,
            lamport_jump: false,
            close: CloseIndex::OPEN,
            ruling: None,
            after_revocation: false,
            overruled: None,
            entry,
        }
    }

    /// Where it stands in the order of everything.
    pub const fn order(&self) -> OrderKey {
        OrderKey::new(self.close, self.entry.envelope.lamport, self.id)
    }

    /// Where it is folded; `None` if it moves nothing: what the district publishes, notes, and
    /// kinds that are not known.
    pub fn partition(&self) -> Option<Partition> {
        match &self.entry.body {
            Body::BankApprove(_)
            | Body::BankFile(_)
            | Body::FloatIssue(_)
            | Body::FloatAccept(_)
            | Body::FloatCount(_)
            | Body::FloatDifference(_) => Some(self.cash()),
            body => body.grower().map(Partition::Grower),
        }
    }

    /// The cash of its entity in its device's village.
    pub(super) const fn cash(&self) -> Partition {
        Partition::Cash { entity: self.entry.envelope.entity, village: self.village }
    }

    /// What of these reasons the district has not settled: what is left holds the entry.
    ///
    /// An admission settles the rules that it names and that can be admitted at all; a refusal
    /// settles none.
    pub fn unsettled(&self, mut reasons: Vec<Rule>) -> Vec<Rule> {
        if let Some(ruling) = self.ruling.as_ref().filter(|ruling| ruling.admits) {
            reasons.retain(|rule| !(rule.is_admissible() && ruling.settles.contains(rule)));
        }
        reasons
    }

    /// What becomes of it for these reasons, of which the settled ones are taken out here.
    pub fn status(&self, reasons: Vec<Rule>) -> Status {
        let reasons = self.unsettled(reasons);
        match (reasons.is_empty(), self.uncounted()) {
            (true, _) => Status::Counted,
            (false, State::Refused) => Status::Refused(reasons),
            (false, _) => Status::Held(reasons),
        }
    }

    /// How its record stands while it does not count.
    pub fn uncounted(&self) -> State {
        match &self.ruling {
            Some(ruling) if !ruling.admits => State::Refused,
            _ => State::Held,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::note::Note;
    use crate::domain::{BusinessDate, Clock, DeviceNo, EntityNo, Envelope, OperatorNo};

    fn ruled(ruling: Option<Ruling>) -> Arrived {
        let envelope = Envelope {
            lamport: 1,
            date: BusinessDate::FIRST,
            clock: Clock::default(),
            entity: EntityNo::new(1),
            operator: OperatorNo::new(0),
            reissue_of: None,
        };
        let entry = Entry { envelope, body: Note { about: None, text: "补".into() }.into() };
        let id = EntryId::new(DeviceNo::default(), 1);
        let hash = EntryHash::of(&entry.encode());
        Arrived { ruling, ..Arrived::new(id, hash, DeviceRole::Phone, None, entry) }
    }

    fn ruling(admits: bool, settles: &[Rule]) -> Option<Ruling> {
        let by = EntryId::new(DeviceNo::default(), 9);
        Some(Ruling { by, admits, settles: settles.to_vec() })
    }

    #[test]
    fn an_admission_settles_what_it_names_and_what_can_be_admitted() {
        let reasons = vec![
            Rule::ENTRY_LAMPORT_JUMP,
            Rule::PURCHASE_NO_LINES,
            Rule::PURCHASE_AMOUNT_DISAGREES,
        ];
        let left = |settles: &[Rule]| ruled(ruling(true, settles)).status(reasons.clone());
        assert_eq!(left(&[]), Status::Held(reasons.clone()));
        let all_but_jump = vec![Rule::PURCHASE_NO_LINES, Rule::PURCHASE_AMOUNT_DISAGREES];
        assert_eq!(left(&[Rule::ENTRY_LAMPORT_JUMP]), Status::Held(all_but_jump));
        assert_eq!(left(&reasons), Status::Held(vec![Rule::PURCHASE_NO_LINES]));
        let jump = ruled(ruling(true, &[Rule::ENTRY_LAMPORT_JUMP]));
        assert_eq!(jump.status(vec![Rule::ENTRY_LAMPORT_JUMP]), Status::Counted);
    }

    #[test]
    fn a_refusal_settles_nothing_and_what_counts_cannot_be_refused() {
        let refused = ruled(ruling(false, &[Rule::ENTRY_LAMPORT_JUMP]));
        let reasons = vec![Rule::ENTRY_LAMPORT_JUMP];
        assert_eq!(refused.status(reasons.clone()), Status::Refused(reasons.clone()));
        assert_eq!(refused.uncounted(), State::Refused);
        assert_eq!(refused.status(Vec::new()), Status::Counted);
        assert_eq!(ruled(None).status(reasons.clone()), Status::Held(reasons));
    }
}
