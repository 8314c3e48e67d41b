//! Cases 14 and 16: a save that ends in the middle, a disk that takes no more, and a line that is cut
//! anywhere.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use courtyard_tests::{County, binary};
use serde_json::json;

use crate::field::{grower, text};
use crate::season::{agrees, buy, number, season};

/// Buys in a process that may write each file only up to so many blocks of 512 bytes: beyond, it is
/// killed at that write, or is told that there is no room.
fn limited(county: &County, grower: &str, blocks: u32, killed: bool) -> Output {
    let trap = if killed { "" } else { "trap '' XFSZ;" };
    let script = format!("{trap} ulimit -c 0; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script, binary().to_str().unwrap()])
        .args(["steward", "--json", "--data", county.path("p1").to_str().unwrap()])
        .args(["buy", "--grower", grower, "--product", "菠菜", "--weigh", "11.5-1.5"])
        .args(["--date", "2024-07-02"])
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn case_14_a_save_that_ends_in_the_middle_leaves_the_whole_slip_or_nothing() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    county.phone("p1", &["sync"]);
    let slips = || county.phone("p1", &["list"])["slips"].as_array().unwrap().clone();
    let (mut saved, mut broken) = (0, 0);
    for (step, killed) in (0..32).flat_map(|step| [(step, true), (step, false)]) {
        let output = limited(&county, &h, step * 8, killed);
        let now = slips();
        if output.status.success() {
            saved += 1;
            assert_eq!(now.len(), saved, "what was said to be saved is there");
        } else {
            broken += 1;
            if !killed {
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(!said.contains("panicked") && !said.trim().is_empty(), "{said}");
            }
            // Nothing of it, or all of it.
            assert!(now.len() == saved || now.len() == saved + 1, "{} of {saved}", now.len());
            saved = now.len();
        }
        for slip in &now {
            assert_eq!(
                (&slip["amount_fen"], &slip["settlement_g"]),
                (&json!(3_000), &json!(10_000))
            );
        }
    }
    assert!(broken > 0 && saved > 0, "{broken} ended in the middle, {saved} were saved");
    // The phone works on, and all that was saved reaches the office.
    buy(&county, "p1", &h, "11.5-1.5", "2024-07-02");
    county.phone("p1", &["sync"]);
    let income = county.office(&["report", "income", "--month", "2024-07"]);
    assert_eq!(income["total"]["slips"], json!(saved + 1));
    assert_eq!(income["total"]["amount_fen"], json!(3_000 * (saved + 1)));
    agrees(&county);
}

/// A line to the server that carries so many bytes, is cut once, and then is there again.
struct Line {
    address: String,
    left: Arc<AtomicUsize>,
    cut: Arc<AtomicUsize>,
}

impl Line {
    fn to(server: &str) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (left, cut) = (Arc::new(AtomicUsize::new(usize::MAX)), Arc::default());
        let line = Line { address, left, cut };
        let server = server.trim_start_matches("http://").to_owned();
        let (left, cut) = (line.left.clone(), line.cut.clone());
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(&server) else { return };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let (left, cut) = (left.clone(), cut.clone());
                    thread::spawn(move || carry(from, to, &left, &cut));
                }
            }
        });
        line
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, left: &AtomicUsize, cut: &AtomicUsize) {
    let mut buffer = [0; 64];
    loop {
        let count = from.read(&mut buffer).unwrap_or(0);
        let rest = |had: usize| Some(had.checked_sub(count).unwrap_or(usize::MAX));
        let had = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, rest).unwrap();
        let carried = count.min(had);
        let sent = to.write_all(&buffer[..carried]);
        if carried < count {
            cut.fetch_add(1, Ordering::SeqCst);
        }
        if count == 0 || carried < count || sent.is_err() {
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
            return;
        }
    }
}

/// Slips that the office counts.
fn here(county: &County) -> u64 {
    let income = county.office(&["report", "income", "--month", "2024-07"]);
    income["total"]["slips"].as_u64().unwrap_or(0)
}

#[test]
fn case_16_a_line_that_is_cut_anywhere_loses_nothing_and_doubles_nothing() {
    let (county, server) = season();
    let line = Line::to(&server.address);
    let words = ["admin", "invite", "--village", "石桥村", "--address", &line.address];
    let invitation = text(&county.office(&words)["invitation"]);
    county.phone("p3", &["enrol", "--invitation", &invitation]);
    county.phone("p3", &["sync"]);
    let h = grower(&county, "p3", "王秀英");

    // Each time the line carries a little more before it is cut: in the request, between, in the
    // answer. What the phone holds to be acknowledged is there, and the next sync brings the rest.
    let mut slips = Vec::new();
    for carried in (0..12).map(|n| n * 40) {
        slips.push(number(&buy(&county, "p3", &h, "11.5-1.5", "2024-07-02")));
        line.left.store(carried, Ordering::SeqCst);
        let said = county.try_phone("p3", &["sync"]);
        line.left.store(usize::MAX, Ordering::SeqCst);
        if said.code() != 0 {
            assert!(said.err.contains("都在本机"), "{}", said.err);
            let waiting = county.phone("p3", &["status"])["waiting"].as_u64().unwrap();
            let there = here(&county) + waiting;
            assert!(there >= slips.len() as u64, "cut after {carried}: {there}");
            county.phone("p3", &["sync"]);
        }
        assert_eq!(county.phone("p3", &["status"])["waiting"], json!(0), "cut after {carried}");
        assert_eq!(here(&county), slips.len() as u64, "cut after {carried}");
    }
    let cut = line.cut.load(Ordering::SeqCst);
    assert!(cut > 5, "{cut} were cut");

    // Every slip once, on both sides.
    let report = county.office(&["report", "slips", "--grower", &h]);
    let mut there: Vec<String> =
        report["slips"].as_array().unwrap().iter().map(|row| text(&row["slip"])).collect();
    there.sort();
    assert_eq!(there, slips);
    let income = county.office(&["report", "income", "--month", "2024-07"]);
    assert_eq!(income["total"]["amount_fen"], json!(3_000 * slips.len()));
    assert_eq!(county.phone("p3", &["status"])["set_aside"], json!(0));
    agrees(&county);
}
