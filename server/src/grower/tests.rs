//! A household's pages and the public check as a browser meets them, in-process.

use std::io;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use courtyard_core::document::register::keys::grower_name_key;
use courtyard_core::document::{Actor, BookId, DistrictId, Value, extend};
use courtyard_core::domain::identity::IdentityLink;
use courtyard_core::domain::payout::{Allocation, Payout};
use courtyard_core::domain::slip::{
    Deduction, DeductionAmount, Line, PriceReason, Segment, Slip, Weighing,
};
use courtyard_core::domain::void::Void;
use courtyard_core::domain::{
    BasisPoints, Body, EntryId, Fen, Grade, Grams, GrowerId, LiPerKg, OperatorNo, ProductNo,
    VillageNo,
};
use courtyard_core::wire::{ProofParts, SlipProof};

use crate::clock::SetClock;
use crate::command::place::tests::MORNING_MS;
use crate::node::Node;
use crate::office::cards::{self, ISSUERS, Issued};
use crate::office::publish::Stamp;
use crate::web::browser::{Browser, PASSWORD};

/// A village with a clerk and two households.
struct Yard {
    node: Node,
    clock: SetClock,
    village: VillageNo,
    wang: GrowerId,
    li: GrowerId,
    folder: tempfile::TempDir,
}

impl Yard {
    fn new() -> Yard {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(MORNING_MS);
        let mut node =
            Node::open(folder.path(), Arc::new(clock.clone()), crate::rng::system()).unwrap();
        node.put_user("李审核", "reviewer", PASSWORD).unwrap();
        let village = node.add_village("石桥村", None).unwrap();
        node.put_user("王经办", "clerk", PASSWORD).unwrap();
        let office = node.office_device(village).unwrap().unwrap();
        let (wang, li) = (GrowerId::new(office, 1), GrowerId::new(office, 2));
        for (grower, name) in [(wang, "王秀英"), (li, "李桂兰")] {
            let row = vec![(grower_name_key(grower, 1), Value::from(name))];
            node.edit_register(village, vec![row]).unwrap();
        }
        Yard { node, clock, village, wang, li, folder }
    }

    fn write(&mut self, day: &str, body: impl Into<Body>) -> EntryId {
        let (body, village) = (body.into(), self.village);
        let date = day.parse().unwrap();
        let ids = self.node.act(|office, tx, now_ms, _| {
            let stamp = Stamp { operator: OperatorNo::new(90), date, ..Stamp::today(now_ms) };
            office.publish(tx, Some(village), &[body], stamp)
        });
        *ids.unwrap().first().unwrap()
    }

    /// 20 kg in crates of 1 kg, 5 % off for water, at 3.20 元/kg.
    fn slip(&mut self, grower: GrowerId, day: &str) -> EntryId {
        let line = Line {
            product: ProductNo::new(1),
            grade: Grade::default(),
            weighings: vec![Weighing { gross: Grams::new(21_000), tare: Grams::new(1_000) }],
            deductions: vec![Deduction {
                amount: DeductionAmount::Share(BasisPoints::new(500)),
                reason: "水".into(),
            }],
            segments: vec![Segment {
                weight: Grams::new(19_000),
                price: LiPerKg::new(3_200),
                reason: PriceReason::List,
            }],
            amount: Fen::new(6_080),
            contract: None,
            marks: Default::default(),
        };
        let lines = vec![line];
        self.write(day, Slip { grower, lines, price_list: None, visit: Default::default() })
    }

    fn pay(&mut self, grower: GrowerId, slip: EntryId, fen: i64) -> EntryId {
        let amount = Fen::new(fen);
        let allocations = vec![Allocation { slip, amount }];
        let payout = Payout {
            grower,
            cash: amount,
            allocations,
            rounding: Fen::ZERO,
            repayments: Vec::new(),
            recipient: Default::default(),
        };
        self.write("2026-07-01", payout)
    }

    fn card(&mut self, grower: GrowerId) -> Issued {
        self.node.act_as("王经办", ISSUERS, |deed| cards::issue(deed, grower)).unwrap()
    }

