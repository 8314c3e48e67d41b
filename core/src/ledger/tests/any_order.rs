//! What holds for any history, in whatever order and pieces it arrives.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::history::{acts, entries};
use super::rulings::is_ruling;
use crate::domain::entry::Origin;
use crate::domain::{DeviceNo, Fen, Kind, Rule};
use crate::ledger::audit::{Controls, trial_balance_fen};
use crate::ledger::district::{District, Reach};
use crate::ledger::{
    Arrived, DebtRecord, MemoryRecords, OrderKey, Partition, ReadRecords as _, Records as _,
    Status, apply, digest, fold, refold,
};

/// A replica that folds what comes when it comes, as the store does.
#[derive(Default)]
struct Replica {
    records: MemoryRecords,
    district: District,
    /// What came, each in its place by the rulings so far.
    entries: Vec<Arrived>,
    newest: BTreeMap<Option<Partition>, OrderKey>,
    refolds: usize,
}

impl Replica {
    fn take(&mut self, arrived: &Arrived) {
        let reach = self.district.apply(arrived);
        let mut arrived = arrived.clone();
        self.district.place(&mut arrived);
        self.entries.push(arrived.clone());
        let (partition, key) = (arrived.partition(), arrived.order());
        let newest = self.newest.entry(partition).or_insert(key);
        let in_order = *newest <= key;
        *newest = key.max(*newest);
        match partition {
            Some(partition) if !in_order => self.refold(partition),
            _ => {
                apply(&mut self.records, &arrived).unwrap();
            }
        }
        self.place_again(reach);
    }

    /// Gives every entry its place again and folds what that moved; nothing outside the reach may
    /// have moved.
    fn place_again(&mut self, reach: Option<Reach>) {
        let mut behind = BTreeSet::new();
        for arrived in &mut self.entries {
            let before = arrived.clone();
            self.district.place(arrived);
            if *arrived == before {
                continue;
            }
            assert!(
                reaches(&self.district, reach.unwrap(), &before, arrived),
                "{reach:?}: {before:?}"
            );
            match arrived.partition() {
                Some(partition) => {
                    behind.insert(partition);
                }
                None => {
                    apply(&mut self.records, arrived).unwrap();
                }
            }
        }
        for partition in behind {
            let orders = self.entries.iter().filter(|a| a.partition() == Some(partition));
            let newest = orders.map(Arrived::order).max();
            self.newest.extend(newest.map(|key| (Some(partition), key)));
            self.refold(partition);
        }
    }

    fn refold(&mut self, partition: Partition) {
        self.refolds += 1;
        refold(&mut self.records, partition, &self.entries).unwrap();
    }
}

/// Whether a ruling of this reach may have moved an entry so.
fn reaches(district: &District, reach: Reach, before: &Arrived, after: &Arrived) -> bool {
    let id = before.id;
    match reach {
        Reach::Entry(target) => id == target,
        Reach::Beyond(device, count) => id.device == device && id.sequence.get() > count,
        Reach::Village(village) => {
            let only_order = Arrived { close: before.close, ..after.clone() } == *before;
            let ruled = district.ruled_in(village);
            let cut_off = |&(device, count): &(DeviceNo, u32)| {
                id.device == device && id.sequence.get() > count
            };
            after.village == Some(village)
                && (only_order || ruled.entries.contains(&id) || ruled.cut_off.iter().any(cut_off))
        }
        Reach::Lamports(_) => false,
        Reach::Everything => true,
    }
}

/// These entries, each in its place by the rulings among them, in order.
fn in_place(written: &[Arrived]) -> Vec<Arrived> {
    let district = District::fold(written);
    let mut placed = written.to_vec();
    placed.iter_mut().for_each(|arrived| district.place(arrived));
    placed.sort_by_key(Arrived::order);
    placed
}

fn controls(entries: &[Arrived], records: &MemoryRecords) -> Controls {
    Controls::of(entries.iter().map(|a| {
        let status = records.status(a.partition(), a.id);
        (a, status == Some(&Status::Counted))
    }))
}

