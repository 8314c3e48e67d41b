use axum::http::StatusCode;

use crate::command::report::tests::morning;
use crate::web::browser::{Browser, PASSWORD};

async fn reader() -> (Browser, tempfile::TempDir) {
    let (mut node, folder) = morning();
    node.put_user("审计", "auditor", PASSWORD).unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("审计").await;
    (browser, folder)
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word} is not in {text}");
    }
}

#[tokio::test]
async fn a_slip_shows_what_was_weighed_priced_and_paid() {
    let (mut browser, _folder) = reader().await;
    let came = browser.get("/slips/034-000001").await;
    assert_eq!(came.status, StatusCode::OK);
    has(
        &came.text,
        &["王秀英", "石桥村", "25.704", "22.704", "¥36.21", "¥20.00", "¥16.21", "● 已入账"],
    );
    has(&came.text, &["收购员在秤边输入的价格", "现金付款 2026-07-02", "034-000003", "最迟应在"]);
    // What pays it stands in what happened.
    has(&came.text, &["<strong>收购单</strong>", "<strong>付款</strong>"]);
    assert_eq!(browser.get("/slips/034-1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_signature_that_does_not_hold_is_said() {
    // The entries of this node were put there without their phone's signature.
    let (mut browser, _folder) = reader().await;
    let came = browser.get("/slips/034-000001").await;
    has(&came.text, &["✕ 验证不通过", "trust.signature"]);
    assert!(!came.text.contains("● 已验证"), "{}", came.text);
}

#[tokio::test]
async fn a_held_slip_says_the_rule_and_who_decides_and_a_voided_one_why() {
    let (mut browser, _folder) = reader().await;
    let came = browser.get("/slips/034-000005").await;
    has(&came.text, &["▲ 留存待核", "由审核或主管决定", "/exceptions?grower=H-002-2"]);
    let rule = courtyard_core::domain::Rule::PURCHASE_AMOUNT_DISAGREES;
    has(&came.text, &[rule.zh, rule.code]);
    let came = browser.get("/slips/034-000002").await;
    has(
        &came.text,
        &["✕ 已作废", "品种选错", "034-000004", "<dt>应付</dt><dd><span class=\"num\">¥0.00"],
    );
}

#[tokio::test]
async fn the_print_view_has_capital_numerals_and_says_what_is_void() {
    let (mut browser, _folder) = reader().await;
    let came = browser.get("/slips/034-000001/print").await;
    has(&came.text, &["农产品收购单", "叁拾陆元贰角壹分", "补打", "交售人（签字）", "print.css"]);
    assert!(!came.text.contains("作废"), "{}", came.text);
    let came = browser.get("/slips/034-000002/print").await;
    has(&came.text, &["作废", "品种选错", "玖元伍角柒分"]);
}

#[tokio::test]
async fn a_number_that_is_not_here_is_a_page_that_says_what_to_do() {
    let (mut browser, _folder) = reader().await;
    for (path, words) in [
        ("/slips/034-000099", "这部手机最后到县社的是 034-000006"),
        ("/slips/034-000003", "“付款”，不是收购单"),
        ("/slips/nonsense", "这不是单号"),
        ("/slips/7ZZ-000001/print", "手机可能还没同步"),
    ] {
        let came = browser.get(path).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{path}");
        has(&came.text, &[words, "到收购单里查找"]);
    }
}
