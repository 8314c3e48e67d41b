use proptest::prelude::*;

use super::page::page_sql;
use super::wanted::Wanted;
use super::*;
use crate::document::register::keys::grower_name_key;
use crate::domain::identity::IdentityLink;
use crate::domain::{Body, EntryHash, Fen, Grams, LiPerKg};
use crate::store::queries::SlipRow;
use crate::store::tests::world::{
    District, VILLAGE, catalogue, device, grower, new_entry, payout, projections, save, slip, void,
};
use crate::store::{Signer, Store};

/// Two phones of one village; the first two households of the first are one.
struct County {
    district: District,
    phones: [Signer; 2],
    store: Store,
}

impl County {
    fn new() -> County {
        let district = District::new();
        let mut store = district.store("view", &[0, 1, 5, 6]);
        let office = district.signer(0);
        for body in catalogue() {
            save(&mut store, &office, body);
        }
        let phones = [district.signer(5), district.signer(6)];
        for (counter, name) in (1..).zip(["王芳", "王秀英", "李国", "吴芳"]) {
            let key = grower_name_key(grower(5, counter), 1);
            store.edit_register(&phones[0], VILLAGE, vec![(key, name.into())]).unwrap();
        }
        let link =
            IdentityLink { kept: grower(5, 1), other: grower(5, 2), reason: "one house".into() };
        save(&mut store, &office, Body::IdentityLink(link));
        County { district, phones, store }
    }

    fn buy(&mut self, made: &Made) -> (EntryId, EntryHash) {
        let whose = grower(5, made.grower);
        let mut slip = slip(whose, made.net_g);
        slip.lines[0].product = ProductNo::new(made.product);
        if made.second {
            let mut line = slip.lines[0].clone();
            line.product = ProductNo::new(2);
            slip.lines.push(line);
        }
        if made.fate == Fate::Held {
            slip.lines[0].amount = Fen::new(1);
        }
        let amount = slip.amount().unwrap();
        let phone = self.phones[usize::from(made.phone)].clone();
        let mut new = new_entry(slip);
        new.date = day(made.day);
        let saved = self.store.work(&phone, |work| work.save(new.clone())).unwrap();
        match made.fate {
            Fate::Paid => {
                save(&mut self.store, &phone, payout(whose, saved.id, amount));
            }
            Fate::Voided => {
                save(&mut self.store, &phone, void(whose, saved.id, saved.hash));
            }
            Fate::Unpaid | Fate::Held => {}
        }
        (saved.id, saved.hash)
    }

    fn all(&self, selection: &SlipSelection) -> Vec<SlipRow> {
        let mut rows = Vec::new();
        self.store
            .each_slip(selection, |row| {
                rows.push(row);
                true
            })
            .unwrap();
        rows
    }

    fn numbers(&self, text: &str) -> Vec<String> {
        let selection = SlipSelection { text: text.into(), ..SlipSelection::default() };
        self.all(&selection).into_iter().map(|row| row.id.to_string()).collect()
    }
}

fn day(number: i32) -> BusinessDate {
    let first: BusinessDate = "2020-07-01".parse().unwrap();
    BusinessDate::from_days(first.days() + number).unwrap()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Unpaid,
    Paid,
    Held,
    Voided,
}

#[derive(Debug, Clone)]
struct Made {
    phone: u8,
    grower: u32,
    product: u32,
    second: bool,
    day: i32,
    net_g: i64,
    fate: Fate,
}

fn made() -> impl Strategy<Value = Made> {
    let fate =
        prop_oneof![Just(Fate::Unpaid), Just(Fate::Paid), Just(Fate::Held), Just(Fate::Voided)];
    (0..2_u8, 1..5_u32, 1..3_u32, any::<bool>(), 0..4_i32, 500..30_000_i64, fate).prop_map(
        |(phone, grower, product, second, day, net_g, fate)| Made {
            phone,
            grower,
            product,
            second,
            day,
            net_g,
            fate,
        },
    )
}

fn selection() -> impl Strategy<Value = SlipSelection> {
    let text = prop_oneof![
        4 => Just(""), 1 => Just("wf"), 1 => Just("王"), 1 => Just("005-000003"),
        1 => Just("5"), 1 => Just("006"), 1 => Just("nobody")
    ];
    let state = proptest::option::of(proptest::sample::select(&Standing::ALL[..]));
    let columns = (
        proptest::option::of(1..3_u16),
        proptest::option::weighted(0.2, 1..5_u32),
        proptest::option::of(1..4_u32),
        proptest::option::of(0..4_i32),
        proptest::option::of(0..4_i32),
    );
    columns
        .prop_flat_map(move |columns| (Just(columns), state.clone(), any::<bool>(), text.clone()))
        .prop_map(|((village, whose, product, from, to), state, unpaid, text)| SlipSelection {
            village: village.map(VillageNo::new),
            grower: whose.map(|counter| grower(5, counter)),
            product: product.map(ProductNo::new),
            from: from.map(day),
            to: to.map(day),
            state,
            unpaid,
            text: text.into(),
        })
}

