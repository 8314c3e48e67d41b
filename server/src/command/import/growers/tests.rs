use courtyard_core::document::Value;
use courtyard_core::document::register::keys::{GROUP, grower_name_key};
use courtyard_core::domain::{Body, Fen};
use courtyard_core::store::GrowerRow;

use super::row::MAX_CHARS;
use super::*;
use crate::command::place::tests::node;

fn county() -> (Node, tempfile::TempDir) {
    let (mut node, folder) = node();
    node.add_village("石桥村", None).unwrap();
    node.add_village("上庄", None).unwrap();
    (node, folder)
}

fn take(node: &mut Node, text: &str) -> Outcome<Imported> {
    import(
        node,
        text.as_bytes(),
        &Context { file: "g.csv".into(), dry_run: false, ..Context::default() },
        &Opening::default(),
    )
    .unwrap()
}

fn counts(done: &Outcome<Imported>) -> (usize, usize, usize, Vec<u64>) {
    let lines = done.bad.iter().map(|bad| bad.line).collect();
    (done.found.counts.added, done.found.counts.changed, done.found.counts.unchanged, lines)
}

fn register(node: &mut Node) -> Vec<GrowerRow> {
    node.view().unwrap().store().growers(None).unwrap()
}

const FILE: &str = "village,name,group,phone,flag\n石桥村,王秀英,2组,13800000001,脱贫户\n\
                    1,李国华,,,\n上庄,王秀英,2组,,\n";

#[test]
fn households_get_numbers_of_the_village_office_and_a_second_import_changes_nothing() {
    let (mut node, _folder) = county();
    let done = take(&mut node, FILE);
    assert_eq!(counts(&done), (3, 0, 0, vec![]));
    let given: Vec<_> = done.found.growers.iter().map(|g| (g.line, g.grower.as_str())).collect();
    assert_eq!(given, [(2, "H-002-1"), (3, "H-002-2"), (4, "H-003-1")]);
    let rows = register(&mut node);
    let first = rows.first().unwrap();
    assert_eq!((first.name.as_str(), first.phone.as_str()), ("王秀英", "13800000001"));
    assert_eq!((first.group.as_str(), first.flags.as_slice()), ("2组", &["脱贫户".to_owned()][..]));
    let number = node.read().unwrap().county().unwrap().unwrap().last_number;
    assert_eq!(counts(&take(&mut node, FILE)), (0, 0, 3, vec![]));
    assert_eq!(node.read().unwrap().county().unwrap().unwrap().last_number, number);
    // Numbers go on where they stopped.
    let more = take(&mut node, "村,姓名\n石桥村,赵桂兰\n");
    assert_eq!(more.found.growers.first().unwrap().grower, "H-002-3");
}

#[test]
fn a_row_imported_before_is_known_whatever_was_edited_since() {
    let (mut node, _folder) = county();
    take(&mut node, FILE);
    let id: GrowerId = "H-002-1".parse().unwrap();
    let edit = vec![
        (grower_name_key(id, 2), Value::from("王秀英（媳妇）")),
        (grower_key(id, GROUP), Value::from("3组")),
        (grower_key(id, PHONE), Value::from("13900000009")),
        (grower_flag_key(id, "脱贫户"), Value::Bool(false)),
    ];
    node.edit_register(VillageNo::new(1), vec![edit]).unwrap();
    assert_eq!(counts(&take(&mut node, FILE)), (0, 0, 3, vec![]));
    let rows = register(&mut node);
    assert_eq!((rows.len(), rows.first().unwrap().group.as_str()), (3, "3组"));
    assert!(rows.first().unwrap().flags.is_empty());
}

#[test]
fn a_row_that_says_more_completes_the_household() {
    let (mut node, _folder) = county();
    take(&mut node, "village,name,group\n石桥村,王秀英,2组\n");
    let fuller = "village,name,group,phone,flag\n石桥村,王秀英,2组,138-0000 0001,监测户\n";
    assert_eq!(counts(&take(&mut node, fuller)), (0, 1, 0, vec![]));
    assert_eq!(counts(&take(&mut node, fuller)), (0, 0, 1, vec![]));
    let rows = register(&mut node);
    assert_eq!(rows.len(), 1);
    let row = rows.first().unwrap();
    assert_eq!((row.phone.as_str(), row.flags.len()), ("13800000001", 1));
}

#[test]
fn namesakes_are_told_apart_within_a_file_and_asked_about_across_files() {
    let (mut node, _folder) = county();
    let two = "village,name,group,phone\n石桥村,王国华,2组,13800000001\n石桥村,王国华,2组,13800000002\n\
               石桥村,王国华,2组,13800000002\n";
    assert_eq!(counts(&take(&mut node, two)), (2, 0, 1, vec![]));
    assert_eq!(counts(&take(&mut node, two)), (0, 0, 3, vec![]));
    let third = "village,name,group,phone\n石桥村,王国华,2组,13800000003\n石桥村,王国华,3组,\n\
                 石桥村,王国华,2组,\n";
    assert_eq!(counts(&take(&mut node, third)), (1, 0, 0, vec![2, 4]));
    assert_eq!(register(&mut node).len(), 3);
}

