//! Today on this phone: what was bought, the float, what waits to sync.

use courtyard_core::domain::{BusinessDate, Fen, Grams};
use courtyard_core::ledger::State;
use courtyard_core::ledger::words::ThreadState;
use courtyard_core::steward::{Status as CoreStatus, Steward};
use courtyard_core::store::Counts;
use courtyard_core::store::queries::{SlipFilter, SlipRow};

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;
use crate::growers::village_name;

/// A steward's day.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Today {
    /// This phone's number.
    pub device: String,
    /// The village's name.
    pub village: String,
    /// The day, such as `2026-07-01`, by the phone's clock in Asia/Shanghai.
    pub date: String,
    /// How many of the day's slips of this village count; not those taken back, refused or held.
    pub count: u32,
    /// Net weight of the day's counted slips of this village.
    pub net_g: i64,
    /// Settlement weight of the day's counted slips of this village.
    pub settlement_g: i64,
    /// What they come to.
    pub amount_fen: i64,
    /// The day's slips, the newest first.
    pub slips: Vec<SlipInList>,
    /// Cash in hand; negative is what the steward advanced.
    pub float_fen: i64,
    /// What the steward advanced of their own money (垫付); zero while cash is in hand.
    pub advanced_fen: i64,
    /// Entries and edits that the office is not known to have.
    pub waiting: u32,
    /// When a sync last went through, in seconds since 1970 by this phone's clock; none yet.
    pub last_sync_s: Option<i64>,
    /// Whether a slip is being filled in.
    pub slip_open: bool,
    /// Whether the phone's clock is in doubt and nobody has said yet which day it is: ask, and hand
    /// the answer to `confirm_day`.
    pub asks_for_day: bool,
    /// Whether the district has ended this phone: it finishes the open slip and only sends.
    pub revoked: bool,
}

/// How this phone stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Status {
    /// Entries that the office is not known to have.
    pub waiting_entries: u32,
    /// Register edits that the office is not known to have.
    pub waiting_edits: u32,
    /// Books that the office does not take as they are here: this phone was copied or put back.
    pub blocked_books: u32,
    /// What came and waits for what belongs before it.
    pub parked: u32,
    /// What the office refused, or cannot be believed; kept with its reason.
    pub set_aside: u32,
    /// Entries that are held until the district decides.
    pub held: u32,
    /// Entries of a newer kind: update the app.
    pub newer: u32,
    /// Growers of whom two people wrote a field at once.
    pub conflicts: u32,
    /// When a sync last went through, in seconds since 1970 by this phone's clock; none yet.
    pub last_sync_s: Option<i64>,
    /// Whether room for 500 more slips is held back on the disk.
    pub reserved: bool,
    /// Whether the district has ended this phone: it finishes the open slip and only sends.
    pub revoked: bool,
}

/// A slip in a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SlipInList {
    /// Its number.
    pub id: String,
    /// The grower's number.
    pub grower: String,
    /// The grower's name on the slip's day.
    pub grower_name: String,
    /// The business date.
    pub date: String,
    /// Settlement weight.
    pub settlement_g: i64,
    /// What it comes to.
    pub amount_fen: i64,
    /// What is still owed of it.
    pub remaining_fen: i64,
    /// How it stands.
    pub mark: SlipMark,
}

/// How a slip stands, the most pressing first: a state is a word and a shape, then a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SlipMark {
    /// ✕ 红冲: taken back, or not admitted.
    Void,
    /// ▲ 留存待核: kept, and not counted until the district decides.
    Held,
    /// ? 质询: somebody asks about it.
    Question,
    /// ○ 待同步.
    Waiting,
    /// ● 已同步.
    Synced,
}

/// A day as handed back by a screen.
pub(crate) fn day(text: &str) -> Result<BusinessDate, CourtyardError> {
    text.trim().parse().map_err(|_| {
        CourtyardError::typed(
            "typed.not_a_date",
            format!("“{text}”不是日期。请写成 2026-07-01。"),
            format!("{text:?} is no date. Write it as 2026-07-01."),
        )
    })
}

/// How a slip stands.
pub(crate) fn mark(
    steward: &Steward,
    id: courtyard_core::domain::EntryId,
    state: State,
) -> Result<SlipMark, CourtyardError> {
    Ok(match state {
        State::Voided { .. } | State::Refused => SlipMark::Void,
        State::Held => SlipMark::Held,
        State::Counted => {
            let asked = steward.store().threads_about(id)?;
            if asked.iter().any(|thread| thread.state == ThreadState::Open) {
                SlipMark::Question
            } else if steward.store().is_acknowledged(id)? {
                SlipMark::Synced
            } else {
                SlipMark::Waiting
            }
        }
    })
}

