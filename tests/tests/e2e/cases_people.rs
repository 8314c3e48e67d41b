//! Cases 13 and 20: the head of a household dies, and the steward's own house. (The account that
//! changes and case 22 are in registers.rs.)

use serde_json::json;

use crate::field::{grower, text};
use crate::season::{agrees, buy, exceptions, number, rests_on, season, slip, sync, warnings};

#[test]
fn case_13_the_head_of_the_household_dies() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王德福");
    let words = ["person", "add", &h, "--name", "王秀英", "--relation", "妻子"];
    county.phone("p1", &words);
    let before = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    sync(&county);
    // His wife is the head from the tenth on.
    let renamed = ["grower", "set", &h, "--name", "王秀英", "--since", "2024-07-10"];
    county.phone("p1", &renamed);
    let after = number(&buy(&county, "p1", &h, "21.5-1.5", "2024-07-12"));
    sync(&county);

    // Old slips show the old name, new ones the new; the household is one.
    assert_eq!(slip(&county, &before)["name"], "王德福");
    assert_eq!(slip(&county, &after)["name"], "王秀英");
    let shown = county.office(&["admin", "register", "show", &h]);
    assert_eq!(shown["name"], "王秀英");
    let names = shown["names"].to_string();
    assert!(names.contains("王德福") && names.contains("2024-07-10"), "{names}");
    let found = county.phone("p2", &["search", "王秀英"]);
    assert_eq!(found["growers"][0]["grower"], json!(h), "{found}");
    let income = county.office(&["report", "income", "--month", "2024-07"]);
    assert_eq!(income["growers"].as_array().unwrap().len(), 1);
    assert_eq!(income["total"]["amount_fen"], json!(9_000));
    agrees(&county);
}

#[test]
fn case_20_the_steward_buys_from_their_own_household() {
    let (county, _server) = season();
    let own = grower(&county, "p1", "陈管家");
    let neighbour = grower(&county, "p1", "李国华");
    let device = text(&county.phone("p1", &["status"])["device"]);
    county.phone("p1", &["sync"]);
    let add = ["admin", "steward", "add", "--name", "陈管家", "--village", "石桥村"];
    let known = ["--duty", "steward", "--household", &own, "--device", &device, "--by", "周主管"];
    county.office(&[&add[..], &known].concat());
    county.phone("p1", &["sync"]);

    // Allowed and marked; the neighbour's is not.
    let bought = buy(&county, "p1", &own, "11.5-1.5", "2024-07-02");
    assert_eq!(warnings(&bought), ["warn.own_household"]);
    assert_eq!(bought["amount_fen"], json!(3_000));
    let theirs = buy(&county, "p1", &neighbour, "25-1.5", "2024-07-02");
    assert!(warnings(&theirs).is_empty(), "{theirs}");
    sync(&county);
    let bought = number(&bought);
    assert_eq!(slip(&county, &bought)["state"], "counted");

    // In the reviewer's list until the reviewer has looked at it.
    let listed = exceptions(&county, "exception.own_household");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["owner"], "reviewer");
    assert!(rests_on(&listed, &bought), "{listed:?}");
    county.office(&["admin", "review", &bought, "--accept", "--by", "李审核"]);
    assert!(exceptions(&county, "exception.own_household").is_empty());
    agrees(&county);
}