    /// The text of a slip's QR.
    fn qr(&mut self, id: EntryId) -> SlipProof {
        let reads = self.node.read().unwrap();
        let county = crate::office::county(reads.as_ref()).unwrap();
        let device = reads.device(id.device).unwrap().unwrap();
        let book = BookId::of(id);
        let batches = reads.book_batches(book, 0).unwrap();
        let position = usize::try_from(BookId::position_of(id)).unwrap();
        let mut entries: Vec<Vec<u8>> = batches.iter().flat_map(|b| b.entries.clone()).collect();
        entries.truncate(position + 1);
        let bytes = entries.pop().unwrap();
        let district = DistrictId::of(&county.root);
        let actor = Actor::of(&device.public_key());
        let before = entries.iter().map(Vec::as_slice);
        let before = extend(&district, &actor, book, None, None, before).unwrap();
        // Each entry here was written, and so signed, alone.
        let signed = batches.iter().find(|b| b.start == BookId::position_of(id)).unwrap();
        let parts = ProofParts {
            certificate: &device.certificate,
            office: &county.office,
            id,
            previous: before.head,
            signature: signed.signature,
        };
        SlipProof::new(&parts, bytes)
    }

    fn browser(self) -> (Browser, tempfile::TempDir) {
        (Browser::at(self.node), self.folder)
    }
}

async fn enter(browser: &mut Browser, card: &Issued) {
    let came = browser.post(&format!("/g/{}", card.token.text()), &[("pin", &card.pin)]).await;
    assert_eq!(
        (came.status, came.location.as_str()),
        (StatusCode::SEE_OTHER, "/g"),
        "{}",
        came.text
    );
}

/// Everything that a page loads: its text, its style and its mark.
fn weight(text: &str) -> usize {
    text.len()
        + include_bytes!("../../assets/grower.css").len()
        + include_bytes!("../../assets/mark.svg").len()
}

