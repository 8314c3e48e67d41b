//! What all corrections of a slip share (退货, 定价, 调整): finding the slip that is named, moving
//! what the change of its amount moves, and the record by which a correction can be voided and a
//! grower can be told.

use minicbor::{Decode, Encode};

use crate::domain::{
    BusinessDate, EntityNo, EntryHash, EntryId, Fen, Grams, GrowerId, OperatorNo, Rule, UnitError,
    VillageNo,
};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::debt;
use super::fold::Verdict;
use super::keep::Records;
use super::records::{SlipRecord, State};

/// A correction that counts, or counted until it was voided.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct CorrectionRecord {
    /// Its number.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Whose slip.
    #[n(2)]
    pub grower: GrowerId,
    /// On whose account.
    #[n(3)]
    pub entity: EntityNo,
    /// The village of the device that wrote it.
    #[n(4)]
    pub village: Option<VillageNo>,
    /// The business date as printed.
    #[n(5)]
    pub date: BusinessDate,
    /// Who wrote it.
    #[n(6)]
    pub operator: OperatorNo,
    /// The slip.
    #[n(7)]
    pub slip: EntryId,
    /// The line, counted from 0, if it is about one.
    #[n(8)]
    pub line: Option<u16>,
    /// What it is.
    #[n(9)]
    pub kind: CorrectionKind,
    /// By how much it changed what is owed for the slip.
    #[n(10)]
    pub amount: Fen,
    /// What came back, if it is a return.
    #[n(11)]
    pub weight: Grams,
    /// What of the amount had been paid and became a refund due (应收退款).
    #[n(12)]
    pub refund: Fen,
    /// The first adjustment of the bulk that it belongs to.
    #[n(13)]
    pub bulk: Option<EntryId>,
    /// Why; empty for a price fix.
    #[n(14)]
    pub reason: String,
    /// How it stands.
    #[n(15)]
    pub state: State,
}

/// A kind of correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum CorrectionKind {
    /// Produce given back (退货).
    #[n(0)]
    Return,
    /// The price of a pending line (定价).
    #[n(1)]
    PriceFix,
    /// An amount made higher or lower (调整).
    #[n(2)]
    Adjustment,
}

impl CorrectionKind {
    /// The word in tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            CorrectionKind::Return => "return",
            CorrectionKind::PriceFix => "price_fix",
            CorrectionKind::Adjustment => "adjustment",
        }
    }
}

/// What a correction says of the slip that it corrects.
pub(super) struct Named {
    pub(super) grower: GrowerId,
    pub(super) slip: EntryId,
    pub(super) hash: EntryHash,
    pub(super) line: Option<u16>,
}

/// The slip that is named, and what speaks against correcting it, in order of precedence.
pub(super) fn target<R: Records>(
    records: &R,
    arrived: &Arrived,
    named: &Named,
) -> Result<(Option<SlipRecord>, Vec<Rule>), R::Error> {
    let Some(slip) = records.slip(named.grower, named.slip)? else {
        return Ok((None, vec![Rule::TARGET_UNKNOWN]));
    };
    let against = [
        (slip.hash != named.hash, Rule::TARGET_DIFFERS),
        (!slip.state.stands(), Rule::TARGET_NOT_COUNTED),
        (slip.entity != arrived.entry.envelope.entity, Rule::WRONG_ENTITY),
        (named.line.is_some_and(|line| slip.line(line).is_none()), Rule::LINE_UNKNOWN),
    ];
    let against = against.into_iter().filter_map(|(broken, rule)| broken.then_some(rule));
    Ok((Some(slip), against.collect()))
}

/// What a correction is, beside the slip as it will stand.
pub(super) struct Change {
    pub(super) kind: CorrectionKind,
    pub(super) line: Option<u16>,
    pub(super) weight: Grams,
    pub(super) bulk: Option<EntryId>,
    pub(super) reason: String,
}

/// Moves a slip to how it will stand and keeps the correction.
pub(super) fn correct<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    before: &SlipRecord,
    after: SlipRecord,
    change: Change,
) -> Result<Verdict, R::Error> {
    let envelope = &arrived.entry.envelope;
    let record = CorrectionRecord {
        id: arrived.id,
        hash: arrived.hash,
        grower: before.grower,
        entity: before.entity,
        village: arrived.village,
        date: envelope.date,
        operator: envelope.operator,
        slip: before.id,
        line: change.line,
        kind: change.kind,
        amount: after.due()?.minus(before.due()?)?,
        weight: change.weight,
        refund: before.paid.minus(after.due()?)?.max(Fen::ZERO),
        bulk: change.bulk,
        reason: change.reason,
        state: State::Counted,
    };
    records.put_record(before.grower.into(), record.into())?;
    let postings = settle(records, arrived, before, after)?;
    Ok(Verdict { reasons: Vec::new(), postings })
}

/// Writes a standing slip after its amount changed, and what that moves: the difference of what is
/// owed, the difference of what is estimated, and what is paid beyond what is owed as a refund due.
pub(super) fn settle<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    before: &SlipRecord,
    after: SlipRecord,
) -> Result<Vec<Posting>, R::Error> {
    let (entity, grower) = (after.entity, after.grower);
    let due = after.due()?;
    let payable = Account::Payable { entity, grower };
    let mut postings = moved(before, due, after.unfixed()?)?;
    let excess = after.paid.minus(due)?.max(Fen::ZERO);
    if excess > Fen::ZERO {
        let debit = debt::refund(records, arrived, grower, excess)?;
        postings.push(Posting { debit, credit: payable, amount: excess });
    }
    let paid = after.paid.minus(excess)?;
    let remaining = due.minus(paid)?;
    records.put_slip(SlipRecord { paid, remaining, ..after })?;
    Ok(postings)
}

/// What moves when so much is owed for a slip, and so much of it estimated, instead of what is.
pub(super) fn moved(
    before: &SlipRecord,
    due: Fen,
    estimate: Fen,
) -> Result<Vec<Posting>, UnitError> {
    let (entity, grower) = (before.entity, before.grower);
    let debit = Account::Stock { entity };
    let owed = Posting {
        debit,
        credit: Account::Payable { entity, grower },
        amount: due.minus(before.due()?)?,
    };
    let estimated = Posting {
        debit,
        credit: Account::PriceEstimate { entity },
        amount: estimate.minus(before.unfixed()?)?,
    };
    Ok([owed, estimated].into_iter().filter(|p| p.amount != Fen::ZERO).collect())
}