/// A slip of a list, with its name and mark.
pub(crate) fn in_list(steward: &Steward, row: &SlipRow) -> Result<SlipInList, CourtyardError> {
    Ok(SlipInList {
        id: row.id.to_string(),
        grower: row.grower.to_string(),
        grower_name: steward.store().name_on(row.grower, row.date)?.unwrap_or_default(),
        date: row.date.to_string(),
        settlement_g: row.settlement.get(),
        amount_fen: row.amount.get(),
        remaining_fen: row.remaining.get(),
        mark: mark(steward, row.id, row.state)?,
    })
}

#[uniffi::export]
impl Courtyard {
    /// The day as it stands on this phone.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`] if the phone is not enrolled, [`CourtyardError::Problem`] while
    /// nobody has signed in on a shared phone, or [`CourtyardError::Store`].
    pub fn today(&self) -> Result<Today, CourtyardError> {
        let steward = self.steward();
        let (village, date) = (steward.village()?, steward.today());
        let filter = SlipFilter {
            village: Some(village),
            from: Some(date),
            to: Some(date),
            limit: u32::MAX,
            ..SlipFilter::default()
        };
        let rows = steward.store().slips(filter)?;
        let counted = || rows.iter().filter(|row| row.state == State::Counted);
        let status = steward.status()?;
        let in_hand = steward.in_hand()?;
        let mut slips = Vec::new();
        for row in &rows {
            slips.push(in_list(&steward, row)?);
        }
        Ok(Today {
            device: steward.device()?.to_string(),
            village: village_name(&steward, village)?,
            date: date.to_string(),
            count: u32::try_from(counted().count()).unwrap_or(u32::MAX),
            net_g: Grams::sum(counted().map(|row| row.net))?.get(),
            settlement_g: Grams::sum(counted().map(|row| row.settlement))?.get(),
            amount_fen: Fen::sum(counted().map(|row| row.amount))?.get(),
            slips,
            float_fen: in_hand.balance.get(),
            advanced_fen: in_hand.advanced.get(),
            waiting: status.counts.waiting_entries.saturating_add(status.counts.waiting_edits),
            last_sync_s: status.last_sync_s,
            slip_open: steward.has_open_slip()?,
            asks_for_day: steward.asks_for_day()?,
            revoked: status.revoked,
        })
    }

    /// How this phone stands: what waits, what was put aside, when it last spoke to the office.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`] if the phone is not enrolled, or [`CourtyardError::Store`].
    pub fn status(&self) -> Result<Status, CourtyardError> {
        let CoreStatus { counts, last_sync_s, reserved, revoked } = self.steward().status()?;
        let Counts {
            waiting_entries,
            waiting_edits,
            blocked_books,
            parked,
            set_aside,
            held,
            newer,
            conflicts,
        } = counts;
        Ok(Status {
            waiting_entries,
            waiting_edits,
            blocked_books,
            parked,
            set_aside,
            held,
            newer,
            conflicts,
            last_sync_s,
            reserved,
            revoked,
        })
    }

    /// Whether the phone's clock is in doubt and nobody has said yet which day it is: ask, and hand
    /// the answer to `confirm_day`.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`] if the phone is not enrolled, or [`CourtyardError::Store`].
    pub fn asks_for_day(&self) -> Result<bool, CourtyardError> {
        Ok(self.steward().asks_for_day()?)
    }

    /// A person says which day it is, such as `2026-07-01`, where the clock is in doubt. It holds
    /// until the phone's clock turns to another day; the open slip gets it too.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] for no date, or [`CourtyardError::Store`].
    pub fn confirm_day(&self, date: String) -> Result<(), CourtyardError> {
        let date = day(&date)?;
        let mut steward = self.steward();
        steward.confirm_day(date)?;
        if let Some(mut draft) = steward.open_slip()? {
            draft.set_visit(steward.visit(draft.visit().grower, Some(date))?);
            steward.keep_open_slip(&draft)?;
        }
        Ok(())
    }

    /// The latest slips of this phone's village, the newest first.
    ///
    /// # Errors
    /// [`CourtyardError::Store`].
    pub fn recent_slips(&self, limit: u32) -> Result<Vec<SlipInList>, CourtyardError> {
        let steward = self.steward();
        let filter = SlipFilter { limit, ..SlipFilter::default() };
        let rows = steward.store().slips(filter)?;
        rows.iter().map(|row| in_list(&steward, row)).collect()
    }
}
