//! The floor under `door`: a server that takes 200 purchases as JSON over HTTP, appends them to a
//! file, syncs it and checks nothing. `cargo bench -p courtyard-server --bench floor --
//! [--connections N] [--batches N]`. Prints one JSON line.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use courtyard_server::clock::{ServerClock as _, SystemClock};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A head's lines up to the empty one, and the body's length that they name; `None` at the end.
fn read_head(stream: &mut BufReader<TcpStream>) -> Result<Option<usize>, Fault> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            return Ok(Some(length));
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
}

fn serve_one(stream: TcpStream, file: &Mutex<File>) -> Result<(), Fault> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(length) = read_head(&mut stream)? {
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&body)?;
        {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write_all(&body)?;
            file.sync_data()?;
        }
        let answer = rows.len().to_string();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", answer.len());
        stream.get_mut().write_all((head + &answer).as_bytes())?;
    }
    Ok(())
}

fn serve() -> Result<(), Fault> {
    let file = tempfile::tempfile_in(env!("CARGO_TARGET_TMPDIR"))?;
    let file = Arc::new(Mutex::new(file));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let file = Arc::clone(&file);
            std::thread::spawn(move || {
                if let Err(fault) = serve_one(stream, &file) {
                    eprintln!("{fault}");
                }
            });
        }
    });
    // Until the generator closes it.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// 200 purchases of `pickups.csv` as an array of objects; made-up ones if it is not there.
fn batch() -> Result<Vec<u8>, Fault> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/pickups.csv");
    let text = std::fs::read_to_string(path).or_else(|_| {
        eprintln!("pickups.csv is not here: MADE-UP purchases");
        let mut text = String::from("header");
        for row in 0..200 {
            write!(
                text,
                "\n2020-07-01,06:{:02}:07,V1,V1-03,102900005115786,竹叶菜,A,{}.852,1.500,3.19",
                row % 60,
                row % 20 + 3
            )?;
        }
        Ok::<_, std::fmt::Error>(text)
    })?;
    let fields = [
        "date",
        "time",
        "village",
        "household",
        "item_code",
        "item_name",
        "grade",
        "gross_kg",
        "tare_kg",
        "yuan_per_kg",
    ];
    let rows: Vec<serde_json::Value> = text
        .lines()
        .skip(1)
        .take(200)
        .map(|row| fields.iter().copied().zip(row.split(',')).collect())
        .collect();
    Ok(serde_json::to_vec(&rows)?)
}

/// User and system time of a process so far, in milliseconds; `None` where the system does not tell.
fn cpu_ms(process: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let (user, system): (f64, f64) = (fields.get(11)?.parse().ok()?, fields.get(12)?.parse().ok()?);
    // A tick is 10 ms wherever Linux tells it this way.
    Some((user + system) * 10.0)
}

fn main() -> Result<(), Fault> {
    let (mut connections, mut batches) = (32, 3_200);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
        match word.as_str() {
            "--serve" => return serve(),
            "--connections" => connections = value()?.parse()?,
            "--batches" => batches = value()?.parse()?,
            // What cargo itself passes.
            _ => {}
        }
    }
    let body = batch()?;
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut address = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut address)?;
    let request = Arc::new(
        [
            format!("POST / HTTP/1.1\r\nhost: floor\r\ncontent-length: {}\r\n\r\n", body.len())
                .into_bytes(),
            body,
        ]
        .concat(),
    );
    let left = Arc::new(AtomicUsize::new(batches));
    let before = cpu_ms(child.id());
    let start_ms = SystemClock.now_ms();
    let mut threads = Vec::new();
    for _ in 0..connections {
        let (request, left) = (Arc::clone(&request), Arc::clone(&left));
        let address = address.trim().to_owned();
        threads.push(std::thread::spawn(move || -> Result<(), Fault> {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            let mut stream = BufReader::new(stream);
            let one_more = |left: usize| left.checked_sub(1);
            while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_more).is_ok() {
                stream.get_mut().write_all(&request)?;
                let length = read_head(&mut stream)?.ok_or("no answer")?;
                let mut answer = vec![0; length];
                stream.read_exact(&mut answer)?;
                if answer != b"200" {
                    return Err("not taken".into());
                }
            }
            Ok(())
        }));
    }
    for thread in threads {
        thread.join().map_err(|_| "a connection failed")??;
    }
    let seconds = (SystemClock.now_ms() - start_ms) as f64 / 1_000.0;
    let cpu = cpu_ms(child.id()).zip(before).map(|(after, before)| after - before);
    drop(child.stdin.take());
    child.wait()?;
    println!(
        "{}",
        serde_json::json!({
            "batches": batches,
            "bytes_sent_per_batch": request.len(),
            "seconds": seconds,
            "batches_per_second": (batches as f64 / seconds).round(),
            "cpu_ms_per_batch": cpu.map(|cpu| cpu / batches as f64),
        })
    );
    Ok(())
}
