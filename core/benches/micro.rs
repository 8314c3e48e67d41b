//! The hot functions alone, each beside what it replaces: `cargo bench -p courtyard-core --bench
//! micro`.

mod support;

use std::hint::black_box;

use courtyard_core::document::{
    Actor, BOOK_ENTRIES, BookId, DeviceKey, DistrictId, DocumentId, HeadStatement,
    book_to_automerge, extend,
};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{Body, DeviceNo, Entry, EntryHash, VillageNo};
use courtyard_core::ledger::{Arrived, MemoryRecords, apply};
use courtyard_core::wire::rows;
use criterion::{Criterion, Throughput};
use support::{Fault, Purchase};

fn main() -> Result<(), Fault> {
    let purchases = support::purchases()?;
    let book: Vec<Purchase> = purchases
        .iter()
        .filter(|purchase| purchase.village == 1)
        .take(usize::try_from(BOOK_ENTRIES)?)
        .cloned()
        .collect();
    let mut criterion = Criterion::default().configure_from_args();
    derive(&mut criterion, &book)?;
    rows(&mut criterion, &book)?;
    signatures(&mut criterion)?;
    fold(&mut criterion, &purchases)?;
    criterion.final_summary();
    Ok(())
}

/// The entries of purchases, as the bytes that are chained: Lamport numbers go on by one, and by
/// three more where a day begins with what the county published.
fn entries<'p>(purchases: impl IntoIterator<Item = &'p Purchase>) -> Result<Vec<Vec<u8>>, Fault> {
    let (mut lamport, mut day) = (100, None);
    let mut entries = Vec::new();
    for purchase in purchases {
        lamport += if day == Some(purchase.date) { 1 } else { 4 };
        day = Some(purchase.date);
        let body = Body::Slip(support::slip(purchase)?);
        entries.push(Entry { envelope: support::envelope(purchase, lamport), body }.encode());
    }
    Ok(entries)
}

/// The changes and the head of a whole book.
fn derive(criterion: &mut Criterion, book: &[Purchase]) -> Result<(), Fault> {
    let entries = entries(book)?;
    let slices: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let (district, actor) = (DistrictId([7; 16]), Actor([9; 16]));
    let id = BookId::new(DeviceNo::new(2).ok_or("device")?, 0).ok_or("book")?;
    // Also checks, once, that both come to the same head.
    let saved = book_to_automerge(&district, &actor, id, None, &slices)?.len();
    let plain: usize = entries.iter().map(Vec::len).sum();
    eprintln!("200 entries: {plain} bytes of CBOR, {saved} bytes as a saved Automerge document");

    let mut group = criterion.benchmark_group("derive 200 changes");
    group.bench_function("direct encoder", |b| {
        b.iter(|| extend(&district, &actor, id, None, None, black_box(&slices).iter().copied()));
    });
    // The direct encoder's share of this is the bench above.
    group.bench_function("automerge, its save and the direct encoder", |b| {
        b.iter(|| book_to_automerge(&district, &actor, id, None, black_box(&slices)));
    });
    group.finish();
    Ok(())
}

