//! A slip: what was bought is debited to stock, what is owed credited to the grower.
//!
//! A slip that names a contract counts even if the contract is unknown, held or over something
//! else: a printed price is honoured, and what a grower is owed must not hang on an office form.
//! Such a slip is an exception, not a hold.

use crate::domain::slip::{Line, Segment, Slip};
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
    let within = record.amount <= MAX_SLIP_AMOUNT && record.net <= MAX_SLIP_WEIGHT;
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
    for (contract, product, weight) in deliveries(&record) {
        deliver(records, record.grower, contract, product, weight)?;
    }
    let postings = postings(&record);
    records.put_slip(record)?;
    Ok(Verdict { reasons, postings })
}

/// What a counted slip moves; nothing if it comes to 0 fen.
pub(super) fn postings(slip: &SlipRecord) -> Vec<Posting> {
    if slip.amount == Fen::ZERO {
        return Vec::new();
    }
    vec![Posting {
        debit: Account::Stock { entity: slip.entity },
        credit: Account::Payable { entity: slip.entity, grower: slip.grower },
        amount: slip.amount,
    }]
}

/// What a counted slip delivers on contracts, line by line.
pub(super) fn deliveries(
    slip: &SlipRecord,
) -> impl Iterator<Item = (ContractId, ProductNo, Grams)> {
    slip.lines.iter().filter_map(|l| Some((l.contract?, l.product, l.settlement)))
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
        (0_u16..).zip(&self.lines).filter(|(number, line)| {
            line.segments.iter().any(Segment::is_pending)
                && self.changes.line(*number).is_none_or(|change| change.fixed.is_none())
        })
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
    }
}
