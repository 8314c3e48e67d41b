//! What was signed, but does not add up.

use super::county::*;
use crate::document::issue_device_certificate;
use crate::domain::device::DeviceRole;
use crate::domain::{DeviceNo, EntryId, Fen, Rule};
use crate::ledger::lamport::LAMPORT_JUMP;

#[test]
fn a_slip_that_does_not_add_up_is_named_and_held_and_the_books_stay_sound() {
    let county = County::new(1);
    let mut entries = slips(5);
    let mut wrong = slip(3, 20_000);
    wrong.lines[0].amount = Fen::new(1);
    entries[2] = entry(3, wrong);
    let report = county.check(&county.write(phone(), &entries, 5));
    let named: Vec<_> = report.wrong_slips.iter().map(|slip| slip.slip).collect();
    assert_eq!(named, [EntryId::new(phone(), 3)]);
    assert!(report.wrong_slips[0].rules.contains(&Rule::PURCHASE_AMOUNT_DISAGREES));
    assert_eq!((report.held, report.slips), (1, 5));
    assert!(report.is_sound() && report.controls_agree());
}

#[test]
fn a_report_with_a_difference_is_not_sound() {
    let county = County::new(1);
    let mut report = county.check(&county.write(phone(), &slips(5), 5));
    assert!(report.is_sound());
    report.trial_balance_fen = 1;
    assert!(!report.is_sound());
    report.trial_balance_fen = 0;
    report.overflow = true;
    assert!(!report.is_sound());
}

#[test]
fn a_jump_of_the_lamport_number_is_held_as_in_the_ledger() {
    let county = County::new(1);
    let mut entries = slips(5);
    entries[1] = entry(1 << 40, slip(2, 20_000));
    let report = county.check(&county.write(phone(), &entries, 5));
    assert_eq!(report.held, 1);
    assert!(report.is_sound());
}

#[test]
fn entries_of_a_device_without_certificate_are_counted_but_not_folded() {
    let county = County::new(1);
    let stranger = DeviceNo::new(5).unwrap();
    let report = county.check(&county.write(stranger, &slips(4), 4));
    assert_eq!((report.entries, report.slips, report.broken.len()), (4, 0, 1));
}

#[test]
fn a_phones_first_number_is_measured_from_its_certificate_though_that_stands_in_a_later_book() {
    let mut county = County::new(1);
    let office = DeviceNo::MAX;
    let (key, role) = (key(office).public(), DeviceRole::CountyOffice);
    let certificate =
        issue_device_certificate(&county.office, &county.district(), office, &key, role, None);
    county.certificates.push(certificate);
    let far = 9 * LAMPORT_JUMP;
    let bought: Vec<_> = (1..=3).map(|n| entry(far + n, slip(n, 20_000))).collect();
    let phones = county.write(phone(), &bought, 3);
    assert_eq!(county.check(&phones).held, 3);
    let vouches = [entry(far, county.certificates[0].clone())];
    let books = [phones, county.write(office, &vouches, 1)].concat();
    let report = county.check(&books);
    assert_eq!((report.held, report.is_sound()), (0, true));
}
