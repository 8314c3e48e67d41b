use std::path::Path;

use courtyard_core::document::{
    Actor, BookId, DeviceKey, Signature, append, issue_device_certificate, open_book,
};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::payout::{Allocation, Payout};
use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use courtyard_core::domain::void::Void;
use courtyard_core::domain::{
    Body, BusinessDate, Clock, DeviceNo, EntityNo, Entry, EntryHash, EntryId, Envelope, Fen, Grade,
    Grams, GrowerId, LiPerKg, Month, OperatorNo, ProductNo, VillageNo,
};

use super::slips::Wanted;
use super::*;
use crate::command::place::tests::{MORNING_MS, node};
use crate::command::table::Table;
use crate::folder::read_key;
use crate::log::{Device, DeviceState, NewBatch};
use crate::node::Node;

const PHONE: u16 = 100;

fn grower(text: &str) -> GrowerId {
    text.parse().unwrap()
}

/// A slip of one line at 3.19 元/kg, of a product of the catalogue.
pub(crate) fn slip(grower: GrowerId, gross_g: i64, amount_fen: i64) -> Body {
    let net = Grams::new(gross_g - 1_500);
    let weighing = Weighing { gross: Grams::new(gross_g), tare: Grams::new(1_500) };
    let price = LiPerKg::new(3_190);
    let line = Line {
        product: ProductNo::new(1),
        grade: Grade::default(),
        weighings: vec![weighing],
        deductions: Vec::new(),
        segments: vec![Segment { weight: net, price, reason: PriceReason::Stated }],
        amount: Fen::new(amount_fen),
        contract: None,
        marks: Default::default(),
    };
    Slip { grower, lines: vec![line], price_list: None, visit: Default::default() }.into()
}

/// What a phone wrote on 2026-07-02, accepted into the log.
fn accept(node: &mut Node, bodies: &[Body]) {
    let day = "2026-07-02".parse().unwrap();
    accept_dated(node, &bodies.iter().map(|body| (day, body.clone())).collect::<Vec<_>>());
}

/// What a phone wrote on these days, accepted into the log.
pub(crate) fn accept_dated(node: &mut Node, bodies: &[(BusinessDate, Body)]) {
    let office = read_key(&node.folder().office_key()).unwrap().unwrap();
    let county = node.read().unwrap().county().unwrap().unwrap();
    let village = Some(VillageNo::new(1));
    let key = DeviceKey::from_seed([7; 32]);
    let device = DeviceNo::new(PHONE).unwrap();
    let phone = DeviceRole::Phone;
    let public = key.public();
    let certificate =
        issue_device_certificate(&office, &county.district, device, &public, phone, village);
    let book = BookId { device, number: 0 };
    let actor = Actor::of(&public);
    let mut tip = open_book(&county.district, &actor, book, None);
    let entries: Vec<Vec<u8>> = bodies
        .iter()
        .zip(0_u32..)
        .map(|((date, body), n)| {
            let wall_s = MORNING_MS / 1_000 + 86_400 + i64::from(n) * 600;
            let envelope = Envelope {
                lamport: 100 + u64::from(n),
                date: *date,
                clock: Clock { wall_s, uptime_s: i64::from(n) * 600 },
                entity: EntityNo::new(0),
                operator: OperatorNo::new(0),
                reissue_of: None,
            };
            Entry { envelope, body: body.clone() }.encode()
        })
        .collect();
    for entry in &entries {
        tip = append(&tip, &actor, entry).unwrap();
    }
    node.act(|_, tx, now_ms, _| {
        let state = DeviceState::Active;
        tx.put_device(&Device { certificate, state, lamport: 0, since_ms: now_ms })?;
        let signature = Signature([0; 64]);
        let entries = &entries;
        tx.append(&NewBatch { book, start: 0, entries, signature, tip, village, now_ms })?;
        Ok(())
    })
    .unwrap();
}

pub(crate) fn id(sequence: u32) -> EntryId {
    EntryId::new(DeviceNo::new(PHONE).unwrap(), sequence)
}

