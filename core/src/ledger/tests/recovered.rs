//! A slip that was taken over from paper is the same slip, in whatever order it and its phone come.

use crate::domain::device::{DeviceCertificate, DeviceRole};
use crate::domain::payout::{Allocation, Payout};
use crate::domain::recovered::RecoveredEntry;
use crate::domain::revocation::DeviceRevocation;
use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::{
    Body, Clock, DeviceNo, EntityNo, Entry, EntryHash, EntryId, Envelope, Fen, Grade, Grams,
    GrowerId, LiPerKg, OperatorNo, ProductNo, Rule, Sequence, VillageNo,
};
use crate::ledger::{Arrived, MemoryRecords, Partition, digest, fold};

const LOST: u16 = 2;
const OFFICE: u16 = 3;
const COUNTY: u16 = 4;

fn device(number: u16) -> DeviceNo {
    DeviceNo::new(number).unwrap()
}

fn grower() -> GrowerId {
    GrowerId::new(device(LOST), 1)
}

fn partition() -> Partition {
    Partition::Grower(grower())
}

/// An entry of this device at this place.
fn entry(number: u16, sequence: u32, lamport: u64, body: impl Into<Body>) -> Arrived {
    let envelope = Envelope {
        lamport,
        date: "2026-07-01".parse().unwrap(),
        clock: Clock::default(),
        entity: EntityNo::new(1),
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    let entry = Entry { envelope, body: body.into() };
    let role = match number {
        OFFICE => DeviceRole::VillageOffice,
        COUNTY => DeviceRole::CountyOffice,
        _ => DeviceRole::Phone,
    };
    let village = (number != COUNTY).then_some(VillageNo::new(2));
    let id = EntryId::new(device(number), sequence);
    Arrived::new(id, EntryHash::of(&entry.encode()), role, village, entry)
}

fn slip(sequence: u32, lamport: u64, net_g: i64) -> Arrived {
    let weight = Grams::new(net_g);
    let price = LiPerKg::new(1_000);
    let mut line = Line {
        product: ProductNo::new(1),
        grade: Grade::default(),
        weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
        deductions: Vec::new(),
        segments: vec![Segment { weight, price, reason: PriceReason::Stated }],
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().unwrap();
    let slip =
        Slip { grower: grower(), lines: vec![line], price_list: None, visit: Default::default() };
    entry(LOST, sequence, lamport, slip)
}

/// The office takes this entry over, as the paper shows it.
fn recovered(sequence: u32, lamport: u64, original: &Arrived) -> Arrived {
    let certificate = DeviceCertificate {
        device: original.id.device,
        public_key: [1; 32],
        role: original.role,
        village: original.village,
        signature: [2; 64],
    };
    let recovered = RecoveredEntry {
        certificate,
        sequence: Sequence::new(original.id.sequence.get()),
        previous: [3; 32],
        entry: original.entry.encode(),
        signature: [4; 64],
        office_key: [5; 32],
        office_signature: [6; 64],
    };
    entry(OFFICE, sequence, lamport, recovered)
}

fn payout(sequence: u32, lamport: u64, slip: EntryId, fen: i64) -> Arrived {
    let amount = Fen::new(fen);
    let payout = Payout {
        grower: grower(),
        cash: amount,
        allocations: vec![Allocation { slip, amount }],
        rounding: Fen::ZERO,
        repayments: Vec::new(),
        recipient: Default::default(),
    };
    entry(LOST, sequence, lamport, payout)
}

fn revoked(count: u32, lamport: u64) -> Arrived {
    let reason = "手机丢失".into();
    entry(COUNTY, 1, lamport, DeviceRevocation { device: device(LOST), count, reason })
}

fn digest_of(entries: &[Arrived]) -> [u8; 32] {
    digest(&fold(entries).unwrap(), [partition()]).unwrap()
}

fn reasons(records: &MemoryRecords, id: EntryId) -> Vec<Rule> {
    let status = records.status(Some(partition()), id);
    status.map(|status| status.reasons().to_vec()).unwrap_or_default()
}

/// Every order of the entries gives the same ledger.
fn in_any_order(entries: &[Arrived]) {
    let first = digest_of(entries);
    let mut turned = entries.to_vec();
    for _ in 0..entries.len() {
        turned.rotate_left(1);
        assert_eq!(digest_of(&turned), first);
        let mut swapped = turned.clone();
        swapped.swap(0, 1);
        assert_eq!(digest_of(&swapped), first);
    }
}

#[test]
fn a_slip_from_paper_counts_under_its_own_number_whether_its_phone_comes_back_or_not() {
    let lost = slip(7, 10, 5_000);
    let all = [revoked(4, 20), payout(8, 11, lost.id, 300), recovered(1, 30, &lost), lost.clone()];
    let without = &all[..3];
    in_any_order(without);
    in_any_order(&all);
    // The payout lies beyond the revocation; the slip was vouched for by the office.
    let records = fold(without).unwrap();
    assert!(reasons(&records, lost.id).is_empty());
    assert_eq!(reasons(&records, all[1].id), [Rule::ENTRY_AFTER_REVOCATION]);
    assert_eq!(records.slips_of(grower()).map(|slip| slip.id).collect::<Vec<_>>(), [lost.id]);
    assert_eq!(digest_of(without), digest_of(&all), "also if the phone comes back");
}

#[test]
fn an_original_that_comes_back_and_differs_is_held_and_the_paper_counts() {
    let paper = slip(7, 10, 5_000);
    let copy = slip(7, 12, 9_000);
    let all = [recovered(1, 30, &paper), copy.clone(), slip(6, 9, 1_000)];
    in_any_order(&all);
    let records = fold(&all).unwrap();
    assert_eq!(reasons(&records, copy.id), [Rule::ENTRY_DIFFERS_FROM_RECOVERED]);
    let slips: Vec<_> = records.slips_of(grower()).map(|slip| (slip.id, slip.hash)).collect();
    assert!(slips.contains(&(paper.id, paper.hash)), "{slips:?}");
    assert!(!slips.contains(&(copy.id, copy.hash)));
}

#[test]
fn the_same_paper_twice_is_one_slip_and_other_content_under_its_number_is_held() {
    let paper = slip(7, 10, 5_000);
    let again = recovered(2, 31, &paper);
    let other = recovered(3, 32, &slip(7, 11, 8_000));
    let all = [recovered(1, 30, &paper), again.clone(), other.clone()];
    in_any_order(&all);
    let records = fold(&all).unwrap();
    assert_eq!(records.slips_of(grower()).count(), 1);
    assert!(reasons(&records, again.id).is_empty());
    assert_eq!(reasons(&records, other.id), [Rule::ENTRY_DIFFERS_FROM_RECOVERED]);
}

#[test]
fn a_phone_cannot_take_over_what_another_wrote_nor_one_village_another_s_slip() {
    let paper = slip(7, 10, 5_000);
    let mut by_phone = recovered(1, 30, &paper);
    by_phone.role = DeviceRole::Phone;
    let mut elsewhere = recovered(2, 31, &paper);
    elsewhere.village = Some(VillageNo::new(9));
    for (entry, rule) in
        [(by_phone, Rule::ENTRY_NOT_FOR_THIS_DEVICE), (elsewhere, Rule::RECOVERED_OTHER_VILLAGE)]
    {
        let records = fold([&entry]).unwrap();
        assert_eq!(records.slips_of(grower()).count(), 0);
        assert_eq!(reasons(&records, entry.id), [rule]);
    }
}
