//! What money and goods moved, entry by entry: who handed what to whom.

use crate::domain::bank::BankOutcome;
use crate::domain::debt::{Creditor, Purse};
use crate::domain::{Body, EntityNo, Fen, Holder};
use crate::ledger::arrived::Arrived;
use crate::ledger::partition::Partition;

use super::{Controls, Place};

/// One partition's view of one entry.
struct Books<'c> {
    controls: &'c mut Controls,
    partition: Partition,
    entity: EntityNo,
    holder: Holder,
}

impl Books<'_> {
    fn figure(&mut self, control: &'static str, amount: i128) {
        self.controls.add(Place::entity(control, self.partition, self.entity), amount);
    }

    /// Cash into somebody's hands; the office's hands are the bank.
    fn cash(&mut self, holder: Holder, amount: i128) {
        if holder == Holder::Office {
            return self.figure("bank", amount);
        }
        let whole = Place::entity("float", self.partition, self.entity);
        self.controls.add(Place { owner: (holder.key(), 0), ..whole }, amount);
    }

    fn purse(&mut self, purse: Purse, amount: i128) {
        match purse {
            Purse::Float => self.cash(self.holder, amount),
            Purse::Bank => self.figure("bank", amount),
        }
    }

    /// The grower got so much, in money or goods; negative is what the grower gave.
    fn gave(&mut self, amount: i128) {
        self.figure("grower_net", amount.saturating_neg());
    }
}

/// Adds what an entry that counts and was not voided moved.
pub(super) fn add(controls: &mut Controls, arrived: &Arrived) {
    let Some(partition) = arrived.partition() else { return };
    let envelope = &arrived.entry.envelope;
    let holder = Holder::of(arrived.id.device, envelope);
    let mut books = Books { controls, partition, entity: envelope.entity, holder };
    match &arrived.entry.body {
        Body::Payout(payout) => {
            let (cash, rounding) = (fen(payout.cash), fen(payout.rounding));
            books.cash(holder, cash.saturating_neg());
            books.figure("purchase_difference", rounding);
            books.gave(cash.saturating_sub(rounding));
        }
        Body::Prepayment(debt) => lend(&mut books, debt.purse, fen(debt.amount)),
        Body::Deposit(debt) => lend(&mut books, debt.purse, fen(debt.amount)),
        Body::InputCredit(debt) => {
            let items = debt.items.iter().map(|item| fen(item.amount));
            let goods = items.fold(0_i128, i128::saturating_add);
            let account = match debt.creditor {
                Creditor::Entity => "input_sales",
                Creditor::Supplier(_) => "supplier",
            };
            books.figure(account, goods);
            books.gave(goods);
        }
        Body::Receipt(receipt) => {
            let amount = fen(receipt.amount);
            books.purse(receipt.purse, amount);
            books.gave(amount.saturating_neg());
        }
        Body::BankFile(file) => {
            books.figure("bank", fen(file.total).saturating_neg());
            books.figure("bank_in_transit", fen(file.total));
        }
        Body::FloatDifference(difference) => {
            let amount = fen(difference.difference);
            books.cash(difference.holder, amount);
            books.figure("shortage_pending", amount.saturating_neg());
        }
        // Slips are totalled in `sold`; accepted cash and results of the bank in `linked`.
        _ => {}
    }
}

/// Adds what an entry moved of which the amount stands on the entry that it answers: an accepted
/// issue of cash, a line of a bank batch with its result.
pub(super) fn linked(controls: &mut Controls, arrived: &Arrived, named: &Body) {
    let Some(partition) = arrived.partition() else { return };
    let envelope = &arrived.entry.envelope;
    let holder = Holder::of(arrived.id.device, envelope);
    let mut books = Books { controls, partition, entity: envelope.entity, holder };
    match (&arrived.entry.body, named) {
        (Body::FloatAccept(_), Body::FloatIssue(issue)) => {
            books.cash(issue.from, fen(issue.amount).saturating_neg());
            books.cash(issue.to, fen(issue.amount));
        }
        (Body::BankResult(result), Body::BankReserve(reserve)) => {
            let parts = reserve.allocations.iter().map(|a| fen(a.amount));
            let amount = parts.fold(0_i128, i128::saturating_add);
            match result.outcome {
                BankOutcome::Paid(_) => {
                    books.figure("bank_in_transit", amount.saturating_neg());
                    books.gave(amount);
                }
                BankOutcome::Returned(_) => {
                    books.figure("bank_in_transit", amount.saturating_neg());
                    books.figure("bank", amount);
                }
                BankOutcome::Released(_) => {}
            }
        }
        _ => {}
    }
}

fn lend(books: &mut Books<'_>, purse: Purse, amount: i128) {
    books.purse(purse, amount.saturating_neg());
    books.gave(amount);
}

fn fen(amount: Fen) -> i128 {
    i128::from(amount.get())
}
