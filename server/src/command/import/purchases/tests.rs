use courtyard_core::domain::Month;

use super::*;
use crate::command::place::tests::node;

const HEAD: &str = "date,grower,product,grade,gross,tare,deducted,yuan_per_kg,amount,paid,slip\n";

fn county() -> (Node, tempfile::TempDir) {
    let (mut node, folder) = node();
    node.add_village("石桥村", None).unwrap();
    node.put_user("王经办", "clerk", "long enough").unwrap();
    node.put_user("钱审计", "auditor", "long enough").unwrap();
    let context = Context::default();
    let products = "code,name,category,grain_or_oil\n102,菠菜,叶菜,\n103,黄豆,粮食,是\n";
    super::super::products::import(&mut node, products.as_bytes(), &context).unwrap();
    let growers = "village,name\n石桥村,王秀英\n石桥村,李国华\n";
    super::super::growers::import(&mut node, growers.as_bytes(), &context, &Default::default())
        .unwrap();
    (node, folder)
}

fn enter(node: &mut Node, rows: &str, paid_by: Option<&str>) -> Outcome<Imported> {
    let entered = Entered { by: "王经办", village: Some("石桥村"), paid_by };
    let text = format!("{HEAD}{rows}");
    import(node, text.as_bytes(), &Context::default(), &entered).unwrap()
}

fn lines(done: &Outcome<Imported>) -> Vec<u64> {
    done.bad.iter().map(|bad| bad.line).collect()
}

/// Slips, amount, paid and unpaid of July.
fn july(node: &mut Node) -> (i64, i64, i64, i64) {
    let month: Month = "2026-07".parse().unwrap();
    let total = node.view().unwrap().store().income(month, None, None).unwrap().total;
    (total.slips, total.amount_fen.get(), total.paid_fen.get(), total.unpaid_fen.get())
}

const DAY: &str = "2026-07-01,王秀英,102,A,12.852,1.5,,3.19,36.21,,\n\
                   2026-07-01,王秀英,黄豆,,10,0,0.5,5,47.50,,\n\
                   2026/7/1,李国华,102,B,2.5,1.5,,3.19,,,\n";

#[test]
fn a_paper_day_becomes_slips_of_the_village_office_that_count() {
    let (mut node, _folder) = county();
    let done = enter(&mut node, DAY, None);
    assert_eq!(
        (lines(&done), done.found.added, done.found.amount_fen),
        (vec![], 2, Fen::new(8_690))
    );
    let slips: Vec<_> =
        done.found.slips.iter().map(|s| (s.line, s.slip.as_deref(), s.amount_fen.get())).collect();
    assert_eq!(slips, [(2, Some("002-000001"), 8_371), (4, Some("002-000002"), 319)]);
    assert_eq!(july(&mut node), (2, 8_690, 0, 8_690));
    let view = node.view().unwrap();
    let slip = view.store().entry("002-000001".parse().unwrap()).unwrap().unwrap();
    let entry = slip.arrived.entry;
    assert_eq!(
        (entry.envelope.date.to_string().as_str(), entry.envelope.operator.get()),
        ("2026-07-01", 1)
    );
    let Body::Slip(slip) = entry.body else { panic!("no slip") };
    assert_eq!(slip.visit.source, courtyard_core::domain::slip::Source::Paper);
    let marks: Vec<bool> = slip.lines.iter().map(|line| line.marks.unwithheld).collect();
    assert_eq!(marks, [false, true]);
}

#[test]
fn the_same_file_again_changes_nothing_and_a_longer_one_adds_the_rest() {
    let (mut node, _folder) = county();
    enter(&mut node, DAY, None);
    let number = node.read().unwrap().county().unwrap().unwrap().last_number;
    let again = enter(&mut node, DAY, None);
    assert_eq!((lines(&again), again.found.added, again.found.unchanged), (vec![], 0, 2));
    assert_eq!(node.read().unwrap().county().unwrap().unwrap().last_number, number);
    let longer = format!("{DAY}2026-07-02,李国华,102,B,2.5,1.5,,3.19,,,\n");
    let more = enter(&mut node, &longer, None);
    assert_eq!((more.found.added, more.found.unchanged), (1, 2));
    assert_eq!(july(&mut node).0, 3);
}

#[test]
fn an_amount_that_disagrees_names_both_numbers_and_leaves_out_the_whole_slip() {
    let (mut node, _folder) = county();
    let wrong = DAY.replace("36.21", "36.12");
    let done = enter(&mut node, &wrong, None);
    assert_eq!((lines(&done), done.found.added), (vec![2, 3], 1));
    let said = &done.bad[0];
    assert!(said.zh.contains("¥36.12") && said.zh.contains("¥36.21"), "{}", said.zh);
    assert!(said.en.contains("¥36.12") && said.en.contains("¥36.21"), "{}", said.en);
    let mended = enter(&mut node, DAY, None);
    assert_eq!((lines(&mended), mended.found.added, mended.found.unchanged), (vec![], 1, 1));
    assert_eq!(july(&mut node), (2, 8_690, 0, 8_690));
}

