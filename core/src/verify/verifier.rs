//! The check from the first book to the report.

use std::collections::BTreeMap;

use crate::document::{
    BOOK_ENTRIES, BookId, DistrictId, OfficeCertificate, PublicKey, RegisterId,
    verify_device_certificate,
};
use crate::domain::check::{Limits, rules_of};
use crate::domain::device::DeviceCertificate;
use crate::domain::{Body, DeviceNo, Entry, EntryHash, UnitError};
use crate::ledger::audit::{Controls, trial_balance_fen};
use crate::ledger::{self, Arrived, District, LamportChain, Status};

use super::book::{Before, BookCheck, Writer};
use super::fault::{BookFault, EditsFault};
use super::input::{KnownEdits, KnownHead, SignedBook, SignedRegister};
use super::register::RegisterCheck;
use super::report::{BrokenBook, Report, WrongSlip};

/// A device's certificate, and whether it holds.
struct Device {
    certificate: DeviceCertificate,
    holds: bool,
}

/// How far a device's books were checked.
struct Chain {
    last: BookId,
    count: usize,
    end: Before,
}

/// Checks books and registers against a root key.
///
/// Give it every book in ascending order of device and number, every register, then
/// [`finish`](Self::finish).
pub struct Verifier {
    district: DistrictId,
    office_holds: bool,
    devices: BTreeMap<DeviceNo, Device>,
    known: BTreeMap<BookId, Vec<KnownHead>>,
    known_edits: BTreeMap<RegisterId, Vec<KnownEdits>>,
    chains: BTreeMap<DeviceNo, Chain>,
    registers: Vec<RegisterId>,
    arrived: Vec<Arrived>,
    report: Report,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verifier({}, {} entries)", self.district, self.arrived.len())
    }
}

impl Verifier {
    /// Believes this root key and nothing else.
    pub fn new(
        root: &PublicKey,
        office: &OfficeCertificate,
        certificates: impl IntoIterator<Item = DeviceCertificate>,
    ) -> Self {
        let district = DistrictId::of(root);
        let office_holds = office.verify(root).is_ok();
        let mut devices: BTreeMap<DeviceNo, Device> = BTreeMap::new();
        for certificate in certificates {
            let holds =
                verify_device_certificate(&certificate, &district, &office.public_key).is_ok();
            let stands = devices.get(&certificate.device);
            if stands.is_none_or(|stands| !stands.holds && holds) {
                devices.insert(certificate.device, Device { certificate, holds });
            }
        }
        Verifier {
            district,
            office_holds,
            devices,
            known: BTreeMap::new(),
            known_edits: BTreeMap::new(),
            chains: BTreeMap::new(),
            registers: Vec::new(),
            arrived: Vec::new(),
            report: Report::default(),
        }
    }

    /// Demands these heads and counts, known from elsewhere. Before any book or register is given.
    pub fn demand(
        &mut self,
        heads: impl IntoIterator<Item = KnownHead>,
        edits: impl IntoIterator<Item = KnownEdits>,
    ) {
        for head in heads {
            self.known.entry(head.book).or_default().push(head);
        }
        for edits in edits {
            self.known_edits.entry(edits.register).or_default().push(edits);
        }
    }

    fn writer(&self, device: DeviceNo) -> Result<Writer, BookFault> {
        if !self.office_holds {
            return Err(BookFault::OfficeNotUnderRoot);
        }
        let device = self.devices.get(&device).ok_or(BookFault::NoCertificate)?;
        if !device.holds {
            return Err(BookFault::CertificateNotUnderOffice);
        }
        let key = PublicKey(device.certificate.public_key);
        Ok(Writer { district: self.district, key })
    }

    /// Checks a book.
    pub fn book(&mut self, signed: &SignedBook) {
        let book = signed.book;
        self.report.books += 1;
        let Some(before) = self.before(book) else {
            // Two books of one number.
            self.break_book(book, (0, 0), BookFault::Fork);
            return;
        };
        let known = self.known.remove(&book).unwrap_or_default();
        let end = match self.writer(book.device) {
            Err(fault) => {
                self.break_book(book, (0, 0), fault);
                Before::Unknown
            }
            Ok(writer) => {
                let (broken, end) = BookCheck::new(signed, writer).run(before, &known);
                self.report.broken.extend(broken);
                end
            }
        };
        self.take_entries(signed);
        let chain = Chain { last: book, count: signed.entries.len(), end };
        self.chains.insert(book.device, chain);
    }

    /// What a book stands on; finds what is missing before it. `None` if it was here already.
    fn before(&mut self, book: BookId) -> Option<Before> {
        let (next, end) = match self.chains.get(&book.device) {
            None => (BookId { number: 0, ..book }, Before::Nothing),
            Some(chain) => {
                if book.number <= chain.last.number {
                    return None;
                }
                let (last, count, end) = (chain.last, chain.count, chain.end);
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                let broken = self.report.broken.iter().any(|broken| broken.book == last);
                if count < BOOK_ENTRIES && !broken {
                    self.break_book(last, (count, BOOK_ENTRIES - 1), BookFault::Gap);
                }
                (BookId { number: last.number.saturating_add(1), ..book }, end)
            }
        };
        if next == book {
            return Some(end);
        }
        // The books between are missing; the first of them is named.
        self.break_book(next, (0, BOOK_ENTRIES - 1), BookFault::Gap);
        Some(Before::Unknown)
    }

