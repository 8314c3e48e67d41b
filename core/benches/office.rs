//! A view of a large county: pages and totals of slips over 1,000,000 lines, and the season's sums.
//! `cargo bench -p courtyard-core --bench office` prints one JSON line; `-- --lines N` changes the
//! amount. The rows are made up, as the fold would write them.
#![expect(clippy::indexing_slicing, reason = "a benchmark over rows of its own making")]

use std::path::Path;
use std::time::Instant;

use courtyard_core::domain::{BusinessDate, DeviceNo, GrowerId, ProductNo, VillageNo};
use courtyard_core::store::{OpenOptions, SlipSelection, Standing, Store};
use rusqlite::Connection;

/// What goes wrong in a benchmark ends it.
type Fault = Box<dyn std::error::Error>;

const VILLAGES: i64 = 30;
const GROWERS: i64 = 3_000;
const PRODUCTS: i64 = 40;
const DAYS: i64 = 900;
const FIRST_DAY: i64 = 19_723;
const NAMES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];

fn main() -> Result<(), Fault> {
    let mut words = std::env::args().skip(1);
    let mut lines = 1_000_000;
    while let Some(word) = words.next() {
        if word == "--lines" {
            lines = words.next().ok_or("--lines wants a number")?.parse()?;
        }
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let path = folder.path().join("view.db");
    drop(Store::open(OpenOptions::rebuildable(&path))?);
    fill(&path, lines)?;
    let mut store = Store::open(OpenOptions::rebuildable(&path))?;
    let start = now();
    store.keep_office_tables()?;
    let made_s = start.elapsed().as_secs_f64();
    drop(store);
    let mut found = serde_json::Map::new();
    for (name, selections) in selections()? {
        // As a server reads: a connection that was open before.
        let store = Store::open(OpenOptions::rebuildable(&path))?;
        let mut page_ms = Vec::new();
        for round in 0..200 {
            let selection = &selections[round % selections.len()];
            let start = now();
            let page = store.slip_page(selection, None, 50)?;
            if let Some(older) = page.older {
                store.slip_page(selection, Some(older), 50)?;
            }
            let two_pages = start.elapsed();
            let start = now();
            store.slip_totals(selection)?;
            page_ms.push((two_pages / 2 + start.elapsed()).as_secs_f64() * 1e3);
        }
        page_ms.sort_by(f64::total_cmp);
        let at =
            |share: usize| (page_ms[(page_ms.len() - 1) * share / 100] * 100.0).round() / 100.0;
        found.insert(name.into(), serde_json::json!({"p50_ms": at(50), "p99_ms": at(99)}));
    }
    let store = Store::open(OpenOptions::rebuildable(&path))?;
    let mut overview_ms = Vec::new();
    for round in 0..200_i16 {
        let start = now();
        overview(&store, 2025 + round % 2)?;
        overview_ms.push(start.elapsed().as_secs_f64() * 1e3);
    }
    overview_ms.sort_by(f64::total_cmp);
    println!(
        "{}",
        serde_json::json!({
            "overview": {"p50_ms": overview_ms[100], "p99_ms": overview_ms[198]},
            "lines": lines, "office_tables_s": made_s, "page_and_totals": found,
            "view_mib": std::fs::metadata(&path)?.len() / (1 << 20),
        })
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is what reads the clock")]
fn now() -> Instant {
    Instant::now()
}

type Named = (&'static str, Vec<SlipSelection>);

fn selections() -> Result<Vec<Named>, Fault> {
    let all = SlipSelection::default();
    let villages = (1..=30).map(VillageNo::new);
    let products = (1..=40).map(ProductNo::new);
    let device = DeviceNo::new(2).ok_or("device")?;
    let day = |offset: i64| BusinessDate::from_days(i32::try_from(FIRST_DAY + offset).ok()?);
    let text = |text: &str| SlipSelection { text: text.to_owned(), ..all.clone() };
    Ok(vec![
        ("nothing asked", vec![all.clone()]),
        (
            "village",
            villages.clone().map(|v| SlipSelection { village: Some(v), ..all.clone() }).collect(),
        ),
        (
            "product",
            products.clone().map(|p| SlipSelection { product: Some(p), ..all.clone() }).collect(),
        ),
        (
            "village and product",
            villages
                .clone()
                .zip(products)
                .map(|(v, p)| SlipSelection { village: Some(v), product: Some(p), ..all.clone() })
                .collect(),
        ),
        (
            "a month long ago",
            (0..20)
                .map(|m| SlipSelection { from: day(m * 30), to: day(m * 30 + 29), ..all.clone() })
                .collect(),
        ),
        ("unpaid", vec![SlipSelection { unpaid: true, ..all.clone() }]),
        (
            "unpaid in a village",
            villages
                .map(|v| SlipSelection { village: Some(v), unpaid: true, ..all.clone() })
                .collect(),
        ),
        (
            "held, voided",
            [Standing::Held, Standing::Voided]
                .map(|s| SlipSelection { state: Some(s), ..all.clone() })
                .to_vec(),
        ),
        (
            "a household",
            (1..=100)
                .map(|c| SlipSelection { grower: Some(GrowerId::new(device, c)), ..all.clone() })
                .collect(),
        ),
        ("a slip's number", vec![text("002-000127"), text("a7k127"), text("00012")]),
        ("initials of few", vec![text("wyx"), text("lgz")]),
        ("a surname", vec![text("王"), text("李"), text("w")]),
    ])
}

/// Slips of one or two lines, most of them paid, a few held and voided; the newest are unpaid.
fn fill(path: &Path, lines: i64) -> Result<(), Fault> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    let transaction = connection.transaction()?;
    {
        let mut growers = transaction.prepare(
            "INSERT INTO growers (id, village, name, name_number, phone, team, address, flags,
                                  retired, erased, conflicts, pinyin, initials)
             VALUES (?1, ?2, ?3, 1, '', '', '', '', 0, 0, 0, ?4, ?5)",
        )?;
        for number in 0..GROWERS {
            let name = NAMES[usize::try_from(number % 12)?];
            let given = ["玉霞", "国柱", "秀英", "贵花"][usize::try_from(number / 12 % 4)?];
            let (pinyin, first) = [
                ("wang", "w"),
                ("li", "l"),
                ("zhang", "z"),
                ("liu", "l"),
                ("chen", "c"),
                ("yang", "y"),
                ("zhao", "z"),
                ("huang", "h"),
                ("zhou", "z"),
                ("wu", "w"),
                ("xu", "x"),
                ("sun", "s"),
            ][usize::try_from(number % 12)?];
            let (rest, letters) =
                [("yuxia", "yx"), ("guozhu", "gz"), ("xiuying", "xy"), ("guihua", "gh")]
                    [usize::try_from(number / 12 % 4)?];
            growers.execute((
                grower(number),
                number % VILLAGES + 1,
                format!("{name}{given}"),
                format!("{pinyin}{rest}"),
                format!("{first}{letters}"),
            ))?;
        }
        let mut slips = transaction.prepare(
            "INSERT INTO slips VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, 0, ?10, ?11, NULL)",
        )?;
        let mut sold = transaction
            .prepare("INSERT INTO lines VALUES (?1, ?2, ?3, 0, NULL, ?4, ?4, ?4, ?5, ?5)")?;
        let mut next = vec![0_i64; usize::try_from(VILLAGES)? + 1];
        let (mut made, mut number) = (0, 0_i64);
        let mut seed = 88_172_645_463_325_252_u64;
        let mut random = |below: i64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            i64::try_from(seed >> 33).unwrap_or(0) % below
        };
        while made < lines {
            let whose = random(GROWERS);
            let village = whose % VILLAGES + 1;
            let place = &mut next[usize::try_from(village)?];
            *place += 1;
            let id = ((village + 1) << 32) | *place;
            let day = FIRST_DAY + number * DAYS * 2 / lines.max(1) * 2 / 3 % DAYS;
            let (net, amount) = (1_000 + random(30_000), 100 + random(20_000));
            let state = match random(1_000) {
                0..4 => 1,
                4..14 => 2,
                _ => 0,
            };
            let is_paid = state == 0 && number * 50 < lines * 30;
            let (paid, left) = match (state, is_paid) {
                (0, true) => (amount, 0),
                (0, false) => (0, amount),
                _ => (0, 0),
            };
            let by = (state == 2).then_some(id);
            slips.execute((
                id,
                grower(whose),
                village,
                day,
                day * 86_400,
                net,
                amount,
                paid,
                left,
                state,
                by,
            ))?;
            for line in 0..=random(2) {
                sold.execute((id, line, random(PRODUCTS) + 1, net / 2, amount / 2))?;
                made += 1;
            }
            number += 1;
        }
    }
    for (table, key, of) in [
        ("sums_by_village", "village", "slips"),
        ("sums_by_grower", "grower", "slips"),
        ("sums_by_product", "product", "slips JOIN lines l ON l.slip = slips.id"),
    ] {
        let (net, amount, unpaid) = match key {
            "product" => ("l.net_g", "owed_fen", "0"),
            _ => ("net_g", "paid_fen + remaining_fen", "remaining_fen"),
        };
        transaction.execute_batch(&format!(
            "INSERT INTO {table} SELECT
                 unixepoch(strftime('%Y-%m-01', day * 86400, 'unixepoch')) / 86400 AS month, {key},
                 count(*), sum({net}), sum({amount}), sum({unpaid})
             FROM {of} WHERE state = 0 GROUP BY month, {key}"
        ))?;
    }
    transaction.commit()?;
    Ok(())
}

/// What the overview asks for a year and, to compare, the year before.
fn overview(store: &Store, year: i16) -> Result<(), Fault> {
    store.bought_by_village()?;
    for year in [year, year - 1] {
        let (from, to) = (format!("{year}-01").parse()?, format!("{year}-12").parse()?);
        store.bought_by_product(from, to)?;
        store.active_households(from, to)?;
        store.first_purchase(from, to)?;
    }
    let last = store.last_purchase()?.ok_or("nothing was bought")?;
    store.bought_on(last)?;
    store.held()?;
    Ok(())
}

fn grower(number: i64) -> i64 {
    ((number % VILLAGES + 2) << 32) | (number / VILLAGES + 1)
}
