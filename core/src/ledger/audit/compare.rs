//! Compares the control totals with what the fold made of the same entries.

use std::collections::BTreeMap;

use crate::domain::{ContractId, EntityNo, GrowerId, ProductNo, VillageNo};
use crate::ledger::account::Account;
use crate::ledger::keep::ReadRecords;
use crate::ledger::partition::Partition;
use crate::ledger::records::State;

use super::{ControlKey, Controls, Totals};

/// A control total that does not agree with the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which control, as a word for reports: `payable_credit`, `slip_net_g`, …
    pub control: &'static str,
    /// Whose household, or whose cash.
    pub partition: Partition,
    /// On whose account, where the control is by entity.
    pub entity: Option<EntityNo>,
    /// Where, if the control is by village.
    pub village: Option<VillageNo>,
    /// What the entries come to, in the control's unit.
    pub from_entries: i128,
    /// What the records say.
    pub from_records: i128,
}

impl Controls {
    /// Compares with the records of every partition that either side knows; empty if all agree.
    ///
    /// `partitions` are those that the records know.
    ///
    /// # Errors
    /// If the records cannot be read.
    pub fn compare<R: ReadRecords>(
        &self,
        records: &R,
        partitions: impl IntoIterator<Item = Partition>,
    ) -> Result<Vec<Difference>, R::Error> {
        let mut partitions: Vec<Partition> = partitions.into_iter().collect();
        partitions.extend(self.totals.keys().map(|key| key.partition));
        partitions.sort_unstable();
        partitions.dedup();
        let mut totals: BTreeMap<Partition, Vec<(ControlKey, Totals)>> = BTreeMap::new();
        for (key, sums) in &self.totals {
            totals.entry(key.partition).or_default().push((*key, *sums));
        }
        let mut found = Vec::new();
        for partition in partitions {
            let own = totals.get(&partition).map(Vec::as_slice).unwrap_or_default();
            self.compare_balances(records, partition, own, &mut found)?;
            if let Some(grower) = partition.grower() {
                self.compare_slips(records, grower, own, &mut found)?;
                self.compare_contracts(records, grower, &mut found)?;
            }
        }
        Ok(found)
    }

    fn compare_balances<R: ReadRecords>(
        &self,
        records: &R,
        partition: Partition,
        own: &[(ControlKey, Totals)],
        found: &mut Vec<Difference>,
    ) -> Result<(), R::Error> {
        let mut sides = Sides::default();
        for (key, totals) in own {
            let entity = key.entity;
            for (control, amount) in [
                ("stock_debit", totals.amount_fen),
                ("payable_credit", totals.amount_fen),
                ("payable_debit", totals.paid_fen),
                ("float_credit", totals.cash_fen),
                ("purchase_difference_debit", totals.rounding_fen()),
            ] {
                sides.entries(control, (Some(entity), None), amount);
            }
        }
        for balance in records.balances(partition)? {
            let (debit, credit) = match balance.account {
                Account::Stock { .. } => ("stock_debit", "stock_credit"),
                Account::Payable { .. } => ("payable_debit", "payable_credit"),
                Account::Float { .. } => ("float_debit", "float_credit"),
                Account::PurchaseDifference { .. } => {
                    ("purchase_difference_debit", "purchase_difference_credit")
                }
                _ => continue,
            };
            let place = (Some(balance.account.entity()), None);
            sides.records(debit, place, i128::from(balance.debit.get()));
            sides.records(credit, place, i128::from(balance.credit.get()));
        }
        sides.differences(partition, found);
        Ok(())
    }

