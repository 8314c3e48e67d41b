//! Cases 1, 5, 6, 7 and 17: what is weighed twice, wrongly, at an old price, or beyond a contract.

use serde_json::json;

use crate::field::grower;
use crate::season::{
    agrees, buy, exceptions, number, paid, prices, rests_on, season, slip, statement, sync,
    warnings,
};

#[test]
fn case_01_same_crate_twice() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let first = buy(&county, "p1", &h, "11.5-1.5", "2024-07-02");
    assert!(warnings(&first).is_empty(), "{first}");
    // The same crate again, moments later: warned, never blocked.
    let second = buy(&county, "p1", &h, "11.52-1.5", "2024-07-02");
    assert_eq!(warnings(&second), ["warn.repeat"]);
    // Another crate, or another household, is no repeat.
    let other = buy(&county, "p1", &h, "25-1.5", "2024-07-02");
    assert!(warnings(&other).is_empty(), "{other}");
    let neighbour = grower(&county, "p1", "李国华");
    let theirs = buy(&county, "p1", &neighbour, "11.5-1.5", "2024-07-02");
    assert!(warnings(&theirs).is_empty(), "{theirs}");
    sync(&county);

    // The office is shown both slips until one is voided.
    let (first, second) = (number(&first), number(&second));
    let listed = exceptions(&county, "exception.likely_duplicate");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert!(rests_on(&listed, &first) && rests_on(&listed, &second), "{listed:?}");
    let words = ["void", "--slip", &second, "--reason", "同一筐", "--date", "2024-07-02"];
    county.phone("p1", &words);
    sync(&county);
    assert!(exceptions(&county, "exception.likely_duplicate").is_empty());
    // What was voided stays to be seen.
    assert_eq!(slip(&county, &second)["state"], "voided");
    assert_eq!(paid(&county, &first), (0, 3_000));
    let lines = statement(&county, &h, "2024-07")["lines"].clone();
    assert!(lines.to_string().contains(&second), "{lines}");
    agrees(&county);
}

#[test]
fn case_05_list_changed_while_offline() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    county.phone("p1", &["sync"]);
    // The office publishes two lists; the phone has no signal and knows only the old one.
    prices(&county, "2024-07-02,102,A,3.50/kg\n2024-07-04,102,A,2.80/kg\n");
    let low = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-03"));
    let high = number(&buy(&county, "p1", &h, "21.5-1.5", "2024-07-05"));
    sync(&county);

    // What was printed is paid.
    assert_eq!(
        (slip(&county, &low)["amount_fen"].clone(), paid(&county, &low).1),
        (json!(3_000), 3_000)
    );
    assert_eq!(paid(&county, &high), (0, 6_000));
    county.phone("p1", &["pay", "--grower", &h, "--amount", "90", "--date", "2024-07-05"]);
    sync(&county);
    assert_eq!((paid(&county, &low).1, paid(&county, &high).1), (0, 0));

    // The difference against the list in force that day, by grower: 10 kg × 0.50, 20 kg × −0.20.
    let listed = exceptions(&county, "exception.list_changed");
    assert!(rests_on(&listed, &low) && rests_on(&listed, &high), "{listed:?}");
    let report = county.office(&["report", "price-differences", "--month", "2024-07"]);
    let lines = report["lines"].as_array().unwrap();
    let difference =
        |id: &str| lines.iter().find(|line| line["slip"] == id).unwrap()["difference_fen"].clone();
    assert_eq!((difference(&low), difference(&high)), (json!(500), json!(-400)));
    assert_eq!(
        (report["growers"][0]["grower"].clone(), report["growers"][0]["difference_fen"].clone()),
        (json!(h), json!(100))
    );
    // A phone that knows the list has no difference.
    buy(&county, "p1", &h, "31.5-1.5", "2024-07-03");
    sync(&county);
    let again = county.office(&["report", "price-differences", "--month", "2024-07"]);
    assert_eq!(again["lines"].as_array().unwrap().len(), 2, "{again}");
    agrees(&county);
}

#[test]
fn case_06_contract_exceeded_by_two_phones() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "赵桂兰");
    let terms = ["--area", "0.3mu", "--quantity", "20jin", "--floor", "2.50/jin"];
    let days = ["--from", "2024-06-01", "--to", "2024-10-31"];
    let sign = ["contract", "sign", "--grower", &h, "--product", "菠菜"];
    county.phone("p1", &[&sign[..], &terms, &days].concat());
    sync(&county);
    // Neither phone knows of the other's slip: each is within the contract.
    let one = buy(&county, "p1", &h, "8.5-1.5", "2024-07-02");
    let two = buy(&county, "p2", &h, "7.5-1.5", "2024-07-02");
    assert!(warnings(&one).is_empty() && warnings(&two).is_empty(), "{one} {two}");
    let (one, two) = (number(&one), number(&two));
    assert!(exceptions(&county, "exception.contract_exceeded").is_empty());
    sync(&county);

    // Together 13 of 10 kg: found after the merge, and no slip changes.
    let listed = exceptions(&county, "exception.contract_exceeded");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert!(rests_on(&listed, &one) || rests_on(&listed, &two), "{listed:?}");
    assert_eq!(listed[0]["measure"]["found"], json!(13_000));
    assert_eq!(listed[0]["measure"]["expected"], json!(10_000));
    assert_eq!((paid(&county, &one), paid(&county, &two)), ((0, 3_500), (0, 3_000)));

    // The phone says how much was delivered of how much, as far as it knows; the list price holds.
    let third = buy(&county, "p2", &h, "3.5-1.5", "2024-07-03");
    let warning = third["warnings"].as_array().unwrap().iter();
    let warning = warning.clone().find(|w| w["code"] == "warn.contract_exceeded").unwrap();
    let zh = warning["zh"].as_str().unwrap();
    assert!(zh.contains("已交") && zh.contains("合同") && zh.contains("上次同步"), "{zh}");
    assert_eq!(third["amount_fen"], json!(600));
    sync(&county);
    agrees(&county);
}