/// 王秀英 with two slips, one paid in part and one voided; 李国华 with a slip that does not add up;
/// a stranger with one.
pub(crate) fn morning() -> (Node, tempfile::TempDir) {
    let (mut node, folder) = node();
    node.add_village("石桥村", None).unwrap();
    let name = |id: &str, name: &str| {
        vec![(format!("grower/{id}/name/1"), courtyard_core::document::Value::from(name))]
    };
    let rows = vec![name("H-002-1", "王秀英"), name("H-002-2", "李国华")];
    node.edit_register(VillageNo::new(1), rows).unwrap();
    let (wang, li) = (grower("H-002-1"), grower("H-002-2"));
    let second = slip(wang, 4_500, 957);
    let pay = Payout {
        grower: wang,
        cash: Fen::new(2_000),
        allocations: vec![Allocation { slip: id(1), amount: Fen::new(2_000) }],
        rounding: Fen::ZERO,
        repayments: Vec::new(),
        recipient: Default::default(),
    };
    let void = |hash| Void {
        target: id(2),
        target_hash: hash,
        grower: wang,
        reason: "品种选错".into(),
        replacement: None,
    };
    let mut bodies = vec![
        slip(wang, 12_852, 3_621),
        second,
        pay.into(),
        void(EntryHash([0; 32])).into(),
        slip(li, 12_852, 3_622),
        slip(grower("H-00Z-9"), 2_500, 319),
    ];
    // The void is bound to the exact bytes of its target, which are known once it stands.
    let probe = tempfile::tempdir().unwrap();
    let hash = hash_of_second(&bodies, probe.path());
    if let Some(place) = bodies.get_mut(3) {
        *place = void(hash).into();
    }
    accept(&mut node, &bodies);
    (node, folder)
}

/// The hash of the second body as `accept` writes it.
fn hash_of_second(bodies: &[Body], folder: &Path) -> EntryHash {
    let clock = std::sync::Arc::new(crate::clock::SetClock::at(MORNING_MS));
    let mut node = Node::open(folder, clock, crate::rng::system()).unwrap();
    node.add_village("试", None).unwrap();
    accept(&mut node, bodies);
    node.view().unwrap().store().entry(id(2)).unwrap().unwrap().arrived.hash
}

fn july() -> Month {
    "2026-07".parse().unwrap()
}

#[test]
fn income_counts_what_stands_and_names_grower_and_village() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let found = income::income(view.store(), july(), None, None).unwrap().json().unwrap();
    let rows: Vec<_> = found["growers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["name"].clone(), row["village"].clone(), row["amount_fen"].clone()))
        .collect();
    assert_eq!(
        rows,
        [
            ("王秀英".into(), "石桥村".into(), 3_621.into()),
            ("".into(), "石桥村".into(), 319.into())
        ]
    );
    assert_eq!(found["growers"][0]["paid_fen"], 2_000);
    let total = serde_json::json!({
        "slips": 2, "net_g": 12_352, "amount_fen": 3_940, "paid_fen": 2_000, "unpaid_fen": 1_940,
    });
    assert_eq!((&found["month"], &found["total"]), (&"2026-07".into(), &total));
    let one = Some(grower("H-002-1"));
    let one = income::income(view.store(), july(), Some("1"), one).unwrap().json().unwrap();
    assert_eq!(one["total"]["slips"], 1);
    let august = "2026-08".parse().unwrap();
    let none = income::income(view.store(), august, None, None).unwrap();
    assert!(none.tables.iter().all(Table::is_empty));
    assert!(none.text().unwrap().contains("没有记录"));
    assert!(income::income(view.store(), july(), Some("下庄"), None).is_err());
}

#[test]
fn income_reads_as_an_aligned_table_in_yuan_and_kg() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let found = income::income(view.store(), july(), None, Some(grower("H-002-1"))).unwrap();
    let text = found.text().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines.get(2).copied().unwrap_or_default(),
        "H-002-1      王秀英     石桥村               1   11.352   36.21        20.00          16.21"
    );
}

