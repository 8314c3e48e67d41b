//! Closes over the real log and view, with paper slips of the village's office.

use std::sync::Arc;

use courtyard_core::document::{DeviceKey, DistrictId, sign_enrolment};
use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Source, Visit, Weighing};
use courtyard_core::domain::{
    Body, BusinessDate, DeviceNo, EntityNo, Grade, Grams, GrowerId, LiPerKg, ProductNo,
};
use courtyard_core::ledger::{Statement, merkle};
use courtyard_core::wire::EnrolRequest;

use super::*;
use crate::clock::SetClock;
use crate::command::place::failure;

/// 2020-08-03 in Shanghai.
const AUGUST_MS: i64 = 1_596_412_800_000;
const PASSWORD: &str = "long enough";

struct County {
    node: Node,
    clock: SetClock,
    village: VillageNo,
    _folder: tempfile::TempDir,
}

impl County {
    fn new() -> County {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(AUGUST_MS);
        let mut node =
            Node::open(folder.path(), Arc::new(clock.clone()), crate::rng::system()).unwrap();
        node.put_user("王经办", "clerk", PASSWORD).unwrap();
        node.put_user("李审核", "reviewer", PASSWORD).unwrap();
        let village = node.add_village("石桥村", None).unwrap();
        County { node, clock, village, _folder: folder }
    }

    fn slip(&mut self, counter: u32, date: &str, reason: PriceReason) -> EntryId {
        let on = On {
            village: Some(self.village),
            entity: EntityNo::default(),
            date: Some(date.parse().unwrap()),
        };
        let body = slip(counter, reason);
        let ids = self.node.act_as("王经办", Role::CLERKS, |deed| deed.write(on, &[body]));
        ids.unwrap()[0]
    }

    fn close(&mut self, month: &str) -> Result<Closed, String> {
        let village = self.village;
        let done = self.node.close_month(village, month.parse().unwrap(), "王经办", "李审核");
        done.map_err(|error| failure(error).text().to_owned())
    }

    fn statements(&mut self, month: &str) -> Vec<(GrowerId, Vec<u8>)> {
        let reads = self.node.read().unwrap();
        reads.closed_statements(self.village, month.parse().unwrap()).unwrap()
    }
}

fn slip(counter: u32, reason: PriceReason) -> Body {
    let weight = Grams::new(10_000);
    let mut line = Line {
        product: ProductNo::new(1),
        grade: Grade::default(),
        weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
        deductions: Vec::new(),
        segments: vec![Segment { weight, price: LiPerKg::new(3_000), reason }],
        amount: Default::default(),
        contract: None,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().unwrap();
    let visit = Visit { source: Source::Paper, ..Visit::default() };
    let grower = GrowerId::new(DeviceNo::new(40).unwrap(), counter);
    Slip { grower, lines: vec![line], price_list: None, visit }.into()
}

#[test]
fn a_close_names_positions_estimates_and_the_root_of_its_statements() {
    let mut county = County::new();
    county.slip(1, "2020-07-01", PriceReason::Stated);
    let pending = county.slip(2, "2020-07-02", PriceReason::Pending);
    county.slip(2, "2020-08-02", PriceReason::Stated);
    let closed = county.close("2020-07").unwrap();
    assert_eq!(closed.close.positions.len(), 1);
    assert_eq!((closed.close.entries, closed.statements), (3, 2));
    assert_eq!(closed.close.estimates.iter().map(|e| e.slip).collect::<Vec<_>>(), [pending]);
    let kept = county.statements("2020-07");
    let leaves: Vec<&[u8]> = kept.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    assert_eq!(closed.close.root, merkle::root(&leaves));
    let second = Statement::decode(&kept[1].1).unwrap();
    // August's slip stands in August's books, though the close covers it.
    assert_eq!(second.slips.len(), 1);
    assert_eq!(second.sums[0].estimated.get(), 3_000);
}

#[test]
fn a_month_without_movement_states_what_is_still_open_at_its_end() {
    let mut county = County::new();
    county.slip(1, "2020-06-01", PriceReason::Stated);
    county.close("2020-06").unwrap();
    assert_eq!(county.close("2020-07").unwrap().statements, 1);
    let of = |county: &mut County, month: &str| {
        Statement::decode(&county.statements(month).first().unwrap().1).unwrap()
    };
    let (june, july) = (of(&mut county, "2020-06"), of(&mut county, "2020-07"));
    assert!(july.slips.is_empty() && july.rows.is_empty());
    assert_eq!(july.sums[0].unpaid, june.sums[0].unpaid);
    assert!(july.sums[0].unpaid.get() > 0);
}

#[test]
fn what_comes_after_a_close_is_late_and_the_closed_statement_stays_byte_for_byte() {
    let mut county = County::new();
    county.slip(1, "2020-07-01", PriceReason::Stated);
    county.close("2020-07").unwrap();
    let before = county.statements("2020-07");
    let late = county.slip(1, "2020-07-03", PriceReason::Stated);
    assert_eq!(county.statements("2020-07"), before);
    let view = county.node.view().unwrap();
    let stored = view.store().entry(late).unwrap().unwrap();
    let district = view.store().district().unwrap();
    assert_eq!(district.posting_month(&stored.arrived).to_string(), "2020-08");
    assert!(district.is_late(&stored.arrived));
}

#[test]
fn a_month_is_closed_once_by_two_persons_and_not_before_it_is_over() {
    let mut county = County::new();
    county.slip(1, "2020-07-01", PriceReason::Stated);
    let alone =
        county.node.close_month(county.village, "2020-07".parse().unwrap(), "李审核", "李审核");
    assert!(failure(alone.unwrap_err()).text().contains("entry.same_person"));
    assert!(county.close("2020-08").unwrap_err().contains("not over"));
    county.close("2020-07").unwrap();
    assert!(county.close("2020-07").unwrap_err().contains("closed already"));
    assert!(county.close("2020-06").unwrap_err().contains("closed already"));
    assert_eq!(BusinessDate::at(AUGUST_MS / 1_000).to_string(), "2020-08-03");
}

#[test]
fn case_11_the_close_names_the_phones_that_have_not_spoken_since_the_month_ended() {
    const JULY_20_MS: i64 = AUGUST_MS - 14 * 86_400_000;
    let mut county = County::new();
    county.slip(1, "2020-07-01", PriceReason::Stated);
    let district = DistrictId::of(&county.node.root().unwrap());
    // One phone was last heard of in July, another in August.
    let phones = [(7, JULY_20_MS), (8, AUGUST_MS)].map(|(seed, at_ms)| {
        let key = DeviceKey::from_seed([seed; 32]);
        county.clock.set(at_ms);
        let village = county.village;
        let enrolled = county.node.act(|office, tx, now_ms, rng| {
            let invitation = office.invite(tx, village, now_ms, rng.as_mut())?.to_vec();
            let signature = sign_enrolment(&key, &district, &invitation);
            let request = EnrolRequest { invitation, public_key: key.public(), signature };
            office.enrol(tx, &request, now_ms)
        });
        enrolled.unwrap().certificate.device
    });
    let closed = county.close("2020-07").unwrap();
    assert_eq!(closed.close.missing, [phones[0]]);
}
