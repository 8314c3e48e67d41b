//! Case 15: the same number with other content is a fork. The first stays, the second is kept aside
//! with its evidence; the phone gets a new key and book code and issues its unsent entries again.

use serde_json::json;

use crate::field::{buy, copy, grower, slip, text, village};

#[test]
fn case_15_phone_restored_or_copied() {
    let (county, server) = village();
    let h = grower(&county, "p1", "王秀英");
    let first = buy(&county, "p1", &h, "3-1");
    county.phone("p1", &["sync"]);
    copy(&county.path("p1"), &county.path("backup"));

    // The phone goes on, and then is put back to the morning's state.
    let one = grower(&county, "p1", "李国华");
    let stays = buy(&county, "p1", &one, "11-1");
    county.phone("p1", &["sync"]);
    copy(&county.path("backup"), &county.path("p1"));
    let other = grower(&county, "p1", "赵桂兰");
    assert_eq!(other, one, "both households got the same number");
    let forked = buy(&county, "p1", &other, "21-1");
    assert_eq!(forked, stays);
    let second = buy(&county, "p1", &h, "5-1");
    county.phone("p1", &["pay", "--grower", &h, "--amount", "12.76", "--slip", &second]);
    county.phone("p1", &["sync"]);

    // The first stays at the office; the second is evidence on both sides.
    assert_eq!(slip(&county, &stays).unwrap()["amount_fen"], json!(3_190));
    let status = county.phone("p1", &["status"]);
    assert_eq!(status["blocked_books"], json!(1), "{status}");
    assert!(status["set_aside"].as_u64().unwrap() > 0, "{status}");
    let aside = county.office(&["admin", "set-aside", "list"]);
    let fork = aside["set_aside"].as_array().unwrap().iter().find(|a| a["code"] == "door.fork");
    let evidence = &fork.unwrap()["entries"][0];
    assert_eq!(
        (text(&evidence["entry"]), evidence["amount_fen"].clone()),
        (forked.clone(), json!(6_380))
    );

    let invitation =
        county.office(&["admin", "invite", "--village", "石桥村", "--address", &server.address]);
    let invitation = text(&invitation["invitation"]);
    let renewed = county.phone("p1", &["renew", "--invitation", &invitation]);
    assert_ne!(renewed["device"], renewed["former"]);
    let new_of = |list: &str, from: &str| {
        let pairs = renewed[list].as_array().unwrap().iter();
        text(&pairs.clone().find(|pair| pair["from"] == from).unwrap()["to"])
    };
    let (forked_now, second_now) = (new_of("reissued", &forked), new_of("reissued", &second));
    let other_now = new_of("growers", &other);
    assert_eq!(renewed["reissued"].as_array().unwrap().len(), 3);
    county.phone("p1", &["sync"]);

    // Everything that was bought counts once, and the payout pays the slip under its new number.
    let unpaid = |id: &str| slip(&county, id).unwrap()["unpaid_fen"].clone();
    assert_eq!(unpaid(&first), json!(638));
    assert_eq!(unpaid(&stays), json!(3_190));
    assert_eq!(unpaid(&forked_now), json!(6_380));
    assert_eq!(unpaid(&second_now), json!(0));
    assert_eq!(slip(&county, &forked_now).unwrap()["grower"], json!(other_now));
    let total = county.office(&["report", "income", "--month", "2026-07"])["total"].clone();
    assert_eq!(total["amount_fen"], json!(638 + 3_190 + 6_380 + 1_276));
    assert_eq!(county.office(&["report", "trial-balance"])["total_fen"], json!(0));

    // Both households are known by their own names, on every phone.
    county.phone("p2", &["sync"]);
    for phone in ["p1", "p2"] {
        for (number, name) in [(&one, "李国华"), (&other_now, "赵桂兰")] {
            let found = county.phone(phone, &["search", name]);
            assert_eq!(found["growers"][0]["grower"], json!(number), "{phone}");
        }
    }
    // The evidence stays; the phone writes on under its new number, and proves what it printed.
    let status = county.phone("p1", &["status"]);
    assert_eq!((status["blocked_books"].clone(), status["waiting"].clone()), (json!(0), json!(0)));
    assert!(status["set_aside"].as_u64().unwrap() > 0);
    let next = buy(&county, "p1", &other_now, "4-1");
    assert!(next.starts_with(renewed["device"].as_str().unwrap()));
    county.phone("p1", &["sync"]);
    assert!(slip(&county, &next).is_some());
    let root = text(&county.office(&["admin", "root"])["root"]);
    for id in [&first, &next] {
        let qr = text(&county.phone("p1", &["qr", id])["text"]);
        let words = ["verify", "--slip", &qr, "--root", &root, "--json"];
        assert_eq!(courtyard_tests::courtyard_json(&words)["entry"], json!(id));
    }
}
