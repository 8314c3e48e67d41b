//! New numbers for old ones: what a phone issues again under a new key speaks of its other entries,
//! and of growers and contracts that only it knew, by their new numbers.

use std::collections::BTreeMap;

use super::entry::Body;
use super::ids::{ContractId, EntryHash, EntryId, GrowerId};
use super::payout::{Allocation, Repayment};

/// Which old number is which new one; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renumbering {
    entries: BTreeMap<EntryId, (EntryHash, EntryId, EntryHash)>,
    growers: BTreeMap<GrowerId, GrowerId>,
    contracts: BTreeMap<ContractId, ContractId>,
}

impl Renumbering {
    /// An entry with its hash was issued again under another number.
    pub fn entry(&mut self, old: (EntryId, EntryHash), new: (EntryId, EntryHash)) {
        self.entries.insert(old.0, (old.1, new.0, new.1));
    }

    /// A grower got another number.
    pub fn grower(&mut self, old: GrowerId, new: GrowerId) {
        self.growers.insert(old, new);
    }

    /// A contract got another number.
    pub fn contract(&mut self, old: ContractId, new: ContractId) {
        self.contracts.insert(old, new);
    }

    /// The number that a grower has now.
    pub fn of_grower(&self, grower: GrowerId) -> GrowerId {
        self.growers.get(&grower).copied().unwrap_or(grower)
    }

    fn of_entry(&self, id: EntryId) -> EntryId {
        self.entries.get(&id).map_or(id, |(_, new, _)| *new)
    }

    fn of_contract(&self, contract: ContractId) -> ContractId {
        self.contracts.get(&contract).copied().unwrap_or(contract)
    }

    /// The hash that goes with an entry's number: the new one's if it was issued again as it was
    /// named.
    fn of_hash(&self, id: EntryId, hash: EntryHash) -> EntryHash {
        match self.entries.get(&id) {
            Some((old, _, new)) if *old == hash => *new,
            _ => hash,
        }
    }

    fn allocations(&self, allocations: &[Allocation]) -> Vec<Allocation> {
        allocations.iter().map(|a| Allocation { slip: self.of_entry(a.slip), ..*a }).collect()
    }

