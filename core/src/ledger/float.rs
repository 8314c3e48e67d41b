//! Floats (备用金): cash moves from hand to hand when the receiver accepts it; a count (盘点) is a
//! fact and posts nothing; what the office approved of its difference goes to 待处理财产损溢.
//!
//! A float may go below zero: then the entity owes its holder (垫付).

use minicbor::{Decode, Encode};

use crate::domain::device::DeviceRole;
use crate::domain::float::{FloatAccept, FloatCount, FloatDifference, FloatIssue};
use crate::domain::{
    BusinessDate, EntityNo, EntryHash, EntryId, Fen, Holder, OperatorNo, Rule, UnitError, VillageNo,
};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::fold::Verdict;
use super::keep::Records;
use super::records::State;

/// Cash set out for somebody, or handed over.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct IssueRecord {
    /// Its entry.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Whose cash.
    #[n(2)]
    pub entity: EntityNo,
    /// The village of the device that wrote it.
    #[n(3)]
    pub village: Option<VillageNo>,
    /// The business date.
    #[n(4)]
    pub date: BusinessDate,
    /// Who gives.
    #[n(5)]
    pub from: Holder,
    /// Who is to accept.
    #[n(6)]
    pub to: Holder,
    /// How much.
    #[n(7)]
    pub amount: Fen,
    /// How it stands.
    #[n(8)]
    pub state: State,
    /// The entry that accepted it, and its business date: until then nothing moved.
    #[n(9)]
    pub accepted: Option<(EntryId, BusinessDate)>,
}

/// What was counted in somebody's till.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct CountRecord {
    /// Its entry.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Whose cash.
    #[n(2)]
    pub entity: EntityNo,
    /// The village of the device that wrote it.
    #[n(3)]
    pub village: Option<VillageNo>,
    /// The business date.
    #[n(4)]
    pub date: BusinessDate,
    /// Whose till.
    #[n(5)]
    pub holder: Holder,
    /// Who counted.
    #[n(6)]
    pub by: Holder,
    /// What lay there.
    #[n(7)]
    pub counted: Fen,
    /// What the ledger said where it was counted.
    #[n(8)]
    pub expected: Fen,
    /// How it stands.
    #[n(9)]
    pub state: State,
    /// The entry that approved its difference, and its business date.
    #[n(10)]
    pub settled: Option<(EntryId, BusinessDate)>,
}

impl IssueRecord {
    /// Whether it waits for the receiver.
    pub const fn is_open(&self) -> bool {
        self.state.stands() && self.accepted.is_none()
    }
}

impl CountRecord {
    /// Counted less expected: negative is a shortage.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn difference(&self) -> Result<Fen, UnitError> {
        self.counted.minus(self.expected)
    }

    /// Whether a difference waits for the office.
    pub fn is_open(&self) -> bool {
        self.state.stands() && self.settled.is_none() && self.counted != self.expected
    }
}

/// Whether these are two people, both named: nobody approves what they did themselves.
pub(super) fn are_two_people(one: OperatorNo, other: OperatorNo) -> bool {
    let nobody = OperatorNo::default();
    one != other && one != nobody && other != nobody
}

/// In whose name this entry gives, takes or counts cash.
fn who(arrived: &Arrived) -> Holder {
    match arrived.role {
        DeviceRole::Phone => Holder::of(arrived.id.device, &arrived.entry.envelope),
        DeviceRole::VillageOffice | DeviceRole::CountyOffice => Holder::Office,
    }
}

pub(super) fn issue<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    issue: &FloatIssue,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    if issue.from != who(arrived) {
        reasons.push(Rule::FLOAT_NOT_THE_GIVER);
    }
    let reasons = arrived.unsettled(reasons);
    let envelope = &arrived.entry.envelope;
    let record = IssueRecord {
        id: arrived.id,
        hash: arrived.hash,
        entity: envelope.entity,
        village: arrived.village,
        date: envelope.date,
        from: issue.from,
        to: issue.to,
        amount: issue.amount,
        state: state(arrived, &reasons),
        accepted: None,
    };
    records.put_record(arrived.cash(), record.into())?;
    Ok(Verdict::of(reasons))
}

