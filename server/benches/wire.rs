//! What purchases cost on the wire, both ways, with all HTTP headers: real stores and the sync
//! engine against a server child, through a proxy on loopback that counts what passes.
//!
//! `cargo bench -p courtyard-server --bench wire -- [--pickups FILE]`. Prints one JSON line.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use courtyard_core::document::register::keys;
use courtyard_core::document::{DeviceKey, DistrictId, Value, sign_enrolment};
use courtyard_core::domain::price_list::{PriceList, PriceRow};
use courtyard_core::domain::product::Products;
use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use courtyard_core::domain::{Clock, EntityNo, Fen, GrowerId, LiPerKg, OperatorNo, VillageNo};
use courtyard_core::store::{NewEntry, OpenOptions, Signer, Store, StoreReplica, Trust};
use courtyard_core::sync::http::{HttpOptions, HttpTransport};
use courtyard_core::sync::{Session, Transport as _};
use courtyard_core::wire::message::path;
use courtyard_core::wire::{EnrolRequest, EnrolResponse};
use courtyard_server::clock::SystemClock;
use courtyard_server::demo::pickups;
use courtyard_server::demo::plan::{Deed, Plan};
use courtyard_server::{Node, rng};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Phones of the village: with the county's book and the register, 30 documents.
const PHONES: usize = 29;

/// What has passed through the proxy.
#[derive(Default)]
struct Passed {
    up: AtomicU64,
    down: AtomicU64,
    requests: AtomicU64,
}

impl Passed {
    fn read(&self) -> (u64, u64, u64) {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        (read(&self.up), read(&self.down), read(&self.requests))
    }
}

/// Passes every connection on to the server; for as long as the process runs.
fn proxy(server: String) -> Result<(String, Arc<Passed>), Fault> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    let passed = Arc::new(Passed::default());
    let counted = Arc::clone(&passed);
    std::thread::spawn(move || {
        while let Ok((phone, _)) = listener.accept() {
            let (counted, server) = (Arc::clone(&counted), server.clone());
            std::thread::spawn(move || pass(phone, &server, &counted));
        }
    });
    Ok((address, passed))
}

fn pass(phone: TcpStream, server: &str, passed: &Arc<Passed>) -> std::io::Result<()> {
    let server = TcpStream::connect(server)?;
    server.set_nodelay(true)?;
    phone.set_nodelay(true)?;
    let (mut back_from, mut back_to) = (server.try_clone()?, phone.try_clone()?);
    let counted = Arc::clone(passed);
    std::thread::spawn(move || copy(&mut back_from, &mut back_to, &counted.down, None));
    let (mut phone, mut server) = (phone, server);
    copy(&mut phone, &mut server, &passed.up, Some(&passed.requests))?;
    server.shutdown(Shutdown::Write)
}

