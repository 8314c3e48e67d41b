use super::*;
use crate::command::place::tests::node;

const PRODUCTS: &str = "code,name,category,grades\n102,菠菜,叶菜,2\n103,黄瓜,瓜果,1\n";

fn market() -> (Node, tempfile::TempDir) {
    let (mut node, folder) = node();
    let context = Context { file: "products.csv".into(), dry_run: false, ..Context::default() };
    super::super::products::import(&mut node, PRODUCTS.as_bytes(), &context).unwrap();
    (node, folder)
}

fn take(node: &mut Node, text: &str) -> Outcome<Imported> {
    let context = Context { file: "prices.csv".into(), dry_run: false, ..Context::default() };
    import(node, text.as_bytes(), &context).unwrap()
}

fn versions(done: &Outcome<Imported>) -> Vec<(u32, &str, bool)> {
    done.found.versions.iter().map(|v| (v.version, v.from.as_str(), v.kept)).collect()
}

/// The price of 102 A on a day of July.
fn price(node: &mut Node, day: u8) -> Option<i64> {
    let published = published(node.read().unwrap().as_ref()).unwrap();
    let date = format!("2026-07-{day:02}").parse().unwrap();
    let list = published.price_list_on(date)?;
    list.price(ProductNo::new(1), Grade::default()).map(LiPerKg::get)
}

#[test]
fn each_date_is_a_version_and_the_same_file_again_publishes_nothing() {
    let (mut node, _folder) = market();
    let file = "date,code,grade,price\n2026-07-01,102,A,3.19/kg\n2026-07-01,103,A,1.60/jin\n\
                2026-07-03,102,A,1.60元/斤\n2026-07-02,102,A,3.20/kg\n";
    // Days 2 and 3 have the same list, so day 3 needs no version of its own.
    let done = take(&mut node, file);
    assert_eq!(versions(&done), [(1, "2026-07-01", false), (2, "2026-07-02", false)]);
    assert_eq!((done.found.unchanged_dates, done.bad.len()), (1, 0));
    let prices: Vec<_> = (0..4).map(|day| price(&mut node, day + 1)).collect();
    assert_eq!(prices, [Some(3_190), Some(3_200), Some(3_200), Some(3_200)]);
    let again = take(&mut node, file);
    assert_eq!((again.found.versions.len(), again.found.unchanged_dates), (0, 3));
}

#[test]
fn a_list_for_an_earlier_day_leaves_the_later_days_as_they_were() {
    let (mut node, _folder) = market();
    take(&mut node, "date,code,grade,price\n2026-07-01,102,A,1/kg\n2026-07-05,102,A,5/kg\n");
    let late = "date,code,grade,price\n2026-07-03,102,A,3/kg\n";
    let done = take(&mut node, late);
    assert_eq!(versions(&done), [(3, "2026-07-03", false), (4, "2026-07-05", true)]);
    let prices: Vec<_> = [1, 2, 3, 4, 5, 6].map(|day| price(&mut node, day)).into();
    assert_eq!(prices, [1, 1, 3, 3, 5, 5].map(|yuan| Some(yuan * 1_000)));
    assert!(take(&mut node, late).found.versions.is_empty());
    // Correcting the first day moves neither the third nor the fifth.
    take(&mut node, "date,code,grade,price\n2026-07-01,102,A,2/kg\n");
    let prices: Vec<_> = [1, 2, 3, 4, 5, 6].map(|day| price(&mut node, day)).into();
    assert_eq!(prices, [2, 2, 3, 3, 5, 5].map(|yuan| Some(yuan * 1_000)));
}

#[test]
fn a_price_column_may_carry_the_unit_in_its_heading() {
    let (mut node, _folder) = market();
    take(&mut node, "日期,编码,等级,元/斤\n2026-07-01,102,A,1.60\n");
    assert_eq!(price(&mut node, 1), Some(3_200));
    take(&mut node, "date,item_code,grade,yuan_per_kg\n2026-07-02,102,A,3.3\n");
    assert_eq!(price(&mut node, 2), Some(3_300));
    for heading in ["date,code,grade", "date,code,grade,price,yuan_per_kg"] {
        let context = Context { file: String::new(), dry_run: false, ..Context::default() };
        assert!(import(&mut node, heading.as_bytes(), &context).is_err(), "{heading}");
    }
}

#[test]
fn bad_prices_are_named_by_line_and_the_good_ones_published() {
    let (mut node, _folder) = market();
    let done = take(
        &mut node,
        "date,code,grade,price\n2026-07-01,102,A,3.19/kg\n2026-7-1,102,A,3/kg\n\
         2026-07-01,999,A,3/kg\n2026-07-01,103,B,3/kg\n2026-07-01,102,B,3\n\
         2026-07-01,102,B,0/kg\n2026-07-01,102,A,3.20/kg\n2026-07-01,102,A,3.19/kg\n\
         2026-07-02,102,Z,1/kg\n",
    );
    let lines: Vec<u64> = done.bad.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8, 10]);
    assert_eq!(versions(&done), [(1, "2026-07-01", false)]);
    assert_eq!(price(&mut node, 1), Some(3_190));
}

#[test]
fn a_year_of_daily_lists_goes_in_batches_that_fit_a_body() {
    let (mut node, _folder) = node();
    let mut products = String::from("code,name,category,grades\n");
    for code in 0..250 {
        products.push_str(&format!("{code},品{code},叶菜,3\n"));
    }
    let context = Context { file: String::new(), dry_run: false, ..Context::default() };
    super::super::products::import(&mut node, products.as_bytes(), &context).unwrap();
    let mut file = String::from("date,code,grade,price\n");
    let first: BusinessDate = "2026-01-01".parse().unwrap();
    for day in 0..90 {
        let date = BusinessDate::from_days(first.days() + day).unwrap();
        for code in 0..250 {
            for grade in ["A", "B", "C"] {
                file.push_str(&format!("{date},{code},{grade},{}.{day:02}/kg\n", code + 1));
            }
        }
    }
    let done = take(&mut node, &file);
    assert_eq!((done.found.versions.len(), done.bad.len()), (90, 0));
    let reads = node.read().unwrap();
    for batch in reads.all_batches_after(0, usize::MAX).unwrap() {
        let bytes: usize = batch.entries.iter().map(Vec::len).sum();
        assert!(bytes < 256 << 10, "{bytes}");
    }
}
