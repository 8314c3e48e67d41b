//! Case 10: a steward is dismissed with slips that were not synced. The phone finishes the open slip,
//! then is read-only but still uploads; all that arrives after the revocation is held; the district
//! admits or refuses each; nothing is dropped.

use serde_json::json;

use crate::field::{buy, clerk, grower, slip, text, village};

#[test]
fn case_10_steward_dismissed() {
    let (county, _server) = village();
    clerk(&county, "李审核", "reviewer");
    let h = grower(&county, "p1", "王秀英");
    let before = buy(&county, "p1", &h, "3-1");
    county.phone("p1", &["sync"]);
    let device = before.split_once('-').unwrap().0.to_owned();
    let honest = buy(&county, "p1", &h, "11-1");
    let invented = buy(&county, "p1", &h, "101-1");
    let lines = r#"[{"product":"102","grade":"A","weigh":["21-1"]}]"#;
    county.phone("p1", &["open", "keep", "--grower", &h, "--lines", lines, "--date", "2026-07-02"]);
    county.office(&["admin", "device", "revoke", &device, "--reason", "解聘"]);

    // It learns of it when it syncs; what it holds is uploaded and held.
    county.phone("p1", &["sync"]);
    assert_eq!(county.phone("p1", &["status"])["revoked"], json!(true));
    let words = ["buy", "--grower", &h, "--product", "102", "--weigh", "5-1"];
    let refused = county.try_phone("p1", &words);
    assert_eq!(refused.code(), 1);
    assert!(refused.err.contains("revoked") && refused.err.contains("已停用"), "{}", refused.err);
    assert_eq!(county.try_phone("p1", &["grower", "add", "--name", "新户"]).code(), 1);
    let open = text(&county.phone("p1", &["open", "finish"])["slip"]);
    let begun = ["open", "keep", "--grower", h.as_str(), "--lines", lines];
    assert_eq!(county.try_phone("p1", &begun).code(), 1, "nothing new is begun");
    county.phone("p1", &["sync"]);
    assert_eq!(county.phone("p1", &["status"])["waiting"], json!(0));

    // Nothing is dropped: every slip is there, held, with its reason.
    let state = |id: &str| slip(&county, id).unwrap()["state"].clone();
    assert_eq!(state(&before), json!("counted"));
    for id in [&honest, &invented, &open] {
        assert_eq!(state(id), json!("held"), "{id}");
        let held = county.office(&["admin", "hold", "show", id]);
        assert!(held.to_string().contains("entry.after_revocation"), "{held}");
    }
    let decide = |act: &str, id: &str, evidence: &str| {
        let words = ["admin", "hold", act, id, "--reason", "逐张核实", "--evidence", evidence];
        county.office(&[&words[..], &["--by", "李审核"]].concat())
    };
    decide("admit", &honest, "paper");
    decide("admit", &open, "neighbour");
    decide("refuse", &invented, "none");
    assert_eq!((state(&honest), state(&open)), (json!("counted"), json!("counted")));
    assert_ne!(state(&invented), json!("counted"));
    let total = county.office(&["report", "income", "--month", "2026-07"])["total"].clone();
    assert_eq!(total["amount_fen"], json!(638 + 3_190 + 6_380));
    assert_eq!(county.office(&["report", "trial-balance"])["total_fen"], json!(0));
    let listed = county.office(&["admin", "device", "list"]);
    let row = listed["devices"].as_array().unwrap().iter().find(|d| d["code"] == json!(device));
    let row = row.unwrap();
    assert_eq!((row["state"].clone(), row["last"].clone()), (json!("revoked"), json!(open)));
    assert!(row["last_sync_ms"].as_i64().unwrap() > 0);
}
