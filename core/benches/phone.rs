//! A phone's store on this machine's disk: a durable save beside the same rows inserted bare, the
//! cold open and the rebuild with 100,000 entries. `cargo bench -p courtyard-core --bench phone`
//! prints one JSON line. `-- --saves N` and `-- --history N` change the amounts.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use courtyard_core::document::{BookId, DeviceKey, OfficeCertificate, issue_device_certificate};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{DeviceNo, EntityNo, OperatorNo, VillageNo};
use courtyard_core::store::{
    Checked, Durability, Incoming, NewEntry, OpenOptions, Saved, Signer, SlipFilter, Store, Trust,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use support::{Fault, Purchase};

const VILLAGE: VillageNo = VillageNo::new(1);

fn main() -> Result<(), Fault> {
    let mut words = std::env::args().skip(1);
    let (mut saves, mut history) = (2_000, 100_000);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
        match word.as_str() {
            "--open" => return open_cold(Path::new(&value()?)),
            "--saves" => saves = value()?.parse()?,
            "--history" => history = value()?.parse()?,
            // What cargo itself passes.
            _ => {}
        }
    }
    let mut purchases = support::purchases()?;
    purchases.retain(|purchase| purchase.village == 1);
    // Not the system's temporary folder, which may lie in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (signer, trust) = district()?;

    let young = folder.path().join("young.db");
    prepare(&young, &trust, &signer, &[])?;
    let without_history = measure_saves(&young, &signer, purchases.iter().cycle(), saves)?;

    let old = folder.path().join("old.db");
    let past: Vec<&Purchase> = purchases.iter().cycle().take(history).collect();
    prepare(&old, &trust, &signer, &past)?;
    let cold = Command::new(std::env::current_exe()?).arg("--open").arg(&old).output()?;
    let cold: serde_json::Value = serde_json::from_slice(&cold.stdout)?;
    let with_history = measure_saves(&old, &signer, purchases.iter().cycle().skip(history), saves)?;

    let mut store = Store::open(OpenOptions::durable(&old))?;
    let mut rebuilds = Vec::new();
    for _ in 0..5 {
        let start = now();
        store.rebuild()?;
        rebuilds.push(start.elapsed().as_secs_f64());
    }
    println!(
        "{}",
        serde_json::json!({
            "history": history,
            "save_us_without_history": without_history,
            "save_us_with_history": with_history,
            "open_with_history": cold,
            "rebuild_s": median(&mut rebuilds),
            "store_mib": std::fs::metadata(&old)?.len() / (1 << 20),
        })
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is what reads the clock")]
fn now() -> Instant {
    Instant::now()
}

/// A phone of village 1 and whom it believes.
fn district() -> Result<(Signer, Trust), Fault> {
    let (root, office) = (DeviceKey::from_seed([1; 32]), DeviceKey::from_seed([2; 32]));
    let trust = Trust::new(root.public(), OfficeCertificate::issue(&root, &office.public()))?;
    let key = DeviceKey::from_seed([3; 32]);
    let device = DeviceNo::new(2).ok_or("device")?;
    let (role, village) = (DeviceRole::Phone, Some(VILLAGE));
    let district = *trust.district();
    let certificate =
        issue_device_certificate(&office, &district, device, &key.public(), role, village);
    let signer = Signer::new(key, district, certificate).ok_or("signer")?;
    Ok((signer, trust))
}

/// Makes a store that holds these purchases.
fn prepare(path: &Path, trust: &Trust, signer: &Signer, past: &[&Purchase]) -> Result<(), Fault> {
    let mut store = Store::open(OpenOptions::rebuildable(path))?;
    store.trust(trust)?;
    let certificates = [signer.certificate().clone()];
    store.ingest(Incoming { certificates: &certificates, ..Incoming::default() }, Checked::Here)?;
    for some in past.chunks(5_000) {
        let new = some.iter().map(|purchase| new_entry(purchase)).collect::<Result<Vec<_>, _>>()?;
        store.work(signer, |work| {
            new.iter().cloned().try_for_each(|new| work.save(new).map(drop))
        })?;
    }
    drop(store);
    // A phone in use has its room reserved already.
    Store::open(OpenOptions::durable(path))?;
    Ok(())
}

fn new_entry(purchase: &Purchase) -> Result<NewEntry, Fault> {
    Ok(NewEntry {
        date: purchase.date,
        clock: support::envelope(purchase, 0).clock,
        entity: EntityNo::new(1),
        operator: OperatorNo::new(0),
        body: support::slip(purchase)?.into(),
        reissue_of: None,
    })
}

/// Durable saves and the same rows inserted bare, in turn, so that both meet the same disk; and both
/// without fsync, where a disk's moods do not hide the difference. Microseconds.
fn measure_saves<'p>(
    path: &Path,
    signer: &Signer,
    purchases: impl Iterator<Item = &'p Purchase>,
    saves: usize,
) -> Result<serde_json::Value, Fault> {
    let (mut bare, mut quick_bare) = (Bare::like(path, "EXTRA")?, Bare::like(path, "OFF")?);
    let mut store = Store::open(OpenOptions {
        path: path.to_owned(),
        vfs: None,
        durability: Durability::Durable,
    })?;
    let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (mut whole, mut plain) = (Vec::new(), Vec::new());
    let (mut quick_whole, mut quick_plain) = (Vec::new(), Vec::new());
    let mut quick = Store::open(OpenOptions::rebuildable(copy_of(path)?))?;
    for purchase in purchases.take(saves) {
        let new = new_entry(purchase)?;
        let again = new.clone();
        let start = now();
        let saved: Saved = store.work(signer, |work| work.save(new.clone()))?;
        whole.push(start.elapsed().as_secs_f64() * 1e6);

        let rows = Rows::of(&reader, &saved, purchase)?;
        let start = now();
        bare.insert(&rows)?;
        plain.push(start.elapsed().as_secs_f64() * 1e6);

        let start = now();
        quick.work(signer, |work| work.save(again.clone()))?;
        quick_whole.push(start.elapsed().as_secs_f64() * 1e6);

        let start = now();
        quick_bare.insert(&rows)?;
        quick_plain.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(serde_json::json!({
        "save": median(&mut whole),
        "bare": median(&mut plain),
                "save_p90": percentile_90(&mut whole),
        "bare_p90": percentile_90(&mut plain),
        "save_without_fsync": median(&mut quick_whole),
        "bare_without_fsync": median(&mut quick_plain),
    }))
}

fn copy_of(path: &Path) -> Result<PathBuf, Fault> {
    let copy = path.with_extension("quick");
    std::fs::copy(path, &copy)?;
    Ok(copy)
}

/// The rows that a save wrote, by table.
struct Rows(Vec<(&'static str, Vec<Value>)>);

impl Rows {
    fn of(reader: &Connection, saved: &Saved, purchase: &Purchase) -> Result<Rows, Fault> {
        let (id, book) = (saved.id.key(), BookId::of(saved.id));
        let book = (i64::from(book.device.get()) << 32) | i64::from(book.number);
        let grower = support::slip(purchase)?.grower.key();
        let mut rows = Vec::new();
        for (table, condition, key) in [
            ("entries", "id = ?1", Value::Integer(id)),
            ("books", "book = ?1", Value::Integer(book)),
            ("meta", "name = ?1", Value::Text("lamport".to_owned())),
            ("slips", "id = ?1", Value::Integer(id)),
            ("lines", "slip = ?1", Value::Integer(id)),
            ("balances", "partition = ?1", Value::Integer(grower)),
        ] {
            let mut statement =
                reader.prepare_cached(&format!("SELECT * FROM {table} WHERE {condition}"))?;
            let columns = statement.column_count();
            let found = statement.query_map([key], |row| {
                (0..columns).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>()
            })?;
            let before = rows.len();
            for row in found {
                rows.push((table, row?));
            }
            if rows.len() == before {
                return Err(format!("a save wrote no row of {table}").into());
            }
        }
        Ok(Rows(rows))
    }
}

/// A file with the same tables, indexes, rows and pragmas, and no more.
struct Bare(Connection);

impl Bare {
    fn like(path: &Path, synchronous: &str) -> Result<Bare, Fault> {
        let copy = path.with_extension(format!("bare-{synchronous}"));
        std::fs::copy(path, &copy)?;
        let connection = Connection::open(copy)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cache_size", -4096)?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Bare(connection))
    }

    fn insert(&mut self, rows: &Rows) -> Result<(), Fault> {
        let transaction = self.0.transaction()?;
        for (table, row) in &rows.0 {
            let marks = vec!["?"; row.len()].join(",");
            transaction
                .prepare_cached(&format!("INSERT OR REPLACE INTO {table} VALUES ({marks})"))?
                .execute(params_from_iter(row))?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// In a process of its own: from nothing to the first screen, and the memory that it took.
fn open_cold(path: &Path) -> Result<(), Fault> {
    let before = memory_kib();
    let start = now();
    let store = Store::open(OpenOptions::durable(path))?;
    let opened_ms = start.elapsed().as_secs_f64() * 1e3;
    let slips = store.slips(SlipFilter { limit: 20, ..SlipFilter::default() })?.len();
    let shown_ms = start.elapsed().as_secs_f64() * 1e3;
    println!(
        "{}",
        serde_json::json!({
            "open_ms": opened_ms,
            "open_and_20_slips_ms": shown_ms,
            "slips": slips,
            "process_peak_kib": memory_kib(),
            "process_before_kib": before,
        })
    );
    Ok(())
}

/// The most memory that this process has held; `None` where the system does not tell.
fn memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn median(figures: &mut [f64]) -> f64 {
    at(figures, 50)
}

fn percentile_90(figures: &mut [f64]) -> f64 {
    at(figures, 90)
}

fn at(figures: &mut [f64], percent: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() * percent / 100).copied().unwrap_or(f64::NAN)
}
