//! What every backend of the log must do: one suite, expanded for each.
//!
//! A backend calls [`log_conformance!`](crate::log_conformance) with an expression that opens a
//! fresh, empty log.

mod cards;
mod keeping;
mod reading;

pub use cards::*;
pub use keeping::*;
pub use reading::*;

use courtyard_core::document::{
    BookId, BookTip, DeviceKey, DistrictId, Edit, Head, OfficeCertificate, RegisterId, Signature,
    Value,
};
use courtyard_core::domain::device::{DeviceCertificate, DeviceRole};
use courtyard_core::domain::{DeviceNo, GrowerId, OperatorNo, PersonNo, VillageNo};

use super::{
    Act, Audience, Card, County, Device, DeviceState, Invitation, Log, LogError, NewBatch,
    NewEditBatch, NumberKind, NumberOf, PageSession, PageUser, SealedNumber, Session, SetAside,
    Transaction, User,
};

/// Expands the suite for a backend: `log_conformance!(sqlite, SqliteLog::open(…))`.
#[macro_export]
macro_rules! log_conformance {
    ($backend:ident, $open:expr) => {
        mod $backend {
            use super::*;
            $crate::log_conformance!(@tests $open;
                a_county_is_kept_as_written
                numbers_follow_the_order_of_commits_across_batches_and_edits
                an_append_at_another_count_changes_nothing
                a_transaction_that_is_dropped_leaves_nothing
                an_undone_mark_leaves_what_came_before_it
                batches_come_to_their_audience_only_and_never_back_to_their_sender
                a_reader_stays_at_one_state
                answers_stop_at_a_size_and_go_on_after_it
                an_erased_edition_is_gone_with_its_parked_and_refused_edits
                the_same_evidence_is_kept_once
                people_and_sessions_come_back
                a_device_was_heard_at_the_latest_time_that_was_noted
                sealed_numbers_are_replaced_listed_and_really_erased
                closed_statements_are_kept_once_and_listed_by_grower
                sessions_of_readers_end
                cards_come_back_and_are_listed_by_grower
                a_household_has_one_card_in_use_and_none_once_erased);
        }
    };
    (@tests $open:expr; $($name:ident)*) => {
        $(#[test]
        fn $name() {
            let (mut log, _keep) = $open;
            $crate::log::conformance::$name(&mut log);
        })*
    };
}

type Done = Result<(), LogError>;

#[expect(clippy::expect_used, reason = "the suite's own assertions")]
fn ran(done: Done) {
    done.expect("the log refused what every log takes");
}

fn device(number: u16) -> DeviceNo {
    DeviceNo::new(number).unwrap_or_default()
}

fn county() -> County {
    let root = DeviceKey::from_seed([1; 32]);
    let office = DeviceKey::from_seed([2; 32]);
    County {
        district: DistrictId([9; 16]),
        root: root.public(),
        office: OfficeCertificate::issue(&root, &office.public()),
        epoch: 1,
        last_number: 0,
        next_device: 1,
        lamport: 0,
        secret: [3; 32],
    }
}

fn known_device(number: u16, role: DeviceRole, village: Option<u16>) -> Device {
    Device {
        certificate: DeviceCertificate {
            device: device(number),
            public_key: [4; 32],
            role,
            village: village.map(VillageNo::new),
            signature: [5; 64],
        },
        state: DeviceState::Active,
        lamport: 7,
        since_ms: 8,
    }
}

fn append(
    tx: &mut dyn Transaction,
    writer: u16,
    start: u32,
    entries: &[Vec<u8>],
    village: Option<u16>,
) -> Result<u64, LogError> {
    let length = u32::try_from(entries.len()).unwrap_or(0);
    tx.append(&NewBatch {
        book: BookId { device: device(writer), number: 0 },
        start,
        entries,
        signature: Signature([6; 64]),
        tip: BookTip { count: start + length, head: Head([7; 32]) },
        village: village.map(VillageNo::new),
        now_ms: 5,
    })
}

fn register(village: u16) -> RegisterId {
    RegisterId { village: VillageNo::new(village), edition: 1 }
}

fn edit(writer: u16, number: u32) -> Edit {
    Edit {
        device: device(writer),
        number,
        deps: Vec::new(),
        assignments: vec![("grower/H-001-1/name/1".to_owned(), Value::Text("王".to_owned()))],
    }
}

fn append_edit(
    tx: &mut dyn Transaction,
    village: u16,
    writer: u16,
    number: u32,
) -> Result<u64, LogError> {
    tx.append_edits(&NewEditBatch {
        register: register(village),
        device: device(writer),
        edits: &[edit(writer, number)],
        head: Some(Head([8; 32])),
        signature: Signature([9; 64]),
        now_ms: 5,
    })
}