    fn break_book(&mut self, book: BookId, (first, last): (u32, u32), fault: BookFault) {
        let (first, last) = (book.entry_at(first), book.entry_at(last));
        self.report.broken.push(BrokenBook { book, first, last, fault });
    }

    /// Takes what can be read of a book to the ledger, true or not: the arithmetic is checked apart
    /// from the signatures.
    fn take_entries(&mut self, signed: &SignedBook) {
        let standing = self
            .devices
            .get(&signed.book.device)
            .map(|d| (d.certificate.role, d.certificate.village));
        let mut next = 0;
        for at in &signed.entries {
            if at.position < next {
                continue;
            }
            next = at.position.saturating_add(1);
            self.report.entries += 1;
            let (Ok(entry), Some((role, village))) = (Entry::decode(&at.bytes), standing) else {
                continue;
            };
            let id = signed.book.entry_at(at.position);
            if let Body::Slip(_) = &entry.body {
                self.report.slips += 1;
                let rules = rules_of(&entry.body.check(&Limits::LEDGER));
                if !rules.is_empty() {
                    self.report.wrong_slips.push(WrongSlip { slip: id, rules });
                }
            }
            let hash = EntryHash::of(&at.bytes);
            self.arrived.push(Arrived::new(id, hash, role, village, entry));
        }
    }

    /// Checks an edition of a register.
    pub fn register(&mut self, signed: &SignedRegister) {
        self.report.edits += u64::try_from(signed.edits.len()).unwrap_or(u64::MAX);
        self.registers.push(signed.register);
        let known = self.known_edits.remove(&signed.register).unwrap_or_default();
        let writers = |device| {
            self.writer(device).map_err(|fault| match fault {
                BookFault::OfficeNotUnderRoot => EditsFault::OfficeNotUnderRoot,
                BookFault::NoCertificate => EditsFault::NoCertificate,
                _ => EditsFault::CertificateNotUnderOffice,
            })
        };
        let broken = RegisterCheck::new(signed, &writers).run(&known);
        self.report.broken_edits.extend(broken);
    }

    /// Folds the ledger, compares the controls, and says what was found.
    pub fn finish(mut self) -> Report {
        self.find_unseen();
        let mut report = std::mem::take(&mut self.report);
        judge_lamports(&mut self.arrived);
        report.overflow = fold(&self.arrived, &mut report).is_err();
        report.broken.sort_by_key(|broken| broken.book);
        report.broken.dedup_by_key(|broken| broken.book);
        report.broken_edits.sort_by_key(|broken| (broken.register, broken.device));
        report
    }

    /// Books and registers that are known from elsewhere and were not given at all.
    fn find_unseen(&mut self) {
        for (book, heads) in std::mem::take(&mut self.known) {
            let count = heads.iter().map(|head| head.count).max().unwrap_or(0);
            if count > 0 {
                self.break_book(book, (0, count - 1), BookFault::Truncated);
            }
        }
        for (register, known) in std::mem::take(&mut self.known_edits) {
            // An edition before the newest may have been erased, as the law wants it.
            let erased = |newer: &RegisterId| {
                newer.village == register.village && newer.edition > register.edition
            };
            if self.registers.iter().any(erased) {
                continue;
            }
            let signed = SignedRegister { register, edits: Vec::new(), boundaries: Vec::new() };
            let nobody = |_| Err(EditsFault::NoCertificate);
            self.report.broken_edits.extend(RegisterCheck::new(&signed, &nobody).run(&known));
        }
    }
}

/// Says which Lamport numbers jump, by the ledger's own rule: a device is measured from the county's
/// entry that carries its certificate, which may stand in a later book.
fn judge_lamports(arrived: &mut [Arrived]) {
    let district = District::fold(arrived.iter());
    let mut chains: BTreeMap<DeviceNo, LamportChain> = BTreeMap::new();
    // Books come in order, and entries within them.
    for arrived in arrived {
        let device = arrived.id.device;
        let chain = chains.entry(device).or_insert_with(|| district.chain(device, arrived.role));
        arrived.lamport_jump = chain.take(arrived.entry.envelope.lamport);
    }
}

/// Folds the entries, and totals them again by the auditor's own code.
fn fold(arrived: &[Arrived], report: &mut Report) -> Result<(), UnitError> {
    let records = ledger::fold(arrived.iter())?;
    let counts = |arrived: &Arrived| {
        records.status(arrived.partition(), arrived.id) == Some(&Status::Counted)
    };
    let controls = Controls::of(arrived.iter().map(|arrived| (arrived, counts(arrived))));
    let held = records.statuses().iter().filter(|(.., s)| matches!(s, Status::Held(_))).count();
    report.held = u64::try_from(held).unwrap_or(u64::MAX);
    report.differences = controls.compare(&records, records.partitions())?;
    report.trial_balance_fen = trial_balance_fen(&records, records.partitions())?;
    Ok(())
}
