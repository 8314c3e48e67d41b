use courtyard_core::domain::product::Product;
use courtyard_core::domain::{DeviceNo, LiPerKg, ProductNo};

use super::*;
use crate::command::import::sheet::Options;

fn known() -> Known {
    let product = |number, code: &str, name: &str| Product {
        number: ProductNo::new(number),
        code: code.into(),
        name: name.into(),
        category: String::new(),
        grades: 2,
        grain_or_oil: false,
        usual_yield_per_mu: None,
    };
    let goods = Goods::of([
        product(7, "102", "菠菜"),
        product(8, "103", "杏鲍菇"),
        product(9, "104", "杏鲍菇"),
    ]);
    let grower =
        |counter, name: &str| (GrowerId::new(DeviceNo::new(2).unwrap(), counter), name.to_owned());
    let growers = vec![grower(1, "王秀英"), grower(2, "李国华"), grower(3, "李国华")];
    Known { limits: Limits::LEDGER, goods, growers }
}

fn rows(text: &str) -> Vec<Result<OfferedWeighing, Bad>> {
    let sheet = Sheet::read(text.as_bytes(), COLUMNS, &Options::default()).unwrap();
    let known = known();
    sheet.rows.iter().map(|row| super::read(row, &sheet, &known)).collect()
}

fn grams(offer: &OfferedWeighing) -> (i64, i64) {
    (offer.weighing.gross.get(), offer.weighing.tare.get())
}

#[test]
fn a_row_says_what_its_file_knows_and_leaves_the_rest_open() {
    let found = rows("date,time,kg\n2026/7/1,6:03,12.852\n");
    let offer = found[0].as_ref().unwrap();
    assert_eq!(
        (offer.date.to_string().as_str(), offer.second_of_day),
        ("2026-07-01", Some(21_780))
    );
    assert_eq!((grams(offer), offer.line), ((12_852, 0), 2));
    assert_eq!((offer.grower, offer.product, offer.price), (None, None, None));
    let full =
        rows("日期,农户,编码,等级,毛重斤,皮重斤,元/斤\n2026-07-01,王秀英,102,B,25.7,3,1.6\n");
    let offer = full[0].as_ref().unwrap();
    assert_eq!(grams(offer), (12_850, 1_500));
    assert_eq!(offer.grower.unwrap().to_string(), "H-002-1");
    assert_eq!((offer.product, offer.price), (Some(ProductNo::new(7)), Some(LiPerKg::new(3_200))));
}

#[test]
fn gross_tare_and_net_must_agree_when_all_are_there() {
    let found = rows(
        "date,gross,tare,net\n2026-07-01,10,1,9\n2026-07-01,10,1,8\n2026-07-01,,1,9\n\
                      2026-07-01,10,,9\n2026-07-01,10,,\n2026-07-01,,,\n",
    );
    let sound: Vec<_> = found.iter().map(|row| row.as_ref().ok().map(grams)).collect();
    let nine = Some((10_000, 1_000));
    assert_eq!(sound, [nine, None, nine, nine, Some((10_000, 0)), None]);
    let said = found[1].as_ref().unwrap_err();
    assert!(
        said.zh.contains("10 kg") && said.zh.contains("8 kg") && said.en.contains("not net 8 kg")
    );
}

#[test]
fn what_cannot_be_one_weighing_of_one_purchase_is_named_and_not_guessed() {
    let head = "date,time,grower,product,grade,gross,tare,price,kind\n";
    for (row, wanted) in [
        ("1/7/2026,,,,,1,0,3/kg,", "no date"),
        ("2026-07-01,25:00,,,,1,0,3/kg,", "no time"),
        ("2026-07-01,,,,,1,1,3/kg,", "tare"),
        ("2026-07-01,,,,,1.0005,0,3/kg,", "finer than 1 gram"),
        ("2026-07-01,,,,,1,0,3,", "price with its unit"),
        ("2026-07-01,,,,,1,0,0/kg,", "above zero"),
        ("2026-07-01,,,,,1,0,,退货", "no purchase"),
        ("2026-07-01,,,999,,1,0,,", "no \"999\""),
        ("2026-07-01,,,杏鲍菇,,1,0,,", "more than one"),
        ("2026-07-01,,,102,C,1,0,,", "no C"),
        ("2026-07-01,,李国华,,,1,0,,", "more than one"),
        ("2026-07-01,,赵桂兰,,,1,0,,", "no \"赵桂兰\""),
        ("2026-07-01,,,,,200000,0,,", "scale"),
    ] {
        let found = rows(&format!("{head}{row}\n"));
        let bad = found[0].as_ref().unwrap_err();
        assert!(bad.en.contains(wanted), "{row}: {}", bad.en);
        assert!(!bad.zh.is_empty() && bad.line == 2);
    }
}