fn founded<L: Log>(log: &mut L, then: impl FnOnce(&mut dyn Transaction) -> Done) -> Done {
    let mut tx = log.begin()?;
    tx.put_county(&county())?;
    then(tx.as_mut())?;
    tx.commit()
}

/// The county's record, and devices by role and village.
pub fn a_county_is_kept_as_written<L: Log>(log: &mut L) {
    ran((|| {
        assert_eq!(log.read()?.county()?, None);
        founded(log, |tx| {
            tx.put_device(&known_device(1, DeviceRole::CountyOffice, None))?;
            tx.put_device(&known_device(2, DeviceRole::VillageOffice, Some(1)))?;
            tx.put_device(&known_device(3, DeviceRole::Phone, Some(1)))
        })?;
        let mut tx = log.begin()?;
        let retired = Device {
            state: DeviceState::Retired,
            ..known_device(2, DeviceRole::VillageOffice, Some(1))
        };
        tx.put_device(&retired)?;
        tx.commit()?;

        let reads = log.read()?;
        assert_eq!(reads.county()?, Some(county()));
        assert_eq!(reads.device(device(2))?, Some(retired));
        assert_eq!(reads.devices()?.len(), 3);
        assert_eq!(reads.office_device(None)?.map(|d| d.number()), Some(device(1)));
        assert_eq!(reads.office_device(Some(VillageNo::new(1)))?, None);
        Ok(())
    })());
}

/// One sequence of numbers for batches and edits.
pub fn numbers_follow_the_order_of_commits_across_batches_and_edits<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |tx| {
            assert_eq!(append(tx, 1, 0, &[vec![1]], None)?, 1);
            tx.open_edition(register(1), 0)?;
            assert_eq!(append_edit(tx, 1, 3, 1)?, 2);
            assert_eq!(append(tx, 3, 0, &[vec![2], vec![3]], Some(1))?, 3);
            Ok(())
        })?;
        let reads = log.read()?;
        assert_eq!(reads.county()?.map(|c| c.last_number), Some(3));
        let batches = reads.all_batches_after(0, usize::MAX)?;
        assert_eq!(batches.iter().map(|b| b.number).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(batches.last().map(|b| b.entries.clone()), Some(vec![vec![2], vec![3]]));
        let edits = reads.all_edits_after(0, usize::MAX)?;
        assert_eq!(edits.iter().map(|e| e.number).collect::<Vec<_>>(), [2]);
        assert_eq!(edits.first().map(|e| e.edits.clone()), Some(vec![edit(3, 1)]));
        Ok(())
    })());
}

/// Appends are conditional on the count.
pub fn an_append_at_another_count_changes_nothing<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |tx| append(tx, 1, 0, &[vec![1], vec![2]], None).map(|_| ()))?;
        let mut tx = log.begin()?;
        for start in [0, 1, 3] {
            let moved = append(tx.as_mut(), 1, start, &[vec![9]], None);
            assert!(matches!(moved, Err(LogError::Moved(_))), "at {start}");
        }
        for number in [0, 2] {
            let moved = append_edit(tx.as_mut(), 1, 3, number);
            assert!(matches!(moved, Err(LogError::Moved(_))), "edit {number}");
        }
        tx.commit()?;
        let reads = log.read()?;
        assert_eq!(reads.tip(BookId { device: device(1), number: 0 })?.map(|t| t.count), Some(2));
        assert_eq!(reads.county()?.map(|c| c.last_number), Some(1));
        Ok(())
    })());
}

/// Nothing is kept without a commit.
pub fn a_transaction_that_is_dropped_leaves_nothing<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |_| Ok(()))?;
        let mut tx = log.begin()?;
        append(tx.as_mut(), 1, 0, &[vec![1]], None)?;
        assert!(tx.tip(BookId { device: device(1), number: 0 })?.is_some());
        drop(tx);
        let reads = log.read()?;
        assert_eq!(reads.tip(BookId { device: device(1), number: 0 })?, None);
        assert_eq!(reads.county()?.map(|c| c.last_number), Some(0));
        Ok(())
    })());
}

/// Each request of a group commit stands alone.
pub fn an_undone_mark_leaves_what_came_before_it<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |_| Ok(()))?;
        let mut tx = log.begin()?;
        tx.mark()?;
        append(tx.as_mut(), 1, 0, &[vec![1]], None)?;
        tx.keep()?;
        tx.mark()?;
        append(tx.as_mut(), 2, 0, &[vec![2]], None)?;
        tx.undo()?;
        tx.mark()?;
        assert_eq!(append(tx.as_mut(), 3, 0, &[vec![3]], None)?, 2);
        tx.keep()?;
        tx.commit()?;
        let writers: Vec<_> = log
            .read()?
            .all_batches_after(0, usize::MAX)?
            .iter()
            .map(|b| b.book.device.get())
            .collect();
        assert_eq!(writers, [1, 3]);
        Ok(())
    })());
}
