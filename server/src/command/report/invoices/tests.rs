use courtyard_core::domain::confirmation::{Confirmation, Means};
use courtyard_core::domain::payout::{Allocation, Payout, Recipient};
use courtyard_core::domain::{Body, DeviceNo, EntryId, OperatorNo, VillageNo};
use serde_json::Value;

use super::*;
use crate::command::place::tests::node;
use crate::command::report::tests::slip;
use crate::office::acting::Role;
use crate::office::correct;
use crate::office::publish::Stamp;
use crate::office::sealed::SealingKey;

const VILLAGE: VillageNo = VillageNo::new(1);
/// A made-up number whose check character fits.
const ID: &str = "11010519491231002X";

fn household(number: u32) -> GrowerId {
    GrowerId::new(DeviceNo::new(2).unwrap(), number)
}

/// Written by somebody at the village's office on a day.
fn write(node: &mut Node, day: &str, body: Body) -> EntryId {
    let ids = node.act(|office, tx, now_ms, _| {
        let date = day.parse().unwrap();
        let stamp = Stamp { operator: OperatorNo::new(90), date, ..Stamp::today(now_ms) };
        office.publish(tx, Some(VILLAGE), &[body], stamp)
    });
    *ids.unwrap().first().unwrap()
}

fn pay(node: &mut Node, day: &str, slip: EntryId, grower: u32, to: Recipient) -> EntryId {
    let amount = Fen::new(3_621);
    let body = Payout {
        grower: household(grower),
        cash: amount,
        allocations: vec![Allocation { slip, amount }],
        rounding: Fen::ZERO,
        repayments: Vec::new(),
        recipient: to,
    };
    write(node, day, body.into())
}

/// A slip of 36.21 of this household, and if somebody got money for it, its payout.
fn bought(node: &mut Node, day: &str, grower: u32, to: Option<Recipient>) -> (EntryId, EntryId) {
    let body = slip(household(grower), 12_852, 3_621);
    let slip = write(node, day, body);
    (slip, to.map_or(slip, |to| pay(node, day, slip, grower, to)))
}

fn proxy() -> Recipient {
    Recipient { proxy: Some(PersonNo::new(1)), ..Recipient::default() }
}

/// 王秀英 with her ID number sealed, 李国华 without one; a clerk and a reviewer.
fn staffed() -> (Node, tempfile::TempDir) {
    let (mut node, folder) = node();
    node.add_village("石桥村", None).unwrap();
    let field = |key: &str, value: &str| {
        (format!("grower/{key}"), courtyard_core::document::Value::from(value))
    };
    let wang = vec![
        field("H-002-1/name/1", "王秀英"),
        field("H-002-1/address", "石桥村三组"),
        field("H-002-1/phone", "13800000000"),
    ];
    let rows = vec![wang, vec![field("H-002-2/name/1", "李国华")]];
    node.edit_register(VILLAGE, rows).unwrap();
    node.put_user("王经办", "clerk", "long enough").unwrap();
    node.put_user("李审核", "reviewer", "long enough").unwrap();
    let key = SealingKey::make(crate::rng::system().as_mut());
    let text = hex::encode(key.private);
    crate::folder::write_secret(&node.folder().sealing_key(), text.as_bytes()).unwrap();
    node.act(|office, tx, now_ms, rng| {
        tx.put_sealing_key(&key.public)?;
        let grower = household(1);
        let of = NumberOf { grower, person: PersonNo::default(), kind: NumberKind::Id };
        office.put_number(tx, of, ID, "王经办", None, now_ms, rng.as_mut())
    })
    .unwrap();
    (node, folder)
}

fn ask(node: &mut Node, month: &str, by: &str) -> Value {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        asked: Asked,
    }
    let data = node.folder().path().to_str().unwrap().to_owned();
    let line = ["report", "--month", month, "--by", by, "--data", &data];
    let line: Line = clap::Parser::try_parse_from(line).unwrap();
    let document = line.asked.of_node(node).unwrap();
    let mut json = document.json().unwrap();
    json["notes"] = document.notes.join("\n").into();
    json
}

/// Each slip with the reason why it may not be invoiced.
fn barred(found: &Value) -> Vec<(String, String)> {
    let word = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = found["not_invoiceable"].as_array().unwrap().iter();
    rows.map(|row| (word(row, "slip"), word(row, "reason"))).collect()
}

