use axum::http::StatusCode;
use courtyard_core::domain::payout::{Allocation, Payout};
use courtyard_core::domain::question::{Answer, Objection};
use courtyard_core::domain::{EntryId, Fen, PersonNo, VillageNo};

use crate::command::report::tests::{id, morning};
use crate::deed::On;
use crate::office::acting::Role;
use crate::web::browser::{Browser, PASSWORD};

fn text_between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to).unwrap().0
}

#[tokio::test]
async fn what_needs_looking_at_stands_by_kind_with_its_evidence_and_its_way_out() {
    let (mut node, _folder) = morning();
    node.put_user("赵审计", "auditor", PASSWORD).unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("赵审计").await;
    let came = browser.get("/exceptions").await;
    assert_eq!(came.status, StatusCode::OK);
    let held = text_between(&came.text, "id=\"held_entry\"", "</section>");
    assert!(held.contains("由审核处理") && held.contains("李国华"), "{held}");
    assert!(held.contains("href=\"/slips/034-000005\""), "{held}");
    // Why it is held, in the reader's language.
    assert!(held.contains("打印的金额与重量乘单价算出的金额不一致"), "{held}");
    let english = browser.another().english();
    let mut english = english;
    english.sign_in("赵审计").await;
    let came = english.get("/exceptions").await;
    assert!(came.text.contains("Unregistered grower") && came.text.contains("for the Reviewer"));
}

#[tokio::test]
async fn filters_keep_each_other_and_what_makes_no_sense_is_not_asked() {
    let (mut node, _folder) = morning();
    node.put_user("王经办", "clerk", PASSWORD).unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("王经办").await;
    let came = browser.get("/exceptions?owner=reviewer&village=1").await.text;
    assert!(came.contains("id=\"held_entry\"") && !came.contains("id=\"unregistered_grower\""));
    assert!(
        came.contains("/exceptions?kind=held_entry&amp;village=1&amp;owner=reviewer"),
        "{came}"
    );
    let other = browser.get("/exceptions?village=7").await.text;
    assert!(other.contains("没有需要处理的事项"), "{other}");
    let all = browser.get("/exceptions").await.text;
    let odd = browser.get("/exceptions?kind=nothing&village=x&page=-1").await.text;
    assert_eq!(text_between(&odd, "<main", "</main>"), text_between(&all, "<main", "</main>"));
    let of_one = browser.get("/exceptions?grower=H-002-2").await.text;
    assert!(of_one.contains("李国华") && !of_one.contains("H-00Z-9"), "{of_one}");
}

#[tokio::test]
async fn one_of_them_names_the_exact_command_and_says_so_where_there_is_none() {
    let (mut node, _folder) = morning();
    node.put_user("李审核", "reviewer", PASSWORD).unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("李审核").await;
    let address = "/exceptions/held_entry/034-000005";
    let came = browser.get(address).await.text;
    assert!(came.contains("courtyard admin hold admit 034-000005"), "{came}");
    assert_eq!(browser.get("/exceptions/nothing/034-000005").await.status, StatusCode::NOT_FOUND);
    let gone = browser.get("/exceptions/overpaid/034-000001").await;
    assert_eq!(gone.status, StatusCode::OK);
    assert!(gone.text.contains("已处理"), "{}", gone.text);
}

#[tokio::test]
async fn an_exception_that_a_page_shows_is_there_as_soon_as_what_shows_it_was_written() {
    let (mut node, _folder) = morning();
    node.put_user("王经办", "clerk", PASSWORD).unwrap();
    let grower = "H-002-1".parse().unwrap();
    // Slip 40 of the phone is paid at the office and has not come.
    let slip_40 = EntryId::new(id(1).device, 40);
    let pay = Payout {
        grower,
        cash: Fen::new(319),
        allocations: vec![Allocation { slip: slip_40, amount: Fen::new(319) }],
        rounding: Fen::ZERO,
        repayments: Vec::new(),
        recipient: Default::default(),
    };
    node.act(|office, tx, now_ms, _| {
        let stamp = crate::office::publish::Stamp::today(now_ms);
        office.publish(tx, Some(VillageNo::new(1)), &[pay.into()], stamp)
    })
    .unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("王经办").await;
    let came = browser.get("/exceptions?kind=sequence_missing").await.text;
    let missing = text_between(&came, "id=\"sequence_missing\"", "</section>");
    assert!(missing.contains("34 个号") && missing.contains("还没有收到"), "{missing}");
}

#[tokio::test]
async fn an_objection_stands_with_its_words_and_what_was_answered() {
    let (mut node, _folder) = morning();
    node.put_user("李审核", "reviewer", PASSWORD).unwrap();
    let target = node.view().unwrap().store().entry(id(1)).unwrap().unwrap();
    let objection = Objection {
        grower: "H-002-1".parse().unwrap(),
        target: id(1),
        target_hash: target.arrived.hash,
        person: PersonNo::default(),
        text: "筐没有放稳".into(),
    };
    let on = On { village: Some(VillageNo::new(1)), ..On::default() };
    node.act_as("李审核", Role::REVIEWERS, |deed| {
        let ids = deed.write(on, &[objection.into()])?;
        let text = "明天复秤".to_owned();
        deed.write(on, &[Answer { question: ids[0], text, settles: false }.into()])
    })
    .unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("李审核").await;
    let came = browser.get("/exceptions?kind=open_objection").await.text;
    assert!(came.contains("筐没有放稳") && came.contains("明天复秤"), "{came}");
    assert!(came.contains("农户") && came.contains("李审核"), "{came}");
    let own = text_between(&came, "href=\"/exceptions/open_objection/", "\"").to_owned();
    let one = browser.get(&format!("/exceptions/open_objection/{own}")).await.text;
    assert!(one.contains("筐没有放稳") && one.contains("admin answer "), "{one}");
    assert!(!one.contains("admin answer 034-000001"), "{one}");
    assert!(one.contains("admin adjust 034-000001"), "{one}");
}