#[test]
fn another_paper_slip_of_the_same_day_is_asked_about_and_not_guessed() {
    let (mut node, _folder) = county();
    enter(&mut node, DAY, None);
    let other = DAY.replace("2.5,1.5", "2.6,1.5");
    let done = enter(&mut node, &other, None);
    assert_eq!((lines(&done), done.found.added, done.found.unchanged), (vec![4], 0, 1));
    assert!(done.bad[0].en.contains("002-000002"), "{}", done.bad[0].en);
    // Two papers of one day, told apart by their numbers, are two slips.
    let two =
        "2026-07-05,李国华,102,B,2.5,1.5,,3.19,,,17\n2026-07-05,李国华,102,B,2.5,1.5,,3.19,,,18\n";
    assert_eq!(enter(&mut node, two, None).found.added, 2);
    assert_eq!(enter(&mut node, two, None).found.unchanged, 2);
}

#[test]
fn what_was_paid_on_paper_is_paid_by_who_is_named_and_else_listed() {
    let (mut node, _folder) = county();
    let paid = "2026-07-01,王秀英,102,A,12.852,1.5,,3.19,36.21,20,\n2026-07-02,李国华,102,B,2.5,1.5,,3.19,,是,\n";
    let done = enter(&mut node, &paid.replace("李国华", "王秀英"), None);
    let open: Vec<_> =
        done.found.paid_on_paper.iter().map(|p| (p.line, p.paid_fen.get())).collect();
    assert_eq!((open, done.found.paid_fen), (vec![(2, 2_000), (3, 319)], Fen::ZERO));
    assert_eq!(july(&mut node), (2, 3_940, 0, 3_940));
    let named = paid.replace("2026-07-0", "2026-07-1");
    let done = enter(&mut node, &named, Some("王经办"));
    assert_eq!((done.found.paid_on_paper.len(), done.found.paid_fen), (0, Fen::new(2_319)));
    assert_eq!(july(&mut node), (4, 7_880, 2_319, 5_561));
    let entered = Entered { by: "王经办", village: Some("石桥村"), paid_by: Some("谁") };
    let said = import(&mut node, HEAD.as_bytes(), &Context::default(), &entered).unwrap_err();
    assert!(said.text().contains("谁"), "{}", said.text());
}

#[test]
fn bad_rows_are_named_by_line_and_reason() {
    let (mut node, _folder) = county();
    for (row, wanted) in [
        ("1.7.2026,王秀英,102,A,2,1,,3,,,", "no date"),
        ("2026-07-01,赵桂兰,102,A,2,1,,3,,,", "no \"赵桂兰\""),
        ("2026-07-01,王秀英,999,A,2,1,,3,,,", "no \"999\""),
        ("2026-07-01,王秀英,102,D,2,1,,3,,,", "no D"),
        ("2026-07-01,王秀英,102,A,1,1,,3,,,", "tare"),
        ("2026-07-01,王秀英,102,A,2,1,1,3,,,", "not below the net"),
        ("2026-07-01,王秀英,102,A,2,1,,,,,", "no price"),
        ("2026-07-01,王秀英,102,A,2,1,,3,,3.01,", "beyond the amount"),
        ("2026-07-01,王秀英,102,A,2,1,,3,,?,", "money"),
    ] {
        let done = enter(&mut node, &format!("{row}\n"), None);
        assert_eq!((lines(&done), done.found.added), (vec![2], 0), "{row}");
        assert!(done.bad[0].en.contains(wanted), "{row}: {}", done.bad[0].en);
    }
    assert_eq!(july(&mut node), (0, 0, 0, 0));
}

#[test]
fn only_a_clerk_enters_paper_days_and_a_dry_run_writes_nothing() {
    let (mut node, _folder) = county();
    let text = format!("{HEAD}{DAY}");
    let entered = Entered { by: "钱审计", village: Some("石桥村"), paid_by: None };
    assert!(import(&mut node, text.as_bytes(), &Context::default(), &entered).is_err());
    let entered = Entered { by: "王经办", ..entered };
    let dry = Context { dry_run: true, ..Context::default() };
    let done = import(&mut node, text.as_bytes(), &dry, &entered).unwrap();
    assert_eq!((done.found.added, done.found.slips[0].slip.as_deref()), (2, None));
    assert_eq!(july(&mut node), (0, 0, 0, 0));
}
