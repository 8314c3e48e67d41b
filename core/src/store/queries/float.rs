//! Floats: what each holder has, and every move of cash with its day, straight from the entries, so
//! that a balance can be followed slip by slip.

use std::collections::BTreeMap;

use crate::domain::debt::Purse;
use crate::domain::{Body, BusinessDate, EntityNo, EntryId, Fen, Holder, UnitError, VillageNo};
use crate::ledger::exceptions::Till;
use crate::ledger::{Account, Arrived, Status};
use crate::store::{Store, StoreError, StoredEntry};

/// Why cash moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    /// Set out by the office, or handed over (领用, 移交).
    Issued,
    /// Paid to growers.
    Paid,
    /// Lent to growers: prepayments, deposits (预付, 定金).
    Lent,
    /// Given back by growers (收款).
    Received,
    /// An approved difference of a count (盘亏, 盘盈).
    Difference,
}

impl Flow {
    /// The word in tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Flow::Issued => "issued",
            Flow::Paid => "paid",
            Flow::Lent => "lent",
            Flow::Received => "received",
            Flow::Difference => "difference",
        }
    }
}

/// One move of cash in somebody's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FloatMove {
    /// The entry that moved it; a void of it has a row of its own.
    pub entry: EntryId,
    /// Its business date.
    pub date: BusinessDate,
    /// Whose cash.
    pub entity: EntityNo,
    /// The village of the device that wrote it.
    pub village: Option<VillageNo>,
    /// In whose hands.
    pub holder: Holder,
    /// Why.
    pub flow: Flow,
    /// How much came in; negative went out.
    pub amount: Fen,
}

impl Store {
    /// What each holder has of each entity's cash; negative is what they advanced (垫付).
    ///
    /// # Errors
    /// The store's own.
    pub fn floats(&self) -> Result<BTreeMap<(EntityNo, Holder), Fen>, StoreError> {
        let mut floats = BTreeMap::new();
        for total in self.trial_balance()?.accounts {
            if let Account::Float { entity, holder } = total.account {
                floats.insert((entity, holder), total.debit.minus(total.credit)?);
            }
        }
        Ok(floats)
    }

    /// What each holder has of each entity's cash, and what moved it last.
    ///
    /// # Errors
    /// The store's own.
    pub fn tills(&self) -> Result<Vec<Till>, StoreError> {
        let mut last = LastMoves::default();
        for partition in self.partitions()? {
            last.take(&moves_of(&self.entries_of(Some(partition))?)?);
        }
        self.tills_of(&last)
    }

    /// The same, where it is known already what moved each till last.
    ///
    /// # Errors
    /// The store's own.
    pub fn tills_of(&self, last: &LastMoves) -> Result<Vec<Till>, StoreError> {
        let floats = self.floats()?.into_iter().filter_map(|((entity, holder), balance)| {
            let &(_, last, village) = last.0.get(&(entity, holder))?;
            Some(Till { entity, holder, village, balance, last })
        });
        Ok(floats.collect())
    }

    /// Every move of cash in stewards' hands that counts, in order of days and entries.
    ///
    /// # Errors
    /// The store's own.
    pub fn float_moves(&self) -> Result<Vec<FloatMove>, StoreError> {
        let mut all = Vec::new();
        for partition in self.partitions()? {
            all.extend(moves_of(&self.entries_of(Some(partition))?)?);
        }
        all.sort_by_key(|m| (m.date, m.entry));
        Ok(all)
    }
}

/// The last move of each till: its day, its entry and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastMoves(BTreeMap<(EntityNo, Holder), (BusinessDate, EntryId, Option<VillageNo>)>);

impl LastMoves {
    /// Of these moves, in any order.
    pub fn take(&mut self, moves: &[FloatMove]) {
        for moved in moves {
            self.keep((moved.entity, moved.holder), (moved.date, moved.entry, moved.village));
        }
    }

    /// Of what another knows.
    pub fn merge(&mut self, other: &LastMoves) {
        for (till, moved) in &other.0 {
            self.keep(*till, *moved);
        }
    }

    fn keep(
        &mut self,
        till: (EntityNo, Holder),
        moved: (BusinessDate, EntryId, Option<VillageNo>),
    ) {
        let last = self.0.entry(till).or_insert(moved);
        *last = (*last).max(moved);
    }
}

/// Every move of cash in stewards' hands that counts, of the entries of one partition in the order
/// of the ledger.
///
/// # Errors
/// [`UnitError`] if an amount cannot be taken back.
pub fn moves_of(entries: &[StoredEntry]) -> Result<Vec<FloatMove>, UnitError> {
    let mut all = Vec::new();
    let mut moved: BTreeMap<EntryId, Vec<FloatMove>> = BTreeMap::new();
    let mut issues = BTreeMap::new();
    for stored in entries.iter().filter(|stored| stored.status == Status::Counted) {
        let arrived = &stored.arrived;
        let moves = match &arrived.entry.body {
            Body::Void(void) => {
                let taken = moved.get(&void.target).map(Vec::as_slice).unwrap_or_default();
                taken_back(taken, arrived)?
            }
            Body::FloatIssue(issue) => {
                issues.insert(arrived.id, (issue.from, issue.to, issue.amount));
                Vec::new()
            }
            Body::FloatAccept(accept) => match issues.get(&accept.issue) {
                Some(&(from, to, amount)) => vec![
                    of(arrived, from, Flow::Issued, amount.negated()?),
                    of(arrived, to, Flow::Issued, amount),
                ],
                None => Vec::new(),
            },
            body => own(arrived, body)?,
        };
        all.extend(moves.iter().copied().filter(|m| m.holder != Holder::Office));
        if !moves.is_empty() {
            moved.insert(arrived.id, moves);
        }
    }
    Ok(all)
}

fn of(arrived: &Arrived, holder: Holder, flow: Flow, amount: Fen) -> FloatMove {
    let envelope = &arrived.entry.envelope;
    FloatMove {
        entry: arrived.id,
        date: envelope.date,
        entity: envelope.entity,
        village: arrived.village,
        holder,
        flow,
        amount,
    }
}

/// What an entry moves by its own fields.
fn own(arrived: &Arrived, body: &Body) -> Result<Vec<FloatMove>, UnitError> {
    let holder = Holder::of(arrived.id.device, &arrived.entry.envelope);
    let one = |holder, flow, amount| Ok(vec![of(arrived, holder, flow, amount)]);
    match body {
        Body::Payout(payout) => one(holder, Flow::Paid, payout.cash.negated()?),
        Body::Prepayment(debt) if debt.purse == Purse::Float => {
            one(holder, Flow::Lent, debt.amount.negated()?)
        }
        Body::Deposit(debt) if debt.purse == Purse::Float => {
            one(holder, Flow::Lent, debt.amount.negated()?)
        }
        Body::Receipt(receipt) if receipt.purse == Purse::Float => {
            one(holder, Flow::Received, receipt.amount)
        }
        Body::FloatDifference(found) => one(found.holder, Flow::Difference, found.difference),
        _ => Ok(Vec::new()),
    }
}

fn taken_back(moves: &[FloatMove], void: &Arrived) -> Result<Vec<FloatMove>, UnitError> {
    let back = |m: &FloatMove| Ok(of(void, m.holder, m.flow, m.amount.negated()?));
    moves.iter().map(back).collect()
}