#[test]
fn bad_rows_are_named_by_line() {
    let (mut node, _folder) = county();
    let done = take(
        &mut node,
        "village,name,group,phone,flag\n下庄,张三,,,\n石桥村,,,,\n石桥村,李四,,12ab,\n\
         石桥村,王五,,,贫困户\n石桥村,赵六,,,脱贫户|监测户\n石桥村\n",
    );
    assert_eq!(counts(&done), (1, 0, 0, vec![2, 3, 4, 5, 7]));
    assert_eq!(register(&mut node).first().unwrap().flags.len(), 2);
}

#[test]
fn a_dry_run_gives_the_numbers_and_writes_nothing() {
    let (mut node, _folder) = county();
    let context = Context { file: String::new(), dry_run: true, ..Context::default() };
    let done = import(&mut node, FILE.as_bytes(), &context, &Opening::default()).unwrap();
    assert_eq!((done.found.counts.added, register(&mut node).len()), (3, 0));
}

#[test]
fn a_whole_village_fits_the_limits_of_the_wire() {
    let (mut node, _folder) = county();
    let long = "王".repeat(MAX_CHARS - 4);
    let mut file = String::from("village,name,group,phone,flag\n");
    for n in 0..1_500 {
        file.push_str(&format!("石桥村,{long}{n:04},{long},1380000{n:04},脱贫户|监测户\n"));
    }
    assert_eq!(counts(&take(&mut node, &file)), (1_500, 0, 0, vec![]));
    assert_eq!(register(&mut node).len(), 1_500);
    let reads = node.read().unwrap();
    for batch in reads.all_edits_after(0, usize::MAX).unwrap() {
        let texts = batch.edits.iter().flat_map(|edit| &edit.assignments);
        let bytes: usize =
            texts.map(|(key, value)| key.len() + value.as_text().map_or(1, str::len)).sum();
        assert!(bytes < 200 << 10 && batch.edits.iter().all(|e| e.assignments.len() <= 200));
    }
}

#[test]
fn opening_balances_stand_once_as_entries_of_the_village_office() {
    let (mut node, _folder) = county();
    node.put_user("王经办", "clerk", "long enough").unwrap();
    let products = "code,name,category\n900,期初应付,期初\n";
    super::super::products::import(&mut node, products.as_bytes(), &Context::default()).unwrap();
    let file =
        "村,姓名,期初应付,期初预付,期初赊销\n石桥村,王秀英,123.45,,60\n石桥村,李国华,,200,0\n";
    let none = import(&mut node, file.as_bytes(), &Context::default(), &Opening::default());
    assert!(none.unwrap_err().text().contains("--opening-date"));
    let opening = Opening {
        by: Some("王经办"),
        date: Some("2025-12-31".parse().unwrap()),
        product: Some("期初应付"),
        due: None,
    };
    let mut enter =
        |text: &str| import(&mut node, text.as_bytes(), &Context::default(), &opening).unwrap();
    let done = enter(file);
    let found = &done.found.opening;
    assert_eq!((done.bad.len(), found.added, found.amount_fen), (0, 3, Fen::new(38_345)));
    let again = enter(file);
    assert_eq!(
        (again.bad.len(), again.found.opening.added, again.found.opening.unchanged),
        (0, 0, 3)
    );
    let other = enter(&file.replace("123.45", "123.46"));
    assert_eq!(other.bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), [2]);
    assert!(other.bad[0].zh.contains("¥123.45") && other.bad[0].zh.contains("¥123.46"));
    let view = node.view().unwrap();
    let year = "2025-12".parse().unwrap();
    let total = view.store().income(year, None, None).unwrap().total;
    assert_eq!((total.amount_fen, total.unpaid_fen), (Fen::new(12_345), Fen::new(12_345)));
    let mut debts = Vec::new();
    for grower in ["H-002-1", "H-002-2"] {
        let grower: GrowerId = grower.parse().unwrap();
        for stored in view.store().entries_of(Some(grower.into())).unwrap() {
            let held = !stored.status.reasons().is_empty();
            match stored.arrived.entry.body {
                Body::Prepayment(p) => debts.push(("prepaid", p.amount.get(), held)),
                Body::InputCredit(c) => debts.push(("credit", c.amount().unwrap().get(), held)),
                _ => {}
            }
        }
    }
    assert_eq!(debts, [("credit", 6_000, false), ("prepaid", 20_000, false)]);
}
