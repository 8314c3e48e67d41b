//! What a close would say: positions, what is held, who is missing, estimates, statements.

use std::collections::{BTreeMap, BTreeSet};

use courtyard_core::domain::check::rules_of;
use courtyard_core::domain::close::{Estimate, MonthClose, Position};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{
    Body, DeviceNo, EntryId, Fen, GrowerId, Limits, Month, OperatorNo, UnitError, VillageNo,
};
use courtyard_core::ledger::{Arrived, CloseIndex, Partition, Statement, Status, merkle};
use courtyard_core::store::{Store, StoreError};

use crate::log::{DeviceState, LogError, Reads};
use crate::node::NodeError;
use crate::office::error::CommandError;

/// A close that is not written yet.
#[derive(Debug, Clone)]
pub struct CloseDraft {
    /// The close, without the person who approves it.
    pub close: MonthClose,
    /// The county's last number when it was drawn up.
    pub as_of: u64,
    /// The canonical statements, by grower.
    pub statements: Vec<(GrowerId, Vec<u8>)>,
    /// Entries dated in the month that it covers.
    pub dated_in_month: u32,
    /// Entries of earlier months that it takes in (跨月补记).
    pub late: u32,
    /// What stands at an estimate in all.
    pub estimated: Fen,
}

/// What a village's entries come to for a close.
#[derive(Default)]
struct Gathered {
    held: Vec<EntryId>,
    entries: u32,
    dated_in_month: u32,
    late: u32,
    estimates: Vec<Estimate>,
}

impl CloseDraft {
    /// Draws it up from the view as it stands.
    pub(super) fn of(
        store: &Store,
        reads: &dyn Reads,
        village: VillageNo,
        month: Month,
        now_ms: i64,
    ) -> Result<CloseDraft, NodeError> {
        let district = store.district()?;
        refuse(district.last_closed(village), month, now_ms)?;
        let positions = positions(reads, village)?;
        let month_of = |arrived: &Arrived| district.posting_month(arrived);
        let covers = |arrived: &Arrived| {
            arrived.village == Some(village)
                && arrived.close == CloseIndex::OPEN
                && positions
                    .get(&arrived.id.device)
                    .is_some_and(|n| arrived.id.sequence.get() <= *n)
        };
        let mut gathered = Gathered::default();
        let mut covered: BTreeMap<Partition, Vec<Arrived>> = BTreeMap::new();
        let mut partitions: Vec<Option<Partition>> = vec![None];
        partitions.extend(store.partitions()?.into_iter().map(Some));
        for partition in partitions {
            let mut own = Vec::new();
            for stored in store.entries_of(partition)? {
                if !covers(&stored.arrived) {
                    if stored.arrived.close != CloseIndex::OPEN {
                        own.push(stored.arrived);
                    }
                    continue;
                }
                if matches!(stored.status, Status::Held(_) | Status::Newer) {
                    gathered.held.push(stored.arrived.id);
                    continue;
                }
                gathered.take(store, &stored.arrived, month, month_of(&stored.arrived))?;
                own.push(stored.arrived);
            }
            if let Some(partition) = partition {
                covered.insert(partition, own);
            }
        }
        let mut statements = Vec::new();
        // Also those to whom nothing happened: what is open at the end of the month is said of all.
        for (partition, own) in &covered {
            let Partition::Grower(grower) = partition else { continue };
            if !own.iter().any(|arrived| arrived.village == Some(village)) {
                continue;
            }
            let statement = Statement::of(village, month, *grower, own, &month_of).map_err(sum)?;
            if !statement.is_empty() {
                statements.push((*grower, statement.encode()));
            }
        }
        gathered.held.sort_unstable();
        let leaves: Vec<&[u8]> = statements.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let estimated = Fen::sum(gathered.estimates.iter().map(|e| e.amount)).map_err(sum)?;
        let close = MonthClose {
            village,
            month,
            positions: positions
                .into_iter()
                .map(|(device, count)| Position { device, count })
                .collect(),
            held: gathered.held,
            missing: missing(reads, village, month)?,
            entries: gathered.entries,
            estimates: gathered.estimates,
            root: merkle::root(&leaves),
            approved_by: OperatorNo::default(),
        };
        if let Some(rule) = rules_of(&Body::from(close.clone()).check(&Limits::LEDGER)).first() {
            return Err(NodeError::Office(CommandError::Rule(*rule).into()));
        }
        let Gathered { dated_in_month, late, .. } = gathered;
        Ok(CloseDraft { close, as_of: 0, statements, dated_in_month, late, estimated })
    }
}