proptest! {
    #[test]
    fn arrival_order_and_pieces_change_nothing(
        acts in acts(60),
        order in prop::collection::vec(any::<u32>(), 60),
    ) {
        let written = entries(&acts);
        let whole = fold(&written).unwrap();
        let mut arriving: Vec<(u32, &Arrived)> = order.into_iter().zip(&written).collect();
        arriving.sort_by_key(|(place, _)| *place);
        let mut replica = Replica::default();
        for (_, arrived) in &arriving {
            replica.take(arrived);
        }
        prop_assert_eq!(&replica.records, &whole);
        let partitions = whole.partitions();
        prop_assert_eq!(digest(&replica.records, partitions.clone()).unwrap(), digest(&whole, partitions).unwrap());
    }

    #[test]
    fn entries_that_arrive_in_order_are_never_folded_again(acts in acts(40)) {
        let mut written = entries(&acts);
        // A ruling comes after what it speaks of, and moves it.
        written.retain(|a| !is_ruling(a));
        written.sort_by_key(Arrived::order);
        let mut replica = Replica::default();
        for arrived in &written {
            replica.take(arrived);
        }
        prop_assert_eq!(replica.refolds, 0);
        prop_assert_eq!(&replica.records, &fold(&written).unwrap());
    }

    #[test]
    fn the_books_balance_and_the_auditor_agrees_after_every_act(acts in acts(40)) {
        let written = in_place(&entries(&acts));
        let mut records = MemoryRecords::new();
        for (place, arrived) in written.iter().enumerate() {
            apply(&mut records, arrived).unwrap();
            let partitions = records.partitions();
            prop_assert_eq!(trial_balance_fen(&records, partitions.clone()).unwrap(), 0);
            let controls = controls(&written[..=place], &records);
            prop_assert_eq!(controls.compare(&records, partitions).unwrap(), vec![]);
        }
    }

    #[test]
    fn a_payout_adds_up_and_repays_no_more_than_was_agreed(acts in acts(60)) {
        let records = fold(entries(&acts)).unwrap();
        for grower in records.growers() {
            for payout in records.payouts(grower).unwrap() {
                let effect = &payout.effect;
                let paid = Fen::sum(effect.paid.iter().map(|p| p.amount)).unwrap();
                let repaid = Fen::sum(effect.repayments.iter().map(|r| r.effective)).unwrap();
                if payout.state.ever_counted() {
                    let out = payout.cash.plus(repaid).unwrap();
                    let over = effect.excess.plus(payout.rounding).unwrap();
                    prop_assert_eq!(out, paid.plus(over).unwrap());
                }
                for repayment in effect.repayments.iter().filter(|r| r.effective > Fen::ZERO) {
                    let debt: DebtRecord =
                        records.kept(grower.into(), repayment.debt.key()).unwrap().unwrap();
                    prop_assert!(repayment.effective <= repayment.claimed);
                    prop_assert!(repayment.effective <= debt.share_of(paid).unwrap());
                    prop_assert_eq!(debt.entity, payout.entity);
                    prop_assert!(debt.due <= payout.date);
                }
            }
            for slip in records.slips(grower).unwrap() {
                prop_assert!(slip.remaining >= Fen::ZERO && slip.paid >= Fen::ZERO);
            }
            for debt in records.all_kept::<DebtRecord>(grower.into()).unwrap() {
                prop_assert!(debt.repaid >= Fen::ZERO && debt.left().unwrap() >= Fen::ZERO);
            }
        }
    }

    #[test]
    fn one_partition_is_folded_as_if_no_other_existed(acts in acts(40)) {
        let written = entries(&acts);
        let whole = fold(&written).unwrap();
        for partition in whole.partitions() {
            let own = written.iter().filter(|a| a.partition() == Some(partition) || is_ruling(a));
            let alone = fold(own).unwrap();
            prop_assert_eq!(digest(&alone, [partition]).unwrap(), digest(&whole, [partition]).unwrap());
        }
    }
}