#[test]
fn slips_are_listed_newest_first_with_how_they_stand() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let wanted = Wanted { month: Some(july()), limit: 100, ..Wanted::default() };
    let found = slips::slips(view.store(), &wanted).unwrap().json().unwrap();
    let rows: Vec<_> = found["slips"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["slip"].as_str().unwrap(), row["state"].as_str().unwrap()))
        .collect();
    assert_eq!(
        rows,
        [
            ("034-000006", "counted"),
            ("034-000005", "held"),
            ("034-000002", "voided"),
            ("034-000001", "counted")
        ]
    );
    assert_eq!(
        (&found["slips"][2]["voided_by"], &found["more"]),
        (&"034-000004".into(), &false.into())
    );
    let few = slips::slips(view.store(), &Wanted { limit: 2, ..Wanted::default() }).unwrap();
    assert_eq!(few.json().unwrap()["more"], true);
    assert_eq!(few.tables.first().map(Table::len), Some(2));
    assert!(few.text().unwrap().contains("留存 held"));
}

#[test]
fn the_trial_balance_sums_to_nothing_and_a_changed_balance_is_found() {
    let (mut node, folder) = morning();
    let document = trial_balance::trial_balance(node.view().unwrap().store()).unwrap();
    assert!(document.fault.is_none());
    let sound = document.json().unwrap();
    assert_eq!((&sound["total_fen"], &sound["controls_agree"]), (&0.into(), &true.into()));
    let rows = sound["accounts"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["account"] == name).unwrap();
    assert_eq!(row("stock")["balance_fen"], 3_940);
    assert_eq!(
        (&row("payable")["balance_fen"], &row("payable")["growers"]),
        (&(-1_940).into(), &2.into())
    );
    assert_eq!(row("float")["holder"], "034");
    let changed = rusqlite::Connection::open(folder.path().join("view.db"))
        .unwrap()
        .execute("UPDATE balances SET debit_fen = debit_fen + 1 WHERE account = 0", [])
        .unwrap();
    assert!(changed > 0);
    let broken = trial_balance::trial_balance(node.view().unwrap().store()).unwrap();
    assert!(broken.fault.is_some());
    let found = broken.json().unwrap();
    assert_eq!(found["controls_agree"], false);
    assert_eq!(found["differences"][0]["control"], "stock");
    assert!(broken.text().unwrap().contains("stock"));
}

#[test]
fn the_headline_counts_villages_households_and_months_of_what_stands() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let (from, to) = (BusinessDate::FIRST, BusinessDate::LAST);
    let document = headline::headline(view.store(), from, to).unwrap();
    let found = document.json().unwrap();
    let facts = ["village_count", "households", "household_months", "slips", "net_g", "amount_fen"];
    let facts: Vec<_> = facts.iter().map(|fact| found[fact].as_i64().unwrap()).collect();
    assert_eq!(facts, [1, 2, 2, 2, 12_352, 3_940]);
    assert_eq!((&found["since"], &found["until"]), (&"2026-07-02".into(), &"2026-07-02".into()));
    assert_eq!(found["per_household_month_fen"], 1_970);
    assert_eq!(
        (&found["villages"][0]["village"], &found["villages"][0]["amount_fen"]),
        (&"石桥村".into(), &3_940.into())
    );
    assert!(document.text().unwrap().contains("24.704 斤"));
    let later = headline::headline(view.store(), "2026-08-01".parse().unwrap(), to).unwrap();
    let later = later.json().unwrap();
    assert_eq!(
        (&later["slips"], &later["since"], &later["per_household_month_fen"]),
        (&0.into(), &serde_json::Value::Null, &serde_json::Value::Null)
    );
}