impl Gathered {
    fn take(
        &mut self,
        store: &Store,
        arrived: &Arrived,
        month: Month,
        posts_in: Month,
    ) -> Result<(), StoreError> {
        self.entries = self.entries.saturating_add(1);
        let own = arrived.entry.envelope.date.month();
        if own == month {
            self.dated_in_month = self.dated_in_month.saturating_add(1);
        }
        if own < posts_in {
            self.late = self.late.saturating_add(1);
        }
        if matches!(arrived.entry.body, Body::Slip(_))
            && let Some(slip) = store.slip(arrived.id)?
            && slip.state.stands()
        {
            self.estimates.extend(slip.unfixed_lines().map(|(line, found)| Estimate {
                slip: arrived.id,
                line,
                amount: found.amount,
            }));
        }
        Ok(())
    }
}

/// Why a month cannot be closed.
fn refuse(last: Option<Month>, month: Month, now_ms: i64) -> Result<(), NodeError> {
    let said = |zh: String, en: String| Err(NodeError::Office(CommandError::said(zh, en).into()));
    if let Some(last) = last.filter(|last| *last >= month) {
        return said(
            format!("{last} 已经结账，不能再结 {month}。没有改动。晚到的单会记入未结的月份。"),
            format!(
                "{last} is closed already, so {month} cannot be closed. Nothing was changed. What \
                 comes late is posted in the open month."
            ),
        );
    }
    let today = courtyard_core::domain::BusinessDate::at(now_ms.div_euclid(1_000));
    if today < month.first_day_after() {
        return said(
            format!("{month} 还没有过完，不能结账。没有改动。请在次月办理。"),
            format!("{month} is not over, so it cannot be closed yet. Nothing was changed."),
        );
    }
    Ok(())
}

/// How many entries each device of the village has here.
fn positions(reads: &dyn Reads, village: VillageNo) -> Result<BTreeMap<DeviceNo, u32>, LogError> {
    let devices = reads.devices()?.into_iter();
    let own: BTreeSet<DeviceNo> = devices
        .filter(|device| device.certificate.village == Some(village))
        .map(|device| device.certificate.device)
        .collect();
    let mut positions = BTreeMap::new();
    for (book, tip) in reads.tips()? {
        if own.contains(&book.device) {
            let count = positions.entry(book.device).or_insert(0_u32);
            *count =
                (*count).max(book.first_sequence().saturating_sub(1).saturating_add(tip.count));
        }
    }
    Ok(positions)
}

/// Phones in use that have not spoken since the month ended: what they hold will come late.
fn missing(reads: &dyn Reads, village: VillageNo, month: Month) -> Result<Vec<DeviceNo>, LogError> {
    let over = month.first_day_after();
    let mut missing = Vec::new();
    for device in reads.devices()? {
        let certificate = &device.certificate;
        let phone = certificate.role == DeviceRole::Phone
            && certificate.village == Some(village)
            && device.state == DeviceState::Active;
        if !phone {
            continue;
        }
        let heard = reads.heard_ms(certificate.device)?;
        let since = heard.map(|ms| courtyard_core::domain::BusinessDate::at(ms.div_euclid(1_000)));
        if since.is_none_or(|day| day < over) {
            missing.push(certificate.device);
        }
    }
    Ok(missing)
}

fn sum(error: UnitError) -> NodeError {
    NodeError::from(StoreError::from(error))
}
