//! How long the server takes for each page that a browser shows, over a whole county's data.
//!
//! `cargo bench -p courtyard-server --bench pages -- [--pickups FILE] [--data DIR] [--rounds N]
//! [--binary FILE]`.
//! A demo is recorded first (kept in DIR if one is given, and not recorded again), then each page is
//! asked for over loopback HTTP on one connection, as its user: written to read, so HTTP is in it.
//! The floor is a static file from the same run. Prints a line for each page and one of JSON.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use courtyard_server::clock::Stopwatch;
use courtyard_server::web::{Access, assets, pages};
use serde_json::Value;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Requests before those that are measured.
const WARM: usize = 20;
/// Pages that are read in search of an address of every kind, and of one kind.
const SEARCHED: usize = 400;
const SEARCHED_OF_A_KIND: usize = 12;

/// One connection, with what its user is known by.
struct Visitor {
    stream: BufReader<TcpStream>,
    host: String,
    cookie: String,
}

/// What came.
struct Came {
    status: u16,
    body: String,
    seconds: f64,
}

impl Visitor {
    fn new(host: &str) -> Result<Visitor, Fault> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        let (stream, host, cookie) = (BufReader::new(stream), host.to_owned(), String::new());
        Ok(Visitor { stream, host, cookie })
    }

    fn ask(&mut self, method: &str, path: &str, form: &str) -> Result<Came, Fault> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\naccept-language: zh-CN\r\ncookie: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            self.host,
            self.cookie,
            form.len()
        );
        let watch = Stopwatch::start();
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).ok_or("no status")?.parse()?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse()?,
                "set-cookie" => {
                    let pair = value.split(';').next().unwrap_or_default();
                    if !self.cookie.is_empty() {
                        self.cookie.push_str("; ");
                    }
                    self.cookie.push_str(pair);
                }
                "transfer-encoding" => return Err(format!("{path} came in chunks").into()),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        let seconds = watch.seconds();
        Ok(Came { status, body: String::from_utf8_lossy(&body).into_owned(), seconds })
    }

    fn get(&mut self, path: &str) -> Result<Came, Fault> {
        self.ask("GET", path, "")
    }
}

/// The addresses of this server that a page links to.
fn links(page: &str) -> impl Iterator<Item = String> + '_ {
    page.split("href=\"").skip(1).filter_map(|rest| {
        let link = rest.split('"').next()?.replace("&amp;", "&");
        (link.starts_with('/') && !link.starts_with("/assets")).then_some(link)
    })
}

/// Whether an address is one of a page's.
fn is_of(pattern: &str, address: &str) -> bool {
    let path = address.split('?').next().unwrap_or(address);
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(want), Some(have)) if want.starts_with('{') && !have.is_empty() => {}
            (Some(want), Some(have)) if want == have => {}
            _ => return false,
        }
    }
}

/// An address of each kind of page, found by following links: of those that are read, the one with
/// the most on it.
fn addresses(
    visitor: &mut Visitor,
    patterns: &[&'static str],
    first: Vec<String>,
) -> Result<BTreeMap<&'static str, String>, Fault> {
    let mut found: BTreeMap<&'static str, (usize, usize, String)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut next: VecDeque<String> = first.into();
    let fixed = patterns.iter().filter(|pattern| !pattern.contains('{'));
    next.extend(fixed.map(|pattern| (*pattern).to_owned()));
    while let Some(address) = next.pop_front() {
        // The most particular one: `/g/card` before `/g/{card}`.
        let fits = patterns.iter().filter(|pattern| is_of(pattern, &address));
        let Some(pattern) = fits.min_by_key(|pattern| pattern.matches('{').count()) else {
            continue;
        };
        let read = found.get(pattern).map_or(0, |(read, ..)| *read);
        let enough = read >= SEARCHED_OF_A_KIND || seen.len() >= SEARCHED;
        if enough || !seen.insert(address.clone()) {
            continue;
        }
        let came = visitor.get(&address)?;
        if came.status == 200 {
            next.extend(links(&came.body));
            let best = found.entry(pattern).or_default();
            best.0 += 1;
            if came.body.len() > best.1 {
                (best.1, best.2) = (came.body.len(), address);
            }
        }
    }
    Ok(found.into_iter().map(|(pattern, (.., address))| (pattern, address)).collect())
}

/// A page's times: of the half, of ninety-nine in a hundred, in milliseconds; and its bytes.
fn measure(
    visitor: &mut Visitor,
    address: &str,
    rounds: usize,
) -> Result<(f64, f64, usize), Fault> {
    let (mut times, mut bytes) = (Vec::with_capacity(rounds), 0);
    for round in 0..WARM + rounds {
        let came = visitor.get(address)?;
        if came.status != 200 {
            return Err(format!("{address}: {}", came.status).into());
        }
        bytes = came.body.len();
        if round >= WARM {
            times.push(came.seconds * 1_000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |hundredth: usize| {
        let place = (times.len() * hundredth / 100).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or_default()
    };
    Ok((at(50), at(99), bytes))
}

fn text<'v>(value: &'v Value, pointer: &str) -> Result<&'v str, Fault> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| format!("the demo says no {pointer}").into())
}

/// Signs a form's fields in, at the address that shows the form.
fn sign_in(visitor: &mut Visitor, path: &str, fields: &[(&str, &str)]) -> Result<(), Fault> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let form = form.extend_pairs(fields).finish();
    let came = visitor.ask("POST", path, &form)?;
    if came.status == 303 { Ok(()) } else { Err(format!("{path}: {}", came.status).into()) }
}