    fn compare_slips<R: ReadRecords>(
        &self,
        records: &R,
        grower: GrowerId,
        own: &[(ControlKey, Totals)],
        found: &mut Vec<Difference>,
    ) -> Result<(), R::Error> {
        let mut sides = Sides::default();
        for (key, totals) in own {
            // A payout may be made in another village than its slip was written.
            let (place, anywhere) = ((Some(key.entity), key.village), (Some(key.entity), None));
            sides.entries("slips", place, totals.slips);
            sides.entries("slip_net_g", place, totals.net_g);
            sides.entries("slip_settlement_g", place, totals.settlement_g);
            sides.entries("slip_amount", place, totals.amount_fen);
            sides.entries("slip_paid", anywhere, totals.paid_fen);
            sides.entries("slip_remaining", anywhere, totals.unpaid_fen());
        }
        let mut overpaid = 0_i128;
        for slip in records.slips(grower)? {
            let (place, anywhere) = ((Some(slip.entity), slip.village), (Some(slip.entity), None));
            let (paid, remaining) = (i128::from(slip.paid.get()), i128::from(slip.remaining.get()));
            if slip.state == State::Counted {
                sides.records("slips", place, 1);
                sides.records("slip_net_g", place, i128::from(slip.net.get()));
                sides.records("slip_settlement_g", place, i128::from(slip.settlement.get()));
                sides.records("slip_amount", place, i128::from(slip.amount.get()));
            }
            sides.records("slip_paid", anywhere, paid);
            sides.records("slip_remaining", anywhere, remaining);
            if paid < 0 || remaining < 0 {
                overpaid = overpaid.saturating_add(1);
            }
        }
        sides.records("slips_overpaid", (None, None), overpaid);
        sides.differences(grower.into(), found);
        Ok(())
    }

    fn compare_contracts<R: ReadRecords>(
        &self,
        records: &R,
        grower: GrowerId,
        found: &mut Vec<Difference>,
    ) -> Result<(), R::Error> {
        let lowest = (grower, ContractId::new(Default::default(), 0), ProductNo::new(0));
        let mut delivered: BTreeMap<(ContractId, ProductNo), (i128, i128)> = BTreeMap::new();
        for (&(_, contract, product), &weight_g) in
            self.delivered_g.range(lowest..).take_while(|((g, _, _), _)| *g == grower)
        {
            delivered.entry((contract, product)).or_default().0 = weight_g;
        }
        for contract in records.contracts(grower)? {
            for delivery in contract.deliveries {
                let place = (contract.contract, delivery.product);
                delivered.entry(place).or_default().1 = i128::from(delivery.weight.get());
            }
        }
        for (from_entries, from_records) in delivered.into_values() {
            let mut sides = Sides::default();
            sides.entries("contract_delivered_g", (None, None), from_entries);
            sides.records("contract_delivered_g", (None, None), from_records);
            sides.differences(grower.into(), found);
        }
        Ok(())
    }
}

/// Where a control applies: in an entity, and in a village if it is by village.
type Place = (Option<EntityNo>, Option<VillageNo>);

/// What one partition's controls come to: from the entries, and from the records.
#[derive(Default)]
struct Sides(BTreeMap<(&'static str, Place), (i128, i128)>);

impl Sides {
    fn entries(&mut self, control: &'static str, place: Place, amount: i128) {
        let (sum, _) = self.0.entry((control, place)).or_default();
        *sum = sum.saturating_add(amount);
    }

    fn records(&mut self, control: &'static str, place: Place, amount: i128) {
        let (_, sum) = self.0.entry((control, place)).or_default();
        *sum = sum.saturating_add(amount);
    }

    fn differences(self, partition: Partition, found: &mut Vec<Difference>) {
        for ((control, (entity, village)), (from_entries, from_records)) in self.0 {
            if from_entries != from_records {
                found.push(Difference {
                    control,
                    partition,
                    entity,
                    village,
                    from_entries,
                    from_records,
                });
            }
        }
    }
}

/// The sum of all debits less all credits of these partitions, in fen: 0, or the books are broken.
///
/// # Errors
/// If the records cannot be read.
pub fn trial_balance_fen<R: ReadRecords>(
    records: &R,
    partitions: impl IntoIterator<Item = Partition>,
) -> Result<i128, R::Error> {
    let mut sum = 0_i128;
    for partition in partitions {
        for balance in records.balances(partition)? {
            sum = sum.saturating_add(i128::from(balance.debit.get()));
            sum = sum.saturating_sub(i128::from(balance.credit.get()));
        }
    }
    Ok(sum)
}