/// What the selection's columns say, written down again.
fn is_meant(selection: &SlipSelection, row: &SlipRow, products: &[ProductNo]) -> bool {
    let linked = |a: GrowerId, b: GrowerId| a == b || (a.counter < 3 && b.counter < 3);
    let named = |names: &[u32]| names.contains(&row.grower.counter);
    selection.village.is_none_or(|village| row.village == Some(village))
        && selection.grower.is_none_or(|grower| linked(grower, row.grower))
        && selection.product.is_none_or(|product| products.contains(&product))
        && selection.from.is_none_or(|from| row.date >= from)
        && selection.to.is_none_or(|to| row.date <= to)
        && selection.state.is_none_or(|state| Standing::from(row.state) == state)
        && (!selection.unpaid || row.remaining > Fen::ZERO)
        && match selection.text.as_str() {
            // 吴芳 too, and 王秀英 by her link with 王芳.
            "wf" => named(&[1, 2, 4]),
            "王" => named(&[1, 2]),
            "005-000003" => row.id.to_string() == "005-000003",
            "5" => row.id.sequence.get() == 5,
            "006" => row.id.device == device(6),
            "nobody" => false,
            _ => true,
        }
}

fn sum(rows: &[SlipRow], standing: Standing) -> SlipSums {
    let mut sums = SlipSums::default();
    for row in rows.iter().filter(|row| Standing::from(row.state) == standing) {
        sums.slips += 1;
        sums.net = sums.net.plus(row.net).unwrap();
        sums.settlement = sums.settlement.plus(row.settlement).unwrap();
        sums.amount = sums.amount.plus(row.amount).unwrap();
        sums.paid = sums.paid.plus(row.paid).unwrap();
        sums.unpaid = sums.unpaid.plus(row.remaining).unwrap();
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_joined_are_the_selection_and_totals_are_the_sums_of_its_rows(
        before in proptest::collection::vec(made(), 0..8),
        after in proptest::collection::vec(made(), 0..16),
        selections in proptest::collection::vec(selection(), 12),
        limit in 1..4_u32,
    ) {
        let mut county = County::new();
        for made in &before {
            county.buy(made);
        }
        county.store.keep_office_tables().unwrap();
        for made in &after {
            county.buy(made);
        }
        let kept = projections(&county.store);
        let everything = county.all(&SlipSelection::default());
        prop_assert_eq!(everything.len(), before.len() + after.len());
        prop_assert!(everything.is_sorted_by(|a, b| (a.date, a.id) > (b.date, b.id)));
        for round in 0..2 {
            for selection in &selections {
                let meant: Vec<SlipRow> = everything
                    .iter()
                    .filter(|row| {
                        let slip = county.store.slip(row.id).unwrap().unwrap();
                        let products: Vec<_> = slip.lines.iter().map(|l| l.product).collect();
                        is_meant(selection, row, &products)
                    })
                    .cloned()
                    .collect();
                prop_assert_eq!(&county.all(selection), &meant, "{:?} round {}", selection, round);
                let mut there = Vec::new();
                let mut back: Vec<SlipRow> = Vec::new();
                let mut turn = None;
                let mut last = loop {
                    let page = county.store.slip_page(selection, turn, limit).unwrap();
                    prop_assert_eq!(page.newer.is_some(), turn.is_some());
                    there.extend(page.rows.clone());
                    match page.older {
                        Some(older) => turn = Some(older),
                        None => break page,
                    }
                };
                prop_assert_eq!(&there, &meant);
                loop {
                    back.splice(0..0, last.rows);
                    let Some(newer) = last.newer else { break };
                    last = county.store.slip_page(selection, Some(newer), limit).unwrap();
                    prop_assert!(last.older.is_some());
                }
                prop_assert_eq!(&back, &meant);
                let totals = county.store.slip_totals(selection).unwrap();
                for standing in Standing::ALL {
                    prop_assert_eq!(totals.of(standing), sum(&meant, standing));
                }
                prop_assert_eq!(totals.slips(), i64::try_from(meant.len()).unwrap());
            }
            if round == 0 {
                // Made again, the tables of the office are those that were kept up.
                county.store.rebuild().unwrap();
                prop_assert_eq!(&projections(&county.store), &kept);
                // Without them everything is the same.
                let gone = "DROP TABLE sold; DROP TABLE slip_sums";
                county.store.reader().execute_batch(gone).unwrap();
                county.store.rebuild().unwrap();
            }
        }
    }
}

fn bought(day: i32, whose: u32, fate: Fate) -> Made {
    Made { phone: 0, grower: whose, product: 1, second: false, day, net_g: 1_000, fate }
}

#[test]
fn a_number_is_found_whole_short_and_by_its_beginning() {
    let mut county = County::new();
    for number in 0..12 {
        county.buy(&bought(number, 3, Fate::Unpaid));
    }
    county.buy(&Made { phone: 1, ..bought(0, 4, Fate::Unpaid) });
    for text in ["005-000011", "005-11", " 005-11 ", "oo5-000011", "OO5000011", "oo511", "oo5 11"] {
        assert_eq!(county.numbers(text), ["005-000011"], "{text}");
    }
    // Digits alone are a sequence of any phone, or a phone's code.
    assert_eq!(county.numbers("11"), ["005-000011"]);
    assert_eq!(county.numbers("000011"), ["005-000011"]);
    assert!(county.numbers("00511").is_empty());
    assert_eq!(county.numbers("005-00001"), ["005-000012", "005-000011", "005-000010"]);
    assert_eq!(county.numbers("00001").len(), 3);
    assert_eq!(county.numbers("1"), ["006-000001", "005-000001"]);
    assert_eq!(county.numbers("006"), ["006-000001"]);
    assert_eq!(county.numbers("OO6"), ["006-000001"]);
    for text in ["A7K", "A7K-000001", "H-005-9", "9999999999", "005-9999999999", "-"] {
        assert!(county.numbers(text).is_empty(), "{text}");
    }
    assert_eq!(county.numbers("lg").len(), 12);
    assert_eq!(county.numbers("吴芳"), ["006-000001"]);
}

#[test]
fn common_selections_walk_an_index_in_its_order() {
    let mut county = County::new();
    county.buy(&bought(0, 3, Fate::Unpaid));
    county.store.keep_office_tables().unwrap();
    let all = SlipSelection::default();
    let village = SlipSelection { village: Some(VILLAGE), ..all.clone() };
    let product = SlipSelection { product: Some(ProductNo::new(1)), ..all.clone() };
    let state = |state| SlipSelection { state: Some(state), ..all.clone() };
    let dated = SlipSelection { from: Some(day(0)), to: Some(day(3)), ..all.clone() };
    let both = SlipSelection { from: Some(day(0)), ..village.clone() };
    let cases = [
        (all.clone(), "USING INDEX slips_by_day"),
        (dated, "SEARCH s USING INDEX slips_by_day (day>? AND day<?)"),
        (village, "SEARCH s USING INDEX slips_of_village (village=?"),
        (both, "SEARCH s USING INDEX slips_of_village (village=? AND day>? AND day<?)"),
        (product, "SEARCH p USING PRIMARY KEY (product=?"),
        (state(Standing::Held), "SEARCH s USING INDEX slips_not_counted (state=?"),
        (SlipSelection { unpaid: true, ..all.clone() }, "USING INDEX slips_unpaid"),
        (
            SlipSelection { grower: Some(grower(5, 3)), ..all.clone() },
            "SEARCH s USING INDEX slips_of_grower (grower=?",
        ),
        (
            SlipSelection { text: "005-000001".into(), ..all.clone() },
            "SEARCH s USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ),
        (SlipSelection { text: "1".into(), ..all }, "MULTI-INDEX OR"),
    ];
    let place = Place { day: day(2), id: EntryId::new(device(5), 1) };
    for turn in [None, Some(Turn::Older(place)), Some(Turn::Newer(place))] {
        for (selection, wanted) in &cases {
            let connection = county.store.reader();
            let asked = Wanted::of(connection, selection).unwrap();
            let (sql, plan) = page_sql(connection, selection, &asked, turn).unwrap();
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps: Vec<String> = statement
                .query_map(plan.parameters(), |row| row.get(3))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            let steps = steps.join("; ");
            let walks = wanted.trim_end_matches(')');
            let walks = walks.split(" AND ").next().unwrap_or(walks);
            assert!(steps.contains(walks), "{steps} instead of {wanted}");
            // A household's slips are few and may be sorted; the others come in order.
            let sorts = selection.grower.is_some() || !selection.text.is_empty();
            assert!(sorts || !steps.contains("TEMP B-TREE"), "{steps}");
            assert!(!steps.split("; ").any(|step| step == "SCAN s"), "{steps}");
        }
    }
}

#[test]
fn a_held_slip_of_any_weight_harms_no_sum() {
    let mut county = County::new();
    county.store.keep_office_tables().unwrap();
    let phone = county.phones[0].clone();
    for _ in 0..3 {
        let mut huge = slip(grower(5, 3), 1_000);
        huge.lines[0].weighings[0].gross = Grams::new(i64::MAX);
        huge.lines[0].segments[0].price = LiPerKg::new(i64::MAX);
        huge.lines[0].amount = Fen::new(i64::MAX);
        save(&mut county.store, &phone, huge);
    }
    let totals = county.store.slip_totals(&SlipSelection::default()).unwrap();
    assert_eq!((totals.held.slips, totals.counted.slips), (3, 0));
    assert_eq!(totals.held.net, Grams::new(3_000_000_000));
    drop(county.district);
}
