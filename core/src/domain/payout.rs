//! A payout (付款) in cash: what was handed over, and which slips it pays.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_ALLOCATIONS, MAX_LINES, Place};
use super::ids::{EntryId, GrowerId, PersonNo};
use super::rule::Rule;
use super::units::{Fen, UnitError};

/// Cash handed to a grower.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Payout {
    /// Who is paid.
    #[n(0)]
    pub grower: GrowerId,
    /// The cash that left the float, in fen.
    #[n(1)]
    pub cash: Fen,
    /// Which slips it pays, and how much of each.
    #[n(2)]
    pub allocations: Vec<Allocation>,
    /// What rounding in the grower's favour adds (抹零): cash less the allocations. It goes to
    /// purchase cost.
    #[n(3)]
    pub rounding: Fen,
    /// What is kept back for debts (扣还): only due ones that the grower confirmed.
    #[cbor(n(4), skip_if = "Vec::is_empty")]
    pub repayments: Vec<Repayment>,
    /// Who got the money.
    #[cbor(n(5), skip_if = "Recipient::is_head")]
    pub recipient: Recipient,
}

/// Who of or for a household got the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Recipient {
    /// The payee (收款人).
    #[n(0)]
    pub payee: PersonNo,
    /// Who took it on the payee's behalf (代领人): then it is no notice to the grower and not
    /// invoiceable until the seller signs.
    #[n(1)]
    pub proxy: Option<PersonNo>,
}

impl Recipient {
    /// Whether the head of the household got it, in person.
    pub fn is_head(&self) -> bool {
        *self == Recipient::default()
    }
}

/// What is kept back for one debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Repayment {
    /// The debt: the entry that made it.
    #[n(0)]
    pub debt: EntryId,
    /// How much was kept back, in fen. The ledger repays at most what is left of the debt; the rest
    /// stays payable.
    #[n(1)]
    pub claimed: Fen,
}

/// So much of one slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Allocation {
    /// The slip.
    #[n(0)]
    pub slip: EntryId,
    /// How much of it is paid, in fen.
    #[n(1)]
    pub amount: Fen,
}

impl Payout {
    /// What is paid of all slips together, without the rounding.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn allocated(&self) -> Result<Fen, UnitError> {
        Fen::sum(self.allocations.iter().map(|a| a.amount))
    }

    /// What is kept back for all debts together.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn claimed(&self) -> Result<Fen, UnitError> {
        Fen::sum(self.repayments.iter().map(|r| r.claimed))
    }
}

/// Each slip once, and something of each.
pub(super) fn check_allocations(allocations: &[Allocation], found: &mut Breaches) {
    let few = allocations.len() <= MAX_ALLOCATIONS;
    found.demand(few, Rule::PAYOUT_TOO_MANY_SLIPS, Place::Entry);
    let mut seen = BTreeSet::new();
    for (number, allocation) in allocations.iter().enumerate() {
        let at = Place::Allocation(number);
        let positive = allocation.amount > Fen::ZERO;
        found.demand(positive, Rule::PAYOUT_ALLOCATION_NOT_POSITIVE, at);
        found.demand(seen.insert(allocation.slip), Rule::PAYOUT_SLIP_TWICE, at);
    }
}