fn main() -> Result<(), Fault> {
    let (mut pickups, mut data, mut rounds) = (None, None, 200);
    let mut binary = env!("CARGO_BIN_EXE_courtyard").to_owned();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or("an option wants a value");
        match word.as_str() {
            "--pickups" => pickups = Some(value()?),
            "--data" => data = Some(PathBuf::from(value()?)),
            "--binary" => binary = value()?,
            "--rounds" => rounds = value()?.parse()?,
            _ => {}
        }
    }
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let data = data.unwrap_or_else(|| place.path().to_owned());
    let mut demo = Command::new(&binary);
    demo.args(["demo", "--once", "--json", "--data"]).arg(&data);
    let input = pickups.filter(|file| std::path::Path::new(file).exists());
    if let Some(file) = &input {
        demo.args(["--pickups", file]);
    }
    let said = demo.stderr(Stdio::null()).output()?;
    let said: Value = serde_json::from_slice(&said.stdout)?;

    let mut child = Command::new(&binary)
        .args(["serve", "--listen", "127.0.0.1:0", "--until-stdin-closes", "--data"])
        .arg(data.join("server"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut first = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut first)?;
    let host = first.trim().rsplit('/').next().ok_or("no address")?.to_owned();

    // Of all roles the manager opens the most; what only others open is asked for as they.
    let mut officials = Vec::new();
    let users = said.pointer("/logins/users").and_then(Value::as_array).ok_or("no users")?;
    for user in users {
        let mut official = Visitor::new(&host)?;
        let fields = [("name", text(user, "/name")?), ("password", text(user, "/password")?)];
        sign_in(&mut official, "/sign-in", &fields)?;
        officials.push((text(user, "/role")? != "manager", official));
    }
    officials.sort_by_key(|(is_other, _)| *is_other);
    let mut household = Visitor::new(&host)?;
    let card = text(&said, "/logins/grower/path")?;
    sign_in(&mut household, card, &[("pin", text(&said, "/logins/grower/pin")?)])?;
    let card = card.replacen("/G/", "/g/", 1);
    let check = text(&said, "/logins/slip/path")?.replacen("/C/", "/c/", 1);
    let mut guest = Visitor::new(&host)?;

    // The exceptions are derived behind the view: the pages are ready when they have been.
    let mut waited = 0;
    let (_, official) = officials.first_mut().ok_or("nobody signs in")?;
    while !official.get("/exceptions")?.body.contains("/exceptions/") && waited < 6_000 {
        waited += 1;
    }

    let mut rows = Vec::new();
    let (p50, p99, bytes) = measure(&mut guest, &assets::address("mark.svg"), rounds)?;
    rows.push(("floor: a static file".to_owned(), p50, p99, bytes));
    let mut visitors: Vec<(Access, Visitor, Vec<String>)> = officials
        .into_iter()
        .map(|(_, official)| (Access::Office, official, vec!["/".to_owned()]))
        .collect();
    visitors.push((Access::Grower, household, vec!["/g".to_owned()]));
    visitors.push((Access::Open, guest, vec![card, check]));
    let mut unseen: Vec<(Access, &str)> =
        pages().iter().filter(|page| page.shown).map(|page| (page.access, page.path)).collect();
    for (access, mut visitor, first) in visitors {
        let patterns: Vec<_> =
            unseen.iter().filter(|(of, _)| *of == access).map(|(_, path)| *path).collect();
        for (pattern, address) in addresses(&mut visitor, &patterns, first)? {
            let (p50, p99, bytes) = measure(&mut visitor, &address, rounds)?;
            rows.push((pattern.to_owned(), p50, p99, bytes));
            unseen.retain(|(_, path)| *path != pattern);
        }
    }
    drop(child.stdin.take());
    child.wait()?;

    let slips = said.pointer("/purchases");
    for (page, p50, p99, bytes) in &rows {
        println!("{page:<28} p50 {p50:7.2} ms   p99 {p99:7.2} ms   {bytes:>8} bytes");
    }
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|(page, p50_ms, p99_ms, bytes)| {
            serde_json::json!({ "page": page, "p50_ms": p50_ms, "p99_ms": p99_ms, "bytes": bytes })
        })
        .collect();
    let input = input.unwrap_or_else(|| "the seeded season".to_owned());
    let unseen: Vec<&str> = unseen.iter().map(|(_, path)| *path).collect();
    println!(
        "{}",
        serde_json::json!({
            "input": input, "purchases": slips, "rounds": rounds, "pages": rows, "not_found": unseen,
        })
    );
    Ok(())
}
