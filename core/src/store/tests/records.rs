//! The fold's records in tables come back as in memory.

use super::world::*;
use crate::domain::{BasisPoints, Fen, Grams};
use crate::ledger::{
    DebtKind, DebtRecord, LineChange, Partition, ReadRecords as _, Records as _, SlipRecord, State,
};
use crate::store::records::{SqlRecords, Sums};

fn debt(saved: &crate::store::Saved, kind: DebtKind) -> DebtRecord {
    DebtRecord {
        id: saved.id,
        hash: saved.hash,
        grower: grower(5, 1),
        entity: ENTITY,
        village: Some(VILLAGE),
        date: "2020-07-01".parse().unwrap(),
        kind,
        contract: None,
        amount: Fen::new(10_000),
        repaid: Fen::ZERO,
        due: "2020-09-01".parse().unwrap(),
        share: BasisPoints::new(5_000),
        confirmed: None,
        disputed: false,
        state: State::Held,
        source: None,
        operator: Default::default(),
    }
}

#[test]
fn records_come_back_in_order_within_their_partition_and_are_cleared_with_it() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    let first = save(&mut store, &phone, slip(grower(5, 1), 2_000));
    let second = save(&mut store, &phone, slip(grower(5, 1), 3_000));
    let whole = store.digests(VILLAGE).unwrap();
    let transaction = store.reader().unchecked_transaction().unwrap();
    let mut sums = Sums::default();
    let mut records = SqlRecords::new(&transaction, &mut sums);
    let partition = Partition::Grower(grower(5, 1));
    let cash = Partition::Cash { entity: ENTITY, village: Some(VILLAGE) };
    for debt in [debt(&second, DebtKind::Refund), debt(&first, DebtKind::Deposit)] {
        records.put_record(partition, debt.into()).unwrap();
    }
    records.put_record(cash, debt(&first, DebtKind::Prepayment).into()).unwrap();
    let repaid = DebtRecord { repaid: Fen::new(1), ..debt(&first, DebtKind::Deposit) };
    records.put_record(partition, repaid.clone().into()).unwrap();
    let listed = records.all_kept::<DebtRecord>(partition).unwrap();
    assert_eq!(listed, [repaid.clone(), debt(&second, DebtKind::Refund)]);
    assert_eq!(records.kept(partition, first.id.key()).unwrap(), Some(repaid));
    assert_ne!(store.digests(VILLAGE).unwrap().ledger, whole.ledger);
    records.clear(partition).unwrap();
    assert_eq!(records.records(partition).unwrap(), []);
    assert_eq!(records.records(cash).unwrap().len(), 1);
}

#[test]
fn the_sums_follow_every_change_of_a_slip_and_end_with_it() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    let saved = save(&mut store, &phone, slip(grower(5, 1), 2_000));
    save(&mut store, &phone, slip(grower(5, 2), 3_000));
    let transaction = store.reader().unchecked_transaction().unwrap();
    let whole = sums_of(&transaction);
    assert_eq!((whole.len(), &whole), (4, &scanned(&transaction)));
    let printed = SqlRecords::reader(&transaction).slip(grower(5, 1), saved.id).unwrap().unwrap();
    let mut returned = SlipRecord { remaining: Fen::new(500), ..printed.clone() };
    let change = |line: &mut LineChange| {
        line.returned_amount = Fen::new(96);
        Ok(())
    };
    returned.changes.change_line(0, change).unwrap();
    let voided = SlipRecord { state: State::Voided { by: saved.id }, ..printed.clone() };
    for change in [returned, voided, printed.clone()] {
        let mut sums = Sums::default();
        SqlRecords::new(&transaction, &mut sums).put_slip(change).unwrap();
        sums.write(&transaction).unwrap();
        assert_eq!(sums_of(&transaction), scanned(&transaction));
    }
    assert_eq!(sums_of(&transaction), whole);
    let mut sums = Sums::default();
    let mut records = SqlRecords::new(&transaction, &mut sums);
    records.clear(Partition::Grower(grower(5, 1))).unwrap();
    records.remove_slip(saved.id, None).unwrap();
    sums.write(&transaction).unwrap();
    assert_eq!(sums_of(&transaction), scanned(&transaction));
    assert_eq!(sums_of(&transaction).len(), 3);
}

#[test]
fn what_later_entries_change_of_a_slip_comes_back_and_is_null_when_nothing_changed() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    let saved = save(&mut store, &phone, slip(grower(5, 1), 2_000));
    let transaction = store.reader().unchecked_transaction().unwrap();
    let mut sums = Sums::default();
    let mut records = SqlRecords::new(&transaction, &mut sums);
    let printed = records.slip(grower(5, 1), saved.id).unwrap().unwrap();
    let mut changed = SlipRecord { reserved: Fen::new(500), ..printed.clone() };
    changed.changes.adjusted = Fen::new(-20);
    changed
        .changes
        .change_line(0, |line: &mut LineChange| {
            line.returned = Grams::new(300);
            line.returned_amount = Fen::new(96);
            line.fixed = Some(Fen::new(700));
            line.fixed_segments = printed.lines[0].segments.clone();
            Ok(())
        })
        .unwrap();
    records.put_slip(changed.clone()).unwrap();
    assert_eq!(records.slip(grower(5, 1), saved.id).unwrap(), Some(changed.clone()));
    assert_eq!(records.slips(grower(5, 1)).unwrap(), [changed]);
    records.put_slip(printed.clone()).unwrap();
    assert_eq!(records.slips(grower(5, 1)).unwrap(), [printed]);
    let nulls: u32 = transaction
        .query_row("SELECT count(*) FROM slips WHERE changes IS NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(nulls, 1);
}