/// 200 purchases as they travel, beside the same fields as columns of JSON under zstd.
fn rows(criterion: &mut Criterion, book: &[Purchase]) -> Result<(), Fault> {
    let entries = entries(book)?;
    let encode = || rows::encode(black_box(&entries).iter().map(Vec::as_slice), [].iter());
    let encoded = encode();
    let json = columns(book)?;
    let packed = zstd::bulk::compress(&json, 19)?;
    eprintln!(
        "200 purchases: rows {} bytes ({:.2} each), columnar JSON under zstd 19 {} bytes ({:.2} each)",
        encoded.len(),
        each(encoded.len()),
        packed.len(),
        each(packed.len()),
    );
    if rows::RowReader::new(&encoded).entries(entries.len())? != entries {
        return Err("the rows do not read back".into());
    }

    let mut group = criterion.benchmark_group("200 purchases on the wire");
    group.throughput(Throughput::Elements(200));
    group.bench_function("rows encode", |b| b.iter(encode));
    group.bench_function("rows decode", |b| {
        b.iter(|| rows::RowReader::new(black_box(&encoded)).entries(entries.len()));
    });
    group.bench_function("columnar JSON and zstd 19 encode", |b| {
        b.iter(|| columns(book).map(|json| zstd::bulk::compress(&json, 19)));
    });
    group.bench_function("columnar JSON and zstd decode", |b| {
        b.iter(|| {
            zstd::bulk::decompress(black_box(&packed), json.len())
                .map(|json| serde_json::from_slice::<serde_json::Value>(&json))
        });
    });
    group.finish();
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn each(bytes: usize) -> f64 {
    bytes as f64 / 200.0
}

/// The purchases as one JSON object of columns; only what a row of the file holds.
fn columns(book: &[Purchase]) -> Result<Vec<u8>, serde_json::Error> {
    let column = |of: &dyn Fn(&Purchase) -> i64| book.iter().map(of).collect::<Vec<_>>();
    serde_json::to_vec(&serde_json::json!({
        "day": column(&|p| i64::from(p.date.days())),
        "time": column(&|p| p.wall_s),
        "grower": column(&|p| i64::from(p.grower)),
        "product": column(&|p| i64::from(p.product.get())),
        "grade": book.iter().map(|p| p.grade.to_string()).collect::<Vec<_>>(),
        "gross_g": column(&|p| p.weighing.gross.get()),
        "tare_g": column(&|p| p.weighing.tare.get()),
        "li_per_kg": column(&|p| p.price.get()),
    }))
}

/// A head's signature: made at every save, checked once for each part.
fn signatures(criterion: &mut Criterion) -> Result<(), Fault> {
    let key = DeviceKey::from_seed([5; 32]);
    let device = DeviceNo::new(2).ok_or("device")?;
    let (district, actor) = (DistrictId([7; 16]), Actor::of(&key.public()));
    let book = BookId::new(device, 0).ok_or("book")?;
    let head = extend(&district, &actor, book, None, None, std::iter::empty())?.head;
    let document = DocumentId::Book(book);
    let statement = HeadStatement { district, device, document, count: 0, head };
    let (public, signature) = (key.public(), statement.sign(&key));
    statement.verify(&public, &signature)?;
    let mut group = criterion.benchmark_group("Ed25519");
    group.bench_function("sign a head", |b| b.iter(|| black_box(&statement).sign(&key)));
    group.bench_function("verify a head", |b| {
        b.iter(|| black_box(&statement).verify(&public, &signature));
    });
    group.finish();
    Ok(())
}

/// The ledger's fold of every purchase, in memory.
fn fold(criterion: &mut Criterion, purchases: &[Purchase]) -> Result<(), Fault> {
    let device = DeviceNo::new(2).ok_or("device")?;
    let entries = entries(purchases)?;
    let mut arrived = Vec::new();
    for (bytes, place) in entries.iter().zip(0..) {
        let book = BookId::new(device, place / BOOK_ENTRIES).ok_or("book")?;
        arrived.push(Arrived::new(
            book.entry_at(place % BOOK_ENTRIES),
            EntryHash::of(bytes),
            DeviceRole::Phone,
            Some(VillageNo::new(1)),
            Entry::decode(bytes)?,
        ));
    }
    let count = u64::try_from(arrived.len())?;
    let mut group = criterion.benchmark_group("ledger, all purchases");
    group.sample_size(20).throughput(Throughput::Elements(count));
    group.bench_function("fold", |b| {
        b.iter(|| {
            let mut records = MemoryRecords::default();
            for arrived in &arrived {
                apply(&mut records, arrived)?;
            }
            Ok::<_, courtyard_core::domain::UnitError>(records)
        });
    });
    group.bench_function("decode and hash", |b| {
        b.iter(|| {
            for bytes in &entries {
                black_box((Entry::decode(bytes), EntryHash::of(bytes))).0.ok();
            }
        });
    });
    group.finish();
    Ok(())
}
