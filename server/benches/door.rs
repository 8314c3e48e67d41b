//! Whole books of 200 real purchases posted to a server child: batches a second, and the server's
//! own CPU for each, fsync included.
//!
//! `cargo bench -p courtyard-server --bench door -- --pickups FILE [--phones N] [--books N]
//! [--connections N]`. Prints one JSON line.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use courtyard_core::document::{
    Actor, BOOK_ENTRIES, BookId, DeviceKey, DistrictId, DocumentId, HeadStatement, append,
    open_book, sign_enrolment,
};
use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use courtyard_core::domain::{
    Body, BusinessDate, Clock, DeviceNo, EntityNo, Entry, Envelope, GrowerId, LiPerKg, OperatorNo,
};
use courtyard_core::wire::message::path;
use courtyard_core::wire::{
    Auth, BookPart, Cursor, EnrolRequest, EnrolResponse, SyncRequest, SyncResponse, Token, rows,
};
use courtyard_server::clock::{ServerClock as _, SystemClock};
use courtyard_server::demo::pickups;
use courtyard_server::demo::plan::{Deed, Purchase};
use courtyard_server::{Node, rng};

type Fault = Box<dyn std::error::Error + Send + Sync>;

struct Options {
    pickups: PathBuf,
    phones: usize,
    books: u32,
    connections: usize,
}

fn options() -> Result<Options, Fault> {
    let mut options = Options {
        pickups: PathBuf::from("../../shared/data/pickups.csv"),
        phones: 64,
        books: 50,
        connections: 32,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
        match word.as_str() {
            "--pickups" => options.pickups = value()?.into(),
            "--phones" => options.phones = value()?.parse()?,
            "--books" => options.books = value()?.parse()?,
            "--connections" => options.connections = value()?.parse()?,
            // What cargo itself passes.
            _ => {}
        }
    }
    Ok(options)
}

/// The purchases of the file as the entries that a phone would write.
fn slips(path: &Path) -> Result<Vec<Slip>, Fault> {
    let (plan, _) = pickups::read(path, 2)?;
    let mut slips = Vec::new();
    for act in plan.days.iter().flat_map(|day| &day.acts) {
        let Deed::Buy(purchases) = &act.deed else { continue };
        let counter = u32::try_from(act.household)? + 1;
        let grower = GrowerId::new(DeviceNo::new(2).unwrap_or_default(), counter);
        let lines = purchases.iter().map(line).collect::<Result<_, _>>()?;
        slips.push(Slip { grower, lines, price_list: Some(1), visit: Default::default() });
    }
    Ok(slips)
}

fn line(purchase: &Purchase) -> Result<Line, Fault> {
    let weighings: Vec<_> =
        purchase.weighings.iter().map(|&(gross, tare)| Weighing { gross, tare }).collect();
    let mut line = Line {
        product: purchase.product,
        grade: purchase.grade,
        weighings,
        deductions: Vec::new(),
        segments: Vec::new(),
        amount: courtyard_core::domain::Fen::new(0),
        contract: None,
        marks: Default::default(),
    };
    let price = purchase.stated.unwrap_or(LiPerKg::new(2_000));
    let segment = Segment { weight: line.settlement()?, price, reason: PriceReason::List };
    line.segments.push(segment);
    line.amount = line.computed_amount()?;
    Ok(line)
}

