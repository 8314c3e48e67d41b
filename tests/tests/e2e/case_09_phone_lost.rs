//! Case 9: a phone is lost. It is revoked, the last number is known, missing numbers are listed; a
//! slip re-entered from the QR on paper is the same entry, also if the phone comes back.

use courtyard_tests::{County, courtyard, courtyard_json};
use serde_json::{Value, json};

use crate::field::{buy, clerk, copy, grower, slip, text, village};

fn total(county: &County) -> Value {
    county.office(&["report", "income", "--month", "2026-07"])["total"]["amount_fen"].clone()
}

#[test]
fn case_09_phone_lost() {
    let (county, server) = village();
    clerk(&county, "王经办", "clerk");
    let h = grower(&county, "p1", "王秀英");
    let first = buy(&county, "p1", &h, "3-1");
    county.phone("p1", &["sync"]);
    let second = buy(&county, "p1", &h, "11-1");
    let third = buy(&county, "p1", &h, "21-1");
    let qr = text(&county.phone("p1", &["qr", &third])["text"]);
    assert!(qr.starts_with("HTTP://127.0.0.1:") && qr.contains("/C/CQ1."), "{qr}");
    let device = first.split_once('-').unwrap().0.to_owned();

    // Revoked: the last number that is known here.
    let revoked = county.office(&["admin", "device", "revoke", &device, "--reason", "手机丢失"]);
    assert_eq!(
        (revoked["last"].clone(), revoked["state"].clone()),
        (json!(first), json!("revoked"))
    );

    // The paper proves itself, to anybody; a letter changed proves nothing.
    let root = text(&county.office(&["admin", "root"])["root"]);
    let proved = courtyard_json(&["verify", "--slip", &qr, "--root", &root, "--json"]);
    assert_eq!((proved["entry"].clone(), proved["phone"].clone()), (json!(third), json!(device)));
    assert_eq!((proved["grower"].clone(), proved["amount_fen"].clone()), (json!(h), json!(6_380)));
    assert!(!proved.to_string().contains("王秀英"), "{proved}");
    let place = qr.len() - 60;
    let other = if qr.as_bytes()[place] == b'0' { "1" } else { "0" };
    let changed = format!("{}{other}{}", &qr[..place], &qr[place + 1..]);
    assert_eq!(courtyard(&["verify", "--slip", &changed, "--root", &root]).code(), 1);

    // The office enters it: the same slip under its own number; its neighbour is missing.
    let words = ["admin", "recover", "--slip", &qr, "--by", "王经办"];
    assert_eq!(county.office(&words)["recovered"], json!(true));
    assert_eq!(county.office(&words)["recovered"], json!(false), "the same paper again");
    assert_eq!(slip(&county, &third).unwrap()["amount_fen"], json!(6_380));
    assert_eq!(total(&county), json!(638 + 6_380));
    let shown = county.office(&["admin", "device", "show", &device]);
    assert_eq!((shown["last"].clone(), shown["known_to"].clone()), (json!(first), json!(third)));
    assert_eq!(
        (shown["recovered"].clone(), shown["missing"].clone()),
        (json!([third]), json!([second]))
    );
    county.phone("p2", &["sync"]);
    assert_eq!(county.phone("p2", &["show", &third])["status"], json!("counted"));

    // The phone comes back: the third is the same slip, the second is held for the district.
    county.phone("p1", &["sync"]);
    assert_eq!(total(&county), json!(638 + 6_380));
    let shown = county.office(&["admin", "device", "show", &device]);
    assert_eq!((shown["missing"].clone(), shown["held"].clone()), (json!([]), json!(1)));
    let held = county.office(&["admin", "hold", "list"]);
    assert!(held.to_string().contains(&second) && !held.to_string().contains(&third), "{held}");
    county.phone("p2", &["sync"]);
    assert_eq!(county.phone("p2", &["show", &third])["status"], json!("counted"));
    drop(server);
    let data = county.server_data();
    let sound = courtyard(&["verify", data.to_str().unwrap(), "--root", &root, "--json"]);
    assert_eq!(sound.code(), 0, "{}{}", sound.out, sound.err);
}

#[test]
fn case_09_phone_lost_and_a_copy_of_it_that_wrote_something_else() {
    let (county, _server) = village();
    clerk(&county, "王经办", "clerk");
    let h = grower(&county, "p1", "王秀英");
    buy(&county, "p1", &h, "3-1");
    county.phone("p1", &["sync"]);
    copy(&county.path("p1"), &county.path("copy"));
    let paper = buy(&county, "p1", &h, "11-1");
    let qr = text(&county.phone("p1", &["qr", &paper])["text"]);
    county.office(&["admin", "recover", "--slip", &qr, "--by", "王经办"]);
    // The copy comes to the server under the same number: it is chained, and held.
    assert_eq!(buy(&county, "copy", &h, "31-1"), paper);
    county.phone("copy", &["sync"]);
    assert_eq!(slip(&county, &paper).unwrap()["amount_fen"], json!(3_190));
    assert_eq!(total(&county), json!(638 + 3_190));
    let held = county.office(&["admin", "hold", "list"]);
    assert!(held.to_string().contains("entry.differs_from_recovered"), "{held}");
}
