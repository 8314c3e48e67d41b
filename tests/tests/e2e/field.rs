//! What the cases of the field begin with: a village with products, prices and two phones.

use std::path::Path;

use courtyard_tests::{County, Server};
use serde_json::Value;

/// A county with one village, products on the list, and two enrolled phones.
pub(crate) fn village() -> (County, Server) {
    let county = County::selling(
        "102,菠菜,叶菜\n103,黄瓜,瓜果\n",
        "2026-07-01,102,A,3.19/kg\n2026-07-01,103,A,1.60/jin\n",
    );
    let server = Server::start(&county.server_data());
    for phone in ["p1", "p2"] {
        county.enrol(phone, "石桥村", &server);
        county.phone(phone, &["sync"]);
    }
    (county, server)
}

/// Registers a household on this phone.
pub(crate) fn grower(county: &County, phone: &str, name: &str) -> String {
    text(&county.phone(phone, &["grower", "add", "--name", name, "--group", "2组"])["grower"])
}

/// Buys spinach of grade A at 3.19 yuan a kilogram; the slip's number.
pub(crate) fn buy(county: &County, phone: &str, grower: &str, weigh: &str) -> String {
    let words = ["buy", "--grower", grower, "--product", "102", "--grade", "A", "--weigh", weigh];
    text(&county.phone(phone, &[&words[..], &["--date", "2026-07-02"]].concat())["slip"])
}

/// A JSON text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Copies a phone's folder, as a backup or a thief would.
pub(crate) fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// The slip of this number in the office's report.
pub(crate) fn slip(county: &County, id: &str) -> Option<Value> {
    let report = county.office(&["report", "slips", "--month", "2026-07"]);
    let mut slips = report["slips"].as_array().unwrap().iter();
    slips.find(|slip| slip["slip"] == id).cloned()
}

/// A user of the office.
pub(crate) fn clerk(county: &County, name: &str, role: &str) {
    county.office(&["admin", "user", "add", "--name", name, "--role", role]);
}