#[test]
fn the_random_histories_count_and_hold_entries_of_every_kind() {
    let mut seen: BTreeMap<(Kind, &str), usize> = BTreeMap::new();
    let mut reasons: BTreeMap<Rule, usize> = BTreeMap::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..900 {
        let written = entries(&acts(60).new_tree(&mut runner).unwrap().current());
        let records = fold(&written).unwrap();
        for arrived in &written {
            let status = records.status(arrived.partition(), arrived.id).unwrap();
            *seen.entry((arrived.entry.body.kind().unwrap(), status.name())).or_default() += 1;
            for reason in status.reasons() {
                *reasons.entry(*reason).or_default() += 1;
            }
        }
    }
    for kind in [
        Kind::Slip,
        Kind::Payout,
        Kind::Void,
        Kind::ContractVersion,
        Kind::MonthClose,
        Kind::HoldDecision,
        Kind::BankReserve,
        Kind::BankApprove,
        Kind::BankFile,
        Kind::BankResult,
        Kind::FloatIssue,
        Kind::FloatAccept,
        Kind::FloatDifference,
        Kind::Deposit,
        Kind::Confirmation,
        Kind::Receipt,
    ] {
        for status in ["counted", "held"] {
            let times = seen.get(&(kind, status)).copied().unwrap_or(0);
            assert!(times > 10, "{kind:?} {status}: {times}");
        }
    }
    // Fixes need a pending line, and they and adjustments the office.
    for (kind, least) in [(Kind::Return, 20), (Kind::Adjustment, 20), (Kind::PriceFix, 5)] {
        for status in ["counted", "held"] {
            let times = seen.get(&(kind, status)).copied().unwrap_or(0);
            assert!(times > least, "{kind:?} {status}: {times}");
        }
    }
    for reason in [
        Rule::ADJUSTMENT_BELOW_ZERO,
        Rule::RETURN_BEYOND_LINE,
        Rule::ENTRY_REISSUED_TWICE,
        Rule::PAYOUT_SLIP_UNKNOWN,
        Rule::RECEIPT_BEYOND_DEBT,
        Rule::DEPOSIT_BEYOND_FIFTH,
        Rule::VOID_REPAID_SINCE,
        Rule::VOID_ALREADY_VOIDED,
        Rule::VOID_NEEDS_SECOND_PERSON,
        Rule::CONTRACT_VERSION_OUT_OF_TURN,
        Rule::ENTRY_AFTER_REVOCATION,
        Rule::CLOSE_MONTH_NOT_NEXT,
        Rule::HOLD_TARGET_CLOSED,
    ] {
        assert!(reasons.contains_key(&reason), "{reason}");
    }
}

#[test]
fn the_one_that_comes_first_in_the_order_of_everything_counts_of_an_origin() {
    let acts = acts(60).new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let slips = entries(&acts);
    let original = slips
        .into_iter()
        .find(|a| {
            fold([a]).unwrap().growers().len() == 1
                && a.entry.body.kind() == Some(Kind::Slip)
                && a.entry.envelope.reissue_of.is_none()
                && fold([a]).unwrap().status(a.partition(), a.id) == Some(&Status::Counted)
        })
        .unwrap();
    let partition = original.partition();
    for before in [true, false] {
        let mut again = original.clone();
        again.id.sequence = crate::domain::Sequence::new(500);
        again.entry.envelope.lamport = if before { 0 } else { 1_000 };
        again.entry.envelope.reissue_of = Some(Origin { id: original.id, hash: original.hash });
        let records = fold([&original, &again]).unwrap();
        let held = Status::Held(vec![Rule::ENTRY_REISSUED_TWICE]);
        let (first, second) = if before { (&again, &original) } else { (&original, &again) };
        assert_eq!(records.status(partition, first.id), Some(&Status::Counted));
        assert_eq!(records.status(partition, second.id), Some(&held));
    }
}

#[test]
fn a_digest_changes_with_any_record() {
    let acts = acts(60).new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let written = entries(&acts);
    let whole = fold(&written).unwrap();
    let partitions = whole.partitions();
    let counted = written.iter().rposition(|a| {
        matches!(a.entry.body.kind(), Some(Kind::Slip | Kind::Payout | Kind::Prepayment))
            && whole.status(a.partition(), a.id) == Some(&Status::Counted)
    });
    let mut fewer = written;
    fewer.remove(counted.unwrap());
    let less = fold(&fewer).unwrap();
    assert_ne!(digest(&whole, partitions.clone()).unwrap(), digest(&less, partitions).unwrap());
}
