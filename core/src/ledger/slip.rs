//! A slip: what was bought is debited to stock, what is owed credited to the grower. A line at a
//! pending price (待定价) is credited to the estimate instead: nothing of it is payable yet.
//!
//! A slip that names a contract counts even if the contract is unknown, held or over something
//! else: a printed price is honoured, and what a grower is owed must not hang on an office form.
//! Such a slip is an exception, not a hold.

use crate::domain::slip::{Line, Slip};
use crate::domain::{ContractId, Fen, Grams, GrowerId, ProductNo, Rule, UnitError};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::changes::SlipChanges;
use super::fold::Verdict;
use super::keep::Records;
use super::records::{ContractRecord, Delivery, LineRecord, SlipRecord, State};

/// What one slip may come to: 100 million yuan. Beyond it the slip is held, so that no sum of
/// balances can overflow; it never changes, or history would.
pub(super) const MAX_SLIP_AMOUNT: Fen = Fen::new(10_000_000_000);
/// What one slip may weigh: 1,000 t.
pub(super) const MAX_SLIP_WEIGHT: Grams = Grams::new(1_000_000_000);

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    slip: &Slip,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let mut record = SlipRecord::from_entry(arrived, slip);
    let dear = record.amount > MAX_SLIP_AMOUNT || record.estimate > MAX_SLIP_AMOUNT;
    let within = !dear && record.net <= MAX_SLIP_WEIGHT;
    if !within && !reasons.contains(&Rule::PURCHASE_TOO_LARGE) {
        reasons.push(Rule::PURCHASE_TOO_LARGE);
    }
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        records.put_slip(record)?;
        return Ok(Verdict::of(reasons));
    }
    record.state = State::Counted;
    record.remaining = record.amount;
    for (contract, product, weight) in deliveries(&record)? {
        deliver(records, record.grower, contract, product, weight)?;
    }
    let postings = postings(&record);
    records.put_slip(record)?;
    Ok(Verdict { reasons, postings })
}

/// What a slip moves that counts as printed: what is owed for it, and what its lines at a pending
/// price are estimated at.
fn postings(slip: &SlipRecord) -> Vec<Posting> {
    let entity = slip.entity;
    let debit = Account::Stock { entity };
    let owed = Account::Payable { entity, grower: slip.grower };
    [(owed, slip.amount), (Account::PriceEstimate { entity }, slip.estimate)]
        .into_iter()
        .filter(|&(_, amount)| amount != Fen::ZERO)
        .map(|(credit, amount)| Posting { debit, credit, amount })
        .collect()
}

/// What a counted slip delivers on contracts, line by line, less what came back.
pub(super) fn deliveries(
    slip: &SlipRecord,
) -> Result<Vec<(ContractId, ProductNo, Grams)>, UnitError> {
    let mut all = Vec::new();
    for (number, line) in (0..).zip(&slip.lines) {
        if let Some(contract) = line.contract {
            all.push((contract, line.product, slip.left_of(number)?));
        }
    }
    Ok(all)
}

/// Adds to what was delivered on a contract; a void gives a negative weight.
pub(super) fn deliver<R: Records>(
    records: &mut R,
    grower: GrowerId,
    contract: ContractId,
    product: ProductNo,
    weight: Grams,
) -> Result<(), R::Error> {
    let mut record =
        records.contract(grower, contract)?.unwrap_or(ContractRecord::new(grower, contract));
    match record.deliveries.iter_mut().find(|d| d.product == product) {
        Some(delivery) => delivery.weight = delivery.weight.plus(weight)?,
        None => {
            record.deliveries.push(Delivery { product, weight });
            record.deliveries.sort_unstable_by_key(|d| d.product);
        }
    }
    records.put_contract(record)
}

impl SlipRecord {
    /// Whether a line still waits for its price (待定价).
    pub fn has_unfixed_line(&self) -> bool {
        self.unfixed_lines().next().is_some()
    }

    /// What its lines that still wait for a price are estimated at, in fen.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn unfixed(&self) -> Result<Fen, UnitError> {
        Fen::sum(self.unfixed_lines().map(|(_, line)| line.amount))
    }

    /// The lines that still wait for a price, with their numbers from 0.
    pub fn unfixed_lines(&self) -> impl Iterator<Item = (u16, &LineRecord)> {
        (0_u16..).zip(&self.lines).filter(|(number, _)| self.is_open(*number))
    }

    /// The slip as its entry says, held: nothing is owed of it yet, nothing is paid. A store that
    /// keeps how a slip stands makes the rest of its record again with this.
    pub fn from_entry(arrived: &Arrived, slip: &Slip) -> SlipRecord {
        let lines: Vec<LineRecord> = slip.lines.iter().map(line_record).collect();
        let total = |weight: fn(&LineRecord) -> Grams| {
            Grams::sum(lines.iter().map(weight)).unwrap_or_default()
        };
        let envelope = &arrived.entry.envelope;
        SlipRecord {
            id: arrived.id,
            hash: arrived.hash,
            grower: slip.grower,
            entity: envelope.entity,
            village: arrived.village,
            date: envelope.date,
            clock: envelope.clock,
            operator: envelope.operator,
            price_list: slip.price_list,
            net: total(|l| l.net),
            settlement: total(|l| l.settlement),
            amount: slip.amount().unwrap_or_default(),
            lines,
            paid: Fen::ZERO,
            remaining: Fen::ZERO,
            state: arrived.uncounted(),
            reserved: Fen::ZERO,
            estimate: slip.estimate().unwrap_or_default(),
            changes: SlipChanges::default(),
        }
    }
}

fn line_record(line: &Line) -> LineRecord {
    LineRecord {
        product: line.product,
        grade: line.grade,
        contract: line.contract,
        gross: line.gross().unwrap_or_default(),
        net: line.net().unwrap_or_default(),
        settlement: line.settlement().unwrap_or_default(),
        segments: line.segments.clone(),
        amount: line.amount,
        unwithheld: line.marks.unwithheld,
    }
}
