//! The overview as a browser gets it, in-process.

use std::sync::Arc;

use courtyard_core::domain::price_list::PriceList;
use courtyard_core::domain::product::{Product, Products};
use courtyard_core::domain::{Body, BusinessDate, GrowerId, ProductNo};
use courtyard_core::ledger::State;
use courtyard_core::store::queries::Bought;

use super::model::Model;
use crate::clock::SetClock;
use crate::command::place::tests::{MORNING_MS, node};
use crate::command::report::tests::{accept_dated, morning, slip};
use crate::node::Node;
use crate::rng;
use crate::web::browser::{Browser, PASSWORD};

fn grower(text: &str) -> GrowerId {
    text.parse().unwrap()
}

/// A slip of one line at 3.19 yuan a kg.
fn on(day: &str, whose: &str, gross_g: i64) -> (BusinessDate, Body) {
    let exact = (gross_g - 1_500) * 3_190;
    (day.parse().unwrap(), slip(grower(whose), gross_g, (exact + 5_000) / 10_000))
}

/// A village that bought last year in June and in September, and this year in May and today.
fn two_seasons() -> (Node, tempfile::TempDir) {
    let (mut node, folder) = node();
    node.add_village("石桥村", None).unwrap();
    let bodies = [
        on("2025-06-10", "H-002-1", 11_500),
        on("2025-09-10", "H-002-1", 21_500),
        on("2026-05-20", "H-002-1", 51_500),
        on("2026-07-01", "H-002-1", 21_500),
        on("2026-07-01", "H-002-2", 12_852),
    ];
    accept_dated(&mut node, &bodies);
    (node, folder)
}

async fn signed_in(mut node: Node, role: &str) -> Browser {
    node.put_user("somebody", role, PASSWORD).unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("somebody").await;
    browser
}

#[tokio::test]
async fn the_overview_says_what_was_bought_today_this_month_and_this_season() {
    let (node, _folder) = two_seasons();
    let shown = signed_in(node, "auditor").await.get("/").await.text;
    for said in [
        // Today: 20 kg and 11.352 kg.
        "62.704",
        "31.352 kg",
        "¥100.01",
        "2 张收购单",
        // The season: with 50 kg in May.
        "162.704",
        "¥259.51",
        "1 村 2 户，自 2026-05-20 起",
        // A household in two months, one in one: three pairs.
        "户均月收购额 ¥86.50",
        "2025 年同期",
        "/?year=2025",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    // Last year's June is compared with, its September is not.
    assert!(shown.contains("¥31.90") && !shown.contains("¥63.80"), "{shown}");
}

#[tokio::test]
async fn another_year_is_shown_whole_and_one_without_a_purchase_is_not_shown() {
    let (node, _folder) = two_seasons();
    let mut browser = signed_in(node, "clerk").await;
    let shown = browser.get("/?year=2025").await.text;
    assert!(shown.contains("自 2025-06-10 起") && shown.contains("¥95.70"), "{shown}");
    assert!(browser.get("/?year=1999").await.text.contains("自 2026-05-20 起"));
}

#[tokio::test]
async fn the_overview_speaks_english_too() {
    let (node, _folder) = two_seasons();
    let mut browser = signed_in(node, "manager").await.english();
    let shown = browser.get("/").await.text;
    for said in [
        "1 village, 2 households since 2026-05-20",
        "This season",
        "gross purchases",
        "2 slips",
        "May",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    for never in ["added income", "overview-"] {
        assert!(!shown.contains(never), "{never}: {shown}");
    }
}

#[test]
fn the_sums_of_the_page_are_those_of_the_slips() {
    for (mut node, _folder) in [two_seasons(), morning()] {
        let view = node.view().unwrap();
        let store = view.store();
        let model = Model::read(store, MORNING_MS, None).unwrap();
        let day = |day: &str| day.parse::<BusinessDate>().unwrap();
        let all = store.headline(day("2026-01-01"), day("2026-12-31")).unwrap();
        let (season, whole) = (&model.season, all.total);
        let total = season.total;
        assert_eq!((total.count, total.net, total.amount), (whole.slips, whole.net, whole.amount));
        assert_eq!(season.households, whole.households);
        assert_eq!(season.household_months, whole.household_months);
        assert_eq!(season.since, whole.days.map(|(first, _)| first));
        for row in &all.villages {
            let now = season.by_village[&row.village].now;
            assert_eq!((now.count, now.net, now.amount), (row.slips, row.net, row.amount));
        }
        let months = Bought::sum(season.by_month.values().map(|pair| &pair.now)).unwrap();
        let products = Bought::sum(season.by_product.values().map(|pair| &pair.now)).unwrap();
        assert_eq!((months, products.amount), (total, total.amount));
        let slips = store.slips(Default::default()).unwrap();
        let counted = slips.iter().filter(|slip| slip.state == State::Counted);
        assert_eq!(model.unpaid.get(), counted.map(|slip| slip.remaining.get()).sum::<i64>());
    }
}

#[tokio::test]
async fn what_waits_is_counted_and_a_silent_phone_is_named() {
    let (mut node, folder) = two_seasons();
    node.put_user("somebody", "clerk", PASSWORD).unwrap();
    drop(node);
    let eight_days = 8 * 86_400_000;
    let clock = Arc::new(SetClock::at(MORNING_MS + eight_days));
    let mut browser = Browser::at(Node::open(folder.path(), clock, rng::system()).unwrap());
    browser.sign_in("somebody").await;
    let shown = browser.get("/").await.text;
    for said in [
        "▲ 已 8 天没有联系",
        "共 1 部，1 部久未联系",
        "未付款",
        "¥355.21",
        "/exceptions?kind=",
        // Nothing today: when the last was.
        "最近一次收购是 2026-07-01",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
}

#[tokio::test]
async fn an_empty_district_is_told_what_to_do_next() {
    let product = || Product {
        number: ProductNo::new(1),
        code: "102".into(),
        name: "菠菜".into(),
        category: String::new(),
        grades: 1,
        grain_or_oil: false,
        usual_yield_per_mu: None,
    };
    for (steps, said) in [(0, "先建第一个村"), (1, "courtyard import prices"), (2, "邀请一部")]
    {
        let (mut node, _folder) = node();
        if steps > 0 {
            node.add_village("石桥村", None).unwrap();
        }
        if steps > 1 {
            let from = "2026-07-01".parse().unwrap();
            let list = PriceList { version: 1, from, rows: Vec::new() };
            let bodies = [Products { items: vec![product()] }.into(), list.into()];
            node.publish(&bodies, None).unwrap();
        }
        let shown = signed_in(node, "clerk").await.get("/").await.text;
        assert!(shown.contains(said), "{said}: {shown}");
        assert!(!shown.contains("class=\"chart\""), "{shown}");
    }
}
