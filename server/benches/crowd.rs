//! What a server holds in memory when it knows a whole province's worth of phones: 10,000 enrolled,
//! 200 of them making their first contact. `cargo bench -p courtyard-server --bench crowd -- [--phones N]`.
//! Prints one JSON line.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use courtyard_core::document::{DeviceKey, DistrictId, sign_enrolment};
use courtyard_core::sync::Transport as _;
use courtyard_core::sync::http::{HttpOptions, HttpTransport};
use courtyard_core::wire::message::path;
use courtyard_core::wire::{Auth, Cursor, EnrolRequest, SyncRequest, SyncResponse, Token, rows};
use courtyard_server::clock::{ServerClock as _, SystemClock};
use courtyard_server::{Node, rng};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Phones of a village.
const PER_VILLAGE: usize = 30;

/// Phones that make their first contact. Its answer holds as many of the certificates as fit.
const CONTACTS: usize = 200;

fn enrolled(node: &mut Node, phones: usize) -> Result<Vec<Token>, Fault> {
    let district = DistrictId::of(&node.root()?);
    let mut tokens = Vec::new();
    for first in (0..phones).step_by(PER_VILLAGE) {
        let village = node.add_village(&format!("village {}", first / PER_VILLAGE + 1), None)?;
        let numbers = first..phones.min(first + PER_VILLAGE);
        let enrolled = node.act(|office, tx, now_ms, rng| {
            let mut tokens = Vec::new();
            for number in numbers.clone() {
                let code = office.invite(tx, village, now_ms, rng.as_mut())?.to_vec();
                let mut seed = [1; 32];
                let number = u64::try_from(number).unwrap_or(0);
                seed.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
                let key = DeviceKey::from_seed(seed);
                let signature = sign_enrolment(&key, &district, &code);
                let request =
                    EnrolRequest { invitation: code, public_key: key.public(), signature };
                tokens.push(office.enrol(tx, &request, now_ms)?.token);
            }
            Ok(tokens)
        })?;
        tokens.extend(enrolled);
    }
    Ok(tokens)
}

/// Now and at most, in MiB; `None` where the system does not tell.
fn memory_mib(process: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1_024)
    };
    Some((of("VmRSS:")?, of("VmHWM:")?))
}

fn main() -> Result<(), Fault> {
    let mut phones = 10_000;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--phones" {
            phones = words.next().ok_or("--phones wants a value")?.parse()?;
        }
    }
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut node = Node::open(place.path(), Arc::new(SystemClock), rng::system())?;
    let start_ms = SystemClock.now_ms();
    let tokens = enrolled(&mut node, phones)?;
    let enrolled_s = (SystemClock.now_ms() - start_ms) as f64 / 1_000.0;
    drop(node);

    let mut child = Command::new(env!("CARGO_BIN_EXE_courtyard"))
        .args(["serve", "--listen", "127.0.0.1:0", "--until-stdin-closes", "--data"])
        .arg(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut first = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut first)?;
    let address = format!("http://{}", first.trim().rsplit('/').next().ok_or("no address")?);
    let at_start = memory_mib(child.id());
    // First contact: each gets what the county has published, as far as one answer holds.
    let mut transport = HttpTransport::new(&address, None, HttpOptions::default())?;
    let start_ms = SystemClock.now_ms();
    for token in tokens.iter().take(CONTACTS) {
        let request = SyncRequest {
            auth: Auth::Token(*token),
            columns: rows::COLUMNS,
            cursor: Cursor::default(),
            certificates: Vec::new(),
            books: Vec::new(),
            edits: Vec::new(),
        };
        let answer = transport.post(path::SYNC, request.encode())?;
        if answer.status != 200 || SyncResponse::decode(&answer.body)?.books.is_empty() {
            return Err(format!("not answered: {}", answer.status).into());
        }
    }
    let posted_s = (SystemClock.now_ms() - start_ms) as f64 / 1_000.0;
    let at_end = memory_mib(child.id());
    drop(child.stdin.take());
    child.wait()?;
    println!(
        "{}",
        serde_json::json!({
            "phones": tokens.len(),
            "enrolled_s": enrolled_s,
            "first_contact_ms": posted_s * 1_000.0 / CONTACTS as f64,
            "at_start_mib": at_start.map(|(now, _)| now),
            "after_first_contacts_mib": at_end.map(|(now, _)| now),
            "peak_mib": at_end.map(|(_, peak)| peak),
        })
    );
    Ok(())
}
