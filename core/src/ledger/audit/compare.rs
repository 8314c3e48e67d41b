//! Compares the control totals with what the fold made of the same entries.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{EntityNo, GrowerId, VillageNo};
use crate::ledger::account::Account;
use crate::ledger::keep::ReadRecords;
use crate::ledger::partition::Partition;
use crate::ledger::record::{DebtKind, DebtRecord, Kept as _};
use crate::ledger::records::State;

use super::{Controls, Place};

/// A control total that does not agree with the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which control, as a word for reports: `grower_net`, `slip_net_g`, …
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
        let mut sides: BTreeMap<Place, (i128, i128)> = BTreeMap::new();
        for (place, total) in &self.totals {
            sides.entry(*place).or_default().0 = *total;
        }
        let mut partitions: BTreeSet<Partition> = partitions.into_iter().collect();
        partitions.extend(self.totals.keys().map(|place| place.partition));
        for partition in partitions {
            let mut book = Book { sides: &mut sides, partition };
            book.balances(records)?;
            if let Some(grower) = partition.grower() {
                book.slips(records, grower)?;
                book.contracts(records, grower)?;
            }
            book.debts(records)?;
        }
        let differing = sides.into_iter().filter(|(_, (entries, records))| entries != records);
        Ok(differing.map(|(place, sums)| Difference::new(place, sums)).collect())
    }
}

impl Difference {
    fn new(place: Place, (from_entries, from_records): (i128, i128)) -> Difference {
        let Place { control, partition, entity, village, .. } = place;
        Difference { control, partition, entity, village, from_entries, from_records }
    }
}

/// What the records of one partition say, beside what the entries came to.
struct Book<'s> {
    sides: &'s mut BTreeMap<Place, (i128, i128)>,
    partition: Partition,
}

impl Book<'_> {
    fn place(&self, control: &'static str, entity: EntityNo) -> Place {
        Place::entity(control, self.partition, entity)
    }

    /// What the records say of a control that the entries were totalled for.
    fn says(&mut self, place: Place, amount: i128) {
        let (_, sum) = self.sides.entry(place).or_default();
        *sum = sum.saturating_add(amount);
    }

    /// Two kinds of records that must say the same: the first stands for the entries.
    fn against(&mut self, place: Place, amount: i128) {
        let (sum, _) = self.sides.entry(place).or_default();
        *sum = sum.saturating_add(amount);
    }

    /// Accounts against entries, and payables and debts against the slips and debts they hold.
    fn balances<R: ReadRecords>(&mut self, records: &R) -> Result<(), R::Error> {
        for balance in records.balances(self.partition)? {
            let (account, entity) = (balance.account, balance.account.entity());
            let debit = i128::from(balance.debit.get());
            let debit = debit.saturating_sub(i128::from(balance.credit.get()));
            let credit = debit.saturating_neg();
            let place = self.place(account.name(), entity);
            match account {
                Account::Stock { .. }
                | Account::PurchaseDifference { .. }
                | Account::Bank { .. }
                | Account::BankInTransit { .. } => self.says(place, debit),
                Account::PriceEstimate { .. }
                | Account::InputSales { .. }
                | Account::Supplier { .. } => self.says(place, credit),
                Account::ShortagePending { .. } => self.says(place, debit),
                Account::Float { holder, .. } => {
                    self.says(Place { owner: (holder.key(), 0), ..place }, debit);
                }
                Account::Payable { .. } => {
                    self.says(self.place("grower_net", entity), credit);
                    self.says(self.place("payable_of_slips", entity), credit);
                }
                Account::Prepaid { .. }
                | Account::InputCredit { .. }
                | Account::Deposit { .. }
                | Account::RefundDue { .. } => {
                    self.says(self.place("grower_net", entity), credit);
                    self.says(place, debit);
                }
                Account::Suspense { .. } => {
                    self.says(self.place("grower_net", entity), credit);
                    let below = i128::from(debit < 0);
                    self.says(self.place("suspense_below_zero", entity), below);
                }
            }
        }
        Ok(())
    }

    fn slips<R: ReadRecords>(&mut self, records: &R, grower: GrowerId) -> Result<(), R::Error> {
        for slip in records.slips(grower)? {
            let whole = |control| Place::entity(control, self.partition, slip.entity);
            let here = |control| Place { village: slip.village, ..whole(control) };
            let [slips, net, settlement] = ["slips", "slip_net_g", "slip_settlement_g"].map(here);
            let [payable, owed] = ["payable_of_slips", "slip_owed"].map(whole);
            let below = whole("slips_below_zero");
            let (paid, remaining) = (i128::from(slip.paid.get()), i128::from(slip.remaining.get()));
            self.against(payable, remaining);
            self.says(below, i128::from(remaining < 0 || paid < 0));
            if slip.state == State::Counted {
                self.says(slips, 1);
                self.says(net, i128::from(slip.net.get()));
                self.says(settlement, i128::from(slip.settlement.get()));
                self.says(owed, paid.saturating_add(remaining));
            }
        }
        Ok(())
    }

    fn contracts<R: ReadRecords>(&mut self, records: &R, grower: GrowerId) -> Result<(), R::Error> {
        for contract in records.contracts(grower)? {
            for delivery in &contract.deliveries {
                let owner = (contract.contract.key(), delivery.product.get());
                let place = Place {
                    control: "contract_delivered_g",
                    partition: self.partition,
                    entity: None,
                    village: None,
                    owner,
                };
                self.says(place, i128::from(delivery.weight.get()));
            }
        }
        Ok(())
    }

    /// What is left of debts, against their accounts.
    fn debts<R: ReadRecords>(&mut self, records: &R) -> Result<(), R::Error> {
        for record in records.records(self.partition)? {
            let Some(debt) = DebtRecord::of(record) else { continue };
            let account = match debt.kind {
                DebtKind::Prepayment => "prepaid",
                DebtKind::InputCredit => "input_credit",
                DebtKind::Deposit => "deposit",
                DebtKind::Refund => "refund_due",
            };
            let left = i128::from(debt.left()?.get());
            self.against(self.place(account, debt.entity), left);
            self.says(self.place("debts_below_zero", debt.entity), i128::from(left < 0));
        }
        Ok(())
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