#[tokio::test]
async fn a_household_sees_its_month_with_each_deduction_and_what_is_unpaid() {
    let mut yard = Yard::new();
    let slip = yard.slip(yard.wang, "2026-07-01");
    yard.slip(yard.wang, "2026-06-20");
    yard.pay(yard.wang, slip, 2_000);
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    let home = browser.get("/g").await.text;
    for said in ["王秀英", "石桥村", "2026年7月", "38 ", "19 kg", "¥60.80", "¥20.00", "¥101.60"]
    {
        assert!(home.contains(said), "{said} is not on {home}");
    }
    // Nobody wrote a day of payment; what the district allows from the oldest slip on is said.
    assert!(home.contains("具体哪天付还没有登记") && home.contains("2026年7月20日"), "{home}");
    let month = browser.get("/g/month/2026-07").await.text;
    for said in ["因“水”扣 5%", "2 <", "1.60 元/斤", "按当天的价目表", "未付", "¥40.80"]
    {
        assert!(month.contains(said), "{said} is not on {month}");
    }
    let page = browser.get(&format!("/g/slip/{slip}")).await.text;
    assert!(page.contains("现金") && page.contains("¥20.00") && page.contains("¥40.80"), "{page}");
    assert!(!page.contains("<script"), "no page needs a script");
    assert!(browser.get("/g/month/2026-06").await.text.contains("2026年6月20日"));
    assert_eq!(browser.get("/g/month/2026-13").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_households_slip_is_not_there_and_neither_are_the_offices_pages() {
    let mut yard = Yard::new();
    let theirs = yard.slip(yard.li, "2026-07-01");
    let payout = yard.pay(yard.li, theirs, 6_080);
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    for page in ["/g", "/g/month/2026-07", "/g/slip/001-000001"] {
        assert_eq!(browser.get(page).await.location, "/g/card", "{page}");
    }
    enter(&mut browser, &card).await;
    for page in [
        format!("/g/slip/{theirs}"),
        format!("/g/payout/{payout}"),
        format!("/g/object/{theirs}"),
        "/g/slip/nonsense".to_owned(),
    ] {
        let came = browser.get(&page).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{page}");
        assert!(!came.text.contains("李桂兰") && came.text.contains("grower.css"), "{page}");
    }
    let fields = [("reason", "grower-object-weight"), ("step", "send")];
    let came = browser.post(&format!("/g/object/{theirs}"), &fields).await;
    assert_eq!(came.status, StatusCode::NOT_FOUND);
    assert!(browser.get("/villages").await.location.starts_with("/sign-in"));
    // And the other way round: who signed in at the office is no household.
    let mut clerk = browser.another();
    clerk.sign_in("王经办").await;
    assert_eq!(clerk.get("/g").await.location, "/g/card");
}

#[tokio::test]
async fn a_wrong_pin_says_how_many_tries_are_left_and_then_locks() {
    let mut yard = Yard::new();
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    let path = format!("/G/{}", card.token.text());
    assert!(browser.get(&path).await.text.contains("6 位数字密码"));
    for left in ["4", "3", "2", "1"] {
        let came = browser.post(&path, &[("pin", "wrong")]).await;
        assert!(came.text.contains(&format!("还可以试 {left} 次")), "{}", came.text);
    }
    let came = browser.post(&path, &[("pin", "wrong")]).await;
    assert!(came.text.contains("请等 15 分钟"), "{}", came.text);
    // Now not even the right one.
    let came = browser.post(&path, &[("pin", &card.pin)]).await;
    assert!(came.text.contains("请等 15 分钟"), "{}", came.text);
    assert_eq!(browser.get("/g").await.location, "/g/card");
    let nobody = browser.post("/g/0123456789", &[("pin", "000000")]).await;
    assert!(nobody.text.contains("这张卡不能用了"), "{}", nobody.text);
}

#[tokio::test]
async fn signing_out_or_another_card_ends_the_session() {
    let mut yard = Yard::new();
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    // A form of another site lacks the session's secret.
    assert_eq!(browser.post_raw("/g/sign-out", "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/g").await.status, StatusCode::OK);
    browser.post("/g/sign-out", &[]).await;
    assert_eq!(browser.get("/g").await.location, "/g/card");
}

#[tokio::test]
async fn a_session_lives_on_while_it_is_used_and_ends_when_it_is_not() {
    let mut yard = Yard::new();
    let (card, clock) = (yard.card(yard.wang), yard.clock.clone());
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    for minutes in [20, 40, 60] {
        clock.set(MORNING_MS + minutes * 60_000);
        assert_eq!(browser.get("/g").await.status, StatusCode::OK, "after {minutes} minutes");
    }
    clock.set(MORNING_MS + 91 * 60_000);
    assert_eq!(browser.get("/g").await.location, "/g/card");
}

#[tokio::test]
async fn linked_numbers_are_one_household_under_either_card() {
    let mut yard = Yard::new();
    yard.slip(yard.wang, "2026-07-01");
    let theirs = yard.slip(yard.li, "2026-07-01");
    let link = IdentityLink { kept: yard.wang, other: yard.li, reason: "同一身份证".into() };
    yard.write("2026-07-01", link);
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    let home = browser.get("/g").await.text;
    assert!(home.contains("¥121.60") && home.contains("看本月的 2 张收购单"), "{home}");
    assert_eq!(browser.get(&format!("/g/slip/{theirs}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_closed_month_shows_what_the_close_kept_whatever_comes_later() {
    let mut yard = Yard::new();
    let june = yard.slip(yard.wang, "2026-06-20");
    let village = yard.village;
    yard.node.close_month(village, "2026-06".parse().unwrap(), "王经办", "李审核").unwrap();
    // A phone comes back late, and June's slip is paid after the close.
    let late = yard.slip(yard.wang, "2026-06-21");
    yard.pay(yard.wang, june, 6_080);
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    let month = browser.get("/g/month/2026-06").await.text;
    assert!(month.contains("本月已结账") && month.contains("结账时未付"), "{month}");
    assert!(month.contains(&june.to_string()) && !month.contains(&late.to_string()), "{month}");
    let month = browser.get("/g/month/2026-07").await.text;
    assert!(month.contains("跨月补记") && month.contains(&late.to_string()), "{month}");
    let home = browser.get("/g").await.text;
    assert!(home.contains("2026年7月") && home.contains("¥60.80"), "{home}");
}

#[tokio::test]
async fn a_payment_is_shown_with_its_slips_and_may_be_objected_to() {
    let mut yard = Yard::new();
    let slip = yard.slip(yard.wang, "2026-07-01");
    let payout = yard.pay(yard.wang, slip, 6_080);
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    let page = browser.get(&format!("/g/payout/{payout}")).await.text;
    assert!(page.contains("实付") && page.contains(&format!("/g/slip/{slip}")), "{page}");
    let fields = [("reason", "grower-object-payment"), ("step", "send")];
    let came = browser.post(&format!("/g/object/{payout}"), &fields).await;
    assert_eq!(came.location, format!("/g/payout/{payout}#objection"));
    let page = browser.get(&format!("/g/payout/{payout}")).await.text;
    assert!(page.contains("钱没收到，或数不对") && page.contains("等县社回复"), "{page}");
    assert!(browser.get("/g").await.text.contains(&format!("/g/payout/{payout}")));
}

/// Everything that is logged, down to the least.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn neither_card_nor_pin_nor_name_is_logged_or_counted() {
    let logged = Logged::default();
    let into = logged.clone();
    let logs = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || into.clone())
        .finish();
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let counted = recorder.handle();
    let mut yard = Yard::new();
    yard.slip(yard.wang, "2026-07-01");
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        tracing::subscriber::with_default(logs, || {
            runtime.block_on(async {
                let path = format!("/g/{}", card.token.text());
                browser.get(&path).await;
                browser.post(&path, &[("pin", "987654")]).await;
                enter(&mut browser, &card).await;
                browser.get("/g").await;
                tracing::info!("seen");
            });
        });
    });
    let logged = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
    let counted = counted.render();
    assert!(logged.contains("seen") && counted.contains("/g/{card}"), "{counted}");
    for secret in [card.token.text(), &card.pin, "987654", "王秀英"] {
        assert!(!logged.contains(secret) && !counted.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_objection_stands_among_the_offices_threads_and_is_written_once() {
    let mut yard = Yard::new();
    let slip = yard.slip(yard.wang, "2026-07-01");
    let card = yard.card(yard.wang);
    let data = yard.folder.path().to_owned();
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    let path = format!("/g/object/{slip}");
    assert!(browser.get(&path).await.text.contains("重量不对"));
    let nothing = browser.post(&path, &[("reason", ""), ("text", "少了")]).await;
    assert!(nothing.text.contains("请先选一个原因") && nothing.text.contains("少了"));
    let mut fields = vec![("reason", "grower-object-weight"), ("text", "少了一筐")];
    let asked = browser.post(&path, &fields).await;
    assert!(asked.text.contains("确认提交") && asked.text.contains("少了一筐"), "{}", asked.text);
    fields.push(("step", "send"));
    for _ in 0..2 {
        let came = browser.post(&path, &fields).await;
        assert_eq!(came.location, format!("/g/slip/{slip}#objection"), "{}", came.text);
    }
    let page = browser.get(&format!("/g/slip/{slip}")).await.text;
    assert!(page.contains("等县社回复") && page.contains("重量不对：少了一筐"), "{page}");
    assert!(browser.get("/g").await.text.contains("等县社回复"));

    // The office meets it among what waits.
    let mut clerk = browser.another();
    clerk.sign_in("王经办").await;
    let waiting = clerk.get("/exceptions").await.text;
    assert!(waiting.contains(&slip.to_string()) && waiting.contains("异议"), "{waiting}");

    let mut office = crate::command::place::existing(&data).unwrap();
    let threads = office.view().unwrap().store().threads().unwrap();
    assert_eq!(threads.len(), 1);
    assert_eq!(threads[0].target, slip);
    let acts = office.read().unwrap().acts(10).unwrap();
    let act = acts.iter().find(|act| act.act == "objection").unwrap();
    assert_eq!(act.actor, format!("card {}", slip_grower(&mut office, slip)));
    // The office answers; the household reads it.
    let root = threads[0].root;
    let answer = courtyard_core::domain::question::Answer {
        question: root,
        text: "已复称，补一筐。".into(),
        settles: true,
    };
    let village = threads[0].village;
    let on = crate::deed::On { village, ..Default::default() };
    office.act_as("王经办", ISSUERS, |deed| deed.write(on, &[answer.into()])).unwrap();
    let page = browser.get(&format!("/g/slip/{slip}")).await.text;
    assert!(page.contains("已了结") && page.contains("补一筐"), "{page}");
}

fn slip_grower(node: &mut Node, slip: EntryId) -> GrowerId {
    node.view().unwrap().store().slip(slip).unwrap().unwrap().grower
}

#[tokio::test]
async fn every_page_of_a_full_month_is_at_most_30_kb_in_both_languages_and_sizes() {
    let mut yard = Yard::new();
    let mut last = yard.slip(yard.wang, "2026-07-01");
    for day in 1..=28 {
        last = yard.slip(yard.wang, &format!("2026-06-{day:02}"));
        yard.slip(yard.wang, &format!("2025-{:02}-{day:02}", day % 12 + 1));
    }
    let payout = yard.pay(yard.wang, last, 1_000);
    let proof = yard.qr(last).to_text();
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    enter(&mut browser, &card).await;
    let mut pages = vec!["/g/card".to_owned(), "/c".to_owned(), format!("/c/{proof}")];
    pages.extend(["/g", "/g/month/2026-06", "/g/month/2026-06?page=1"].map(str::to_owned));
    pages.push(format!("/g/slip/{last}"));
    pages.push(format!("/g/payout/{payout}"));
    pages.push(format!("/g/object/{last}"));
    for choice in ["/language/en", "/g/look/elder", "/language/zh-CN", "/g/look/usual"] {
        browser.get(choice).await;
        for page in &pages {
            let came = browser.get(page).await;
            assert_eq!(came.status, StatusCode::OK, "{page}");
            let bytes = weight(&came.text);
            assert!(bytes <= 30 * 1024, "{page} is {bytes} bytes after {choice}");
        }
    }
}

#[tokio::test]
async fn larger_type_is_a_choice_that_stays() {
    let mut yard = Yard::new();
    let card = yard.card(yard.wang);
    let (mut browser, _folder) = yard.browser();
    assert!(!browser.get("/g/card").await.text.contains("class=\"elder\""));
    let back = browser.get("/g/look/elder?back=/g/card").await.location;
    assert_eq!(back, "/g/card");
    assert!(browser.get("/g/card").await.text.contains("class=\"elder\""));
    enter(&mut browser, &card).await;
    assert!(browser.get("/g").await.text.contains("标准版"));
    browser.get("/g/look/usual?back=/g").await;
    assert!(!browser.get("/g").await.text.contains("class=\"elder\""));
}

#[tokio::test]
async fn a_slips_qr_is_checked_by_anybody_and_names_nobody() {
    let mut yard = Yard::new();
    let slip = yard.slip(yard.wang, "2026-07-01");
    let proof = yard.qr(slip);
    let wang = yard.wang.to_string();
    let address = proof.to_address("https://shou.example.cn");
    let (mut browser, _folder) = yard.browser();
    let text = proof.to_text();
    let pasted: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    for path in
        [format!("/C/{text}"), format!("/c/{}", text.to_lowercase()), format!("/c?text={pasted}")]
    {
        let came = browser.get(&path).await;
        for said in [
            "● 真单",
            &slip.to_string(),
            "石桥村",
            "¥60.80",
            "县社已收到，内容一致",
            "还没有付",
            "19 kg",
        ] {
            assert!(came.text.contains(said), "{said} is not on {}", came.text);
        }
        assert!(!came.text.contains("王秀英") && !came.text.contains(&wang));
    }
    let cut = browser.get(&format!("/C/{}", &text[..text.len() - 30])).await.text;
    assert!(cut.contains("✕ 不能采信") && cut.contains("二维码内容不完整"), "{cut}");
    assert!(browser.get("/c").await.text.contains("以 CQ1. 开头"));
    let mut english = browser.another().english();
    let came = english.get("/c/nonsense").await.text;
    assert!(
        came.contains("Not to be believed") && came.contains("not the text of a slip"),
        "{came}"
    );
}

#[tokio::test]
async fn the_check_says_what_became_of_a_slip() {
    let mut yard = Yard::new();
    let (paid, part) = (yard.slip(yard.wang, "2026-07-01"), yard.slip(yard.wang, "2026-07-01"));
    let voided = yard.slip(yard.wang, "2026-07-01");
    yard.pay(yard.wang, paid, 6_080);
    yard.pay(yard.wang, part, 80);
    let target_hash = yard.qr(voided).hash();
    let (grower, reason) = (yard.wang, "称错".to_owned());
    let void = Void { target: voided, target_hash, grower, reason, replacement: None };
    yard.write("2026-07-01", void);
    // Another district's paper.
    let mut elsewhere = Yard::new();
    let theirs = elsewhere.slip(elsewhere.wang, "2026-07-01");
    let theirs = elsewhere.qr(theirs).to_text();
    let wanted = [
        (yard.qr(paid).to_text(), "已付清"),
        (yard.qr(part).to_text(), "付了一部分"),
        (yard.qr(voided).to_text(), "✕ 这张单已作废"),
        (theirs, "不是本县社的"),
    ];
    let (mut browser, _folder) = yard.browser();
    for (text, said) in wanted {
        let came = browser.get(&format!("/C/{text}")).await.text;
        assert!(came.contains(said), "{said} is not on {came}");
    }
}

#[test]
fn the_households_style_has_the_offices_colours() {
    let tokens = |css: &str| -> Vec<String> {
        let all = css.split(['{', ';', '}']).map(str::trim).filter(|part| part.starts_with("--"));
        let colours = all.filter(|part| part.contains('#'));
        colours.map(str::to_owned).collect()
    };
    let office = tokens(include_str!("../../assets/style.css"));
    let own = tokens(include_str!("../../assets/grower.css"));
    assert!(own.len() > 20);
    assert_eq!(own.iter().filter(|token| !office.contains(token)).count(), 0);
}

#[test]
fn the_clock_of_these_tests_stands_in_the_month_that_they_look_at() {
    let day = courtyard_core::domain::BusinessDate::at(MORNING_MS / 1_000);
    assert_eq!(day.to_string(), "2026-07-01");
}