#[test]
fn a_paid_slip_is_invoiceable_with_the_sellers_whole_data_and_each_look_is_in_the_audit() {
    let (mut node, _folder) = staffed();
    let (paid, _) = bought(&mut node, "2026-07-01", 1, Some(Recipient::default()));
    let found = ask(&mut node, "2026-07", "王经办");
    let line = &found["lines"][0];
    assert_eq!((&line["slip"], &line["seller"]), (&paid.to_string().into(), &"王秀英".into()));
    assert_eq!(
        (&line["id_number"], &line["address"], &line["phone"]),
        (&ID.into(), &"石桥村三组".into(), &"13800000000".into())
    );
    assert_eq!(
        (&line["weight_g"], &line["price_li_per_kg"], &line["amount_fen"]),
        (&11_352.into(), &3_190.into(), &3_621.into())
    );
    assert_eq!(found["total"]["amount_fen"], 3_621);
    assert_eq!((barred(&found).len(), &found["notes"]), (0, &"".into()));
    let looks = |node: &mut Node| {
        let acts = node.read().unwrap().acts(1_000).unwrap();
        acts.iter().filter(|act| act.act == "number.reveal").count()
    };
    assert_eq!(looks(&mut node), 1);
    // A month without slips opens no number.
    assert_eq!(ask(&mut node, "2026-05", "王经办")["lines"], serde_json::json!([]));
    assert_eq!(looks(&mut node), 1);
}

#[test]
fn who_may_not_see_whole_numbers_and_who_has_no_key_read_the_last_four() {
    let (mut node, _folder) = staffed();
    bought(&mut node, "2026-07-01", 1, Some(Recipient::default()));
    let found = ask(&mut node, "2026-07", "李审核");
    assert_eq!(found["lines"][0]["id_number"], "…002X");
    assert!(found["notes"].as_str().unwrap().contains("may not see whole numbers"));
    let key = node.folder().sealing_key();
    std::fs::remove_file(&key).unwrap();
    let found = ask(&mut node, "2026-07", "王经办");
    assert_eq!(found["lines"][0]["id_number"], "…002X");
    assert!(found["notes"].as_str().unwrap().contains("--identity"));
}

#[test]
fn what_may_not_be_invoiced_is_listed_with_its_reason() {
    let (mut node, _folder) = staffed();
    let day = "2026-07-01";
    let (unpaid, _) = bought(&mut node, day, 1, None);
    let son = Recipient { payee: PersonNo::new(1), proxy: None };
    let (other, _) = bought(&mut node, day, 1, Some(son));
    let (taken, payout) = bought(&mut node, day, 1, Some(proxy()));
    let (nameless, _) = bought(&mut node, day, 2, Some(Recipient::default()));
    let found = ask(&mut node, "2026-07", "王经办");
    let of = |slip: EntryId, reason: &str| (slip.to_string(), reason.to_owned());
    assert_eq!(
        barred(&found),
        [
            of(unpaid, "unpaid"),
            of(other, "payee_is_not_seller"),
            of(taken, "proxy_unconfirmed"),
            of(nameless, "no_id_number"),
        ]
    );
    assert_eq!(found["not_invoiceable"][2]["because"], payout.to_string());
    assert_eq!(found["lines"], serde_json::json!([]));
    // Her own word that the money came makes it invoiceable.
    let target_hash = node.view().unwrap().store().entry(payout).unwrap().unwrap().arrived.hash;
    let word = Confirmation {
        grower: household(1),
        target: payout,
        target_hash,
        person: PersonNo::default(),
        means: Means::Paper,
        agrees: true,
    };
    write(&mut node, day, word.into());
    let found = ask(&mut node, "2026-07", "王经办");
    assert_eq!(found["lines"][0]["slip"], taken.to_string());
    assert_eq!(barred(&found).len(), 3);
}

#[test]
fn a_paid_slip_voided_after_its_month_needs_a_red_letter_and_is_named_in_both_months() {
    let (mut node, _folder) = staffed();
    let (slip, _) = bought(&mut node, "2026-06-15", 1, Some(Recipient::default()));
    let (unpaid, _) = bought(&mut node, "2026-06-15", 1, None);
    for target in [slip, unpaid] {
        let view = node.view().unwrap();
        let void = correct::void(view.store(), target, "品种选错", None).unwrap();
        node.act_as("王经办", Role::CLERKS, |deed| {
            correct::write(view.store(), deed, vec![void], None)
        })
        .unwrap();
    }
    for month in ["2026-06", "2026-07"] {
        let found = ask(&mut node, month, "王经办");
        // What was never paid was never invoiced.
        assert_eq!(barred(&found), [(slip.to_string(), "voided_after_issue".to_owned())]);
        assert_eq!(found["not_invoiceable"][0]["amount_fen"], 3_621);
        assert!(found["notes"].as_str().unwrap().contains("red-letter"));
    }
    assert_eq!(barred(&ask(&mut node, "2026-08", "王经办")), []);
}
