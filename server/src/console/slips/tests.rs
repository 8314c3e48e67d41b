use std::sync::Arc;

use axum::http::StatusCode;

use crate::clock::SetClock;
use crate::command::place::tests::{MORNING_MS, node};
use crate::command::report::tests::morning;
use crate::node::Node;
use crate::rng;
use crate::web::browser::{Browser, PASSWORD};

fn office() -> (Node, tempfile::TempDir) {
    let (mut node, folder) = morning();
    node.put_user("审计", "auditor", PASSWORD).unwrap();
    node.put_user("管理", "administrator", PASSWORD).unwrap();
    (node, folder)
}

async fn reader() -> (Browser, tempfile::TempDir) {
    let (node, folder) = office();
    let mut browser = Browser::at(node);
    browser.sign_in("审计").await;
    (browser, folder)
}

/// The numbers of the slips that a page lists, in its order.
fn listed(text: &str) -> Vec<&str> {
    let links = text.split("href=\"/slips/").skip(1);
    links.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn every_slip_is_listed_newest_first_and_only_what_counts_is_summed() {
    let (mut browser, _folder) = reader().await;
    let came = browser.get("/slips").await;
    assert_eq!(came.status, StatusCode::OK);
    assert_eq!(listed(&came.text), ["034-000006", "034-000005", "034-000002", "034-000001"]);
    for words in ["王秀英", "石桥村", "¥39.40", "▲ 留存待核", "✕ 已作废", "¥36.22，不计入合计"]
    {
        assert!(came.text.contains(words), "{words}: {}", came.text);
    }
}

#[tokio::test]
async fn filters_and_a_search_choose_and_each_can_be_taken_away() {
    let (mut browser, _folder) = reader().await;
    for (query, wanted) in [
        ("?q=wxy", vec!["034-000002", "034-000001"]),
        ("?q=王秀英&unpaid=1", vec!["034-000001"]),
        ("?q=034-5", vec!["034-000005"]),
        ("?state=held", vec!["034-000005"]),
        ("?grower=h-002-1&state=voided", vec!["034-000002"]),
        ("?village=1&from=2026-07-03", vec![]),
        ("?product=2", vec![]),
    ] {
        let came = browser.get(&format!("/slips{}", query.replace("王秀英", "%E7%8E%8B"))).await;
        assert_eq!(listed(&came.text), wanted, "{query}");
        assert_eq!(wanted.is_empty(), came.text.contains("没有符合条件的收购单"), "{query}");
    }
    let came = browser.get("/slips?q=wxy&state=voided").await;
    assert!(came.text.contains("href=\"/slips?q=wxy\""), "{}", came.text);
    assert!(came.text.contains("去掉：状态 已作废"), "{}", came.text);
    let came = browser.get("/slips?from=yesterday").await;
    assert!(came.text.contains("看不懂") && listed(&came.text).len() == 4, "{}", came.text);
}

#[tokio::test]
async fn without_any_slip_the_page_says_what_to_do() {
    let (mut node, _folder) = node();
    node.put_user("审计", "auditor", PASSWORD).unwrap();
    let mut browser = Browser::at(node).english();
    browser.sign_in("审计").await;
    let came = browser.get("/slips").await;
    assert!(came.text.contains("There is no slip yet"), "{}", came.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_holds_exactly_the_selection_and_stands_in_the_list_of_acts() {
    let (node, folder) = office();
    let mut browser = Browser::at(node);
    browser.sign_in("审计").await;
    let came = browser.get("/slips.csv?q=wxy").await;
    let lines: Vec<&str> = came.text.trim_end().lines().collect();
    assert_eq!(lines.len(), 3, "{}", came.text);
    assert!(lines[0].starts_with('\u{feff}') && lines[0].contains("单号 slip"));
    assert!(lines[1].starts_with("034-000002,2026-07-02,H-002-1,王秀英,石桥村,3,3,9.57"));
    let sheet = browser.get("/slips.xlsx?state=held").await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert!(sheet.text.starts_with("PK"));
    // Who keeps users and devices gets the slips without the names of households.
    let mut keeper = browser.another();
    keeper.sign_in("管理").await;
    let came = keeper.get("/slips.csv").await;
    assert!(!came.text.contains("王秀英") && came.text.contains("H-002-1"), "{}", came.text);
    assert_eq!(keeper.get("/slips.csv?from=x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.another().get("/slips.csv").await.status, StatusCode::SEE_OTHER);
    drop((browser, keeper));
    let clock = Arc::new(SetClock::at(MORNING_MS));
    let mut node = Node::open(folder.path(), clock, rng::system()).unwrap();
    let acts = node.read().unwrap().acts(100).unwrap();
    let said: Vec<_> = acts
        .iter()
        .filter(|act| act.act.starts_with("slips."))
        .map(|act| (act.actor.as_str(), act.act.as_str(), act.subject.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("管理", "slips.csv", ""),
            ("审计", "slips.xlsx", "state=held"),
            ("审计", "slips.csv", "q"),
        ]
    );
}