impl Check for Payout {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let whole = Place::Entry;
        let moves = self.cash > Fen::ZERO || !self.repayments.is_empty();
        let some = !self.allocations.is_empty() && moves && self.cash >= Fen::ZERO;
        if !found.demand(some, Rule::PAYOUT_NOTHING, whole) {
            return found.finish();
        }
        check_allocations(&self.allocations, &mut found);
        let mut debts = BTreeSet::new();
        for repayment in &self.repayments {
            found.demand(repayment.claimed > Fen::ZERO, Rule::REPAYMENT_NOT_POSITIVE, whole);
            found.demand(debts.insert(repayment.debt), Rule::REPAYMENT_DEBT_TWICE, whole);
        }
        found.demand(self.repayments.len() <= MAX_LINES, Rule::REPAYMENT_TOO_MANY, whole);
        let within = self.rounding < limits.cash_unit || self.rounding == Fen::ZERO;
        found.demand(self.rounding >= Fen::ZERO, Rule::PAYOUT_ROUNDING_NEGATIVE, whole);
        found.demand(within, Rule::PAYOUT_ROUNDING_BEYOND_UNIT, whole);
        let handed =
            self.allocated().and_then(|sum| sum.plus(self.rounding)?.minus(self.claimed()?));
        let bearable = self.allocated().is_ok_and(|sum| sum <= limits.amount);
        match handed {
            Ok(sum) if bearable => {
                found.demand(sum == self.cash, Rule::PAYOUT_CASH_DISAGREES, whole);
            }
            _ => {
                found.demand(false, Rule::PAYOUT_TOO_LARGE, whole);
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

    fn part(slip: u32, amount: i64) -> Allocation {
        Allocation { slip: EntryId::new(DeviceNo::default(), slip), amount: Fen::new(amount) }
    }

    fn payout(cash: i64, rounding: i64, allocations: Vec<Allocation>) -> Payout {
        Payout {
            grower: GrowerId::new(DeviceNo::default(), 1),
            cash: Fen::new(cash),
            allocations,
            rounding: Fen::new(rounding),
            repayments: Vec::new(),
            recipient: Default::default(),
        }
    }

    #[test]
    fn each_way_to_pay_wrongly_has_its_rule() {
        let table: &[(Payout, &[Rule])] = &[
            (payout(3_700, 79, vec![part(1, 3_621)]), &[]),
            (payout(3_621, 0, vec![part(1, 3_000), part(2, 621)]), &[]),
            (payout(100, 99, vec![part(1, 1)]), &[]),
            (payout(0, 0, vec![]), &[Rule::PAYOUT_NOTHING]),
            (payout(5, 5, vec![]), &[Rule::PAYOUT_NOTHING]),
            (payout(3_700, 0, vec![]), &[Rule::PAYOUT_NOTHING]),
            (payout(-1, 0, vec![part(1, 1)]), &[Rule::PAYOUT_NOTHING]),
            (payout(1, 0, vec![part(1, 1), part(2, 0)]), &[Rule::PAYOUT_ALLOCATION_NOT_POSITIVE]),
            (payout(2, 0, vec![part(1, 1), part(1, 1)]), &[Rule::PAYOUT_SLIP_TWICE]),
            (payout(3_600, -21, vec![part(1, 3_621)]), &[Rule::PAYOUT_ROUNDING_NEGATIVE]),
            (payout(3_721, 100, vec![part(1, 3_621)]), &[Rule::PAYOUT_ROUNDING_BEYOND_UNIT]),
            (payout(3_700, 78, vec![part(1, 3_621)]), &[Rule::PAYOUT_CASH_DISAGREES]),
            (payout(9, 1, vec![part(1, i64::MAX)]), &[Rule::PAYOUT_TOO_LARGE]),
            (
                payout(
                    i64::try_from(MAX_ALLOCATIONS).unwrap() + 1,
                    0,
                    (0..=u32::try_from(MAX_ALLOCATIONS).unwrap()).map(|n| part(n, 1)).collect(),
                ),
                &[Rule::PAYOUT_TOO_MANY_SLIPS],
            ),
        ];
        for (payout, rules) in table {
            assert_eq!(rules_of(&payout.check(&Limits::LEDGER)), *rules, "{payout:?}");
        }
    }

    #[test]
    fn a_district_that_rounds_to_jiao_refuses_more() {
        let limits = Limits { cash_unit: Fen::new(10), ..Limits::LEDGER };
        assert!(payout(3_630, 9, vec![part(1, 3_621)]).check(&limits).is_empty());
        let breaches = payout(3_631, 10, vec![part(1, 3_621)]).check(&limits);
        assert_eq!(rules_of(&breaches), [Rule::PAYOUT_ROUNDING_BEYOND_UNIT]);
    }
}