#[test]
fn case_07_weights_that_cannot_be() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "孙德胜");
    let buy = |weigh: &str| {
        let weigh = format!("--weigh={weigh}");
        county.try_phone("p1", &["buy", "--grower", &h, "--product", "菠菜", &weigh])
    };
    // Tare as much as gross, more than it, nothing at all, beyond the scale.
    for (weigh, number) in
        [("1.5-1.5", "皮重"), ("1.0-1.5", "皮重"), ("0-0", "毛重"), ("300.1-1", "最大称量")]
    {
        let said = buy(weigh);
        assert_eq!(said.code(), 1, "{weigh}: {}", said.out);
        assert!(said.err.contains(number), "{weigh}: {}", said.err);
    }
    let words = ["buy", "--grower", &h, "--product", "菠菜", "--weigh", "3-1", "--deduct", "2"];
    let said = county.try_phone("p1", &words);
    assert_eq!(said.code(), 1, "deducted to nothing: {}", said.out);
    assert_eq!(county.phone("p1", &["list"])["slips"], json!([]));
    assert_eq!(county.phone("p1", &["status"])["waiting"], json!(0));
    // What can be is saved as before.
    assert_eq!(buy("3-1").code(), 0);
    county.phone("p1", &["sync"]);
    agrees(&county);
}

#[test]
fn case_17_one_wrong_price_for_a_whole_morning() {
    let (county, _server) = season();
    let names = ["王秀英", "李国华", "赵桂兰"];
    let growers = names.map(|name| grower(&county, "p1", name));
    let wrong = ["11.5-1.5", "21.5-1.5", "31.5-1.5"];
    let mut slips = Vec::new();
    for (h, weigh) in growers.iter().zip(wrong) {
        let words = ["buy", "--grower", h, "--product", "菠菜", "--weigh", weigh];
        let words = [&words[..], &["--price", "2.00/kg", "--date", "2024-07-02"]].concat();
        slips.push(number(&county.phone("p1", &words)));
    }
    // One that had the right price, and one that is paid already.
    let right = number(&buy(&county, "p1", &growers[0], "41.5-1.5", "2024-07-02"));
    let pay = ["pay", "--grower", &growers[1], "--amount", "40", "--date", "2024-07-02"];
    county.phone("p1", &pay);
    sync(&county);

    let adjust = ["admin", "adjust", "--bulk", "--village", "石桥村", "--product", "菠菜"];
    let prices = ["--date", "2024-07-02", "--from", "2.00/kg", "--to", "3.00/kg"];
    let people = ["--reason", "早上价格输错", "--by", "王经办", "--approved-by", "李审核"];
    let words = [&adjust[..], &prices, &people].concat();
    let dry = county.office(&[&words[..], &["--dry-run"]].concat());
    assert_eq!((dry["written"].clone(), dry["total_fen"].clone()), (json!(false), json!(6_000)));
    assert_eq!(paid(&county, &slips[0]), (0, 2_000));
    let done = county.office(&words);
    assert_eq!(done["corrections"].as_array().unwrap().len(), 3);
    assert_eq!(done["growers"].as_array().unwrap().len(), 3);
    assert_eq!(paid(&county, &slips[0]), (0, 3_000));
    assert_eq!(paid(&county, &slips[1]), (4_000, 2_000));
    assert_eq!(paid(&county, &slips[2]), (0, 9_000));
    assert_eq!(paid(&county, &right), (0, 12_000));

    // Linked entries with one reason; the slips are as they were printed, and each grower sees it.
    let mut month = String::new();
    for correction in done["corrections"].as_array().unwrap() {
        let shown =
            county.office(&["admin", "entry", "show", correction["entry"].as_str().unwrap()]);
        let text = shown.to_string();
        assert!(text.contains("早上价格输错"), "{text}");
        assert!(text.contains(correction["slip"].as_str().unwrap()), "{text}");
        month = shown["date"].as_str().unwrap()[..7].to_owned();
    }
    assert_eq!(slip(&county, &slips[0])["amount_fen"], json!(2_000));
    sync(&county);
    for (h, corrected) in growers.iter().zip([1_000, 2_000, 3_000]) {
        let told = statement(&county, h, &month);
        assert_eq!(told["sums"][0]["corrected_fen"], json!(corrected), "{told}");
    }
    agrees(&county);
    // Done once: nothing is left at the wrong price.
    let again = crate::season::try_office(&county, &words);
    assert_eq!(again.code(), 1, "{}", again.out);
    agrees(&county);
}