fn entry(lamport: u64, slip: &Slip) -> Vec<u8> {
    let envelope = Envelope {
        lamport,
        date: BusinessDate::at(1_600_000_000),
        clock: Clock {
            wall_s: 1_600_000_000 + i64::try_from(lamport).unwrap_or(0) * 40,
            uptime_s: 60,
        },
        entity: EntityNo::new(0),
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    Entry { envelope, body: Body::Slip(slip.clone()) }.encode()
}

fn request(token: Token, cursor: Cursor, books: Vec<BookPart>) -> Vec<u8> {
    SyncRequest {
        auth: Auth::Token(token),
        columns: rows::COLUMNS,
        cursor,
        certificates: Vec::new(),
        books,
        edits: Vec::new(),
    }
    .encode()
}

/// One phone's requests: a whole book each, in order.
fn requests(
    district: &DistrictId,
    key: &DeviceKey,
    enrolled: &EnrolResponse,
    cursor: &Cursor,
    slips: &[Slip],
    books: u32,
) -> Result<Vec<Vec<u8>>, Fault> {
    let device = enrolled.certificate.device;
    let actor = Actor::of(&key.public());
    let mut slips = slips.iter().cycle().skip(usize::from(device.get()) * 977);
    let mut previous = None;
    let mut requests = Vec::new();
    let mut lamport = 100;
    for number in 0..books {
        let book = BookId::new(device, number).ok_or("too many books")?;
        let mut tip = open_book(district, &actor, book, previous);
        let mut entries = Vec::new();
        for slip in slips.by_ref().take(usize::try_from(BOOK_ENTRIES)?) {
            lamport += 1;
            let entry = entry(lamport, slip);
            tip = append(&tip, &actor, &entry)?;
            entries.push(entry);
        }
        previous = Some(tip.head);
        let document = DocumentId::Book(book);
        let (count, head) = (tip.count, tip.head);
        let statement = HeadStatement { district: *district, device, document, count, head };
        let part = BookPart { book, start: 0, entries, signature: statement.sign(key) };
        requests.push(request(enrolled.token, cursor.clone(), vec![part]));
    }
    Ok(requests)
}

struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(address: &str) -> Result<Self, Fault> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream: BufReader::new(stream) })
    }

    fn post(&mut self, path: &str, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: courtyard\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        let mut status = String::new();
        self.stream.read_line(&mut status)?;
        let mut length = 0;
        loop {
            let mut header = String::new();
            self.stream.read_line(&mut header)?;
            let header = header.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        if status.starts_with("HTTP/1.1 200") {
            Ok(answer)
        } else {
            Err(format!("{status} {}", String::from_utf8_lossy(&answer)).into())
        }
    }
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Result<Self, Fault> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_courtyard"))
            .args(["serve", "--listen", "127.0.0.1:0", "--until-stdin-closes", "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut first = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut first)?;
        let address = first.trim().rsplit('/').next().ok_or("no address")?.to_owned();
        Ok(Server { child, address })
    }

    /// User and system time so far in milliseconds, of the view's thread and of all others; `None`
    /// where the system does not tell.
    fn cpu_ms(&self) -> Option<(f64, f64)> {
        let (mut view, mut door) = (0.0, 0.0);
        for task in std::fs::read_dir(format!("/proc/{}/task", self.child.id())).ok()? {
            let stat = std::fs::read_to_string(task.ok()?.path().join("stat")).ok()?;
            let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
            let user: f64 = fields.get(11)?.parse().ok()?;
            let system: f64 = fields.get(12)?.parse().ok()?;
            let of = if stat.contains("(courtyard-view)") { &mut view } else { &mut door };
            // A tick is 10 ms wherever Linux tells it this way.
            *of += (user + system) * 10.0;
        }
        Some((view, door))
    }

    fn memory_mib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1_024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn main() -> Result<(), Fault> {
    let options = options()?;
    let slips = slips(&options.pickups)?;
    let place = tempfile::tempdir()?;
    let mut node = Node::open(place.path(), Arc::new(SystemClock), rng::system())?;
    let district = DistrictId::of(&node.root()?);
    let mut villages = Vec::new();
    for number in 0..options.phones {
        villages.push(node.add_village(&format!("village {number}"), None)?);
    }
    let server = Server::start(place.path())?;
    let mut enrolling = Connection::open(&server.address)?;
    let mut enrolled = Vec::new();
    for number in 0..options.phones {
        // A village each: what a phone pulls is measured elsewhere.
        let village = villages.get(number).ok_or("no village")?;
        let invitation = node.invite(*village, None)?;
        let mut seed = [1; 32];
        seed[..8].copy_from_slice(&u64::try_from(number)?.to_be_bytes());
        let key = DeviceKey::from_seed(seed);
        let request = EnrolRequest {
            signature: sign_enrolment(&key, &district, &invitation.code),
            invitation: invitation.code,
            public_key: key.public(),
        };
        let answer = loop {
            match enrolling.post(path::ENROL, &request.encode()) {
                Ok(answer) => break answer,
                // More phones than one address may enrol at once.
                Err(_) => std::thread::sleep(std::time::Duration::from_millis(500)),
            }
        };
        enrolled.push((key, EnrolResponse::decode(&answer)?));
    }
    drop(node);
    let mut phones = Vec::new();
    for (key, enrolled) in &enrolled {
        let token = enrolled.token;
        let first = request(token, Cursor::default(), Vec::new());
        let answer = SyncResponse::decode(&enrolling.post(path::SYNC, &first)?)?;
        phones.push(requests(&district, key, enrolled, &answer.cursor, &slips, options.books)?);
    }

    let bytes: usize = phones.iter().flatten().map(Vec::len).sum();
    let batches = phones.iter().map(Vec::len).sum::<usize>();
    let phones = Arc::new(phones);
    let next = Arc::new(AtomicUsize::new(0));
    let cpu_before = server.cpu_ms();
    let start_ms = SystemClock.now_ms();
    let mut threads = Vec::new();
    for _ in 0..options.connections {
        let (phones, next) = (Arc::clone(&phones), Arc::clone(&next));
        let address = server.address.clone();
        threads.push(std::thread::spawn(move || -> Result<(), Fault> {
            let mut connection = Connection::open(&address)?;
            while let Some(requests) = phones.get(next.fetch_add(1, Ordering::SeqCst)) {
                for request in requests {
                    let answer = connection.post(path::SYNC, request)?;
                    let answer = SyncResponse::decode(&answer)?;
                    if !answer.refused.is_empty()
                        || answer.have.first().map(|(_, count)| *count) != Some(BOOK_ENTRIES)
                    {
                        return Err(format!("not taken: {answer:?}").into());
                    }
                }
            }
            Ok(())
        }));
    }
    for thread in threads {
        thread.join().map_err(|_| "a connection failed")??;
    }
    let seconds = (SystemClock.now_ms() - start_ms) as f64 / 1_000.0;
    let cpu_acknowledged = server.cpu_ms();
    let batches_f = batches as f64;
    let since = |part: fn((f64, f64)) -> f64| {
        let (after, before) = cpu_acknowledged.zip(cpu_before)?;
        Some((part(after) - part(before)) / batches_f)
    };
    println!(
        "{}",
        serde_json::json!({
            "batches": batches,
            "bytes_sent_per_batch": bytes / batches,
            "seconds": seconds,
            "batches_per_second": (batches_f / seconds).round(),
            "door_cpu_ms_per_batch": since(|(_, door)| door),
            "view_cpu_ms_per_batch_meanwhile": since(|(view, _)| view),
            "server_peak_mib": server.memory_mib(),
        })
    );
    Ok(())
}