#[test]
fn the_day_book_lists_every_line_and_adds_up_what_counts() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let day = "2026-07-02".parse().unwrap();
    let found = day::day(view.store(), day, Some("石桥村")).unwrap().json().unwrap();
    let rows = found["lines"].as_array().unwrap();
    let seen: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["slip"].as_str().unwrap(),
                row["state"].as_str().unwrap(),
                row["amount_fen"].as_i64(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("034-000001", "counted", Some(3_621)),
            ("034-000002", "voided", None),
            ("034-000005", "held", None),
            ("034-000006", "counted", Some(319)),
        ]
    );
    assert_eq!((&rows[0]["price_li_per_kg"], &rows[0]["paid_fen"]), (&3_190.into(), &2_000.into()));
    assert_eq!((&rows[0]["steward"], &rows[0]["net_g"]), (&"034".into(), &11_352.into()));
    assert_eq!(
        (&found["total"]["amount_fen"], &found["total"]["unpaid_fen"]),
        (&3_940.into(), &1_940.into())
    );
    assert_eq!((&found["slips"], &found["households"]), (&2.into(), &2.into()));
    let none = day::day(view.store(), "2026-07-03".parse().unwrap(), None).unwrap();
    assert!(none.tables[0].is_empty());
}

#[test]
fn cash_needed_is_what_can_be_paid_and_what_the_steward_advanced() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let found = cash_needed::cash_needed(view.store(), None).unwrap().json().unwrap();
    let row = &found["stewards"][0];
    assert_eq!(
        (&row["steward"], &row["growers"], &row["slips"]),
        (&"034".into(), &2.into(), &2.into())
    );
    assert_eq!((&row["unpaid_fen"], &row["payable_in_cash_fen"]), (&1_940.into(), &1_940.into()));
    // 20.00 was paid out of an empty float.
    assert_eq!((&row["float_fen"], &row["needed_fen"]), (&(-2_000).into(), &3_940.into()));
    assert_eq!(row["since"], "2026-07-02");
}

#[test]
fn a_statement_says_each_slip_what_was_paid_and_what_is_open() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let whose = statement::Whose::read(view.store(), grower("H-002-1"), &mut |_, _| Ok(Vec::new()))
        .unwrap();
    let document = whose.month(july()).unwrap();
    let found = document.json().unwrap();
    assert_eq!((&found["name"], &found["closed"]), (&"王秀英".into(), &false.into()));
    assert_eq!(found["lines"][0]["slip"], "034-000001");
    let moved: Vec<_> = found["movements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["payable_change_fen"].as_i64().unwrap()))
        .collect();
    assert_eq!(moved, [("slip", 3_621), ("slip", 957), ("payout", -2_000), ("void", -957)]);
    assert_eq!(
        (&found["sums"][0]["paid_fen"], &found["sums"][0]["unpaid_fen"]),
        (&2_000.into(), &1_621.into())
    );
    let page = document.text().unwrap();
    let wide = page.lines().map(unicode_width::UnicodeWidthStr::width).max();
    assert!(wide <= Some(80), "{page}");
    for words in
        ["王秀英", "034-000001", "22.704 斤 (11.352 kg)", "3.19 元/kg", "-¥20.00", "¥16.21"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let year = whose.year(2026).unwrap().json().unwrap();
    assert_eq!(
        (&year["months"][0]["month"], &year["total"]["paid_fen"]),
        (&"2026-07".into(), &2_000.into())
    );
    assert_eq!(year["open"][0]["unpaid_fen"], 1_621);
    let empty = whose.month("2026-09".parse().unwrap()).unwrap();
    assert!(empty.tables[0].is_empty());
    assert!(
        statement::Whose::read(view.store(), grower("H-0ZZ-9"), &mut |_, _| Ok(Vec::new()))
            .is_err()
    );
}

#[test]
fn a_report_is_written_as_csv_and_as_a_workbook() {
    let (_node, folder) = morning();
    let ask = |words: &[&str]| {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            args: ReportArgs,
        }
        let data = folder.path().to_str().unwrap();
        let line = ["report"].iter().chain(words).copied().chain(["--data", data]);
        clap::Parser::try_parse_from(line).map(|line: Line| run(&line.args))
    };
    let csv = folder.path().join("slips.csv");
    ask(&["slips", "--csv", csv.to_str().unwrap()]).unwrap().unwrap();
    let text = std::fs::read_to_string(&csv).unwrap();
    assert!(
        text.contains(
            "034-000001,2026-07-02,H-002-1,王秀英,石桥村,11.352,11.352,36.21,20.00,16.21,,\r\n"
        ),
        "{text}"
    );
    let xlsx = folder.path().join("income.xlsx");
    ask(&["income", "--month", "2026-07", "--xlsx", xlsx.to_str().unwrap()]).unwrap().unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&xlsx).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "growers").unwrap();
    assert_eq!(sheet.get((3, 5)), Some(&calamine::Data::Float(39.4)));
    assert!(ask(&["slips", "--json", "--csv", "x"]).is_err());
    let nowhere = folder.path().join("none/x.csv");
    let said = ask(&["slips", "--csv", nowhere.to_str().unwrap()]).unwrap().unwrap_err();
    assert!(said.text().contains("写不了") && said.text().contains("cannot be written"));
}