    /// The same fields with today's numbers.
    pub fn body(&self, body: &Body) -> Body {
        let mut body = body.clone();
        match &mut body {
            Body::Slip(slip) => {
                slip.grower = self.of_grower(slip.grower);
                for line in &mut slip.lines {
                    line.contract = line.contract.map(|contract| self.of_contract(contract));
                }
            }
            Body::Void(void) => {
                void.grower = self.of_grower(void.grower);
                void.target_hash = self.of_hash(void.target, void.target_hash);
                void.target = self.of_entry(void.target);
                void.replacement = void.replacement.map(|id| self.of_entry(id));
            }
            Body::Return(back) => {
                back.grower = self.of_grower(back.grower);
                back.slip_hash = self.of_hash(back.slip, back.slip_hash);
                back.slip = self.of_entry(back.slip);
            }
            Body::ContractVersion(terms) => {
                terms.grower = self.of_grower(terms.grower);
                terms.contract = self.of_contract(terms.contract);
            }
            Body::Prepayment(debt) => {
                debt.grower = self.of_grower(debt.grower);
                debt.contract = debt.contract.map(|contract| self.of_contract(contract));
            }
            Body::InputCredit(debt) => {
                debt.grower = self.of_grower(debt.grower);
                debt.contract = debt.contract.map(|contract| self.of_contract(contract));
            }
            Body::Deposit(debt) => {
                debt.grower = self.of_grower(debt.grower);
                debt.contract = self.of_contract(debt.contract);
            }
            Body::Confirmation(word) => {
                word.grower = self.of_grower(word.grower);
                word.target_hash = self.of_hash(word.target, word.target_hash);
                word.target = self.of_entry(word.target);
            }
            Body::Payout(payout) => {
                payout.grower = self.of_grower(payout.grower);
                payout.allocations = self.allocations(&payout.allocations);
                payout.repayments = payout
                    .repayments
                    .iter()
                    .map(|r| Repayment { debt: self.of_entry(r.debt), ..*r })
                    .collect();
            }
            Body::Receipt(receipt) => {
                receipt.grower = self.of_grower(receipt.grower);
                receipt.debt = self.of_entry(receipt.debt);
            }
            Body::FloatAccept(accept) => {
                accept.issue_hash = self.of_hash(accept.issue, accept.issue_hash);
                accept.issue = self.of_entry(accept.issue);
            }
            Body::Note(note) => note.about = note.about.map(|id| self.of_entry(id)),
            Body::Answer(answer) => answer.question = self.of_entry(answer.question),
            Body::Objection(objection) => {
                objection.grower = self.of_grower(objection.grower);
                objection.target_hash = self.of_hash(objection.target, objection.target_hash);
                objection.target = self.of_entry(objection.target);
            }
            // They speak of no entry, grower or contract that a phone could renumber, or no phone
            // writes them.
            Body::FloatIssue(_)
            | Body::FloatCount(_)
            | Body::FloatDifference(_)
            | Body::PriceFix(_)
            | Body::Adjustment(_)
            | Body::RecoveredEntry(_)
            | Body::BankReserve(_)
            | Body::BankApprove(_)
            | Body::BankFile(_)
            | Body::BankResult(_)
            | Body::Question(_)
            | Body::Review(_)
            | Body::HoldDecision(_)
            | Body::IdentityLink(_)
            | Body::IdentityUnlink(_)
            | Body::MonthClose(_)
            | Body::Products(_)
            | Body::PriceList(_)
            | Body::Rules(_)
            | Body::Village(_)
            | Body::DeviceCertificate(_)
            | Body::Steward(_)
            | Body::DeviceRevocation(_)
            | Body::Unknown { .. } => {}
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DeviceNo;
    use crate::domain::payout::Payout;
    use crate::domain::units::Fen;
    use crate::domain::void::Void;

    fn id(device: u16, sequence: u32) -> EntryId {
        EntryId::new(DeviceNo::new(device).unwrap(), sequence)
    }

    fn numbering() -> Renumbering {
        let mut numbering = Renumbering::default();
        numbering.entry((id(2, 6), EntryHash([6; 32])), (id(9, 1), EntryHash([1; 32])));
        let old = DeviceNo::new(2).unwrap();
        numbering.grower(GrowerId::new(old, 13), GrowerId::new(DeviceNo::new(9).unwrap(), 1));
        numbering
    }

    #[test]
    fn a_void_names_the_new_entry_by_its_new_hash() {
        let grower = GrowerId::new(DeviceNo::new(2).unwrap(), 13);
        let void = Void {
            target: id(2, 6),
            target_hash: EntryHash([6; 32]),
            grower,
            reason: "typed twice".into(),
            replacement: Some(id(2, 5)),
        };
        let Body::Void(new) = numbering().body(&void.clone().into()) else { unreachable!() };
        assert_eq!((new.target, new.target_hash), (id(9, 1), EntryHash([1; 32])));
        assert_eq!(new.grower, GrowerId::new(DeviceNo::new(9).unwrap(), 1));
        assert_eq!(new.replacement, Some(id(2, 5)), "what was not issued again stays");
        let other = Void { target_hash: EntryHash([7; 32]), ..void };
        let Body::Void(new) = numbering().body(&other.into()) else { unreachable!() };
        assert_eq!(new.target_hash, EntryHash([7; 32]), "it was bound to other content");
    }

    #[test]
    fn a_payout_pays_the_new_slip_and_the_old_one_that_stays() {
        let part = |slip| Allocation { slip, amount: Fen::new(5) };
        let payout = Payout {
            grower: GrowerId::new(DeviceNo::new(2).unwrap(), 1),
            cash: Fen::new(10),
            allocations: vec![part(id(2, 5)), part(id(2, 6))],
            rounding: Fen::ZERO,
            repayments: Vec::new(),
            recipient: Default::default(),
        };
        let Body::Payout(new) = numbering().body(&payout.into()) else { unreachable!() };
        assert_eq!(new.allocations, [part(id(2, 5)), part(id(9, 1))]);
    }
}