/// Counts before it passes on: whoever has read an answer finds it counted.
fn copy(
    from: &mut impl Read,
    to: &mut impl Write,
    bytes: &AtomicU64,
    requests: Option<&AtomicU64>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = from.read(&mut buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        if read.is_empty() {
            return Ok(());
        }
        bytes.fetch_add(u64::try_from(count).unwrap_or(0), Ordering::SeqCst);
        // Each request's head is written in one piece.
        if let Some(requests) = requests
            && read.starts_with(b"POST ")
        {
            requests.fetch_add(1, Ordering::SeqCst);
        }
        to.write_all(read)?;
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
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

struct Phone {
    store: Store,
    signer: Signer,
    transport: HttpTransport,
}

impl Phone {
    fn enrol(
        node: &mut Node,
        village: VillageNo,
        address: &str,
        place: &Path,
        number: usize,
    ) -> Result<Phone, Fault> {
        let invitation = node.invite(village, Some(address))?;
        let mut seed = [1; 32];
        seed[..8].copy_from_slice(&u64::try_from(number)?.to_be_bytes());
        let key = DeviceKey::from_seed(seed);
        let district = DistrictId::of(&invitation.root);
        let request = EnrolRequest {
            signature: sign_enrolment(&key, &district, &invitation.code),
            invitation: invitation.code,
            public_key: key.public(),
        };
        let mut transport = HttpTransport::new(address, None, HttpOptions::default())?;
        let answer = transport.post(path::ENROL, request.encode())?;
        let enrolled = EnrolResponse::decode(&answer.body)?;
        let trust = Trust::new(invitation.root, enrolled.office)?;
        let session = Session {
            token: Some(enrolled.token),
            challenge: Some(enrolled.challenge),
            columns: 0,
        };
        let others = [enrolled.county, enrolled.village_office];
        let mut store = Store::open(OpenOptions::rebuildable(place.join(format!("{number}.db"))))?;
        store.keep_seed(&seed)?;
        store.enrol(&trust, &enrolled.certificate, &others, address, &session)?;
        let signer = Signer::new(key, district, enrolled.certificate).ok_or("no signer")?;
        Ok(Phone { store, signer, transport })
    }

    fn save(&mut self, new: &[NewEntry]) -> Result<(), Fault> {
        // One by one, as a steward does: each has its own signature.
        for new in new {
            self.store.save(&self.signer, new.clone(), None)?;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Fault> {
        let mut replica = StoreReplica::new(&mut self.store, &self.signer, Clock::default());
        let mut rng = rng::system();
        courtyard_core::sync::run(&mut replica, &mut self.transport, &mut rng, &mut |_| {})?;
        let waiting = self.store.waiting()?;
        if waiting.entries > 0 || waiting.edits > 0 || !self.store.set_aside()?.is_empty() {
            return Err(format!("not still: {waiting:?}").into());
        }
        Ok(())
    }

    /// One exchange as the proxy saw it; the transport's own counters must agree.
    fn measure(&mut self, passed: &Passed) -> Result<Exchange, Fault> {
        let ((up, down, requests), own) = (passed.read(), self.transport.traffic());
        self.sync()?;
        let (after, own_after) = (passed.read(), self.transport.traffic());
        let seen =
            Exchange { up: after.0 - up, down: after.1 - down, requests: after.2 - requests };
        let counted = Exchange {
            up: own_after.sent_bytes - own.sent_bytes,
            down: own_after.received_bytes - own.received_bytes,
            requests: own_after.requests - own.requests,
        };
        if seen != counted {
            return Err(format!("the proxy saw {seen:?}, the phone {counted:?}").into());
        }
        Ok(seen)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Exchange {
    up: u64,
    down: u64,
    requests: u64,
}

impl Exchange {
    fn json(self) -> serde_json::Value {
        serde_json::json!({
            "bytes": self.up + self.down,
            "up": self.up,
            "down": self.down,
            "requests": self.requests,
        })
    }
}

/// The purchases of the first village, as its phones would save them.
fn purchases(plan: &Plan, growers: &[GrowerId]) -> Result<Vec<NewEntry>, Fault> {
    let mut new = Vec::new();
    for (day, list) in plan.days.iter().zip(1..) {
        for act in &day.acts {
            let household = plan.households.get(act.household).ok_or("no household")?;
            let (Deed::Buy(purchases), 0) = (&act.deed, household.village) else { continue };
            let mut lines = Vec::new();
            for purchase in purchases {
                let weigh = |&(gross, tare): &(_, _)| Weighing { gross, tare };
                let mut line = Line {
                    product: purchase.product,
                    grade: purchase.grade,
                    weighings: purchase.weighings.iter().map(weigh).collect(),
                    deductions: Vec::new(),
                    segments: Vec::new(),
                    amount: Fen::ZERO,
                    contract: None,
                    marks: Default::default(),
                };
                let price = purchase.stated.unwrap_or(LiPerKg::new(2_000));
                let weight = line.settlement()?;
                line.segments.push(Segment { weight, price, reason: PriceReason::List });
                line.amount = line.computed_amount()?;
                lines.push(line);
            }
            let grower = *growers.get(act.household).ok_or("no grower")?;
            let second = i64::from(act.second_of_day);
            new.push(NewEntry {
                date: day.date,
                clock: Clock {
                    wall_s: i64::from(day.date.days()) * 86_400 - 8 * 3_600 + second,
                    // The phone was started at five.
                    uptime_s: second - 5 * 3_600,
                },
                entity: EntityNo::new(0),
                operator: OperatorNo::new(0),
                body: Slip { grower, lines, price_list: Some(list), visit: Default::default() }
                    .into(),
                reissue_of: None,
            });
        }
    }
    Ok(new)
}

/// The catalogue and the price lists of the first 60 days.
fn publish(node: &mut Node, plan: &Plan) -> Result<(), Fault> {
    node.publish(&[Products { items: plan.products.clone() }.into()], None)?;
    for (day, version) in plan.days.iter().zip(1..).take(60) {
        publish_list(node, plan, day.date, version)?;
    }
    Ok(())
}

fn publish_list(
    node: &mut Node,
    plan: &Plan,
    from: courtyard_core::domain::BusinessDate,
    version: u32,
) -> Result<(), Fault> {
    let day = plan.days.iter().find(|day| day.date == from).ok_or("no such day")?;
    let rows = day.prices.iter().flatten();
    let rows =
        rows.map(|row| PriceRow { product: row.product, grade: row.grade, price: row.price });
    node.publish(&[PriceList { version, from, rows: rows.collect() }.into()], None)?;
    Ok(())
}

fn pickups_path() -> PathBuf {
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--pickups"
            && let Some(path) = words.next()
        {
            return path.into();
        }
    }
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/pickups.csv")
}

fn main() -> Result<(), Fault> {
    let (plan, _) = pickups::read(&pickups_path(), 2)?;
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let data = place.path().join("data");
    let mut node = Node::open(&data, Arc::new(SystemClock), rng::system())?;
    let village = node.add_village("village 1", None)?;
    publish(&mut node, &plan)?;
    let office = node.office_device(village)?.ok_or("no office device")?;
    let growers: Vec<GrowerId> =
        (1..).take(plan.households.len()).map(|counter| GrowerId::new(office, counter)).collect();
    let named = plan.households.iter().zip(&growers).filter(|(h, _)| h.village == 0);
    let edits = named.map(|(household, grower)| {
        vec![(keys::grower_name_key(*grower, 1), Value::Text(household.name.clone()))]
    });
    node.edit_register(village, edits.collect())?;

    let server = Server::start(&data)?;
    let (address, passed) = proxy(server.address.clone())?;
    let mut phones = Vec::new();
    for number in 0..PHONES {
        phones.push(Phone::enrol(&mut node, village, &address, place.path(), number)?);
    }
    for phone in &mut phones {
        phone.sync()?;
    }
    let new = purchases(&plan, &growers)?;
    let (measured, others) = phones.split_first_mut().ok_or("no phones")?;
    let catching_up = measured.measure(&passed)?;

    // One purchase, in the middle of a book that has others in it.
    measured.save(new.get(..20).ok_or("too few purchases")?)?;
    measured.sync()?;
    measured.save(new.get(20..21).ok_or("too few purchases")?)?;
    let lone = measured.measure(&passed)?;

    // Every other phone's book, the county's book and the register change.
    for (other, purchase) in others.iter_mut().zip(new.iter().skip(30)) {
        other.save(std::slice::from_ref(purchase))?;
        other.sync()?;
    }
    let day = plan.days.get(60).ok_or("too few days")?;
    publish_list(&mut node, &plan, day.date, 61)?;
    let grower = growers.first().ok_or("no grower")?;
    let renamed = (keys::grower_name_key(*grower, 2), Value::Text("改名".to_owned()));
    node.edit_register(village, vec![vec![renamed]])?;
    let thirty = measured.measure(&passed)?;
    let nothing = measured.measure(&passed)?;

    // A phone's first book, whole; then 200 across the end of a book. It pulls nothing meanwhile.
    let mut last = Phone::enrol(&mut node, village, &address, place.path(), PHONES)?;
    last.sync()?;
    last.save(new.get(..200).ok_or("too few purchases")?)?;
    let whole_book = last.measure(&passed)?;
    last.save(new.get(200..300).ok_or("too few purchases")?)?;
    last.sync()?;
    last.save(new.get(300..500).ok_or("too few purchases")?)?;
    let two_books = last.measure(&passed)?;

    println!(
        "{}",
        serde_json::json!({
            "still_after_first_sync": catching_up.json(),
            "lone_purchase": lone.json(),
            "thirty_changed_documents": thirty.json(),
            "nothing_to_do": nothing.json(),
            "200_purchases_of_one_book": whole_book.json(),
            "200_purchases_across_two_books": two_books.json(),
        })
    );
    Ok(())
}