#[test]
fn exceptions_name_evidence_owner_and_way_out() {
    let (mut node, _folder) = morning();
    let view = node.view().unwrap();
    let today = courtyard_core::domain::BusinessDate::at(MORNING_MS / 1_000);
    let found = exceptions::exceptions(view.store(), &[], None, None, today).unwrap();
    let of = |kind: &str| found.exceptions.iter().find(|row| row.kind == kind).unwrap();
    let held = of("exception.held_entry");
    assert_eq!(
        (held.evidence.as_slice(), held.name.as_str()),
        (&["034-000005".into()][..], "李国华")
    );
    let reasons: Vec<_> = held.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(reasons, ["purchase.amount_disagrees"]);
    assert_eq!((held.owner, held.village.as_str()), ("reviewer", "石桥村"));
    let stranger = of("exception.unregistered_grower");
    assert_eq!(stranger.grower.as_deref(), Some("H-00Z-9"));
    assert_eq!(stranger.acts, ["register"]);
    let text = exceptions::text(&found);
    assert!(text.contains("034-000005") && text.contains("held and not counted"));
    let none =
        exceptions::exceptions(view.store(), &[], None, Some(grower("H-00Z-8")), today).unwrap();
    assert!(exceptions::text(&none).contains("没有"));
}

#[test]
fn a_silent_phone_and_numbers_that_only_a_payout_knows_wait_for_the_office() {
    let (mut node, _folder) = node();
    node.add_village("石桥村", None).unwrap();
    let wang = grower("H-002-1");
    let pay = Payout {
        grower: wang,
        cash: Fen::new(319),
        allocations: vec![Allocation { slip: id(5), amount: Fen::new(319) }],
        rounding: Fen::ZERO,
        repayments: Vec::new(),
        recipient: Default::default(),
    };
    // Slip 5 of the phone is paid at the office, which has numbers 1 only.
    accept(&mut node, &[slip(wang, 2_500, 319)]);
    node.act(|office, tx, now_ms, _| {
        let stamp = crate::office::publish::Stamp::today(now_ms);
        office.publish(tx, Some(VillageNo::new(1)), &[pay.into()], stamp)
    })
    .unwrap();
    let phones = crate::exceptions::phones(node.read().unwrap().as_ref()).unwrap();
    let view = node.view().unwrap();
    let found = |days: i64| {
        let today = BusinessDate::at(MORNING_MS / 1_000 + days * 86_400);
        exceptions::exceptions(view.store(), &phones, None, None, today).unwrap().exceptions
    };
    let on_time = found(7);
    assert!(on_time.iter().all(|row| row.kind != "exception.phone_silent"));
    let gap = on_time.iter().find(|row| row.kind == "exception.sequence_missing").unwrap();
    assert_eq!(gap.evidence, [id(2).to_string(), id(5).to_string()]);
    assert_eq!(gap.measure.as_ref().map(|measure| measure.found), Some(4));
    let late = found(8);
    let silent = late.iter().find(|row| row.kind == "exception.phone_silent").unwrap();
    assert_eq!((silent.subject.as_deref(), silent.village.as_str()), (Some("034"), "石桥村"));
    let days = silent.measure.as_ref().map(|measure| (measure.found, measure.expected));
    assert_eq!(days, Some((8, Some(7))));
}
