//! Payment through the bank (批量付款): reserve, approve by a second person, file, result per line.
//! "Paid" only when the bank said so; what it returned (退票) becomes payable again.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::ids::{BatchId, EntryHash, EntryId, GrowerId, OperatorNo, PersonNo};
use super::payout::{Allocation, check_allocations};
use super::rule::Rule;
use super::units::{Fen, UnitError};

/// What one grower gets in a batch. From here on nobody may pay it in cash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BankReserve {
    /// The batch.
    #[n(0)]
    pub batch: BatchId,
    /// Who is paid.
    #[n(1)]
    pub grower: GrowerId,
    /// Which slips, and how much of each.
    #[n(2)]
    pub allocations: Vec<Allocation>,
    /// Whose account of the household.
    #[n(3)]
    pub payee: PersonNo,
    /// The account's last four digits; the number itself is sealed, outside all documents.
    #[n(4)]
    pub account_last4: String,
}

/// A second person's word that a batch may go to the bank.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BankApprove {
    /// The batch.
    #[n(0)]
    pub batch: BatchId,
    /// How many reserves.
    #[n(1)]
    pub lines: u32,
    /// What they come to, in fen.
    #[n(2)]
    pub total: Fen,
    /// SHA-256 over the hashes of the reserves, in the order of their numbers.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub root: [u8; 32],
    /// Who prepared it: never the one who approves.
    #[n(4)]
    pub prepared_by: OperatorNo,
}

/// The file that was given to the bank.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BankFile {
    /// The batch.
    #[n(0)]
    pub batch: BatchId,
    /// The approval.
    #[n(1)]
    pub approval: EntryId,
    /// How many lines.
    #[n(2)]
    pub lines: u32,
    /// What they come to, in fen.
    #[n(3)]
    pub total: Fen,
    /// SHA-256 of the file's bytes.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub file_hash: [u8; 32],
}

/// What became of one line of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BankResult {
    /// The batch.
    #[n(0)]
    pub batch: BatchId,
    /// Who was to be paid.
    #[n(1)]
    pub grower: GrowerId,
    /// The reserve.
    #[n(2)]
    pub reserve: EntryId,
    /// The hash of the reserve's bytes.
    #[n(3)]
    pub reserve_hash: EntryHash,
    /// What the bank, or before the file the office, says.
    #[n(4)]
    pub outcome: BankOutcome,
}

/// The end of a reserve.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum BankOutcome {
    /// The bank paid; its reference.
    #[n(0)]
    Paid(#[n(0)] String),
    /// The bank returned it (退票), and why.
    #[n(1)]
    Returned(#[n(0)] String),
    /// The office gave the reserve up before a file was made, and why.
    #[n(2)]
    Released(#[n(0)] String),
}

impl BankReserve {
    /// What is reserved in all.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn amount(&self) -> Result<Fen, UnitError> {
        Fen::sum(self.allocations.iter().map(|a| a.amount))
    }
}

impl Check for BankReserve {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let some = !self.allocations.is_empty();
        if !found.demand(some, Rule::PAYOUT_NOTHING, Place::Entry) {
            return found.finish();
        }
        check_allocations(&self.allocations, &mut found);
        found.amount(self.amount().unwrap_or(Fen::new(i64::MAX)), limits);
        let last4 = self.account_last4.len() == 4
            && self.account_last4.chars().all(|c| c.is_ascii_alphanumeric());
        found.demand(last4, Rule::BANK_LAST_FOUR, Place::Entry);
        found.finish()
    }
}

impl Check for BankApprove {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(self.lines > 0, Rule::BANK_BATCH_EMPTY, Place::Entry);
        found.amount(self.total, limits);
        found.finish()
    }
}

impl Check for BankFile {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(self.lines > 0, Rule::BANK_BATCH_EMPTY, Place::Entry);
        found.amount(self.total, limits);
        found.finish()
    }
}

impl Check for BankResult {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        match &self.outcome {
            BankOutcome::Paid(reference) => {
                let short = reference.chars().count() <= MAX_WORDS;
                found.demand(short, Rule::REASON_TOO_LONG, Place::Entry);
            }
            BankOutcome::Returned(reason) | BankOutcome::Released(reason) => {
                found.words(reason, Rule::REASON_EMPTY, Rule::REASON_TOO_LONG, MAX_WORDS);
            }
        }
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;

    #[test]
    fn a_reserve_names_slips_and_the_last_four_digits() {
        let slip = EntryId::new(DeviceNo::default(), 1);
        let part = |amount| Allocation { slip, amount: Fen::new(amount) };
        let reserve = |allocations, last4: &str| BankReserve {
            batch: BatchId::new(DeviceNo::default(), 1),
            grower: GrowerId::new(DeviceNo::default(), 1),
            allocations,
            payee: PersonNo::new(0),
            account_last4: last4.into(),
        };
        let broken = |r: BankReserve| rules_of(&r.check(&Limits::LEDGER));
        assert!(broken(reserve(vec![part(100)], "1234")).is_empty());
        assert_eq!(broken(reserve(vec![], "1234")), [Rule::PAYOUT_NOTHING]);
        assert_eq!(broken(reserve(vec![part(100)], "12")), [Rule::BANK_LAST_FOUR]);
        assert_eq!(broken(reserve(vec![part(1), part(1)], "1234")), [Rule::PAYOUT_SLIP_TWICE]);
    }

    #[test]
    fn a_returned_line_says_why() {
        let result = |outcome| BankResult {
            batch: BatchId::new(DeviceNo::default(), 1),
            grower: GrowerId::new(DeviceNo::default(), 1),
            reserve: EntryId::new(DeviceNo::default(), 1),
            reserve_hash: EntryHash::of(b"reserve"),
            outcome,
        };
        let broken = |outcome| rules_of(&result(outcome).check(&Limits::LEDGER));
        assert!(broken(BankOutcome::Paid(String::new())).is_empty());
        assert!(broken(BankOutcome::Returned("户名不符".into())).is_empty());
        assert_eq!(broken(BankOutcome::Returned(" ".into())), [Rule::REASON_EMPTY]);
    }
}