pub(super) fn accept<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    accept: &FloatAccept,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let Some(issue) = records.kept::<IssueRecord>(arrived.cash(), accept.issue.key())? else {
        reasons.push(Rule::FLOAT_ISSUE_UNKNOWN);
        return Ok(Verdict::of(reasons));
    };
    reasons.extend(broken([
        (issue.hash != accept.issue_hash, Rule::TARGET_DIFFERS),
        (!issue.state.stands(), Rule::TARGET_NOT_COUNTED),
        (issue.accepted.is_some(), Rule::FLOAT_ALREADY_ACCEPTED),
        (issue.to != who(arrived), Rule::FLOAT_NOT_THE_RECEIVER),
    ]));
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let till = |holder| match holder {
        Holder::Office => Account::Bank { entity: issue.entity },
        Holder::Person(_) | Holder::Phone(_) => Account::Float { entity: issue.entity, holder },
    };
    let moved = Posting { debit: till(issue.to), credit: till(issue.from), amount: issue.amount };
    let accepted = Some((arrived.id, arrived.entry.envelope.date));
    records.put_record(arrived.cash(), IssueRecord { accepted, ..issue }.into())?;
    Ok(Verdict { reasons, postings: vec![moved] })
}

pub(super) fn count<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    count: &FloatCount,
    reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let envelope = &arrived.entry.envelope;
    let record = CountRecord {
        id: arrived.id,
        hash: arrived.hash,
        entity: envelope.entity,
        village: arrived.village,
        date: envelope.date,
        holder: count.holder,
        by: who(arrived),
        counted: count.counted,
        expected: count.expected,
        state: state(arrived, &reasons),
        settled: None,
    };
    records.put_record(arrived.cash(), record.into())?;
    Ok(Verdict::of(reasons))
}

pub(super) fn difference<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    difference: &FloatDifference,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let Some(count) = records.kept::<CountRecord>(arrived.cash(), difference.count.key())? else {
        reasons.push(Rule::FLOAT_COUNT_UNKNOWN);
        return Ok(Verdict::of(reasons));
    };
    let found = count.difference()?;
    let approver = difference.approved_by;
    let alone = !are_two_people(approver, arrived.entry.envelope.operator)
        || difference.holder == Holder::Person(approver);
    reasons.extend(broken([
        (count.hash != difference.count_hash, Rule::TARGET_DIFFERS),
        (!count.state.stands(), Rule::TARGET_NOT_COUNTED),
        (count.settled.is_some(), Rule::FLOAT_DIFFERENCE_TWICE),
        (
            count.holder != difference.holder || found != difference.difference,
            Rule::FLOAT_DIFFERENCE_DISAGREES,
        ),
        (alone, Rule::SAME_PERSON),
    ]));
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let entity = count.entity;
    let moved = Posting {
        debit: Account::ShortagePending { entity },
        credit: Account::Float { entity, holder: count.holder },
        // A surplus is a negative shortage, on the same side.
        amount: difference.difference.negated()?,
    };
    let settled = Some((arrived.id, arrived.entry.envelope.date));
    records.put_record(arrived.cash(), CountRecord { settled, ..count }.into())?;
    Ok(Verdict { reasons, postings: vec![moved] })
}

/// The rules that are broken, in the same order.
pub(super) fn broken(rules: impl IntoIterator<Item = (bool, Rule)>) -> impl Iterator<Item = Rule> {
    rules.into_iter().filter_map(|(is, rule)| is.then_some(rule))
}

/// How an entry with these reasons against it stands.
pub(super) fn state(arrived: &Arrived, reasons: &[Rule]) -> State {
    if reasons.is_empty() { State::Counted } else { arrived.uncounted() }
}
