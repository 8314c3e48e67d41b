//! Debts of growers. A refund due is what was paid and is no longer owed.

use crate::domain::{BasisPoints, Fen, GrowerId};

use super::account::Account;
use super::arrived::Arrived;
use super::keep::Records;
use super::record::{DebtKind, DebtRecord};
use super::records::State;

/// Nothing is agreed on how fast money that nobody owed comes back, so all of a payable may go to it.
const WHOLE: BasisPoints = BasisPoints::new(10_000);

/// Keeps a refund due (应收退款) under this entry's number, or adds to it; answers the account that
/// is debited.
pub(super) fn refund<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    grower: GrowerId,
    amount: Fen,
) -> Result<Account, R::Error> {
    let envelope = &arrived.entry.envelope;
    let known = records.kept::<DebtRecord>(grower.into(), arrived.id.key())?;
    let mut record = known.unwrap_or(DebtRecord {
        id: arrived.id,
        hash: arrived.hash,
        grower,
        entity: envelope.entity,
        village: arrived.village,
        date: envelope.date,
        kind: DebtKind::Refund,
        contract: None,
        amount: Fen::ZERO,
        repaid: Fen::ZERO,
        due: envelope.date,
        share: WHOLE,
        confirmed: None,
        disputed: false,
        state: State::Counted,
    });
    record.amount = record.amount.plus(amount)?;
    let account = Account::RefundDue { entity: record.entity, grower };
    records.put_record(grower.into(), record.into())?;
    Ok(account)
}
